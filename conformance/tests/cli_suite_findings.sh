# One deviation is one finding, in every report; a clause can be skipped, accepted by a baseline, or be strict.
need_python jsonschema
tests=$HM_SOURCE/conformance/tests
eval "$(python3 "$tests/foreign_server.py" --environment)"
python3 "$tests/foreign_server.py" --port-file ports right no-request-id no-request-id+key-alone+array-ok half-json &
await ports
url() { sed -n "s#^$1 ##p" ports; }
runs() { # CODE ARGUMENT...
  local want=$1
  shift
  exits "$want" heymarket-conformance run --keep "$@"
}
line() { grep -n -- "$1" out | head -n 1 | cut -d: -f1; }

# Without X-Request-Id hundreds of cases fail: a screenful, and what is worse comes first.
runs 1 --base-url "$(url no-request-id+key-alone+array-ok)" --report both
python3 "$tests/check_reports.py" both 1 >word || fail 'the reports are not right'
[ "$(wc -l <out)" -le 60 ] || { cat out; fail 'more than a screenful'; }
[ "$(grep -c '^FAILED ' out)" -le 5 ] || { cat out; fail 'more than one block for a finding'; }
grep -qE '^  cases     [4-9][0-9][0-9]: [A-Z0-9a-z-]+, .*, \.\.\.$' out || fail 'the number of cases is not said'
[ "$(line '^  J5  S ')" -lt "$(line '^  T4  D ')" ] && [ "$(line '^  B1  S ')" -lt "$(line '^  T4  D ')" ] || { cat out; fail 'S is not before D'; }
[ "$(grep -c '^  T4  D ' out)" = 1 ] || fail 'T4 is not one finding'
grep -A 6 '^FAILED J5-key-alone' out | grep -q '^  repeat    curl ' || fail 'no curl line'
python3 - <<'EOF' || fail 'not the findings that were expected'
import json, re
results = json.load(open("both/results.json"))
findings = {(f["clause"], f["source"]): f for f in results["findings"]}
assert len(results["findings"]) <= 12, len(results["findings"])
missing = findings["T4", "D"]
assert missing["count"] == len(missing["cases"]) > 400 and missing["case"] == missing["cases"][0] and "curl" in missing["repeat"]
numbers = {r["finding"] for c in results["cases"] for r in c["remarks"] if r["result"] == "failed"}
assert numbers == {f["number"] for f in results["findings"] if f["result"] == "failed"}
page = open("both/report.html").read()
assert page.count('id="finding-') == len(results["findings"])
junit = open("both/junit.xml").read()
assert junit.count("curl -sS") <= sum(len(f.get("repeat", "").splitlines()) for f in results["findings"])
assert len(re.findall(r"T4 as in [\w-]+, one of \d+ cases", junit)) > 400
EOF
runs 1 --base-url "$(url no-request-id+key-alone+array-ok)" --only J5,B1 --format tap
grep -qE '^# finding [0-9]+: failed T4 D in [0-9]+ cases, first ' out || fail 'TAP does not list the findings'

# --verbose lists all.
runs 1 --base-url "$(url no-request-id+key-alone+array-ok)" --only J5 --verbose
[ "$(grep -c '^FAILED J5-' out)" -gt 80 ] || fail 'not every case is listed'
grep -qE '^  T4  D     FAILED in [0-9]+ cases, first J5-' out || fail 'no line for the finding'

# Many findings: five in full, the others in a line.
runs 1 --base-url "$(url half-json)"
[ "$(grep -c '^FAILED ' out)" = 5 ] || { cat out; fail 'not five blocks'; }
has 'More findings:'
[ "$(wc -l <out)" -le 100 ] || { cat out; fail 'too long'; }

# --skip with a clause, with commas; an automatic remark is skipped, too.
runs 0 --base-url "$(url no-request-id)" --only J1,T4,E6,R1 --skip T4,E6
grep -qE '^PASSED: [0-9]+ of [0-9]+ judged, ' out || fail 'it is not said how much was judged'
runs 1 --base-url "$(url no-request-id)" --only J1 --skip 'T4-*'
runs 2 --base-url "$(url right)" --skip T4,
complains 'empty pattern'

# A baseline for the clause: known, and everything else still fails.
cat >known.json <<'END2'
{ "v": 1, "known": [ { "case": "*", "clause": "T4", "reason": "the proxy removes it", "until": "2999-12-31" } ] }
END2
runs 0 --base-url "$(url no-request-id)" --baseline known.json --only J5
grep -qE '^  T4  D     KNOWN in [0-9]+ cases, first .*: the proxy removes it \(until 2999-12-31\)$' out || fail 'the reason is not shown'
grep -qE '^PASSED: .*; except for [0-9]+ known failures of the baseline$' out || fail 'the known failures are not counted'
runs 1 --base-url "$(url no-request-id+key-alone+array-ok)" --baseline known.json --only J5,B1
[ "$(grep -c '^FAILED ' out)" = 2 ] || { cat out; fail 'known failures are not apart from the others'; }
runs 1 --base-url "$(url right)" --baseline known.json
has 'it no longer fails for this clause: remove the entry'
[ "$(grep -c '^FAILED ' out)" = 1 ] || fail 'a stale entry fails more than one case'
runs 0 --base-url "$(url right)" --baseline known.json --only J5
sed 's/2999-12-31/2020-01-01/' known.json >past.json
runs 1 --base-url "$(url no-request-id)" --baseline past.json --only J5
has 'it still fails'

# --strict for one clause; --min-judged.
runs 0 --base-url "$(url right)" --only J5 --strict=T4,J5
runs 2 --base-url "$(url right)" --only J5 --strict=T44
complains 'there is no such clause'
runs 0 --base-url "$(url right)" --only J5 --min-judged 50
runs 1 --base-url "$(url right)" --only J5 --min-judged 500
has 'FAILED: only '
runs 0 --base-url "$(url right)" --only B6,J5-swapped --format json
complains 'warning: only '
