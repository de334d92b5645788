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
import base64
import datetime
import hashlib
import hmac
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

SECRET = ("5f0c1c1e-7d2b-4a57-9a55-2d3d8a4a7c01", "qX2v9LrT7bNw4Kc8ZsJd3GhYp6Mf1Ae5")
SECOND = ("5f0c1c1e-7d2b-4a57-9a55-2d3d8a4a7c02", "uR5t8WmB2nVx6Qk9CfHj4DzLy7Ps3Ge1")
OTHER = ("5f0c1c1e-7d2b-4a57-9a55-2d3d8a4a7c03", "aK4s7XpC9mTz2Wq6BgFh8JvNr5Yd1Le3")
ADA = "0b6ad7a2-5a52-4d30-8f61-9c1ff4f0aa01"
EMPTY = "0b6ad7a2-5a52-4d30-8f61-9c1ff4f0aa02"
STRANGER = "0b6ad7a2-5a52-4d30-8f61-9c1ff4f0aa03"
ENVIRONMENT = {
    "HEYMARKET_API_SECRET_ID": SECRET[0], "HEYMARKET_API_SECRET_KEY": SECRET[1],
    "HEYMARKET_SECOND_SECRET_ID": SECOND[0], "HEYMARKET_SECOND_SECRET_KEY": SECOND[1],
    "HEYMARKET_CONTACT_ID": ADA, "HEYMARKET_EMPTY_CONTACT_ID": EMPTY,
    "HEYMARKET_OTHER_TEAM_CONTACT_ID": STRANGER,
}

VARIATIONS = """
status-201 status-202 plain-text-errors empty-errors no-info-channel no-handle extra-members
newest-first shuffled-members chunked-answers closes http-1.0 fractional-times offset-times
clock-3-ahead clock-3-behind slow charset-in-answer lower-case-headers typ-required plus-refused
plus-accepted unknown-member-refused any-media-type unknown-contact-400 unknown-contact-403
duplicate-kept duplicate-refused empty-value-accepted leeway-0 leeway-600 exp-ignored
fractional-iat-refused big-ids body-before-contact upper-case-request-id silent-close
""".split()

# Each breaks one clause, the one that the suite must name.
FAULTS = {
    # the whole list, in the right form
    "object": "R1", "wrapped-list": "R1", "json-text": "R1", "empty-answer": "R1",
    "contact-id-text": "R2", "contact-id-uuid": "R2", "id-text": "R2", "id-fraction": "R2",
    "team-id-missing": "R2", "created-null": "R2", "created-epoch": "R2", "updated-missing": "R2",
    "info-null": "R2", "channel-id-number": "R2", "one-element-null": "R2",
    "new-missing": "R3", "new-type-changed": "R3", "new-id-capitals": "R3", "plus-added": "R3",
    "only-new": "R4", "oldest-dropped": "R4", "not-kept": "R4", "half-kept": "R4",
    "re-created": "R4", "last-three": "R4",
    "epoch-text": "R5", "no-zone": "R5", "http-date": "R5", "updated-words": "R5",
    "html": "R6", "text-plain": "R6", "no-media-type": "R6",
    "mixed-contacts": "R8", "mixed-teams": "R8", "shared-state": "R8",
    # tokens
    "no-scheme": "J1", "any-scheme": "J1", "no-authorization": "J1", "lower-bearer-refused": "J1",
    "bearer-twice": "J1", "connection-remembers": "J1",
    "alg-none": "J2", "alg-ignored": "J2", "alg-hs512": "J2", "two-segments": "J2",
    "iss-unknown": "J3", "iss-missing": "J3", "iss-number": "J3",
    "iat-text": "J4", "iat-missing": "J4", "iat-ms": "J4",
    "one-pipe": "J5", "no-pipe": "J5", "colon": "J5", "key-alone": "J5", "id-alone": "J5",
    "swapped": "J5", "unsigned": "J5", "sha512-signature": "J5", "first-byte": "J5",
    "immortal": "J6", "lives-an-hour": "J6", "lives-six-minutes": "J6", "dies-early": "J6",
    "second-refused": "J10", "second-fails-later": "J10",
    "other-team-200": "J11", "other-team-404": "J11", "single-use": "J12",
    # requests
    "charset-refused": "T2", "integer-contact": "T3", "upper-uuid-refused": "T3",
    "no-request-id": "T4", "same-request-id": "T4", "request-id-counter": "T4",
    "no-request-id-on-errors": "T4", "request-id-per-connection": "T4",
    "type-missing-ok": "B1", "id-missing-ok": "B1", "id-number-ok": "B1", "array-ok": "B1",
    "type-null-ok": "B1", "missing-422": "B1",
    "malformed-200": "B2", "malformed-500": "B2", "empty-body-200": "B2",
    "unknown-type-refused": "B3", "digits-refused": "B4",
    # only under some circumstance
    "race": "R4", "kept-alive-body": "R3", "kept-alive-refused": "J12", "written-though-401": "E2",
    "written-though-400": "B1", "third-write-lost": "R4",
    # near misses
    "iat-bool": "J4", "signature-prefix": "J5", "iss-unknown-403": "J3", "other-team-401": "J11",
    "capitals-refused": "T2", "four-segments": "J2", "400-as-422": "E1",
    "errors-as-200": "E2", "401-as-403": "E2", "401-as-400": "E2",
}


