"""What the makers in Python share: one vector for each call, printed as ci/vectors/assemble reads it."""

import base64
import hashlib
import hmac
import json
import os
import zlib

import jwt

ID, KEY = os.environ["SECRET_ID"], os.environ["SECRET_KEY"]
SECOND_ID, SECOND_KEY = os.environ["SECOND_ID"], os.environ["SECOND_KEY"]
SECRET = ID + "||" + KEY
OPEN = None  # as `also`: whatever else is found


def vector(file, name, expect, make, also=(), age=7, iss=ID, note=None, says=None, by="PyJWT"):
    """make(claims) says the token, or {"authorization": ...}. age: now - iat in seconds. says: part of the message."""
    iat = int(os.environ["IAT"]) + zlib.crc32(name.encode()) % 1000000
    made = make({"iss": iss, "iat": iat})
    line = {"file": file, "name": name, "now": iat + age, "expect": expect,
            "also": also if also is OPEN else list(also), "note": note, "says": says, "made_by": "python " + by}
    line.update(made if isinstance(made, dict) else {"token": made})
    print(json.dumps(line))


def good(name, make, **options):
    vector("published", name, "good", make, **options)


def published(name, expect, make, **options):
    vector("published", name, expect, make, **options)


def mistake(name, expect, make, **options):
    vector("mistakes", name, expect, make, **options)


def encode(claims, secret=SECRET, **options):
    """With PyJWT."""
    return jwt.encode(claims, secret, algorithm="HS256", **options)


def b64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


HEADER = {"alg": "HS256", "typ": "JWT"}


def by_hand(claims, secret=SECRET, header=HEADER, segment=b64url, signature=b64url, hash=hashlib.sha256):
    """Without a library; texts are taken as JSON that is written already."""
    parts = [part if isinstance(part, str) else json.dumps(part) for part in (header, claims)]
    signing_input = ".".join(segment(part.encode()) for part in parts)
    key = secret if isinstance(secret, bytes) else secret.encode()
    return signing_input + "." + signature(hmac.new(key, signing_input.encode(), hash).digest())


HAND = {"by": "hmac"}
