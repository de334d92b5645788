"""A sandbox for each test, all on one heymarket-mock: a world of its own, so that tests may run at once. Copy to the folder of your tests.

  heymarket-mock run -- pytest -n 8     or with a mock that serves at HEYMARKET_MOCK_URL

The variables (HEYMARKET_API_BASE_URL, HEYMARKET_CONTACT_ID, ...) are new in each test, so read them there and not at import.
A test may use the fixture:  heymarket.verify({"channel_type": "email"}, exactly=1)
"""
import json
import os
import urllib.error
import urllib.request

import pytest


def call(method, url, body=None):
    __tracebackhide__ = True
    request = urllib.request.Request(url, method=method, data=json.dumps(body).encode(), headers={"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        said = error.read().decode()
    except urllib.error.URLError as error:
        said = f"no mock at {url}: {error.reason}"
    pytest.fail(f"heymarket-mock: {said}")


class Sandbox:
    def __init__(self, made):
        self.env, self.control_url = made["env"], made["control_url"]

    def call(self, method, path, body=None):
        """Asks the sandbox's control plane, such as ("PUT", "clock", {"elapse_s": 301})."""
        __tracebackhide__ = True
        return call(method, f"{self.control_url}/{path}", body)

    def verify(self, where, **count):
        """Fails unless as many requests arrived: exactly=1, at_least=1, at_most=1."""
        __tracebackhide__ = True
        return self.call("POST", "verify", {"where": where, **count})

    def expect_refusal(self, where, times=1):
        """Announces refusals that the test wants; the test fails if they do not come."""
        return self.call("POST", "expect", {"where": where, "times": times})


@pytest.fixture(autouse=True)
def heymarket(monkeypatch):
    sandbox = Sandbox(call("POST", os.environ.get("HEYMARKET_MOCK_URL", "http://127.0.0.1:8580") + "/_mock/sandboxes", {}))
    for name, value in sandbox.env.items():
        monkeypatch.setenv(name, value)
    yield sandbox
    ended = call("DELETE", sandbox.control_url)
    assert ended["unmet"] == 0, f"expected refusals did not come: {ended['message']}"
