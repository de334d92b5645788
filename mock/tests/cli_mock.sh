# The command heymarket-mock: options, exit codes, messages, port file, health, logs.

ada=ada0ada0-1815-4000-8000-00000000ada0
id=74f80a77-9b3f-44ac-b3ad-ab68cfb548fa
key=cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK
body='{"channel_type":"email","channel_id":"cli@example.com"}'

# refused EXIT TEXT ARG...: exits with EXIT, one line on stderr that has TEXT, and nothing on stdout.
refused() {
  local want=$1 text=$2 got=0
  shift 2
  timeout 60 heymarket-mock "$@" >out 2>err || got=$?
  [ "$got" = "$want" ] || fail "heymarket-mock $*: exit $got, expected $want: $(cat err)"
  [ ! -s out ] || fail "heymarket-mock $*: something on stdout"
  [ "$(wc -l <err)" = 1 ] || fail "heymarket-mock $*: not one line: $(cat err)"
  grep -qF -- "$text" err || fail "heymarket-mock $*: no '$text' in: $(cat err)"
}

# start NAME ARG...: serves in the background; $pid, $url, and its stderr in NAME.err. A FIFO shows when
# it is ready.
start() {
  local name=$1
  shift
  rm -f "$name.fifo"
  mkfifo "$name.fifo"
  heymarket-mock --listen 0 --port-file "$name.port" "$@" 2>"$name.fifo" &
  pid=$!
  exec 9<"$name.fifo"
  read -r greeting <&9 || fail "$name: no greeting"
  { read -r _; cat; } <&9 >"$name.err" &
  reader=$!
  exec 9<&-
  url=$(head -n 1 "$name.port")
}
stop() {
  kill -TERM "$pid"
  wait "$pid" || fail "the mock exited with $?"
  wait "$reader"
}

token() { HEYMARKET_API_SECRET_ID=$id HEYMARKET_API_SECRET_KEY=$key heymarket token sign "$@"; }
post() { # TOKEN [CURL ARG...]: a channel for ada
  curl -sS -o answer -D head -w '%{http_code}' -H 'Content-Type: application/json' -d "$body" \
    -H "Authorization: Bearer $1" "${@:2}" "$url/v2/contact/$ada/channel"
}

# Mistakes.
refused 2 "unknown option '--bogus'" --bogus
refused 2 "--clock soon: expected real" --clock soon
refused 2 "--listen nowhere: expected PORT" --listen nowhere
refused 2 "unknown name a, expected one of media-type, fractional-iat" --set a=b
refused 2 "--set typ: found x, expected warn or reject" --set typ=x
refused 2 "--threads" --threads 0
refused 2 "--rate-limit" --rate-limit 0
refused 2 "--log" --log loud
refused 2 "--control" --control maybe
refused 2 "--control-host mock:8580: expected a host name without a port" --control-host mock:8580
refused 2 "missing.json: cannot be opened: No such file" --world missing.json
refused 2 "found a directory, expected a file" --world .
refused 2 "missing.json: cannot be opened: No such file" --profile missing.json
refused 2 "nowhere/worlds/default.json: cannot be opened" --fixtures nowhere
refused 2 "no/such/file: cannot be written" --listen 0 --port-file no/such/file
printf '{"teams":[{"team_id":1,\n "name":"a","secrets":[]}]}' >empty.json
refused 2 "empty.json:2:23: /teams/0/secrets: found 0 secrets, expected one or two" --world empty.json
printf '{"teams":[}' >broken.json
refused 2 "broken.json:1:11: unexpected token" --world broken.json
printf '{"v":1,"policy":{"typ":"x"}}' >profile.json
refused 2 "profile.json:1:24: /policy/typ: found x, expected warn or reject" --profile profile.json
refused 3 "missing.port does not exist, so no mock is running" health --port-file missing.port
printf 'nonsense\n' >bad.port
refused 2 "bad.port: found no base URL with a port" health --port-file bad.port

# A server that is not a mock, even with 200.
mkfifo other.fifo
python3 - >other.fifo <<'END' &
import socket
listener = socket.create_server(("127.0.0.1", 0))
print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
for answer in (b"HTTP/1.0 404 Not Found\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n<html>hello</html>", b"SSH-2.0-x\r\n"):
    connection = listener.accept()[0]
    connection.recv(4096)
    connection.sendall(answer)
    connection.close()
END
read -r other <other.fifo
printf '%s\n' "$other" >other.port
refused 1 "$other answers 404, so it is not a mock" health --port-file other.port
refused 1 "$other answers 200, but the body is not that of a mock" health --port-file other.port
refused 1 "$other answers, but not in HTTP" health --port-file other.port

# --help and --version.
heymarket-mock --help >help
for option in --listen --port-file --world --fixtures --profile --strict --set --terse --clock \
              --rate-limit --log --threads; do
  grep -q -- "$option" help || heymarket-mock serve --help | grep -q -- "$option" || fail "$option is not in --help"
