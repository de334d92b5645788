"""run --intercept=connect and =keep-network in a network where every address is this machine (clients/trap.py).

run_connect.py MOCK DENY
Exit code 77: there is no such network. As root, some runs are also made as an ordinary user."""
import errno
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent / "clients"))
import trap  # noqa: E402

MOCK, DENY = sys.argv[1:3]
NOBODY = 65534
PYTHON = "/usr/bin/python3" if os.access("/usr/bin/python3", os.X_OK) else "python3"  # of every user

# What CMD does, line by line: it prints a line for each.
CLIENT = r'''
import errno, os, socket, struct, sys, urllib.error, urllib.request
def fetch(url):
    try:
        return urllib.request.urlopen(url, timeout=30).status
    except urllib.error.HTTPError as answer:
        return answer.code
def connect(kind, host, port):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, kind) as s:
        s.settimeout(30)
        s.connect((host, int(port)))
    return "ok"
def tcp(host, port): return connect(socket.SOCK_STREAM, host, port)
def udp(host, port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.sendto(b"x", (host, int(port)))
    return connect(socket.SOCK_DGRAM, host, port)
def dns(server, name):
    question = b"\1\2\1\0\0\1\0\0\0\0\0\0" + b"".join(bytes([len(l)]) + l.encode() for l in name.split(".")) + b"\0\0\1\0\1"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(30)
        s.sendto(question, (server, 53))
        answer, sender = s.recvfrom(512)
    return *sender, "none" if answer[3] & 15 else socket.inet_ntoa(answer[-4:])
def resolve(name):
    return socket.getaddrinfo(name, 443, type=socket.SOCK_STREAM)[0][4][0]
def hide(*words):  # as ssh-agent does
    import ctypes
    ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
    return tcp(*words)
for words in sys.argv[1:]:
    try:
        name, *rest = words.split()
        result = globals()[name](*rest)
    except socket.gaierror:
        result = "no name"
    except OSError as why:
        result = errno.errorcode.get(why.errno, why)
    print(words, "->", *result if isinstance(result, tuple) else (result,), flush=True)
'''

failed = []


def run(intercept, *lines, deny=None, user=None, options=(), command=None):
    """@returns exit code, {line: result}, and what was printed on stderr"""
    words = [MOCK, "run", "--threads", "8", f"--intercept={intercept}" if intercept else "--intercept", *options, "--",
             *(command or [PYTHON, "-c", CLIENT, *lines])]
    if deny:
        words = [DENY, deny, *words]
    if user:
        words = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", *words]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, dict(line.split(" -> ") for line in done.stdout.splitlines() if " -> " in line), done.stderr


def check(what, got, expected):
    if got != expected:
        failed.append(what)
        print(f"FAILED: {what}: {got!r}, expected {expected!r}", file=sys.stderr)


def check_run(what, results, *run_words, caught=(), **run_options):
    code, got, messages = run(*run_words, *results, **run_options)
    for line, expected in results.items():
        check(f"{what}: {line}", got.get(line), expected)
    check(f"{what}: exit code", code, 0)
    check(f"{what}: left the machine", sorted(set(seen.caught())), sorted(caught))
    return messages


if not trap.enter():
    print("skipped: no network namespace", file=sys.stderr)
    sys.exit(77)
seen = trap.Trap()
outside = socket.create_server(("0.0.0.0", 0))  # every address is here
port = outside.getsockname()[1]

CONNECT = {
    "fetch https://api.heymarket.com/v2/contact/x": "404",
    "resolve api.heymarket.com": "192.0.2.1",
    "resolve example.com": "no name",
    "resolve eu.api.heymarket.com": "no name",
    "dns 198.51.100.53 api.heymarket.com": "198.51.100.53 53 192.0.2.1",
    "dns 127.0.0.53 API.heymarket.com": "127.0.0.53 53 192.0.2.1",
    "dns 198.51.100.53 example.com": "198.51.100.53 53 none",
    "tcp 198.51.100.7 443": "ENETUNREACH",
    "tcp 2001:db8::7 443": "ENETUNREACH",
    "tcp 192.0.2.1 8443": "ENETUNREACH",
    "tcp 192.0.2.1 80": "ok",
    "udp 198.51.100.7 123": "ENETUNREACH",
    "udp 192.0.2.1 443": "ENETUNREACH",
    f"tcp 127.0.0.1 {port}": "ok",
    f"tcp 203.0.113.9 {port}": "ok",  # allowed
    "tcp 203.0.113.9 1": "ENETUNREACH",
}
allow = ("--allow-host", f"203.0.113.9:{port}")
passed = [f"tcp 203.0.113.9 {port}"]
users = [None, NOBODY] if trap.has_other_users() else [None]
for user in users:
    for deny in (None, "pidfd_getfd"):
        check_run(f"connect, user {user}, without {deny}", CONNECT, "connect", deny=deny, user=user, options=allow, caught=passed)

