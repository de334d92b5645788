"""Tokens as Python code makes them: PyJWT (Debian's python3-jwt), and hmac by hand. Run by ci/vectors/make."""

import base64
import hashlib
import hmac
import json
import os
import urllib.parse
import zlib

import jwt

from python_maker import (HAND, HEADER, ID, KEY, OPEN, SECOND_ID, SECOND_KEY, SECRET, b64url, by_hand, encode, good,
                          mistake, published, vector)

# --- good tokens ---
good("good-pyjwt", encode)
good("good-pyjwt-bytes", lambda c: encode(c, SECRET.encode()))
good("good-pyjwt-header-members", lambda c: encode(c, headers={"kid": "2024-06", "cty": "JWT"}))
good("good-pyjwt-extra-claims",
     lambda c: encode({**c, "sub": "job", "jti": "7", "n": 12345678901234567890, "f": -1.5e-7}))
good("good-pyjwt-unicode-claims", lambda c: encode({**c, "name": "Ærøskøbing \U0001f30a", "quote": "\"\\/\b\f\n\r\t"}))
good("good-pyjwt-second-secret", lambda c: encode(c, SECOND_ID + "||" + SECOND_KEY), iss=SECOND_ID)
good("good-pyjwt-secret-hashed-by-hand", lambda c: encode(c, hashlib.sha256(SECRET.encode()).digest()),
     note="longer than a block, so HMAC hashes it too")
good("good-python-by-hand", by_hand, **HAND)
good("good-python-raw-utf8", lambda c: by_hand(json.dumps({**c, "name": "東京 Zoë"}, ensure_ascii=False)), **HAND)
good("good-python-sorted-compact", lambda c: by_hand(json.dumps(c, sort_keys=True, separators=(",", ":"))), **HAND)
good("good-python-large-claims", lambda c: by_hand({**c, "list": list(range(300))}), **HAND)

# --- life [J6] and the clock ahead [J7]: now - iat in seconds ---
for age in (0, 1, 60, 240, 290, 298, 299):
    good("iat-%d-seconds-old" % age, encode, age=age)
for age in (300, 301, 310, 400, 700, 3600 * 5 + 400):
    published("iat-%d-seconds-old" % age, "J6 expired", encode, age=age)
published("iat-three-days-old", "J6 expired", encode, age=3 * 86400)
published("iat-zero", "J4 iat-zero", lambda c: encode({**c, "iat": 0}))
published("iat-negative", "J6 expired", lambda c: encode({**c, "iat": -c["iat"]}))
for ahead in (1, 50, 59, 60):
    good("iat-%d-seconds-ahead" % ahead, encode, age=-ahead)
for ahead in (61, 70, 400):
    published("iat-%d-seconds-ahead" % ahead, "J7 iat-in-future", encode, age=-ahead)
published("iat-ten-years-ahead", "J7 iat-in-future", encode, age=-315569520)

# Fractions compare exactly.
FRACTION = ("J4 iat-fractional",)
good("iat-fraction-python-time", lambda c: encode({**c, "iat": c["iat"] + 0.482913}), also=FRACTION)
good("iat-fraction-half-a-second-of-life-left", lambda c: encode({**c, "iat": c["iat"] + 0.5}), age=300, also=FRACTION)
published("iat-fraction-dead-for-half-a-second", "J6 expired",
          lambda c: encode({**c, "iat": c["iat"] - 0.5}), age=300, also=FRACTION)
good("iat-fraction-half-a-second-before-the-leeway",
     lambda c: encode({**c, "iat": c["iat"] - 0.5}), age=-60, also=FRACTION)
published("iat-fraction-half-a-second-over-the-leeway", "J7 iat-in-future",
          lambda c: encode({**c, "iat": c["iat"] + 0.5}), age=-60, also=FRACTION)
good("iat-float-but-whole-python", lambda c: encode({**c, "iat": float(c["iat"])}))

# Local times taken for UTC: east of Greenwich ahead, west of it behind. A few seconds on the way.
for name, hours in (("london-summer", 1), ("india", 5.5), ("nepal", 5.75), ("sydney", 10)):
    published("iat-local-time-" + name, "J7 iat-in-future",
              lambda c, h=hours: encode({**c, "iat": c["iat"] + int(h * 3600)}), age=2, also=["J7 iat-local-time"])
for name, hours in (("california-summer", 7), ("newfoundland", 3.5), ("hawaii", 10), ("new-york-summer", 4)):
    published("iat-local-time-" + name, "J6 expired",
              lambda c, h=hours: encode({**c, "iat": c["iat"] - int(h * 3600)}), age=2, also=["J7 iat-local-time"])

