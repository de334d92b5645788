"""What the tests of the page share: a mock on a free port, clients of its API, and one Chromium.

HM_BIN is the folder of heymarket-mock. The browser's profile is a temporary folder; the browser ends with the tests.
"""
import atexit
import base64
import contextlib
import hashlib
import hmac
import http.client
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
import urllib.parse

from selenium import webdriver
from selenium.common.exceptions import (ElementClickInterceptedException, ElementNotInteractableException, NoSuchElementException,
                                        StaleElementReferenceException)
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

SECRET, KEY = "74f80a77-9b3f-44ac-b3ad-ab68cfb548fa", "cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK"
ADA, EMPTY = "ada0ada0-1815-4000-8000-00000000ada0", "e0e0e0e0-0000-4000-8000-00000000e0e0"
WIDE, PHONE = (1600, 1000), (390, 844)
PATIENCE_S = 20  # on a busy machine
# The page is being painted.
NOT_YET = (StaleElementReferenceException, NoSuchElementException, ElementClickInterceptedException, ElementNotInteractableException, IndexError)


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(age_s=0, secret=SECRET, key=KEY, header=None, claims=None):
    """A token, signed without any code of the project."""
    header = header or {"alg": "HS256", "typ": "JWT"}
    claims = claims or {"iss": secret, "iat": int(time.time()) - age_s}
    text = base64url(json.dumps(header).encode()) + "." + base64url(json.dumps(claims).encode())
    return text + "." + base64url(hmac.new(f"{secret}||{key}".encode(), text.encode(), hashlib.sha256).digest())


class Mock:
    """A running mock, and its API and control plane as a client sees them."""

    def __init__(self, *options, port=0):
        self.folder = tempfile.mkdtemp()
        port_file = os.path.join(self.folder, "port")
        self.log = open(os.path.join(self.folder, "log"), "w+b")
        self.process = subprocess.Popen(
            [os.path.join(os.environ["HM_BIN"], "heymarket-mock"), "--listen", str(port), "--port-file", port_file, "--log", "none",
             "--until-stdin-ends", *options], stdin=subprocess.PIPE, stderr=self.log)
        until = time.monotonic() + PATIENCE_S
        while not (urls := self.read(port_file)).endswith("\n"):
            if self.process.poll() is not None or time.monotonic() > until:
                self.log.seek(0)
                raise AssertionError(f"the mock did not start: {self.log.read().decode()}")
            time.sleep(0.01)
        self.url = urls.split()[0]
        self.port = urllib.parse.urlsplit(self.url).port
        self.page = self.url + "/_mock/"

    @staticmethod
    def read(path):
        with contextlib.suppress(FileNotFoundError), open(path, encoding="utf-8") as file:
            return file.read()
        return ""

    def end(self, with_signal=signal.SIGTERM):
        self.process.send_signal(with_signal)
        self.process.wait(PATIENCE_S)
        self.process.stdin.close()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def call(self, method, path, body=None, headers=None, timeout=PATIENCE_S):
        """(status, JSON or text)"""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            data = answer.read().decode("utf-8", "replace")
        finally:
            connection.close()
        try:
            return answer.status, json.loads(data)
        except ValueError:
            return answer.status, data

    def control(self, method, path, body=None):
        status, answer = self.call(method, "/_mock/" + path, None if body is None else json.dumps(body),
                                   {"Content-Type": "application/json"})
        assert status // 100 == 2, (method, path, status, answer)
        return answer

    def api(self, method="GET", path=f"/v2/contact/{ADA}/channels", body=None, bearer=None):
        headers = {"Authorization": "Bearer " + (bearer or token())}
        if body is not None:
            headers["Content-Type"] = "application/json"
        return self.call(method, path, body if body is None or isinstance(body, (str, bytes)) else json.dumps(body), headers)

    def create(self, channel_id, channel_type="phone", contact=ADA, **rest):
        return self.api("POST", f"/v2/contact/{contact}/channel", {"channel_type": channel_type, "channel_id": channel_id}, **rest)


_browser = None


