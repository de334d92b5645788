"""One heymarket-mock for each process of pytest, also with pytest-xdist (-n). Copy to the folder of your tests, or into its conftest.py.

A test may use the fixture:  heymarket.verify({"contact": "ada", "channel_type": "email"}, exactly=1)
"""
import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

import pytest


def pytest_sessionstart(session):
    """Before the tests are imported, since they may read the variables then."""
    if shutil.which("heymarket-mock") is None:
        pytest.exit("no mock: is heymarket-mock on PATH?", returncode=1)
    if session.config.getoption("dist", "no") != "no" and not hasattr(session.config, "workerinput"):
        return  # only the workers of xdist run tests
    with tempfile.TemporaryDirectory(prefix="heymarket-") as folder, open(f"{folder}/log", "w+") as log:
        command = ["heymarket-mock", "serve", "--listen", "0", "--port-file", f"{folder}/port", "--log", "none"]
        # The mock ends with this process, which alone holds its standard input open.
        mock = subprocess.Popen([*command, "--until-stdin-ends"], stdin=subprocess.PIPE, stderr=log)
        session.config.add_cleanup(mock.communicate)
        end = time.monotonic() + 30
        while not os.path.exists(f"{folder}/port"):
            if mock.poll() is not None or time.monotonic() > end:
                pytest.exit(f"no mock: {log.seek(0) or log.read()}", returncode=1)
            time.sleep(0.02)
        found = subprocess.check_output(["heymarket-mock", "env", "--shell", "json", "--port-file", f"{folder}/port"])
        os.environ.update(json.loads(found)["env"])


class Heymarket:
    def call(self, method, path, body=None):
        __tracebackhide__ = True
        request = urllib.request.Request(f"{os.environ['HEYMARKET_MOCK_CONTROL_URL']}/{path}", method=method,
                                         data=json.dumps(body).encode(), headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            said = error.read().decode()
        pytest.fail(f"heymarket-mock: {said}")

    def verify(self, where, **count):
        """Fails unless as many requests arrived: exactly=1, at_least=1, at_most=1."""
        __tracebackhide__ = True
        return self.call("POST", "verify", {"where": where, **count})

    def expect_refusal(self, where, times=1):
        """Announces refusals that the test wants; the test fails if they do not come."""
        return self.call("POST", "expect", {"where": where, "times": times})


@pytest.fixture(autouse=True)
def heymarket():
    mock = Heymarket()
    mock.call("POST", "reset", {})
    yield mock
    missing = [expected for expected in mock.call("GET", "expect")["expectations"] if expected["left"] > 0]
    assert not missing, f"expected refusals did not come: {missing}"
