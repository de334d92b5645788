"""An application for cli_record.sh.

record_app.py calls [THREADS]     makes calls of every kind at HEYMARKET_API_BASE_URL, prints a status for each
record_app.py replay FILE.ndjson  makes the recorded calls again, and fails if an answer differs in status or list
"""
import base64
import hashlib
import hmac
import http.client
import json
import os
import sys
import threading
import time
import urllib.parse

BASE = urllib.parse.urlsplit(os.environ["HEYMARKET_API_BASE_URL"])
CONTACT = os.environ.get("HEYMARKET_CONTACT_ID", "")
OTHER = os.environ.get("HEYMARKET_OTHER_TEAM_CONTACT_ID", "07e407e4-0000-4000-8000-0000000007e4")
NOBODY = "11111111-2222-4333-8444-555555555555"
JSON = "application/json"


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(join="||", key=None):
    secret = os.environ["HEYMARKET_API_SECRET_ID"]
    key = key or os.environ["HEYMARKET_API_SECRET_KEY"]
    text = (encoded(json.dumps({"alg": "HS256", "typ": "JWT"}).encode()) + "."
            + encoded(json.dumps({"iss": secret, "iat": int(time.time())}).encode()))
    return "Bearer " + text + "." + encoded(hmac.new((secret + join + key).encode(), text.encode(), hashlib.sha256).digest())


def call(connection, method, path, body=None, authorization=None, media=JSON, chunked=False, more=()):
    headers = {"Authorization": authorization or token(), **dict(more)}
    if body is not None:
        headers["Content-Type"] = media
    if chunked:
        body = iter([body[:10], body[10:]])
    connection.request(method, path, body=body, headers=headers, encode_chunked=chunked)
    answer = connection.getresponse()
    return answer.status, answer.read(), answer


def channel(kind, value, **more):
    return json.dumps({"channel_type": kind, "channel_id": value, **more}).encode()


def every_call():
    """Each kind of call: method, path, and what call() takes."""
    path = f"/v2/contact/{CONTACT}/channel"
    yield "GET", path + "/email", {}  # before any list: the world must have the order of the list
    yield "POST", path, {"body": channel("phone", "14157778899")}
    yield "POST", path, {"body": channel("phone", "14157778899")}  # a duplicate
    yield "POST", path, {"body": channel("phone", "+14157770001")}
    yield "POST", path, {"body": channel("phone", "(415) 777-0002")}
    yield "POST", path, {"body": channel("email", "grace.hopper@navy.mil")}
    yield "POST", path, {"body": channel("facebook", "grace.b.hopper")}
    yield "POST", path, {"body": channel("email", "g.hopper@navy.mil", note="call +1 415 777 0003")}
    yield "POST", path, {"body": channel("email", "gh@navy.mil"), "chunked": True}
    yield "POST", path, {"body": channel("email", "")}
    yield "POST", path, {"body": b'{"channel_type": "phone"}'}
    yield "POST", path, {"body": b'{"channel_type": "phone", "channel_id": "1415777'}
    yield "POST", path, {"body": channel("email", "x@navy.mil"), "media": "text/plain"}
    yield "POST", path, {"body": channel("email", "x@navy.mil"), "authorization": token("|")}
    yield "POST", path, {"body": channel("email", "x@navy.mil"), "authorization": "Bearer LegacyKeyOfTheTeam0123456789"}
    yield "POST", f"/v2/contact/{NOBODY}/channel", {"body": channel("email", "x@navy.mil")}
    yield "POST", f"/v2/contact/{OTHER}/channel", {"body": channel("email", "x@navy.mil")}
    yield "POST", "/v2/contact/4155551234/channel", {"body": channel("email", "x@navy.mil")}
    yield "GET", path + "s", {}
    yield "PUT", path, {"body": channel("email", "rear.admiral@navy.mil")}
    yield "GET", path + "/email", {}
    yield "GET", path + "/pager", {}
    yield "PUT", path, {"body": channel("pager", "14157770005")}
    yield "DELETE", path + "/facebook", {}
    yield "DELETE", path + "/facebook", {}
    yield "DELETE", path + "/facebook", {}  # there were two
    yield "GET", path + "/facebook", {"authorization": token("|")}
    yield "GET", path + "s", {}
    yield "GET", "/v1/inboxes", {}
    yield "GET", "/v1/inboxes", {"authorization": token("|")}
    yield "GET", f"/v2/contact/{NOBODY}/channels", {}
    yield "DELETE", f"/v2/contact/{OTHER}/channel/email", {}
    yield "GET", "/v2/messages?to=%2B14157770004&api_key=QuiteSecretKey123", {}
    yield "HEAD", path, {}
    yield "PATCH", path, {"body": b"{}"}


def calls():
    connection = http.client.HTTPConnection(BASE.hostname, BASE.port, timeout=30)
    for method, path, more in every_call():
        status, body, _ = call(connection, method, path, more=[("X-Api-Key", "AnotherSecretKey456"), ("Cookie", "sid=77889900")], **more)
        print(method, path, status, len(json.loads(body)) if status == 200 and body else "")


def many(threads):
    """The same contact from several connections at once."""
    failed = []

    def one(number):
        connection = http.client.HTTPConnection(BASE.hostname, BASE.port, timeout=60)
        for i in range(20):
            status, _, _ = call(connection, "POST", f"/v2/contact/{CONTACT}/channel",
                                channel("email", f"hopper{number}.{i}@navy.mil"))
            if status != 200:
                failed.append(status)

    workers = [threading.Thread(target=one, args=(i,)) for i in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    sys.exit(f"answered with {failed}" if failed else 0)


def alike(body):
    """What a replay must repeat: of channels type and value, of other answers all."""
    channels = [body] if isinstance(body, dict) else body
    if isinstance(channels, list) and all("channel_type" in c for c in channels):
        return [(c["channel_type"], c["channel_id"]) for c in channels]
    return body


def replay(name):
    connection = http.client.HTTPConnection(BASE.hostname, BASE.port, timeout=30)
    count = 0
    kinds = set()  # operation and class of status
    for line in open(name, encoding="utf-8"):
        was = json.loads(line)
        if was["operation"] is None or "body_left_out" in was["request"]:
            continue
        body = was["request"].get("body")
        media = next((h.split(": ")[1] for h in was["request"]["headers"] if h.startswith("Content-Type")), JSON)
        text = None if body is None else body.encode() if isinstance(body, str) else json.dumps(body).encode()
        authorization = "Bearer not-a-token" if was["status"] == 401 else None
        status, answer, _ = call(connection, was["method"], was["path"], text, authorization, media)
        if status != was["status"]:
            sys.exit(f"call {was['number']} was answered with {was['status']}, now with {status}: {answer.decode()}")
        now, then = alike(json.loads(answer or b"null")), alike(was["answer"].get("body"))
        if status // 100 == 2 and now != then:
            sys.exit(f"call {was['number']} had {then}, now {now}")
        kinds.add((was["operation"], status // 100))
        count += 1
    print(f"{count} calls of {len(kinds)} kinds, all alike")


if sys.argv[1] == "replay":
    replay(sys.argv[2])
elif len(sys.argv) > 2:
    many(int(sys.argv[2]))
else:
    calls()
