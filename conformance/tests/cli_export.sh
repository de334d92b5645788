# The exported files are well-formed, and what they send to the mock is answered as they expect; they contain no secret.
need_python
sender=$HM_SOURCE/conformance/tests/exported.py
export HEYMARKET_API_SECRET_ID=74f80a77-9b3f-44ac-b3ad-ab68cfb548fa HEYMARKET_API_SECRET_KEY=cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK

heymarket-mock serve --listen 0 --port-file port --log none & mock=$!
await port
variables=(
  token="$(heymarket token sign)"
  second_token="$(env HEYMARKET_API_SECRET_ID=5ec05ec0-0000-4000-8000-0000000000b2 HEYMARKET_API_SECRET_KEY=FakeKeyFakeKeyFakeKeyFakeKey0002 heymarket token sign)"
  other_team_token="$(env HEYMARKET_API_SECRET_ID=5ec05ec0-0000-4000-8000-0000000000c3 HEYMARKET_API_SECRET_KEY=FakeKeyFakeKeyFakeKeyFakeKey0003 heymarket token sign)"
  contact_id=ada0ada0-1815-4000-8000-00000000ada0 empty_contact_id=e0e0e0e0-0000-4000-8000-00000000e0e0
  crowded_contact_id=c0ffee00-0000-4000-8000-0000c0ffee00 other_team_contact_id=07e407e4-0000-4000-8000-0000000007e4
)
sends() { # CODE FORMAT FOLDER [NAME=VALUE...]: later values win
  local want=$1 form=$2 folder=$3
  shift 3
  exits "$want" python3 "$sender" "$form" "$(head -n 1 port)" "$folder" "${variables[@]}" "$@"
}

# Every file, and the numbers are those that export says.
for form in hurl http; do
  exits 0 heymarket-conformance export --format "$form" "$form"
  has 'not exported: '
  summed=$(sed -n 's/^[a-z]*: \([0-9]*\) files with .*, \([0-9]*\) requests$/\1 files, \2 requests/p' out)
  [ "$(find "$form" -name "*.$form" | wc -l)" = "${summed%% *}" ] || fail "$form: other files than $summed"
  sends 0 "$form" "$form"
  has "$summed, "
  cat out
  if grep -rqE 'cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK|FakeKey|FakeLegacy|ada0ada0-1815|74f80a77|eyJ' "$form"; then fail "$form has a secret or a name"; fi
  ! grep -rqE '\$(email|phone|type|contact_id)' "$form" || fail "$form: a mark is not replaced"
done

# What is exported: a case without a clock, a token that is not given, one of another team, the whole family.
grep -qx '# J1-missing: .*' hurl/J1-authorization.hurl || fail 'no case without a token'
grep -qx 'Authorization: bearer {{token}}' hurl/J1-authorization.hurl || fail 'the scheme in lower case is missing'
grep -qx 'Authorization: Bearer {{second_token}}' hurl/J10-two-secrets.hurl || fail 'no token of the second secret'
grep -qx 'Authorization: Bearer {{other_team_token}}' hurl/J11-family-other-team.hurl || fail 'no token of another team'
grep -qF '/v2/contact/{{other_team_contact_id}}/channel' hurl/J11-other-team.hurl || fail 'no contact of another team'
for method in GET PUT DELETE; do grep -qr "^$method {{base_url}}/v2/contact/" hurl http || fail "no $method"; done
! grep -q '^# J5-join-colon' hurl/J5-secret.hurl || fail 'a wrong signature cannot be exported'
# A number of a mark is one value in all steps, and each mark is a new one in the next export.
address=$(sed -n 's/.*"channel_id":"\(hm-[^"]*\)".*/\1/p' hurl/U4-update-answer.hurl | head -n 1)
heymarket-conformance export again >out
! grep -qr "$address" again || fail 'the values are not new'

