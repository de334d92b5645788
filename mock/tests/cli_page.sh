# The mock's page: its address, its events over HTTP and HTTPS, who may not have them, and run --page.

command -v setsid >/dev/null || { echo 'skipped: no setsid'; exit 77; } # else a terminal of ours is asked for Enter

# start ARG...: serves in the background; $pid, $url.
start() {
  rm -f port
  heymarket-mock --port-file port --log none "$@" 2>err &
  pid=$!
  await port
  url=$(head -n 1 port)
  eval "$(heymarket-mock env --url "$url")"
}
stop() {
  kill -TERM "$pid"
  wait "$pid" || fail "the mock exited with $?"
}
# status CURL_ARG...: what curl's request is answered with.
status() { curl -ksS -m 20 -o answer -w '%{http_code}' "$@"; }
post() { # CHANNEL_ID
  status -H 'Content-Type: application/json' -H "Authorization: Bearer $(heymarket token sign)" \
    -d "{\"channel_type\":\"email\",\"channel_id\":\"$1\"}" "$url/v2/contact/$HEYMARKET_CONTACT_ID/channel" >/dev/null
}
# watch FILE CURL_ARG...: what comes goes into FILE.
watch() {
  local file=$1
  shift
  : >"$file"
  curl -ksSN -m 1000 -o "$file" "$@" "${url_watched:-$url}/_mock/events" & watching=$!
  eventually grep -q '^event: ready' "$file" || fail "no events: $(cat "$file")"
}
comes() { eventually grep -qF -- "$2" "$1" || fail "$1 lacks '$2': $(cat "$1")"; }
unwatch() { kill "$watching" 2>/dev/null; wait "$watching" 2>/dev/null || true; }

# The address, and events that go on where they were.
start --listen 127.0.0.1:0 --tls-listen 127.0.0.1:0
comes err "requests as they come: $url/_mock/"
watch first
grep -q '"resumed":false,"sandbox":null' first || fail "hello: $(cat first)"
post one@example.com
comes first one@example.com
last=$(sed -n 's/^id: //p' first | tail -n 1)
unwatch
post two@example.com
watch second -H "Last-Event-ID: $last"
grep -q '"resumed":true' second || fail "not resumed: $(cat second)"
grep -q two@example.com second || fail "missed: $(cat second)"
! grep -q one@example.com second || fail "came twice: $(cat second)"
unwatch

# The line that repeats a request does.
line=$(sed -n 's/^data: //p' second | python3 -c 'import json,sys
print([json.loads(line).get("curl") for line in sys.stdin if "\"curl\"" in line][0])' 2>/dev/null || true)
if [ -n "$line" ]; then
  sh -c "$line -s -o repeated -w '%{http_code}'" >code || fail "does not run: $line"
  [ "$(cat code)" = 200 ] || fail "$(cat code), expected 200: $line"
fi

# Old clients, heads and HTTPS.
watch old --http1.0
grep -q 'event: hello' old || fail "HTTP/1.0: $(cat old)"
unwatch
[ "$(status -I "$url/_mock/events")" = 200 ] || fail "HEAD: $(cat answer)"
url_watched=$(tail -n 1 port) watch safe
post three@example.com
comes safe three@example.com
unwatch

# Pages of other origins can neither read nor write, whatever they send.
tls=$(tail -n 1 port)
for origin in null "http://localhost:${url##*:}"; do
  for call in 'GET events' 'GET journal' 'GET env' 'GET health' 'PUT clock' 'PUT policy' 'PUT faults' 'DELETE faults' 'POST reset' \
              'DELETE journal' 'POST verify' 'POST doctor' 'POST expect' 'DELETE expect' 'POST sandboxes'; do
    case $call in GET*) got=$(status -H "Origin: $origin" "$url/_mock/${call#* }") ;;
    *) got=$(status -X "${call% *}" -H "Origin: $origin" -H 'Content-Type: application/json' -d '{}' "$url/_mock/${call#* }") ;; esac
    [ "$got" = 403 ] || fail "$call from $origin: $got"
  done
done
[ "$(status -H 'Sec-Fetch-Site: cross-site' "$url/_mock/events")" = 403 ] || fail 'events from another site'
[ "$(status -H 'Host: evil.example' "$url/_mock/events")" = 403 ] || fail 'events under another name'
[ "$(status -H 'Host: evil.example' "$url/_mock/")" = 403 ] || fail 'the page under another name'
for own in "$url" "$tls"; do
  got=$(status -X PUT -H "Origin: $own" -H 'Sec-Fetch-Site: same-origin' -H 'Content-Type: application/json' -d '{"real":true}' "$own/_mock/clock")
  [ "$got" = 200 ] || fail "its own page at $own: $got"
done

# 16 may watch, over HTTPS too, and take no thread from requests; the mock stops although they are there.
stop
start --tls-listen 127.0.0.1:0 --threads 2
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do watch "screen.$i"; done
[ "$(status "$url/_mock/events")" = 503 ] || fail 'a 17th viewer'
post many@example.com
for i in 1 8 16; do comes "screen.$i" many@example.com; done
stop

# After a restart a viewer begins anew.
start --listen 127.0.0.1:0
post new@example.com
watch again -H "Last-Event-ID: $last"
grep -q '"resumed":false' again || fail "resumed: $(cat again)"
grep -q new@example.com again || fail "no history: $(cat again)"
unwatch
stop

# run --page: the mock stays, and what CMD ended with is passed on.
mkfifo keys
# shellcheck disable=SC2016 # the variable is CMD's
setsid heymarket-mock run --page -- sh -c 'echo "$HEYMARKET_MOCK_URL" >where; heymarket channel list "$HEYMARKET_CONTACT_ID" >/dev/null; exit 3' <keys 2>said &
pid=$!
exec 8>keys
comes said 'the mock stays until Enter'
url=$(cat where)
comes said "requests as they come: $url/_mock/"
[ "$(status "$url/_mock/")" = 200 ] || fail 'no page after the end of CMD'
status "$url/_mock/journal" >/dev/null
grep -q '"answer":\[{"id":' answer || fail "what CMD was answered is not kept: $(cat answer)"
echo >&8
got=0
wait "$pid" || got=$?
[ "$got" = 3 ] || fail "run --page: $got, expected 3"
exec 8>&-
exits 3 setsid -w heymarket-mock run --page -- sh -c 'exit 3' </dev/null
exits 2 setsid -w heymarket-mock run --page --control off -- true </dev/null
complains '--page: the page is part of the control plane'
exits 127 setsid -w heymarket-mock run --page -- ./no-such-command </dev/null
setsid heymarket-mock run --page -- true <keys 2>said_last & pid=$! # what is in ./said is from before
exec 8>keys
comes said_last 'the mock stays until Enter'
kill -TERM "$pid"
wait "$pid" || fail "after TERM: $?"

# TERM while CMD runs ends the mock, too, whatever CMD makes of it.
# shellcheck disable=SC2016 # the variable is CMD's
exits 42 timeout 60 setsid -w heymarket-mock run --page -- sh -c 'trap "exit 42" TERM; kill -TERM "$PPID"; while :; do sleep 0.1; done' <keys
