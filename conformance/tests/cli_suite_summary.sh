# report.md and GitHub's annotations: what a server answers stays text in both.
need_python

cat >server.py <<'END'
import http.server
class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b'[{"id":"</code>@all [x](http://evil.example) ```\\n::error::pwned","##[add-mask]":"%0A::error::pwned"}]\n::error::pwned\n'
        self.send_response(200)
        self.send_header("Content-Type", "text/::warning::pwned")
        self.send_header("X-Request-Id", "::error::pwned")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    do_GET = do_PUT = do_DELETE = do_POST
    def log_message(self, *_):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open("port.new", "w") as file:
    file.write(str(server.server_address[1]))
import os
os.rename("port.new", "port")
server.serve_forever()
END
python3 server.py & server=$!
await port
export HEYMARKET_API_SECRET_ID=ID-OF-A-SECRET HEYMARKET_API_SECRET_KEY=a-key-that-nobody-may-see HEYMARKET_CONTACT_ID=0b7f5b1c-0000-4000-8000-000000000001
exits 1 env GITHUB_ACTIONS=true heymarket-conformance run --base-url "http://127.0.0.1:$(cat port)" --only B1,B2,J5-key-alone,T1,T4 --report there
kill "$server"
cat out err >log
python3 "$HM_SOURCE/ci/github_commands.py" log >commands
python3 - <<'END' || fail "$(cat log commands)"
import json
got = [json.loads(line) for line in open("commands")]
assert {c["command"] for c in got} <= {"error", "warning", "notice"}, got
assert got and got[0]["title"] == "heymarket-conformance", got
assert not [c for c in got if c["title"] == "" or c["message"].startswith("pwned")], got
assert len([c for c in got if c["command"] == "error"]) <= 10, got
assert any("actual" in c["message"] for c in got), got
END
grep -q '^## heymarket-conformance: FAILED' there/report.md || fail "$(cat there/report.md)"
for text in '| cases | requests | failed |' '- expected: <code>' '- actual: <code>' 'heymarket-conformance token' '### What was wrong'; do
  grep -qF -- "$text" there/report.md || fail "the report lacks: $text
$(cat there/report.md)"
done
grep -qF a-key-that-nobody log there/* && fail 'a key is shown'
# Formats that programs read are as they were.
exits 0 env GITHUB_ACTIONS=true heymarket-conformance run --only J5-key-alone --format tap
grep -q '^::' out && fail "a command in TAP: $(cat out)"
exits 0 env GITHUB_ACTIONS=true heymarket-conformance run --only J5-key-alone
grep -q '^::error' out err && fail "an annotation, although all is good: $(cat out err)"

command -v cmark-gfm >/dev/null || { echo 'not rendered: no cmark-gfm'; exit 0; }
cmark-gfm --unsafe -e table -e autolink -e strikethrough -e tasklist there/report.md >page.html
grep -E '<(a|img|script|b|i)[ >]' page.html && fail "$(cat page.html)"
true
