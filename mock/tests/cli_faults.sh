# Faults, as curl, Python, Node and our own client see them; the next answer shows whether the
# write was done.

export HEYMARKET_API_SECRET_ID=74f80a77-9b3f-44ac-b3ad-ab68cfb548fa
export HEYMARKET_API_SECRET_KEY=cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK
empty=e0e0e0e0-0000-4000-8000-00000000e0e0
nobody=0b0d7000-0000-4000-8000-000000000000
TOKEN=$(heymarket token sign) # good for longer than this takes
export TOKEN

start() { # ARG...: serves in the background
  rm -f port
  heymarket-mock --listen 0 --port-file port "$@" 2>log &
  pid=$!
  await port
  HEYMARKET_API_BASE_URL=$(head -n 1 port)
  export HEYMARKET_API_BASE_URL
}
stop() {
  kill -TERM "$pid"
  wait "$pid" || fail "the mock exited with $?"
}
refused() { # TEXT RULE: a rule that the command line refuses
  local got=0
  heymarket-mock --listen 0 --fault "$2" >out 2>err || got=$?
  [ "$got" = 2 ] || fail "--fault $2: exit $got"
  grep -qF -- "$1" err || fail "--fault $2: no '$1' in: $(cat err)"
}
faults() { # METHOD [BODY]
  curl -sS -X "$1" -H 'Content-Type: application/json' ${2:+-d "$2"} "$HEYMARKET_API_BASE_URL/_mock/faults"
}
post() { # ID [CURL ARG...]: an e-mail for the empty contact; prints the status, returns curl's exit code
  curl -sS -m 60 -o answer -D head -w '%{http_code}' -H 'Content-Type: application/json' \
    -H "Authorization: Bearer $TOKEN" -d "{\"channel_type\":\"email\",\"channel_id\":\"$1\"}" \
    "${@:2}" "$HEYMARKET_API_BASE_URL/v2/contact/${contact:-$empty}/channel" 2>curl.err
}
curls() { # EXIT STATUS ID [CURL ARG...]
  local got=0 status
  status=$(post "${@:3}") || got=$?
  [ "$got $status" = "$1 $2" ] || fail "$3: curl says $got $status, expected $1 $2: $(cat curl.err)"
}
is_written() { # ID: does the contact have it?
  post "look-$1" >status || fail "no answer: $(cat curl.err)"
  grep -qF "\"channel_id\":\"$1\"" answer
}

refused '--fault 429: found "429", expected key=value pairs separated by commas; keys: operation, contact, channel_type, channel_id, nth, times, status, retry-after, delay, abort, commit and stage' 429
refused 'found "stat", expected key=value' stat=429
refused 'status: found "99", expected a status from 400 to 599' status=99
refused 'delay: found "31s", expected a time such as 250ms or 2s, 30s at most' delay=31s
refused 'abort: found "maybe", expected reset, stall, truncate or garbage' abort=maybe
refused 'contact: found "bob", expected a UUID or the name of a contact in the world' contact=bob,status=500
refused 'the rule has no effect, expected status, delay or abort' nth=2
refused 'found retry-after without status' retry-after=1,delay=1s
refused 'status can be combined only with abort=truncate' status=500,abort=reset
refused 'found status twice' status=500,status=501
refused 'channel_id: found a bad escape' channel_id=%zz,status=500

# The magic addresses of the default world, from curl.
start --log json
curls 0 429 fault-429@example.com
grep -q '^Retry-After: 1' head || fail "429 has no Retry-After: $(cat head)"
grep -q '"error":"rate_limited"' answer || fail "429: $(cat answer)"
curls 0 500 fault-500@example.com
curls 56 000 fault-reset@example.com
curls 28 000 fault-stall@example.com -m 0.3
curls 28 000 fault-slow@example.com -m 0.3
for lost in 429 500 reset stall slow; do
  is_written "fault-$lost@example.com" && fail "fault-$lost was written"
done
curls 0 500 fault-500-after-write@example.com
curls 18 200 fault-truncated@example.com
for written in 500-after-write truncated; do
  is_written "fault-$written@example.com" || fail "fault-$written was not written"
done
started=$(date +%s%N)
curls 0 200 fault-slow@example.com
took=$((($(date +%s%N) - started) / 1000000))
[ "$took" -ge 2000 ] || fail "fault-slow took $took ms"
grep -q '"channel_id":"fault-slow@example.com"' answer || fail "fault-slow: $(cat answer)"

