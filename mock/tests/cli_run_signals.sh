# heymarket-mock run: signals reach the command, no process is left, many runs at a time.
need_linux setsid pgrep
# Also a failed test ends its processes.
trap 'kill -9 $(jobs -p) $(cat pids 2>/dev/null) 2>/dev/null || true' EXIT

few='--threads 16' # it starts the sooner

# Counts the signals that it gets and is ready once "ready" is in its first file; TERM, which is delivered
# last of the pending signals, prints the counts and ends it.
cat >counter.py <<'END'
import os, signal, sys
counts = {}
def note(number, frame):
    counts[number] = counts.get(number, 0) + 1
def report(number, frame):
    with open("counts", "w") as out:
        out.write(" ".join(f"{signal.Signals(n).name}={c}" for n, c in sorted(counts.items())))
    os._exit(42)
for number in signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2:
    signal.signal(number, note)
signal.signal(signal.SIGTERM, report)
with open("pids", "a") as out:
    out.write(f"{os.getpid()}\n")
with open(sys.argv[1], "w") as out:
    out.write("ready\n")
while True:
    signal.pause()
END

# begin [COMMAND...]: in its own process group, as a runner starts its jobs; $pid is ours, $child the command's.
begin() {
  rm -f ready counts pids
  mkfifo ready
  # shellcheck disable=SC2086 # words
  setsid heymarket-mock run $few -- "${@:-python3}" "$PWD/counter.py" ready 2>err &
  pid=$!
  read -r _ <ready
  child=$(cat pids)
}
# counted WHAT: the counts after TERM, which ends the command.
counted() {
  local got=0
  kill -TERM "$pid"
  wait "$pid" || got=$?
  [ "$got" = 42 ] || fail "exit $got: $(cat err)"
  [ "$(cat counts)" = "$1" ] || fail "got '$(cat counts)', expected '$1'"
}
gone() { eventually is_gone "$1" || fail "process $1 is still there"; }

# Sent to us alone: passed on.
begin
for signal in HUP INT QUIT USR1 USR2; do kill -$signal "$pid"; done
counted 'SIGHUP=1 SIGINT=1 SIGQUIT=1 SIGUSR1=1 SIGUSR2=1'

# A command that signals its whole group, as `trap "kill 0" EXIT` does, does not stop us.
got=0
# shellcheck disable=SC2086
setsid -w heymarket-mock run $few -- sh -c 'trap : TERM; kill -TERM 0; exit 5' 2>err || got=$?
[ "$got" = 5 ] || fail "exit $got after kill 0: $(cat err)"

# A command that is stopped gets a signal that ends it.
begin
kill -STOP "$child"
counted ''

# A command in its own group gets the signal only from us.
begin setsid python3
kill -INT -- "-$pid"
counted 'SIGINT=1'

# Ctrl-C at a terminal.
cat >terminal.py <<'END'
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execvp("heymarket-mock", ["heymarket-mock", "run", "--threads", "16", "--", "python3", "counter.py", "ready"])
with open("ready") as ready:
    ready.readline()
os.write(terminal, b"\x03")
echo = b""
while b"^C" not in echo:  # the terminal sends the signal before it echoes the key
    echo += os.read(terminal, 4096)
os.kill(pid, 15)
os.set_blocking(terminal, True)
try:
    while os.read(terminal, 4096):
        pass
except OSError:
    pass
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
END
rm -f counts pids
got=0
timeout 120 python3 terminal.py || got=$?
[ "$got" = 42 ] || fail "at a terminal: exit $got"
[ "$(cat counts)" = SIGINT=1 ] || fail "Ctrl-C: $(cat counts)"

# Killed: the command is killed with us. Ended by a signal: 128+n.
begin
kill -KILL "$pid"
wait "$pid" 2>/dev/null || true
gone "$child"
begin
kill -KILL "$child"
got=0
wait "$pid" || got=$?
[ "$got" = 137 ] || fail "exit $got after KILL"
gone "$(pgrep -P "$pid" || echo none)"

# The rest is the same on all systems.
if [ "${HM_PLATFORM:-}" = posix ] && [ -n "${HM_SAMPLE:-}" ]; then exit 0; fi

# A command that leaves a process running: we end with the command, and do not touch that process.
# shellcheck disable=SC2016,SC2086
timeout 120 heymarket-mock run $few -- sh -c 'setsid sleep 60 >/dev/null 2>&1 </dev/null & echo $! >pids' 2>err ||
  fail "exit $?: $(cat err)"
kill -0 "$(cat pids)" || fail "what the command left running is gone"
kill -KILL "$(cat pids)"

# Ten at a time, each on its own port.
# The dollar sign is for the command's own shell.
for i in $(seq 10); do
  # shellcheck disable=SC2016,SC2086
  heymarket-mock run $few -- sh -c 'echo $HEYMARKET_API_BASE_URL; heymarket-mock health --port-file /dev/stdin <<END
$HEYMARKET_API_BASE_URL
END' >"url.$i" 2>"err.$i" &
  runs[i]=$!
done
for i in $(seq 10); do wait "${runs[i]}" || fail "run $i: exit $?: $(cat "err.$i")"; done
[ "$(cat url.* | grep -c '^http')" = 10 ] || fail "not ten: $(cat url.*)"

# Started and stopped again and again.
for _ in $(seq 50); do
  # shellcheck disable=SC2086
  heymarket-mock run $few -- true 2>err || fail "exit $?: $(cat err)"
done
echo passed

# A command that a signal ended is no reason to suspect its base URL.
got=0
# shellcheck disable=SC2086 # words
heymarket-mock run $few -- sh -c 'kill -INT $$' 2>err || got=$?
[ $got = 130 ] || fail "exit $got"
grep -q 'no request arrived before a signal ended the command' err && ! grep -q Probably err || fail "$(cat err)"
