# heymarket-conformance alone and against our mock: which cases run, output, exit codes.
suite() { # CODE ARGUMENT...
  local want=$1
  shift
  exits "$want" heymarket-conformance "$@"
}

# Selection of cases.
suite 0 list --only J5
has 'J5-'
has 'POST /v2/contact/{ada}/channel'
! grep -q '^J1-' out || fail 'more is listed than was chosen'
suite 0 list --only J6-298
has 'needs a stopped clock'
has '1 case'
suite 0 list --only J6-298 --format tap
has 'TAP version 14'
has '1..1'
has 'ok 1 - J6-298'
has '# SKIP listed'
has '# POST /v2/contact/{ada}/channel'
suite 0 list --format json
if command -v python3 >/dev/null; then
  python3 - <<'END' || fail 'not the JSON that was expected'
import json
listed = json.load(open("out"))
cases = {case["id"]: case for case in listed["cases"]}
assert listed["v"] == 1 and len(cases) == len(listed["cases"]) > 600 and listed["plan"] is None
assert cases["J6-298"]["needs"] == ["clock"] and cases["J6-298"]["clause"] == "J6" and cases["J6-298"]["skipped"] is None
assert cases["J6-known"]["steps"][1]["wait_s"] == 20 and cases["J6-known"]["steps"][1]["path"] == "/v2/contact/{ada}/channel"
assert json.loads(cases["J6-known"]["steps"][0]["body"])["channel_type"] == "email"
END
fi
suite 0 list --format json --base-url https://api.example.com --live --only J1 --budget 2
has '"left_out":'
has '"skipped":"budget: '
suite 0 run --only J1-missing --only T4 --skip T4-request-id
has '1 case, 1 request in'
suite 2 run --only nothing-of-the-kind
complains 'matches no case'
suite 2 run --only J1-missing --skip J1
complains 'leave no case'
suite 2 run --only J1-mising
complains 'did you mean J1-missing?'
suite 2 run --onyl J1
suite 2 run --format xml

# A mock started by the suite; names of other targets in the environment have no effect.
export TMPDIR=$PWD/tmp; mkdir tmp
HEYMARKET_API_SECRET_ID=x HEYMARKET_API_SECRET_KEY=y HEYMARKET_CONTACT_ID=z suite 0 run --only J10 --strict
has 'our mock, started for the run'
grep -qE '^PASSED: ([0-9]+) of \1 judged$' <(tail -n 1 out) || fail 'the verdict is not the last line'
[ -z "$(ls tmp)" ] || fail 'something is left in the temporary folder'
suite 2 run --only J1 --mock ./no-such-mock
complains './no-such-mock: not found'
suite 2 run --only J1 --live
complains '--base-url'
printf '#!/bin/sh\necho "I refuse"; exit 2\n' >refuses; printf '#!/bin/sh\necho "I die"; kill -9 $$\n' >dies
chmod +x refuses dies
suite 2 run --only J1 --mock ./refuses
complains 'I refuse'
suite 5 run --only J1 --mock ./dies
complains 'I die'
[ -z "$(ls tmp)" ] || fail 'something is left of a mock that did not start'

# TAP.
suite 0 run --only J1 --format tap
[ "$(head -n 1 out)" = 'TAP version 14' ] || fail 'no TAP version'
[ "$(grep -c '^ok ' out)" = "$(sed -n 's/^1\.\.//p' out)" ] || fail 'the plan does not fit'

