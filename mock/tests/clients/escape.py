"""Tries every way to send something to another address, as a program may by accident, and ends with 1; trap.py sees what left."""
import ctypes
import os
import socket
import struct
import sys
import threading

ELSEWHERE, ELSEWHERE6 = "198.51.100.7", "2001:db8::7"
FAST_OPEN, MPTCP, IO_URING_SETUP = 0x20000000, 262, 425


def tcp(family=socket.AF_INET, host=ELSEWHERE, protocol=0):
    with socket.socket(family, socket.SOCK_STREAM, protocol) as made:
        made.connect((host, 443))


def not_blocking():
    with socket.socket() as made:
        made.setblocking(False)
        if made.connect_ex((ELSEWHERE, 443)) not in (0, 115):
            raise OSError


def fast_open():
    with socket.socket() as made:
        made.sendto(b"x", FAST_OPEN, (ELSEWHERE, 443))


def datagram(host=ELSEWHERE, port=9, family=socket.AF_INET):
    with socket.socket(family, socket.SOCK_DGRAM) as made:
        made.sendto(b"x", (host, port))


def connected_datagram():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.connect((ELSEWHERE, 9))
        made.send(b"x")


def message(host=ELSEWHERE):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.sendmsg([b"x"], [], 0, (host, 9))


def messages():
    libc = ctypes.CDLL(None, use_errno=True)
    address = ctypes.create_string_buffer(struct.pack("=HH4s8x", socket.AF_INET, socket.htons(9), socket.inet_aton(ELSEWHERE)))
    data = ctypes.create_string_buffer(b"x")
    parts = ctypes.create_string_buffer(struct.pack("@PN", ctypes.addressof(data), 1))
    header = ctypes.create_string_buffer(struct.pack("@PI4xPNPNi4xI4x", ctypes.addressof(address), 16, ctypes.addressof(parts), 1, 0, 0, 0, 0))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        if libc.sendmmsg(made.fileno(), header, 1, 0) != 1:
            raise OSError


def ping():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP) as made:
        made.sendto(b"\x08\0\0\0\0\0\0\0", (ELSEWHERE, 0))


def in_thread():
    failed = []

    def run():
        try:
            tcp()
        except OSError as wrong:
            failed.append(wrong)
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]


def in_child():
    child = os.fork()
    if child == 0:
        try:
            tcp()
        except OSError:
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        raise OSError


def other_name():
    socket.getaddrinfo("other.example", 443)


def uring():
    if ctypes.CDLL(None).syscall(IO_URING_SETUP, 1, ctypes.create_string_buffer(120)) < 0:
        raise OSError


WAYS = {
    "tcp": tcp, "not blocking": not_blocking, "fast open": fast_open, "mptcp": lambda: tcp(protocol=MPTCP),
    "tcp 6": lambda: tcp(socket.AF_INET6, ELSEWHERE6), "mapped": lambda: tcp(socket.AF_INET6, "::ffff:" + ELSEWHERE),
    "datagram": datagram, "datagram 6": lambda: datagram(ELSEWHERE6, 9, socket.AF_INET6), "port 53": lambda: datagram("198.51.100.53", 53),
    "connected datagram": connected_datagram, "sendmsg": message, "sendmmsg": messages, "ping": ping, "multicast": lambda: datagram("224.0.0.251", 5353),
    "broadcast": lambda: datagram("255.255.255.255"), "thread": in_thread, "child": in_child, "name": other_name, "io_uring": uring,
}
for name, way in WAYS.items():
    try:
        way()
        print(name, end=", ")
    except OSError:
        pass
print("seem to leave")
sys.exit(1)
