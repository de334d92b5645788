"""sandboxes.py KEYS [unmet|brief]: eight threads with a sandbox each, against the mock of the environment. Each finds exactly its own
requests in its journal, and nothing of them is in the main world. Writes the keys of all sandboxes to the file KEYS."""
import base64
import hashlib
import hmac
import http.client
import json
import os
import sys
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

THREADS = 8
MOCK = urllib.parse.urlsplit(os.environ["HEYMARKET_MOCK_URL"])


def call(method, path, body=None, **fields):
    connection = http.client.HTTPConnection(MOCK.hostname, MOCK.port, timeout=60)
    connection.request(method, path, None if body is None else json.dumps(body), {"Content-Type": "application/json", **fields})
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, json.loads(text)


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(env, now):
    signed = ".".join(base64url(json.dumps(part).encode()) for part in (
        {"alg": "HS256", "typ": "JWT"}, {"iss": env["HEYMARKET_API_SECRET_ID"], "iat": now, "exp": now + 300}))
    secret = env["HEYMARKET_API_SECRET_ID"] + "||" + env["HEYMARKET_API_SECRET_KEY"]
    return signed + "." + base64url(hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest())


def expect(found, wanted, what):
    if found != wanted:
        raise AssertionError(f"{what}: found {found}, expected {wanted}")


def work(number):
    """Returns how many requests it sent, and the keys of its sandbox."""
    status, made = call("POST", "/_mock/sandboxes", {"ttl_s": 600})
    expect(status, 201, "POST")
    env, control = made["env"], urllib.parse.urlsplit(made["control_url"]).path
    expect(env["HEYMARKET_MOCK_CONTROL_URL"], made["control_url"], "control URL")
    now = 1600000000 + number * 1000  # each has a clock of its own
    expect(call("PUT", control + "/clock", {"now": now})[0], 200, "clock")
    sent = []
    path = f"/v2/contact/{env['HEYMARKET_EMPTY_CONTACT_ID']}/channel"
    for i in range(number + 2):
        channel = {"channel_type": "email", "channel_id": f"{number}-{i}@example.com"}
        status, answer = call("POST", path, channel, Authorization="Bearer " + token(env, now))
        expect(status, 200, "create")
        sent.append(channel["channel_id"])
        expect([each["channel_id"] for each in answer], sent, "channels")
    expect(call("POST", path, {})[0], 401, "without a token")
    status, journal = call("GET", control + "/journal")
    expect(len(journal["exchanges"]), len(sent) + 1, "journal")
    expect([each["body"]["channel_id"] for each in journal["exchanges"][:0:-1]], sent, "journal")
    expect({each["sandbox"] for each in journal["exchanges"]}, {made["id"]}, "sandbox")
    expect(call("POST", control + "/verify", {"where": {"accepted": True}, "exactly": len(sent)})[0], 200, "verify")
    expect(call("GET", control + "/health")[1]["counts"]["requests"], len(sent) + 1, "health")
    if sys.argv[2:] == ["unmet"]:
        call("POST", control + "/expect", {"where": {"status": 403}})
    if number % 2 == 0:
        status, ended = call("DELETE", "/_mock/sandboxes/" + made["id"], {})
        expect((status, ended["requests"]), (200, len(sent) + 1), "DELETE")
        expect(call("GET", control + "/journal")[0], 404, "after DELETE")
    return len(sent) + 1, [value for name, value in env.items() if name.endswith("_KEY")]


def main():
    with ThreadPoolExecutor(THREADS) as pool:
        done = list(pool.map(work, range(THREADS)))
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.writelines(key + "\n" for _, keys in done for key in keys)
    expect(call("GET", "/_mock/health")[1]["counts"]["requests"], 0, "requests of the main world")
    expect(call("GET", "/_mock/journal")[1]["exchanges"], [], "journal of the main world")
    expect(call("GET", "/_mock/sandboxes")[1]["total"], THREADS // 2, "alive")
    if sys.argv[2:] == ["brief"]:
        status, brief = call("POST", "/_mock/sandboxes", {"ttl_s": 1})
        while call("GET", "/_mock/sandboxes/" + brief["id"])[0] == 200:
            time.sleep(0.05)
    print(sum(count for count, _ in done))


main()
