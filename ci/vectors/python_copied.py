"""More tokens as Python code makes them: what copying, files and other programs do to ID, key, token and claims, and
near misses, which must not be named. Run by ci/vectors/make."""

import base64
import codecs
import datetime
import hashlib
import hmac
import json
import os

from python_maker import (HAND, HEADER, ID, KEY, SECOND_ID, SECRET, b64url, by_hand, encode, good, mistake, published,
                          vector)


def secret(name, code, text, says=None, **options):
    """Signed with @text in place of ID||KEY."""
    mistake(name + "-pyjwt", "J5 " + code, lambda c: encode(c, text), says=says, **options)


# --- other encodings of text ---
UTF16 = "UTF-16"
for name, text, says in (
        ("utf16-mark", SECRET.encode("utf-16"), "UTF-16 with a byte-order mark"),
        ("utf16-big", SECRET.encode("utf-16-be"), "big-endian"),
        ("utf16-big-mark", codecs.BOM_UTF16_BE + SECRET.encode("utf-16-be"), "(big-endian) with a byte-order mark"),
        ("utf16-mark-read-as-text", SECRET.encode("utf-16").decode("utf-8", "replace"), "read as UTF-8"),
        ("utf16-key", ID.encode() + b"||" + KEY.encode("utf-16-le"), "the key in UTF-16"),
        ("utf16-key-mark", ID.encode() + b"||" + KEY.encode("utf-16"), "the key in UTF-16 with a byte-order mark"),
        ("utf16-base64", base64.b64encode(SECRET.encode("utf-16-le")), "base64 of ID||KEY in UTF-16"),
        ("utf32", SECRET.encode("utf-32"), "UTF-32"),
        ("utf7", ID + "+AHwAfA-" + KEY, "UTF-7")):
    secret(name, "secret-other-encoding", text, says)
secret("utf16-mark-crlf", "secret-whitespace", (SECRET + "\r\n").encode("utf-16"), UTF16,
       also=["J5 secret-other-encoding"])
secret("utf16-key-alone", "secret-key-alone", KEY.encode("utf-16"), UTF16, also=["J5 secret-other-encoding"])
secret("utf16-nuls-dropped", "secret-bom", b"\xff\xfe" + SECRET.encode(), "byte-order mark of UTF-16")


def over(claims, input_codec, key, mark=b""):
    """The signing input in another encoding, then sent as always."""
    text = ".".join(b64url(json.dumps(part).encode()) for part in (HEADER, claims))
    return text + "." + b64url(hmac.digest(key, mark + text.encode(input_codec), "sha256"))


for name, codec, mark in (("utf16", "utf-16-le", b""), ("utf16-mark", "utf-16", b""), ("utf16-big", "utf-16-be", b""),
                          ("utf16-big-mark", "utf-16-be", codecs.BOM_UTF16_BE)):
    mistake("signing-input-%s-python" % name, "J5 signing-input-other",
            lambda c, d=codec, m=mark: over(c, d, SECRET.encode(), m), says=UTF16, **HAND)
    mistake("signing-input-and-secret-%s-python" % name, "J5 secret-other-encoding",
            lambda c, d=codec, m=mark: over(c, d, m + SECRET.encode(d), m), says="the signing input was in UTF-16, too",
            **HAND)
mistake("signing-input-bom-python", "J5 signing-input-other",
        lambda c: over(c, "utf-8", SECRET.encode(), codecs.BOM_UTF8), says="byte-order mark", **HAND)
mistake("signing-input-utf16-key-alone-python", "J5 secret-key-alone",
        lambda c: over(c, "utf-16-le", KEY.encode()), also=["J5 signing-input-other"], **HAND)

# --- characters that nobody sees, and others that look alike ---
for name, character in (("zero-width-space", "\u200b"), ("soft-hyphen", "\u00ad"), ("no-break-space", "\u00a0")):
    secret("inside-key-" + name, "secret-invisible-character", ID + "||" + KEY[:9] + character + KEY[9:],
           "before character 10 of the key")
