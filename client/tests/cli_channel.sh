# heymarket channel create, against the mock.
export HEYMARKET_API_SECRET_ID=74f80a77-9b3f-44ac-b3ad-ab68cfb548fa
export HEYMARKET_API_SECRET_KEY=cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK

ada=ada0ada0-1815-4000-8000-00000000ada0
empty=e0e0e0e0-0000-4000-8000-00000000e0e0
other=$(sed -n 's/.*"name": "other-team", "uuid": "\([^"]*\)".*/\1/p' "$HM_SOURCE/fixtures/worlds/default.json")

# A stopped clock, so that the limit of eight requests a minute applies however slow the machine is. The leeway is a day,
# because tokens are signed at the time of day.
heymarket-mock --listen 0 --port-file port --clock "@$(date +%s)" --set future-iat=86400 --rate-limit 8 --log none &
mock=$!
await port
HEYMARKET_API_BASE_URL=$(head -n 1 port)
export HEYMARKET_API_BASE_URL
create() { heymarket channel create "$@"; }

# A channel is added, and the list is shown with the new one marked.
exits 0 create "$empty" --type email --id new@example.com
has 'created: the contact now has 1 channel (status 200, request '
has '*  email  new@example.com '
[ ! -s err ] || { cat err >&2; fail 'a complaint about a success'; }
exits 0 create "$ada" --type phone --id 14155559876 --json
[ "$(wc -l <out)" = 1 ] || fail 'not one line of JSON'
has '{"v":1,"status":200,"request_id":"'
has ',"attempts":1,"channels":[{"id":510001,"team_id":4821,"contact_id":90001,"channel_type":"phone","channel_id":"14155550100",'
has '"channel_type":"phone","channel_id":"14155559876","info_channel":"","channel_handle":"","created":"'

# Warnings of the rules are shown, and the request is sent [B3 B4].
exits 0 create "$empty" --type phone --id +14155551234
complains 'heymarket: warning: B4 phone-leading-plus: channel_id is "+14155551234": remove the leading +'
exits 0 create "$empty" --type pigeon --id coop-7 --json
complains 'warning: B3 type-unknown: channel_type is "pigeon"'

# What the rules refuse is not sent [B5 B7].
exits 2 create 90001 --type email --id x@example.com
complains 'the integer "90001"'
exits 2 create '{contactID}' --type email --id x@example.com --json
has '{"v":1,"error":{"code":"bad_argument","clause":"B7","mistake":"contact-id-not-uuid","status":0,"request_id":"","message":"'
has '"written":"no","attempts":0}}'
exits 2 create "$empty" --type email --id ''
complains 'channel_id is empty'
exits 2 create "$empty" --type email
complains '--id is missing'
exits 2 create --type email --id x@example.com

# Refused by the server: 401 is exit 4, another 4xx exit 1, both with the server's message.
exits 4 env HEYMARKET_API_SECRET_KEY=wrong heymarket channel create "$empty" --type email --id x@example.com
complains 'heymarket: the server answered 401 unauthorized: '
complains '  code        credentials_refused'
complains '  clause      J5 signature-unknown'
complains '  request id  '
complains '  written     no'
exits 1 create "$other" --type email --id x@example.com --json
has '"error":{"code":"refused","clause":"J11","mistake":"contact-of-other-team","status":403,'

# Over the limit, and Retry-After exceeds the time that is left: no waiting [E4].
exits 0 create "$empty" --type email --id seven@example.com
exits 0 create "$empty" --type email --id eight@example.com
for n in 9 10 11; do
  got=0; create "$empty" --type email --id "$n@example.com" --timeout 5 >out 2>err || got=$?
  [ "$got" = 0 ] || break
done
[ "$got" = 1 ] || fail "exit $got beyond the rate limit"
complains 'the server answered 429 rate_limited'
complains '  attempts    1'

# No server: nothing was sent. The port of a stopped mock stays free for a while.
kill "$mock"; wait "$mock" || true
exits 3 create "$empty" --type email --id x@example.com --timeout 2
complains 'nothing was sent to '
complains '  written     no'

# Base URLs: the option overrides the variable; plaintext to another machine requires an option.
exits 2 create "$empty" --type email --id x@example.com --base-url http://api.example.com
complains 'plain http to another machine'
exits 2 create "$empty" --type email --id x@example.com --base-url https://api.heymarket.com/v1
complains 'ends in /v1'
exits 2 create "$empty" --type email --id x@example.com --base-url '' # no way to the live API
exits 2 env HEYMARKET_API_BASE_URL=https://u:secret@api.example.com heymarket channel create "$empty" --type email --id x@example.com
complains 'must not contain a user name or password'
exits 2 create "$empty" --type email --id x@example.com --ca-file ./absent
exits 2 env -u CURL_CA_BUNDLE SSL_CERT_FILE=./absent heymarket channel create "$empty" --type email --id x@example.com --base-url https://localhost
complains 'SSL_CERT_FILE: ./absent'

# Over HTTPS: curl's variables for root certificates apply.
exits 0 heymarket-mock run --tls -- heymarket channel create "$empty" --type email --id tls@example.com
exits 3 heymarket-mock run --tls -- env -u CURL_CA_BUNDLE -u SSL_CERT_FILE heymarket channel create "$empty" --type email --id x@example.com
complains '(--ca-file)'
complains '  attempts    1'
exits 2 env -u HEYMARKET_API_SECRET_ID -u HEYMARKET_API_SECRET_KEY heymarket channel create "$empty" --type email --id x@example.com
complains 'HEYMARKET_API_SECRET_ID'

# No secret in anything that was printed.
! grep -qF "$HEYMARKET_API_SECRET_KEY" out err || fail 'the key was printed'
