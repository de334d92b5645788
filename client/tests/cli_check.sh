# heymarket check: one line that says which it is, against the mock and against a server that says nothing but 401.
export HEYMARKET_API_SECRET_ID=74f80a77-9b3f-44ac-b3ad-ab68cfb548fa
export HEYMARKET_API_SECRET_KEY=cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK

one_line() { [ "$(wc -l <out)" = 1 ] && [ ! -s err ] || { cat out err >&2; fail 'not one line'; }; }

# Each mock is stopped before the next one; sets $mock and the base URL.
start() {
  rm -f port
  heymarket-mock --listen 0 --port-file port --log none "$@" & mock=$!
  await port
  HEYMARKET_API_BASE_URL=$(head -n 1 port)
  export HEYMARKET_API_BASE_URL
}
stop() { kill "$mock"; wait "$mock" || true; }

start
exits 0 heymarket check
has 'good: the server accepts the credentials for team 4821, 1 inbox: Support (7001)'
one_line
exits 0 heymarket check --json
has '{"v":1,"result":"good","status":200,"request_id":"'
has '"attempts":1,"inboxes":[{"id":7001,"team":4821,"name":"Support"}]}'
exits 4 env HEYMARKET_API_SECRET_KEY=wrong heymarket check
has 'wrong secret: the server answered 401 unauthorized: '
one_line
exits 4 env HEYMARKET_API_SECRET_KEY=wrong heymarket check --json
has '"clause":"J5","mistake":"signature-unknown","status":401,'
has '"result":"wrong_secret"}'
one_line
exits 2 heymarket check extra
exits 2 env -u HEYMARKET_API_SECRET_ID -u HEYMARKET_API_SECRET_KEY heymarket check
complains 'HEYMARKET_API_SECRET_ID'
stop

exits 3 heymarket check --timeout 2 # the port of a stopped mock stays free for a while
has 'not reachable: nothing was sent to http://127.0.0.1:'
one_line
exits 3 heymarket check --timeout 2 --json
has '"result":"not_reachable"}'

for is in earlier later; do
  now=$(date +%s)
  [ $is = earlier ] && start --clock "@$((now + 7200))" || start --clock "@$((now - 7200))"
  exits 4 heymarket check
  has 'wrong clock: this computer'"'"'s clock is '
  has " $is than the server's: set it and check again: the server answered 401"
  one_line
  stop
done

start --rate-limit 1
exits 0 heymarket check
exits 1 heymarket check --timeout 5
has 'rate limited: the server answered 429'
one_line
stop
unset HEYMARKET_API_BASE_URL

exits 3 heymarket-mock run --tls -- env -u CURL_CA_BUNDLE -u SSL_CERT_FILE heymarket check
has 'certificate not believed: nothing was sent to https://localhost:'
exits 0 heymarket-mock run --tls -- heymarket check
has 'good: '

# A server that answers with a status, a Date and a body, and does not say why. The path of its URL chooses.
cat >server.py <<'PY'
import http.server, sys, time
from email.utils import formatdate

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        status, ahead_s, body = self.path.split("/")[1:4]
        body = {"html": b"<html>", "object": b"{}", "none": b"",
                "mask": b'[{"id":1,"name":"%s \\u001b[31m","team":2,"members":[],"phones":[]}]' % self.headers["Authorization"].encode()}[body]
        self.send_response_only(int(status))
        if ahead_s != "none":
            self.send_header("Date", formatdate(time.time() + int(ahead_s), usegmt=True))
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
with open("own-port.part", "w") as file:
    file.write("http://127.0.0.1:%d\n" % server.server_port)
import os
os.rename("own-port.part", "own-port")
server.timeout = 60
for _ in range(int(sys.argv[1])):
    server.handle_request()
PY
python3 server.py 10 & server=$!
await own-port
url=$(head -n 1 own-port)
while read -r code path text; do
  exits "$code" heymarket check --base-url "$url/$path"
  has "$text"
  one_line
done <<'ROWS'
4 401/0/none wrong secret: the server answered 401
4 401/250/none wrong secret: the server answered 401
4 401/-50/none wrong secret: the server answered 401
4 401/3600/none wrong clock: this computer's clock is 
4 401/-3600/none wrong clock: this computer's clock is 
4 401/none/none wrong secret or clock: the response has no Date to compare the clocks by: 
1 403/0/none not checked: the server answered 403
1 404/0/none not checked: the server answered 404
1 200/0/object wrong response: check that the base URL is that of the API: the server answered 200, but the answer breaks the contract: the body is an object
ROWS
exits 0 heymarket check --base-url "$url/200/0/mask"
has 'for team 2, 1 inbox: Bearer <token of '
! grep -qF "$(printf '\033')" out || fail 'a control character was printed'
wait "$server"

# What is not the API, or is broken: one line with the cause.
python3 "$HM_SOURCE/client/tests/broken_targets.py" "$PWD/broken" & server=$!
await broken/ports
of() { sed -n "s/^$1 //p" broken/ports; }
no_json='wrong response: check that the base URL is that of the API: the server answered'
while read -r code name text; do
  case $name in
    closes | not-http | black-hole | error | bad-gateway) seconds=1 ;; # repeated until the time is over
    *) seconds=30 ;;
  esac
  exits "$code" heymarket check --base-url "$(of "$name")" --ca-file broken/root.pem --timeout $seconds
  has "$text"
  one_line
done <<ROWS
0 right good: the server accepts the credentials for team 4821
0 tls good: the server accepts the credentials for team 4821
4 refused wrong secret: the server answered 401
3 closes not reachable: the request was sent, but no complete response arrived
3 not-http not reachable: the request was sent, but no complete response arrived
3 black-hole not reachable: the request was sent, but no complete response arrived (Operation timed out
3 expired certificate not believed: nothing was sent to https://localhost:
3 other-name certificate not believed: nothing was sent to https://localhost:
1 limited rate limited: the server answered 429
1 page $no_json 200, but the answer breaks the contract: Content-Type is "text/html", application/json was expected
1 page-as-json $no_json 200, but the answer breaks the contract: the body is not JSON
1 empty-body $no_json 200, but the answer breaks the contract: the body is empty
1 no-content $no_json 204
1 object $no_json 200, but the answer breaks the contract: the body is an object
1 half-json $no_json 200, but the answer breaks the contract: the body is not JSON
1 no-team good credentials, wrong response: the server answered 200, but the answer breaks the contract: /0/members
1 redirect not checked: the server answered 302; redirects are not followed
1 error not checked: the server answered 500 server_error
1 bad-gateway not checked: the server answered 502
1 not-found not checked: the server answered 404
ROWS
exits 3 heymarket check --base-url "$(of expired)" --ca-file broken/root.pem
has 'certificate has expired'
exits 3 heymarket check --base-url "$(of tls)"
has 'certificate not believed: '
one_line
kill "$server"

# No secret in anything that was printed.
! grep -qF "$HEYMARKET_API_SECRET_KEY" out err || fail 'the key was printed'
