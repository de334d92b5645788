# No output of the three programs has a character that is not seen, or that turns the text around it.
need_python
export PYTHONUTF8=1 HEYMARKET_API_SECRET_ID=74f80a77-9b3f-44ac-b3ad-ab68cfb548fa
export HEYMARKET_API_SECRET_KEY=cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK HEYMARKET_CONTACT_ID=ada0ada0-1815-4000-8000-00000000ada0
tests=$(dirname "$0")
[ -f "$tests/hidden_server.py" ] || tests=$HM_SOURCE/conformance/tests

# Line feeds and tabs are layout. The list is that of issue 17, and not taken from the sources.
cat >hidden.py <<'END2'
import pathlib
import sys

CODES = [0x7f, *range(0x80, 0xa0), 0xad, 0x61c, *range(0x200b, 0x2010), 0x2028, 0x2029, *range(0x202a, 0x202f),
         *range(0x2060, 0x2070), 0xfeff, 0xfff9, 0xfffe, 0xe0001, 0xe0041, 0xe007f]
if sys.argv[1] == "write":
    pathlib.Path("characters").write_text("".join(map(chr, CODES)), encoding="utf-8")
    sys.exit()
shown, wrong = 0, []
for name in sys.argv[1:]:
    data = pathlib.Path(name).read_bytes()
    text = data.decode("utf-8")  # all outputs are UTF-8
    wrong += [f"{name}: U+{code:04X} in {text[max(0, text.index(chr(code)) - 60):][:120]!r}" for code in CODES if chr(code) in text]
    wrong += [f"{name}: a control character" for c in text if c < " " and c not in "\n\t\r"][:1]
    shown += any(form in text.lower() for form in ("\\xe2\\x80\\xae", "\\u202e", "\\342"))
print(f"{shown} of {len(sys.argv) - 1} outputs show them escaped")
if wrong or shown == 0:
    sys.exit("\n".join(wrong) or "no output shows them at all")
END2
python3 hidden.py write
hidden=$(cat characters)

# clean FILE...: they have none of them.
clean() { python3 hidden.py "$@" || fail 'a hidden character in an output'; }

# The mock: requests with them everywhere; journal, log and reports.
cat >requests.py <<'END2'
import json
import os
import pathlib
import socket
import subprocess
import urllib.parse

hidden = pathlib.Path("characters").read_text(encoding="utf-8")
url = urllib.parse.urlsplit(os.environ["HEYMARKET_API_BASE_URL"])
token = subprocess.run(["heymarket", "token", "sign"], capture_output=True, text=True, check=True).stdout.strip()
path = f"/v2/contact/{os.environ['HEYMARKET_CONTACT_ID']}/channel"
answers = b""

def call(method, path, headers, body):
    global answers
    data = json.dumps(body, ensure_ascii=False).encode() if not isinstance(body, bytes) else body
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {len(data)}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in headers)
    with socket.create_connection((url.hostname, url.port), timeout=60) as client:
        client.sendall(head.encode() + b"\r\n" + data)
        while piece := client.recv(65536):
            answers += piece
    answers += b"\n"

visible = hidden.replace("\x7f", "")  # no field has DEL
auth, is_json = ("Authorization", "Bearer " + token), ("Content-Type", "application/json")
good = {"channel_type": "email", "channel_id": "a@example.com"}
call("POST", path, [auth, is_json], {"channel_type": "x" + hidden, "channel_id": hidden})
call("POST", path, [auth, is_json], {**good, "x" + hidden: hidden})
call("POST", path, [auth, is_json], {"channel_type": [hidden], "channel_id": {hidden: 1}})
call("POST", path, [auth, is_json], b'{"' + hidden.encode() + b'" x')
call("POST", path, [auth, ("Content-Type", "text/" + visible)], good)
call("POST", path, [("Authorization", "Bearer " + visible), is_json], good)
call("POST", path, [("Authorization", visible), is_json, ("X-" + "Name", visible)], good)
call("POST", "/v2/contact/" + urllib.parse.quote(hidden) + "/channel?q=" + urllib.parse.quote(hidden), [auth, is_json], good)
call("GET", "/" + urllib.parse.quote(hidden), [], b"")
for claims in ({"iss": hidden, "iat": 1}, {hidden: hidden, "iat": hidden}):
    part = lambda value: __import__("base64").urlsafe_b64encode(json.dumps(value, ensure_ascii=False).encode()).decode().rstrip("=")
    call("POST", path, [("Authorization", f"Bearer {part({'alg': hidden, 'typ': hidden})}.{part(claims)}.AAAA"), is_json], good)
    call("POST", "/_mock/doctor", [is_json], {"authorization": f"Bearer {part({'alg': hidden})}.{part(claims)}.AAAA", hidden: 1})
