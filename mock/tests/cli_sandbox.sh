# heymarket-mock sandbox: a command, or a shell, with a world of its own on a mock that is running.
heymarket-mock serve --listen 0 --port-file port --log none &
await port
url=$(head -n 1 port)
export HEYMARKET_MOCK_URL=$url
left() { curl -sS "$url/_mock/sandboxes" | grep -o '"id":"[^"]*"' | cut -d'"' -f4; }
none_left() { [ -z "$(left)" ] || fail "left after $1: $(left)"; }
create() { heymarket channel create "$HEYMARKET_CONTACT_ID" --type email --id "$1" >/dev/null; }
export -f create

# The same variables as run sets, with other values but for the mock's URL; the exit code is the command's.
heymarket-mock run -- env | grep '^HEYMARKET_' | cut -d= -f1 | sort >names
exits 7 heymarket-mock sandbox -- sh -c 'env; exit 7'
grep '^HEYMARKET_' out | cut -d= -f1 | sort | cmp - names || fail 'not the variables of run'
has "HEYMARKET_MOCK_URL=$url"
has "HEYMARKET_MOCK_CONTROL_URL=$url/_mock/sandboxes/"
has 'NO_PROXY=127.0.0.1,localhost,::1'
[ ! -s err ] || fail "it says: $(cat err)"
heymarket-mock env | sed 's/^export //' | tr -d "'" | grep -E '_(ID|KEY)=' >ours
! grep -qFf ours out || fail 'secrets or contacts of the main world'
none_left 'exit 7'
exits 127 heymarket-mock sandbox -- ./nowhere
complains './nowhere: not found'
exits 126 heymarket-mock sandbox -- ./port
exits 143 heymarket-mock sandbox -- sh -c 'kill -TERM $$'
none_left 'commands that cannot run'

# Its requests, faults and clock are its own; the verbs that ask follow the control URL. One in another is beside it.
inside() {
  create own@example.com
  heymarket-mock verify --exactly 1 && heymarket-mock verify channel_id=own@example.com && heymarket-mock health
  heymarket-mock env | grep -qF "$HEYMARKET_API_SECRET_KEY"
  curl -sS -X PUT -H 'Content-Type: application/json' -d '{"now":1713225600}' "$HEYMARKET_MOCK_CONTROL_URL/clock"
  ! create late@example.com 2>/dev/null
  outer=$HEYMARKET_MOCK_CONTROL_URL heymarket-mock sandbox -- bash -eu -c 'create in@example.com; heymarket-mock verify --exactly 1; [ "$HEYMARKET_MOCK_CONTROL_URL" != "$outer" ]'
  heymarket-mock verify --exactly 2
}
export -f inside
exits 0 heymarket-mock sandbox -- bash -eu -c inside
exits 0 heymarket-mock verify --exactly 0
none_left 'one in another'

# A refusal that is expected and does not come fails it, as with run.
expects() {
  curl -sS -H 'Content-Type: application/json' -d '{"where":{"status":404},"times":1}' "$HEYMARKET_MOCK_CONTROL_URL/expect"
  [ -z "${1:-}" ] || curl -sS "$HEYMARKET_API_BASE_URL/v2/contact/0b0d7000-0000-4000-8000-000000000000/channel" -H "Authorization: Bearer $(heymarket token sign)" -H 'Content-Type: application/json' -d '{"channel_type":"email","channel_id":"x@example.com"}'
}
export -f expects
exits 1 heymarket-mock sandbox -- bash -eu -c expects
complains '404'
exits 9 heymarket-mock sandbox -- bash -eu -c 'expects; exit 9'
exits 0 heymarket-mock sandbox -- bash -eu -c 'expects come'

# What leads to another server is replaced, which is said.
HEYMARKET_MOCK_URL='' HEYMARKET_API_BASE_URL=https://api.example.com exits 0 heymarket-mock sandbox --url "$url" -- env
complains 'set in your environment, but replaced or removed for CMD: HEYMARKET_API_BASE_URL'
! grep -q api.example.com out || fail 'another server'

