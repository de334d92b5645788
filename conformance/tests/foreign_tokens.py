"""The foreign server's token checks [J1-J13], independent of the rest of the tree."""
import base64
import calendar
import hashlib
import hmac
import json
import re
import time

from foreign_switches import Refusal

SECRET = ("5f0c1c1e-7d2b-4a57-9a55-2d3d8a4a7c01", "qX2v9LrT7bNw4Kc8ZsJd3GhYp6Mf1Ae5")
SECOND = ("5f0c1c1e-7d2b-4a57-9a55-2d3d8a4a7c02", "uR5t8WmB2nVx6Qk9CfHj4DzLy7Ps3Ge1")
OTHER = ("5f0c1c1e-7d2b-4a57-9a55-2d3d8a4a7c03", "aK4s7XpC9mTz2Wq6BgFh8JvNr5Yd1Le3")


def decoded(segment, is_lenient=False):
    if is_lenient:
        return base64.urlsafe_b64decode(segment.rstrip("=") + "=" * (-len(segment.rstrip("=")) % 4))
    if not re.fullmatch(r"[A-Za-z0-9_-]*", segment):
        raise ValueError("no base64url")
    value = base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    if base64.urlsafe_b64encode(value).rstrip(b"=").decode() != segment:
        raise ValueError("not canonical")
    return value


