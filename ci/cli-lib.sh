# Functions for the command-line tests. ci/cli-test sources them before the test.

fail() { echo "FAILED: $*" >&2; exit 1; }

# eventually COMMAND...: repeats COMMAND until it succeeds, at most 2,000 times. That takes a minute, and longer on a busy machine; the
# clock, which may be set meanwhile, does not count.
eventually() {
  local tries=2000
  until "$@"; do
    [ $((tries -= 1)) -gt 0 ] || return 1
    sleep 0.02
  done
}

# await FILE: waits until FILE is not empty.
await() { eventually test -s "$1" || fail "no $1"; }

# is_gone PID: succeeds if the process does not exist or is a zombie.
is_gone() { ! kill -0 "$1" 2>/dev/null || grep -qs '^State:.Z' "/proc/$1/status"; }

# exits CODE COMMAND...: runs COMMAND and expects exit code CODE; stdout is in ./out, stderr in ./err.
exits() {
  local want=$1 got=0
  shift
  "$@" >out 2>err || got=$?
  [ "$got" = "$want" ] || { cat out err >&2; fail "exit $got, expected $want: $*"; }
}
# has TEXT, complains TEXT: stdout or stderr of the last command must contain TEXT.
has() { grep -qF -- "$1" out || { cat out >&2; fail "the output lacks: $1"; }; }
complains() { grep -qF -- "$1" err || { cat err >&2; fail "the messages lack: $1"; }; }

# no_complaints: stderr of the last command is empty, but for the progress that is shown of a run of more than ten seconds.
no_complaints() { ! grep -vE '^[0-9]+/[0-9]+, ' err >&2 || fail 'something was written to standard error'; }

# at_once FUNCTION...: runs functions that mostly wait at the same time, each in a folder of its own with copies of the files here.
at_once() {
  local part files=(*) running=() failed=
  for part in "$@"; do
    mkdir "$part" && cp "${files[@]}" "$part"
    (cd "$part" && "$part") & running+=($!)
  done
  for part in "${running[@]}"; do wait "$part" || failed=1; done
  [ -z "$failed" ] || exit 1
}

# need_python [MODULE]: skips the test if Python or MODULE is missing.
need_python() { python3 -c "import ${1:-sys}" 2>/dev/null || { echo "skipped: no python3${1:+ with $1}"; exit 77; }; }

# need_linux COMMAND...: skips the test where a command is missing that Linux has, or where there is no /proc.
need_linux() {
  local command
  [ -r /proc/self/status ] || { echo 'skipped: needs /proc, as Linux has it'; exit 77; }
  for command in "$@"; do
    command -v "$command" >/dev/null || { echo "skipped: no $command"; exit 77; }
  done
}

# need_intercept: skips the test of a build that has no interception, see ci/portable.md.
need_intercept() {
  if { heymarket-mock run --intercept=check || true; } | grep -q 'they need Linux'; then echo 'skipped: run --intercept needs Linux'; exit 77; fi
}

# mode FILE: its permissions in octal. The first is GNU's, the second that of macOS and the BSDs.
mode() { stat -c %a "$1" 2>/dev/null || stat -f %Lp "$1"; }

# edit FILE COMMAND: `sed -i` takes different options on different systems.
edit() { sed "$2" "$1" >"$1.edited" && mv "$1.edited" "$1"; }

# Without GNU's timeout a test that hangs ends with ctest's own limit.
command -v timeout >/dev/null ||
  timeout() {
    [ "$1" != -k ] || shift 2
    shift
    "$@"
  }

trap 'kill $(jobs -p) 2>/dev/null || true' EXIT # stop the mock if a test fails
