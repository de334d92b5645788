#!/usr/bin/env python3
"""A second implementation of the contract, to test the suite.

It shares nothing with the rest of the tree and uses only Python's standard library. Each server
is correct except for the switches in its name: variations, which are legal, and faults, which
break one clause each.

    foreign_server.py --list                      kind, name and clause of every switch
    foreign_server.py --port-file FILE NAME...    a server for each NAME ("right", or switches
                                                  joined with "+"); FILE gets "NAME URL" lines
    foreign_server.py --environment               the names to give to the suite
"""
import argparse
import datetime
import http.server
import os
import re
import signal
import sys
import threading
import time
import urllib.parse
import uuid

from foreign_answers import Answers
from foreign_bodies import Bodies
from foreign_family import Family
from foreign_switches import FAULTS, SLOW, TELLS, TROUBLES, VARIATIONS, Refusal
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
    request_queue_size = 256

    def __init__(self, switches):
        super().__init__(("127.0.0.1", 0), Handler)
        unknown = set(switches) - set(VARIATIONS) - set(FAULTS) - set(TROUBLES) - set(SLOW) - {TELLS}
        if unknown:
            sys.exit(f"unknown switches: {sorted(unknown)}")
        self.switches = set(switches)
        self.lock = threading.Lock()
        self.next_id = 9007199254740993 if self.has("big-ids") else 7001
        self.requests = 0
        self.used, self.seconds, self.writes, self.ids = set(), 0, 0, 0
        self.heads, self.uses, self.spent, self.bad_data, self.recent = set(), {}, set(), 0, []
        self.same_id = str(uuid.uuid4())
        self.contacts = {}
        for number, (name, team) in enumerate([(ADA, 31), (EMPTY, 31), (STRANGER, 32)]):
            self.contacts[name] = {"number": 501 + number, "team": team, "channels": []}
        for kind, value in [("phone", "14155550111"), ("email", "ada@example.com"),
                            ("facebook", "10001")]:
            self.add(self.contacts[ADA], kind, value)

    def handle_error(self, *_):
        """A client that closes early is not an error."""

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
                           ("date-only", "%Y-%m-%d"), ("offset-without-colon", "%Y-%m-%dT%H:%M:%S+0000"),
                           ("comma-fraction", "%Y-%m-%dT%H:%M:%S,123Z"), ("month-thirteen", "%Y-13-%dT%H:%M:%SZ"),
                           ("zero-offset", "%Y-%m-%dT%H:%M:%S+00:00"), ("small-letter-times", "%Y-%m-%dt%H:%M:%Sz"),
                           ("nanoseconds", "%Y-%m-%dT%H:%M:%S.123456789Z"),
                           ("http-date", "%a, %d %b %Y %H:%M:%S GMT"),
                           ("fractional-times", "%Y-%m-%dT%H:%M:%S.123456Z")]:
            if self.has(name):
                return when.strftime(form)
        return when.strftime("%Y-%m-%dT%H:%M:%SZ")

    def add(self, contact, kind, value):
        self.next_id += 1
        number = uuid.uuid4().int >> 76 if self.has("random-ids") else self.next_id
        channel = {
            "id": number, "team_id": contact["team"], "contact_id": contact["number"],
            "channel_type": kind, "channel_id": value, "info_channel": "", "channel_handle": "",
            "created": self.moment(), "updated": self.moment(),
        }
        contact["channels"].append(channel)
        return channel