# For a shell, until it is ended: by its URL, or by its ID.
exits 0 heymarket-mock sandbox --env
has '# To end it: heymarket-mock sandbox --end http'
(
  eval "$(cat out)"
  create shell@example.com
  heymarket-mock verify --exactly 1 && heymarket-mock env | grep -q '^# To end it: '
  exits 0 heymarket-mock sandbox --end "$HEYMARKET_MOCK_CONTROL_URL"
  ! create late@example.com 2>/dev/null || fail 'its secret still works'
  exits 1 heymarket-mock health
  complains "${HEYMARKET_MOCK_CONTROL_URL##*/}"
)
none_left '--end URL'
exits 0 heymarket-mock sandbox --env --shell json
id=$(grep -o '"id": "[^"]*"' out | cut -d'"' -f4)
[ "$(left)" = "$id" ] || fail "there is $(left), not $id"
exits 0 heymarket-mock sandbox --end "$id"
exits 1 heymarket-mock sandbox --end "$id"
complains "$id"
none_left '--end ID'

# Signals are the command's; it ends, then its sandbox. The exit code is the command's.
cat >trap.sh <<'EOF'
trap 'kill $!; exit 42' TERM
sleep 1000 &
echo $$ >ready
wait
EOF
heymarket-mock sandbox -- bash trap.sh 2>err &
pid=$!
await ready
kill -TERM "$pid"
got=0; wait "$pid" || got=$?
[ "$got" = 42 ] || fail "exit $got after TERM: $(cat err)"
none_left TERM
rm ready
heymarket-mock sandbox -- bash -c 'echo $$ >ready; exec sleep 1000' &
pid=$!
await ready
kill -KILL "$pid"
wait "$pid" || true
eventually is_gone "$(cat ready)" || fail 'the command outlives a kill -9'
[ -n "$(left)" ] || fail 'no sandbox is left'
exits 0 heymarket-mock sandbox --end "$(left)"

# A command that takes longer than its sandbox.
exits 0 heymarket-mock sandbox --ttl 1 -- bash -c 'while heymarket-mock health 2>/dev/null; do sleep 0.1; done'
complains 'the sandbox ended before CMD did: give it more time with --ttl'
none_left 'its time'

# A world of its own, a bad one, and one that is no JSON.
cat >world.json <<'EOF'
{ "teams": [ { "team_id": 1, "name": "One", "secrets": [ { "id": "5a4db0c5-0000-4000-8000-000000000001", "key": "A key of the test's own" } ],
  "contacts": [ { "uuid": "0a4db0c5-0000-4000-8000-000000000001", "contact_id": 1, "name": "solo", "channels": [] } ] } ] }
EOF
exits 0 heymarket-mock sandbox --world world.json -- bash -c '[ "$HEYMARKET_CONTACT_ID" = 0a4db0c5-0000-4000-8000-000000000001 ] && create own@example.com && heymarket-mock verify contact=solo'
edit world.json 's/"team_id": 1/"team_id": "x"/'
exits 1 heymarket-mock sandbox --world world.json -- touch ran
complains '/teams/0/team_id: found'
echo '{' >world.json
exits 2 heymarket-mock sandbox --world world.json -- touch ran
complains 'world.json:'
exits 2 heymarket-mock sandbox --world nowhere.json -- touch ran

# What is no sandbox.
for wrong in '' '--env -- true' '--end x --env' '--end nonsense' "--end $url/_mock" '--ttl 0 --env' '--ttl 86401 --env' 'true'; do
  # shellcheck disable=SC2086 # words
  exits 2 heymarket-mock sandbox $wrong
done
exits 3 heymarket-mock sandbox --url http://127.0.0.1:1 -- touch ran
complains 'does not answer'
heymarket-mock serve --listen 0 --port-file off --log none --control off &
await off
exits 1 heymarket-mock sandbox --port-file off -- touch ran
complains 'answers 403: the control plane is off'
[ ! -e ran ] || fail 'the command ran'
none_left 'all'
