"""A malicious server: it repeats keys, and the tokens that it gets, in every form and in every place of an answer."""
import json
import re

from . import keys as canaries
from .wire import Server

TOKEN = re.compile(rb"([A-Za-z0-9_-]{16,})\.([A-Za-z0-9_-]{16,})\.([A-Za-z0-9_-]{20,})")
CHANNEL = {"id": 1, "team_id": 1, "contact_id": 1, "channel_type": "phone", "channel_id": "15550001111", "info_channel": "",
           "channel_handle": "", "created": "2024-04-16T00:00:00Z", "updated": "2024-04-16T00:00:00Z"}


def answer(body=b"", status=b"400 Bad Request", kind=b"application/json", lines=(), length=None):
    head = [b"HTTP/1.1 " + status, *lines]
    if kind:
        head.append(b"Content-Type: " + kind)
    head.append(b"Content-Length: %d" % len(body) if length is None else length)
    return b"\r\n".join(head) + b"\r\n\r\n" + body


def channels(**members):
    return json.dumps([{**CHANNEL, **members}]).encode()


def right(body):
    return answer(channels(**json.loads(body)), b"200 OK", lines=[b"X-Request-Id: 11111111-1111-4111-8111-111111111111"])


def chunked(body, extra=b""):
    third = len(body) // 3 + 1
    parts = [body[:third], body[third:2 * third], body[2 * third:], b""]
    return answer(b"".join(b"%x%s\r\n%s\r\n" % (len(part), extra, part) for part in parts[:-1] if part) + b"0\r\n\r\n",
                  length=b"Transfer-Encoding: chunked")


def in_body(text):
    """Answers that have the text in their bodies."""
    word = text.decode("utf-8", "replace")
    yield answer(text, kind=b"text/plain")
    yield answer(b"it is " + text + b"\n", b"503 Service Unavailable", b"text/plain")
    yield answer(json.dumps({"error": word, "message": "see " + word}).encode())
    yield answer(json.dumps({"error": "bad_data", "message": "x" * 230 + word, word: [word, {word: word}]}).encode())
    yield answer(b'{"error":"' + text + b'","message":"' + text + b'"}', b"401 Unauthorized")
    yield answer(b"[" + text, b"200 OK")
    yield answer(b'["' + text + b'" ' + text, b"200 OK")
    yield answer(b'[{"id":' + text + b"}]", b"200 OK")
    yield answer(b'{"' + text + b'":1,"' + text + b'":2}', b"200 OK")
    for member in ("channel_type", "channel_id", "info_channel", "channel_handle", "created", "updated", "id", word):
        yield answer(channels(**{member: word}), b"200 OK")
    yield chunked(b'{"error":"bad_data","message":"' + text + b'"}')
    yield answer(b"[" + text, b"200 OK", length=b"Content-Length: 9999")
    yield text


def in_head(text):
    yield answer(b"[]", lines=[b"X-Request-Id: " + text])
    yield answer(channels(), b"200 OK", lines=[b"X-Request-Id: " + text, b"X-Key: " + text])
    yield answer(b"[]", lines=[b"X-First: 1", text + b": 1", b"X-" + text + b": 2", b"Set-Cookie: " + text])
    yield answer(b"[]", b"400 " + text)
    yield answer(b"[]", text)
    yield answer(b"[]", b"200 OK", text)
    yield answer(b"[]", b"200 OK", b"application/json; charset=" + text, [b"Content-Encoding: " + text])
    yield answer(b"", b"302 Found", lines=[b"Location: " + text])
    yield answer(b"", b"307 Temporary Redirect", lines=[b"Location: http://" + text + b"/"])
    yield answer(b"{}", b"401 Unauthorized", lines=[b"X-Mock-Finding: J5 " + text, b"WWW-Authenticate: " + text])
    yield answer(b"{}", b"405 Method Not Allowed", lines=[b"Allow: " + text])
    yield answer(b"[]", length=b"Content-Length: " + text)
    yield answer(b"[]", length=b"Transfer-Encoding: " + text)
    yield answer(text + b"\r\n[]\r\n0\r\n\r\n", length=b"Transfer-Encoding: chunked")
    yield chunked(b'{"error":"bad_data"}', b";" + text)


def in_everything(text):
    yield from in_body(text)
    if canaries.is_value(text):
        yield from in_head(text)


PLACES = len(list(in_everything(b"x")))


class Reflector:
    """Each answer has the next form in the next place. What it was sent is what must not be shown again."""

    def __init__(self, finder, key, start, is_right_first=False):
        """@start: the number of the first answer. @is_right_first: up to the first POST, answers are right."""
        self.finder, self.count, self.is_right, self.tokens = finder, start, is_right_first, set()
        self.texts = [*canaries.in_forms(key).values(), b"id||" + key]
        self.server = Server(self.answer)
        self.url = f"http://127.0.0.1:{self.server.port}"

    def of_tokens(self, values):
        texts = []
        for parts in (match.groups() for value in values for match in TOKEN.finditer(value)):
            self.tokens.add(parts)
            texts += [b".".join(parts), parts[2], b" . ".join(parts), b'"%s" "%s" "%s"' % parts]
        return texts

    def answer(self, method, values, body):
        texts = self.texts + self.of_tokens(values)
        if self.is_right:
            self.is_right = method != b"POST"
            return (answer(b"{}", b"404 Not Found") if self.is_right else right(body)), False
        text = texts[(self.count // PLACES + self.count * 5) % len(texts)]
        answers = list(in_everything(text))
        made = answers[self.count % len(answers)]
        self.count += 1
        if method == b"HEAD":
            made = made.split(b"\r\n\r\n")[0] + b"\r\n\r\n"
        return made, False

    def end(self):
        self.server.shutdown()
        self.server.server_close()
        for header, payload, signature in self.tokens:
            for part, what in ((payload, "a token's payload"), (signature, "a token's signature")):
                self.finder.add(part, what, 16, 5)