secret("inside-id-zero-width-space", "secret-invisible-character", ID[:14] + "\u200b" + ID[14:] + "||" + KEY,
       "before character 15 of the ID")
secret("after-id-zero-width-space", "secret-invisible-character", ID + "\u200b||" + KEY, "after the ID")
secret("inside-key-space", "secret-whitespace", ID + "||" + KEY[:20] + " " + KEY[20:], "before character 21 of the key")
secret("inside-key-line-break", "secret-whitespace", ID + "||" + KEY[:16] + "\n" + KEY[16:])
secret("key-zero-for-o", "secret-look-alike", ID + "||" + KEY.replace("O", "0"), "character 18 of the key")
secret("key-one-for-l", "secret-look-alike", ID + "||" + KEY[:6] + "1" + KEY[7:], "character 7 of the key")
secret("key-cyrillic-a", "secret-look-alike", ID + "||" + KEY.replace("a", "\u0430"), "of the key")
secret("id-o-for-zero", "secret-look-alike", ID.replace("0", "O", 1) + "||" + KEY, "character 5 of the ID")
secret("id-en-dashes", "secret-look-alike", ID.replace("-", "\u2013") + "||" + KEY, "en dashes")
secret("id-non-breaking-hyphens", "secret-look-alike", ID.replace("-", "\u2011") + "||" + KEY, "non-breaking hyphens")
for pipes in ("II", "ll", "11", "Il", "|l", "I", "\u2502\u2502", "\u01c1"):
    secret("pipes-like-" + pipes.encode("unicode_escape").hex(), "secret-joined-with-other", ID + pipes + KEY,
           "only look")

# --- one character lost or doubled ---
for place in (1, 2, 17, 31):
    secret("key-lost-%d" % place, "secret-character-lost", ID + "||" + KEY[:place - 1] + KEY[place:],
           "character %d of the key" % place)
    secret("key-doubled-%d" % place, "secret-character-doubled", ID + "||" + KEY[:place] + KEY[place - 1:],
           "character %d of the key" % place)
for place in (1, 5, 9, 36):
    secret("id-lost-%d" % place, "secret-character-lost", ID[:place - 1] + ID[place:] + "||" + KEY,
           "character %d of the ID" % place)
secret("id-doubled-20", "secret-character-doubled", ID[:20] + ID[19:] + "||" + KEY, "character 20 of the ID")

# --- the whole record ---
for name, text in (
        ("compact", json.dumps({"id": ID, "key": KEY}, separators=(",", ":"))),
        ("spaced", json.dumps({"id": ID, "key": KEY})),
        ("indented", json.dumps({"secret_id": ID, "secret_key": KEY}, indent=2)),
        ("indented-four", json.dumps({"id": ID, "key": KEY}, indent=4)),
        ("key-first", json.dumps({"secretKey": KEY, "secretId": ID})),
        ("of-a-file", json.dumps({"id": ID, "key": KEY}, indent=2) + "\n"),
        ("printed", str({"id": ID, "key": KEY})),
        ("list", json.dumps([ID, KEY])), ("tuple", str((ID, KEY))),
        ("env-file", "HEYMARKET_API_SECRET_ID=%s\nHEYMARKET_API_SECRET_KEY=%s\n" % (ID, KEY)),
        ("env-names", json.dumps({"HEYMARKET_API_SECRET_ID": ID, "HEYMARKET_API_SECRET_KEY": KEY}))):
    secret("record-" + name, "secret-record", text)