# The documentation's sample.
published("iat-from-documentation", "J6 iat-from-documentation", lambda c: encode({**c, "iat": 1713225600}), also=OPEN)
vector("published", "iat-from-documentation-on-that-day", "good", lambda c: encode({**c, "iat": 1713225600}),
       age=1713225605 - (int(os.environ["IAT"]) + zlib.crc32(b"iat-from-documentation-on-that-day") % 1000000))

# --- iat [J4] ---
published("iat-missing-pyjwt", "J4 iat-missing", lambda c: encode({"iss": c["iss"]}))
published("iat-missing-exp-there-pyjwt", "J4 iat-missing", lambda c: encode({"iss": c["iss"], "exp": c["iat"] + 300}))
published("iat-string-pyjwt", "J4 iat-string", lambda c: encode({**c, "iat": str(c["iat"])}))
published("iat-empty-string-pyjwt", "J4 iat-string", lambda c: encode({**c, "iat": ""}))
published("iat-null-pyjwt", "J4 iat-not-number", lambda c: encode({**c, "iat": None}))
published("iat-true-pyjwt", "J4 iat-not-number", lambda c: encode({**c, "iat": True}))
published("iat-list-pyjwt", "J4 iat-not-number", lambda c: encode({**c, "iat": [c["iat"]]}))
published("iat-object-pyjwt", "J4 iat-not-number", lambda c: encode({**c, "iat": {"seconds": c["iat"]}}))
published("iat-milliseconds-pyjwt", "J4 iat-milliseconds", lambda c: encode({**c, "iat": c["iat"] * 1000 + 250}))
published("iat-milliseconds-float-pyjwt", "J4 iat-milliseconds", lambda c: encode({**c, "iat": c["iat"] * 1000.0}))
published("iat-milliseconds-fraction-pyjwt", "J4 iat-milliseconds",
          lambda c: encode({**c, "iat": (c["iat"] + 0.4829135) * 1000}), also=OPEN)
published("iat-microseconds-pyjwt", "J4 iat-microseconds", lambda c: encode({**c, "iat": c["iat"] * 1000000 + 123456}))
published("iat-nanoseconds-python", "J4 iat-microseconds",
          lambda c: encode({**c, "iat": c["iat"] * 10**9 + 123456789}), also=OPEN,
          note="time.time_ns(): the row of microseconds has the cure")
published("iat-milliseconds-of-an-old-token", "J4 iat-milliseconds",
          lambda c: encode({**c, "iat": c["iat"] * 1000}), age=700, also=OPEN)
published("iat-nan-python", "J2 payload-not-json", lambda c: encode({**c, "iat": float("nan")}), also=OPEN,
          note="json.dumps writes NaN")

# --- iss [J3] ---
published("iss-missing-pyjwt", "J3 iss-missing", lambda c: encode({"iat": c["iat"]}))
published("iss-named-issuer", "J3 iss-missing", lambda c: encode({"issuer": c["iss"], "iat": c["iat"]}))
published("iss-as-sub", "J3 iss-missing", lambda c: encode({"sub": c["iss"], "iat": c["iat"]}))
published("iss-upper-case-member", "J3 iss-missing", lambda c: encode({"ISS": c["iss"], "iat": c["iat"]}))
published("iss-number-pyjwt", "J3 iss-not-string", lambda c: encode({**c, "iss": 4821}))
published("iss-list-pyjwt", "J3 iss-not-string", lambda c: encode({**c, "iss": [ID]}))
published("iss-true-pyjwt", "J3 iss-not-string", lambda c: encode({**c, "iss": True}))
published("iss-unknown-uuid", "J3 iss-unknown", encode, iss="11111111-2222-4333-8444-555555555555")
published("iss-team-name", "J3 iss-unknown", encode, iss="Example team")
published("iss-url", "J3 iss-unknown", encode, iss="https://api.heymarket.com")
published("iss-without-hyphens", "J3 iss-miscopied", encode, iss=ID.replace("-", ""))
published("iss-cut", "J3 iss-miscopied", encode, iss=ID[:-1])
published("iss-with-nul-behind", "J3 iss-wrapped", encode, iss=ID + "\0")
published("iss-key-of-the-second-secret", "J3 iss-is-key",
          lambda c: encode(c, SECOND_ID + "||" + SECOND_KEY), iss=SECOND_KEY)
published("iss-newline-behind", "J3 iss-has-whitespace", encode, iss=ID + "\n")
published("iss-crlf-behind", "J3 iss-has-whitespace", encode, iss=ID + "\r\n")
published("iss-blank-before", "J3 iss-has-whitespace", encode, iss=" " + ID)
published("iss-upper-case", "J3 iss-letter-case", encode, iss=ID.upper())
published("iss-title-case", "J3 iss-letter-case", encode, iss=ID.title())
published("iss-newline-behind-and-secret-too", "J3 iss-has-whitespace",
          lambda c: encode(c, ID + "\n||" + KEY), iss=ID + "\n", also=OPEN)
