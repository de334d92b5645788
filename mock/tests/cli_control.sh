# The control plane over HTTP: the clock, reload on SIGHUP, and access.

ada=ada0ada0-1815-4000-8000-00000000ada0
id=11111111-1111-4111-8111-111111111111

# world KEY EMAIL >FILE: one team, one contact with one channel.
world() {
  printf '{"teams":[{"team_id":1,"name":"One","secrets":[{"id":"%s","key":"%s"}],"contacts":[
    {"name":"ada","uuid":"%s","contact_id":7,"channels":[{"id":1,"team_id":1,"contact_id":7,"channel_type":"email",
    "channel_id":"%s","info_channel":"","channel_handle":"","created":"2024-01-01T00:00:00Z",
    "updated":"2024-01-01T00:00:00Z"}]}]}]}\n' "$id" "$1" "$ada" "$2"
}
old_key=TheOldKeyTheOldKeyTheOldKey0
new_key=TheNewKeyTheNewKeyTheNewKey1

# start ARG...: serves in the background; $pid, $url; its output comes by descriptor 9, line by line.
start() {
  rm -f said
  mkfifo said
  heymarket-mock --listen 127.0.0.1:0 --port-file port --log none "$@" 2>said &
  pid=$!
  exec 9<said
  hear 'listening on'
  url=$(head -n 1 port)
}
hear() { # TEXT: the next line has it, but for that with the page's address
  local line=
  read -r -t 60 line <&9 || fail "nothing was said, expected: $1"
  case $line in *'requests as they come'*) hear "$1"; return ;; esac
  case $line in *"$1"*) ;; *) fail "heard '$line', expected: $1" ;; esac
}
stop() {
  kill -TERM "$pid"
  wait "$pid" || fail "the mock exited with $?"
  exec 9<&-
}

token() { HEYMARKET_API_SECRET_ID=$id HEYMARKET_API_SECRET_KEY=$1 heymarket token sign; }
post() { # TOKEN EMAIL: the status
  curl -sS -o answer -w '%{http_code}' -H 'Content-Type: application/json' -H "Authorization: Bearer $1" \
    -d "{\"channel_type\":\"email\",\"channel_id\":\"$2\"}" "$url/v2/contact/$ada/channel"
}
call() { # METHOD PATH [BODY [CURL ARG...]]: the status
  curl -sS -o answer -D head -w '%{http_code}' -X "$1" -H 'Content-Type: application/json' \
    ${3:+-d "$3"} "${@:4}" "$url$2"
}
bare() { # METHOD PATH [CURL ARG...]: the same, with no media type but the one that is given
  curl -sS -o answer -D head -w '%{http_code}' -X "$1" "${@:3}" "$url$2"
}
expect() { # STATUS WHAT COMMAND...: the command prints it
  local got
  got=$("${@:3}")
  [ "$got" = "$1" ] || fail "$2: $got, expected $1: $(cat answer)"
}
says() { grep -qF -- "$1" answer || fail "no '$1' in: $(cat answer)"; }

# A client that caches its token for too long differs from one that signs again, within two seconds.
world "$old_key" first@example.com >world.json
start --world world.json
cached=$(token "$old_key")
expect 200 'a good token' post "$cached" a@example.com
SECONDS=0
expect 200 'elapse' call PUT /_mock/clock '{"elapse_s":301}'
expect 401 'the cached token' post "$cached" b@example.com
says '"code":"expired"'
expect 200 'a token signed anew' post "$(token "$old_key")" b@example.com
[ "$SECONDS" -lt 301 ] || fail "it took $SECONDS s"
expect 400 'a mistake' call PUT /_mock/clock '{"elapse_s":"301"}'
says 'body:1:13: /elapse_s: found a string, expected an integer'

# SIGHUP: a bad file is reported with its position, and changes nothing.
world "$new_key" second@example.com | sed 's/"team_id":1,"name"/"team_id":"1","name"/' >world.json
kill -HUP "$pid"
hear 'world.json:1:22: /teams/0/team_id: found a string, expected an integer; nothing was changed'
expect 200 'the contact' call GET "/_mock/contacts/$ada"
says a@example.com
expect 401 'the new key, too early' post "$(token "$new_key")" c@example.com
rm world.json
kill -HUP "$pid"
hear 'world.json: cannot be opened'
expect 200 'the old key' post "$(token "$old_key")" c@example.com

