"""A network namespace in which every address belongs to this machine: what would leave arrives here, and is seen.

Its name server answers every name with ELSEWHERE, as the Internet's would answer api.heymarket.com. A database listens there."""
import ctypes
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

ELSEWHERE, NAME_SERVER = "198.51.100.7", "198.51.100.53" # RFC 5737: addresses of nobody
OUTGOING, STATISTICS, SOL_PACKET, ATTACH_FILTER = 4, 6, 263, 26 # <linux/if_packet.h>, <asm-generic/socket.h>
# Berkeley packet filter: if version 4 and the target 127.*, nothing, else all. Loopback's traffic would fill the buffer.
NOT_LOOPBACK = [(0x30, 0, 0, 0), (0x54, 0, 0, 0xF0), (0x15, 0, 2, 0x40), (0x30, 0, 0, 16), (0x15, 1, 0, 127), (6, 0, 0, 65535), (6, 0, 0, 0)]
TCP, UDP, ICMP, ICMP6 = 6, 17, 1, 58


def enter():
    """Runs this program again in a namespace of its own. Returns only inside of it: True; or, if that is impossible, False."""
    if os.environ.pop("HM_TRAPPED", None):
        return True
    words = ["unshare", "--net", "--mount"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
    try:
        if subprocess.run([*words, "ip", "link", "set", "lo", "up"], stderr=subprocess.DEVNULL, check=False).returncode:
            return False
    except FileNotFoundError:
        return False
    os.environ["HM_TRAPPED"] = "1"
    os.execvp("unshare", [*words, sys.executable, *sys.argv])


def has_other_users():
    """Root can become another user, but not in a namespace that has only one."""
    return os.geteuid() == 0 and "4294967295" in Path("/proc/self/uid_map").read_text()


class Trap:
    def __init__(self):
        for words in (["link", "set", "lo", "up"], ["route", "add", "local", "0.0.0.0/0", "dev", "lo"]):
            subprocess.run(["ip", *words], check=True)
        if os.path.exists("/proc/sys/net/ipv6"):
            subprocess.run(["ip", "-6", "route", "add", "local", "::/0", "dev", "lo"], check=True)
        self.hosts = Path("/etc/hosts").read_text()
        self.files = tempfile.TemporaryDirectory() # nothing can be mounted over a file that is gone
        self.replace("/etc/resolv.conf", f"nameserver {NAME_SERVER}\n")
        self.replace("/etc/hosts", self.hosts)
        self.names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.names.bind((NAME_SERVER, 53))
        threading.Thread(target=self.answer_names, daemon=True).start()
        self.database = socket.create_server((ELSEWHERE, 5432))
        threading.Thread(target=self.greet, daemon=True).start()
        self.seen = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3)) # ETH_P_ALL
        code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in NOT_LOOPBACK))
        program = struct.pack("@HP", len(NOT_LOOPBACK), ctypes.addressof(code))
        self.seen.setsockopt(socket.SOL_SOCKET, ATTACH_FILTER, program)
        self.seen.setblocking(False)

    def replace(self, path, content):
        """The file at that path, in this namespace."""
        file = Path(self.files.name, path.replace("/", "-"))
        file.write_text(content)
        subprocess.run(["mount", "--bind", file, os.path.realpath(path)], check=True)

    def add_host(self, line):
        """Adds a line to the file of hosts, in the place of the one that was added before."""
        Path("/etc/hosts").write_text(f"{self.hosts}{line}\n")

    def answer_names(self):
        while True:
            question, client = self.names.recvfrom(1500)
            end = question.find(b"\0", 12) + 5
            if end < 17:
                continue
            is_a = question[end - 4:end - 2] == b"\0\1"
            record = b"\xc0\x0c\0\1\0\1\0\0\0\0\0\4" + socket.inet_aton(ELSEWHERE) if is_a else b""
            self.names.sendto(question[:2] + b"\x81\x80\0\1" + struct.pack(">H", is_a) + b"\0\0\0\0" + question[12:end] + record, client)

    def greet(self):
        while True:
            with self.database.accept()[0] as client:
                client.sendall(b"ready\n")

    def caught(self):
        """What has tried to leave since the last call, each as "tcp 198.51.100.7 443"."""
        found = []
        while True:
            try:
                packet, (_, kind, direction, *_) = self.seen.recvfrom(65536)
            except BlockingIOError:
                break
            if direction == OUTGOING and (target := leaving(packet, kind)):
                found.append(target)
        dropped = struct.unpack("II", self.seen.getsockopt(SOL_PACKET, STATISTICS, 8))[1]
        if dropped:
            sys.exit(f"the trap has lost {dropped} packets: its buffer is too small")
        return found


def leaving(packet, kind):
    """Where a first packet goes to: a connection, a datagram, or anything else that is not an answer. None: not elsewhere."""
    if kind == 0x0800:
        protocol, start, source, target = packet[9], (packet[0] & 15) * 4, packet[12:16], packet[16:20]
        local, address = target[0] == 127, socket.inet_ntop(socket.AF_INET, target)
    elif kind == 0x86DD:
        protocol, start, source, target = packet[6], 40, packet[8:24], packet[24:40]
        local, address = target == bytes(15) + b"\1", socket.inet_ntop(socket.AF_INET6, target)
    else:
        return None
    ports = struct.unpack(">HH", packet[start:start + 4])
    if local or protocol in (ICMP, ICMP6):
        return None
    if protocol == TCP:
        return f"tcp {address} {ports[1]}" if packet[start + 13] & 0x12 == 2 else None # SYN without ACK
    if protocol == UDP and ports[0] == 53 and source == socket.inet_aton(NAME_SERVER):
        return None
    return f"{'udp' if protocol == UDP else protocol} {address} {ports[1]}"
