# A run deletes what it created on a mock that somebody else started; --keep does not.
heymarket-mock serve --listen 0 --port-file port --log none 2>/dev/null & mock=$!
await port
url=$(sed -n 1p port)
left() { sed -n 's/.* deleted, \([0-9]*\) of this run left$/\1/p' out; }

for round in 1 2; do
  heymarket-conformance run --base-url "$url" --skip B5 >out 2>&1 || { cat out; fail "round $round"; }
  [ "$(left)" = 0 ] || { cat out; fail "$(left) channels are left"; }
done
grep -qE '^[1-9][0-9]{2} channels deleted' out || { cat out; fail 'nothing was deleted'; }

heymarket-conformance run --base-url "$url" --only X1 --keep >out 2>&1 || { cat out; fail '--keep'; }
[ -z "$(left)" ] || fail '--keep deletes'
kill $mock; wait $mock || true

# Also after a signal. The mock is slow, so that the run cannot end before it.
rm -f port
heymarket-mock serve --listen 0 --port-file port --log none --fault delay=5ms 2>/dev/null & mock=$!
await port
url=$(sed -n 1p port)
heymarket-conformance run --base-url "$url" --skip B5 --jobs 2 >out 2>&1 & suite=$!
eventually heymarket-mock verify --url "$url" status=200 --at-least 20 >/dev/null 2>&1 || fail 'nothing was written'
kill -TERM $suite
code=0
wait $suite || code=$?
[ $code = 143 ] || { cat out; fail "exit $code, expected an interrupted run"; }
grep -q '^INTERRUPTED' out || { cat out; fail 'it does not say that it was interrupted'; }
grep -qE '^[1-9][0-9]* channels deleted' out || { cat out; fail 'nothing was deleted after a signal'; }
[ "$(left)" = 0 ] || { cat out; fail "$(left) channels are left after a signal"; }
heymarket-mock verify --url "$url" --channels contact=ada --exactly 3 >out 2>&1 || { cat out; fail 'Ada has other channels than before'; }
kill $mock; wait $mock || true
