# Cases at the same time: the results are those of one after another, in the same order; a slow server is not waited
# for as often; a time limit, a first failure and a signal end the run. HM_SAMPLE=1: fewer cases, for builds that are slow.
need_python
server=$HM_SOURCE/conformance/tests/foreign_server.py
eval "$(python3 "$server" --environment)"
python3 "$server" --port-file ports right third-write-lost+latency-200 written-twice busy+latency-200 \
  latency-200 silent >/dev/null &
await ports
url() { sed -n "s#^$1 ##p" ports; }
runs() { # CODE ARGUMENT...
  local want=$1
  shift
  exits "$want" heymarket-conformance run "$@"
}
same() { # CODE ARGUMENT...: with one job and with eight
  local want=$1
  shift
  rm -rf one eight
  runs "$want" --report one --jobs 1 "$@"
  runs "$want" --report eight --jobs 8 "$@"
  python3 - <<'END_PYTHON' || fail "results differ: $*"
import json, re, sys
def results(folder):
    for case in json.load(open(folder + "/results.json"))["cases"]:
        yield (case["id"], case["result"], sorted((r["clause"] or "", r["result"], r["step"]) for r in case["remarks"]))
def order(folder):
    return [(r.get("case"), r["purpose"], r.get("step")) for r in map(json.loads, open(folder + "/transcript.ndjson"))]
one, eight = (list(results(folder)) for folder in ("one", "eight"))
for a, b in zip(one, eight):
    if a != b:
        print(a, b, sep="\n")
numbers = [json.loads(line)["number"] for line in open("eight/transcript.ndjson")]
sys.exit(one != eight or order("one") != order("eight") or numbers != list(range(1, len(numbers) + 1)))
END_PYTHON
}
some=(--only R3 --only R4 --only E2 --only J10 --only J12 --only T3)
if [ -n "${HM_SAMPLE:-}" ]; then same 0 "${some[@]}" --only J6; else same 0; fi
same 0 --base-url "$(url right)" "${some[@]}"
same 1 --base-url "$(url written-twice)" "${some[@]}"

# A slow server is not waited for as often, and its faults are found.
if [ -z "${HM_SAMPLE:-}" ]; then
  runs 1 --base-url "$(url third-write-lost+latency-200)" --only R4
  runs 0 --keep --base-url "$(url latency-200)" --only R4 --only R3 --only J3-iss --report late
  sed -n 's/.*"time_ms":\([0-9]*\).*/\1/p' late/transcript.ndjson | # all requests take longer together than the run
    awk -v took_s="$(sed -n 's/.* requests in \([0-9.]*\) s.*/\1/p' out)" '{ all_ms += $1 } END { exit !(NR > 60 && all_ms > 1500 * took_s) }' ||
    { cat out; fail 'one after another'; }
  # Its 429 are waited for, by all.
  runs 0 --base-url "$(url busy+latency-200)" --only J5-secret --jobs 8
fi

# A budget is kept with several jobs, too.
runs 0 --base-url "$(url right | sed 's/127.0.0.1/0.0.0.0/')" --live --rate 6000 --budget 9 --jobs 8
[ "$(sed -n 's/ writes\{0,1\} [a-z]* accepted$//p' out)" -le 9 ] || { cat out; fail 'the budget is not kept'; }

# The ends of a run.
runs 1 --base-url "$(url latency-200)" --timeout 1 --jobs 1
has 'not run: the 1 s of --timeout are over'
[ "$(tail -n 1 out)" = 'FAILED: the 1 s of --timeout are over' ] || { cat out; fail 'no verdict'; }
runs 1 --base-url "$(url silent)" --timeout 1
runs 1 --base-url "$(url written-twice)" --fail-fast
[ "$(grep -c '^FAILED ' out)" = 1 ] || { cat out; fail 'more than one failure'; }
has 'not run: --fail-fast, and a case failed'
runs 2 --jobs 0
runs 2 --timeout 0

# A signal ends requests that are on their way; a minute of silence would follow.
for jobs in 1 8; do
  python3 "$server" --port-file "silent.$jobs" silent >"asked.$jobs" &
  await "silent.$jobs"
  heymarket-conformance run --base-url "$(sed 's/^silent //' "silent.$jobs")" --jobs $jobs >out 2>err & suite=$!
  await "asked.$jobs"
  kill -TERM $suite
  got=0; wait $suite || got=$?
  [ "$got" = 143 ] || { cat out err; fail "exit $got after SIGTERM"; }
  grep -q '^INTERRUPTED' out || fail 'no report after SIGTERM'
done
