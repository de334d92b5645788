# Sandboxes: tests that run at the same time against one mock, and what `run` says of them.
run() { # EXIT OPTIONS... -- ARGUMENTS of sandboxes.py
  local want=$1 options=()
  shift
  while [ "$1" != -- ]; do options+=("$1"); shift; done
  shift
  exits "$want" heymarket-mock run --threads 16 "${options[@]}" -- python3 "$HM_SOURCE/mock/tests/sandboxes.py" keys "$@"
}
run 0 --log json --expect 44 --report r.json --report r.html --report r.xml --report r.md -- brief
has 52
grep -q '"in_sandboxes": 52' r.json || fail 'the report does not count them'
grep -q '52 requests: 44 accepted, 8 refused, 0 warned, 52 of them in sandboxes' err || { cat err >&2; fail 'nor does the summary'; }
[ "$(grep -c '"sandbox":"1d' err)" = 52 ] || fail 'the log does not name the sandbox'
grep -q '"sandbox": *"1d' r.json || fail 'no exchange of a sandbox in the report'
[ "$(sort -u keys | wc -l)" = 16 ] || fail 'keys are used twice'
! grep -qFf keys err r.json r.html r.xml r.md || fail 'a key is shown'

# Refusals and expectations of sandboxes count, also of those that have ended.
run 1 --log none --fail-on refused --
run 1 --log none -- unmet
tr -s ' \n' ' ' <err | grep -q 'expected refusals: 8 did not come true: sandbox 1d' || { cat err >&2; fail 'expectations are lost'; }

# A reload may not take what belongs to a sandbox; a sandbox may not take what belongs to the main world.
cat >one.json <<'EOF'
{ "teams": [ { "team_id": 1, "name": "One", "secrets": [ { "id": "mine", "key": "OnlyForThisTestOnlyForThis0001" } ], "contacts": [] } ] }
EOF
sed 's/mine/yours/' one.json >world.json
heymarket-mock serve --listen 0 --port-file port --log none --world world.json 2>log &
mock=$!
await port
control=$(head -n 1 port)/_mock
post() { curl -sS -w '%{http_code}' -H 'Content-Type: application/json' -d "{\"world\":$(cat one.json)}" "$control/sandboxes"; }
exits 0 post
has '}201'
cp one.json world.json
kill -HUP $mock
eventually grep -q 'nothing was changed' log || true
grep -q 'the secret ID mine belongs to another world of this mock' log || { cat log >&2; fail 'a reload takes an id'; }
sed -i 's/mine/yours/' one.json
exits 0 post
has '}409'
has 'the secret ID yours belongs to another world of this mock'
kill $mock
wait $mock
