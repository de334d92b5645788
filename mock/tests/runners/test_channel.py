"""An integration's test as Python people write it; pytest and unittest both run it."""
import base64
import hashlib
import hmac
import json
import os
import time
import unittest
import urllib.request


def sign():
    def part(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=")

    secret_id, key = os.environ["HEYMARKET_API_SECRET_ID"], os.environ["HEYMARKET_API_SECRET_KEY"]
    claims = {"iss": secret_id, "iat": int(time.time())}
    text = part(json.dumps({"alg": "HS256", "typ": "JWT"}).encode()) + b"." + part(json.dumps(claims).encode())
    return (text + b"." + part(hmac.digest(f"{secret_id}||{key}".encode(), text, hashlib.sha256))).decode()


class ChannelTest(unittest.TestCase):
    def test_a_channel_is_added(self):
        request = urllib.request.Request(
            f"{os.environ['HEYMARKET_API_BASE_URL']}/v2/contact/{os.environ['HEYMARKET_CONTACT_ID']}/channel",
            data=json.dumps({"channel_type": "email", "channel_id": "python@example.com"}).encode(),
            headers={"Authorization": f"Bearer {sign()}", "Content-Type": "application/json"}, method="POST")
        with urllib.request.urlopen(request, timeout=10) as answer:
            channels = json.load(answer)
        self.assertIn("python@example.com", [channel["channel_id"] for channel in channels])


if __name__ == "__main__":
    unittest.main()