# Invalid files.
mkdir -p broken/cases broken/worlds
cp "$HM_SOURCE/fixtures/clauses.json" broken/; cp "$HM_SOURCE/fixtures/worlds/default.json" broken/worlds/
printf '{ "clause": "J1", "title": "t",\n  "cases": [ { "id": "J1-x", "sais": "s" } ] }\n' >broken/cases/J1-x.json
suite 2 list --fixtures broken
complains 'broken/cases/J1-x.json:2:'
printf '{ "clause": "J1", "title": "t",\n  "cases": [ { "id": "J1-x", "says": "s", "request": { "contact": "bob" },\n' >broken/cases/J1-x.json
printf '    "expect": [ { "status": 200 } ] } ] }\n' >>broken/cases/J1-x.json
suite 5 run --fixtures broken
has 'BROKEN J1-x'
has 'needs contact bob, which its world does not name'
# cmocka's own output: a broken and a failed case are failures; --format overrides CMOCKA_MESSAGE_OUTPUT.
CMOCKA_MESSAGE_OUTPUT=xml suite 5 run --fixtures broken
has '<testcase name="J1-x"'
has 'needs contact bob, which its world does not name'
complains 'BROKEN'
CMOCKA_MESSAGE_OUTPUT=tap suite 0 run --only J1-missing
has 'ok 1 - J1-missing'
CMOCKA_MESSAGE_OUTPUT=stdout suite 0 run --only J1-missing
has '[       OK ] J1-missing'
CMOCKA_MESSAGE_OUTPUT=xml suite 0 run --only J1-missing --format tap
[ "$(head -n 1 out)" = 'TAP version 14' ] || fail '--format does not override CMOCKA_MESSAGE_OUTPUT'
suite 2 list --fixtures nowhere

# Another target.
suite 3 run --only J1 --base-url http://127.0.0.1:1
suite 2 run --only J1 --base-url https://api.heymarket.com
complains '--live'
suite 2 run --only J1 --base-url http://127.0.0.1:1/v2
heymarket-mock serve --listen 0 --port-file port --log none & mock=$!
await port
url=$(head -n 1 port)
suite 0 run --keep --base-url "$url" --strict --report answers
has 'our mock, heymarket-mock'
has 'needs a mock started with other options'
if python3 -c 'import jsonschema' 2>/dev/null; then # every answer is as the OpenAPI document says; a wrong one is found
  exits 0 "$HM_SOURCE/ci/openapi" answers/transcript.ndjson
  edit answers/transcript.ndjson 's/"body":"\[{\\"id\\":/&-/' # in each answer
  exits 1 "$HM_SOURCE/ci/openapi" answers/transcript.ndjson
  has '$[0].id'
fi
suite 0 run --base-url "$url" --only E6 --verbose
has 'needs a mock started with --terse'
HEYMARKET_API_BASE_URL=$url suite 0 run --only J1
HEYMARKET_API_SECRET_ID=x suite 2 run --only J1 --base-url "$url"
complains 'HEYMARKET_API_SECRET_KEY HEYMARKET_CONTACT_ID'
uuid=ada0ada0-1815-4000-8000-00000000ada0
HEYMARKET_API_SECRET_ID=x HEYMARKET_API_SECRET_KEY=y HEYMARKET_CONTACT_ID=$uuid suite 4 run --only J1 --base-url "$url"
has 'CREDENTIALS REFUSED'
HEYMARKET_API_SECRET_ID=x HEYMARKET_API_SECRET_KEY=y HEYMARKET_CONTACT_ID=$uuid suite 4 run --only J1 --base-url "$url" --format tap
has 'Bail out!'

# The suite follows a clock that differs.
kill $mock; wait $mock || true
rm -f port
heymarket-mock serve --listen 0 --port-file port --log none --clock @1900000000 --set typ=reject & mock=$!
await port
suite 0 run --keep --base-url "$(head -n 1 port)" --strict
[ "$(heymarket-conformance token J1-undefined --base-url "$(head -n 1 port)")" = 'Bearer undefined' ] || fail 'token'
heymarket-conformance token J3-missing --base-url "$(head -n 1 port)" | cut -d. -f2 | tr '_-' '/+' |
  base64 -d 2>/dev/null | grep -q 1900000000 || fail 'the token is not of the target'\''s time'
suite 2 token J3-mising
complains 'did you mean J3-missing?'
suite 2 token J3-missing --step 2