# Our own client: exit code, and whether the message says that the write was done [E7].
client() { # EXIT TEXT ID
  local got=0
  heymarket channel create "$empty" --type email --id "$3" --timeout "${4:-60}" --json >out 2>&1 || got=$?
  [ "$got" = "$1" ] || fail "$3: heymarket exits $got, expected $1: $(cat out)"
  grep -qF -- "$2" out || fail "$3: no '$2' in $(cat out)"
}
client 1 '"code":"rate_limited"' fault-429@example.com
client 1 '"written":"unknown"' fault-500@example.com
client 1 '"written":"unknown"' fault-500-after-write@example.com
client 6 '"code":"outcome_unknown"' fault-reset@example.com
client 6 '"code":"outcome_unknown"' fault-stall@example.com 4
client 6 '"code":"outcome_unknown"' fault-truncated@example.com
stop

# Rules of the command line come before the world's; names, nth, times, escapes; commit either way.
start --fault contact=empty,channel_id=second@x,nth=2,times=1,status=503,commit=yes \
  --fault channel_id=%2C%25,status=418 --fault channel_type=email,channel_id=fault-429@example.com,times=1,status=500
curls 0 200 second@x
curls 0 503 second@x
curls 0 200 second@x
curls 0 418 ',%'
curls 0 500 fault-429@example.com
curls 0 429 fault-429@example.com
faults GET >out
grep -qF '{"contact":"'$empty'","channel_id":"second@x","nth":2,"times":1,"status":503,"commit":"yes","matched":3,"done":1}' out ||
  fail "GET faults: $(cat out)"
contact=$nobody curls 0 404 other@x

for abort in reset garbage truncate; do
  case $abort in reset) code=56 status=000 ;; garbage) code=1 status=000 ;; truncate) code=18 status=200 ;; esac
  for commit in yes no; do
    faults PUT "{\"faults\":[{\"channel_id\":\"$abort-$commit\",\"abort\":\"$abort\",\"commit\":\"$commit\"}]}" >out
    curls "$code" "$status" "$abort-$commit"
    if is_written "$abort-$commit"; then [ "$commit" = yes ]; else [ "$commit" = no ]; fi ||
      fail "abort=$abort,commit=$commit"
  done
done
# The client closes during a rule with only a delay: the write comes before the delay or not at all.
faults PUT '[{"channel_id":"slow-yes","delay":"30s","commit":true},{"channel_id":"slow-no","delay":"30s","commit":false}]' >out
for seconds in 0.2 2 18; do # a slow machine has not read the request in the shortest time
  curls 28 000 slow-yes -m $seconds
  ! is_written slow-yes || break
done
is_written slow-yes || fail "delay,commit=yes was not written"
curls 28 000 slow-no -m $seconds
is_written slow-no && fail "delay,commit=no was written"
# With commit=yes an invalid request is refused as usual, and the fault is not counted.
faults PUT '[{"abort":"reset","commit":true}]' >out
contact=$nobody curls 0 404 other@x
faults PUT '[{"status":500,"abort":"truncate"}]' >out
curls 18 500 cut@x
[ "$(faults PUT '[{"delai":"1s"}]')" = '{"error":"bad_data","message":"body:1:3: /0/delai: found an unknown member; did you mean \"delay\"?"}' ] ||
  fail "a bad rule"
faults GET | grep -q '"abort":"truncate","matched":1,"done":1' || fail "a bad rule changed something"
[ "$(faults DELETE)" = '{"v":1,"faults":[]}' ] || fail "DELETE"
curls 0 200 fault-429@example.com

# What Python and Node see.
if command -v python3 >/dev/null; then
  cat >see.py <<'P'
