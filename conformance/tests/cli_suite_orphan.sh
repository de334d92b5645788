# A mock that the suite has started always ends with it, however the suite ends.
export TMPDIR=$PWD/tmp; mkdir tmp
# A mock that prints its process id, then becomes the real one.
cat >witness <<'END'
#!/bin/sh
echo $$ >"$TMPDIR/../pid.new"; mv "$TMPDIR/../pid.new" "$TMPDIR/../pid"
exec heymarket-mock "$@"
END
chmod +x witness
has_started() { [ -f pid ] && ls tmp/*/port-0 >/dev/null 2>&1; }

# A case whose mock is stopped and does not answer delays the suite.
for signal in INT TERM KILL; do
  rm -f pid; rm -rf tmp; mkdir tmp
  heymarket-conformance run --mock ./witness >out 2>err & suite=$!
  eventually has_started || fail 'no mock'
  kill -$signal $suite 2>/dev/null || true
  wait $suite 2>/dev/null || true
  eventually is_gone "$(cat pid)" || fail "the mock lives on after SIG$signal"
  [ $signal = KILL ] || [ -z "$(ls tmp)" ] || fail "something is left after SIG$signal"
done