# --- digests ---
for name, digest in (("sha256", hashlib.sha256), ("sha512", hashlib.sha512), ("sha1", hashlib.sha1),
                     ("md5", hashlib.md5)):
    secret("key-%s-hex" % name, "secret-hashed", ID + "||" + digest(KEY.encode()).hexdigest(), "the key replaced by")
    secret("key-%s-base64" % name, "secret-hashed",
           ID + "||" + base64.b64encode(digest(KEY.encode()).digest()).decode(), "the key replaced by")
    secret("whole-%s-base64" % name, "secret-hashed", base64.b64encode(digest(SECRET.encode()).digest()))
    secret("whole-%s-upper" % name if name == "sha256" else "whole-%s-hex" % name, "secret-hashed",
           digest(SECRET.encode()).hexdigest().upper() if name == "sha256" else digest(SECRET.encode()).hexdigest())
secret("key-sha256-bytes", "secret-hashed", ID.encode() + b"||" + hashlib.sha256(KEY.encode()).digest())
secret("id-sha256-hex", "secret-hashed", hashlib.sha256(ID.encode()).hexdigest() + "||" + KEY, "the ID replaced by")
secret("both-sha256-hex", "secret-hashed",
       hashlib.sha256(ID.encode()).hexdigest() + "||" + hashlib.sha256(KEY.encode()).hexdigest(), "each half")
for name in ("sha384", "sha224", "sha3_256"):
    secret("whole-%s-hex" % name.replace("_", "-"), "secret-hashed", hashlib.new(name, SECRET.encode()).hexdigest())
secret("whole-md5-bytes", "secret-hashed", hashlib.md5(SECRET.encode()).digest())

# --- near misses of the secret: nothing is named ---
for name, text in (
        ("two-lost", ID + "||" + KEY[:4] + KEY[5:20] + KEY[21:]),
        ("two-doubled", ID + "||" + KEY[:4] + KEY[3:20] + KEY[19:]),
        ("one-changed", ID + "||" + KEY[:9] + "x" + KEY[10:]),
        ("neighbours-swapped", ID + "||" + KEY[:9] + KEY[10] + KEY[9] + KEY[11:]),
        ("utf16-of-another", (ID + "||" + KEY[::-1]).encode("utf-16")),
        ("record-of-another", json.dumps({"id": ID, "key": KEY[::-1]})),
        ("record-nested", json.dumps({"secret": {"id": ID, "key": KEY}})),
        ("digest-of-another", ID + "||" + hashlib.sha256(KEY[::-1].encode()).hexdigest()),
        ("one-lost-and-one-pipe", ID + "|" + KEY[:9] + KEY[10:])):
    secret("near-miss-" + name, "signature-unknown", text)


# --- iat in another unit, or from another clock ---
def clock(name, code, iat_of, says=None, age=7, **options):
    """iat_of(the right iat)"""
    published("iat-" + name, code, lambda c: encode({**c, "iat": iat_of(c["iat"])}), says=says, age=age, **options)


def days(first):
    """A date as the number of days since another."""
    return lambda t: round((datetime.datetime.fromtimestamp(t, datetime.timezone.utc)
                            - datetime.datetime.fromisoformat(first + "+00:00")) / datetime.timedelta(days=1), 6)