import http.client, os, sys, urllib.parse
url = urllib.parse.urlparse(os.environ["HEYMARKET_API_BASE_URL"])
connection = http.client.HTTPConnection(url.hostname, url.port, timeout=float(sys.argv[2]))
try:
    connection.request("POST", "/v2/contact/" + sys.argv[1] + "/channel",
                       '{"channel_type":"email","channel_id":"python@x"}',
                       {"Authorization": "Bearer " + os.environ["TOKEN"], "Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    print(answer.status)
except Exception as e:
    print(type(e).__name__)
P
fi
if command -v node >/dev/null; then
  cat >see.js <<'P'
const http = require('http');
const say = (what) => { console.log(what); process.exit(0); };
const request = http.request(process.env.HEYMARKET_API_BASE_URL + '/v2/contact/' + process.argv[2] + '/channel', {
  method: 'POST', timeout: 1000 * process.argv[3],
  headers: { Authorization: 'Bearer ' + process.env.TOKEN, 'Content-Type': 'application/json' },
}, (answer) => {
  answer.on('error', (e) => say(e.code));
  answer.on('end', () => say(answer.complete ? answer.statusCode : 'incomplete'));
  answer.resume();
});
request.on('timeout', () => request.destroy(Object.assign(new Error(), { code: 'TIMEOUT' })));
request.on('error', (e) => say(e.code));
request.end('{"channel_type":"email","channel_id":"node@x"}');
P
fi
sees() { # RULE PYTHON NODE [TIMEOUT]
  faults PUT "[$1]" >out
  if [ -e see.py ]; then
    python3 see.py "$empty" "${4:-60}" >out
    grep -Eqx "$2" out || fail "$1: Python sees $(cat out), expected $2"
  fi
  if [ -e see.js ]; then
    node see.js "$empty" "${4:-60}" >out
    grep -Eqx "$3" out || fail "$1: Node sees $(cat out), expected $3"
  fi
}
sees '{"status":429,"retry-after":7}' 429 429
sees '{"status":503}' 503 503
sees '{"delay":"100ms"}' 200 200
sees '{"abort":"reset"}' ConnectionResetError ECONNRESET
sees '{"abort":"stall"}' 'timeout|TimeoutError' TIMEOUT 0.3
sees '{"abort":"truncate","commit":"yes"}' IncompleteRead 'ECONNRESET|incomplete'
sees '{"abort":"garbage"}' BadStatusLine 'HPE_.*'
[ -e see.py ] || echo "skipped: python3 is not installed"
[ -e see.js ] || echo "skipped: node is not installed"

# An outage does not ask who calls: stage=first comes before the token, also for one contact; stage=last does not.
faults PUT '[{"status":503,"retry-after":2,"times":1,"stage":"first"}]' >out
grep -q '"stage":"first"' out || fail "the rule is not shown: $(cat out)"
curls 0 503 outage@x -H 'Authorization: Bearer nonsense'
grep -qi '^retry-after: 2' head || fail 'no Retry-After'
curls 0 401 outage@x -H 'Authorization: Bearer nonsense'
faults PUT '[{"status":503,"stage":"last"}]' >out
curls 0 401 outage@x -H 'Authorization: Bearer nonsense'
curls 0 503 outage@x
faults PUT '[{"status":503,"stage":"first","contact":"ada"}]' >out
curls 0 200 outage@x
contact=ada0ada0-1815-4000-8000-00000000ada0 curls 0 503 outage@x
contact=nonsense curls 0 400 outage@x
faults PUT '[{"status":503,"stage":"first","contact":"ada"},{"status":500,"stage":"last"}]' >out
curls 0 401 outage@x -H 'Authorization: Bearer nonsense' # a rule of the last stage does not act in the first
curls 0 500 outage@x
faults PUT '[{"abort":"reset","stage":"first"}]' >out
curls 56 000 outage@x -H 'Authorization: Bearer nonsense'
refused 'stage: found "middle", expected first or last' status=503,stage=middle
refused 'stage=first comes before the body is read' status=503,stage=first,channel_type=email
refused 'stage=first comes before the body is read' abort=reset,stage=first,commit=yes

# A stop does not wait for what is stalled or delayed.
faults PUT '[{"delay":"30s"}]' >out
post late@x >status &
late=$!
has_matched() { faults GET | grep -q '"matched":1'; }
eventually has_matched || fail "the delayed request did not arrive"
stop
wait "$late" || fail "the delayed answer was lost at the stop"
[ "$(cat status)" = 200 ] || fail "the delayed answer: $(cat status)"

# The same over HTTPS.
start --tls-listen 0 --tls-ca-out root.pem --listen 0
HEYMARKET_API_BASE_URL=$(grep '^https:' port)
for try in 'reset 35|56' 'truncate 18|56' 'garbage 1'; do
  base=$HEYMARKET_API_BASE_URL
  HEYMARKET_API_BASE_URL=$(grep '^http:' port | head -n 1) faults PUT "[{\"abort\":\"${try% *}\",\"commit\":true}]" >out
  HEYMARKET_API_BASE_URL=$base
  got=0
  post tls@x --cacert root.pem >status || got=$?
  [[ $got =~ ^(${try#* })$ ]] || fail "${try% *} over HTTPS: curl exits $got: $(cat curl.err)"
done
stop
echo passed
