"""A server that repeats everything it is sent, for tests of redaction. Its answers are all wrong.

    leaky_server.py --port-file FILE --tokens FILE [--accept] KEY

Accepts the first request of a run, so that the run goes on. Answers every other one with 400 and a body, and headers, that repeat its Authorization value, the key, and text that
would break out of HTML, XML, a terminal or a line of JSON. Every segment of every token that came is a line of the
tokens file. With --accept every answer is a 200 that has the key, or a token, in the place of a value of the contract.
"""
import argparse
import http.server
import itertools
import json
import os
import re

EVIL = "</pre><script>alert(1)</script>]]>&amp;\"'\x1b[31m\u202e\x00\ufffe"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def answer(self):
        asked = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        sent = " ".join(self.headers.get_all("Authorization") or [])
        with open(self.server.tokens, "a", encoding="latin-1") as file:
            file.writelines(f"{part}\n" for part in re.split(r"[ .,\"']+", sent) if len(part) >= 16)
        if self.server.wrong is not None:
            return self.accept(sent)
        if re.search(rb"hm-[0-9a-f]+-1@example.com", asked):
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            return self.wfile.write(b"[]")
        body = f"{EVIL} {sent} {self.server.key} id||{self.server.key}".encode() + b"\xff\xfe"
        self.send_response(400)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Request-Id", re.sub(r"[^ -~]", "", sent) or "none")
        self.send_header("Set-Cookie", "session=0123456789abcdef-cookie-canary")
        self.send_header("X-Key", self.server.key)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def accept(self, sent):
        kind, secret, before = next(self.server.wrong)
        secret = before + (secret or sent.split(".")[-1])
        channel = {"id": 1, "team_id": 1, "contact_id": 1, "channel_type": "phone", "channel_id": "+15550001111",
                   "created": "2024-04-16T00:00:00Z", "updated": "2024-04-16T00:00:00Z"}
        body = {"created": json.dumps([channel | {"created": secret}]), "member": json.dumps({secret: 1}),
                "repeated": f'{{"{secret}": 1, "{secret}": 2}}', "text": f'["{secret}" {secret}'}.get(kind, "[]")
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", secret if kind == "type" else "application/json")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body.encode())

    do_GET = do_HEAD = do_OPTIONS = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def log_message(self, *arguments):
        pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port-file", required=True)
    parser.add_argument("--tokens", required=True)
    parser.add_argument("--accept", action="store_true")
    parser.add_argument("key")
    options = parser.parse_args()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.key, server.tokens = options.key, options.tokens
    server.wrong = options.accept and itertools.cycle(
        itertools.product(("created", "type", "member", "repeated", "text"), (options.key, None), ("", "x" * 30))) or None
    with open(options.port_file + ".new", "w", encoding="ascii") as file:
        file.write(f"http://127.0.0.1:{server.server_address[1]}\n")
    os.rename(options.port_file + ".new", options.port_file)
    server.serve_forever()


if __name__ == "__main__":
    main()
