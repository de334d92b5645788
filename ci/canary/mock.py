"""heymarket-mock: canaries in every place of a request, of the control plane, of files and of the command line."""
import hashlib
import hmac
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
import uuid

from . import keys as canaries
from .wire import PATIENCE_S, request, talk

CONTACT = "ada0ada0-1815-4000-8000-00000000ada0"
PATH = b"/v2/contact/" + CONTACT.encode() + b"/channel"
JSON = b"Content-Type: application/json"


def secret_id(n):
    return str(uuid.UUID(int=0x5EC05EC0_0000_4000_8000_000000000000 + n))


def world_of(keys):
    """A team of each two keys, and a legacy key in the first."""
    teams = [{"team_id": n + 1, "name": f"Team {n + 1}",
              "secrets": [{"id": secret_id(2 * n + i), "key": key.text.decode()} for i, key in enumerate(keys[2 * n:2 * n + 2])]}
             for n in range((len(keys) + 1) // 2)]
    teams[0]["contacts"] = [{"name": "ada", "uuid": CONTACT, "contact_id": 1, "channels": []}]
    if len(keys) > 4:
        teams[0]["legacy_key"] = teams[-1]["secrets"].pop()["key"]
        if not teams[-1]["secrets"]:
            teams.pop()
    return {"teams": teams}


def token(n, key, claims=None, header=None, now=None):
    head = canaries.plain_base64url(json.dumps(header or {"alg": "HS256", "typ": "JWT"}).encode())
    payload = canaries.plain_base64url(json.dumps({"iss": secret_id(n), "iat": int(now or time.time()), **(claims or {})}).encode())
    signed = hmac.new(secret_id(n).encode() + b"||" + key, head + b"." + payload, hashlib.sha256).digest()
    return head + b"." + payload + b"." + canaries.plain_base64url(signed)


def channel(kind, value):
    return json.dumps({"channel_type": kind, "channel_id": value}).encode()


def halves(data):
    """A body as three chunks, cut within the key."""
    third = max(len(data) // 3, 1)
    return [data[:third], data[third:2 * third], data[2 * third:]]


def of_form(good, form):
    """Requests to the API that have one form of a key in one place each. @good: an Authorization line."""
    text = form.decode()
    yield request(target=b"/", headers=[good, JSON], body=form)
    yield request(target=PATH, headers=[good, JSON], body=form)
    yield request(target=PATH, headers=[good, JSON], chunks=halves(b'{"channel_type":"phone","x":"' + form + b'"}'))
    yield request(target=PATH, headers=[good, JSON], body=channel(text, "1"))
    yield request(target=PATH, headers=[good, JSON], body=channel("phone", text))
    yield request(target=PATH, headers=[good, JSON], body=channel("carrier-" + text, "+" + text))
    yield request(target=PATH, headers=[good, JSON], body=b'{"channel_type":"phone","channel_id":"1","' + form + b'":[1]}')
    yield request(target=PATH, headers=[good, JSON], body=json.dumps(
        {"channel_type": "phone", text: {text: [text]}, "channel_id": 7}).encode())
    yield request(target=PATH, headers=[good, JSON], body=b'{"channel_type":"phone",' + b" " * 4060 + form)
    if canaries.is_value(form):
        yield request(target=PATH, headers=[good, b"Content-Type: text/" + form], body=b"{}")
        yield request(target=PATH, headers=[good, b"Content-Type: " + form, b"X-Key: " + form, b"Cookie: a=" + form], body=b"{}")
        yield request(target=PATH, headers=[good, JSON, b"Expect: " + form, b"Accept-Encoding: " + form, b"User-Agent: " + form],
                      body=b"{}")
        yield request(target=PATH, headers=[b"Authorization: Bearer " + form, JSON], body=b"{}")
        yield request(target=PATH, headers=[b"Authorization: " + form, b"Authorization: Bearer " + form, JSON], body=b"{}")
        yield request(target=PATH, headers=[good, JSON, b"Content-Length: " + form])
        yield request(target=PATH, headers=[good, JSON, b"Transfer-Encoding: " + form])
        yield request(target=PATH, headers=[good, JSON, b"Host: " + form], body=b"{}")
        yield request(target=PATH, headers=[good, JSON, b"Transfer-Encoding: chunked"]) + b"1;" + form + b"\r\n{\r\n0\r\n\r\n"
        yield request(target=PATH, headers=[good, JSON, b"Transfer-Encoding: chunked"]) + form + b"\r\n{\r\n0\r\n\r\n"
        yield b"POST " + PATH + b" HTTP/" + form + b"\r\nHost: 127.0.0.1\r\n\r\n"
        yield request(target=PATH, headers=[good, form + b": 1", JSON], body=b"{}")
    if b"\r" not in form and b"\n" not in form and b" " not in form:
        yield request(method=form, target=PATH, headers=[good])
        yield request(method=b"GET", target=b"/" + form, headers=[good])
        yield request(target=PATH + b"?key=" + form + b"&" + form, headers=[good, JSON], body=b"{}")
        yield request(target=b"/v2/contact/" + form + b"/channel", headers=[good, JSON], body=channel("phone", "1"))
        yield request(target=b"http://" + form + b"/v2", headers=[good])


def of_token(n, key):
    """Tokens that carry a key or are signed with a part of one."""
    text = key.text.decode()
    odd = [token(n, key.text, {"iss": text}), token(n, key.text, {"iat": text, "exp": text, "nbf": [text]}),
           token(n, key.text, {text: 1, "sub": text}), token(n, key.text, header={"alg": text, "typ": text, "kid": text, text: 1}),
           token(n, key.text, {"iss": secret_id(n) + "||" + text}), token(n, key.text[:8]), token(n, key.text, now=1),
           canaries.plain_base64url(key.text) + b"." + canaries.plain_base64url(key.text) + b"." + canaries.plain_base64url(key.text), key.text.hex().encode() + b".e30." + canaries.plain_base64url(key.text)]
    for value in odd:
        yield request(target=PATH, headers=[b"Authorization: Bearer " + value, JSON], body=channel("phone", "1"))


def of_number(good, key):
    for number in (key.text, b"-" + key.text, key.text + b".5", b"0." + key.text, key.text + b"e2"):
        yield request(target=PATH, headers=[good, JSON], body=b'{"channel_type":"phone","channel_id":' + number + b"}")
        yield request(target=PATH, headers=[good, JSON], body=b'{"channel_type":' + number + b',"channel_id":[' + number + b"]}")


def control(method, path, value=None):
    body = None if value is None else value if isinstance(value, bytes) else json.dumps(value).encode()
    return request(method=method, target=b"/_mock/" + path, headers=[JSON], body=body)


def of_control(form):
    """Calls of the control plane that have a key where something else belongs."""
    text = form.decode()
    yield control(b"PUT", b"faults", {"faults": [{"status": 500, text: 1}]})
    for member in ("contact", "channel_type", "nth", "status", "retry-after", "delay", "abort", "commit"):
        yield control(b"PUT", b"faults", {"faults": [{"status": 500, member: text}]})
    yield control(b"PUT", b"faults", {text: []})
    yield control(b"PUT", b"faults", b'{"faults":[{"status":' + form + b"}]}")
    yield control(b"PUT", b"policy", {text: "reject"})
    yield control(b"PUT", b"policy", {"typ": text})
    yield control(b"PUT", b"policy", b'{"typ":"' + form + b'"')
    yield control(b"PUT", b"clock", {text: 1})
    yield control(b"PUT", b"clock", {"now": text})
    yield control(b"POST", b"verify", {"where": {text: 1}})
    for member in ("status", "method", "path", "contact", "channel_type", "channel_id", "body", "team", "secret_id", "finding",
                   "fault", "accepted"):
        yield control(b"POST", b"verify", {"where": {member: text}})
    yield control(b"POST", b"verify", {"where": {"body": {text: {text: 1}}}, "at_least": 1})
    yield control(b"POST", b"verify", {"where": {"channel_id": [text]}, "at_least": text})
    yield control(b"POST", b"reset", {"what": [text]})
    yield control(b"POST", b"reset", {text: []})
    yield control(b"POST", b"doctor", {"authorization": "Bearer " + text})
    yield control(b"POST", b"doctor", {"authorization": text, text: 1})
    yield control(b"POST", b"doctor", form)
    if not any(c in form for c in b" \r\n"):
        yield control(b"GET", form)
        yield control(b"GET", b"contacts/" + form)
        yield control(b"GET", b"journal/" + form)
        yield control(b"GET", b"journal?status=" + form)
        yield control(b"GET", b"journal?" + form + b"=1")
        yield control(b"GET", b"journal?finding=" + form + b"&contact=" + form + b"&since=" + form + b"&limit=" + form)


def fault_rules(keys, status):
    return {"faults": [{"channel_id": key.text.decode(), "status": status} for key in keys]}


class Mock:
    """A mock with the keys in its world, as `serve` or as `run`. Its outputs are read when it has ended."""

    def __init__(self, finder, programs, name, keys, *arguments):
        self.finder, self.name, self.keys, self.arguments = finder, name, keys, arguments
        self.program = os.path.join(programs, "heymarket-mock")
        self.write_world(keys)
        self.is_run = arguments[:1] == ("run",)
        verb = ["run"] if self.is_run else ["serve"]
        # `run` has the keys in its command, too.
        words = ["--", "sh", "-c", "cat >/dev/null", *(form for key in keys for form in canaries.in_forms(key.text).values())]
        with open(name + ".err", "wb") as errors, open(name + ".out", "wb") as out:
            self.process = subprocess.Popen(
                [self.program, *verb, "--listen", "0", "--port-file", name + ".port", "--world", name + ".world", "--journal",
                 "100000", *arguments[self.is_run:], *(words if self.is_run else ())], stdin=subprocess.PIPE, stdout=out, stderr=errors)
        end = time.monotonic() + PATIENCE_S
        while not os.path.exists(name + ".port"):
            assert time.monotonic() < end and self.process.poll() is None, f"the mock {name} did not start"
            time.sleep(0.01)
        with open(name + ".port", encoding="ascii") as file:
            self.port = int(re.search(r":(\d+)", file.readline()).group(1))
        self.viewer = threading.Thread(target=self.view)
        self.viewer.start()

    def view(self):
        """Keeps what a viewer of the page gets. While there is one, the journal has the answers, too."""
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE_S) as connection, open(self.name + ".events", "wb") as events:
            connection.sendall(control(b"GET", b"events").replace(b"HTTP/1.1", b"HTTP/1.0")) # not in chunks, which could cut a key
            try:
                while piece := connection.recv(65536):
                    events.write(piece)
            except ConnectionError:
                pass # the mock has ended

    def write_world(self, keys):
        with open(self.name + ".world.new", "w", encoding="utf-8") as file:
            json.dump(world_of(keys), file)
        os.rename(self.name + ".world.new", self.name + ".world")

    def send(self, message):
        """What a 2xx returns is the client's own channel, as the contract says: it is not read."""
        answer = talk(self.port, message)
        if not answer.startswith(b"HTTP/1.1 2") or b" /_mock/" in message[:20]:
            self.finder.read(f"{self.name}: answers", answer)
        return answer

    def attack(self, share=1):
        """Each key in each place: as it is, and in a form that changes from place to place. @share: of the latter."""
        for n, key in enumerate(self.keys):
            good = b"Authorization: Bearer " + token(n, key.text)
            forms = list(canaries.in_forms(key.text).values())
            plans = [[*of_form(good, form)] for form in forms]
            calls = [[*of_control(form)] for form in forms]
            for messages in (plans, calls):
                for place in range(max(map(len, messages))):
                    for turn in (0, place + n) if (place + n) % share == 0 else (0,):
                        row = messages[turn % len(forms)]
                        if place < len(row):
                            self.send(row[place])
            for message in of_token(n, key):
                self.send(message)
            if key.text.isdigit():
                for message in of_number(good, key):
                    self.send(message)
        self.fault()

    def attack_with(self, keys):
        """After a reload: keys of the world before are still in the journal, and are sent again."""
        for n, key in enumerate(keys):
            good = b"Authorization: Bearer " + token(n % 2, self.keys[n % 2].text)
            for message in list(of_form(good, key.text))[n % 3::3]:
                self.send(message)

    def fault(self):
        """Rules whose conditions are keys, and requests that they apply to."""
        for status in (400, 500):
            self.send(control(b"PUT", b"faults", fault_rules(self.keys, status)))
            for n, key in enumerate(self.keys):
                good = b"Authorization: Bearer " + token(n % 2, self.keys[n % 2].text)
                self.send(request(target=PATH, headers=[good, JSON], body=channel("phone", key.text.decode())))
        self.send(control(b"GET", b"faults"))
        self.send(control(b"DELETE", b"faults"))

    def reload(self, keys):
        self.write_world(keys)
        self.process.send_signal(signal.SIGHUP)
        gone = request(target=PATH, headers=[b"Authorization: Bearer " + token(len(keys), self.keys[len(keys)].text), JSON])
        end = time.monotonic() + PATIENCE_S
        while not self.send(gone).startswith(b"HTTP/1.1 401"):
            assert time.monotonic() < end, "the mock did not reload"
            time.sleep(0.01)

    def end(self, outputs=()):
        self.finder.read(f"{self.name}: journal", talk(self.port, control(b"GET", b"journal?limit=100000")))
        self.finder.read(f"{self.name}: health", talk(self.port, control(b"GET", b"health")))
        if self.is_run:
            self.process.stdin.close()
        else:
            self.process.terminate()
        assert self.process.wait(PATIENCE_S) in (0, 1), f"the mock {self.name} ended with {self.process.returncode}"
        self.viewer.join()
        assert os.path.getsize(self.name + ".events") > 10000, f"the viewer of {self.name} saw next to nothing"
        for output in (self.name + ".err", self.name + ".out", self.name + ".events", *outputs):
            self.finder.read_file(output)
