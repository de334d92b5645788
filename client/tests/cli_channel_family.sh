# heymarket channel get, list, update, delete, against the mock.
export HEYMARKET_API_SECRET_ID=74f80a77-9b3f-44ac-b3ad-ab68cfb548fa
export HEYMARKET_API_SECRET_KEY=cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK
ada=ada0ada0-1815-4000-8000-00000000ada0
empty=e0e0e0e0-0000-4000-8000-00000000e0e0
other=$(sed -n 's/.*"name": "other-team", "uuid": "\([^"]*\)".*/\1/p' "$HM_SOURCE/fixtures/worlds/default.json")

heymarket-mock --listen 0 --port-file port --log none &
mock=$!
await port
HEYMARKET_API_BASE_URL=$(head -n 1 port)
export HEYMARKET_API_BASE_URL
channel() { heymarket channel "$@"; }

exits 0 channel get "$ada" --type email
has 'found: 1 channel (status 200, request '
has '   email  ada@example.com '
exits 0 channel list "$ada"
has 'the contact has 3 channels (status 200, request '
exits 0 channel list "$empty"
has 'the contact has 0 channels (status 200, request '
exits 0 channel list "$empty" --json
has ',"attempts":1,"channels":[]}'

# The new value is there, and the other channels are as they were [U2].
exits 0 channel update "$ada" --type email --id new@example.com
has 'updated: the response has 3 channels (status 200, request '
has '*  email     new@example.com '
exits 0 channel get "$ada" --type email --json
has '"channels":[{"id":510002,"team_id":4821,"contact_id":90001,"channel_type":"email","channel_id":"new@example.com",'
exits 0 channel get "$ada" --type phone --json
has '"channel_id":"14155550100"'

# Deleted: get answers as for one that is absent, no list has it, and a second deletion fails [X1 X3].
exits 0 channel delete "$ada" --type email
has 'deleted (status 200, request '
exits 1 channel get "$ada" --type email --json
has '"error":{"code":"refused","clause":"G4",'
exits 0 channel list "$ada"
has 'the contact has 2 channels '
exits 1 channel delete "$ada" --type email
complains 'the server answered 404'
exits 1 channel update "$ada" --type email --id x@example.com
complains '  written     no'

# A type that must be encoded [G5]; one that a server could resolve is not sent.
exits 0 channel create "$empty" --type 'a/b ?%c' --id 1
exits 0 channel get "$empty" --type 'a/b ?%c' --json
has '"channel_type":"a/b ?%c","channel_id":"1"'
exits 0 channel delete "$empty" --type 'a/b ?%c'
exits 2 channel delete "$ada" --type ..
complains 'path segment ..'
exits 2 channel delete "$ada" --type ''

# What is missing or refused changes nothing.
for verb in get delete; do
  exits 2 channel "$verb" "$ada"
  complains '--type is missing; expected --type TYPE, such as --type phone'
done
exits 2 channel update "$ada" --type phone
complains '--id is missing'
exits 2 channel list 90001
complains 'the integer "90001"'
exits 1 channel delete "$other" --type phone
exits 4 env HEYMARKET_API_SECRET_KEY=wrong heymarket channel delete "$ada" --type phone
exits 0 channel list "$ada"
has 'the contact has 2 channels '
kill "$mock"; wait "$mock" || true

# The deletion may be answered with the list, or with nothing [X2]; the update with one channel [U4].
exits 0 heymarket-mock run --set delete-answer=list -- heymarket channel delete "$ada" --type email
has 'deleted; the contact now has 2 channels (status 200, request '
exits 0 heymarket-mock run --set delete-answer=empty -- heymarket channel delete "$ada" --type email
has 'deleted (status 204, request '
exits 0 heymarket-mock run --set update-answer=channel -- heymarket channel update "$ada" --type email --id x@example.com
has 'updated: the response has 1 channel (status 200, request '
