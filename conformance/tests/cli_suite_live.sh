# A target that is not loopback: requests are paced and budgeted and stop at the first 5xx; and every run ends cleanly.
# 0.0.0.0 reaches this machine without being a loopback address.
need_python
server=$HM_SOURCE/conformance/tests/foreign_server.py
eval "$(python3 "$server" --environment)"
python3 "$server" --port-file ports right malformed-500 tells silent short-answers reset-later huge-answers \
  long-answers endless-head drips hundred-megabytes malformed-200 >asked &
await ports
url() { sed -n "s#^$1 http://127.0.0.1#http://0.0.0.0#p" ports; }
runs() { # CODE ARGUMENT...
  local want=$1
  shift
  exits "$want" heymarket-conformance run "$@"
}

# The slow ones run in the background.
waits() { # TARGET: its exit code goes to rc.TARGET, what it says to out.TARGET
  got=0; heymarket-conformance run --base-url "$(url "$1")" --live --rate 6000 >"out.$1" 2>&1 || got=$?
  echo "$got" >"rc.$1"
}
waits silent & silent=$!
waits drips & drips=$!

runs 2 --base-url "$(url right)"
grep -q -e '--live' err || fail 'the complaint does not name --live'
grep -qE '[0-9]+ requests of [0-9]+ cases would be sent; .* at most [0-9]+ writes' err || fail 'what would be sent is not said'
for option in --rate --budget; do
  runs 2 --base-url "$(url right)" $option 10
  runs 2 --only J1-missing $option 10
  grep -q -e "$option needs --live" err || fail "$option without --live"
done

# --list shows what would be sent, in the same order, and sends nothing.
heymarket-conformance list --base-url "$(url right)" --live --budget 10 >listed
heymarket-conformance list --base-url http://0.0.0.0:1 --live --budget 10 >listed.nowhere
for file in listed listed.nowhere; do edit $file 's#http://0.0.0.0:[0-9]*##'; done
cmp listed listed.nowhere || fail 'the list depends on the target'
grep -q 'skipped: budget' listed || fail 'what has no room is not said'
tail -n 1 listed | grep -qE 'accepts at most ([0-9]|10) writes of these \(budget 10\); to delete what was created takes at most [0-9]+ more; the budget is too small for [0-9]+ more cases' || fail 'no sum'

# Every case, fast; then with the default budget, and with one that is too small.
created() { grep -c '  by [A-Za-z]' out; }
accepted() { sed -n 's/ writes\{0,1\} [a-z]* accepted$//p' out; }
runs 0 --base-url "$(url right)" --live --rate 6000 --budget 1000
[ "$(accepted)" -le 1000 ] || fail 'too many writes'
runs 0 --base-url "$(url right)" --live --rate 6000
case $(accepted) in
  3[0-9] | 40) ;;
  *) fail "$(accepted) writes with the default budget" ;;
esac
[ "$(created)" = "$(accepted)" ] || { cat out; fail 'the ledger does not list what was accepted'; }
grep -qE '^  email hm-[0-9a-f]{8}-[0-9]+@example.com  /v2/contact/.*  by J12-same-connection, step 2  X-Request-Id' out ||
  fail 'no such entry in the ledger'
! grep -E '^  (phone|email) ' out | grep -vE '^  (email (HM-|hm\+plus\.|HM\.Capitals\.)?hm-|phone \+?1[2-9][0-9]{2}5550[01])' || fail 'other writes'
grep -qE '^[1-9][0-9]* channels deleted, 0 of this run left$' out || { cat out; fail 'a run with the default budget leaves channels'; }
runs 0 --base-url "$(url right)" --live --rate 6000 --budget 5
[ "$(accepted)" -le 5 ] || { cat out; fail 'the budget is not kept'; }
grep -q 'budget: no more writes' out || fail 'the budget is not given as the reason'