published("iss-unknown-and-secret-unknown", "J3 iss-unknown", lambda c: encode(c, "nobody||knows"),
          iss="11111111-2222-4333-8444-555555555555", also=OPEN)
published("iss-unknown-and-iat-string", "J3 iss-unknown", lambda c: encode({**c, "iat": str(c["iat"])}),
          iss="Example team", also=["J4 iat-string"])

# --- exp and nbf [J8] ---
good("exp-five-minutes", lambda c: encode({**c, "exp": c["iat"] + 300}))
good("exp-one-minute", lambda c: encode({**c, "exp": c["iat"] + 60}))
good("exp-one-second-left", lambda c: encode({**c, "exp": c["iat"] + 60}), age=59)
published("exp-this-second", "J8 exp-passed", lambda c: encode({**c, "exp": c["iat"] + 60}), age=60)
published("exp-passed-one-second", "J8 exp-passed", lambda c: encode({**c, "exp": c["iat"] + 60}), age=61)
good("exp-half-a-second-left", lambda c: encode({**c, "exp": c["iat"] + 59.5}), age=59)
published("exp-half-a-second-ago", "J8 exp-passed", lambda c: encode({**c, "exp": c["iat"] + 59.5}), age=60)
published("exp-string", "J8 exp-not-number", lambda c:
          by_hand({**c, "exp": str(c["iat"] + 300)}), **HAND)
published("exp-null", "J8 exp-not-number", lambda c: by_hand({**c, "exp": None}), **HAND)
LONG = ("J8 lifetime-over-five-minutes",)
good("exp-one-second-over-five-minutes", lambda c: encode({**c, "exp": c["iat"] + 301}), also=LONG)
good("exp-an-hour", lambda c: encode({**c, "exp": c["iat"] + 3600}), also=LONG)
good("exp-in-milliseconds", lambda c: encode({**c, "exp": (c["iat"] + 300) * 1000}), also=LONG)
published("exp-an-hour-token-ten-minutes-old", "J6 expired",
          lambda c: encode({**c, "exp": c["iat"] + 3600}), age=700, also=LONG)
published("exp-five-minutes-token-expired", "J6 expired",
          lambda c: encode({**c, "exp": c["iat"] + 300}), age=400, also=["J8 exp-passed"])
published("exp-missing-iat-missing", "J3 iss-missing", lambda c: encode({"sub": ID}), also=["J4 iat-missing"])
good("nbf-this-second", lambda c: encode({**c, "nbf": c["iat"]}), age=0)
good("nbf-60-seconds-ahead", lambda c: encode({**c, "nbf": c["iat"] + 60}), age=0)
published("nbf-61-seconds-ahead", "J8 nbf-ahead", lambda c: encode({**c, "nbf": c["iat"] + 61}), age=0)
published("nbf-an-hour-ahead", "J8 nbf-ahead", lambda c: encode({**c, "nbf": c["iat"] + 3600}))
published("nbf-string", "J8 nbf-not-number", lambda c: by_hand({**c, "nbf": str(c["iat"])}), **HAND)
published("nbf-ahead-and-exp-passed", "J8 exp-passed",
          lambda c: encode({**c, "nbf": c["iat"] + 100, "exp": c["iat"] + 5}), also=["J8 nbf-ahead"])

# --- alg and typ by PyJWT ---
published("alg-hs512-pyjwt", "J2 alg-unsupported", lambda c: jwt.encode(c, SECRET, "HS512"), also=OPEN)
published("alg-hs384-pyjwt", "J2 alg-unsupported", lambda c: jwt.encode(c, SECRET, "HS384"), also=OPEN)
published("alg-none-pyjwt", "J2 alg-none", lambda c: jwt.encode(c, None, "none"), also=OPEN)
published("alg-hs512-key-alone-pyjwt", "J2 alg-unsupported", lambda c: jwt.encode(c, KEY, "HS512"), also=OPEN)
good("typ-missing-pyjwt", lambda c: encode(c, headers={"typ": None}), also=["J9 typ-missing"])
good("typ-at-jwt-pyjwt", lambda c: encode(c, headers={"typ": "at+jwt"}), also=["J9 typ-unexpected"])
good("typ-jws-pyjwt", lambda c: encode(c, headers={"typ": "JWS"}), also=["J9 typ-unexpected"])
good("typ-number-python", lambda c: by_hand(c, header={"alg": "HS256", "typ": 1}), also=["J9 typ-unexpected"], **HAND)
published("typ-missing-and-expired", "J6 expired",
          lambda c: by_hand(c, header={"alg": "HS256"}), age=400, also=["J9 typ-missing"], **HAND)

# --- segments ---
published("payload-repr-python", "J2 payload-not-json",
          lambda c: by_hand(str(c)), also=OPEN, note="str(dict): single quotes", **HAND)