done
heymarket-mock --version | grep -q 'heymarket-mock 0\.' || fail "--version"
heymarket-mock --version | grep -q 'civetweb 1\.16' || fail "--version names no civetweb"

# Serving: greeting, port file, health, an answer, a taken port.
start first
case $greeting in
"heymarket-mock "*" listening on $url (world default: 2 teams, 4 contacts)") ;;
*) fail "greeting: $greeting" ;;
esac
heymarket-mock health --port-file first.port || fail "health"
[ "$(post "$(token)")" = 200 ] || fail "no 200: $(cat answer)"
[ "$(post "$(token --iat -400)")" = 401 ] || fail "no 401: $(cat answer)"
grep -q '^X-Mock-Finding: J6 expired' head || fail "no finding: $(cat head)"
refused 2 "cannot listen on ${url#http://}: Address already in use" --listen "${url#http://}"
refused 2 "cannot listen on ${url#http://}: Address already in use" --listen 0 --listen "${url#http://}"
stop
[ ! -e first.port ] || fail "the port file is still there"
grep -Eq '^[0-9TZ:-]+ POST /v2/contact/'$ada'/channel 200 [0-9]+us [0-9a-f-]{36}$' first.err || fail "log: $(cat first.err)"
grep -q ' 401 .* J6 expired ' first.err || fail "log: $(cat first.err)"

# Logs of requests never have a secret, in any form of the request.
start json --log json
for value in "$key" "Bearer $key" "Bearer $id||$key" "Bearer $(token)" "Bearer $(token).x" "Basic $key"; do
  curl -sS -o answer -H "Authorization: $value" -H 'Content-Type: application/json' -d "$body" \
    "$url/v2/contact/$ada/channel?key=$key"
  cat answer >>answers
  curl -sS -H "Authorization: $value" "$url/v2/contact/$key/channel" -d "$body" >>answers
done
curl -sS "$url/_mock/health" >>answers
curl -sS "$url/_mock/policy" >>answers
stop
[ "$(wc -l <json.err)" = 12 ] || fail "$(wc -l <json.err) lines of JSON, expected 12"
grep -qv '^{"v":1,"request_id":"[0-9a-f-]\{36\}","time":".*"fault":null}$' json.err && fail "JSON log: $(cat json.err)"
signature=$(token)
signature=${signature##*.}
grep -qe "$key" -e "$signature" json.err answers first.err && fail "a secret was written"

# --terse, --strict, --set, --profile, --clock, none.
printf '{"v":1,"policy":{"success-status":201,"typ":"reject"}}' >profile.json
start terse --terse --strict --profile profile.json --set typ=warn --clock @1713225600 --log none
[ "$(post "$(token --iat 1713225600)")" = 201 ] || fail "no 201: $(cat answer)"
grep -q '"created":"2024-04-16T00:00:00Z"' answer || fail "the clock is not the one given: $(cat answer)"
[ "$(post "$(token)")" = 401 ] || fail "no 401: $(cat answer)"
[ "$(cat answer)" = '{"error":"unauthorized","message":"Unauthorized"}' ] || fail "not terse: $(cat answer)"
grep -q '^X-Mock-Finding' head && fail "terse has findings"
curl -sS "$url/_mock/policy" | grep -q '"typ":"warn".*"phone-format":"reject"' || fail "policy in force"
stop
[ ! -s terse.err ] || fail "--log none wrote: $(cat terse.err)"

# Rate limit.
start limit --rate-limit 2 --log none
[ "$(post "$(token)")$(post "$(token)")$(post "$(token)")" = 200200429 ] || fail "rate limit"
grep -q '^Retry-After: [1-9]' head || fail "no Retry-After"
stop

# A listener that is not loopback: a warning, and no control plane.
rm -f open.fifo
mkfifo open.fifo
heymarket-mock --listen 0.0.0.0:0 --port-file open.port --log none 2>open.fifo &
pid=$!
exec 9<open.fifo
read -r greeting <&9
read -r warning <&9
port=$(sed 's/.*://' open.port)
case $warning in *"use only made-up secrets"*) ;; *) fail "no warning: $warning" ;; esac
[ "$(curl -sS "http://127.0.0.1:$port/_mock/health")" = '{"v":1,"status":"ok"}' ] || fail "health of an open listener"
[ "$(curl -sS -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/_mock/policy")" = 403 ] || fail "policy of an open listener"
kill -TERM "$pid"
wait "$pid" || fail "exit $?"

# The control plane's doctor and the command give the same output, to the byte.
start doctor --clock @1795377600
printf '{"v":1,"secrets":[{"id":"%s","key":"%s"}]}' "$id" "$key" >secrets.json
for offset in 100 400 -100; do
  value="Bearer $(token --iat $((1795377600 - offset)))"
  [ "$offset" != -100 ] || value="${value%?????}"
  curl -sS -H 'Content-Type: application/json' -d "{\"authorization\":\"$value\"}" "$url/_mock/doctor" >of.mock
  heymarket token verify --json --now 1795377600 --secret-file secrets.json "$value" >of.command || true
  [ "$(cat of.mock)" = "$(cat of.command)" ] || fail "two verdicts: $(cat of.mock) $(cat of.command)"
done
# So do all forms of the header, of which the command must tell by itself that they are one.
good=$(token --iat 1795377500) count=0
for value in "bearer $good" "BEARER $good" "Bearer  $good" Bearer "Bearer$good" "Bearer:$good" "Bearer=$good" "Bearer: $good" \
  "Bearer%20$good" "Basic $good" "Token $good" "JWT $good" "Bearers $good" "Bearer Bearer $good" "Bearer '$good'" "'Bearer $good'" \
  "<Bearer $good>" "{Bearer$good}" "Bearer <$good>" "Bearer $good, Bearer $good" "Bearer $good extra" 'Bearer [object Promise]' \
  'Bearer undefined' 'Bearer null' "Bearer b'$good'"; do
  curl -sS -H 'Content-Type: application/json' -d "{\"authorization\":\"$value\"}" "$url/_mock/doctor" >of.mock
  heymarket token verify --json --now 1795377600 --secret-file secrets.json "$value" >of.command || true
  [ "$(cat of.mock)" = "$(cat of.command)" ] || fail "two verdicts on ${value%%eyJ*}: $(cat of.mock) $(cat of.command)"
  count=$((count + 1))
done
[ "$count" -ge 25 ] || fail "only $count forms"
stop

# A long list arrives complete, and the connection continues after it.
awk -v ada="$ada" -v id="$id" -v key="$key" 'BEGIN {
  printf "{\"teams\":[{\"team_id\":1,\"name\":\"One\",\"secrets\":[{\"id\":\"%s\",\"key\":\"%s\"}],", id, key
  printf "\"contacts\":[{\"name\":\"ada\",\"uuid\":\"%s\",\"contact_id\":1,\"channels\":[", ada
  for (i = 1; i <= 3000; i++)
    printf "%s{\"id\":%d,\"team_id\":1,\"contact_id\":1,\"channel_type\":\"email\",\"channel_id\":\"c%d@example.com\"," \
      "\"info_channel\":\"\",\"channel_handle\":\"\",\"created\":\"2024-04-01T00:01:00Z\",\"updated\":\"2024-04-01T00:01:00Z\"}",
      (i > 1 ? "," : ""), i, i
  print "]}]}]}" }' >long.json
