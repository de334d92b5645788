"""Requests as they come: what a row says, the exchange, filter, pause, clear, a restart of the mock."""
import os
import signal
import subprocess
import time
import unittest

from browser import ADA, EMPTY, KEY, Keys, Mock, PHONE, PageTest, SECRET, token


class Requests(PageTest):
    def test_a_wrong_token_appears_with_its_cure_within_a_second(self):
        took = []
        for _ in range(30):  # on a busy machine many of them may be late
            self.open()
            self.mock.control("DELETE", "journal")
            self.js("""
                window.seen = new Promise(seen => new MutationObserver(() => {
                    const row = document.querySelector('.rows .row.bad');
                    if (row) seen({ at: Date.now(), text: row.innerText });
                }).observe(document.querySelector('.rows'), { childList: true, subtree: true }))""")
            status, _ = self.mock.create("14155550199", bearer=token(key="a-wrong-key-of-this-test"))
            answered = time.time()
            seen = self.browser.execute_async_script("window.seen.then(arguments[0])")
            took.append(seen["at"] / 1000 - answered)
            self.assertEqual(status, 401)
            for word in ("401", "POST channel_create", "ada", "J5 signature-unknown", "the signature does not match",
                         "Cure: sign header.payload with ID||KEY of the secret in iss"):
                self.assertIn(word, seen["text"])
            if took[-1] < 1:
                return
        self.fail(f"not within a second: {took}")

    def test_a_row_says_what_came(self):
        self.mock.create("14155550199")
        row = self.eventually(self.rows, "a row")[0]
        for word in ("200", "POST channel_create", "ada"):
            self.assertIn(word, row)
        self.assertRegex(row, r"\d\d:\d\d:\d\d")
        self.assertRegex(row, r"\d+(\.\d)? (µs|ms)")
        self.mock.api("GET", "/v1/inboxes")
        self.eventually(lambda: "GET inbox_list" in self.rows()[0], "the newest is the first")
        self.assertEqual(self.text("#shown"), "2 requests")

    def test_what_came_before_the_page_is_there(self):
        for number in range(3):
            self.mock.create(f"1415555010{number}")
        self.open()
        self.eventually(lambda: self.row_count() == 3, "three rows")

    def test_a_click_opens_the_exchange(self):
        self.mock.create("14155550188", bearer=token(age_s=400))
        self.eventually(self.rows, "a row")
        self.click(".rows .row")
        shown = self.text("#exchange")
        for word in ("401", "POST", "channel_create", f"/v2/contact/{ADA}/channel", "J6", "Cure", "HS256", SECRET, "iat",
                     "400 s old of 300", "Repeat it", "curl"):
            self.assertIn(word, shown)
        self.mock.create("14155550188")
        self.eventually(lambda: "200" in self.rows()[0], "the second row")
        self.click(".rows .row")
        shown = self.text("#exchange")
        for word in ('"channel_id": "14155550188"', "Body", "Answer", "s old of 300", ADA, "4821"):
            self.assertIn(word, shown)
        self.button("Older", "#exchange")
        self.eventually(lambda: "401" in self.text("#exchange h2"), "the older exchange")
        self.button("Newer", "#exchange")
        self.eventually(lambda: "200" in self.text("#exchange h2"), "the newer exchange")
        newer = self.find("#exchange [data-by='1']")
        self.assertFalse(newer.is_enabled())
        self.mock.create("14155550189")
        self.eventually(newer.is_enabled, "there is a newer one now")
        newer.click()
        self.eventually(lambda: "14155550189" in self.text("#exchange"), "the newest exchange")

    def test_the_curl_line_repeats_the_request(self):
        self.mock.create("it's $HOME; `id` \"x\"")
        self.eventually(self.rows, "a row")
        self.click(".rows .row")
        self.cdp("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
        self.click("#exchange [aria-label='Copy: Repeat it']")
        self.eventually(lambda: self.text("#exchange [aria-label='Copy: Repeat it']") == "Copied", "it was copied")
        line = self.browser.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
        self.assertNotIn(token().split(".")[0], line)
        done = subprocess.run(["sh", "-c", line + " -sS -o /dev/null"], capture_output=True, timeout=30, check=False, env={
            **os.environ, "PATH": os.environ["HM_BIN"] + ":" + os.environ["PATH"], "HEYMARKET_API_SECRET_ID": SECRET, "HEYMARKET_API_SECRET_KEY": KEY})
        self.assertEqual(done.returncode, 0, done.stderr)
        first, second = self.mock.control("GET", "journal")["exchanges"]
        for member in ("method", "path", "body", "status"):
            self.assertEqual(first[member], second[member], line)

    def test_enter_opens_and_escape_closes(self):
        for number in range(3):
            self.mock.create(f"1415555010{number}")
        self.eventually(lambda: self.row_count() == 3, "three rows")
        self.js("document.getElementById('list').focus()")
        self.keys(Keys.ARROW_DOWN, Keys.ARROW_DOWN)
        self.eventually(lambda: self.js("return document.getElementById(document.getElementById('list').getAttribute('aria-activedescendant'))"
                                        "?.getAttribute('aria-rowindex')") == "3", "the second row is active; the head is 1")
        self.keys(Keys.ENTER)
        self.eventually(lambda: "14155550101" in self.text("#exchange"), "the second exchange")
        self.assertEqual(self.focused(), "exchange-title")
        self.keys(Keys.ESCAPE)
        self.eventually(lambda: self.focused() == "list", "the focus is back in the list")
        self.keys(Keys.ENTER)
        self.eventually(lambda: self.focused() == "exchange-title", "the same exchange again")

    def test_an_address_leads_to_the_exchange(self):
        self.mock.create("14155550177")
        request_id = self.mock.control("GET", "journal")["exchanges"][0]["request_id"]
        self.open(f"#exchange/{request_id}")
        self.eventually(lambda: "14155550177" in self.text("#exchange"), "the exchange")

    def test_filter_by_status_operation_and_text(self):
        self.mock.create("14155550111")
        self.mock.create("14155550122", bearer=token(age_s=400))
        self.mock.api("GET", "/v1/inboxes")
        self.mock.api("PUT", "/v3/nothing", {})
        self.eventually(lambda: self.row_count() == 4, "four rows")

        def shows(*expected):
            self.eventually(lambda: self.row_count() == len(expected), f"{len(expected)} rows")
            self.eventually(lambda: len(self.rows()) == len(expected), f"{len(expected)} rows in sight")
            for row, word in zip(self.rows(), expected):
                self.assertIn(word, row)

        def choose(name, value):
            self.click(f"#filter-{name} option[value='{value}']")

        for status, expected in (("4", ["PUT", "401"]), ("2", ["inbox_list", "channel_create"]), ("5", []), ("429", []),
                                 ("finding", ["T6", "J6"]), ("", ["PUT", "inbox_list", "401", "200"])):
            choose("status", status)
            shows(*expected)
        for operation, expected in (("channel_create", ["401", "200"]), ("inbox_list", ["inbox_list"]), ("none", ["/v3/nothing"]),
                                    ("", ["PUT", "inbox_list", "401", "200"])):
            choose("operation", operation)
            shows(*expected)
        for text, expected in (("14155550111", ["200"]), ("EXPIRED", ["J6"]), ("ada", ["401", "200"]), ("/v3", ["PUT"]), ("nowhere", [])):
            self.js("arguments[0].value = ''", self.find("#filter-text"))
            self.find("#filter-text").send_keys(text)
            shows(*expected)
        self.assertIn("No request matches", self.text("#empty"))
        self.assertEqual(self.text("#shown"), "0 of 4 requests")
        self.assertEqual(self.js("return document.getElementById('announce').textContent"), "0 of 4 requests")
        self.mock.create("14155550133")  # what comes later is filtered, too
        self.eventually(lambda: self.text("#shown") == "0 of 5 requests", "the fifth is counted")

    def test_pause_and_resume(self):
        self.mock.create("14155550111")
        self.eventually(self.rows, "a row")
        self.click("#pause")
        for _ in range(3):
            self.mock.create("14155550112")
        self.eventually(lambda: self.text("#pause") == "Resume (3)", "three are waiting")
        self.assertEqual(self.row_count(), 1)
        self.click("#pause")
        self.eventually(lambda: self.row_count() == 4, "all are there")

    def test_the_lines_of_an_empty_page_send_a_request(self):
        lines = self.eventually(lambda: self.text("#empty pre"), "what to send")
        done = subprocess.run(["sh", "-c", lines], capture_output=True, timeout=30, check=False, env={
            "PATH": os.environ["HM_BIN"] + ":" + os.environ["PATH"]})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.eventually(lambda: self.rows() and "GET channel_list" in self.rows()[0], "the request")

    def test_clear_empties_the_journal(self):
        self.mock.create("14155550111")
        self.eventually(self.rows, "a row")
        self.click("#clear")
        self.eventually(lambda: self.row_count() == 0 and not self.rows(), "no row")
        self.assertEqual(self.mock.control("GET", "journal")["exchanges"], [])
        self.assertIn("No requests yet", self.text("#empty"))
        self.mock.create("14155550112")
        self.eventually(lambda: self.row_count() == 1, "the list goes on")
        self.mock.control("DELETE", "journal")  # by somebody else
        self.eventually(lambda: self.row_count() == 0, "no row again")

    def test_refusals_are_announced_together(self):
        self.spoken()
        for _ in range(20):
            self.mock.create("14155550111", bearer=token(age_s=400))
        self.mock.create("14155550111")
        self.eventually(lambda: self.row_count() == 21, "all rows")
        spoken = self.eventually(lambda: self.js("return window.spoken"), "an announcement")
        self.assertLessEqual(len(spoken), 3)
        self.assertIn("401", spoken[0])
        self.assertIn("old", spoken[0])

    def test_what_is_looked_at_stays_where_it_is(self):
        for number in range(120):
            self.mock.create(f"1415555{number:04}")
        self.eventually(lambda: self.row_count() == 120, "all rows")
        self.js("document.getElementById('list').scrollTop = 1500")
        place = """const row = [...document.querySelectorAll('.rows .row')].find(one => one.getBoundingClientRect().top > 300);
                   return row && [row.id, Math.round(row.getBoundingClientRect().top)]"""
        row, top = self.eventually(lambda: self.js(place), "a row")
        for _ in range(5):
            self.mock.create("14155550111", bearer=token(age_s=400))
        self.eventually(lambda: "5 newer requests" in self.text("#newer"), "it says that newer ones came")
        time.sleep(0.1)
        self.assertAlmostEqual(self.js("return Math.round(document.getElementById(arguments[0]).getBoundingClientRect().top)", row), top, delta=1)
        self.click("#newer")
        self.eventually(lambda: "J6" in self.rows()[0] and not self.find("#newer").is_displayed(), "the newest")

    def test_on_a_phone_the_exchange_takes_the_whole_view(self):
        self.size(PHONE)
        self.mock.create("14155550111")
        self.eventually(self.rows, "a row")
        self.click(".rows .row")
        self.eventually(lambda: not self.find("#list").is_displayed() and "14155550111" in self.text("#exchange"), "the exchange alone")
        self.browser.back()
        self.eventually(lambda: self.find("#list").is_displayed(), "the list again")
        self.click(".rows .row")
        self.button("Back", "#exchange")
        self.eventually(lambda: self.find("#list").is_displayed(), "the list again")
        self.size((360, 740))
        self.mock.create("14155550112", contact=EMPTY)
        self.eventually(lambda: "empty" in self.rows()[0], "the row with its contact")
        self.assertEqual(self.js("return [...document.querySelectorAll('.row .contact')].filter(one => one.scrollWidth > one.clientWidth).length"), 0)

    def test_on_a_phone_what_went_wrong_is_in_sight(self):
        self.size(PHONE)
        self.cdp("Network.enable")
        self.cdp("Network.setBlockedURLs", urls=["*/_mock/journal"])
        self.addCleanup(self.cdp, "Network.setBlockedURLs", urls=[])
        self.click("#clear")
        self.eventually(lambda: "does not answer" in self.text("#told") and self.find("#told").is_displayed(), "the message")
        self.forget_console()


class Restart(PageTest):
    def test_the_page_survives_kill_and_restart_on_the_same_port(self):
        self.mock.create("14155550111")
        self.eventually(self.rows, "a row")
        for how in (signal.SIGKILL, signal.SIGTERM):
            port = self.mock.port
            self.mock.end(how)
            self.eventually(lambda: "does not answer" in self.text("#state"), "it says that the mock is away")
            type(self).mock = Mock(port=port)
            self.eventually(lambda: self.text("#state") == "Live", "live again")
            self.eventually(lambda: self.row_count() == 0, "the earlier requests are gone")
            self.assertIn("started again", self.text("#told"))
            self.mock.create("14155550122", bearer=token(key=KEY + "x"))
            self.eventually(lambda: self.row_count() == 1 and "J5" in self.rows()[0], "a request of the new mock")
        self.forget_console()  # the browser complains of the lost connection

    def test_what_came_while_the_connection_was_lost_is_not_missing(self):
        self.mock.create("14155550111")
        self.eventually(self.rows, "a row")
        self.cdp("Network.enable")
        self.cdp("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=-1, uploadThroughput=-1)
        try:
            for number in range(5):
                self.mock.create(f"1415555012{number}")
        finally:
            self.cdp("Network.emulateNetworkConditions", offline=False, latency=0, downloadThroughput=-1, uploadThroughput=-1)
        self.eventually(lambda: self.row_count() == 6, "all six, each once")
        self.forget_console()

    def test_many_pages_of_one_browser(self):
        self.mock.create("14155550111")
        self.eventually(self.rows, "a row")
        first = self.browser.current_window_handle

        def close_others():
            for handle in self.browser.window_handles:
                if handle != first:
                    self.browser.switch_to.window(handle)
                    self.browser.close()
            self.browser.switch_to.window(first)
        self.addCleanup(close_others)
        for _ in range(8):  # a browser has six connections to a server
            self.browser.switch_to.new_window("tab")
            self.open()
        self.mock.create("14155550112")
        self.eventually(lambda: self.row_count() == 2, "the last page has all")
        self.js("location.hash = '#controls'")
        self.button("Freeze")
        self.eventually(lambda: "Clock frozen" in self.chips(), "its buttons work")
        self.browser.switch_to.window(first)
        self.eventually(lambda: self.text("#state") == "Live" and self.row_count() == 2, "the first one goes on, each request once")


if __name__ == "__main__":
    unittest.main()
