"""Reads outputs, and finds canaries in them however they are written there."""
import binascii
import os
import re
import subprocess
import tempfile
from collections import defaultdict

ESCAPE = re.compile(rb"""\\u([0-9A-Fa-f]{4})|\\+x([0-9A-Fa-f]{2})|\\([0-7]{3})|\\([btnfr"\\/])|%([0-9A-Fa-f]{2})"""
                    rb"""|&\#(\d{1,5});|&\#x([0-9A-Fa-f]{1,4});|&(amp|lt|gt|quot|apos);""", re.VERBOSE)
NAMED = {b"amp": b"&", b"lt": b"<", b"gt": b">", b"quot": b'"', b"apos": b"'", b"b": b"\b", b"t": b"\t", b"n": b"\n",
         b"f": b"\f", b"r": b"\r", b'"': b'"', b"\\": b"\\", b"/": b"/"}
HEX = re.compile(rb"(?:[0-9A-Fa-f]{2}){8,}")
BASE64 = re.compile(rb"[A-Za-z0-9+/]{11,}")
STANDARD = bytes.maketrans(b"-_", b"+/")
SPACES = re.compile(rb"\s+")
ONE_LINE = bytes.maketrans(b"\n", b"\v")  # for grep, whose patterns are lines
LAYERS = 3  # of escapes, one in another: JSON of what a terminal may show, in HTML


def unescape(match):
    unit, byte, octal, letter, escaped, decimal, hexadecimal, entity = match.groups()
    if unit is not None or decimal is not None or hexadecimal is not None:
        number = int(decimal) if decimal is not None else int(unit or hexadecimal, 16)
        return chr(number).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode() \
            if not 0xD800 <= number < 0xE000 else match.group()
    if octal is not None:
        return bytes([int(octal, 8) & 0xFF])
    if byte is not None or escaped is not None:
        return bytes([int(byte or escaped, 16)])
    return NAMED[letter or entity]


PAIR = re.compile(rb"\\u([Dd][89ABab][0-9A-Fa-f]{2})\\u([Dd][C-Fc-f][0-9A-Fa-f]{2})")


def unescape_all(text):
    text = PAIR.sub(lambda m: bytes.fromhex((m.group(1) + m.group(2)).decode()).decode("utf-16-be").encode(), text)
    return ESCAPE.sub(unescape, text)


def decodings(text):
    """(name, bytes) of everything that the text may stand for."""
    yield "as it is", text
    for _ in range(LAYERS):
        escaped, text = text, unescape_all(text)
        if text == escaped:
            break
        yield "unescaped", text
    yield "over lines", SPACES.sub(b" ", text)
    runs = {run for start in (0, 1) for run in HEX.findall(text, start)}
    yield "in hex", b"\n".join(map(binascii.unhexlify, runs))
    runs = set(BASE64.findall(text.translate(STANDARD)))
    yield "in base64", b"\n".join(binascii.a2b_base64(run[start:len(run) - (len(run) - start) % 4])
                                  for run in runs for start in range(4))


class Finder:
    """Collects outputs by name. A leak is a window: some bytes of a canary in a row."""

    def __init__(self):
        self.windows = {}  # bytes: what they are a part of
        self.outputs = defaultdict(list)

    def add(self, text, what, size, step=1):
        """Any @size bytes of @text in a row, from every @step-th byte on, are a leak."""
        for spaced in {text, SPACES.sub(b" ", text)}:
            for at in range(0, len(spaced) - size + 1, step):
                self.windows.setdefault(spaced[at:at + size].translate(ONE_LINE), what)

    def read(self, output, text):
        self.outputs[output].append(text)

    def read_file(self, path, output=None):
        with open(path, "rb") as file:
            self.read(output or path, file.read())

    def count(self):
        return sum(map(len, self.outputs.values())), sum(len(text) for texts in self.outputs.values() for text in texts)

    def leaks(self):
        """[(output, what, excerpt)], the first of each pair."""
        found = {}
        with tempfile.NamedTemporaryFile() as patterns:
            patterns.write(b"".join(window + b"\n" for window in self.windows))
            patterns.flush()
            for output, texts in self.outputs.items():
                text = b"\n".join(how.encode() + b": " + decoded for how, decoded in decodings(b"\n\n".join(texts)))
                text = text.translate(ONE_LINE)
                grep = subprocess.run(["grep", "-aobF", "-f", patterns.name], input=text, stdout=subprocess.PIPE,
                                      env={"LC_ALL": "C", "PATH": os.environ["PATH"]}, check=False)
                assert grep.returncode < 2, "grep failed"
                for line in grep.stdout.split(b"\n")[:-1]:
                    at, _, window = line.partition(b":")
                    found.setdefault((output, self.windows[window]), text[max(int(at) - 60, 0):int(at) + 60])
        return [(*pair, excerpt) for pair, excerpt in sorted(found.items())]