start long --world long.json
token=$(token)
ask=(-sS -D head -H 'Content-Type: application/json' -d "$body" -H "Authorization: Bearer $token"
  "$url/v2/contact/$ada/channel")
curl "${ask[@]}" -o answer "${ask[@]: -1}" -o answer.2 -w '%{num_connects} ' >connects
[ "$(cat connects)" = '1 0 ' ] || fail "a long answer ended the connection: $(cat connects)"
cmp answer answer.2 || fail "two long answers differ"
[ "$(wc -c <answer)" = "$(sed -n 's/^Content-Length: //p' head | tr -d '\r' | tail -n 1)" ] || fail "a long answer's length"
[ "$(grep -o '"id":' answer | wc -l)" = 3001 ] || fail "a long answer has $(grep -o '"id":' answer | wc -l) channels"
case $(tail -c 2 answer) in '}]') ;; *) fail "the end of a long answer" ;; esac
stop

# A closed stderr does not stop it.
heymarket-mock --listen 0 --port-file closed.port 2>&- &
pid=$!
await closed.port
url=$(cat closed.port)
[ "$(post "$(token)")" = 200 ] || fail "with stderr closed"
kill -TERM "$pid"
wait "$pid" || fail "exit $? with stderr closed"

# --until-stdin-ends: it reads and ignores what comes, hears signals, and ends with the one that holds the pipe, even if that one
# is killed. Without the option the end of standard input has no effect: all mocks above have /dev/null.
mkfifo held
holding() { # starts a mock whose standard input only $holder holds open; $pid, $holder, $url
  rm -f held.port
  heymarket-mock --listen 0 --port-file held.port --until-stdin-ends --threads 16 <held 2>held.err &
  pid=$!
  (echo ignored; exec sleep 300) >held &
  holder=$!
  await held.port
  url=$(cat held.port)
}
holding
kill -HUP "$pid"
eventually grep -q 'reloaded the files' held.err || fail "no reload: $(cat held.err)"
[ "$(post "$(token)")" = 200 ] || fail "it does not serve while standard input is open"
kill -KILL "$holder"
wait "$holder" 2>/dev/null || true
wait "$pid" || fail "exit $? at the end of standard input"
[ ! -e held.port ] || fail "the port file is still there"
holding
kill -TERM "$pid"
wait "$pid" || fail "exit $? at TERM while standard input is open"
kill "$holder"
timeout 60 heymarket-mock --listen 0 --until-stdin-ends </dev/null 2>err || fail "exit $? with no standard input"
timeout 60 heymarket-mock --listen 0 --until-stdin-ends 2>err <&- || fail "exit $? with standard input closed"
refused 2 "belongs to 'heymarket-mock serve'" run --until-stdin-ends -- true
echo passed
