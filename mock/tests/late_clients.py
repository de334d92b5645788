"""Clients that are late with their TLS handshake are not dropped while the mock can start threads for those that come after them.

    late_clients.py PORT_FILE
"""
import re
import socket
import ssl
import sys
import time

LATE, LATER, LATE_S = 100, 250, 1.2  # LATE_S: more than a tenth of the limit for a head, which is for a mock without idle threads
port = int(re.search(r"https://.*:(\d+)", open(sys.argv[1]).read())[1])
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
out = ssl.MemoryBIO()
try:
    context.wrap_bio(ssl.MemoryBIO(), out).do_handshake()
except ssl.SSLWantReadError:
    hello = out.read()


def begin():
    client = socket.create_connection(("127.0.0.1", port), timeout=60)
    client.sendall(hello[:100])
    return client


def is_answered(client):
    try:
        client.sendall(hello[100:])
        return client.recv(1) == b"\x16"
    except OSError:
        return False


late = [begin() for _ in range(LATE)]
time.sleep(LATE_S)
later = [begin() for _ in range(LATER)]
dropped = sum(not is_answered(client) for client in late)
if dropped:
    sys.exit(f"{dropped} of {LATE} clients, whose handshake took {LATE_S} s, were dropped")
