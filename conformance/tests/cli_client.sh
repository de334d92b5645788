# heymarket-conformance client: our own client passes everything, and each mistake of a client is found by its scenario.
client() { # CODE ARGUMENT...
  local want=$1
  shift
  exits "$want" heymarket-conformance client "$@"
}
has() { grep -qE -- "$1" out || { cat out err >&2; fail "the output lacks: $1"; }; }
lacks() { ! grep -qE -- "$1" out || { cat out err >&2; fail "the output has: $1"; }; }

# Our own client, two calls per run.
cat >own.sh <<'END'
heymarket channel create "$HEYMARKET_CONTACT_ID" --type email --id countess@example.org &&
  exec heymarket channel create "$HEYMARKET_CONTACT_ID" --type phone --id 14155550123
END
client 0 --strict -- sh own.sh
lacks 'FAILED|warned |not seen '
has '^retry-after +E4 +passed'
has '^keeps-secrets +passed'

# A client with one mistake at a time.
need_python
cat >bad.py <<'END'
import base64, hashlib, hmac, http.client, json, os, sys, time, urllib.parse
env = os.environ.get
identity, key = os.environ["HEYMARKET_API_SECRET_ID"], env("OLD_KEY") or os.environ["HEYMARKET_API_SECRET_KEY"]
b64 = lambda data: base64.urlsafe_b64encode(data).rstrip(b"=")
def sign():
    claims = json.dumps({"iss": identity, "iat": int(time.time())}).encode()
    text = b64(b'{"alg":"HS256","typ":"JWT"}') + b"." + b64(claims)
    secret = (identity + env("JOIN", "||") + key).encode()
    return (text + b"." + b64(hmac.new(secret, text, hashlib.sha256).digest())).decode()