published("header-repr-python", "J2 header-not-json", lambda c: by_hand(c, header=str(HEADER)), also=OPEN, **HAND)
published("header-array-python", "J2 header-not-json", lambda c: by_hand(c, header=[HEADER]), also=OPEN, **HAND)
published("payload-number-python", "J2 payload-not-json", lambda c: by_hand(str(c["iat"])), also=OPEN, **HAND)
published("payload-latin1-python", "J2 payload-not-json",
          lambda c: by_hand(json.dumps({**c, "name": "Zoë"}, ensure_ascii=False),
                            segment=lambda data: b64url(data.decode().encode("latin-1"))), also=OPEN, **HAND)
padded = lambda data: base64.urlsafe_b64encode(data).decode()
standard = lambda data: base64.b64encode(data).decode()
published("segments-padded-python", "J2 segment-padded",
          lambda c: by_hand({**c, "n": 1}, header={"alg": "HS256", "typ": "JWT", "kid": "1"}, segment=padded),
          also=OPEN, **HAND)
published("segments-all-padded-python", "J2 segment-padded",
          lambda c: by_hand({**c, "n": 1}, header={**HEADER, "kid": "k1"}, segment=padded, signature=padded), also=OPEN, **HAND)
ODD = {"x": "~~~???>>>???~~~"}
published("segments-standard-alphabet-python", "J2 segment-standard-alphabet",
          lambda c: by_hand({**c, **ODD}, segment=lambda data: standard(data).rstrip("=")), also=OPEN, **HAND)
published("segments-standard-alphabet-padded-python", "J2 segment-padded",
          lambda c: by_hand({**c, **ODD, "n": 1}, segment=standard),
          also=OPEN, note="padded, and in the standard alphabet", **HAND)
published("segment-non-canonical-signature", "J2 segment-non-canonical",
          lambda c: (lambda t: t[:-1] + chr(ord(t[-1]) + 1))(encode(c)), also=OPEN,
          note="the last character says bits that no byte has; a lenient decoder would not notice")
published("segment-bad-characters", "J2 segment-not-base64url", lambda c: encode(c).replace(".", ".!", 1), also=OPEN)
published("segment-percent-encoded-padding", "J2 segment-not-base64url",
          lambda c: by_hand({**c, "n": 1}, segment=lambda d: urllib.parse.quote(padded(d))), also=OPEN, **HAND)
published("segment-impossible-length", "J2 segment-not-base64url",
          lambda c: (lambda p: ".".join([p[0], p[1][:-(len(p[1]) % 4 + 3)], p[2]]))(encode({**c, "n": 1}).split(".")),
          also=OPEN,
          note="4n+1 characters decode to nothing")
published("token-is-the-signing-secret", "J13 legacy-api-key", lambda c: SECRET, also=OPEN, **HAND)
published("token-not-a-jwt", "J13 legacy-api-key", lambda c: "FakeLegacyFakeLegacyFakeLegacy01", also=OPEN, **HAND)
header = lambda name, expect, make, **options: published(name, expect,
                                                         lambda c: {"authorization": make(c)}, also=OPEN, **options)
header("bearer-bytes-python", "J1 token-not-a-string", lambda c: "Bearer {}".format(encode(c).encode()))
header("bearer-none-python", "J1 token-not-a-string", lambda c: f"Bearer {os.environ.get('NO_SUCH_TOKEN')}")
header("bearer-tuple-python", "J1 token-not-a-string",
       lambda c: "Bearer {}".format((encode(c),)), note="a comma after the call")
header("bearer-repr-python", "J1 bearer-quoted", lambda c: f"Bearer {encode(c)!r}")
header("bearer-urlencoded-blank-python", "J1 scheme-missing",
       lambda c: urllib.parse.quote_plus("Bearer " + encode(c)).replace("+", "%20"),
       note="Bearer%20...: there is no space")

# --- the secret ---
mistake("id-alone-pyjwt-or", "J5 secret-id-alone", lambda c: encode(c, ID or KEY))
mistake("key-alone-pyjwt", "J5 secret-key-alone", lambda c: encode(c, KEY))
mistake("joined-with-nothing-pyjwt-adjacent", "J5 secret-joined-with-nothing", lambda c: encode(c, "".join((ID, KEY))))
mistake("joined-with-one-pipe-pyjwt", "J5 secret-joined-with-pipe", lambda c: encode(c, f"{ID}|{KEY}"))
mistake("joined-with-colon-pyjwt", "J5 secret-joined-with-colon", lambda c: encode(c, "%s:%s" % (ID, KEY)))
mistake("joined-with-two-colons-pyjwt", "J5 secret-joined-with-other", lambda c: encode(c, f"{ID}::{KEY}"))
mistake("joined-with-underscore-pyjwt", "J5 secret-joined-with-other", lambda c: encode(c, f"{ID}_{KEY}"))
mistake("joined-with-slash-pyjwt", "J5 secret-joined-with-other", lambda c: encode(c, f"{ID}/{KEY}"))
mistake("joined-with-ampersands-pyjwt", "J5 secret-joined-with-other", lambda c: encode(c, f"{ID}&&{KEY}"))
mistake("joined-with-pipe-space-pipe-pyjwt", "J5 secret-joined-with-other",
        lambda c: encode(c, f"{ID}| |{KEY}"))
