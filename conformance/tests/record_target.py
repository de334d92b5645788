"""A server for cli_record.sh that is wrong or odd on purpose, as the path says; prints its port to the file of the first argument."""
import gzip
import http.server
import json
import os
import sys
import time
import uuid


def one_channel(number, value, contact=7):
    return {"id": number, "team_id": 5, "contact_id": contact, "channel_type": "email", "channel_id": value, "info_channel": "",
            "channel_handle": "", "created": "2024-04-16T00:00:00Z", "updated": "2024-04-16T00:00:00Z"}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answers = 0

    def answer(self, status, body, *headers, request_id=None):
        self.send_response(status)
        self.send_header("X-Request-Id", request_id or str(uuid.uuid4()))
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def body(self):
        if self.headers.get("Transfer-Encoding") == "chunked":
            data = b""
            while True:
                size = int(self.rfile.readline(), 16)
                data += self.rfile.read(size)
                self.rfile.readline()
                if size == 0:
                    return data
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def handle_one(self):
        sent = self.body()
        kind = self.path.split("/")[-1]
        json_type = ("Content-Type", "application/json")
        if self.path == "/v1/inboxes":
            self.answer(200, b'[{"id": "7"}]', json_type)
        elif self.command == "GET" and self.path.endswith("/channel/phone"):  # another type
            self.answer(200, json.dumps(one_channel(1, "ada@navy.mil")).encode(), json_type)
        elif self.command == "GET" and self.path.endswith("/channel/email"):  # a list instead of a channel
            self.answer(200, json.dumps([one_channel(1, "ada@navy.mil")]).encode(), json_type)
        elif self.path.startswith("/v2/contact/"):  # forgets channels, and has the same X-Request-Id twice
            Handler.answers += 1
            value = json.loads(sent)["channel_id"]
            self.answer(200, json.dumps([one_channel(Handler.answers, value)]).encode(), json_type,
                        request_id="00000000-0000-4000-8000-000000000001")
        elif kind == "echo":  # what of the request has come
            self.answer(200, json.dumps({"headers": self.headers.items(), "body": len(sent)}).encode(), json_type,
                        ("Connection", "X-Private"), ("X-Private", "1"), ("X-Public", "2"))
        elif kind == "huge":
            self.answer(200, b"x" * (17 * 1024 * 1024), json_type)
        elif kind == "redirect":
            self.answer(302, b"", ("Location", "http://127.0.0.1:1/elsewhere"))
        elif kind == "gzip":
            self.answer(200, gzip.compress(b"[]"), json_type, ("Content-Encoding", "gzip"))
        elif kind == "chunked":
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"5\r\nhello\r\n0\r\n\r\n")
        elif kind == "slow":
            print("slow", flush=True)  # it has arrived
            time.sleep(600)
        elif kind == "die":
            self.close_connection = True
        elif kind == "half":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            self.close_connection = True
        else:
            self.answer(404, b"no")

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = do_OPTIONS = handle_one

    def log_message(self, *unused):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *unused):
        """A recorder that ends cuts its connections: no traceback for that."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(*unused)


server = Server(("127.0.0.1", 0), Handler)
with open(sys.argv[1] + ".new", "w", encoding="ascii") as file:
    file.write(f"http://127.0.0.1:{server.server_port}\n")
os.rename(sys.argv[1] + ".new", sys.argv[1])
server.serve_forever()
