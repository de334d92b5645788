#!/usr/bin/env python3
"""An independent server with the whole channel family, written from the contract alone, to test the suite.

It uses only Python's standard library, and nothing of this tree. Each server is correct but for what is in its name: see
family_faults_of_*.py and family_quirks.py, where each name is a class that overrides methods of the correct Api. A fault breaks
a clause, which the suite must name. A choice differs from our mock where the contract leaves it open (source A): the suite must
show it, and accuse nobody. A quirk is not even that.

    family_server.py --list                           kind, name and clause of each
    family_server.py --port-file FILE [--latency MS] NAME...
                                                      a server for each NAME ("right", or several joined with "+");
                                                      FILE gets "NAME URL" lines
    family_server.py --target                         the target file for the suite

GET /seen answers with the channels that were not there at the start, and how many requests were answered, and how many at
the same time, by method.
"""
import argparse
import base64
import collections
import datetime
import functools
import hashlib
import hmac
import http.server
import importlib
import json
import os
import re
import signal
import sys
import threading
import time
import urllib.parse
import uuid

SECRETS = {"first": ("1d0f4c0e-58a1-4a8e-8f0c-7a11f6a1c001", "yWq8Zt2LrB5nXc7vKd3mPf9hJs4gUa6e", 11),
           "second": ("1d0f4c0e-58a1-4a8e-8f0c-7a11f6a1c002", "Qb1nHs8dYk5tGw3xRm7cVf2zLp9jEa4u", 11),
           "other-team": ("1d0f4c0e-58a1-4a8e-8f0c-7a11f6a1c003", "Zt6mCx1vNq9wKb4yHd8sRj2gFp5aLe7u", 12)}
CONTACTS = {"ada": ("c0ffee00-1111-4222-8333-000000000001", 11), "empty": ("c0ffee00-1111-4222-8333-000000000002", 11),
            "crowded": ("c0ffee00-1111-4222-8333-000000000003", 11),
            "other-team": ("c0ffee00-1111-4222-8333-000000000004", 12)}
AT_START = {"ada": [("phone", "14155550123"), ("email", "ada@example.org"), ("facebook", "20002")],
            "crowded": [("email", f"{n}@example.org") for n in range(230)], "other-team": [("email", "o@example.org")]}
INBOXES = {11: [{"id": 301, "name": "Desk", "team": 11, "members": [1, 2], "phones": ["14155550101"], "phone": "14155550101"}],
           12: [{"id": 302, "name": "Shop", "team": 12, "members": [3], "phones": []}]}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
BODY_MOST = 64 * 1024
LIFE_S, LEEWAY_S = 300, 60
LONG_AGO = "2024-02-29T12:00:00Z"


class Refused(Exception):
    def __init__(self, status, error="bad_data", **headers):
        super().__init__(error)
        self.status, self.error = status, error
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def unbase64(text):
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text):
        raise ValueError(text)
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


