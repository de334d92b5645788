"""Requests as bytes, and a server that answers with bytes of the test's choice."""
import re
import socket
import socketserver
import threading

PATIENCE_S = 60


def request(method=b"POST", target=b"/", headers=(), body=None, chunks=()):
    """The bytes of a request. @headers are lines. @chunks: the body is sent in chunks of these bytes."""
    lines = [method + b" " + target + b" HTTP/1.1", b"Connection: close", *headers]
    if not any(line.lower().startswith(b"host:") for line in lines):
        lines.append(b"Host: 127.0.0.1")
    if chunks:
        lines.append(b"Transfer-Encoding: chunked")
        body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in [*filter(None, chunks), b""])
    elif body is not None:
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + (body or b"")


def talk(port, message):
    """Sends @message and returns all that comes back until the connection is closed."""
    answer = b""
    with socket.create_connection(("127.0.0.1", port), PATIENCE_S) as connection:
        try:
            connection.sendall(message)
            while piece := connection.recv(65536):
                answer += piece
        except ConnectionError:
            pass
    return answer


class Handler(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    timeout = PATIENCE_S

    def handle(self):
        try:
            while self.one():
                pass
        except OSError:
            pass

    def one(self):
        lines = []
        while (line := self.rfile.readline()) not in (b"\r\n", b"\n", b""):
            lines.append(line.rstrip(b"\r\n"))
        if not lines:
            return False
        head = b"\n".join(lines)
        length = re.search(rb"(?im)^content-length: *(\d+)$", head)
        body = self.rfile.read(int(length.group(1)) if length else 0)
        if re.search(rb"(?im)^transfer-encoding:.*chunked$", head):
            while size := int(self.rfile.readline().split(b";")[0] or b"0", 16):
                body += self.rfile.read(size + 2)[:size]
            self.rfile.readline()
        values = re.findall(rb"(?im)^authorization:[ \t]*(.*)$", head)
        answer, stays = self.server.answer(lines[0].split(b" ")[0], values, body)
        self.wfile.write(answer)
        return stays


class Server(socketserver.ThreadingTCPServer):
    """Answers each request with what @answer(method, Authorization values, body) returns: bytes, and whether the
    connection stays open."""
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, answer):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer = answer
        self.port = self.server_address[1]
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    def handle_error(self, *arguments):
        pass  # the client has gone
