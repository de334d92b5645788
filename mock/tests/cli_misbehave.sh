# --misbehave: the table, an unknown name, the warning, and one wrong answer.

heymarket-mock --misbehave list >table || fail "list: exit $?"
[ "$(wc -l <table)" -ge 200 ] || fail "list: $(wc -l <table) lines"
grep -Evq '^([A-Z][0-9]+)-[a-z0-9-]+ +\1 +[^ ].*$' table && fail "list: $(grep -Ev '^([A-Z][0-9]+)-[a-z0-9-]+ +\1 +[^ ].*$' table)"
got=0
heymarket-mock --misbehave R1-objekt >out 2>err || got=$?
[ "$got" = 2 ] || fail "an unknown name: exit $got"
[ ! -s out ] || fail "an unknown name: something on stdout"
[ "$(cat err)" = "heymarket-mock: --misbehave R1-objekt: unknown, the nearest is R1-object; --misbehave list prints the names" ] || fail "$(cat err)"

heymarket-mock --listen 0 --port-file port --misbehave R1-object 2>err &
pid=$!
await port
export HEYMARKET_API_SECRET_ID=74f80a77-9b3f-44ac-b3ad-ab68cfb548fa
export HEYMARKET_API_SECRET_KEY=cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK
got=0
heymarket channel create ada0ada0-1815-4000-8000-00000000ada0 --type email --id a@example.com \
  --base-url "$(cat port)" --json >out 2>&1 || got=$?
[ "$got" = 1 ] || fail "our client: exit $got"
grep -q '"code":"bad_answer","clause":"R1"' out || fail "our client: $(cat out)"
curl -sS "$(cat port)/_mock/health" | grep -q '"misbehaviour":"R1-object"' || fail "health says nothing"
kill "$pid"
wait "$pid" || fail "the mock exited with $?"
grep -q 'warning: answers are wrong on purpose, --misbehave R1-object: ' err || fail "no warning: $(cat err)"
echo passed