class Handler(TokenJudge, Answers, Bodies, Family, http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "foreign", ""
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def has(self, *names):
        return self.server.has(*names)

    # Every method comes here.
    def any_method(self):
        server = self.server
        self.secret = self.token = None
        try:
            body = self.raw_body = self.body()
            server.requests += 1
            time.sleep(0.2 * self.has("latency-200"))
            self.is_first_request = getattr(self, "is_first_request", None) is None
            if self.has("silent", TELLS):
                print(*server.switches, self.path, flush=True)
            time.sleep(60 * self.has("silent"))
            if self.has("reset-later") and server.requests > 3:
                self.close_connection = True
                return
            self.limit()
            self.others_write()
            if self.has("latency-before"):
                time.sleep(0.2)
            if self.has("kept-alive-body"):
                self.first_body = body = getattr(self, "first_body", body)
            if self.has("kept-alive-refused"):
                self.count = getattr(self, "count", 0) + 1
            if self.has("v1-prefix") and self.path.startswith("/v1/v2/"):
                self.path = self.path[3:]
            if self.family(body):
                return
            if self.command != "POST" and self.is_create():
                self.other_method(body)
            if not self.is_create():
                raise Refusal(404)
            self.answer(self.success_status(), self.create(body))
        except Refusal as refusal:
            self.refuse(refusal)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = do_PATCH = any_method

    def send_error(self, code, message=None, explain=None):
        self.close_connection = True
        self.refuse(Refusal(code))

    def limit(self):
        """Every fiftieth request is refused as over the limit [E4]."""
        if self.has("busy", "busy-without-hint") and self.server.requests % 50 == 0:
            raise Refusal(429)

    def others_write(self):
        """Somebody else adds a channel to every contact with each third request."""
        if self.has("another-writer") and self.server.requests % 3 == 0:
            with self.server.lock:
                for contact in self.server.contacts.values():
                    self.server.add(contact, "email", f"stranger-{self.server.requests}@example.org")

    def other_method(self, body):
        if self.has("get-creates") and self.command == "GET":
            self.answer(200, self.create(body))
            raise Refusal(405)
        if self.has("options-204") and self.command == "OPTIONS":
            raise Refusal(204)
        raise Refusal(404 if self.has("get-404") else 405)

    def is_create(self):
        path = self.path.partition("?")[0]
        if self.has("trailing-slash"):
            path = path.rstrip("/")
        flags = re.IGNORECASE if self.has("path-without-case") else 0
        return re.fullmatch(r"/v2/contact/[^/]+/channel", path, flags)

    def success_status(self):
        for status in (201, 202, 204):
            if self.has(f"status-{status}"):
                return status
        return 200

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

    # --- the request

    def create(self, body):
        server = self.server
        if self.has("slow"):
            time.sleep(0.02)
        if self.has("body-before-token"):
            self.values(body)
        try:
            team = self.team()
        except Refusal:
            if self.has("written-though-401") or \
                    self.has("written-though-unsigned") and "Authorization" not in self.headers:
                server.add(server.contacts[ADA], *self.values(body))
            raise
        finally:
            if self.has("latency-after"):
                time.sleep(0.2)
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
                self.write_refused(contact, body)
                raise
        if self.has("race"):
            before = list(contact["channels"])
            time.sleep(0.01)
            contact["channels"] = before
        with server.lock:
            return self.store(contact, *values)

    def write_refused(self, contact, body):
        """Faults that store what they answer with 400."""
        text = body.decode("utf-8", "replace")
        found = re.search(r"hm-[0-9a-f]{8}-[0-9]+@example.com", text)
        number = re.search(r'"channel_id":([0-9]{11})', text)
        if self.has("written-though-400") and found:
            self.server.add(contact, "email", found[0])
        if self.has("written-though-malformed") and found and not text.endswith("}"):
            self.server.add(contact, "email", found[0])
        if self.has("number-written") and number:
            self.server.add(contact, "phone", number[1])

    def contact(self, team):
        contacts = self.server.contacts
        text = urllib.parse.unquote(self.path.partition("?")[0].split("/")[3])
        if self.has("integer-contact") and re.fullmatch(r"[0-9]+", text):
            return contacts[ADA]
        if self.has("own-integer") and text == str(contacts[ADA]["number"]):
            return contacts[ADA]
        if self.has("word-contact") and not re.fullmatch(r"[0-9A-Fa-f-]+", text):
            return contacts[ADA]
        if not re.fullmatch(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", text):
            raise Refusal(400)
        if text != text.lower() and self.has("upper-uuid-refused"):
            raise Refusal(404)
        contact = contacts.get(text.lower())
        if "%" in self.path and self.has("percent-uuid-apart"):
            contact = contacts.setdefault(self.path, {"number": 501, "team": 31, "channels": []})
        if text != text.lower() and self.has("upper-uuid-apart"):
            contact = contacts.setdefault(text, {"number": 501, "team": 31, "channels": []})
        if contact is None and self.has("near-contact", "first-half-contact"):
            part = slice(1, None) if self.has("near-contact") else slice(0, 23)
            contact = next((c for name, c in contacts.items() if name[part] == text.lower()[part]), None)
        if contact is None and self.has("unknown-created"):
            contact = contacts[text.lower()] = {"number": 900, "team": team, "channels": []}
        if contact is None:
            for status in (400, 403, 410):
                if self.has(f"unknown-contact-{status}"):
                    raise Refusal(status)
            raise Refusal(404)
        if contact["team"] != team and not self.is_let_in(text):
            if self.has("written-though-403"):
                self.server.add(contacts[ADA], *self.values(self.raw_body))
            for status in (404, 401, 400):
                if self.has(f"other-team-{status}"):
                    raise Refusal(status)
            raise Refusal(403)
        return contact

    def is_let_in(self, text):
        """Faults that give access to another team's contact."""
        server = self.server
        server.strangers = getattr(server, "strangers", 0) + 1
        return (self.has("other-team-200") or (self.has("other-team-second-time") and server.strangers > 1)
                or (self.has("other-team-by-second") and self.secret == SECOND)
                or (self.has("other-team-capitals") and text != text.lower()))

    def own_list(self, contact):
        """Faults that give a contact several lists."""
        if self.has("lists-by-secret"):
            return contact.setdefault(self.secret, {**contact, "channels": list(contact["channels"])})
        if self.has("lists-by-connection"):
            self.lists = getattr(self, "lists", {})
            return self.lists.setdefault(contact["number"], {**contact, "channels": list(contact["channels"])})
        return contact

    def store(self, contact, kind, value):
        server = self.server
        contact = self.own_list(contact)
        channels = contact["channels"]
        if self.has("duplicate-kept", "duplicate-refused", "duplicate-409"):
            if any(c["channel_type"] == kind and c["channel_id"] == value for c in channels):
                if self.has("duplicate-refused", "duplicate-409"):
                    raise Refusal(409 if self.has("duplicate-409") else 400)
                return self.shaped(contact, list(channels), None)
        if self.has("same-id-once") and any(c["channel_id"] == value for c in channels):
            return self.shaped(contact, list(channels), None)
        if self.has("moved-between-contacts"):
            for other in server.contacts.values():
                other["channels"][:] = [c for c in other["channels"] if c["channel_id"] != value]
        if self.has("empty-forgets") and len(channels) == 2:
            channels.clear()
        new = server.add(contact, *self.spoilt(kind, value))
        if self.has("written-twice"):
            server.add(contact, "copy", value + ".copy")
        if self.has("leaks-to-empty"):
            server.contacts[EMPTY]["channels"].append(dict(new, contact_id=502, channel_id=value + ".copy"))
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


def serve(port_file, servers):
    """Serves until TERM or INT; port_file gets "NAME URL" lines."""
    lines = []
    for name, server in servers.items():
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 60}, daemon=True).start()
        lines.append(f"{name} http://127.0.0.1:{server.server_address[1]}\n")
    with open(port_file + ".new", "w", encoding="ascii") as file:
        file.writelines(lines)
    os.rename(port_file + ".new", port_file)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})


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
    serve(options.port_file, {name: Server([] if name == "right" else name.split("+")) for name in options.names})


if __name__ == "__main__":
    main()