if trap.has_other_users():
    results = {"hide 192.0.2.1 443": "ENETUNREACH", "tcp 192.0.2.1 443": "ENETUNREACH"}
    check_run("a process that hides its memory", results, "connect", user=NOBODY)

KEEP = {
    "fetch https://api.heymarket.com/v2/contact/x": "404",
    "resolve api.heymarket.com": "192.0.2.1",
    "resolve example.com": "198.51.100.7",
    "resolve eu.api.heymarket.com": "no name",
    "dns 198.51.100.53 api.heymarket.com": "198.51.100.53 53 192.0.2.1",
    "dns 198.51.100.53 example.com": "198.51.100.53 53 198.51.100.7",
    f"tcp 203.0.113.9 {port}": "ok",
    "tcp 192.0.2.1 80": "ok",
    f"tcp 127.0.0.1 {port}": "ok",
}
passed = [f"tcp 203.0.113.9 {port}", "udp 198.51.100.53 53"]
seen.add_host("198.51.100.7 api.heymarket.com")  # a line that would lead there
check_run("keep-network", KEEP, "keep-network", caught=passed)
seen.add_host("")
messages = check_run("keep-network without mounts", KEEP, "keep-network", deny="mount", caught=passed)
check("keep-network without mounts: message", "environment variables alone" in messages, True)

# Where namespaces are forbidden, connect takes their place; where both are, the command is not run.
messages = check_run("fallback", {"fetch https://api.heymarket.com/": "404"}, None, deny="unshare,pidfd_getfd", options=("--trust-file", "x"))
check("--trust-file: message", "--trust-file has no effect here" in messages, True)
check("fallback: message", "using supervised connect instead" in messages, True)
for intercept, deny, text in ((None, "unshare,seccomp", "CMD was not run"), ("connect", "seccomp=22", "Linux 5.9"),
                              ("connect", "seccomp=16", "supervises this one already"), ("connect", "seccomp", "forbidden"),
                              ("connect", "process_vm_readv", "cannot be read"), ("keep-network", "seccomp=22", "CMD was not run")):
    code, _, messages = run(intercept, deny=deny, command=["touch", "ran"])
    check(f"{intercept} without {deny}", (code, text in messages, os.path.exists("ran")), (125, True, False))
for intercept in ("connect", "keep-network"):
    check(f"{intercept}: exit code", run(intercept, command=["sh", "-c", "exit 7"])[0], 7)
    check(f"{intercept}: signal", run(intercept, command=["sh", "-c", "kill -9 $$"])[0], 137)
    code, left, _ = run(intercept, command=["sh", "-c", "(sleep 600 >/dev/null & echo \"left -> $!\"); exit 3"])
    check(f"{intercept}: a process that stays", (code, os.path.exists(f"/proc/{left['left']}")), (3, False))
# A process that stays, as the mock was killed, reaches nothing. keep-network ends it.
LATE = "import os, socket, time\nwhile os.path.exists('/proc/' + os.environ['MOCK']): time.sleep(0.01)\n" \
       "try: socket.create_connection(('192.0.2.1', 443)); said = 'connected'\nexcept OSError as why: said = os.strerror(why.errno)\n" \
       "open('late.part', 'w').write(said)\nos.rename('late.part', 'late')"
check("a process that stays", run("connect", command=["sh", "-c", 'MOCK=$PPID "$0" -c "$1" >/dev/null 2>&1 & kill -9 $PPID; exec sleep 60', PYTHON, LATE])[0], -9)
end = time.monotonic() + 60
while not os.path.exists("late") and time.monotonic() < end:
    time.sleep(0.01)
check("a process that stays", Path("late").exists() and Path("late").read_text(), os.strerror(errno.ENOSYS))
check("left the machine", seen.caught(), [])
sys.exit(bool(failed))
