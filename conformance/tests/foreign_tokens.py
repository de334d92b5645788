"""The foreign server's own idea of tokens [J1-J13]; nothing of the tree is used."""
import base64
import hashlib
import hmac
import json
import re

from foreign_switches import Refusal

SECRET = ("5f0c1c1e-7d2b-4a57-9a55-2d3d8a4a7c01", "qX2v9LrT7bNw4Kc8ZsJd3GhYp6Mf1Ae5")
SECOND = ("5f0c1c1e-7d2b-4a57-9a55-2d3d8a4a7c02", "uR5t8WmB2nVx6Qk9CfHj4DzLy7Ps3Ge1")
OTHER = ("5f0c1c1e-7d2b-4a57-9a55-2d3d8a4a7c03", "aK4s7XpC9mTz2Wq6BgFh8JvNr5Yd1Le3")


def decoded(segment):
    if not re.fullmatch(r"[A-Za-z0-9_-]*", segment):
        raise ValueError("no base64url")
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


class TokenJudge:
    """Part of the request handler: from the Authorization header to a team, or 401."""

    remembers = False

    def team(self):
        if self.has("connection-remembers") and self.remembers:
            return 31
        value = self.headers.get("Authorization")
        if value is None and self.has("no-authorization"):
            return 31
        scheme, _, token = (value or "").partition(" ")
        if self.has("bearer-twice") and token.startswith("Bearer "):
            token = token[7:]
        if self.has("no-scheme") and not token:
            scheme, token = "bearer", scheme
        if scheme != "Bearer" and self.has("lower-bearer-refused"):
            raise Refusal(401)
        if scheme.lower() != "bearer" and not (self.has("any-scheme") and token):
            raise Refusal(401)
        try:
            return self.verify(token.strip(" "))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise Refusal(401) from None

    def verify(self, token):
        server = self.server
        segments = token.split(".")
        if self.has("four-segments"):
            segments = segments[:3]
        if len(segments) == 2 and self.has("two-segments"):
            segments.append("")
        head, payload, signature = segments
        header, claims = json.loads(decoded(head)), json.loads(decoded(payload))
        unsigned = ((self.has("alg-none") and str(header.get("alg")).lower() == "none")
                    or (self.has("two-segments") and not signature) or self.has("unsigned"))
        iss = claims.get("iss")
        known = {SECRET[0]: (31, SECRET), SECOND[0]: (31, SECOND), OTHER[0]: (32, OTHER)}
        if self.has("iss-unknown") and isinstance(iss, str) or self.has("iss-missing") and iss is None:
            team, secret = known.get(iss, (31, SECRET))
        elif self.has("iss-number") and isinstance(iss, int):
            team, secret = 31, SECRET
        elif not isinstance(iss, str) or iss not in known:
            raise Refusal(403 if self.has("iss-unknown-403") else 401)
        else:
            team, secret = known[iss]
        if secret is SECOND:
            server.seconds += 1
            if self.has("second-refused") or (self.has("second-fails-later") and server.seconds > 1):
                raise Refusal(401)
        self.check_alg(header)
        self.check_times(claims)
        if not unsigned and not self.is_signed(header, secret, head + "." + payload, signature):
            raise Refusal(401)
        if self.has("single-use"):
            if token in server.used:
                raise Refusal(401)
            server.used.add(token)
        return team

    def check_alg(self, header):
        alg = header.get("alg")
        allowed = ["HS256"] + ["HS512"] * self.has("alg-hs512")
        if self.has("alg-none") and str(alg).lower() == "none" or self.has("alg-ignored"):
            return
        if alg not in allowed or (self.has("typ-required") and header.get("typ") != "JWT"):
            raise Refusal(401)

    def check_times(self, claims):
        now, iat = int(self.server.now()), claims.get("iat")
        life = (3600 if self.has("lives-an-hour") else 360 if self.has("lives-six-minutes")
                else 200 if self.has("dies-early") else 300)
        leeway = 0 if self.has("leeway-0") else 600 if self.has("leeway-600") else 1e18 if self.has("any-future") else 60
        if self.has("leeway-0") and self.has("clock-3-behind"):
            leeway = 5
        if iat is None and self.has("iat-missing"):
            return
        if isinstance(iat, str) and self.has("iat-text"):
            iat = int(iat)
        if isinstance(iat, bool) and self.has("iat-bool"):
            iat = now
        if isinstance(iat, bool) or not isinstance(iat, (int, float)):
            raise Refusal(401)
        if isinstance(iat, float) and self.has("fractional-iat-refused") and iat != int(iat):
            raise Refusal(401)
        if iat > 1e11 and self.has("iat-ms"):
            iat = iat / 1000
        if (now >= iat + life and not self.has("immortal")) or iat > now + leeway:
            raise Refusal(401)
        if self.has("exp-ignored"):
            return
        for name, bad in [("exp", lambda t: now >= t), ("nbf", lambda t: t > now + leeway)]:
            if name in claims and (not isinstance(claims[name], (int, float)) or bad(claims[name])):
                raise Refusal(401)

    def is_signed(self, header, secret, signing_input, signature):
        ident, key = secret
        keys = [ident + "||" + key]
        keys += [ident + "|" + key] * self.has("one-pipe") + [ident + key] * self.has("no-pipe")
        keys += [ident + ":" + key] * self.has("colon") + [key] * self.has("key-alone")
        keys += [ident] * self.has("id-alone") + [key + "||" + ident] * self.has("swapped")
        hashes = [hashlib.sha256]
        if self.has("sha512-signature"):
            hashes.append(hashlib.sha512)
        if self.has("alg-hs512") and header.get("alg") == "HS512":
            hashes = [hashlib.sha512]
        if self.has("alg-ignored"):
            hashes = [hashlib.sha256, hashlib.sha384, hashlib.sha512]
        given = decoded(signature)
        if self.has("signature-prefix"):
            given = given[:len(given) // 4 * 4]
        elif base64.urlsafe_b64encode(given).rstrip(b"=").decode() != signature:
            return False
        for one in keys:
            for algorithm in hashes:
                mac = hmac.new(one.encode(), signing_input.encode(), algorithm).digest()
                if self.has("signature-prefix") and len(given) > 7 and mac.startswith(given):
                    return True
                if given == mac or (self.has("first-byte") and given[1:] == mac[1:]):
                    return True
        return False
