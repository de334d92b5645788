#!/usr/bin/env python3
"""A second implementation of the contract, made to test the suite with.

It shares nothing with the rest of the tree: Python's standard library only. Each server that it
opens is right but for the switches in its name: variations, which are legal, and faults, which
break one clause each.

    foreign_server.py --list                      kind, name and clause of every switch
    foreign_server.py --port-file FILE NAME...    a server for each NAME ("right", or switches
                                                  joined with "+"); FILE gets "NAME URL" lines
    foreign_server.py --environment               the names to give to the suite
"""
import argparse
import datetime
import http.server
import json
import os
import re
import signal
import sys
import threading
import time
import urllib.parse
import uuid

from foreign_answers import Answers
from foreign_switches import FAULTS, TROUBLES, VARIATIONS, Refusal
from foreign_tokens import SECOND, SECRET, TokenJudge

ADA = "0b6ad7a2-5a52-4d30-8f61-9c1ff4f0aa01"
EMPTY = "0b6ad7a2-5a52-4d30-8f61-9c1ff4f0aa02"
STRANGER = "0b6ad7a2-5a52-4d30-8f61-9c1ff4f0aa03"
ENVIRONMENT = {
    "HEYMARKET_API_SECRET_ID": SECRET[0], "HEYMARKET_API_SECRET_KEY": SECRET[1],
    "HEYMARKET_SECOND_SECRET_ID": SECOND[0], "HEYMARKET_SECOND_SECRET_KEY": SECOND[1],
    "HEYMARKET_CONTACT_ID": ADA, "HEYMARKET_EMPTY_CONTACT_ID": EMPTY,
    "HEYMARKET_OTHER_TEAM_CONTACT_ID": STRANGER,
}


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, switches):
        super().__init__(("127.0.0.1", 0), Handler)
        unknown = set(switches) - set(VARIATIONS) - set(FAULTS) - set(TROUBLES)
        if unknown:
            sys.exit(f"unknown switches: {sorted(unknown)}")
        self.switches = set(switches)
        self.lock = threading.Lock()
        self.next_id = 9007199254740993 if self.has("big-ids") else 7001
        self.requests = 0
        self.used, self.seconds, self.writes, self.ids = set(), 0, 0, 0
        self.same_id = str(uuid.uuid4())
        self.contacts = {}
        for number, (name, team) in enumerate([(ADA, 31), (EMPTY, 31), (STRANGER, 32)]):
            self.contacts[name] = {"number": 501 + number, "team": team, "channels": []}
        for kind, value in [("phone", "14155550111"), ("email", "ada@example.com"),
                            ("facebook", "10001")]:
            self.add(self.contacts[ADA], kind, value)

    def handle_error(self, *_):
        """A client that has gone is no error."""

    def has(self, *names):
        return any(name in self.switches for name in names)

    def now(self):
        return time.time() + 3 * self.has("clock-3-ahead") - 3 * self.has("clock-3-behind")

    def moment(self):
        when = datetime.datetime.fromtimestamp(self.now(), datetime.timezone.utc)
        if self.has("offset-times"):
            when = when.astimezone(datetime.timezone(datetime.timedelta(hours=-7)))
            return when.isoformat(timespec="milliseconds")
        if self.has("created-epoch"):
            return int(self.now())
        for name, form in [("epoch-text", "%s"), ("no-zone", "%Y-%m-%d %H:%M:%S"),
                           ("http-date", "%a, %d %b %Y %H:%M:%S GMT"),
                           ("fractional-times", "%Y-%m-%dT%H:%M:%S.123456Z")]:
            if self.has(name):
                return when.strftime(form)
        return when.strftime("%Y-%m-%dT%H:%M:%SZ")

    def add(self, contact, kind, value):
        self.next_id += 1
        channel = {
            "id": self.next_id, "team_id": contact["team"], "contact_id": contact["number"],
            "channel_type": kind, "channel_id": value, "info_channel": "", "channel_handle": "",
            "created": self.moment(), "updated": self.moment(),
        }
        contact["channels"].append(channel)
        return channel