mistake("joined-with-semicolon-pyjwt", "J5 secret-joined-with-other", lambda c: encode(c, f"{ID};{KEY}"))
mistake("swapped-pyjwt", "J5 secret-swapped", lambda c: encode(c, f"{KEY}||{ID}"))
mistake("pipes-escaped-pyjwt", "J5 secret-pipes-escaped", lambda c: encode(c, ID + r"\|\|" + KEY))
mistake("pipes-escaped-pyjwt-one", "J5 secret-pipes-escaped", lambda c: encode(c, ID + "\\||" + KEY), also=OPEN)
mistake("pipes-percent-encoded-pyjwt-quote", "J5 secret-pipes-percent-encoded",
        lambda c: encode(c, urllib.parse.quote(SECRET)))
mistake("pipes-percent-encoded-pyjwt-quote-plus", "J5 secret-pipes-percent-encoded",
        lambda c: encode(c, urllib.parse.quote_plus(SECRET)))
mistake("newline-pyjwt-readline", "J5 secret-whitespace", lambda c: encode(c, SECRET + "\n"))
mistake("newline-pyjwt-readlines", "J5 secret-whitespace",
        lambda c: encode(c, "||".join(f"{ID}\n{KEY}\n".splitlines(keepends=True))))
mistake("crlf-pyjwt-binary-file", "J5 secret-whitespace", lambda c: encode(c, f"{SECRET}\r\n".encode()))
mistake("carriage-return-pyjwt-both-halves", "J5 secret-whitespace", lambda c: encode(c, f"{ID}\r||{KEY}\r"))
mistake("blank-pyjwt-partition", "J5 secret-whitespace", lambda c: encode(c, f"secret = {SECRET}".partition("=")[2]))
mistake("blanks-pyjwt-both-sides", "J5 secret-whitespace", lambda c: encode(c, f" {SECRET} "))
mistake("newlines-two-pyjwt", "J5 secret-whitespace", lambda c: encode(c, SECRET + "\n\n"))
mistake("newline-before-pyjwt-triple-quotes", "J5 secret-whitespace", lambda c: encode(c, f"""
{SECRET}
"""))
mistake("quoted-pyjwt-repr", "J5 secret-quoted", lambda c: encode(c, repr(SECRET)))
mistake("quoted-pyjwt-json-dumps", "J5 secret-quoted", lambda c: encode(c, json.dumps(SECRET)))
mistake("quoted-pyjwt-repr-halves", "J5 secret-quoted", lambda c: encode(c, f"{ID!r}||{KEY!r}"))
mistake("bom-pyjwt-utf8", "J5 secret-bom", lambda c: encode(c, ("\ufeff" + SECRET).encode("utf-8").decode("utf-8")))
mistake("bom-pyjwt-utf8-sig-in-key-file", "J5 secret-bom",
        lambda c: encode(c, ID.encode() + b"||" + KEY.encode("utf-8-sig")))
mistake("letter-case-pyjwt-id-upper", "J5 secret-letter-case", lambda c: encode(c, f"{ID.upper()}||{KEY}"))
mistake("letter-case-pyjwt-all-upper", "J5 secret-letter-case", lambda c: encode(c, SECRET.upper()))
mistake("letter-case-pyjwt-key-lower", "J5 secret-letter-case", lambda c: encode(c, f"{ID}||{KEY.lower()}"))
mistake("letter-case-pyjwt-swapcase", "J5 signature-unknown", lambda c: encode(c, SECRET.swapcase()), also=OPEN)
mistake("base64-decoded-pyjwt", "J5 secret-base64-decoded",
        lambda c: encode(c, base64.b64decode(SECRET)), note="drops hyphens and pipes: 48 bytes")
mistake("base64-decoded-pyjwt-urlsafe", "J5 secret-base64-decoded",
        lambda c: encode(c, base64.urlsafe_b64decode(SECRET)), note="51 bytes")
mistake("base64-decoded-pyjwt-padded-to-be-sure", "J5 secret-base64-decoded",
        lambda c: encode(c, base64.b64decode(SECRET + "==")))
