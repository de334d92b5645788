"""A server whose every text has characters that are not seen, or that turn the text around them.

    hidden_server.py PORT_FILE CHARACTERS_FILE
"""
import http.server
import json
import os
import sys

port_file, characters = sys.argv[1:]
with open(characters, encoding="utf-8") as file:
    HIDDEN = file.read()
CHANNEL = {"id": 1, "team_id": 2, "contact_id": 3, "channel_type": "phone", "channel_id": "1" + HIDDEN,
           "info_channel": HIDDEN, "channel_handle": HIDDEN, "created": HIDDEN, "updated": "2024-03-01T09:30:00Z"}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    count = 0

    def do_POST(self):
        Handler.count += 1
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        refuses = Handler.count % 3 == 0
        body = {"error": HIDDEN, "message": "it is " + HIDDEN, HIDDEN: HIDDEN} if refuses else [CHANNEL]
        data = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(400 if refuses else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("X-Request-Id", HIDDEN.encode().decode("latin-1").translate({c: None for c in range(128, 160)}) + "\u00ad")
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_PUT = do_DELETE = do_HEAD = do_PATCH = do_OPTIONS = do_POST

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open(port_file + ".new", "w", encoding="ascii") as file:
    file.write(str(server.server_port))
os.rename(port_file + ".new", port_file)
server.serve_forever()
