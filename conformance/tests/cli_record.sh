# record: one application's calls are forwarded, judged, and become a record, a world and a profile that the mock starts with.
need_python
command -v curl >/dev/null || exit 77
app() { python3 "$HM_SOURCE/conformance/tests/record_app.py" "$@"; }
recorder() { heymarket-conformance record "$@"; }

# What cannot be recorded.
exits 2 recorder -- true
complains '--target'
exits 2 recorder --target https://api.example.com -- true
complains 'add --live'
exits 2 recorder --live --target http://api.example.com -- true
complains 'not https'
exits 2 recorder --target http://127.0.0.1:9 --record ./absent/file -- true
exits 2 recorder --target http://127.0.0.1:9 -- ./absent

# An application at our mock: every kind of call.
heymarket-mock --listen 0 --tls-listen 0 --tls-ca-out ca.pem --port-file ports --log none &
await ports
url=$(grep http: ports)
eval "$(heymarket-mock env --url "$url")"
app calls >direct
curl -sf -X POST -H 'Content-Type: application/json' -d '{}' "$url/_mock/reset" >reset

exits 0 recorder --target "$url" --record r.ndjson --world w.json --profile p.json --report s.json -- python3 "$HM_SOURCE/conformance/tests/record_app.py" calls
cp err summary
cmp direct out || { diff direct out >&2; fail 'the recorder changes what the application gets'; }
complains 'heymarket-mock run --world w.json --profile p.json'
complains 'secret-joined-with-pipe'
[ "$(wc -l <r.ndjson)" = "$(wc -l <direct)" ] || fail 'not one line for each call'
# No key, signature, phone number, address or name is in any file; neither are values of unknown header fields.
for secret in "$HEYMARKET_API_SECRET_KEY" 415777 ' 777-0' ' 777 0' navy hopper grace Lovelace ada@ ada.love 100000000000001 LegacyKeyOfTheTeam \
  QuiteSecretKey AnotherSecretKey 77889900 14155550100; do
  ! grep -iF -- "$secret" r.ndjson w.json p.json s.json summary >found || { head -c 300 found >&2; fail "found $secret"; }
done
! grep -E 'eyJ[A-Za-z0-9_-]*\.' r.ndjson w.json p.json s.json summary || fail 'found a token'
grep -q '"duplicate-channel": "keep"' p.json || { cat p.json >&2; fail 'the profile lacks what a call has shown'; }
grep -q '"media-type": "reject"' p.json || fail 'the profile lacks media-type'

# The mock starts with them, and answers the recorded calls in the same way.
for mode in '' --tls; do
  exits 0 heymarket-mock run $mode --world w.json --profile p.json -- true
done
exits 0 heymarket-mock run --world w.json --profile p.json -- python3 "$HM_SOURCE/conformance/tests/record_app.py" replay r.ndjson
has 'of 12 kinds, all alike' # each of the six operations accepted and refused
grep -A 1 '"phones": \[' w.json | grep -q '"1[0-9]*55501' || { cat w.json >&2; fail 'the world has no inboxes'; }

# What the target does otherwise is in the profile: a target with other choices, and its contacts replayed.
heymarket-mock --listen 0 --port-file other --log none --set success-status=201 --set duplicate-channel=reject --strict \
  --set media-type=accept --set empty-value=accept --set update-answer=channel --set delete-answer=empty &
await other
exits 0 recorder --target "$(cat other)" --record r2.ndjson --world w2.json --profile p2.json -- sh -c \
  'python3 "$HM_SOURCE/conformance/tests/record_app.py" calls'
for choice in '"success-status": "201"' '"duplicate-channel": "reject"' '"phone-format": "reject"' '"media-type": "accept"' \
  '"empty-value": "accept"' '"unknown-member": "reject"' '"update-answer": "channel"' '"delete-answer": "empty"' '"channel-list": "serve"'; do
  grep -qF "$choice" p2.json || { cat p2.json >&2; fail "the profile lacks $choice"; }
done
exits 0 heymarket-mock run --world w2.json --profile p2.json -- python3 "$HM_SOURCE/conformance/tests/record_app.py" replay r2.ndjson

# Over HTTPS with a CA of its own: trusted only where it is named.
one='curl -s -o answer -w "%{http_code}" "$HEYMARKET_API_BASE_URL/v2/contact/x/channel"'
exits 3 recorder --target "$(grep https ports)" --record r3.ndjson -- sh -c "$one"
has 502
grep -q 'ca-file' answer || fail 'the application is not told'
exits 0 recorder --target "$(grep https ports)" --ca-file ca.pem --record r3.ndjson -- sh -c "$one"
has 405

# Eight connections at once: nothing is lost, no answer is called wrong, and the world has what was there before.
curl -sf -X POST -H 'Content-Type: application/json' -d '{}' "$url/_mock/reset" >reset
exits 0 recorder --target "$url" --record many.ndjson --world many.json -- \
  python3 "$HM_SOURCE/conformance/tests/record_app.py" calls 8
[ "$(wc -l <many.ndjson)" = 160 ] || fail 'calls are missing'
python3 - many.ndjson <<'END'
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
assert sorted(line["number"] for line in lines) == list(range(1, 161))
END
[ "$(grep -c '"channel_id"' many.json)" = 3 ] || { cat many.json >&2; fail 'the world has what the application wrote'; }