class Handler(TokenJudge, Answers, http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "foreign", ""
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def has(self, *names):
        return self.server.has(*names)

    # Every method comes here: the path has POST alone.
    def any_method(self):
        try:
            body = self.body()
            self.server.requests += 1
            if self.has("silent"):
                time.sleep(60)
            if self.has("reset-later") and self.server.requests > 3:
                self.close_connection = True
                return
            if self.has("kept-alive-body"):
                self.first_body = body = getattr(self, "first_body", body)
            if self.has("kept-alive-refused"):
                self.count = getattr(self, "count", 0) + 1
            if self.command != "POST" and self.is_create():
                raise Refusal(405)
            if not self.is_create():
                raise Refusal(404)
            self.answer(self.success_status(), self.create(body))
        except Refusal as refusal:
            self.refuse(refusal)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = do_PATCH = any_method

    def send_error(self, code, message=None, explain=None):
        self.close_connection = True
        self.refuse(Refusal(code))

    def is_create(self):
        return re.fullmatch(r"/v2/contact/[^/]+/channel", self.path.partition("?")[0])

    def success_status(self):
        return 201 if self.has("status-201") else 202 if self.has("status-202") else 200

    def body(self):
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            parts = []
            while True:
                size = int(self.rfile.readline().split(b";")[0], 16)
                parts.append(self.rfile.read(size))
                self.rfile.readline()
                if size == 0:
                    return b"".join(parts)
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    # --- the road

    def create(self, body):
        server = self.server
        if self.has("slow"):
            time.sleep(0.02)
        try:
            team = self.team()
        except Refusal:
            if self.has("written-though-401"):
                server.add(server.contacts[ADA], *self.values(body))
            raise
        if self.has("kept-alive-refused") and self.count > 1:
            raise Refusal(401)
        if self.has("connection-remembers"):
            self.remembers = True
        if self.has("body-before-contact"):
            values = self.values(body)
            contact = self.contact(team)
        else:
            contact = self.contact(team)
            try:
                values = self.values(body)
            except Refusal:
                if self.has("written-though-400"):
                    server.add(contact, "email", "half@example.com")
                raise
        if self.has("race"):
            before = list(contact["channels"])
            time.sleep(0.01)
            contact["channels"] = before
        with server.lock:
            return self.store(contact, *values)

    def contact(self, team):
        contacts = self.server.contacts
        text = urllib.parse.unquote(self.path.partition("?")[0].split("/")[3])
        if self.has("integer-contact") and re.fullmatch(r"[0-9]+", text):
            return contacts[ADA]
        if not re.fullmatch(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", text):
            raise Refusal(400)
        if text != text.lower() and self.has("upper-uuid-refused"):
            raise Refusal(404)
        contact = contacts.get(text.lower())
        if contact is None:
            raise Refusal(400 if self.has("unknown-contact-400")
                          else 403 if self.has("unknown-contact-403") else 404)
        if contact["team"] != team and not self.has("other-team-200"):
            raise Refusal(404 if self.has("other-team-404")
                          else 401 if self.has("other-team-401") else 403)
        return contact

    def values(self, body):
        media_type = self.headers.get("Content-Type", "")
        if "charset" in media_type and self.has("charset-refused"):
            raise Refusal(415)
        if media_type != media_type.lower() and self.has("capitals-refused"):
            raise Refusal(415)
        if media_type.split(";")[0].strip().lower() != "application/json":
            if not self.has("any-media-type"):
                raise Refusal(415)
        if not body and self.has("empty-body-200"):
            return "email", "nobody@example.com"
        try:
            value = json.loads(body.decode("utf-8"), parse_constant=int,
                               object_pairs_hook=lambda pairs: dict(pairs))
        except (ValueError, RecursionError):
            if self.has("malformed-200"):
                return "email", "nobody@example.com"
            raise Refusal(500 if self.has("malformed-500") else 400) from None
        if isinstance(value, list) and self.has("array-ok"):
            return "email", "nobody@example.com"
        if not isinstance(value, dict):
            raise Refusal(400)
        return self.members(value)

    def members(self, value):
        kind, ident = value.get("channel_type"), value.get("channel_id")
        if "channel_type" not in value and self.has("type-missing-ok"):
            kind = "email"
        if "channel_type" in value and kind is None and self.has("type-null-ok"):
            kind = "email"
        if "channel_id" not in value and self.has("id-missing-ok"):
            ident = "nobody@example.com"
        if isinstance(ident, (int, float)) and self.has("id-number-ok"):
            ident = str(ident)
        if not isinstance(kind, str) or not isinstance(ident, str):
            raise Refusal(422 if self.has("missing-422") else 400)
        if (not kind or not ident) and not self.has("empty-value-accepted"):
            raise Refusal(400)
        if set(value) - {"channel_type", "channel_id"} and self.has("unknown-member-refused"):
            raise Refusal(400)
        if kind not in ("phone", "email", "facebook") and self.has("unknown-type-refused"):
            raise Refusal(400)
        if kind == "phone":
            if not ident.startswith("+") and self.has("digits-refused"):
                raise Refusal(400)
            if not re.fullmatch(r"[0-9]+", ident) and self.has("plus-refused"):
                raise Refusal(400)
        return kind, ident

    def store(self, contact, kind, value):
        server, channels = self.server, contact["channels"]
        if self.has("duplicate-kept", "duplicate-refused"):
            if any(c["channel_type"] == kind and c["channel_id"] == value for c in channels):
                if self.has("duplicate-refused"):
                    raise Refusal(400)
                return self.shaped(contact, list(channels), None)
        if kind == "phone" and self.has("plus-added"):
            value = "+" + value
        if self.has("new-id-capitals"):
            value = value.upper()
        if self.has("new-type-changed"):
            kind = kind.capitalize()
        new = server.add(contact, kind, value)
        server.writes += 1
        answer = list(channels)
        if self.has("third-write-lost") and server.writes % 3 == 0:
            channels.remove(new)
        if self.has("not-kept") or (self.has("half-kept") and server.writes % 2):
            channels.remove(new)
        if self.has("oldest-dropped") and len(channels) > 1:
            answer = channels = contact["channels"] = channels[1:]
        if self.has("shared-state"):
            answer = [c for one in server.contacts.values() for c in one["channels"]]
        return self.shaped(contact, list(answer), new)

def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--environment", action="store_true")
    parser.add_argument("--port-file")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    if options.list:
        for name in VARIATIONS:
            print("variation", name, "-")
        for name, clause in FAULTS.items():
            print("fault", name, clause)
        return
    if options.environment:
        for name, value in ENVIRONMENT.items():
            print(f"export {name}='{value}'")
        return
    lines = []
    for name in options.names:
        server = Server([] if name == "right" else name.split("+"))
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 60}, daemon=True).start()
        lines.append(f"{name} http://127.0.0.1:{server.server_address[1]}\n")
    with open(options.port_file + ".new", "w", encoding="ascii") as file:
        file.writelines(lines)
    os.rename(options.port_file + ".new", options.port_file)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    main()
