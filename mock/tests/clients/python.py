"""All six operations with one of Python's HTTP libraries:
python.py urllib|http.client|requests|httpx|aiohttp|aiohttp-env"""
import base64
import hashlib
import hmac
import json
import os
import sys
import time

LIBRARY = sys.argv[1]
BASE = os.environ.get("HEYMARKET_API_BASE_URL", "https://api.heymarket.com")
ID, KEY = os.environ["HEYMARKET_API_SECRET_ID"], os.environ["HEYMARKET_API_SECRET_KEY"]
CONTACT = os.environ["HEYMARKET_CONTACT_ID"]


def token():
    def b64url(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=")

    parts = {"alg": "HS256", "typ": "JWT"}, {"iss": ID, "iat": int(time.time())}
    signed = b".".join(b64url(json.dumps(part).encode()) for part in parts)
    signature = hmac.new(f"{ID}||{KEY}".encode(), signed, hashlib.sha256).digest()
    return (signed + b"." + b64url(signature)).decode()


HEADERS = {"Authorization": f"Bearer {token()}"}


def send(method, path, body):
    """Status and body of the answer."""
    headers = dict(HEADERS, **({"Content-Type": "application/json"} if body else {}))
    data = json.dumps(body).encode() if body else None
    if LIBRARY == "urllib":
        from urllib.request import Request, urlopen
        with urlopen(Request(BASE + path, data, headers, method=method), timeout=20) as answer:
            return answer.status, answer.read()
    if LIBRARY == "http.client":
        from http.client import HTTPConnection, HTTPSConnection
        scheme, host = BASE.split("://")
        connection = (HTTPSConnection if scheme == "https" else HTTPConnection)(host, timeout=20)
        connection.request(method, path, data, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    if LIBRARY == "requests":
        import requests
        answer = requests.request(method, BASE + path, headers=HEADERS, json=body, timeout=20)
        return answer.status_code, answer.content
    if LIBRARY == "httpx":
        import httpx
        answer = httpx.request(method, BASE + path, headers=HEADERS, json=body, timeout=20)
        return answer.status_code, answer.content
    import asyncio
    import aiohttp

    async def exchange():
        async with aiohttp.ClientSession(trust_env=LIBRARY == "aiohttp-env") as session:
            async with session.request(method, BASE + path, headers=HEADERS, json=body) as answer:
                return answer.status, await answer.read()
    return asyncio.run(exchange())


def call(method, path, body=None):
    status, answer = send(method, path, body)
    if not 200 <= status <= 299:
        sys.exit(f"{method} {path} was answered with {status}: {answer[:500]}")
    return json.loads(answer)


def check(holds, what):
    if not holds:
        sys.exit(f"{LIBRARY}: {what}")


def values(channels):
    return [channel["channel_id"] for channel in channels if channel["channel_type"] == "email"]


channel, first, second = f"/v2/contact/{CONTACT}/channel", f"{LIBRARY}@example.com", f"{LIBRARY}.new@example.com"
created = call("POST", channel, {"channel_type": "email", "channel_id": first})
check(first in values(created), f"the created channel is not in {created}")
check(len({entry["contact_id"] for entry in created}) == 1, f"more than one contact in {created}")
got = call("GET", f"{channel}/email")
check(got in created and got["channel_id"] == first, f"not the created channel: {got}")
listed = call("GET", f"{channel}s")
check(listed == created, f"the list {listed} differs from {created}")
updated = call("PUT", channel, {"channel_type": "email", "channel_id": second})
check(second in values(updated) and first not in values(updated), f"not the new value: {updated}")
call("DELETE", f"{channel}/email")
inboxes = call("GET", "/v1/inboxes")
check(inboxes and all(isinstance(inbox["id"], int) and inbox["name"] for inbox in inboxes), f"no inboxes: {inboxes}")
