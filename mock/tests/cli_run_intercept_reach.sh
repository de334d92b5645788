# heymarket-mock run --intercept: which hosts the command asked for, why no request arrived, --allow-host, and the proxy.
need_python jsonschema
few='--threads 8'
unset HTTPS_PROXY https_proxy HTTP_PROXY http_proxy ALL_PROXY all_proxy NO_PROXY no_proxy SSL_CERT_FILE SSL_CERT_DIR

# A client: call.py URL [BUNDLE]; a program that is called python, so that it is known.
cat >call.py <<'END'
import ssl, sys, urllib.request
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
if len(sys.argv) > 2:
    context.load_verify_locations(sys.argv[2])
else:
    context.load_default_certs()
try:
    urllib.request.urlopen(urllib.request.Request(sys.argv[1]), timeout=20, context=context)
except urllib.error.HTTPError as answer:
    print(answer.code)
except OSError as failure:
    print(failure)
END
# A certificate that is not the mock's.
python3 - <<'END'
import base64, os, ssl, sys
for name in ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"):
    if os.path.exists(name):
        first = open(name).read().split("-----END CERTIFICATE-----")[0]
        open("other.pem", "w").write(first + "-----END CERTIFICATE-----\n")
        break
END

# reaches WORD OPTION... -- COMMAND...: the report says this; reports_check looks at all of it later.
number=0
reaches() {
  local want=$1
  shift
  number=$((number + 1))
  # shellcheck disable=SC2086 # words
  heymarket-mock run $few --report r.json --report $number.xml --report $number.html "$@" >out 2>err || true
  cp r.json $number.json
  grep -q "\"reach\": \"$want\"" r.json || fail "$*: $(cat err r.json)"
}
# The reports of all formats agree, and are what the schema says.
reports_check() {
  python3 - "$HM_SOURCE" "$number" <<'END' || fail 'a report is not what it should be'
import json, sys, xml.etree.ElementTree
import jsonschema
schema = jsonschema.Draft202012Validator(json.load(open(sys.argv[1] + "/fixtures/schemas/run-report.schema.json")))
for number in range(1, int(sys.argv[2]) + 1):
    report = json.load(open(f"{number}.json"))
    schema.validate(report)
    found = report["intercept"]
    assert (found["message"] is None) == (found["reach"] == "arrived"), found
    suite = xml.etree.ElementTree.parse(f"{number}.xml").getroot().find("testsuite")
    cases = suite.findall("testcase")
    assert int(suite.get("tests")) == len(cases) and int(suite.get("skipped")) == len(suite.findall("testcase/skipped"))
    skipped = [c.find("skipped").get("message") for c in cases if c.get("name") == "interception" and c.find("skipped") is not None]
    assert skipped == ([found["message"]] if found["message"] else []), skipped
    page = open(f"{number}.html").read()
    assert "Hosts that the command asked for" in page
    for host in found["hosts"]:
        assert host["host"] in page
END
}
# says TEXT: the summary has it, whatever its line breaks.
says() { tr -s ' \n' '  ' <err | grep -qF -- "$1" || fail "no '$1' in: $(cat err)"; }
says_not() { ! tr -s ' \n' '  ' <err | grep -qF -- "$1" || fail "'$1' in: $(cat err)"; }
hosts() { python3 -c 'import json; print(" ".join("%s:%s=%s" % (h["host"], h["port"], h["result"]) for h in json.load(open("r.json"))["intercept"]["hosts"]))'; }

# A server outside, and a port of it at which nothing is.
python3 - >ports <<'END' &
import socket, threading
server, closed = socket.create_server(("127.0.0.1", 0)), socket.socket()
closed.bind(("127.0.0.1", 0))
print(server.getsockname()[1], closed.getsockname()[1], flush=True)
def serve(client):
    while (data := client.recv(65536)):
        client.sendall(data)
    client.close()
while True:
    threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
END
await ports
read -r open closed <ports
cat >echo.py <<'END'
import socket, sys
try:
    client = socket.create_connection(("localhost", int(sys.argv[1])), 20)
    client.sendall(b"hello")
    print(client.recv(100).decode() or "closed")
except OSError as failure:
    print(failure.strerror)
END

