"""More clients than threads, whose TLS handshakes or heads do not end: a good client is answered in less than a second.

    slow_clients.py PORT_FILE TOKEN
"""
import concurrent.futures
import re
import socket
import ssl
import sys
import threading
import time

CLIENTS, LIMIT_S, PATIENCE_S = 100, 1.0, 60
port_file, token = sys.argv[1:]
ports = dict(re.findall(r"(https?)://.*:(\d+)", open(port_file).read()))
plain, tls = int(ports["http"]), int(ports["https"])
body = b'{"channel_type":"email","channel_id":"limits@example.com"}'
post = (f"POST /v2/contact/ada0ada0-1815-4000-8000-00000000ada0/channel HTTP/1.1\r\nHost: x\r\n"
        f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\nConnection: close\r\n"
        f"Content-Length: {len(body)}\r\n\r\n").encode() + body
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE


class Kind:
    """What is sent at once, and what follows byte by byte."""

    def __init__(self, parts, port=tls, is_wrapped=False):
        self.parts, self.port, self.is_wrapped = parts, port, is_wrapped


def hello():
    out = ssl.MemoryBIO()
    try:
        context.wrap_bio(ssl.MemoryBIO(), out, server_hostname="localhost").do_handshake()
    except ssl.SSLWantReadError:
        pass
    return out.read()


def parts_of_hello():
    return hello()[:1], hello()[1:-1]


def parts_of_head():
    return b"POST /v2", b"/contact/x/channel HTTP/1.1\r\nX-Slow: " + b"x" * 4000


KINDS = {"hello": Kind(parts_of_hello),
         "half a hello": Kind(lambda: (hello()[:100], b"")),
         "finished": Kind(lambda: (hello(), b"\x17\x03\x03\x00\x45" + b"x" * 68)),
         "head": Kind(parts_of_head, plain),
         "half a head": Kind(lambda: (post[:100], b""), plain),
         "head over TLS": Kind(parts_of_head, tls, True)}


class Slow:
    """Begins a connection; begins another when the mock has closed it."""

    def __init__(self, kind):
        self.kind = kind
        self.open()

    def open(self):
        now, self.later = self.kind.parts()
        self.socket = socket.create_connection(("127.0.0.1", self.kind.port), timeout=60)
        if self.kind.is_wrapped:
            self.socket = context.wrap_socket(self.socket, server_hostname="localhost")
        self.socket.sendall(now)
        self.socket.setblocking(False)

    def is_closed(self):
        try:
            while self.socket.recv(65536):
                pass
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        except OSError:
            pass
        return True

    def drip(self):
        try:
            if not self.is_closed():
                self.socket.send(self.later[:1])
                self.later = self.later[1:]
                return
        except OSError:
            pass
        self.socket.close()
        self.open()


def seconds(is_tls):
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", tls if is_tls else plain), timeout=60) as client:
        if is_tls:
            client = context.wrap_socket(client, server_hostname="localhost")
        client.sendall(post)
        answer = b""
        while piece := client.recv(65536):
            answer += piece
    if not answer.startswith(b"HTTP/1.1 200 "):
        sys.exit(f"a good client got {answer[:200]}")
    return time.monotonic() - began


def drip_on(slow, done):
    while not done.is_set():
        for client in slow:
            client.drip()
        time.sleep(0.02)


def try_kind(kind):
    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
        slow = list(pool.map(Slow, [KINDS[kind]] * CLIENTS))
    done = threading.Event()
    dripping = threading.Thread(target=drip_on, args=(slow, done), daemon=True)
    dripping.start()
    time.sleep(0.3)  # all threads have one of them
    for is_tls in (False, True):
        end = time.monotonic() + PATIENCE_S
        took = seconds(is_tls)
        while took >= LIMIT_S and time.monotonic() < end:  # a busy machine may be late at times
            took = seconds(is_tls)
        print(f"{kind}: {took:.2f} s, {'TLS' if is_tls else 'without TLS'}")
        if took >= LIMIT_S:
            sys.exit(f"{kind}: a good client waited {took:.1f} s, {'TLS' if is_tls else 'without TLS'}")
    done.set()
    dripping.join()
    for client in slow:
        client.socket.close()


for name in KINDS:
    try_kind(name)