mistake("key-alone-base64-decoded-pyjwt", "J5 key-base64-decoded", lambda c: encode(c, base64.b64decode(KEY)))
mistake("key-base64-decoded-pyjwt", "J5 key-base64-decoded",
        lambda c: encode(c, ID.encode() + b"||" + base64.urlsafe_b64decode(KEY)))
mistake("base64-encoded-pyjwt", "J5 secret-base64-encoded", lambda c: encode(c, base64.b64encode(SECRET.encode())))
mistake("base64-encoded-pyjwt-encodebytes", "J5 secret-base64-encoded",
        lambda c: encode(c, base64.encodebytes(SECRET.encode())),
        also=OPEN, note="a newline after 76 characters and at the end")
mistake("base64-encoded-pyjwt-unpadded", "J5 secret-base64-encoded", lambda c: encode(c, b64url(SECRET.encode())))
mistake("truncated-to-64-pyjwt", "J5 secret-truncated", lambda c: encode(c, SECRET[:64]))
mistake("truncated-to-32-pyjwt", "J5 secret-truncated", lambda c: encode(c, SECRET.encode()[:32]))
mistake("truncated-key-to-16-pyjwt", "J5 secret-truncated", lambda c: encode(c, f"{ID}||{KEY[:16]}"))
mistake("truncated-to-48-pyjwt", "J5 secret-truncated", lambda c: encode(c, SECRET[:48]))
mistake("empty-pyjwt", "J5 secret-empty", lambda c: encode(c, os.environ.get("NO_SUCH_SECRET", "")))
mistake("key-none-pyjwt", "J5 secret-empty",
        lambda c: encode(c, f"{ID}||{os.environ.get('NO_SUCH_KEY')}"), also=OPEN, note="ID||None")
mistake("both-none-pyjwt", "J5 secret-empty", lambda c: encode(c, f"{None}||{None}"), also=OPEN)
mistake("placeholder-pyjwt-readme", "J5 secret-placeholder", lambda c: encode(c, "secret"))
mistake("placeholder-pyjwt-f-forgotten", "J5 secret-placeholder",
        lambda c: encode(c, "{SECRET_ID}||{SECRET_KEY}"), also=OPEN)
mistake("placeholder-pyjwt-lower-case", "J5 secret-placeholder",
        lambda c: encode(c, "your_api_secret_id||your_api_secret_key"), also=OPEN)
mistake("placeholder-pyjwt-format-forgotten", "J5 secret-placeholder", lambda c: encode(c, "{}||{}"))
mistake("placeholder-pyjwt-percent-forgotten", "J5 secret-placeholder", lambda c: encode(c, "%s||%s"))
mistake("joined-with-comma-and-blank-pyjwt", "J5 secret-joined-with-other", lambda c: encode(c, f"{ID}, {KEY}"))
mistake("joined-with-spaced-ampersands-pyjwt", "J5 secret-joined-with-other", lambda c: encode(c, f"{ID} && {KEY}"))
mistake("joined-with-parallel-sign-pyjwt", "J5 secret-joined-with-other", lambda c: encode(c, f"{ID}\u2225{KEY}"))
mistake("pipes-escaped-pyjwt-html-hex", "J5 secret-pipes-escaped", lambda c: encode(c, f"{ID}&#x7C;&#x7C;{KEY}"))
mistake("other-secret-and-newline-pyjwt", "J5 secret-whitespace",
        lambda c: encode(c, f"{SECOND_ID}||{SECOND_KEY}\n"), also=["J5 signature-by-other-secret"])
mistake("boolean-pyjwt-json-dumps", "J5 secret-boolean", lambda c: encode(c, json.dumps(bool(ID and not KEY))))
mistake("other-secret-pyjwt", "J5 signature-by-other-secret", lambda c: encode(c, f"{SECOND_ID}||{SECOND_KEY}"))
mistake("other-secrets-id-pyjwt", "J5 signature-by-other-secret", lambda c: encode(c, f"{SECOND_ID}||{KEY}"))
mistake("other-secrets-key-pyjwt", "J5 signature-by-other-secret",
        lambda c: encode(c, f"{SECOND_ID}||{KEY}"), iss=SECOND_ID)
mistake("unknown-pyjwt", "J5 signature-unknown", lambda c: encode(c, hashlib.sha256(b"some other key").hexdigest()))
mistake("hashed-pyjwt", "J5 secret-hashed", lambda c: encode(c, hashlib.sha256(SECRET.encode()).hexdigest()))
mistake("hex-encoded-pyjwt", "J5 secret-hex-encoded", lambda c: encode(c, SECRET.encode().hex()))
mistake("utf16-pyjwt", "J5 secret-other-encoding", lambda c: encode(c, SECRET.encode("utf-16-le")))
mistake("unknown-rotated-key-pyjwt", "J5 signature-unknown",
        lambda c: encode(c, ID + "||RotatedRotatedRotatedRotated0003"))