# A run keeps what the list promises, whatever the budget: what is refused is sent before what writes.
planned() { sed -n 's/.* requests of \([0-9]*\) cases would be sent; .*/\1/p'; }
ran() { sed -n 's/.*: \([0-9]*\) passed, \([0-9]*\) observed, .*/\1 + \2/p' out; }
for budget in 2 5 10; do
  promised=$(heymarket-conformance list --base-url "$(url right)" --live --budget $budget | planned)
  runs 0 --base-url "$(url right)" --live --rate 6000 --budget $budget
  [ $(($(ran))) = "$promised" ] && [ "$promised" -gt 250 ] || { cat out; fail "$(ran) cases with a budget of $budget, not $promised"; }
  [ "$(accepted)" -le $budget ] || fail "$(accepted) writes with a budget of $budget"
  has 'WARNING: only '
done
runs 1 --base-url "$(url right)" --live --rate 6000 --budget 2 --min-judged 600
has '--min-judged expects 600'
runs 2 --base-url "$(url right)" --live --budget 0

# An accepted request that should have been refused counts, and stops at the budget too.
runs 1 --base-url "$(url malformed-200)" --live --rate 6000 --budget 12 --only B2
[ "$(accepted)" -le 12 ] || fail 'a wrong target is written to beyond the budget'
[ "$(created)" = "$(accepted)" ] || fail 'the ledger lacks what should have been refused'

# Paced: 10 requests at 1200 a minute take at least 9 times 50 ms.
runs 0 --base-url "$(url right)" --live --rate 1200 --only J2-algorithm
requests=$(sed -n 's/.* cases, \([0-9]*\) requests in .*/\1/p' out)
seconds=$(sed -n 's/.* requests in \([0-9.]*\) s.*/\1/p' out)
awk -v n="$requests" -v s="$seconds" 'BEGIN { exit !(s >= (n - 1) * 0.05) }' || fail "$requests requests in $seconds s"

# The first 5xx ends the run.
runs 1 --base-url "$(url malformed-500)" --live --rate 6000 --budget 1000
grep -q 'answered with 5xx, so the run stops' out || { cat out; fail 'not left alone'; }
[ "$(grep -c '^FAILED' out)" -le 2 ] || fail 'it went on'

# A target that sends no answer, half of one, no more answers, or an endless one.
runs 6 --base-url "$(url short-answers)" --live --rate 6000
grep -q '^NO ANSWER' out || fail 'a half answer counts'
wait $silent $drips
[ "$(cat rc.silent)" = 6 ] || { cat out.silent; fail 'silence counts'; }
grep -q '^NO ANSWER' out.silent || fail 'silence counts, and is not named'
[ "$(cat rc.drips)" = 6 ] || { cat out.drips; fail 'a drip counts'; }
grep -q '^NO ANSWER' out.drips || fail 'a drip counts, and is not named'
runs 1 --base-url "$(url reset-later)" --live --rate 6000 --only J1
grep -q 'incomplete or no answer: ' out || fail 'what happened is not said'
grep -q 'not run: the target has not answered' out || fail 'it went on'
runs 1 --base-url "$(url huge-answers)" --live --rate 6000 --only J1-each-request
grep -q 'too large to read' out || { cat out; fail 'a huge answer is not named'; }

# Wrong lengths, a head or a body without end: the suite handles each, and soon.
runs 1 --base-url "$(url endless-head)" --live --rate 6000 --only J1-each-request
runs 1 --base-url "$(url hundred-megabytes)" --live --rate 6000 --only J1-each-request
grep -q 'too large to read' out || { cat out; fail 'a hundred megabytes are not named'; }
runs 1 --base-url "$(url long-answers)" --live --rate 6000 --only J1-each-request
grep -q '^FAILED' out || fail 'an answer longer than it says'

# A signal ends the run with a report.
heymarket-conformance run --base-url "$(url tells)" --live --rate 60 --report cut >out 2>err & suite=$!
eventually grep -q ^tells asked || fail 'no request'
kill -INT $suite
got=0; wait $suite || got=$?
[ "$got" = 130 ] || { cat out err; fail "exit $got after SIGINT"; }
grep -q '^INTERRUPTED' out || fail 'no report after SIGINT'
grep -q 'not run: the run was interrupted' out || fail 'what was not run is not said'
