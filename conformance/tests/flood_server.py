"""A server whose answers have no end, or more of something than any client wants.

    flood_server.py --port-file FILE MODE

Accepts the first request of a run, so that the run goes on, and floods the client that sent any other. The modes are
the functions flood_*.
"""
import argparse
import itertools
import os
import re
import socketserver
import sys

HEAD = b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
PIECE, DRIP_S = 16 * 1024, 0.2
ID = b"X-Request-Id: 0123456789abcdef\r\n"


def forever(piece):
    return itertools.repeat(piece * (PIECE // len(piece)))


def flood_fields():
    """100,000 header fields."""
    yield HEAD
    yield from (b"".join(b"a%d: b\r\n" % number for number in range(at, at + 1000)) for at in range(0, 100000, 1000))
    yield b"Content-Length: 2\r\n\r\n{}"


def flood_short_fields():
    """Many fields, but less than the limit of bytes."""
    yield HEAD + b"a:\r\n" * 10000 + b"Content-Length: 2\r\n\r\n{}"


def flood_head():
    """A field without an end."""
    yield HEAD + b"X-Long: "
    yield from forever(b"x")


def flood_endless_fields():
    yield HEAD
    yield from forever(b"a: b\r\n")


def flood_status_line():
    yield b"HTTP/1.1 400 "
    yield from forever(b"x")


def flood_interim():
    """1xx answers without an end."""
    yield from forever(b"HTTP/1.1 102 Processing\r\n\r\n")


def flood_interim_fields():
    yield from forever(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nLink: </b>\r\n\r\n")


def flood_body():
    yield HEAD + b"\r\n"
    yield from forever(b"x")


def flood_length():
    yield HEAD + b"Content-Length: 99999999999999\r\n\r\n"
    yield from forever(b"x")


def flood_chunks():
    yield CHUNKED
    yield from forever(b"1\r\nx\r\n")


def flood_extension():
    """A chunk extension without an end."""
    yield CHUNKED + b"2;a="
    yield from forever(b"x")


def flood_extensions():
    """Chunks with little data and long extensions."""
    yield CHUNKED
    yield from forever(b"1;a=" + b"x" * 1000 + b"\r\nx\r\n")


def flood_trailers():
    yield CHUNKED + b"2\r\n{}\r\n0\r\n"
    yield from forever(b"a: b\r\n")


def flood_json_values():
    """A body within the limit of bytes, of a million values."""
    body = b"[" + b"[]," * 1000000 + b"[]]"
    yield HEAD + ID + b"Content-Length: %d\r\n\r\n" % len(body) + body


def flood_json_depth():
    body = b"[" * 1000000
    yield HEAD + ID + b"Content-Length: %d\r\n\r\n" % len(body) + body


def flood_list(body=b'[{"id":1}' + b',{"id":1,"a":"b"}' * 100000 + b"]"):
    """A 200 with more channels than a contact can have."""
    yield b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def flood_long_bodies():
    """Bodies within every limit, one after the other."""
    body = b'{"error":"bad_data","message":"' + b"\x01" * 900000 + b'"}'
    yield HEAD + ID + b"Content-Length: %d\r\n\r\n" % len(body) + body


def flood_long_heads():
    """Heads within every limit, one after the other."""
    yield HEAD + b"".join(b"a%d: %s\r\n" % (number, b"\x1b" * 240) for number in range(240)) + b"Content-Length: 2\r\n\r\n{}"


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        while self.request_read():
            is_first = re.search(rb"hm-[0-9a-f]+-1@example.com", self.body)
            answer = [HEAD.replace(b"400 Bad Request", b"200 OK") + b"Content-Length: 2\r\n\r\n[]"]
            try:
                for piece in answer if is_first else globals()["flood_" + self.server.mode]():
                    self.wfile.write(piece)
            except OSError:  # the client has had enough
                return

    def request_read(self):
        length = 0
        self.body = b""
        line = self.rfile.readline()
        while line not in (b"", b"\r\n"):
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
            line = self.rfile.readline()
        self.body = self.rfile.read(length)
        return line != b""


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def main():
    modes = sorted(name[len("flood_"):] for name in globals() if name.startswith("flood_"))
    parser = argparse.ArgumentParser()
    parser.add_argument("--port-file", required=True)
    parser.add_argument("mode", choices=modes)
    options = parser.parse_args()
    with Server(("127.0.0.1", 0), Handler) as server:
        server.mode = options.mode
        with open(options.port_file + ".new", "w", encoding="ascii") as file:
            file.write(f"http://127.0.0.1:{server.server_address[1]}\n")
        os.rename(options.port_file + ".new", options.port_file)
        server.serve_forever()


if __name__ == "__main__":
    main()
