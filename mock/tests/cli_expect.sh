# Refusals that a test wants, and calls that the mock does not have: --allow, X-Mock-Expect, /_mock/expect, --other-paths.
nobody=0b0d7000-0000-4000-8000-000000000000
# The summary breaks lines between words.
complains() { tr -s " \n" " " <err | grep -qF -- "$1" || { cat err >&2; fail "the messages lack: $1"; }; }
cat >post.sh <<'EOF'
# post.sh CONTACT [CURL ARGUMENT...]: creates an e-mail channel; prints the status.
contact=$1; shift
curl -sS -o body -w '%{http_code}\n' -X POST -H "Authorization: Bearer $(heymarket token sign)" -H 'Content-Type: application/json' \
  -d '{"channel_type":"email","channel_id":"expect@example.com"}' "$@" "$HEYMARKET_API_BASE_URL/v2/contact/$contact/channel"
EOF
run() { # EXIT OPTIONS... -- COMMAND
  local want=$1
  shift
  exits "$want" heymarket-mock run --threads 8 --fail-on refused --fail-on warned "$@"
}
run 1 -- sh post.sh $nobody
complains 'refused 1x B7 contact-unknown'
run 0 --allow 404 -- sh post.sh $nobody
complains '1 refused as expected'
! grep -q contact-unknown err || fail 'an expected refusal is listed as a mistake'
run 0 --allow B7 -- sh post.sh $nobody
run 0 --allow contact-unknown -- sh post.sh $nobody
run 0 --allow 4xx -- sh post.sh $nobody
run 1 --allow 403 --allow J5 -- sh post.sh $nobody
run 2 --allow 4 -- true
complains '--allow'
run 2 --allow contact-unkown -- true
complains 'the nearest is contact-unknown'
run 0 --allow type-unknown -- sh -c 'heymarket channel create $HEYMARKET_CONTACT_ID --type fax --id 1 2>/dev/null'

for option in --allow --other-paths; do
  run 2 $option cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK -- true
  ! grep -q cPQku7ln err || fail "$option: a key is shown"
done

# One request says what it expects; what does not come true fails the run, whatever was asked for.
run 0 -- sh post.sh $nobody -H 'X-Mock-Expect: 404'
run 0 -- sh post.sh $nobody -H 'X-Mock-Expect: B7'
exits 1 heymarket-mock run -- sh post.sh $nobody -H 'X-Mock-Expect: 403'
complains 'expected refusals: request'
exits 1 heymarket-mock run -- sh -c 'sh post.sh $HEYMARKET_CONTACT_ID -H "X-Mock-Expect: 404"'
exits 1 heymarket-mock run -- sh post.sh $nobody -H "X-Mock-Expect: cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK"
complains 'neither a status nor a finding'
! grep -q cPQku7ln err || fail 'a key is shown'

# A test announces a refusal; it is used up.
cat >announce.sh <<'EOF'
curl -sS -o said -H 'Content-Type: application/json' -d "$1" "$HEYMARKET_MOCK_CONTROL_URL/expect"
EOF
where='{"where":{"contact":"'$nobody'","status":404},"times":2}'
run 0 -- sh -c "sh announce.sh '$where'; sh post.sh $nobody; sh post.sh $nobody; curl -sS \$HEYMARKET_MOCK_CONTROL_URL/expect"
has '"times":2,"left":0'
run 1 -- sh -c "sh announce.sh '$where'; sh post.sh $nobody; sh post.sh $nobody; sh post.sh $nobody"
complains '1 refused, 0 warned, 2 refused as expected'
exits 1 heymarket-mock run --report r.json -- sh -c "sh announce.sh '$where'; sh post.sh $nobody"
complains 'failed: expected refusals: 1 of 2 did not come, where'
grep -q '"expected": 1' r.json || fail 'not in the report'
run 0 -- sh -c "sh announce.sh '$where'; curl -sS -X DELETE -H 'Content-Type: application/json' \$HEYMARKET_MOCK_CONTROL_URL/expect"
has '"cleared":1'
run 0 -- sh -c "sh announce.sh '$where'; curl -sS -d '{}' -H 'Content-Type: application/json' \$HEYMARKET_MOCK_CONTROL_URL/reset"
has '"expect"'
# An accepted request uses nothing up.
exits 1 heymarket-mock run -- sh -c 'sh announce.sh "{\"where\":{\"contact\":\"ada\"}}"; sh post.sh $HEYMARKET_CONTACT_ID'
run 0 -- sh -c "sh announce.sh '{\"wher\":1}'; cat said"
has 'wher'
run 0 -- sh -c "sh announce.sh '{\"times\":0}'; cat said"
has 'times'

# An application calls more than this API has here.
get='curl -sS -w %{http_code}\n $HEYMARKET_API_BASE_URL/v2'
run 0 -- sh -c "$get/messages; $get/messages; $get/contact/$nobody; $get/contact/x/notes"
has 'this mock does not have that call; it ignores it (--other-paths ignore), and has POST /v2/contact/{contactID}/channel, GET '
has 'the vendor has this call; this mock does not; it ignores it'
complains 'calls that this mock does not have, not counted: GET /v2/messages (2), GET'
run 0 --expect 0 -- sh -c "$get/messages"
complains '0 requests: 0 accepted, 0 refused'
run 1 --other-paths refuse -- sh -c "$get/messages"
has 'this mock does not have that call: GET /v2/messages'
! grep -q 'use POST' out || fail 'a wrong cure'
run 1 --other-paths refuse -- sh -c "$get/contact/$nobody"
has 'the vendor has this call; this mock does not: GET /v2/contact/'
run 1 -- sh -c "$get/contact/$nobody/channel"
has '405'
! grep -q 'use POST' out || fail 'a wrong cure'
run 0 --other-paths 204 -- sh -c "$get/messages"
has 204
echo '{"messages":[{"id":1}]}' >messages.json
run 0 --other-paths 200:messages.json -- sh -c "$get/messages"
has '{"messages":[{"id":1}]}'
has 200
echo '{"messages":[' >bad.json
run 2 --other-paths 200:bad.json -- true
complains 'bad.json:'
run 2 --other-paths maybe -- true
complains 'expected refuse, ignore, or a status'
run 2 --other-paths 20 -- true
# A path that is nearly right is a mistake.
run 1 -- sh -c "curl -sS -X POST \$HEYMARKET_API_BASE_URL/v1/contact/$nobody/channel"
complains 'T6 path-unknown'
exits 1 heymarket-mock run --fail-on unmatched -- sh -c "$get/messages"
# No key is shown in the list.
run 0 -- sh -c "$get/cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK"
! grep -q cPQku7ln err || fail 'a key is listed'
