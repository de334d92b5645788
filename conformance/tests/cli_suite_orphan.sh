# A mock that the suite has started never outlives it, however it ends.
fail() { echo "FAILED: $*" >&2; exit 1; }
export TMPDIR=$PWD/tmp; mkdir tmp
# A mock that says who it is, then becomes the real one.
cat >witness <<'END'
#!/bin/sh
echo $$ >"$TMPDIR/../pid.new"; mv "$TMPDIR/../pid.new" "$TMPDIR/../pid"
exec heymarket-mock "$@"
END
chmod +x witness
gone() { for _ in $(seq 400); do kill -0 "$1" 2>/dev/null || return 0; sleep 0.05; done; return 1; }
started() { for _ in $(seq 400); do [ -f pid ] && ls tmp/*/port-0 >/dev/null 2>&1 && return 0; sleep 0.02; done; fail 'no mock'; }

# The suite is held up by a case whose mock answers nobody: a mock that is stopped.
for signal in INT TERM KILL; do
  rm -f pid; rm -rf tmp; mkdir tmp
  heymarket-conformance run --mock ./witness >out 2>err & suite=$!
  started
  kill -$signal $suite 2>/dev/null || true
  wait $suite 2>/dev/null || true
  gone "$(cat pid)" || fail "the mock lives on after SIG$signal"
  [ $signal = KILL ] || [ -z "$(ls tmp)" ] || fail "something is left after SIG$signal"
done
