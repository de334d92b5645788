# A run deletes what it created on a mock that somebody else started; --keep does not.
heymarket-mock serve --listen 0 --port-file port --log none 2>/dev/null & mock=$!
await port
url=$(sed -n 1p port)
left() { sed -n 's/.* deleted, \([0-9]*\) of this run left$/\1/p' out; }

for round in 1 2; do
  heymarket-conformance run --base-url "$url" >out 2>&1 || { cat out; fail "round $round"; }
  [ "$(left)" = 0 ] || { cat out; fail "$(left) channels are left"; }
done
grep -qE '^[1-9][0-9]{2} channels deleted' out || { cat out; fail 'nothing was deleted'; }

# A channel without a type could not be deleted: the cases that would create one need --keep.
heymarket-conformance run --base-url "$url" --only B5 --verbose >out 2>&1 || { cat out; fail B5; }
grep -q 'would create a channel without a type, which no request can delete; add --keep to run it: B5-accept-type' out ||
  { cat out; fail 'why it is skipped is not said'; }
[ "$(left)" = 0 ] || fail "$(left) channels are left by B5"
heymarket-conformance run --base-url "$url" --only B5 --keep --verbose >out 2>&1 || { cat out; fail 'B5 --keep'; }
! grep -q 'would create a channel without a type' out || fail '--keep does not run it'
heymarket-mock verify --url "$url" --channels contact=ada --exactly 3 >/dev/null 2>&1 && fail '--keep leaves nothing'

heymarket-conformance run --base-url "$url" --only X1 --keep >out 2>&1 || { cat out; fail '--keep'; }
[ -z "$(left)" ] || fail '--keep deletes'
kill $mock; wait $mock || true

# Also after a signal. The mock takes long to create, so that the run cannot end before it: two minutes in all.
rm -f port
heymarket-mock serve --listen 0 --port-file port --log none --fault operation=channel_create,delay=200ms 2>/dev/null & mock=$!
await port
url=$(sed -n 1p port)
heymarket-conformance run --base-url "$url" --jobs 2 >out 2>&1 & suite=$!
eventually heymarket-mock verify --url "$url" operation=channel_create status=200 --at-least 5 >/dev/null 2>&1 || fail 'nothing was written'
kill -TERM $suite
code=0
wait $suite || code=$?
[ $code = 143 ] || { cat out; fail "exit $code, expected an interrupted run"; }
grep -q '^INTERRUPTED' out || { cat out; fail 'it does not say that it was interrupted'; }
grep -qE '^[1-9][0-9]* channels deleted' out || { cat out; fail 'nothing was deleted after a signal'; }
[ "$(left)" = 0 ] || { cat out; fail "$(left) channels are left after a signal"; }
heymarket-mock verify --url "$url" --channels contact=ada --exactly 3 >out 2>&1 || { cat out; fail 'Ada has other channels than before'; }
kill $mock; wait $mock || true

# A request of the cleanup that fails once is not the end of it.
for fault in channel_list,abort=reset,nth=1 channel_list,abort=reset,nth=3 channel_list,status=503,nth=2 channel_delete,abort=reset,nth=3,commit=yes; do
  rm -f port
  heymarket-mock serve --listen 0 --port-file port --log none --fault "operation=$fault,times=1" 2>/dev/null & mock=$!
  await port
  heymarket-conformance run --base-url "$(sed -n 1p port)" --only R7 >out 2>&1 || { cat out; fail "R7 with $fault"; }
  [ "$(left)" = 0 ] || { cat out; fail "$(left) channels are left with $fault"; }
  kill $mock; wait $mock || true
done
