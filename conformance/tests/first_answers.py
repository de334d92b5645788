#!/usr/bin/env python3
"""Servers that refuse the suite's first, correct request: each for one reason.

    first_answers.py --port-file FILE NAME...   a server for each NAME; FILE gets "NAME URL" lines

The names are those of the methods of First, with hyphens. Two names can be joined with "+"; the
second one is a switch of foreign_server.py.
"""
import argparse
import base64
import hashlib

import foreign_server
from foreign_switches import Refusal
from foreign_tokens import SECRET

NO_ANSWER_OF_OURS = b"<!doctype html><title>Welcome</title><h1>Please log in</h1>"


class First(foreign_server.Handler):
    """The handler; the server's name says what it does otherwise."""

    def is_called(self, *names):
        return self.server.odd in names

    # --- other rules of verification

    def keys_of(self, secret):
        ident, key = secret
        rules = {"key-alone": key, "one-pipe": ident + "|" + key, "swapped": key + "||" + ident,
                 "key-hashed": ident + "||" + hashlib.sha256(key.encode()).hexdigest()}
        if self.server.odd in rules:
            return [rules[self.server.odd].encode()]
        if self.is_called("other-secret"):
            return [b"a secret of somebody else"]
        return super().keys_of(secret)

    def check_alg(self, header, secret):
        if self.is_called("hs512", "hs384"):
            if header.get("alg") != self.server.odd.upper():
                raise Refusal(401)
            self.server.switches.add("alg-" + self.server.odd)
            return
        super().check_alg(header, secret)

    def check_times(self, claims, secret):
        if self.is_called("milliseconds"):
            iat = claims.get("iat")
            if not isinstance(iat, int) or abs(iat / 1000 - self.server.now()) > 300:
                raise Refusal(401)
            return
        super().check_times(claims, secret)

    def team(self):
        given = self.headers.get("Authorization", "")
        if self.is_called("basic"):
            if given != "Basic " + base64.b64encode(":".join(SECRET).encode()).decode():
                raise Refusal(401)
            return 31
        if self.is_called("legacy"):
            if given != "Bearer a-legacy-key-of-the-team":
                raise Refusal(401)
            return 31
        if self.is_called("any-token-403"):
            raise Refusal(403)
        if self.is_called("contact-403"):
            super().team()
            raise Refusal(403)
        return super().team()

    def contact(self, team):
        if self.is_called("unknown-contact"):
            raise Refusal(404)
        return super().contact(team)

    def check_media_type(self):
        if self.is_called("media-type-415"):
            raise Refusal(415)
        super().check_media_type()

    def members(self, value):
        if self.is_called("body-400"):
            raise Refusal(400)
        return super().members(value)

    # --- answers of another kind

    def any_method(self):
        if self.is_called("web-page-200", "web-page-404", "redirect", "redirect-nowhere", "gateway-502", "gateway-400",
                          "login-401"):
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.plain(*{"web-page-200": (200, []), "web-page-404": (404, []), "gateway-502": (502, []),
                         "gateway-400": (400, []), "login-401": (401, []), "redirect-nowhere": (302, []),
                         "redirect": (301, [("Location", "https://api.example.com/v2")])}[self.server.odd])
        elif self.is_called("gateway-401"):
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.plain(401, [], "application/json", b'{"message":"Unauthorized"}')
        elif self.is_called("prefix") and not self.path.startswith("/api/"):
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.plain(404, [], "application/json", b'{"error":"no route"}')
        else:
            super().any_method()

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = do_PATCH = any_method

    def plain(self, status, headers, media_type="text/html; charset=utf-8", body=NO_ANSWER_OF_OURS):
        self.send_response(status)
        for name, value in [("Content-Type", media_type), ("Content-Length", str(len(body)))] + headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    # --- a clock that is wrong: the Date header says so

    def date_time_string(self, timestamp=None):
        return super().date_time_string(self.server.now() if timestamp is None else timestamp)


class Server(foreign_server.Server):
    """A foreign server with one oddity."""

    def __init__(self, name):
        self.odd, _, switches = name.partition("+")
        super().__init__(switches.split("+") if switches else [])
        self.RequestHandlerClass = First

    def now(self):
        return super().now() + {"clock-ahead": 900, "clock-behind": -900}.get(self.odd, 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port-file")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    foreign_server.serve(options.port_file, {name: Server(name) for name in options.names})


if __name__ == "__main__":
    main()
