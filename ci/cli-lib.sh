# Helpers of the command-line tests; ci/cli-test sources them before the test.

fail() { echo "FAILED: $*" >&2; exit 1; }

# Limits that only guard against a test that hangs are generous: a sanitized build on a busy machine is slow.
hm_patience_s=60

# eventually COMMAND...: repeats it until it succeeds; fails when it has not after a minute.
eventually() {
  local end=$((SECONDS + hm_patience_s))
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.02
  done
}

# await FILE: until it has content.
await() { eventually test -s "$1" || fail "no $1"; }

# is_gone PID: no such process, or one that nobody has waited for yet.
is_gone() { ! kill -0 "$1" 2>/dev/null || grep -qs '^State:.Z' "/proc/$1/status"; }

# exits CODE COMMAND...: expects the exit code; the output is in ./out, the messages in ./err.
exits() {
  local want=$1 got=0
  shift
  "$@" >out 2>err || got=$?
  [ "$got" = "$want" ] || { cat out err >&2; fail "exit $got, expected $want: $*"; }
}
# has TEXT, complains TEXT: the output, or the messages, have the text.
has() { grep -qF -- "$1" out || { cat out >&2; fail "the output lacks: $1"; }; }
complains() { grep -qF -- "$1" err || { cat err >&2; fail "the messages lack: $1"; }; }

# need_python [MODULE]: without it the test is skipped.
need_python() { python3 -c "import ${1:-sys}" 2>/dev/null || { echo "skipped: no python3${1:+ with $1}"; exit 77; }; }

trap 'kill $(jobs -p) 2>/dev/null || true' EXIT # a test that fails leaves no mock running