# The proxy: it carries the calls of clients that read its variables, and says that others would leave.
reaches arrived --intercept=proxy -- python3 call.py https://api.heymarket.com/v1/inboxes
[ "$(cat out)" = 401 ] || fail "through the proxy: $(cat out err)"
says 'a client that ignores proxy variables calls the real service'
# shellcheck disable=SC2016  # the variable is the command's
JAVA_HOME=/nonexistent exits 0 heymarket-mock run --intercept=proxy -- sh -c 'echo "$JAVA_TOOL_OPTIONS"'
has '-Djavax.net.ssl.trustStore='
has '-Dhttps.proxyHost=127.0.0.1'
reaches proxy-unused --intercept=proxy -- true
says 'ignores proxy variables: then it called the real service'
reaches subdomain --intercept=proxy -- python3 call.py https://eu.api.heymarket.com/
[ "$(hosts)" = eu.api.heymarket.com:443=refused ] || fail "hosts: $(hosts)"
reaches never-connected --intercept=proxy -- python3 call.py https://www.example:8443/
grep -q 'Forbidden' out || fail "not refused: $(cat out)"
says 'CMD also asked for www.example port 8443, which was refused'
reaches distrusted --intercept=proxy -- python3 call.py https://api.heymarket.com/ other.pem
says '1 TLS handshake failed'
exits 2 heymarket-mock run --intercept=proxy --allow-host api.heymarket.com:443 -- touch ran
complains 'CMD must not reach it'
exits 2 heymarket-mock run --intercept=proxy --allow-host nothing -- touch ran
complains 'expected HOST:PORT'
[ ! -e ran ] || fail 'the command ran'

heymarket-mock run --intercept=check >check || true
grep -q '^namespace (.*): possible$' check || { reports_check; echo "skipped the rest: $(head -n 1 check)"; exit 77; }

# The private network.
reaches arrived --intercept=namespace -- python3 call.py https://api.heymarket.com/v1/inboxes
[ "$(cat out)" = 401 ] || fail "$(cat out err)"
reaches in-the-clear --intercept=namespace -- python3 call.py http://api.heymarket.com/v1/inboxes
[ "$(cat out)" = 403 ] || fail "in the clear: $(cat out)"
says 'CMD called http://api.heymarket.com, so requests were sent in the clear'
reaches arrived --intercept=namespace -- sh -c 'python3 call.py http://api.heymarket.com/; python3 call.py https://api.heymarket.com/'
says 'CMD called http://api.heymarket.com, so requests were sent in the clear'
reaches subdomain --intercept=namespace -- python3 call.py https://eu.api.heymarket.com/
says 'CMD asked only for a host below api.heymarket.com'
reaches never-connected --intercept=namespace -- python3 call.py https://www.example/
says 'CMD also asked for www.example, which was refused'
[ "$(hosts)" = www.example:None=refused ] || fail "hosts: $(hosts)"
reaches never-connected --intercept=namespace -- true
says_not 'CMD also asked for'
reaches silent --intercept=namespace -- python3 -c 'import socket; socket.create_connection(("api.heymarket.com", 443))'
says 'but sent no request'
says_not 'TLS handshake'

# Which program does not trust the certificate, and which variable it lacks.
reaches distrusted --intercept=namespace -- python3 call.py https://api.heymarket.com/ other.pem
says 'does not trust the mock'\''s certificate although SSL_CERT_FILE is set: it has certificates of its own'
python3 - <<'END' || fail "$(cat r.json)"
import json
(peer,) = json.load(open("r.json"))["intercept"]["distrusted"]
assert peer["program"].startswith("python") and peer["runtime"] == "Python", peer
assert peer["variable"] == "SSL_CERT_FILE" and peer["set"] and peer["failed"] == 1, peer
END
reaches distrusted --intercept=namespace -- env -u SSL_CERT_FILE python3 call.py https://api.heymarket.com/ other.pem
says 'SSL_CERT_FILE is not in its environment, although CMD was started with it'

# Allowed hosts.
reaches never-connected --intercept=namespace --allow-host "localhost:$open" --allow-host "localhost:$closed" -- \
  sh -c "python3 echo.py $open; python3 echo.py $closed"
[ "$(cat out)" = 'hello
Connection reset by peer' ] || fail "allowed: $(cat out err)"
says "1 connection to localhost:$closed of --allow-host failed: Connection refused"
python3 - <<'END' || fail "$(cat r.json)"
import json
first, second = json.load(open("r.json"))["intercept"]["allowed"]
assert first["connected"] == 1 and first["failed"] == 0 and first["error"] is None, first
assert second["connected"] == 0 and second["failed"] == 1 and second["error"], second
END
reaches never-connected --intercept=namespace -- python3 echo.py "$open"
[ "$(cat out)" = 'Connection refused' ] || fail "not allowed: $(cat out)"
reports_check