call("PUT", "/_mock/policy", [is_json], {hidden: hidden})
call("PUT", "/_mock/faults", [is_json], {"faults": [{"contact": hidden, "abort": "reset"}]})
call("PUT", "/_mock/faults", [is_json], {"faults": [{"channel_id": hidden, "status": 500}]})
call("POST", path, [auth, is_json], {"channel_type": "email", "channel_id": hidden})
call("GET", "/_mock/faults", [], b"")
call("POST", "/_mock/verify", [is_json], {"where": {"channel_id": hidden + "x"}, "at_least": 1})
call("POST", "/_mock/verify", [is_json], {"where": {hidden: hidden}})
call("POST", "/_mock/reset", [is_json], {"what": [hidden]})
call("GET", "/_mock/journal?limit=" + urllib.parse.quote(hidden), [], b"")
call("GET", "/_mock/journal", [], b"")
call("GET", "/_mock/contacts/ada", [], b"")
call("GET", "/_mock/contacts", [], b"")
pathlib.Path("answers").write_bytes(answers)
END2
for log in text json; do
  exits 0 heymarket-mock run --log $log --report r.json --report r.xml --report r.html -- python3 requests.py "$hidden"
  clean out err answers r.json r.xml r.html
done
python3 - <<'END2' || fail 'the data in JSON changed'
import json
import pathlib
hidden = pathlib.Path("characters").read_text(encoding="utf-8")
answers = pathlib.Path("answers").read_text(encoding="utf-8")
lists = [json.loads(line[line.index("["):]) for line in answers.splitlines() if line.startswith("[{")]
assert any(channel["channel_id"] == hidden for channels in lists for channel in channels)
END2
got=0
heymarket-mock serve --world "no-$hidden.json" >out 2>err || got=$?
[ "$got" = 2 ] || fail "a world with such a name: exit $got"
heymarket-mock serve --set "$hidden=1" >>out 2>>err || true
clean out err

# The client.
token="Bearer $(python3 -c 'import base64, json, pathlib
hidden = pathlib.Path("characters").read_text(encoding="utf-8")
part = lambda value: base64.urlsafe_b64encode(json.dumps(value, ensure_ascii=False).encode()).decode().rstrip("=")
print(part({"alg": "HS256", "typ": hidden, hidden: 1}) + "." + part({"iss": hidden, "iat": hidden, hidden: [hidden]}) + ".AAAA")')"
for format in '' --json; do
  # shellcheck disable=SC2086 # no format is no word
  {
    heymarket token inspect $format "$token" >out.inspect 2>err.inspect || true
    heymarket token verify $format "$token" >out.verify 2>err.verify || true
    printf '{"%s":"%s"}\n%s: %s\n' "$hidden" "$token" "$hidden" "$token" | heymarket doctor $format >out.doctor 2>err.doctor || true
  }
  cat err.inspect err.verify err.doctor >err
  clean out.inspect out.verify out.doctor err
done
python3 "$tests/hidden_server.py" port characters &
await port
base_url=http://127.0.0.1:$(cat port)
for round in 1 2 3; do
  heymarket channel create --base-url "$base_url" --type phone --id 14155550100 "$HEYMARKET_CONTACT_ID" >"out.$round" 2>"err.$round" || true
done
for round in 4 5 6; do
  heymarket channel create --json --base-url "$base_url" --type phone --id 14155550100 "$HEYMARKET_CONTACT_ID" >"out.$round" 2>"err.$round" || true
done
cat out.[123] err.[123] >text
cat out.[456] err.[456] >json
clean text json
got=0
heymarket "$hidden" >out 2>err || got=$?
heymarket channel create --type "$hidden" --id "$hidden" "$hidden" >>out 2>>err || true
heymarket channel create "--$hidden" >>out 2>>err || true
heymarket token verify --secret-file "$hidden" x >>out 2>>err || true
clean out err

# The suite.
for format in text tap json; do
  heymarket-conformance run --base-url "$base_url" --only J1 --only T4 --only R1 --only R2 --only E1 --format $format \
    --report report --verbose >out 2>err || true
  [ -s report/results.json ] || fail "no report: $(cat err)"
  clean out report/*
done
heymarket-conformance run --only "$hidden" >out 2>err || true
heymarket-conformance run --target "$hidden" >>out 2>>err || true
heymarket-conformance list --fixtures "$hidden" >>out 2>>err || true
clean out err
echo passed
