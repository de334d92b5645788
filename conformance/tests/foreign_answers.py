"""The foreign server's answers: correct, or wrong in one way [R1-R9 T4]."""
import json
import time
import uuid

from foreign_tokens import SECOND


class Answers:
    """Part of the request handler: from a contact's channels to bytes."""

    def shaped(self, contact, channels, new):
        if self.has("new-missing"):
            channels = [c for c in channels if c is not new]
        if self.has("stale-list") and new and self.server.writes % 2:
            channels = [c for c in channels if c is not new]
        if self.has("new-twice") and new:
            channels = channels + [new]
        if self.has("only-new") and new:
            channels = [new]
        for name, part in [("last-three", slice(-3, None)), ("last-ten", slice(-10, None)),
                           ("last-fifty", slice(-50, None)), ("first-twenty", slice(0, 20))]:
            if self.has(name):
                channels = channels[part]
        if self.has("same-type-only") and new:
            channels = [c for c in channels if c["channel_type"] == new["channel_type"]]
        if self.has("newest-first"):
            channels.reverse()
        if self.has("shuffled-order"):
            channels.sort(key=lambda c: hash((c["id"], self.server.writes)))
        channels = [self.member_faults(dict(c), place, c is new) for place, c in enumerate(channels)]
        if self.has("one-element-null"):
            channels.append(None)
        if self.has("object") or (self.has("object-when-one") and len(channels) == 1):
            return channels[-1]
        if self.has("wrapped-list"):
            return {"channels": channels}
        if self.has("list-of-lists"):
            return [channels]
        if self.has("null-answer"):
            return None
        if self.has("object-by-number"):
            return {str(place): one for place, one in enumerate(channels)}
        if self.has("list-of-ids"):
            return [c["id"] for c in channels]
        return channels

    def member_faults(self, channel, place, is_new):
        is_second = getattr(self, "secret", None) == SECOND
        replaced = {
            "contact-id-text": ("contact_id", str(channel["contact_id"])),
            "contact-id-uuid": ("contact_id", str(uuid.UUID(int=501))), "id-text": ("id", str(channel["id"])),
            "id-fraction": ("id", channel["id"] + 0.5), "created-null": ("created", None),
            "info-null": ("info_channel", None), "channel-id-number": ("channel_id", 5),
            "updated-words": ("updated", "just now"), "re-created": ("created", self.server.moment()),
            "handle-null": ("channel_handle", None), "team-id-text": ("team_id", str(channel["team_id"])),
            "type-number": ("channel_type", 1), "info-object": ("info_channel", {}), "id-boolean": ("id", True),
            "updated-empty": ("updated", ""), "updated-moves": ("updated", self.server.moment()),
            "handle-filled": ("channel_handle", "Ada L."), "handle-moves": ("channel_handle", str(self.server.writes)),
            "renumbered": ("id", channel["id"] + 1000 * self.server.writes),
            "contact-id-moves": ("contact_id", channel["contact_id"] + self.server.writes),
        }
        for name, (member, value) in replaced.items():
            if self.has(name):
                channel[member] = value
        if self.has("re-created"):
            channel["created"] = f"2024-01-01T00:00:{self.server.writes % 60:02}Z"
        if self.has("old-id-text") and not is_new or self.has("second-secret-id-text") and is_second:
            channel["id"] = str(channel["id"])
        if self.has("old-type-changed") and place == 0 and self.server.writes % 2:
            channel["channel_type"] = "other"
        if self.has("digits-to-number") and channel["channel_id"].isdigit():
            channel["channel_id"] = int(channel["channel_id"])
        if self.has("mixed-contacts") and place == 1:
            channel["contact_id"] += 1
        if self.has("mixed-teams") and place == 1:
            channel["team_id"] += 1
        if self.has("new-one-of-team-0") and is_new:
            channel["team_id"] = 0
        for name, member in [("team-id-missing", "team_id"), ("updated-missing", "updated"),
                             ("contact-id-missing", "contact_id"), ("id-missing", "id"),
                             ("created-missing", "created"), ("channel-id-missing", "channel_id"),
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
        server = self.server
        for name, was, becomes in [
                ("400-as-422", 400, 422), ("400-as-409", 400, 409), ("400-as-500", 400, 500), ("401-as-403", 401, 403),
                ("401-as-400", 401, 400), ("401-as-302", 401, 302), ("401-as-500", 401, 500), ("401-as-419", 401, 419),
                ("403-as-404", 403, 404), ("403-as-401", 403, 401), ("media-type-400", 415, 400)]:
            if status == was and self.has(name):
                status = becomes
        if status == 400:
            server.bad_data += 1
            if self.has("400-second-time-500") and server.bad_data % 2 == 0:
                status = 500
        if self.has("spent-by-refusal") and getattr(self, "token", None):
            server.spent.add(self.token)
        if self.has("lost-after-refusal") and server.contacts:
            channels = next(iter(server.contacts.values()))["channels"]
            del channels[-1:]
        if self.has("errors-as-200"):
            status = 200
        body = {"code": refusal.name, "detail": "see the documentation"}
        if self.has("plain-text-errors"):
            body = "no\n"
        if self.has("html-errors"):
            body = "<html><body>no</body></html>"
        if self.has("empty-errors"):
            body = ""
        self.answer(status, body)

    def request_id(self, status):
        server = self.server
        for name, without in [("no-request-id", True), ("no-request-id-on-errors", status >= 400),
                              ("no-request-id-on-404", status == 404), ("no-request-id-on-405", status == 405),
                              ("no-request-id-on-401", status == 401)]:
            if self.has(name) and without:
                return None
        if self.has("same-request-id"):
            return server.same_id
        if self.has("request-id-by-second") and getattr(self, "secret", None) == SECOND:
            return server.same_id
        if self.has("request-id-echoed") and "X-Request-Id" in self.headers:
            return self.headers["X-Request-Id"]
        if self.has("request-id-by-body"):
            return str(uuid.uuid5(uuid.NAMESPACE_URL, repr(self.raw_body)))
        if self.has("request-id-empty"):
            return ""
        if self.has("request-id-per-connection"):
            self.own_id = getattr(self, "own_id", str(uuid.uuid4()))
            return self.own_id
        server.ids += 1
        if self.has("request-id-counter"):
            return f"req-{server.ids}"
        if self.has("request-id-every-hundredth") and server.ids % 100 == 0:
            return server.same_id
        new = str(uuid.uuid1() if self.has("time-ordered-request-id") else uuid.uuid4())
        if self.has("request-id-without-hyphens"):
            return new.replace("-", "")
        if self.has("request-id-in-braces"):
            return "{" + new + "}"
        return new.upper() if self.has("upper-case-request-id") else new

    def media_type(self, is_error, body):
        if isinstance(body, str) and is_error:
            return "text/html" if self.has("html-errors") else "text/plain"
        server = self.server
        is_html = (self.has("html") or (self.has("html-by-accept") and "text/html" in self.headers.get("Accept", ""))
                   or (self.has("media-type-later") and server.writes % 4 == 3)
                   or (self.has("html-for-second") and getattr(self, "secret", None) == SECOND))
        if not is_error and (is_html or self.has("text-plain", "text-json")):
            return "text/html" if is_html else "text/json" if self.has("text-json") else "text/plain"
        if self.has("media-type-capitals"):
            return "Application/JSON"
        if self.has("media-type-tight"):
            return "application/json;charset=UTF-8"
        return "application/json" + "; charset=utf-8" * self.has("charset-in-answer")

    def text_of(self, value, is_error):
        if isinstance(value, str):
            return value
        text = json.dumps(value, indent=2 if self.has("pretty-json") else None, ensure_ascii=not self.has("raw-letters"))
        if is_error:
            return text
        if self.has("json-text"):
            text = json.dumps(text)
        if self.has("half-json"):
            text = text[:-1]
        if self.has("two-lists"):
            text += text
        return "" if self.has("empty-answer", "status-204") else text

    def date(self):
        """The Date of the server's own clock, or of a gateway with another clock."""
        if self.has("no-date"):
            return None
        return self.date_time_string(time.time() if self.has("gateway-date") else self.server.now())

    def fields_of(self, status, value, is_error):
        fields = {"X-Request-Id": self.request_id(status), "Date": self.date(),
                  "Content-Type": self.media_type(is_error, value)}
        if self.has("no-media-type") and not is_error:
            fields["Content-Type"] = None
        if self.has("cookies"):
            fields["Set-Cookie"] = "session=1; HttpOnly"
        if self.has("www-authenticate") and status == 401:
            fields["WWW-Authenticate"] = 'Bearer realm="api"'
        if status == 405:
            fields["Allow"] = "POST"
        if status == 429 and not self.has("busy-without-hint"):
            fields["Retry-After"] = "1"
        if self.has("closes-every-third") and self.server.requests % 3 == 0:
            self.close_connection = True
        if self.has("closes", "http-1.0") or self.close_connection:
            fields["Connection"] = "close"
            self.close_connection = True
        return fields

    def answer(self, status, value):
        is_error = status >= 400
        body = self.text_of(value, is_error).encode("utf-8", "surrogatepass")
        if self.has("huge-answers"):
            body += b" " * (17 << 20)
        fields = self.fields_of(status, value, is_error)
        if self.has("chunked-answers", "chunk-extensions") and self.command != "HEAD":
            fields["Transfer-Encoding"] = "chunked"
            half = len(body) // 2
            parts = [part for part in (body[:half], body[half:]) if part]
            extension = b";of=two" * self.has("chunk-extensions")
            body = b"".join(b"%x%s\r\n%s\r\n" % (len(p), extension, p) for p in parts) + b"0\r\n"
            body += b"X-Trailer: 1\r\n" * self.has("chunk-extensions") + b"\r\n"
        elif status != 204:
            fields["Content-Length"] = str(len(body) + 5 * self.has("short-answers") - 5 * self.has("long-answers"))
        version = "HTTP/1.0" if self.has("http-1.0") else "HTTP/1.1"
        head = "HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n" * self.has("early-hints")
        head += f"{version} {status} Whatever\r\n"
        for name, content in fields.items():
            if content is not None:
                head += f"{name.lower() if self.has('lower-case-headers') else name}: {content}\r\n"
        self.send_all(head.encode() + b"\r\n" + (body if self.command != "HEAD" else b""))

    def send_all(self, data):
        if self.has("endless-head"):
            self.wfile.write(data.partition(b"\r\n")[0] + b"\r\n")
            for number in range(100000):
                self.wfile.write(b"X-Fill-%d: %s\r\n" % (number, b"x" * 200))
        if self.has("drips"):
            for place in range(len(data)):
                self.wfile.write(data[place:place + 1])
                self.wfile.flush()
                time.sleep(0.3)
        elif self.has("hundred-megabytes"):
            head = data.partition(b"\r\n\r\n")[0].replace(b"Content-Length", b"X-Length")
            self.wfile.write(head + b"\r\nContent-Length: 104857600\r\n\r\n")
            for _ in range(100):
                self.wfile.write(b" " * (1 << 20))
        else:
            self.wfile.write(data)
        self.wfile.flush()
        if self.has("silent-close", "short-answers", "long-answers"):
            self.close_connection = True