mistake("arguments-swapped-python", "J5 hmac-arguments-swapped",
        lambda c: (lambda i: i + "." + b64url(hmac.new(i.encode(), SECRET.encode(), "sha256").digest()))(
            b64url(json.dumps(HEADER).encode()) + "." + b64url(json.dumps(c).encode())),
        also=OPEN, note="the token as the key, the secret as the text", **HAND)

# --- the signature ---
mistake("signature-hex-python", "J5 signature-hex", lambda c: by_hand(c, signature=bytes.hex), **HAND)
mistake("signature-hex-python-encoded", "J5 signature-hex",
        lambda c: by_hand(c, signature=lambda d: b64url(d.hex().encode())), **HAND)
mistake("signature-padded-python", "J5 signature-standard-base64", lambda c: by_hand(c, signature=padded), **HAND)


def with_odd_signature(claims, secret, **options):
    """The next iat whose signature has '+' and '/' in it."""
    while True:
        token = by_hand(claims, secret, signature=standard)
        if "+" in token and "/" in token:
            return by_hand(claims, secret, **options)
        claims["iat"] += 1


mistake("signature-standard-base64-python", "J5 signature-standard-base64",
        lambda c: with_odd_signature(c, SECRET, signature=standard), age=50, **HAND)
mistake("signature-standard-base64-python-padding-stripped", "J5 signature-standard-base64",
        lambda c: with_odd_signature(c, SECRET, signature=lambda d: standard(d).rstrip("=")), age=50, **HAND)
mistake("signature-sha512-python", "J5 signature-other-hash", lambda c: by_hand(c, hash=hashlib.sha512), **HAND)
mistake("signature-sha384-python", "J5 signature-other-hash", lambda c: by_hand(c, hash=hashlib.sha384), **HAND)
mistake("signature-truncated-to-32-characters-python", "J5 signature-truncated",
        lambda c: by_hand(c, signature=lambda d: b64url(d)[:32]), **HAND)
mistake("signature-truncated-to-20-characters-python", "J5 signature-truncated",
        lambda c: by_hand(c, signature=lambda d: b64url(d)[:20]), **HAND)
mistake("signature-double-encoded-python", "J5 signature-double-encoded",
        lambda c: by_hand(c, signature=lambda d: b64url(base64.b64encode(d))), **HAND)
mistake("signing-input-padded-python", "J5 signing-input-other",
        lambda c: by_hand({**c, "n": 1}, segment=padded).replace("=", ""), note="padding signed, then not sent", **HAND)
mistake("signature-missing-python", "J5 signature-missing", lambda c: by_hand(c, signature=lambda d: ""), **HAND)
mistake("signature-of-another-token-python", "J5 signature-unknown",
        lambda c: encode(c).rpartition(".")[0] + "." + encode({**c, "iat": c["iat"] - 1}).rpartition(".")[2])
mistake("signature-reversed-python", "J5 signature-unknown",
        lambda c: by_hand(c, signature=lambda d: b64url(d[::-1])), also=OPEN, **HAND)

# --- two mistakes at once ---
mistake("swapped-and-colon-pyjwt", "J5 secret-swapped", lambda c: encode(c, f"{KEY}:{ID}"))
mistake("one-pipe-and-newline-pyjwt", "J5 secret-joined-with-pipe",
        lambda c: encode(c, f"{ID}|{KEY}\n"), also=["J5 secret-whitespace"])
mistake("nothing-and-newline-pyjwt", "J5 secret-joined-with-nothing",
        lambda c: encode(c, f"{ID}{KEY}\n"), also=["J5 secret-whitespace"])
mistake("key-alone-and-newline-pyjwt", "J5 secret-key-alone",
        lambda c: encode(c, KEY + "\n"), also=["J5 secret-whitespace"])
mistake("key-alone-and-sha512-python", "J5 secret-key-alone",
        lambda c: by_hand(c, KEY, hash=hashlib.sha512), also=["J5 signature-other-hash"], **HAND)
mistake("colon-and-sha384-python", "J5 secret-joined-with-colon",
        lambda c: by_hand(c, f"{ID}:{KEY}", hash=hashlib.sha384), also=["J5 signature-other-hash"], **HAND)
mistake("nothing-and-hex-python", "J5 secret-joined-with-nothing",
        lambda c: by_hand(c, ID + KEY, signature=bytes.hex), also=["J5 signature-hex"], **HAND)
mistake("base64-decoded-and-hex-python", "J5 secret-base64-decoded",
        lambda c: by_hand(c, base64.b64decode(SECRET), signature=lambda d: b64url(d.hex().encode())),
        also=["J5 signature-hex"], **HAND)
mistake("swapped-and-padded-python", "J5 secret-swapped",
        lambda c: by_hand(c, f"{KEY}||{ID}", signature=padded), also=["J5 signature-standard-base64"], **HAND)
