"""What the foreign server takes for a body, and what it stores of it [T2 B1-B6 R3]."""
import html
import json
import re
import sys
import unicodedata
import urllib.parse

from foreign_switches import Refusal
from foreign_tokens import SECOND


class Bodies:
    """Part of the request handler."""

    def check_media_type(self):
        given = self.headers.get("Content-Type", "")
        if ("charset" in given and self.has("charset-refused")) or ('"' in given and self.has("quoted-charset-refused")):
            raise Refusal(415)
        if given != given.lower() and self.has("capitals-refused") and "charset" not in given:
            raise Refusal(415)
        if "profile" in given and self.has("parameter-refused"):
            raise Refusal(415)
        if given.split(";")[0].strip().lower() != "application/json":
            if self.has("form-accepted") and "form" in given:
                return
            if not self.has("any-media-type"):
                raise Refusal(415)

    def values(self, body):
        self.check_media_type()
        if not body and self.has("empty-body-200") or body and not body.strip() and self.has("blank-body-200"):
            return "email", "nobody@example.com"
        if self.has("form-accepted") and b"form" in self.headers.get("Content-Type", "").encode():
            return "email", "form@example.com"
        try:
            value = self.parsed(body)
        except (ValueError, RecursionError):
            if self.has("malformed-200") or (self.has("malformed-by-second") and self.secret == SECOND):
                return "email", "nobody@example.com"
            is_latin = isinstance(sys.exc_info()[1], UnicodeDecodeError)
            if self.has("malformed-500") or (self.has("latin-1-500") and is_latin):
                raise Refusal(500) from None
            raise Refusal(415 if self.has("malformed-415") else 400) from None
        if isinstance(value, str) and self.has("encoded-twice-ok"):
            value = json.loads(value or "null")
        if isinstance(value, list) and self.has("array-ok"):
            return "email", "nobody@example.com"
        if value is None and self.has("null-500"):
            raise Refusal(500)
        if not isinstance(value, dict):
            raise Refusal(400)
        return self.members(value)

    def decoded_body(self, body):
        if body[:1] == b"{" and body[1:2] == b"\0" and self.has("utf-16-accepted"):
            return body.decode("utf-16-le")
        if self.has("latin-1-body"):
            return body.decode("latin-1")
        text = body.decode("utf-8", "replace" if self.has("bytes-replaced") else "strict")
        if self.has("nul-accepted"):
            text = text.rstrip("\0")
        return text.removeprefix("\ufeff") if self.has("bom-accepted") else text

    def parsed(self, body):
        text = self.decoded_body(body)
        for name, pattern, becomes in [
                ("trailing-comma-ok", r",\s*}", "}"), ("comments-ok", r"/\*.*?\*/|//.*", ""),
                ("single-quotes-ok", "'", '"'), ("closed-for-you", r'"$', '"}'), ("line-break-ok", r"\n", " ")]:
            if self.has(name):
                text = re.sub(pattern, becomes, text)
        if self.has("yaml-ok") and text.startswith("channel_type:"):
            return {"channel_type": "email", "channel_id": text.split()[-1]}
        if self.has("behind-ignored"):
            return json.JSONDecoder().raw_decode(text.lstrip())[0]

        def pairs(found):
            if self.has("duplicates-refused") and len(dict(found)) != len(found):
                raise ValueError("twice")
            return dict(found)
        value = json.loads(text, parse_constant=float if self.has("nan-accepted") else int, object_pairs_hook=pairs)
        if not self.has("surrogates-accepted"):
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        return value

    def members(self, value):
        if self.has("members-without-case"):
            value = {name.lower(): one for name, one in value.items()}
        if self.has("wrapped-ok") and isinstance(value.get("channel"), dict):
            value = value["channel"]
        if self.has("camel-case-ok"):
            value = {"".join("_" + c.lower() if c.isupper() else c for c in name): one for name, one in value.items()}
        if self.has("other-names-ok") and "type" in value:
            value = {"channel_type": value["type"], "channel_id": value.get("id")}
        if self.has("order-swapped") and list(value) == ["channel_id", "channel_type"]:
            value = dict(zip(value, reversed(value.values())))
        kind, ident = value.get("channel_type"), value.get("channel_id")
        second = self.secret == SECOND
        if "channel_type" not in value and self.has("type-missing-ok"):
            kind = "email"
        if "channel_type" in value and kind is None and self.has("type-null-ok"):
            kind = "email"
        if isinstance(kind, (int, float)) and self.has("type-number-ok") or isinstance(kind, dict) and self.has("type-object-ok"):
            kind = str(kind)
        if "channel_id" not in value and (self.has("id-missing-ok") or (self.has("missing-for-second") and second)):
            ident = "nobody@example.com"
        for name, is_so in [("id-number-ok", isinstance(ident, (int, float))), ("id-null-ok", ident is None),
                            ("id-boolean-ok", isinstance(ident, bool)), ("id-array-ok", isinstance(ident, list)),
                            ("zero-ok-id", ident == 0), ("object-id-printed", isinstance(ident, dict))]:
            if self.has(name) and is_so and "channel_id" in value:
                ident = str(ident)
        if not isinstance(kind, str) or not isinstance(ident, str):
            raise Refusal(422 if self.has("missing-422") else 404 if self.has("missing-404") else 400)
        self.check_values(value, kind, ident)
        return kind, ident

    def check_values(self, value, kind, ident):
        if (not kind or not ident) and not self.has("empty-value-accepted"):
            raise Refusal(400)
        if set(value) - {"channel_type", "channel_id"} and self.has("unknown-member-refused"):
            raise Refusal(400)
        if kind not in ("phone", "email", "facebook") and self.has("unknown-type-refused"):
            raise Refusal(400)
        if kind not in ("phone", "email", "facebook", "sms", "whatsapp") and self.has("known-five-types"):
            raise Refusal(400)
        if self.has("letters-type-refused") and not kind.isascii():
            raise Refusal(400)
        if len(ident) > 255 and self.has("long-refused") or self.has("controls-refused") and min(ident) < " ":
            raise Refusal(400)
        if kind == "phone":
            if not ident.startswith("+") and self.has("digits-refused"):
                raise Refusal(400)
            if self.has("phone-ten-digits") and len(ident) != 10:
                raise Refusal(400)
            if not re.fullmatch(r"[0-9]+", ident) and self.has("plus-refused"):
                raise Refusal(400)

    def spoilt(self, kind, value):
        """Faults that store something else than was sent."""
        if kind == "phone":
            for name, becomes in [("plus-added", "+" + value), ("phone-short", value[1:]),
                                  ("phone-formatted", f"({value[1:4]}) {value[4:7]}-{value[7:]}")]:
                if self.has(name):
                    value = becomes
        for name, becomes in [
                ("new-id-capitals", value.upper()), ("id-lower-case", value.lower()), ("id-trimmed", value.strip()),
                ("id-cut-64", value[:64]), ("id-cut-100", value[:100]), ("markup-escaped", html.escape(value)),
                ("percent-decoded", urllib.parse.unquote(value)), ("zeros-dropped", value.lstrip("0")),
                ("letters-lost", value.encode("ascii", "ignore").decode()), ("backslashes-dropped", value.replace("\\", "")),
                ("letters-replaced", value.encode("ascii", "replace").decode()),
                ("composed", unicodedata.normalize("NFC", value)),
                ("plus-part-dropped", re.sub(r"\+[^.@]*", "", value) if "@" in value else value)]:
            if self.has(name):
                value = becomes
        for name, becomes in [("new-type-changed", kind.capitalize()), ("type-lower-case", kind.lower()),
                              ("type-without-case", kind.lower()), ("type-hyphened", kind.replace("_", "-")), ("type-cut-20", kind[:20])]:
            if self.has(name):
                kind = becomes
        return (value, kind) if self.has("type-and-id-swapped") else (kind, value)