# A target that is wrong: found, named, exit code 1.
python3 "$HM_SOURCE/conformance/tests/record_target.py" odd >asked &
await odd
odd=$(cat odd)
exits 1 recorder --target "$odd" --record odd.ndjson -- sh -c '
  heymarket channel create $HEYMARKET_CONTACT_ID --type email --id first@navy.mil 2>app.err
  heymarket channel create $HEYMARKET_CONTACT_ID --type email --id second@navy.mil 2>app.err
  heymarket channel create $HEYMARKET_CONTACT_ID --type facebook --id third@navy.mil 2>app.err
  for path in v1/inboxes v2/contact/$HEYMARKET_CONTACT_ID/channel/phone v2/contact/$HEYMARKET_CONTACT_ID/channel/email; do
    curl -s $HEYMARKET_API_BASE_URL/$path
  done
  true'
for clause in T4 R3 R4 G1 G2 N1; do
  complains "failed  $clause "
done
! grep -F navy odd.ndjson err || fail 'an address is shown'

# Until a signal: what is on its way ends, the lines so far are there, and the files are written.
heymarket-conformance record --target "$odd" --timeout 30 --record live.ndjson --world live.json --port-file at 2>live.err &
recorder_pid=$!
await at
at=$(cat at)
code() { curl -s -o answer -D heads -w '%{http_code}' "$@"; }
[ "$(code "$at/redirect")" = 302 ] || fail 'a redirect is not passed on'
grep -qi '^Location: http://127.0.0.1:1/elsewhere' heads || fail 'Location is lost'
[ "$(code "$at/chunked")" = 200 ] && [ "$(cat answer)" = hello ] || fail 'a chunked answer is not passed on'
[ "$(code --compressed "$at/gzip")" = 200 ] || fail 'a compressed answer is not passed on'
[ "$(code "$at/huge")" = 502 ] || fail 'an answer beyond the limit'
[ "$(code "$at/die")" = 502 ] || fail 'a target that says nothing'
[ "$(code "$at/half")" = 502 ] || fail 'a target that breaks off'
[ "$(code -I "$at/echo")" = 200 ] || fail 'HEAD'
[ "$(code -X BREW "$at/echo")" = 501 ] || fail 'an unknown method'
[ "$(code -H 'Content-Length: 5' -H 'Transfer-Encoding: chunked' -d hello "$at/echo")" = 400 ] || fail 'ambiguous framing'
[ "$(code -x "$at" "http://other.example/echo")" -ge 400 ] || fail 'a proxy request'
head -c 2000000 /dev/zero >big
[ "$(code -H 'Expect:' --data-binary @big "$at/echo")" = 413 ] || fail 'a body beyond the limit'
grep -q '1 MiB' answer || fail 'the limit is not explained'
# Header fields of one connection are not forwarded, in neither direction; all others are.
[ "$(code -H 'Connection: X-Hop' -H 'X-Hop: 1' -H 'X-End: 2' -H 'TE: trailers' "$at/echo")" = 200 ] || fail 'echo'
! grep -qi 'x-hop\|"te"' answer || fail 'a hop-by-hop field was forwarded'
grep -qi 'x-end' answer && grep -qi '"via"' answer || { cat answer >&2; fail 'a field was not forwarded'; }
grep -qi '^X-Public' heads && ! grep -qi '^X-Private' heads || fail 'fields of the answer'
[ "$(code "$at/v2/messages?to=%2B14157779999")" = 404 ] || fail 'another call'
has_lines() { [ "$(wc -l <live.ndjson)" -ge 13 ]; }
eventually has_lines || fail 'lines are not written at once'
! grep -F 7779999 live.ndjson || fail 'a phone number in a path'
curl -s "$at/slow" >slow & # is on its way when the signal comes
eventually grep -q slow asked || fail 'a call is not forwarded'
kill -INT "$recorder_pid"
got=0
wait "$recorder_pid" || got=$?
[ "$got" = 0 ] || { cat live.err >&2; fail "exit $got after INT"; }
grep -q 'slow' live.ndjson || fail 'the call that was cancelled is not recorded'
[ -s live.json ] || fail 'no world after INT'
grep -q 'teams' live.json || fail 'not a world'

# The recorder as its own target is noticed; a command that fails keeps its code.
heymarket-conformance record --target "$url" --port-file first 2>first.err >first.ndjson &
await first
heymarket-conformance record --target "$(cat first)" --port-file second 2>second.err >second.ndjson &
await second
[ "$(code "$(cat second)/v2/x")" = 508 ] || fail 'a recorder behind a recorder'
exits 7 recorder --target "$url" -- sh -c 'exit 7'

# TERM ends the command, too.
heymarket-conformance record --target "$url" --record term.ndjson -- sh -c 'echo $$ >pid; exec sleep 600' 2>term.err &
recorder_pid=$!
await pid
kill -TERM "$recorder_pid"
got=0
wait "$recorder_pid" || got=$?
[ "$got" = 143 ] || fail "exit $got after TERM"
eventually is_gone "$(cat pid)" || fail 'the command goes on'
grep -q '0 calls' term.err || fail 'no summary after TERM'