def post(token):
    url = urllib.parse.urlsplit(os.environ["HEYMARKET_API_BASE_URL"])
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=20)
    try:
        connection.request("POST", "/v2/contact/%s/channel" % os.environ["HEYMARKET_CONTACT_ID"],
                           '{"channel_type":"phone","channel_id":"14155551234"}',
                           {"Authorization": "Bearer " + token, "Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()
token = sign()
print(eval(env("SHOWS", "''")))
status, body = post(token)
if env("CACHES"):
    time.sleep(1.3)
    status, body = post(token if env("CACHES") == "yes" else sign())
for _ in range(3):
    if status >= int(env("REPEATS_FROM", "999")) or (status == 0 and env("REPEATS_LOST")):
        time.sleep(float(env("WAITS", "0")))
        status, body = post(token)
sys.exit(0 if 200 <= status < 300 and env("CHOKES_ON", "nothing of the kind") not in body else 1)
END

one() { # SCENARIO EXPECTED-LINE VARIABLE=VALUE...
  local scenario=$1 line=$2 want=0 got try
  shift 2
  case $line in *FAILED*) want=1 ;; esac
  for try in 1 2 3; do # on a busy machine, "at once" may take too long
    got=0; env "$@" heymarket-conformance client --scenario "$scenario" -- python3 bad.py >out 2>err || got=$?
    [ "$got" != "$want" ] || ! grep -qE "^$scenario .*$line" out || return 0
  done
  cat out err >&2; fail "exit $got, expected $want, in $try tries: $scenario with $*"
}
one signs 'J5 .*FAILED .*secret-joined-with-colon' JOIN=:
has '^ +expected: Every request is signed'
one signs 'passed' WAITS=0
one renews 'J6 .*FAILED .*over five minutes old' CACHES=yes
one renews 'J6 .*passed' CACHES=no
one rotates 'J10 .*FAILED' OLD_KEY=hard-coded
one lost-answer 'E7 .*FAILED .*2 times' REPEATS_LOST=yes
one lost-answer 'E7 .*passed' WAITS=0
one lost-later 'E7 .*not seen' WAITS=0
one server-error 'E5 .*FAILED' REPEATS_FROM=500
one server-error 'E5 .*warned' REPEATS_FROM=500 WAITS=0.4
one retry-after 'E4 .*FAILED .*Retry-After was 2' REPEATS_FROM=429 WAITS=0.5
one retry-after 'E4 .*passed' REPEATS_FROM=429 WAITS=2.1
one backs-off 'E4 .*FAILED' REPEATS_FROM=429
one bad-data 'E1 .*FAILED .*4 times' REPEATS_FROM=400
one unknown-members 'R2 .*FAILED .*the answer was correct' CHOKES_ON=verified

# Several requests per run: a test suite that creates one channel twice and continues after errors, four threads with one
# token, and a job that drops refused requests.
cat >several.py <<'END'
import base64, hashlib, hmac, http.client, json, os, sys, threading, time, urllib.parse
env = os.environ.get
identity, key = os.environ["HEYMARKET_API_SECRET_ID"], os.environ["HEYMARKET_API_SECRET_KEY"]
b64 = lambda data: base64.urlsafe_b64encode(data).rstrip(b"=")
def sign():
    claims = json.dumps({"iss": identity, "iat": int(time.time())}).encode()
    text = b64(b'{"alg":"HS256","typ":"JWT"}') + b"." + b64(claims)
    return (text + b"." + b64(hmac.new((identity + "||" + key).encode(), text, hashlib.sha256).digest())).decode()
def connect():
    url = urllib.parse.urlsplit(os.environ["HEYMARKET_API_BASE_URL"])
    return http.client.HTTPConnection(url.hostname, url.port, timeout=20)
def post(connection, token, name):
    try:
        connection.request("POST", "/v2/contact/%s/channel" % os.environ["HEYMARKET_CONTACT_ID"],
                           json.dumps({"channel_type": "email", "channel_id": name + "@example.com"}),
                           {"Authorization": "Bearer " + token, "Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        return answer.status, float(answer.getheader("Retry-After") or 0)
    except (OSError, http.client.HTTPException):
        connection.close()
        return 0, 0
good, shared = [], [sign()]
def patient(name):
    connection = connect()
    for attempt in range(6):
        status, wait = post(connection, shared[0], name)
        if status == 429:
            time.sleep(wait or 0.1)
        elif status == 401 and attempt == 0:
            shared[0] = sign()
        else:
            break
    good.append(200 <= status < 300)
def together(names):
    threads = [threading.Thread(target=patient, args=(name,)) for name in names]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
if env("MODE") == "suite":
    connection = connect()
    for name in ("a", "a", "b"):
        good.append(200 <= post(connection, sign(), name)[0] < 300)
elif env("MODE") == "threads":
    together("abcd")
    if env("HEYMARKET_SCENARIO") == "renews":
        time.sleep(2.3)
        together("efgh")
else:
    connection = connect()
    for name in "abcde":
        post(connection, sign(), name)
        time.sleep(0.06)
sys.exit(0 if all(good) else 1)
END
MODE=suite client 0 --scenario lost-later --scenario server-error --scenario backs-off -- python3 several.py
has '^lost-later +E7 +passed'
has '^server-error +E5 +passed'
has '^backs-off +E4 +warned .*gave up'
MODE=threads client 0 --scenario renews --scenario backs-off -- python3 several.py
has '^renews +J6 +warned .*only after a refusal'
has '^backs-off +E4 +passed'
MODE=job client 1 --scenario backs-off -- python3 several.py
has '^backs-off +E4 +FAILED .*never accepted'

# No secret is printed, in any form.
for shown in key token '"key=%s," % key' 'key.encode().hex()' 'base64.b64encode(key.encode())'; do
  got=0; SHOWS=$shown heymarket-conformance client --scenario signs -- python3 bad.py >out 2>err || got=$?
  [ "$got" = 1 ] || { cat out err >&2; fail "exit $got, expected 1: $shown is shown"; }
  has '^keeps-secrets .*FAILED'
done
SHOWS=identity heymarket-conformance client --scenario signs -- python3 bad.py >out 2>err || fail 'the ID is no secret'

# No request; too late; no such command; wrong command lines; the other formats.
client 1 -- true
has 'no request arrived'
client 1 --timeout 1 --scenario signs -- sleep 60
has 'did not end in time'
client 2 -- ./absent
client 2 --scenario nonsense -- true
client 2
client 0 --scenario list
has '^lost-answer +E7'
client 0 --scenario signs --format json --report seen -- sh own.sh
cmp out seen/results.json || fail 'results.json is not what --format json prints'
python3 -c 'import json; r = json.load(open("out")); assert r["v"] == 1 and r["verdict"] == "good" and r["scenarios"][0]["result"] == "passed"' ||
  fail 'not the JSON that was expected'
JOIN=: client 1 --scenario signs --report seen -- python3 bad.py
python3 - <<'END' || fail 'not the JUnit that was expected'
import xml.etree.ElementTree
root = xml.etree.ElementTree.parse("seen/junit.xml").getroot()
for element in (root, root[0]):
    assert int(element.get("tests")) == len(root[0]) == 2 and int(element.get("failures")) == 1, element.attrib
signs, keeps_secrets = root[0]
assert signs.get("name").startswith("signs: ") and "secret-joined-with-colon" in signs.find("failure").get("message")
assert len(keeps_secrets) == 0
END
mkdir theirs; echo theirs >theirs/file
client 2 --scenario signs --report theirs -- sh own.sh
client 0 --scenario signs --format tap -- sh own.sh
has '^ok 1 - signs'
