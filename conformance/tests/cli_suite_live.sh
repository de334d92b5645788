# What is not loopback: paced, budgeted, left alone at its first 5xx; and every end of a run is a clean one.
# 0.0.0.0 leads to this machine without being a loopback address.
command -v python3 >/dev/null || { echo "no python3"; exit 77; }
fail() { echo "FAILED: $*" >&2; exit 1; }
export PYTHONDONTWRITEBYTECODE=1
server=$HM_SOURCE/conformance/tests/foreign_server.py
eval "$(python3 "$server" --environment)"
python3 "$server" --port-file ports right malformed-500 slow silent short-answers reset-later huge-answers & pid=$!
trap 'kill $pid 2>/dev/null' EXIT
for _ in $(seq 600); do [ -f ports ] && break; sleep 0.05; done
url() { sed -n "s#^$1 http://127.0.0.1#http://0.0.0.0#p" ports; }
runs() { # CODE ARGUMENT...
  want=$1; shift
  got=0; heymarket-conformance run "$@" >out 2>err || got=$?
  [ "$got" = "$want" ] || { cat out err >&2; fail "exit $got, expected $want: $*"; }
}

runs 2 --base-url "$(url right)"
grep -q -e '--live' err || fail 'the complaint does not name --live'

# Every case, fast; then with a budget that is too small.
runs 0 --base-url "$(url right)" --live --rate 6000 --budget 1000
accepted=$(sed -n 's/ writes were accepted$//p' out)
[ "$accepted" -le 1000 ] || fail 'too many writes'
runs 0 --base-url "$(url right)" --live --rate 6000 --budget 5
[ "$(sed -n 's/ writes were accepted$//p' out)" -le 5 ] || { cat out; fail 'the budget is not kept'; }
grep -q 'budget of 5 accepted writes' out || fail 'the budget is not given as the reason'

# Paced: 10 requests at 1200 a minute take at least 9 times 50 ms.
runs 0 --base-url "$(url right)" --live --rate 1200 --only J2-algorithm
requests=$(sed -n 's/.* cases, \([0-9]*\) requests in .*/\1/p' out)
seconds=$(sed -n 's/.* requests in \([0-9.]*\) s.*/\1/p' out)
awk -v n="$requests" -v s="$seconds" 'BEGIN { exit !(s >= (n - 1) * 0.05) }' || fail "$requests requests in $seconds s"

# The first 5xx ends it.
runs 1 --base-url "$(url malformed-500)" --live --rate 6000 --budget 1000
grep -q 'answered 5xx and is left alone' out || { cat out; fail 'not left alone'; }
[ "$(grep -c '^FAILED' out)" -le 2 ] || fail 'it went on'

# A target that answers nothing, half, no more, or without end.
runs 6 --base-url "$(url short-answers)" --live --rate 6000
grep -q '^NO ANSWER' out || fail 'a half answer counts'
runs 6 --base-url "$(url silent)" --live --rate 6000
grep -q '^NO ANSWER' out || fail 'silence counts'
runs 1 --base-url "$(url reset-later)" --live --rate 6000 --only J1
grep -q 'no whole answer: ' out || fail 'what happened is not said'
grep -q 'not run: the target has not answered' out || fail 'it went on'
runs 1 --base-url "$(url huge-answers)" --live --rate 6000 --only J1-each-request
grep -q 'too large to read' out || { cat out; fail 'a huge answer is not named'; }

# A signal ends it with a report.
heymarket-conformance run --base-url "$(url slow)" --live --rate 60 >out 2>err & suite=$!
for _ in $(seq 200); do [ -s /proc/$suite/stat ] && break; done
sleep 1
kill -INT $suite
got=0; wait $suite || got=$?
[ "$got" = 130 ] || { cat out err; fail "exit $got after SIGINT"; }
grep -q '^INTERRUPTED' out || fail 'no report after SIGINT'
grep -q 'not run: the run was interrupted' out || fail 'what was not run is not said'