class Api:
    """The contract, correct."""

    def __init__(self):
        self.lock = threading.Lock()
        self.last_id = 4000
        self.contacts = {}
        for place, (name, (contact, team)) in enumerate(CONTACTS.items()):
            self.contacts[contact] = {"number": 880 + place, "team": team, "channels": []}
            for kind, value in AT_START.get(name, []):
                self.add(self.contacts[contact], kind, value).update(created=LONG_AGO, updated=LONG_AGO)
        self.start_id = self.last_id
        self.answered, self.now, self.most = collections.Counter(), collections.Counter(), collections.Counter()

    # --- the store

    def moment(self):
        return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

    def new_id(self, _contact):
        self.last_id += 1
        return self.last_id

    def add(self, contact, kind, value):
        channel = {"id": self.new_id(contact), "team_id": contact["team"], "contact_id": contact["number"], "channel_type": kind,
                   "channel_id": value, "info_channel": "", "channel_handle": "", "created": self.moment(),
                   "updated": self.moment()}
        contact["channels"].append(channel)
        return channel

    def same(self, one, other):
        return one == other

    def of_type(self, contact, kind):
        return [channel for channel in contact["channels"] if self.same(channel["channel_type"], kind)]

    def find(self, contact, kind):
        """[G3 G4]"""
        found = self.of_type(contact, kind)
        if not found:
            raise Refused(404, "not_found")
        return found[-1]

    # --- the request

    def token(self, headers, _operation):
        """The team of the token [J1-J8]."""
        now = time.time()
        try:
            scheme, _, text = headers.get("Authorization", "").partition(" ")
            head, claims, signature = text.strip().split(".")
            if scheme.lower() != "bearer" or json.loads(unbase64(head))["alg"] != "HS256":
                raise ValueError("scheme or alg")
            said = json.loads(unbase64(claims))
            ident, key, team = next(one for one in SECRETS.values() if one[0] == said["iss"])
            right = hmac.new(f"{ident}||{key}".encode(), f"{head}.{claims}".encode(), hashlib.sha256).digest()
            if not hmac.compare_digest(right, unbase64(signature)):
                raise ValueError("signature")
            self.check_times(said, now)
        except Refused:
            raise
        except (ValueError, KeyError, TypeError, StopIteration, AttributeError, RecursionError):
            raise Refused(401, "unauthorized") from None
        return team

    def check_times(self, said, now):
        if not number(said["iat"]) or not said["iat"] - LEEWAY_S <= now < said["iat"] + LIFE_S:
            raise ValueError("iat")
        if number(said.get("exp")) and now >= said["exp"] or number(said.get("nbf")) and now < said["nbf"]:
            raise ValueError("exp or nbf")

    def contact(self, text, team, _operation):
        text = urllib.parse.unquote(text)
        if not UUID.fullmatch(text):
            raise Refused(400)
        contact = self.contacts.get(text.lower())
        if contact is None:
            raise Refused(404, "not_found")
        if contact["team"] != team:
            raise Refused(403, "denied")
        return contact

    def kind(self, segment):
        """[G5]"""
        return urllib.parse.unquote(segment, errors="replace")

    def values(self, headers, body, _operation):
        """[T2 T7 B1 B2 B5]"""
        if headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
            raise Refused(415)
        if len(body) > BODY_MOST:
            raise Refused(413)
        try:
            value = json.loads(body.decode("utf-8"), object_pairs_hook=self.members, parse_constant=int)
            json.dumps(value, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            raise Refused(400) from None
        pair = (value.get("channel_type"), value.get("channel_id")) if isinstance(value, dict) else ()
        if not pair or not all(isinstance(one, str) and one for one in pair):
            raise Refused(400)
        return pair

    def members(self, pairs):
        if len({name for name, _ in pairs}) < len(pairs):
            raise ValueError("a member twice")
        return dict(pairs)

    # --- the operations: status and value

    def create(self, contact, kind, value):
        if not any(channel["channel_id"] == value for channel in self.of_type(contact, kind)):
            self.add(contact, kind, value)
        return self.success("create"), self.shown(contact)

    def get(self, contact, kind):
        return 200, self.one(self.find(contact, kind))

    def list(self, contact):
        return 200, self.shown(contact)

    def update(self, contact, kind, value):
        channel = self.find(contact, kind)
        if not any(one["channel_id"] == value for one in self.of_type(contact, kind) if one is not channel):
            channel["channel_id"], channel["updated"] = value, self.moment()
        return self.success("update"), self.after_update(contact, channel)

    def after_update(self, contact, _channel):
        return self.shown(contact)

    def delete(self, contact, kind):
        contact["channels"].remove(self.find(contact, kind))
        return self.after_delete(contact)

    def after_delete(self, _contact):
        return 200, "ok"

    def inboxes(self, team):
        return 200, INBOXES[team]

    # --- the answer

    def success(self, _operation):
        return 200

    def one(self, channel):
        return dict(channel)

    def shown(self, contact):
        return [self.one(channel) for channel in contact["channels"]]

    def media_type(self, _operation, _status):
        return "application/json"

    def request_id(self, _operation, _status):
        return str(uuid.uuid4())

    def text(self, value, _operation):
        return json.dumps(value).encode()

    def error(self, name):
        return {"error": name, "message": name}

    # --- the way of a request

    PATHS = [("channel", r"/v2/contact/([^/]+)/channel", {"POST": "create", "PUT": "update"}),
             ("typed", r"/v2/contact/([^/]+)/channel/([^/]+)", {"GET": "get", "HEAD": "get", "DELETE": "delete"}),
             ("channels", r"/v2/contact/([^/]+)/channels", {"GET": "list", "HEAD": "list"}),
             ("inboxes", r"/v1/inboxes", {"GET": "inboxes", "HEAD": "inboxes"})]

    def route(self, method, path):
        for _, pattern, methods in self.PATHS:
            found = re.fullmatch(pattern, path)
            if found:
                if method not in methods:
                    raise Refused(405, "method_not_allowed", Allow=", ".join(methods))
                return methods[method], found.groups()
        raise Refused(404, "not_found")

    def act(self, operation, parts, headers, body):
        team = self.token(headers, operation)
        if operation == "inboxes":
            return self.inboxes(team)
        contact = self.contact(parts[0], team, operation)
        if operation in ("create", "update"):
            return getattr(self, operation)(contact, *self.values(headers, body, operation))
        return getattr(self, operation)(contact, *map(self.kind, parts[1:]))

    def handle(self, method, target, headers, body):
        """Status, headers and body of the answer."""
        operation, more = "none", {}
        try:
            operation, parts = self.route(method, target.partition("?")[0])
            status, value = self.act(operation, parts, headers, body)
        except Refused as refused:
            status, value, more = refused.status, self.error(refused.error), refused.headers
        text = b"" if status == 204 else self.text(value, operation)
        more = {"X-Request-Id": self.request_id(operation, status), **more}
        if text:
            more["Content-Type"] = self.media_type(operation, status)
        return status, {name: value for name, value in more.items() if value is not None}, text

    def seen(self):
        left = [channel for contact in self.contacts.values() for channel in contact["channels"]
                if channel["id"] > self.start_id]
        return {"left": left, "answered": self.answered, "most": self.most}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version, server_version, sys_version = "HTTP/1.1", "independent", ""
    wbufsize, disable_nagle_algorithm = -1, True

    def log_message(self, *_):
        pass

    def read_body(self):
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while True:
            part = self.rfile.read(int(self.rfile.readline().split(b";")[0], 16))
            self.rfile.readline()
            if not part:
                return b"".join(parts)
            parts.append(part)

    def any_method(self):
        api, body = self.server.api, self.read_body()
        if self.path == "/seen":
            status, headers, text = 200, {}, json.dumps(api.seen()).encode()
        else:
            with api.lock:
                api.now[self.command] += 1
                api.most[self.command] = max(api.most[self.command], api.now[self.command])
            time.sleep(self.server.latency_s)
            with api.lock:
                status, headers, text = api.handle(self.command, self.path, self.headers, body)
                api.now[self.command] -= 1
                api.answered[self.command] += 1
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD" or getattr(api, "body_after_head", False):
            self.wfile.write(text)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = do_PATCH = any_method


class Server(http.server.ThreadingHTTPServer):
    daemon_threads, request_queue_size = True, 256

    def __init__(self, names, latency_s):
        super().__init__(("127.0.0.1", 0), Handler)
        self.api = type("Mixed", (*(KINDS[name][2] for name in names), Api), {})()
        self.latency_s = latency_s

    def handle_error(self, *_):
        """A client that closes early is not an error."""


KINDS = {}  # name -> kind, clause, class


def register(kind, clause, name=None, /, **methods):
    """Without a name: a decorator of a class. With one: makes the class, in which each of the methods is change(api, right,
    arguments...), where right() is the correct method; what is no function is an attribute."""
    def take(one):
        KINDS[one.__name__.replace("_", "-")] = kind, clause, one
        return one

    def method(name, change):
        return lambda self, *given: change(self, getattr(super(one, self), name), *given)

    if name is None:
        return take
    one = type(name, (), {})
    for attribute, value in methods.items():
        setattr(one, attribute, method(attribute, value) if callable(value) else value)
    return take(one)


fault, choice = functools.partial(register, "fault"), functools.partial(register, "choice")
quirk = functools.partial(register, "quirk", "-")


def refused(change):
    """A method that is change(api, what was refused, arguments...) where the right one refuses."""
    def method(api, right, *given):
        try:
            return right(*given)
        except Refused as why:
            return change(api, why, *given)
    return method


def refuse(*given):
    raise Refused(*given)


def without(value, *names):
    return {name: one for name, one in value.items() if name not in names}


def main():
    for module in "family_faults_of_reads", "family_faults_of_writes", "family_faults_of_all", "family_quirks":
        importlib.import_module(module)  # registers what is in it
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--target", action="store_true")
    parser.add_argument("--port-file")
    parser.add_argument("--latency", type=int, default=0)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    if options.list:
        for name, (kind, clause, _) in KINDS.items():
            print(kind, name, clause)
        return
    if options.target:
        print(json.dumps({"v": 1, "secrets": {name: {"id": one[0], "key": one[1]} for name, one in SECRETS.items()},
                          "contacts": {name: contact for name, (contact, _) in CONTACTS.items()}}))
        return
    lines = []
    for name in options.names:
        server = Server([] if name == "right" else name.split("+"), options.latency / 1000)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 60}, daemon=True).start()
        lines.append(f"{name} http://127.0.0.1:{server.server_address[1]}\n")
    with open(options.port_file + ".new", "w", encoding="ascii") as file:
        file.writelines(lines)
    os.rename(options.port_file + ".new", options.port_file)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    sys.modules["family_server"] = sys.modules["__main__"]
    main()
