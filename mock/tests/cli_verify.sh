# heymarket-mock verify: which requests came, and which channels there are, with an exit code.
heymarket-mock serve --listen 0 --port-file port --log none &
await port
eval "$(heymarket-mock env --port-file port)"
verify() { local want=$1; shift; exits "$want" heymarket-mock verify "$@"; }
heymarket channel create "$HEYMARKET_CONTACT_ID" --type phone --id 14155550199 >/dev/null
verify 0 contact=ada channel_type=phone channel_id=14155550199 --exactly 1
has 'verified: 1 found'
verify 0 contact=ada body.channel_type=phone accepted=true fault=false status=2xx
verify 1 contact=ada channel_type=email --at-least 1
complains '0 requests match, expected at least 1'
complains '  near: '
verify 0 contact=ada channel_type=email --at-most 0
verify 1 contact=ada --at-most 0
verify 1 --exactly 2
verify 0 --at-least 1 --at-most 1
verify 2 --exactly 1 --at-most 2
complains 'exactly cannot be combined'
verify 2 contac=ada
complains "heymarket-mock: contac: found an unknown member; did you mean \"contact\"?"
verify 2 ada
complains 'expected NAME=VALUE'
verify 2 contact=nobody
HEYMARKET_MOCK_URL=http://127.0.0.1:1 verify 3 contact=ada
complains 'http://127.0.0.1:1 does not answer: start heymarket-mock there, or give the URL of the one that runs with --url'
curl -sS -X POST -H 'Content-Type: application/json' -d '{"what":["journal"]}' "$HEYMARKET_MOCK_CONTROL_URL/reset" >/dev/null
verify 1 contact=ada
complains '; no request arrived'

# Channels are counted as they are, whoever put them there.
verify 0 --channels contact=ada channel_type=phone channel_id=14155550199 --exactly 1
verify 0 --channels contact=ada --at-least 4
verify 1 --channels contact=ada channel_type=phone --exactly 1
complains '2 channels match, expected exactly 1'
complains 'there is: phone 14155550199'
verify 1 --channels contact=empty
verify 0 --channels contact=empty --exactly 0
verify 2 --channels channel_type=phone
complains 'contact'
verify 2 --channels contact=ada status=200
curl -sS -H 'Content-Type: application/json' -d '{"channels":{"contact":"ada","exactly":4}}' "$HEYMARKET_MOCK_CONTROL_URL/verify" | grep -q '"verified":true' || fail 'over HTTP'
[ "$(curl -sS -o body -w '%{http_code}' -H 'Content-Type: application/json' -d '{"channels":{"contact":"ada"},"at_least":1}' "$HEYMARKET_MOCK_CONTROL_URL/verify")" = 400 ]

# Which mock: a base URL, or a control URL; the variable of another mock does not lead there.
verify 0 --url "$HEYMARKET_MOCK_URL/" --exactly 0
verify 0 --url "$HEYMARKET_MOCK_CONTROL_URL" --exactly 0
for url in "$HEYMARKET_MOCK_URL/v2" "$HEYMARKET_MOCK_URL/_mocks" "$HEYMARKET_MOCK_URL/_mock/x y"; do verify 2 --url "$url"; done
HEYMARKET_MOCK_URL='' verify 0 --exactly 0
HEYMARKET_MOCK_CONTROL_URL=http://127.0.0.1:1/_mock verify 0 --exactly 0
HEYMARKET_MOCK_CONTROL_URL=${HEYMARKET_MOCK_URL}0/_mock verify 0 --exactly 0
HEYMARKET_MOCK_URL='' HEYMARKET_MOCK_CONTROL_URL=http://127.0.0.1:1/_mock verify 3
HEYMARKET_MOCK_CONTROL_URL=$HEYMARKET_MOCK_CONTROL_URL/nowhere verify 1