# A good one replaces everything: secrets, contacts, clock. Counts are kept.
world "$new_key" second@example.com >world.json
kill -HUP "$pid"
hear 'reloaded the files'
expect 401 'the old key' post "$(token "$old_key")" late@example.com
expect 200 'the new key' post "$(token "$new_key")" late@example.com
expect 200 'the contact' call GET "/_mock/contacts/$ada"
says second@example.com
if grep -qF a@example.com answer; then fail 'a channel outlived the reload'; fi
expect 200 'the clock' call GET /_mock/clock
says '"clock":"real"'
says '"elapsed":[]'
expect 200 'health' call GET /_mock/health
says '"requests":7'

# A reset restores the last reload, and reads no file.
rm world.json
expect 200 'reset' call POST /_mock/reset
expect 200 'the contact' call GET "/_mock/contacts/$ada"
says second@example.com
if grep -qF late@example.com answer; then fail 'a channel outlived the reset'; fi

# Reload under load: every request is answered, before and after.
world "$new_key" third@example.com >world.json
good=$(token "$new_key")
seq 400 | sed "s|.*|url = $url/v2/contact/$ada/channel\\noutput = /dev/null|" >urls
curl -sS -K urls -w '%{http_code}\n' -H 'Content-Type: application/json' -H "Authorization: Bearer $good" \
  -d '{"channel_type":"email","channel_id":"load@example.com"}' >statuses &
load=$!
for _ in 1 2 3 4 5; do
  kill -HUP "$pid"
  hear 'reloaded the files'
done
wait "$load" || fail 'a request under load was not answered'
[ "$(sort statuses | uniq -c | awk '{ print $1, $2 }')" = '400 200' ] || fail "under load: $(sort statuses | uniq -c)"

# Access: raw headers of a page of another origin, of another host name for this address, of a form.
expect 403 'Origin' call GET /_mock/policy '' -H 'Origin: https://page.example'
expect 200 'its own origin' call PUT /_mock/clock '{"real":true}' -H "Origin: $url" -H 'Sec-Fetch-Site: same-origin'
expect 403 'another port' call PUT /_mock/clock '{"real":true}' -H "Origin: http://127.0.0.1:1"
expect 403 'null' call POST /_mock/reset '{}' -H 'Origin: null'
expect 403 'Sec-Fetch-Site' call GET /_mock/contacts/$ada '' -H 'Sec-Fetch-Site: cross-site'
expect 403 'a page that asks for health' call GET /_mock/health '' -H 'Origin: https://page.example'
expect 403 'a name pointed here' call GET /_mock/policy '' -H 'Host: rebound.example'
expect 415 'a form' bare POST /_mock/reset -d 'what=state'
expect 415 'text' bare PUT /_mock/clock -d '{"real":true}' -H 'Content-Type: text/plain'
expect 415 'no type' bare DELETE /_mock/faults
expect 405 'a preflight' call OPTIONS /_mock/reset '' -H 'Access-Control-Request-Method: POST'
if grep -qi '^access-control' head; then fail 'a CORS header'; fi
stop

# Off, by option or with a listener that is not loopback; health is still there, with less content.
start --control off
expect 403 'off' call GET /_mock/policy
says 'the control plane is off'
expect 200 'health' call GET /_mock/health
[ "$(cat answer)" = '{"v":1,"status":"ok"}' ] || fail "health says $(cat answer)"
stop
start --listen 0.0.0.0:0
hear 'listening on'
hear 'warning: a listener is not on loopback'
expect 403 'not loopback' call GET /_mock/policy
stop

# On: by IP addresses, localhost, and the names given.
start --listen 0.0.0.0:0 --control on --control-host Mock.Internal
hear 'listening on'
hear 'warning: a listener is not on loopback'
expect 200 'on' call GET /_mock/policy
expect 200 'a name given' call GET /_mock/policy '' -H 'Host: mock.internal:8580'
expect 403 'another' call GET /_mock/policy '' -H 'Host: mock.example'
other=$(hostname -I 2>/dev/null | tr ' ' '\n' | grep -m 1 -E '^[0-9]+\.' || true)
if [ -n "$other" ]; then
  url="http://$other:$(sed -n '2s/.*://p' port)"
  expect 200 'another address' call GET /_mock/policy
fi
stop
exit 0
