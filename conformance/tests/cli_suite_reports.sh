# The reports of a run: valid by their schemas and parsers, private, without secrets, and complete after a Ctrl-C.
need_python jsonschema
tests=$HM_SOURCE/conformance/tests
runs() { # CODE ARGUMENT...
  local want=$1
  shift
  exits "$want" heymarket-conformance run "$@"
}
checks() { # DIR CODE WORD
  word=$(python3 "$tests/check_reports.py" "$1" "$2") || fail "the reports in $1 are not right"
  [ "$word" = "$3" ] || fail "the verdict in $1 is $word, expected $3"
}

# Our mock: everything passes, and results.json is the same as --format json prints.
runs 0 --only R4 --only J5 --report good --format json
checks good 0 PASSED
python3 - <<'EOF' || fail 'results.json is not what --format json prints'
import json
one, other = json.load(open("out")), json.load(open("good/results.json"))
assert one == other
EOF

# Its own directory is used again, and other files in it are kept; another's is refused before any request is sent.
echo mine >good/mine
runs 1 --only J5-two-pipes --report good --baseline /dev/stdin <<'EOF'
{ "v": 1, "known": [ { "case": "J5-two-pipes", "clause": "J5", "reason": "it does not", "until": "2999-12-31" } ] }
EOF
checks good 1 FAILED
grep -q 'an entry of the baseline no longer fails' out || fail 'a stale baseline is not named'
[ -f good/mine ] || fail 'a file of the user is gone'
mkdir theirs; echo theirs >theirs/junit.xml
runs 2 --only J5 --report theirs
grep -q 'found other files' err || fail 'what is wrong with the directory is not said'
[ "$(cat theirs/junit.xml)" = theirs ] || fail "another's file is gone"
runs 2 --only J5 --report absent/reports

# A server that repeats everything it gets: no token, key or cookie in any output; its text breaks no format.
export HEYMARKET_API_SECRET_ID=5f0c1c1e-7d2b-4a57-9a55-2d3d8a4a7c01
export HEYMARKET_API_SECRET_KEY=CanaryKeyCanaryKeyCanaryKey00001
export HEYMARKET_CONTACT_ID=0b6ad7a2-5a52-4d30-8f61-9c1ff4f0aa01
python3 "$tests/leaky_server.py" --port-file leaky --tokens tokens "$HEYMARKET_API_SECRET_KEY" &
await leaky
runs 1 --base-url "$(cat leaky)" --only J1 --only J3 --format tap
cp out out.tap
runs 1 --base-url "$(cat leaky)" --only 'J*' --only T2 --only R4 --report leaks
checks leaks 1 FAILED
sort -u tokens | grep -vFx "$HEYMARKET_API_SECRET_ID" >canaries
[ "$(wc -l <canaries)" -gt 100 ] || fail 'the server has seen no tokens'
{ echo "$HEYMARKET_API_SECRET_KEY"; echo cookie-canary; cat canaries; } >patterns
if grep -rlFf patterns leaks out out.tap err; then fail 'a secret has leaked'; fi
grep -q '<token of ' leaks/results.json || fail 'nothing was hidden: the test is none'
if grep -rl "$(printf '\033')" leaks out out.tap; then fail 'a control character came through'; fi

# The same in a 2xx, whose values are quoted in the report, whole or cut.
python3 "$tests/leaky_server.py" --port-file accepting --tokens tokens.2 --accept "$HEYMARKET_API_SECRET_KEY" &
await accepting
runs 1 --base-url "$(cat accepting)" --only 'R*' --only 'J*' --report accepts
{ echo "${HEYMARKET_API_SECRET_KEY:0:10}"; grep -vF -e "$HEYMARKET_API_SECRET_ID" -e eyJ tokens.2 | cut -c -12 | sort -u; } >patterns.2
for text in 'created is' 'Content-Type is' 'with the member' 'not JSON' 'duplicate member'; do
  grep -q "$text" accepts/results.json || fail "no response was wrong in this way: $text"
done
grep -q '<known key>' accepts/results.json || fail 'nothing was hidden in a 2xx'
if grep -rohFf patterns.2 accepts out err; then fail 'a secret has leaked from a 2xx'; fi

# A baseline: known failures are marked in every report and do not fail the run.
python3 - >baseline.json <<'EOF'
import json
cases = json.load(open("leaks/results.json"))["cases"]
pairs = {(c["id"], r["clause"]) for c in cases for r in c["remarks"] if r["result"] == "failed"}
print(json.dumps({"v": 1, "known": [
    {"case": case, "clause": clause, "reason": "the whole server is wrong", "until": "2999-12-31"}
    for case, clause in sorted(pairs)]}, indent=1))
EOF
runs 0 --base-url "$(cat leaky)" --only J5 --only R4 --report known --baseline baseline.json
checks known 0 PASSED
grep -qE '^  J5  S +KNOWN in [0-9]+ cases, first J5-.*: the whole server is wrong \(until 2999-12-31\)$' out || fail 'the text does not say known'
grep -q ' # todo J5: ' <(heymarket-conformance run --base-url "$(cat leaky)" --only J5-two-pipes --baseline baseline.json --format tap) ||
  fail 'TAP does not say todo'
sed 's/2999-12-31/2020-02-29/' baseline.json >past.json
runs 1 --base-url "$(cat leaky)" --baseline past.json --only J5-two-pipes
grep -q 'it still fails' out || fail 'a date that is past is not named'
sed 's/"case": "J5-two-pipes"/"case": "J5-two-pipe"/' baseline.json >wrong.json
runs 2 --baseline wrong.json
grep -qE '^heymarket-conformance: wrong.json:[0-9]+:[0-9]+: /known/[0-9]+/case: there is no case J5-two-pipe; did you mean J5-two-pipes\?$' err ||
  { cat err >&2; fail 'an unknown case has no place'; }

# Interrupted, refused or not reachable: a complete report that no viewer shows as passed.
eval "$(python3 "$tests/foreign_server.py" --environment)"
python3 "$tests/foreign_server.py" --port-file ports right tells >asked &
await ports
url() { sed -n "s#^$1 ##p" ports; }
heymarket-conformance run --base-url "$(url tells | sed s/127.0.0.1/0.0.0.0/)" --live --rate 60 --report cut >out 2>err & suite=$!
await asked
kill -INT $suite || { cat out err >&2; fail "the run was over early"; }
got=0; wait $suite || got=$?
[ "$got" = 130 ] || { cat out err; fail "exit $got after SIGINT"; }
checks cut 130 INTERRUPTED
HEYMARKET_API_SECRET_KEY=anotherkey runs 4 --base-url "$(url right)" --report refused
checks refused 4 'CREDENTIALS REFUSED'

# A correct server: no failures, and the report has the choices that the contract leaves open.
runs 0 --base-url "$(url right)" --only 'B*' --report right
checks right 0 PASSED
grep -q 'where the contract leaves a choice' right/report.html || fail 'the page does not say what was observed'

no_complaints
