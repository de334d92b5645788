# heymarket-conformance client: our own client passes everything, and each mistake of a client is found by its scenario.
client() { # CODE ARGUMENT...
  local want=$1
  shift
  exits "$want" heymarket-conformance client "$@"
}
has() { grep -qE -- "$1" out || { cat out err >&2; fail "the output lacks: $1"; }; }
lacks() { ! grep -qE -- "$1" out || { cat out err >&2; fail "the output has: $1"; }; }

# Our own client, with every call of the contract.
cat >own.sh <<'END'
set -e
contact=$HEYMARKET_CONTACT_ID
heymarket check
heymarket channel create "$contact" --type email --id countess@example.org
heymarket channel create "$contact" --type phone --id 14155550123
heymarket channel update "$contact" --type phone --id 14155550124
heymarket channel get "$contact" --type phone
heymarket channel list "$contact"
heymarket channel delete "$contact" --type phone
END
own() {
  client 0 --strict -- sh own.sh
  lacks 'FAILED|warned |not seen '
  has '^retry-after +E4 +passed'
  has '^delete-lost +E7 +passed +it sent the write once'
  has '^own-channels +G3 +passed +all 2 updates'
  has '^read-503 +E7 +passed +it repeated the GET'
  has '^keeps-secrets +passed'
}

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
mistakes() {
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
}

# Several requests per run: a test suite that creates one channel twice and continues after errors, four threads with one
# token, and a job that drops refused requests.
cat >calls.py <<'END'
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
END
cat >several.py <<'END'
from calls import *
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
several() {
  MODE=suite client 0 --scenario lost-later --scenario server-error --scenario backs-off -- python3 several.py
  has '^lost-later +E7 +passed'
  has '^server-error +E5 +passed'
  has '^backs-off +E4 +warned .*gave up'
  MODE=threads client 0 --scenario renews --scenario backs-off -- python3 several.py
  has '^renews +J6 +warned .*only after a refusal'
  has '^backs-off +E4 +passed'
  MODE=job client 1 --scenario backs-off -- python3 several.py
  has '^backs-off +E4 +FAILED .*never accepted'
}

# The other operations: a client that sends STEPS, repeats the methods in REPEATS after a lost answer or a 5xx, and stops at a failure.
cat >family.py <<'END'
from calls import *
def call(method):
    connection = connect()
    path = "/v2/contact/%s/channel" % os.environ["HEYMARKET_CONTACT_ID"]
    name = env("TYPE", "phone")
    body = json.dumps({"channel_type": name, "channel_id": "1415555123%d" % len(method)}) if method in ("POST", "PUT") else None
    try:
        connection.request(method, path if body else path + "/" + name.replace("k", "%6B"), body,
                           {"Authorization": "Bearer " + sign(), "Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
for step in env("STEPS", "POST PUT GET DELETE").split():
    status = call(step)
    if (status == 0 or status >= 500) and step in env("REPEATS", "GET").split():
        time.sleep(float(env("WAITS", "0")))
        status = call(step)
    if (status == 0 or status >= 500) and env("LOOKS"):
        status = call("GET")
    if not (200 <= status < 300 or status == 404 or env("IGNORES")):
        sys.exit(1)
END
family() { # ARGUMENT...: judges family.py in the scenarios of these names, with --strict
  local code=$1 names=() name
  shift
  for name in "$@"; do names+=(--scenario "$name"); done
  client "$code" --strict "${names[@]}" -- python3 family.py
}
writes=(update-lost update-500 update-503 delete-lost delete-500)
family_right() {
  family 0 "${writes[@]}" delete-twice own-channels read-lost read-503
  lacks 'FAILED|warned |not seen '
  has '^update-lost +E7 +passed .*sent the write once, and exited with 1'
  has '^read-lost +E7 +passed +it repeated the GET'
  TYPE=facebook family 0 own-channels # its path has an escape
  has '^own-channels +G3 +passed'
  REPEATS='' family 0 read-lost
  has '^read-lost +E7 +passed +it gave up'
}
family_looks() {
  LOOKS=yes family 0 "${writes[@]}"
  has '^update-lost +E7 +passed +it sent the write once, and read the outcome'
  has '^delete-500 +E5 +passed +it did not repeat it, and read the outcome'
}
family_repeats() {
  REPEATS='PUT DELETE' WAITS=0.2 family 1 "${writes[@]}"
  has '^update-lost +E7 +FAILED .*2 times.*overwritten'
  has '^delete-lost +E7 +FAILED .*2 times.*another channel'
  has '^update-500 +E5 +warned .*before the 500.*E7'
  has '^update-503 +E7 +warned .*before the 503.*E7'
  has '^delete-500 +E5 +warned .*E7'
}
family_ignores() {
  STEPS='GET POST PUT DELETE' IGNORES=yes REPEATS='' family 1 update-lost delete-500 read-lost read-503
  has '^update-lost +E7 +warned .*cannot know the outcome'
  has '^delete-500 +E5 +warned +it exited with 0 after a 500'
  has '^read-lost +E7 +warned .*no answer to a GET'
  has '^read-503 +E7 +warned '
}
family_deletes_twice() {
  STEPS='POST DELETE DELETE' family 1 delete-twice own-channels
  has '^signs +J5 +passed'
  has '^delete-twice +X3 +warned .*again.* 1 time:'
  has '^own-channels +G3 +passed'
  STEPS='POST DELETE POST DELETE GET' family 0 delete-twice own-channels
  has '^delete-twice +X3 +passed'
}
family_not_its_own() {
  TYPE=email STEPS=PUT family 1 own-channels
  has '^own-channels +G3 +warned +1 of 1 .*channel_update'
  TYPE=email STEPS='POST DELETE DELETE' family 1 delete-twice own-channels
  has '^own-channels +G3 +warned +1 of 2 .*channel_delete'
  has '^delete-twice +X3 +passed'
}
# Without calls of the family, nothing of it is judged. Many reads do not hide a repeated write.
family_creates() {
  STEPS=POST family 0 "${writes[@]}" delete-twice own-channels read-lost read-503
  [ "$(grep -c 'skipped: it does not call channel_update$' out)" = 1 ] || fail 'channel_update is not named once'
  [ "$(grep -c 'skipped: it does not call channel_delete$' out)" = 1 ] || fail 'channel_delete is not named once'
  has '^read-lost +E7 +not seen +skipped: it does not call channel_get, '
  has '^own-channels +G3 +not seen '
  has '^good: 2 passed, 0 warned, 0 failed, 4 not seen'
  STEPS='GET GET GET POST' REPEATS='POST' family 1 lost-answer
  has '^signs +J5 +passed'
  has '^lost-answer +E7 +FAILED .*2 times'
}
at_once own mistakes several family_right family_looks family_repeats family_ignores family_deletes_twice family_not_its_own family_creates

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