# A mock that was already running is changed for the cases that need it, and restored afterwards.
cat >mine.json <<END
{ "v": 1, "base_url": "$(head -n 1 port)",
  "secrets": { "first": { "id": "74f80a77-9b3f-44ac-b3ad-ab68cfb548fa", "key": { "env": "SUITE_KEY" } } },
  "contacts": { "ada": "$uuid" } }
END
state() { curl -s "$(head -n 1 port)/_mock/policy"; curl -s "$(head -n 1 port)/_mock/clock"; }
if command -v curl >/dev/null; then
  state >before
  suite 0 run --keep --base-url "$(head -n 1 port)" --strict
  grep -q 'E6-terse-401' out || fail 'what cannot be set is not skipped'
  ! grep -q 'needs a clock\|needs our mock\|--set' out || { cat out; fail 'more is skipped than must be'; }
  state >after
  cmp before after || fail 'the mock is not as it was found'
fi

# A target file: only its names are used, cases that need others are skipped, and messages have a position.
suite 2 run --target mine.json --only J1-missing
complains 'mine.json:2:'
complains 'SUITE_KEY is not set'
sed 's/SUITE_KEY/cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK/' mine.json >pasted.json
suite 2 run --target pasted.json --only J1-missing
complains 'variable <32 characters> is not set'
export SUITE_KEY=cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK
HEYMARKET_CONTACT_ID=nonsense suite 0 run --target mine.json --only J1-missing --only J10-second-first
has '2 passed'
sed 's/"first": { "id": "74f8/"first": { "id": "00f8/' mine.json >other.json
suite 4 run --target other.json --only J1-missing
HEYMARKET_API_BASE_URL=http://127.0.0.1:1 suite 0 run --target mine.json --only J1-missing
suite 3 run --target mine.json --only J1-missing --base-url http://127.0.0.1:1
suite 0 list --target mine.json --only J10-second-first
has "$(head -n 1 port)"
has "needs the team's second API secret, which mine.json does not name"
[ "$(heymarket-conformance token J1-undefined --target mine.json)" = 'Bearer undefined' ] || fail 'token of a target file'
wrong() { # TEXT COMPLAINT
  printf '%s\n' "$1" >wrong.json
  suite 2 run --target wrong.json --base-url http://127.0.0.1:1 --only J1-missing
  complains "$2"
}
wrong '{ "v": 1, "secrets": { "frist": {} }, "contacts": {} }' 'wrong.json:1:24: /secrets/frist: found an unknown member; did you mean "first"?'
wrong '{ "v": 1, "secrets": { "first": { "id": "a", "key": "b" } }, "contacts": { "ada": "x" } }' \
  'wrong.json:1:83: /contacts/ada: found "x", expected a UUID'
wrong '{ "v": 2, "secrets": {}, "contacts": {} }' '/v: '
wrong '{ "v": 1, "secrets": { "first": { "id": "a", "key": "b" } } }' 'contacts'

# A mock that is not at a loopback address is recognized by its control plane.
suite 2 run --base-url http://0.0.0.0:1 --only J1-missing
HEYMARKET_MOCK_URL=http://127.0.0.1:1 suite 3 run --base-url http://0.0.0.0:1 --live --target mine.json --only J1-missing
HEYMARKET_MOCK_URL=nonsense suite 2 run --base-url http://0.0.0.0:1 --live --only J1-missing
complains 'HEYMARKET_MOCK_URL'
kill $mock; wait $mock || true
rm -f port
heymarket-mock serve --listen 0.0.0.0:0 --control on --port-file port --log none 2>/dev/null & mock=$!
await port
everywhere=$(head -n 1 port)
HEYMARKET_MOCK_URL=${everywhere/0.0.0.0/127.0.0.1} \
  suite 0 run --base-url "$everywhere" --live --rate 6000 --only J6-298 --strict
has 'our mock, heymarket-mock'
has '1 passed'