class Refusal(Exception):
    def __init__(self, status, name="error"):
        super().__init__(name)
        self.status, self.name = status, name


def decoded(segment):
    if not re.fullmatch(r"[A-Za-z0-9_-]*", segment):
        raise ValueError("no base64url")
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, switches):
        super().__init__(("127.0.0.1", 0), Handler)
        unknown = set(switches) - set(VARIATIONS) - set(FAULTS)
        if unknown:
            sys.exit(f"unknown switches: {sorted(unknown)}")
        self.switches = set(switches)
        self.lock = threading.Lock()
        self.next_id = 9007199254740993 if self.has("big-ids") else 7001
        self.used, self.seconds, self.writes, self.ids = set(), 0, 0, 0
        self.same_id = str(uuid.uuid4())
        self.contacts = {}
        for number, (name, team) in enumerate([(ADA, 31), (EMPTY, 31), (STRANGER, 32)]):
            self.contacts[name] = {"number": 501 + number, "team": team, "channels": []}
        for kind, value in [("phone", "14155550111"), ("email", "ada@example.com"),
                            ("facebook", "10001")]:
            self.add(self.contacts[ADA], kind, value)

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


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "foreign", ""
    wbufsize = -1
    disable_nagle_algorithm = True
    remembers = False

    def log_message(self, *_):
        pass

    def has(self, *names):
        return self.server.has(*names)

    # Every method comes here: the path has POST alone.
    def any_method(self):
        try:
            body = self.body()
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

    def team(self):
        if self.has("connection-remembers") and self.remembers:
            return 31
        value = self.headers.get("Authorization")
        if value is None and self.has("no-authorization"):
            return 31
        scheme, _, token = (value or "").partition(" ")
        if self.has("bearer-twice") and token.startswith("Bearer "):
            token = token[7:]
        if self.has("no-scheme") and not token:
            scheme, token = "bearer", scheme
        if scheme != "Bearer" and self.has("lower-bearer-refused"):
            raise Refusal(401)
        if scheme.lower() != "bearer" and not (self.has("any-scheme") and token):
            raise Refusal(401)
        try:
            return self.verify(token.strip(" "))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise Refusal(401) from None

    def verify(self, token):
        server = self.server
        segments = token.split(".")
        if self.has("four-segments"):
            segments = segments[:3]
        if len(segments) == 2 and self.has("two-segments"):
            segments.append("")
        head, payload, signature = segments
        header, claims = json.loads(decoded(head)), json.loads(decoded(payload))
        unsigned = ((self.has("alg-none") and str(header.get("alg")).lower() == "none")
                    or (self.has("two-segments") and not signature) or self.has("unsigned"))
        iss = claims.get("iss")
        known = {SECRET[0]: (31, SECRET), SECOND[0]: (31, SECOND), OTHER[0]: (32, OTHER)}
        if self.has("iss-unknown") and isinstance(iss, str) or self.has("iss-missing") and iss is None:
            team, secret = known.get(iss, (31, SECRET))
        elif self.has("iss-number") and isinstance(iss, int):
            team, secret = 31, SECRET
        elif not isinstance(iss, str) or iss not in known:
            raise Refusal(403 if self.has("iss-unknown-403") else 401)
        else:
            team, secret = known[iss]
        if secret is SECOND:
            server.seconds += 1
            if self.has("second-refused") or (self.has("second-fails-later") and server.seconds > 1):
                raise Refusal(401)
        self.check_alg(header)
        self.check_times(claims)
        if not unsigned and not self.is_signed(header, secret, head + "." + payload, signature):
            raise Refusal(401)
        if self.has("single-use"):
            if token in server.used:
                raise Refusal(401)
            server.used.add(token)
        return team

    def check_alg(self, header):
        alg = header.get("alg")
        allowed = ["HS256"] + ["HS512"] * self.has("alg-hs512")
        if self.has("alg-none") and str(alg).lower() == "none" or self.has("alg-ignored"):
            return
        if alg not in allowed or (self.has("typ-required") and header.get("typ") != "JWT"):
            raise Refusal(401)

    def check_times(self, claims):
        now, iat = int(self.server.now()), claims.get("iat")
        life = (3600 if self.has("lives-an-hour") else 360 if self.has("lives-six-minutes")
                else 200 if self.has("dies-early") else 300)
        leeway = 0 if self.has("leeway-0") else 600 if self.has("leeway-600") else 60
        if self.has("leeway-0") and self.has("clock-3-behind"):
            leeway = 5
        if iat is None and self.has("iat-missing"):
            return
        if isinstance(iat, str) and self.has("iat-text"):
            iat = int(iat)
        if isinstance(iat, bool) and self.has("iat-bool"):
            iat = now
        if isinstance(iat, bool) or not isinstance(iat, (int, float)):
            raise Refusal(401)
        if isinstance(iat, float) and self.has("fractional-iat-refused") and iat != int(iat):
            raise Refusal(401)
        if iat > 1e11 and self.has("iat-ms"):
            iat = iat / 1000
        if (now >= iat + life and not self.has("immortal")) or iat > now + leeway:
            raise Refusal(401)
        if self.has("exp-ignored"):
            return
        for name, bad in [("exp", lambda t: now >= t), ("nbf", lambda t: t > now + leeway)]:
            if name in claims and (not isinstance(claims[name], (int, float)) or bad(claims[name])):
                raise Refusal(401)

    def is_signed(self, header, secret, signing_input, signature):
        ident, key = secret
        keys = [ident + "||" + key]
        keys += [ident + "|" + key] * self.has("one-pipe") + [ident + key] * self.has("no-pipe")
        keys += [ident + ":" + key] * self.has("colon") + [key] * self.has("key-alone")
        keys += [ident] * self.has("id-alone") + [key + "||" + ident] * self.has("swapped")
        hashes = [hashlib.sha256]
        if self.has("sha512-signature"):
            hashes.append(hashlib.sha512)
        if self.has("alg-hs512") and header.get("alg") == "HS512":
            hashes = [hashlib.sha512]
        if self.has("alg-ignored"):
            hashes = [hashlib.sha256, hashlib.sha384, hashlib.sha512]
        given = decoded(signature)
        if self.has("signature-prefix"):
            given = given[:len(given) // 4 * 4]
        elif base64.urlsafe_b64encode(given).rstrip(b"=").decode() != signature:
            return False
        for one in keys:
            for algorithm in hashes:
                mac = hmac.new(one.encode(), signing_input.encode(), algorithm).digest()
                if self.has("signature-prefix") and len(given) > 7 and mac.startswith(given):
                    return True
                if given == mac or (self.has("first-byte") and given[1:] == mac[1:]):
                    return True
        return False

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

    # --- the answer, and what can be wrong with it

    def shaped(self, contact, channels, new):
        if self.has("new-missing"):
            channels = [c for c in channels if c is not new]
        if self.has("only-new") and new:
            channels = [new]
        if self.has("last-three"):
            channels = channels[-3:]
        if self.has("newest-first"):
            channels.reverse()
        channels = [self.member_faults(dict(c), place) for place, c in enumerate(channels)]
        if self.has("one-element-null"):
            channels.append(None)
        if self.has("object"):
            return channels[-1]
        if self.has("wrapped-list"):
            return {"channels": channels}
        return channels

    def member_faults(self, channel, place):
        replaced = {
            "contact-id-text": ("contact_id", str(channel["contact_id"])),
            "contact-id-uuid": ("contact_id", ADA), "id-text": ("id", str(channel["id"])),
            "id-fraction": ("id", channel["id"] + 0.5), "created-null": ("created", None),
            "info-null": ("info_channel", None), "channel-id-number": ("channel_id", 5),
            "updated-words": ("updated", "just now"), "re-created": ("created", self.server.moment()),
        }
        for name, (member, value) in replaced.items():
            if self.has(name):
                channel[member] = value
        if self.has("re-created"):
            channel["created"] = f"2024-01-01T00:00:{self.server.writes % 60:02}Z"
        if self.has("mixed-contacts") and place == 1:
            channel["contact_id"] += 1
        if self.has("mixed-teams") and place == 1:
            channel["team_id"] += 1
        for name, member in [("team-id-missing", "team_id"), ("updated-missing", "updated"),
                             ("no-info-channel", "info_channel"), ("no-handle", "channel_handle")]:
            if self.has(name):
                channel.pop(member)
        if self.has("extra-members"):
            channel.update(verified=True, labels=[], source={"kind": "api"}, note=None)
        if self.has("shuffled-members"):
            channel = dict(sorted(channel.items(), reverse=True))
        return channel

    def refuse(self, refusal):
        status = refusal.status
        if status == 400 and self.has("400-as-422"):
            status = 422
        if status == 401 and self.has("401-as-403", "401-as-400"):
            status = 403 if self.has("401-as-403") else 400
        if self.has("errors-as-200"):
            status = 200
        body = {"code": refusal.name, "detail": "see the documentation"}
        if self.has("plain-text-errors"):
            body = "no\n"
        if self.has("empty-errors"):
            body = ""
        self.answer(status, body)

    def request_id(self, status):
        server = self.server
        if self.has("no-request-id") or (self.has("no-request-id-on-errors") and status >= 400):
            return None
        if self.has("same-request-id"):
            return server.same_id
        if self.has("request-id-per-connection"):
            self.own_id = getattr(self, "own_id", str(uuid.uuid4()))
            return self.own_id
        server.ids += 1
        if self.has("request-id-counter"):
            return f"req-{server.ids}"
        new = str(uuid.uuid4())
        return new.upper() if self.has("upper-case-request-id") else new

    def media_type(self, is_error, body):
        if isinstance(body, str) and is_error:
            return "text/plain"
        if self.has("html", "text-plain") and not is_error:
            return "text/html" if self.has("html") else "text/plain"
        return "application/json" + "; charset=utf-8" * self.has("charset-in-answer")

    def answer(self, status, value):
        is_error = status >= 400
        text = value if isinstance(value, str) else json.dumps(value)
        if self.has("json-text") and not is_error:
            text = json.dumps(text)
        if self.has("empty-answer") and not is_error:
            text = ""
        body = text.encode()
        fields = {"X-Request-Id": self.request_id(status), "Date": self.date_time_string(),
                  "Content-Type": self.media_type(is_error, value)}
        if self.has("no-media-type") and not is_error:
            fields["Content-Type"] = None
        if status == 405:
            fields["Allow"] = "POST"
        if self.has("closes", "http-1.0") or self.close_connection:
            fields["Connection"] = "close"
            self.close_connection = True
        is_chunked = self.has("chunked-answers") and self.command != "HEAD"
        if is_chunked:
            fields["Transfer-Encoding"] = "chunked"
            half = len(body) // 2
            parts = [part for part in (body[:half], body[half:]) if part]
            body = b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in parts) + b"0\r\n\r\n"
        else:
            fields["Content-Length"] = str(len(body))
        version = "HTTP/1.0" if self.has("http-1.0") else "HTTP/1.1"
        head = f"{version} {status} Whatever\r\n"
        for name, content in fields.items():
            if content is not None:
                head += f"{name.lower() if self.has('lower-case-headers') else name}: {content}\r\n"
        self.wfile.write(head.encode() + b"\r\n" + (body if self.command != "HEAD" else b""))
        self.wfile.flush()
        if self.has("silent-close"):
            self.close_connection = True


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
