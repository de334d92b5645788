# A signal ends `client` and `signer` while their command runs, the command's process group too; reports are written.
cat >slow.sh <<'EOF'
# Prints no token for a long time, from a child of its own.
sleep 1000 &
echo $! >"$1"
wait
EOF
ends() { # SIGNAL EXIT VERB...: sends SIGNAL once the command runs
  local signal=$1 want=$2 got=0
  shift 2
  rm -f child
  heymarket-conformance "$@" -- sh slow.sh child >out 2>err &
  pid=$!
  await child
  kill -"$signal" $pid
  # The child must be gone at once after the program, which does not wait for the command's end.
  wait $pid || got=$?
  [ "$got" = "$want" ] || { cat out err; fail "$* after $signal: exit $got, expected $want"; }
  eventually is_gone "$(cat child)" || fail "$*: the command's child is alive"
}
ends INT 130 signer
tail -n 1 out | grep -q '^interrupted: 0 mistakes' || fail "signer: $(cat out)"
ends TERM 143 signer
ends TERM 143 signer --format json
[ "$(head -c 1 out)" = '{' ] || fail 'no report on standard output'
ends INT 130 client --report report
tail -n 1 out | grep -q '^interrupted: ' || fail "client: $(cat out)"
[ -s report/results.json ] && [ -s report/junit.xml ] || fail 'no report'
ends TERM 143 client

# One that ignores TERM is killed.
cat >slow.sh <<'EOF'
trap '' TERM INT
echo $$ >"$1"
sleep 1000; sleep 1000
EOF
ends TERM 143 signer

# A run ends although nobody reads its output.
mkfifo unread
bash -c "exec 9<unread; exec sleep 1000" & reader=$!
heymarket-conformance run --only R4 --only J5 --format json >unread 2>err & pid=$!
await_blocked() { # PID: it waits in a write to a pipe
  grep -q 'pipe_write' "/proc/$1/wchan" 2>/dev/null || ! kill -0 "$1" 2>/dev/null
}
eventually await_blocked $pid || echo 'note: the kernel does not say where a process waits' >&2
got=0
kill -TERM $pid
wait $pid || got=$?
kill $reader
[ "$got" = 143 ] || grep -q "standard output cannot be written" err || fail "exit $got of a run whose output nobody reads"