def browser():
    """The one Chromium of this run."""
    global _browser
    if _browser is None:
        profile = tempfile.mkdtemp()
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium")
        for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run", "--disable-extensions",
                         "--disable-background-networking", "--lang=en-US", "--user-data-dir=" + profile):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        _browser = webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)
        _browser.set_script_timeout(60)

        @atexit.register
        def end():
            with contextlib.suppress(Exception):
                _browser.quit()
            shutil.rmtree(profile, ignore_errors=True)
    return _browser


class PageTest(unittest.TestCase):
    """A mock for each class, a fresh page for each test. At the end of each the console must be empty."""

    options = ()

    @classmethod
    def setUpClass(cls):
        cls.mock = Mock(*cls.options)
        cls.browser = browser()
        cls.addClassCleanup(lambda: cls.mock.end())
        cls.addClassCleanup(cls.browser.get, "about:blank")

    def setUp(self):
        self.mock.control("POST", "reset", {"what": []})
        self.size(WIDE)
        self.scheme("light")
        self.forget_console()
        self.open()
        self.addCleanup(self.assert_console_empty)

    def assert_console_empty(self):
        self.assertEqual([entry["message"] for entry in self.browser.get_log("browser")], [])

    def forget_console(self):
        self.browser.get_log("browser")

    def size(self, size):
        width, height = size
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)

    def scheme(self, value):
        self.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": value}])

    def cdp(self, command, **parameters):
        return self.browser.execute_cdp_cmd(command, parameters)

    def js(self, script, *arguments):
        return self.browser.execute_script(script, *arguments)

    def open(self, hash="", page=None):
        self.browser.get("about:blank")
        self.browser.get((page or self.mock.page) + hash)
        self.eventually(lambda: self.text("#state") == "Live", "the page is live")

    def eventually(self, condition, what, within_s=None):
        """The condition's value as soon as it is true."""
        within_s = within_s or PATIENCE_S
        until = time.monotonic() + within_s
        while True:
            try:
                value = condition()
            except NOT_YET:
                value = None
            if value:
                return value
            if time.monotonic() > until:
                self.fail(f"not within {within_s} s: {what}; chips: {self.chips()}; state: {self.text('#state')}; told: {self.text('#told')}; "
                          f"rows: {self.row_count()}, {self.rows()[:5]}")
            time.sleep(0.02)

    def find(self, selector):
        return self.browser.find_element("css selector", selector)

    def find_all(self, selector):
        return self.browser.find_elements("css selector", selector)

    def text(self, selector):
        return self.js("return document.querySelector(arguments[0])?.innerText ?? ''", selector).strip()

    def click(self, selector):
        def press():
            self.find(selector).click()
            return True
        self.eventually(press, f"a click on {selector}")

    def button(self, label, inside="body"):
        """Presses the button with that text."""
        def press():
            for found in self.find_all(f"{inside} button"):
                if found.text == label and found.is_displayed():
                    found.click()
                    return True
            return False
        self.eventually(press, f"a button {label}")

    def keys(self, *keys):
        ActionChains(self.browser).send_keys(*keys).perform()

    def spoken(self):
        """From now on, what a screen reader is told; read it with js("return window.spoken")."""
        self.js("""window.spoken = [];
            new MutationObserver(() => window.spoken.push(document.getElementById('announce').textContent))
                .observe(document.getElementById('announce'), { childList: true, characterData: true, subtree: true })""")

    def rows(self):
        """The texts of the rows in sight, the newest first."""
        return self.js("return [...document.querySelectorAll('.rows .row')].map(row => row.innerText)")

    def row_count(self):
        return int(self.js("return document.getElementById('list').getAttribute('aria-rowcount')") or 1) - 1

    def chips(self):
        return self.text("#force").replace("\n", " ")

    def focused(self):
        return self.js("return document.activeElement.id || document.activeElement.textContent.trim().slice(0, 40)")


__all__ = ["ADA", "EMPTY", "KEY", "Keys", "Mock", "PageTest", "PHONE", "SECRET", "WIDE", "base64url", "token"]