# The sender would see a difference, and a file that is not well-formed.
sends 1 hurl hurl token=x
sends 1 http http token=x
mkdir bad
for text in 'GET {{base_url}}/x' 'GET {{base_url}}/x\nHTTP 2xx' 'GET {{base_url}}/{{who}}\nHTTP 200' 'GET {{base_url}}/x\n`{"a":\nHTTP 200' \
  'GET {{base_url}}/x\nHTTP 200\n[Asserts]\nstatus isOdd'; do
  printf "$text\n" >bad/bad.hurl
  sends 2 hurl bad
done

# Choice of cases; what an earlier export wrote is removed, in both formats, and nothing else.
touch hurl/mine
exits 0 heymarket-conformance export --format http --only J1,E2 --skip J1-missing hurl
[ ! -e hurl/T3-contact-id.hurl ] && [ -e hurl/mine ] && [ -e hurl/J1-authorization.http ] || fail 'the folder has other files'
! grep -q 'J1-missing' hurl/J1-authorization.http || fail '--skip is not obeyed'
exits 0 heymarket-conformance export --only J5-join-colon none
has 'none: 0 files with 0 cases, 0 requests'
has 'not exported: 1 case'
exits 2 heymarket-conformance export --only nothing-like-it none
exits 2 heymarket-conformance export
exits 2 heymarket-conformance export --format curl none
complains 'hurl'

# A folder that is not ours, or cannot be written.
mkdir theirs && touch theirs/notes
exits 2 heymarket-conformance export theirs
complains 'theirs: found other files'
[ "$(ls -A theirs)" = notes ] || fail 'a folder of somebody else is changed'
exits 2 heymarket-conformance export missing/folder
complains 'missing/folder'
(ulimit -f 2; trap '' XFSZ; exits 2 heymarket-conformance export --only R4-whole-list small; complains 'small/R4-whole-list.hurl')
[ "$(ls small)" = '' ] || fail 'half a file is left'
if [ -w /dev/full ]; then
  got=0
  heymarket-conformance export full >/dev/full 2>err || got=$?
  [ "$got" = 2 ] || fail "a full disk: exit $got"
fi

# An independent server that keeps the contract, but decides otherwise where the documentation is silent.
eval "$(python3 "$HM_SOURCE/conformance/tests/foreign_server.py" --environment)"
python3 "$HM_SOURCE/conformance/tests/foreign_server.py" --port-file ports right & foreign=$!
await ports
right=(
  token="$(heymarket token sign)"
  second_token="$(env HEYMARKET_API_SECRET_ID="$HEYMARKET_SECOND_SECRET_ID" HEYMARKET_API_SECRET_KEY="$HEYMARKET_SECOND_SECRET_KEY" heymarket token sign)"
  contact_id="$HEYMARKET_CONTACT_ID" empty_contact_id="$HEYMARKET_EMPTY_CONTACT_ID" crowded_contact_id="$HEYMARKET_CONTACT_ID"
  other_team_contact_id="$HEYMARKET_OTHER_TEAM_CONTACT_ID"
)
without=(--skip J11 --skip '*other-team*') # its secret is not known there
exits 0 heymarket-conformance export --only E1-bad-data all
exits 1 python3 "$sender" hurl "$(sed -n 's/^right //p' ports)" all "${right[@]}"
exits 0 heymarket-conformance export --documented "${without[@]}" stated
exits 0 python3 "$sender" hurl "$(sed -n 's/^right //p' ports)" stated "${right[@]}"
cat out
! grep -r '^[^#].* # .* A\]$' stated || fail 'what is assumed is asserted'
kill "$foreign"

# With a client that people have, where it is installed.
if command -v httpyac >/dev/null; then
  heymarket-conformance export --format http yac >out
  httpyac send 'yac/*.http' --all --json --var base_url="$(head -n 1 port)" "${variables[@]}" </dev/null >yac.json 2>yac.err || { cat yac.err; fail httpyac; }
  exits 0 python3 "$sender" httpyac yac.json yac "${variables[@]}"
  sed 's/^/httpyac: /' out
fi
kill "$mock"
