"""The canaries: keys of every awkward shape, and the forms in which a careless program may show them."""
import base64
import json
import random
import string
from collections import namedtuple

Key = namedtuple("Key", "shape text window")  # window: bytes of it in a row that are a leak

LETTERS = string.ascii_letters + string.digits
PUNCTUATION = "".join(c for c in string.punctuation if c not in LETTERS)


def make_keys(seed):
    """One key of each shape. The same seed makes the same keys."""
    rng = random.Random(seed)

    def words(length, marks="", every=5):
        """@length random characters; every few of them is a mark, the first and the last one too."""
        text = [rng.choice(LETTERS) for _ in range(length)]
        for i, at in enumerate(range(0, length, every) if marks else ()):
            text[at] = marks[i % len(marks)]
        if marks:
            text[-1] = marks[-1]
        return "".join(text)

    def of(alphabet, length):
        return "".join(rng.choice(alphabet) for _ in range(length))

    start = words(16)
    shapes = {
        "of 8 characters": words(8),
        "of 26 characters": words(26),
        "of 32 characters": words(32),
        "of 65 characters": words(65),
        "of 200 characters": words(200),
        "with spaces": words(40, " ", 7),
        "with two spaces": words(12) + "  " + words(12),
        "with delimiters": words(48, " \"',:;."),
        "with dots": words(30, ".", 9),
        "with JSON's escapes": words(44, "\\\"/"),
        "with control characters": words(40, "\x01\x1f\t\b\f\x1b"),
        "with line breaks": words(30) + "\r\n" + words(12) + "\n" + words(9),
        "with DEL": words(33, "\x7f", 8),
        "with non-ASCII letters": words(36, "\u00e9\u20ac\u0142\U0001f511"),
        "with direction marks": words(36, "\u202e\u200b\u0085\u2028"),
        "with markup": words(40, "<>&'\""),
        "with percent signs": words(40, "%+?#&="),
        "with brackets": words(40, "{}[]|,"),
        "with base64's marks": words(40, "+/-_"),
        "with shell's marks": words(40, "$`'!;\\"),
        "of punctuation": of(PUNCTUATION, 32),
        "of 8 delimiters": "a. \"':;,"[:7] + "b",
        "that begins like the next": start + words(24),
        "that begins like the last": start + words(70),
    }
    keys = [Key(shape, text.encode(), 8) for shape, text in shapes.items()]
    digits = "123456789"
    weak = {
        "of 20 digits": rng.choice(digits) + of(string.digits, 19),
        "of 64 digits": rng.choice(digits) + of(string.digits, 63),
        "of hex digits": of("0123456789abcdef", 40),
    }
    return keys + [Key(shape, text.encode(), 12) for shape, text in weak.items()]


def percent(text, is_all=True):
    plain = b"" if is_all else LETTERS.encode()
    return b"".join(bytes([c]) if c in plain else b"%%%02X" % c for c in text)


def plain_base64url(text):
    return base64.urlsafe_b64encode(text).rstrip(b"=")


def based(text, before, alphabet):
    return alphabet(b"\xb7\x99"[:before] + text + b"Z" * (2 * before))


def in_forms(text):
    """{name: bytes}: every form that must be hidden."""
    characters = text.decode()
    forms = {
        "plain": text,
        "percent": percent(text),
        "percent where needed": percent(text, False),
        "percent in lower case": percent(text).lower(),
        "hex": text.hex().encode(),
        "HEX": text.hex().upper().encode(),
        "json": json.dumps(characters, ensure_ascii=False)[1:-1].encode(),
        "json in ASCII": json.dumps(characters)[1:-1].encode(),
        "\\u": b"".join(b"\\u%04x" % int.from_bytes(characters.encode("utf-16-be")[i:i + 2], "big")
                        for i in range(0, len(characters.encode("utf-16-be")), 2)),
    }
    for before in range(3):
        forms[f"base64 +{before}"] = based(text, before, base64.b64encode)
        forms[f"base64url +{before}"] = based(text, before, plain_base64url)
    return forms


def is_token(text):
    """Can it be a method or a header's name [RFC 9110 section 5.6.2]?"""
    return all(c in (LETTERS + "!#$%&'*+-.^_`|~").encode() for c in text)


def is_value(text):
    """Can it be in a header's value?"""
    return all(c >= 0x20 and c != 0x7F or c == 9 for c in text)