OTHER = "J4 iat-other-unit"
clock("minutes", OTHER, lambda t: t // 60, "minutes since 1970")
clock("hours", OTHER, lambda t: t // 3600, "hours since 1970")
clock("days", OTHER, lambda t: t // 86400, "days since 1970")
clock("spreadsheet", OTHER, days("1899-12-30T00:00:00"), "spreadsheets")
clock("spreadsheet-whole-day", OTHER, lambda t: int(days("1899-12-30T00:00:00")(t)), "spreadsheets")
clock("spreadsheet-1904", OTHER, days("1904-01-01T00:00:00"), "1904")
clock("seconds-since-2001", OTHER, lambda t: t - 978307200, "Apple")
clock("fraction-since-2001", OTHER, lambda t: t - 978307200 + 0.25, "Apple")
clock("seconds-since-2000", OTHER, lambda t: t - 946684800, "2000")
clock("seconds-since-1900", OTHER, lambda t: t + 2208988800, "NTP")
clock("gps", OTHER, lambda t: t - 315964800 + 18, "GPS")
clock("file-time", OTHER, lambda t: (t + 11644473600) * 10**7, "file time")
clock("ticks", OTHER, lambda t: (t + 62135596800) * 10**7, "ticks")
clock("ticks-since-1970", OTHER, lambda t: t * 10**7, "100 ns since 1970")
clock("date-digits", OTHER,
      lambda t: int(datetime.datetime.fromtimestamp(t, datetime.timezone.utc).strftime("%Y%m%d%H%M%S")), "digits")
clock("minutes-with-exp", OTHER, lambda t: t // 60, "minutes since 1970")
published("iat-minutes-and-exp", OTHER, lambda c: encode({**c, "iat": c["iat"] // 60, "exp": c["iat"] // 60 + 5}))
published("iat-milliseconds-and-nbf", "J4 iat-milliseconds",
          lambda c: encode({**c, "iat": c["iat"] * 1000, "nbf": c["iat"] * 1000}))
published("iat-since-2001-and-exp-in-seconds-passed", OTHER,
          lambda c: encode({**c, "iat": c["iat"] - 978307200, "exp": c["iat"] + 2}), also=["J8 exp-passed"])
published("iat-minutes-and-key-alone", OTHER,
          lambda c: encode({**c, "iat": c["iat"] // 60}, KEY), also=["J5 secret-key-alone"])
clock("uptime", "J4 iat-uptime", lambda t: 93784, "26 h 3 min")
clock("uptime-fraction", "J4 iat-uptime", lambda t: 5123.75, also=())
clock("uptime-seconds", "J4 iat-uptime", lambda t: 3)
published("iat-zero-and-exp", "J4 iat-zero", lambda c: encode({**c, "iat": 0, "exp": 300}))
# Near misses: these may be Unix seconds, or the unit cannot be told.
clock("near-miss-three-days-since-2001", "J6 expired", lambda t: t - 978307200, age=3 * 86400)
clock("near-miss-spreadsheet-of-last-month", "J6 expired", lambda t: int(days("1899-12-30T00:00:00")(t)) - 30)
clock("near-miss-minutes-of-last-month", "J6 expired", lambda t: t // 60 - 43200)
clock("near-miss-a-year-old", "J6 expired", lambda t: t - 365 * 86400)
clock("near-miss-thirty-years-old", "J6 expired", lambda t: t - 30 * 365 * 86400)
clock("near-miss-seventy-years-ahead", "J7 iat-in-future", lambda t: t + 70 * 365 * 86400)
clock("near-miss-nanoseconds-of-uptime", "J7 iat-in-future", lambda t: 3600 * 10**9)


# --- brackets copied from documentation ---
def header(name, expect, text, **options):
    published("bearer-" + name, expect, lambda c: {"authorization": text % encode(c)}, **options)


for name, text in (("angle", "Bearer <%s>"), ("braces", "Bearer {%s}"), ("square", "Bearer [%s]"),
                   ("round", "Bearer (%s)"), ("double-braces", "Bearer {{%s}}"), ("dollar", "Bearer ${%s}"),
                   ("angle-around-all", "<Bearer %s>"), ("angle-left-over", "Bearer %s>"),
                   ("angle-opened", "Bearer <%s")):
    header("brackets-" + name, "J1 bearer-bracketed", text)
header("brackets-and-key-alone", "J1 bearer-bracketed", "Bearer <%s>")
header("colon-and-space", "J1 scheme-unknown", "Bearer: %s", says="followed by ':'")
header("colon-and-brackets", "J1 scheme-unknown", "Bearer: <%s>", also=["J1 bearer-bracketed"])
published("token-in-brackets", "J1 bearer-bracketed", lambda c: "<%s>" % encode(c))
header("object-with-token", "J1 token-not-a-string", 'Bearer {"token":"%s"}')
header("list-of-token", "J1 token-not-a-string", 'Bearer ["%s"]')


# --- iss that is another thing ---
def issuer(name, code, iss, says=None, **options):
    published("iss-" + name, "J3 " + code, lambda c: encode({**c, "iss": iss}), says=says, **options)


issuer("team-number", "iss-not-string", 4821, "a JSON number, like the ID of a team")
issuer("team-number-as-text", "iss-unknown", "4821", "a number of 4 digits")
issuer("e-mail", "iss-unknown", "ada@example.com", "an e-mail address")
issuer("null", "iss-not-string", None, "null")
for name, iss, says in (
        ("braces", "{%s}" % ID, "in braces"), ("angle-brackets", "<%s>" % ID, "in angle brackets"),
        ("urn", "urn:uuid:" + ID, "urn:uuid:"), ("url-with-id", "https://api.heymarket.com/secrets/" + ID, "in a URL"),
        ("prefix", "heymarket-" + ID, "10 more characters before it"), ("pipes-after", ID + "||", "2 more characters after it"),
        ("upper-braces", "{%s}" % ID.upper(), "in braces")):
    issuer(name, "iss-wrapped", iss, says)
issuer("id-and-key-colon", "iss-is-signing-secret", ID + ":" + KEY, "contains both")
issuer("key-with-prefix", "iss-is-key", "key=" + KEY, "contains the API Secret's key")
issuer("lost", "iss-miscopied", ID[1:], "without its character 1")
issuer("lost-inside", "iss-miscopied", ID[:11] + ID[12:], "without its character 12")
issuer("doubled", "iss-miscopied", ID[:11] + ID[10:], "character 11 doubled")
issuer("o-for-zero", "iss-miscopied", ID.replace("0", "O", 1), "character 5")
issuer("zero-width-space-inside", "iss-miscopied", ID[:9] + "\u200b" + ID[9:], "before its character 10")
issuer("en-dashes", "iss-miscopied", ID.replace("-", "\u2013"), "looks like it")
issuer("first-part", "iss-miscopied", ID[:8], "its first 8 characters")
published("iss-braces-and-secret-too", "J3 iss-wrapped", lambda c: encode(c, "{%s}||%s" % (ID, KEY)), iss="{%s}" % ID,
          note="one variable, so one finding")
published("iss-lost-and-secret-too", "J3 iss-miscopied", lambda c: encode(c, "%s||%s" % (ID[1:], KEY)), iss=ID[1:])
published("iss-braces-and-key-alone", "J3 iss-wrapped", lambda c: encode(c, KEY), iss="{%s}" % ID,
          also=["J5 secret-key-alone"])
# Near misses.
issuer("near-miss-one-digit-changed", "iss-unknown", ID[:-1] + "b")
issuer("near-miss-six-for-b", "iss-unknown", ID.replace("b", "6", 1))
issuer("near-miss-seven-characters", "iss-unknown", ID[:7])
issuer("near-miss-two-lost", "iss-unknown", ID[:3] + ID[4:20] + ID[21:])


def misplaced(name, expect, make, says, **options):
    published("iss-misplaced-" + name, expect, make, says=says, **options)


misplaced("sub", "J3 iss-missing", lambda c: encode({"sub": ID, "iat": c["iat"]}), "in the claim sub")
misplaced("client-id", "J3 iss-missing", lambda c: encode({"client_id": ID, "iat": c["iat"]}), "in the claim client_id")
misplaced("issuer", "J3 iss-missing", lambda c: encode({"issuer": ID, "iat": c["iat"]}), "in the claim issuer")
misplaced("kid", "J3 iss-missing", lambda c: encode({"iat": c["iat"]}, headers={"kid": ID}), "header's member kid")
misplaced("sub-and-another-iss", "J3 iss-unknown", lambda c: encode({**c, "iss": "my-app", "sub": ID}),
          "in the claim sub")
misplaced("any-name", "J3 iss-missing", lambda c: encode({"fakeName": ID, "iat": c["iat"]}), "in another claim")
misplaced("sub-and-key-alone", "J3 iss-missing", lambda c: encode({"sub": ID, "iat": c["iat"]}, KEY),
          "in the claim sub", also=["J5 secret-key-alone"])
published("iss-missing-sub-unknown", "J3 iss-missing", lambda c: encode({"sub": "job-7", "iat": c["iat"]}))
good("iss-and-other-id-in-sub", lambda c: encode({**c, "sub": SECOND_ID}))

# --- encoded twice ---
TWICE = "J2 segment-encoded-twice"
published("payload-stringified-twice", TWICE, lambda c: by_hand(json.dumps(json.dumps(c))), says="a JSON string", **HAND)
published("payload-stringified-thrice", TWICE, lambda c: by_hand(json.dumps(json.dumps(json.dumps(c)))), **HAND)
published("payload-base64-twice", TWICE, lambda c: by_hand(b64url(json.dumps(c).encode())), says="base64", **HAND)
published("payload-base64-of-string", TWICE,
          lambda c: by_hand(json.dumps(base64.b64encode(json.dumps(c).encode()).decode())), **HAND)
published("payload-twice-and-expired", TWICE, lambda c: by_hand(json.dumps(json.dumps(c))), age=400,
          also=["J6 expired"], **HAND)
published("header-base64-twice", TWICE, lambda c: by_hand(c, header=b64url(json.dumps(HEADER).encode())), **HAND)
published("payload-utf16", "J2 payload-not-json",
          lambda c: (lambda i: i + "." + b64url(hmac.digest(SECRET.encode(), i.encode(), "sha256")))(
              b64url(json.dumps(HEADER).encode()) + "." + b64url(json.dumps(c).encode("utf-16-le"))),
          says="UTF-16", **HAND)
published("payload-string-of-text", "J2 payload-not-json", lambda c: by_hand(json.dumps("iss=" + ID)), **HAND)
published("payload-base64-of-list", "J2 payload-not-json", lambda c: by_hand(b64url(b"[1,2]")), **HAND)


# --- the same with other kinds of credentials ---
def shape(which, name, expect, text_of, says=None, **options):
    iss, key = os.environ[which + "_ID"], os.environ[which + "_KEY"]
    vector("shapes", which.lower() + "-" + name + "-pyjwt", expect, lambda c: encode(c, text_of(iss, key)), iss=iss,
           says=says, **options)


for which in ("PLUS", "SPACE", "ACCENT", "SHORT"):
    shape(which, "utf16-mark", "J5 secret-other-encoding", lambda i, k: (i + "||" + k).encode("utf-16"))
    shape(which, "key-lost-4", "J5 secret-character-lost", lambda i, k: i + "||" + k[:3] + k[4:], "character 4 of the key")
    shape(which, "record", "J5 secret-record", lambda i, k: json.dumps({"id": i, "key": k}))
    shape(which, "key-sha256", "J5 secret-hashed", lambda i, k: i + "||" + hashlib.sha256(k.encode()).hexdigest())
shape("ACCENT", "key-doubled-4", "J5 secret-character-doubled", lambda i, k: i + "||" + k[:4] + k[3:],
      "character 4 of the key")
shape("ACCENT", "record-not-ascii", "J5 secret-record",
      lambda i, k: json.dumps({"id": i, "key": k}, ensure_ascii=False))
shape("SPACE", "no-break-spaces", "J5 secret-look-alike", lambda i, k: i + "||" + k.replace(" ", "\u00a0"),
      "in place of all spaces")
shape("HEX", "pipes-like-letters", "J5 secret-joined-with-other", lambda i, k: i + "ll" + k, "only look")
shape("LONG", "key-lost-4", "J5 secret-character-lost", lambda i, k: i + "||" + k[:3] + k[4:])
shape("LONG", "record", "J5 secret-record", lambda i, k: json.dumps({"id": i, "key": k}, indent=2))
