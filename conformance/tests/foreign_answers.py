"""The foreign server's answers: right, or wrong in one way [R1-R9 T4]."""
import json
import uuid


class Answers:
    """Part of the request handler: from a contact's channels to bytes."""

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
            "contact-id-uuid": ("contact_id", str(uuid.UUID(int=501))), "id-text": ("id", str(channel["id"])),
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
        if self.has("huge-answers"):
            text += " " * (17 << 20)
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
            fields["Content-Length"] = str(len(body) + 5 * self.has("short-answers"))
        version = "HTTP/1.0" if self.has("http-1.0") else "HTTP/1.1"
        head = f"{version} {status} Whatever\r\n"
        for name, content in fields.items():
            if content is not None:
                head += f"{name.lower() if self.has('lower-case-headers') else name}: {content}\r\n"
        self.wfile.write(head.encode() + b"\r\n" + (body if self.command != "HEAD" else b""))
        self.wfile.flush()
        if self.has("silent-close", "short-answers"):
            self.close_connection = True