class TokenJudge:
    """Part of the request handler: from the Authorization header to a team, or 401."""

    remembers = False

    def team(self):
        if self.has("connection-remembers") and self.remembers:
            return 31
        values = self.headers.get_all("Authorization") or []
        if len(values) > 1 and not self.has("first-authorization"):
            raise Refusal(401)
        value = values[0] if values else None
        if value is None and self.has("no-authorization"):
            return 31
        if value is None and self.has("missing-403", "missing-400"):
            raise Refusal(403 if self.has("missing-403") else 400)
        if value == "" and self.has("empty-500"):
            raise Refusal(500)
        try:
            return self.verify(self.token_of(value or "").strip(" "))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise Refusal(500 if self.has("token-malformed-500") and value else 401) from None

    def token_of(self, value):
        if self.has("quotes-stripped"):
            value = value.replace('"', "")
        if self.has("python-bytes"):
            value = re.sub(r"b'(.*)'", r"\1", value)
        if self.has("comma-first"):
            value = value.partition(",")[0]
        if self.has("colon-scheme"):
            value = value.replace("Bearer:", "Bearer", 1)
        if self.has("no-blank") and re.match("Bearer[^ ]", value):
            value = "Bearer " + value[6:]
        scheme, _, token = value.partition(" ")
        if self.has("token-encoded-ok") and token and "." not in token:
            token = base64.b64decode(token + "=" * (-len(token) % 4)).decode()
        if self.has("scheme-start") and token and "bearer".startswith(scheme.lower()):
            return token
        if self.has("bearer-twice") and token.startswith("Bearer "):
            token = token[7:]
        if self.has("no-scheme") and not token:
            scheme, token = "bearer", scheme
        if scheme != "Bearer" and self.has("lower-bearer-refused"):
            raise Refusal(401)
        if scheme == "BEARER" and (self.has("capital-bearer-refused") or (
                self.has("kept-capital-bearer-refused") and not self.is_first_request)):
            raise Refusal(401)
        if self.has("scheme-prefix") and scheme.lower().startswith("bearer"):
            return token
        if scheme.lower() != "bearer" and not (self.has("any-scheme") and token) and not (
                self.has("basic-accepted") and value == "Basic " + self.pair()):
            raise Refusal(401)
        return token

    def pair(self):
        return base64.b64encode(":".join(SECRET).encode()).decode()

    def is_basic(self, token):
        """Faults that accept credentials without a token."""
        return (self.has("legacy-basic-accepted") or self.headers["Authorization"].startswith("Basic ")
                and self.has("basic-accepted")) and token == self.pair()

    def verify(self, token):
        server = self.server
        lenient = self.has("lenient-base64")
        if self.is_basic(token):
            return 31
        if self.has("raw-key-accepted") and token == SECRET[1]:
            return 31
        segments = token.split(".")
        if self.has("four-segments"):
            segments = segments[:3]
        if self.has("first-segment-skipped"):
            segments = segments[-3:]
        if len(segments) == 2 and self.has("two-segments"):
            segments.append("")
        if self.has("verdict-cached") and token in server.heads:
            return 31
        head, payload, signature = segments
        if self.has("header-not-read"):
            header = {"alg": "HS256", "typ": "JWT"}
        else:
            header = json.loads(decoded(head, lenient))
        if isinstance(header, list) and self.has("header-array-ok"):
            header = {"alg": header[0], "typ": "JWT"}
        claims = json.loads(decoded(payload, lenient))
        if self.has("header-order") and list(header)[0] != "alg":
            raise Refusal(401)
        team, secret = self.issuer(claims)
        self.secret = secret
        if secret is SECOND:
            server.seconds += 1
            if self.has("second-refused") or (self.has("second-fails-later") and server.seconds > 1):
                raise Refusal(401)
            if self.has("second-on-new-connection") and not self.is_first_request:
                raise Refusal(401)
            if self.has("second-refused-elsewhere") and "4aa01" not in self.path.lower() and "aa01" not in self.path.lower():
                raise Refusal(401)
        elif self.has("first-retired") and server.seconds and secret is SECRET:
            raise Refusal(401)
        self.check_alg(header, secret)
        self.check_times(claims, secret)
        if not self.is_exempt(header, secret, head, payload, signature, claims) and \
                not self.is_signed(header, secret, head + "." + payload, signature):
            raise Refusal(401)
        self.remember(token, head, signature, claims)
        self.spend(token)
        return team

    def is_exempt(self, header, secret, head, payload, signature, claims):
        """Faults that do not check the signature."""
        server, alg = self.server, str(header.get("alg"))
        return ((self.has("alg-none") and alg.lower() == "none")
                or (self.has("none-capitals") and alg in ("None", "NONE", "nOnE"))
                or (self.has("none-for-second") and alg.lower() == "none" and secret is SECOND)
                or (self.has("two-segments", "empty-signature") and not signature) or self.has("unsigned")
                or (self.has("second-unsigned") and secret is SECOND)
                or (self.has("cached-by-head") and head + "." + payload in server.heads)
                or (self.has("cached-by-payload") and payload + "." + signature in server.heads)
                or (self.has("cached-by-signature") and signature in server.heads)
                or (self.has("checked-once") and getattr(self, "checked", False))
                or (self.has("verified-iss") and (str(claims["iss"]), str(claims["iat"])) in server.heads)
                or (self.has("length-only") and len(signature) == 43))

    def remember(self, token, head, signature, claims):
        self.checked = True
        self.server.heads.update([token, token.partition(".")[2], token.rpartition(".")[0], signature, (str(claims.get("iss")), str(claims.get("iat")))])
        if isinstance(claims.get("iat"), (int, float)):
            self.server.heads.add((str(claims.get("iss")), claims["iat"]))

    def spend(self, token):
        server = self.server
        if self.has("single-use"):
            if token in server.used:
                raise Refusal(401)
            server.used.add(token)
        uses = server.uses.setdefault(token, [0, self.connection_name(), self.path.lower()])
        uses[0] += 1
        if (self.has("three-uses") and uses[0] > 3) or (self.has("ten-uses") and uses[0] > 10):
            raise Refusal(401)
        if self.has("one-connection") and uses[1] != self.connection_name():
            raise Refusal(401)
        if self.has("one-contact") and uses[2] != self.path.lower():
            raise Refusal(401)
        if self.has("spent-by-refusal") and token in server.spent:
            raise Refusal(401)
        self.token = token

    def connection_name(self):
        return self.client_address

    def issuer(self, claims):
        iss = claims.get("iss")
        known = {SECRET[0]: (31, SECRET), SECOND[0]: (31, SECOND), OTHER[0]: (32, OTHER)}
        if isinstance(iss, str):
            if self.has("capital-iss-accepted"):
                iss = iss.lower()
            if self.has("iss-trimmed"):
                iss = iss.strip()
            if self.has("iss-prefix"):
                iss = iss[:36]
            for name, least, most in [("iss-start", 1, 36), ("iss-eight", 8, 8), ("iss-cut-last", 35, 35)]:
                if self.has(name) and least <= len(iss) <= most and SECRET[0].startswith(iss):
                    iss = SECRET[0]
            if self.has("iss-encoded"):
                iss = {base64.b64encode(SECRET[0].encode()).decode(): SECRET[0], SECRET[0].encode().hex(): SECRET[0],
                       SECRET[0].replace("-", "%2D"): SECRET[0]}.get(iss, iss)
            if self.has("iss-in-braces"):
                iss = iss.strip("{}")
            if self.has("iss-pattern") and "%" in iss:
                iss = SECRET[0]
            if self.has("iss-key") and iss == SECRET[1]:
                iss = SECRET[0]
            if self.has("iss-empty") and not iss:
                iss = SECRET[0]
        if self.has("iss-array") and isinstance(iss, list):
            iss = iss[0]
        if self.has("iss-sub") and iss is None:
            iss = claims.get("sub")
        if self.has("iss-null") and iss is None and "iss" in claims:
            iss = SECRET[0]
        if self.has("iss-boolean") and iss is True:
            iss = SECRET[0]
        if self.has("iss-unknown") and isinstance(iss, str) or self.has("iss-missing") and iss is None:
            return known.get(iss, (31, SECRET))
        if self.has("iss-number") and isinstance(iss, int):
            return 31, SECRET
        if not isinstance(iss, str) or iss not in known:
            for name, status in [("iss-unknown-403", 403), ("iss-unknown-500", 500), ("iss-unknown-404", 404)]:
                if self.has(name):
                    raise Refusal(status)
            raise Refusal(401)
        return known[iss]

    def check_alg(self, header, secret):
        alg = header.get("alg")
        if "crit" in header and not self.has("crit-ignored"):
            raise Refusal(401)
        if "kid" in header and self.has("kid-refused"):
            raise Refusal(401)
        allowed = ["HS256"] + ["HS512"] * self.has("alg-hs512") + ["HS384"] * self.has("alg-hs384")
        allowed += ["hs256"] * self.has("alg-lower-case") + ["RS256"] * self.has("alg-rs256-ok")
        allowed += ["HS384", "HS512"] * self.has("alg-any-hs") + [256] * self.has("alg-number-ok")
        if self.has("alg-missing-ok") and alg is None or self.has("alg-ignored"):
            return
        if str(alg).lower() == "none" and (self.has("alg-none") or
                                           (self.has("none-capitals") and alg != "none") or
                                           (self.has("none-for-second") and secret is SECOND)):
            return
        if self.has("alg-prefix") and str(alg).startswith("HS256"):
            return
        if self.has("alg-array-ok") and alg == ["HS256"]:
            return
        if alg not in allowed or (self.has("typ-required") and header.get("typ") != "JWT"):
            raise Refusal(401)

    def iat_of(self, claims, now, secret):
        """iat as a number; some faults accept values of another type, otherwise 401."""
        iat = claims.get("iat")
        if iat is None:
            if self.has("iat-exp-instead") and "exp" in claims:
                return claims["exp"] - 300
            if self.has("iat-nbf-instead") and "nbf" in claims:
                return claims["nbf"]
            if self.has("iat-null") and "iat" in claims:
                return now
        if isinstance(iat, str):
            if self.has("iat-text") or (self.has("iat-text-for-second") and secret is SECOND):
                return int(iat)
            if self.has("iat-digits-in-text"):
                return float(iat)
            if self.has("iat-date-near") and re.fullmatch(r"[0-9-]{10}T[0-9:]{8}Z", iat):
                return calendar.timegm(time.strptime(iat, "%Y-%m-%dT%H:%M:%SZ"))
            if self.has("iat-date") and re.match("[0-9]{4}-|now$", iat):
                return now
        if isinstance(iat, bool) and (self.has("iat-bool") or (self.has("iat-false") and not iat)):
            return now
        if isinstance(iat, list) and self.has("iat-array"):
            return iat[0]
        if isinstance(iat, dict) and self.has("iat-object"):
            return now
        if isinstance(iat, bool) or not isinstance(iat, (int, float)):
            raise Refusal(401)
        if isinstance(iat, float) and self.has("fractional-iat-refused") and iat != int(iat):
            raise Refusal(401)
        return iat

    def far_future(self):
        """A rate limit that hits every other far-future iat; a server that fails over them."""
        self.server.far = getattr(self.server, "far", 0) + 1
        if self.has("busy-far-future") and self.server.far % 2:
            raise Refusal(429)
        if self.has("far-future-503"):
            raise Refusal(503)

    def check_times(self, claims, secret):
        now = int(self.server.now())
        life = (3600 if self.has("lives-an-hour") else 360 if self.has("lives-six-minutes")
                else 200 if self.has("dies-early") else 120 if self.has("dies-after-two-minutes") else 300)
        leeway = 0 if self.has("leeway-0") else 600 if self.has("leeway-600") else 1e18 if self.has("any-future") else 60
        if self.has("leeway-0") and self.has("clock-3-behind"):
            leeway = 5
        if claims.get("iat") is None and self.has("iat-missing"):
            return
        iat = self.iat_of(claims, now, secret)
        if iat > 1e11 and self.has("iat-ms"):
            iat = iat / 1000
        if iat > 1e14 and self.has("iat-us"):
            iat = iat / 1e6
        if iat > 1e18 and self.has("iat-huge-500"):
            raise Refusal(500)
        if now + 1e9 < iat < 1e11:
            self.far_future()
        life += self.has("valid-at-300") - self.has("refused-at-299") + 10 * self.has("ten-seconds-more")
        life += self.has("valid-at-300-for-second") and secret is SECOND
        is_dead = now >= iat + life and not self.has("immortal")
        for name, lives in [("second-immortal", secret is SECOND), ("exp-prolongs", claims.get("exp", 0) > now),
                            ("nbf-prolongs", "nbf" in claims), ("year-old-ok", iat < now - 86400 * 30),
                            ("negative-ok", iat < 0), ("zero-ok", iat == 0)]:
            if self.has(name) and lives:
                is_dead = False
        if is_dead and self.has("dead-when-cached") and getattr(self, "checked", False):
            is_dead = False
        if is_dead and self.has("written-though-dead"):
            self.server.add(self.server.contacts["0b6ad7a2-5a52-4d30-8f61-9c1ff4f0aa01"], *self.values(self.raw_body))
        if is_dead or iat > now + leeway:
            raise Refusal(401)
        if self.has("exp-ignored"):
            return
        for name, bad in [("exp", lambda t: now >= t), ("nbf", lambda t: t > now + leeway)]:
            if name in claims and (not isinstance(claims[name], (int, float)) or bad(claims[name])):
                raise Refusal(401)

    def keys_of(self, secret):
        ident, key = secret
        keys = [ident + "||" + key]
        second = secret is SECOND
        for name, more in [
                ("one-pipe", ident + "|" + key), ("no-pipe", ident + key), ("colon", ident + ":" + key),
                ("key-alone", key), ("id-alone", ident), ("swapped", key + "||" + ident), ("empty-key", ""),
                ("cut-64", (ident + "||" + key)[:64]), ("line-break-key", ident + "||" + key + "\n"),
                ("quoted-key", '"' + ident + "||" + key + '"'), ("escaped-pipes", ident + "\\|\\|" + key),
                ("percent-pipes", ident + "%7C%7C" + key), ("capital-id", ident.upper() + "||" + key),
                ("bom-key", "\ufeff" + ident + "||" + key), ("blank-key", ident + "||" + key + " ")]:
            if self.has(name):
                keys.append(more)
        if self.has("any-join"):
            keys += [ident + join + key for join in (".", "-", "_", "/", ",", " ")]
        if second and self.has("second-one-pipe", "second-key-alone"):
            keys.append(ident + "|" + key if self.has("second-one-pipe") else key)
        if self.has("any-secret-of-team") and secret is not OTHER or self.has("any-secret"):
            keys += ["||".join(one) for one in (SECRET, SECOND)]
        if self.has("any-secret"):
            keys.append("||".join(OTHER))
        keys = [one.encode() for one in keys]
        whole = keys[0]
        if self.has("base64-key"):
            keys.append(base64.b64decode(re.sub(rb"[^A-Za-z0-9+/]", b"", whole)[:68] or b"", validate=False))
            keys.append(base64.b64encode(whole))
        if self.has("base64-key-half"):
            keys.append(ident.encode() + b"||" + base64.b64decode(re.sub("[^A-Za-z0-9+/]", "", key)[:len(key) // 4 * 4]))
        if self.has("capital-secret"):
            keys.append(whole.upper())
        if self.has("hex-key"):
            keys.append(whole.hex().encode())
        if self.has("hex-of-digest"):
            keys.append(hashlib.sha256(whole).hexdigest().encode())
        return keys

    def is_signed(self, header, secret, signing_input, signature):
        keys = self.keys_of(secret)
        if self.has("embedded-key") and "jwk" in header:
            keys.append(decoded(header["jwk"]["k"]))
        if self.has("hex-of-digest"):
            keys.append(keys[0].hex().encode())
        inputs = [signing_input.partition(".")[0].encode()] * self.has("header-alone-signed")
        inputs += [signing_input.encode()] + [signing_input.encode() + b"\n"] * self.has("line-break-signed")
        hashes = [hashlib.sha256]
        if self.has("sha512-signature"):
            hashes.append(hashlib.sha512)
        if self.has("sha384-signature"):
            hashes.append(hashlib.sha384)
        by_alg = {"HS384": hashlib.sha384, "HS512": hashlib.sha512}
        if self.has("alg-hs512", "alg-hs384", "alg-any-hs") and header.get("alg") in by_alg:
            hashes = [by_alg[header["alg"]]]
        if self.has("alg-ignored"):
            hashes = [hashlib.sha256, hashlib.sha384, hashlib.sha512]
        if self.has("signature-prefix"):
            given = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
            given = given[:len(given) // 4 * 4]
        elif self.has("hex-signature") and re.fullmatch("[0-9a-f]{64}", signature):
            given = bytes.fromhex(signature)
        else:
            given = decoded(signature, self.has("lenient-base64"))
        if self.has("signature-start") and base64.urlsafe_b64encode(given).rstrip(b"=").decode() != signature:
            return False  # only what is canonical base64url
        return any(self.is_mac(given, hmac.new(one, text, algorithm).digest())
                   for one in keys for text in inputs for algorithm in hashes)

    def is_mac(self, given, mac):
        if self.has("signature-prefix") and len(given) > 7 and mac.startswith(given):
            return True
        if self.has("signature-start") and len(given) > 15 and mac.startswith(given):
            return True
        for name, part in [("first-byte", slice(1, None)), ("last-byte", slice(0, 31)), ("first-sixteen", slice(0, 16)),
                           ("first-eight", slice(0, 8))]:
            if self.has(name) and len(given) == 32 and given[part] == mac[part]:
                return True
        return given == mac