mistake("sha512-and-hex-python", "J5 signature-other-hash",
        lambda c: by_hand(c, hash=hashlib.sha512, signature=bytes.hex), also=["J5 signature-hex"], **HAND)
mistake("expired-and-unknown-python", "J5 signature-unknown",
        lambda c: encode(c, "nobody||knows"), age=1000, also=["J6 expired"])
mistake("expired-and-colon-pyjwt", "J5 secret-joined-with-colon",
        lambda c: encode(c, f"{ID}:{KEY}"), age=301, also=["J6 expired"])
mistake("documentation-iat-and-key-alone-pyjwt", "J5 secret-key-alone",
        lambda c: encode({**c, "iat": 1713225600}, KEY), also=OPEN)
mistake("iat-string-and-one-pipe-pyjwt", "J4 iat-string",
        lambda c: encode({**c, "iat": str(c["iat"])}, f"{ID}|{KEY}"), also=["J5 secret-joined-with-pipe"])
mistake("fraction-and-key-alone-pyjwt", "J5 secret-key-alone",
        lambda c: encode({**c, "iat": c["iat"] + 0.25}, KEY), also=["J4 iat-fractional"])
mistake("typ-missing-and-nothing-python", "J5 secret-joined-with-nothing",
        lambda c: by_hand(c, ID + KEY, header={"alg": "HS256"}), also=["J9 typ-missing"], **HAND)
mistake("lifetime-and-key-alone-pyjwt", "J5 secret-key-alone",
        lambda c: encode({**c, "exp": c["iat"] + 3600}, KEY), also=LONG)
mistake("future-and-hex-python", "J5 signature-hex",
        lambda c: by_hand(c, signature=bytes.hex), age=-100, also=["J7 iat-in-future"], **HAND)

# --- credentials of other shapes ---
SHAPES = {name: (os.environ[name + "_ID"], os.environ[name + "_KEY"])
          for name in ("PLUS", "SPACE", "ACCENT", "HEX", "LONG", "SHORT")}


def shape(which, name, expect, secret_of, **options):
    iss, key = SHAPES[which]
    vector("shapes", which.lower() + "-" + name, expect, lambda c: encode(c, secret_of(iss, key)), iss=iss, **options)


for which in SHAPES:
    shape(which, "good-pyjwt", "good", lambda i, k: f"{i}||{k}")
    shape(which, "key-alone-pyjwt", "J5 secret-key-alone", lambda i, k: k)
    shape(which, "one-pipe-pyjwt", "J5 secret-joined-with-pipe", lambda i, k: f"{i}|{k}")
shape("PLUS", "percent-encoded-pyjwt-quote", "J5 secret-pipes-percent-encoded",
      lambda i, k: urllib.parse.quote(f"{i}||{k}"), note="quote() leaves the slash")
shape("PLUS", "percent-encoded-pyjwt-quote-plus", "J5 secret-pipes-percent-encoded",
      lambda i, k: urllib.parse.quote_plus(f"{i}||{k}"))
shape("PLUS", "key-base64-decoded-pyjwt", "J5 key-base64-decoded", lambda i, k: f"{i}||".encode() + base64.b64decode(k))
shape("SPACE", "percent-encoded-pyjwt-quote-plus", "J5 secret-pipes-percent-encoded",
      lambda i, k: urllib.parse.quote_plus(f"{i}||{k}"),
      also=OPEN, note="a plus sign for each space")
shape("SPACE", "quoted-pyjwt", "J5 secret-quoted", lambda i, k: json.dumps(f"{i}||{k}"))
shape("ACCENT", "quoted-pyjwt", "J5 secret-quoted", lambda i, k: json.dumps(f"{i}||{k}", ensure_ascii=False))
shape("ACCENT", "newline-pyjwt", "J5 secret-whitespace", lambda i, k: f"{i}||{k}\n")
shape("HEX", "key-alone-decoded-pyjwt", "J5 key-hex-decoded", lambda i, k: bytes.fromhex(k))
shape("HEX", "key-decoded-pyjwt", "J5 key-hex-decoded", lambda i, k: f"{i}||".encode() + bytes.fromhex(k))
shape("LONG", "swapped-pyjwt", "J5 secret-swapped", lambda i, k: f"{k}||{i}")
shape("LONG", "truncated-to-64-bytes-pyjwt", "J5 secret-truncated", lambda i, k: f"{i}||{k}"[:64])
shape("LONG", "secret-hashed-by-hand-pyjwt", "good", lambda i, k: hashlib.sha256(f"{i}||{k}".encode()).digest())
shape("SHORT", "zeros-behind-pyjwt", "good", lambda i, k: f"{i}||{k}".encode().ljust(64, b"\0"),
      note="HMAC fills a short key with zeros itself")
