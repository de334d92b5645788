"""Each button does what it says, seen through the control plane; and the page says what is in effect."""
import http.client
import time
import unittest

from browser import ADA, EMPTY, KEY, Keys, PageTest, token


class Clock(PageTest):
    def clock(self):
        return self.mock.control("GET", "clock")

    def test_ahead_freeze_and_real(self):
        self.button("+301 s")
        self.eventually(lambda: self.clock().get("offset_s") == 301, "301 s ahead")
        self.eventually(lambda: "Clock +301 s" in self.chips(), "the chip says so")
        self.mock.create("14155550111")
        self.eventually(lambda: self.rows() and "J6" in self.rows()[0], "a fresh token is too old")
        self.button("+301 s")
        self.eventually(lambda: self.clock().get("offset_s") == 602, "602 s ahead")
        self.button("Freeze")
        self.eventually(lambda: self.clock()["clock"] == "frozen" and "Clock frozen" in self.chips(), "frozen")
        frozen = self.clock()["now"]
        self.assertLess(abs(frozen - time.time() - 602), 60)
        self.button("+301 s")
        self.eventually(lambda: self.clock()["now"] == frozen + 301, "a frozen clock moves, too")
        self.button("Real time")
        self.eventually(lambda: self.clock()["clock"] == "real" and "Clock real" in self.chips(), "real")

    def test_age_tokens_refuses_those_of_before(self):
        old = token()
        self.button("Age tokens 301 s")
        self.eventually(lambda: self.clock()["elapsed"] and "tokens aged 301 s" in self.chips(), "tokens are aged")
        self.assertEqual(self.mock.api(bearer=old)[0], 401)
        self.assertEqual(self.mock.api()[0], 200)

    def test_set(self):
        self.js("arguments[0].value = '2026-03-01T12:30:15'", self.find("#clock-time"))
        self.button("Set")
        self.eventually(lambda: self.clock()["now"] == 1772368215, "the time is set")
        self.eventually(lambda: "12:30:15" in self.chips(), "the chip shows it")

    def test_what_others_change_is_shown(self):
        self.mock.control("PUT", "clock", {"offset_s": -20})
        self.eventually(lambda: "Clock −20 s" in self.chips(), "the chip")


class Faults(PageTest):
    def faults(self):
        return self.mock.control("GET", "faults")["faults"]

    def press(self, label, text):
        self.button(label)
        self.eventually(lambda: f"Faults {text}" in self.chips(), f"the chip says {text}")

    def test_429_next(self):
        before = len(self.faults())
        self.press("429 next", "status 429")
        self.assertEqual(len(self.faults()), before + 1)
        self.assertEqual([self.mock.create("14155550111")[0] for _ in range(2)], [429, 200])
        self.eventually(lambda: len(self.rows()) == 2 and "Fault: status 429" in self.rows()[1], "the row says that it was a fault")
        self.eventually(lambda: f"Faults {before} by id" in self.chips(), "it is used up")
        self.assertIn("done 1 of 1", self.text("#faults-list"))

    def test_500_next_for_one_operation(self):
        self.click("#fault-operation option[value=channel_list]")
        self.press("500 next", "status 500")
        self.assertEqual([self.mock.create("14155550111")[0], self.mock.api()[0], self.mock.api()[0]], [200, 500, 200])

    def test_slow_is_a_switch(self):
        self.press("Slow 3 s", "wait 3s")
        slow = self.find("[data-fault=slow]")
        self.assertEqual(slow.get_attribute("aria-pressed"), "true")
        began = time.monotonic()
        self.assertEqual(self.mock.api()[0], 200)
        self.assertGreaterEqual(time.monotonic() - began, 3)
        self.button("Slow 3 s")
        self.eventually(lambda: not any(rule.get("delay") == "3s" for rule in self.faults()), "the rule is gone")
        self.eventually(lambda: slow.get_attribute("aria-pressed") == "false", "the switch is off")

    def test_lose_next_answer_does_the_write(self):
        self.press("Lose next answer", "connection reset")
        with self.assertRaises((http.client.HTTPException, OSError)):
            self.mock.create("14155550144", contact=EMPTY)
        self.assertIn("14155550144", str(self.mock.control("GET", f"contacts/{EMPTY}")))
        self.eventually(lambda: self.rows() and "Fault: connection reset" in self.rows()[0], "the row")

    def test_a_new_rule_leaves_the_others_what_is_left_of_them(self):
        self.mock.control("PUT", "faults", {"faults": [{"status": 503, "times": 3}, {"status": 404, "channel_id": "1", "nth": 2}]})
        self.mock.api()
        self.press("429 next", "status 429")
        self.assertEqual([self.mock.api()[0] for _ in range(4)], [429, 503, 503, 200])

    def test_remove_one_and_all(self):
        before = len(self.faults())
        self.press("429 next", "status 429")
        self.press("500 next", "status 500")
        self.spoken()

        def remove():
            self.find("[aria-label='Remove: status 429, Retry-After 1']").send_keys(Keys.ENTER)
            return True
        self.eventually(remove, "a key on Remove")
        self.eventually(lambda: [rule["status"] for rule in self.faults()[:1]] == [500] and len(self.faults()) == before + 1, "one is removed")
        self.eventually(lambda: any("Faults: status 500" in one for one in self.js("return window.spoken")), "a screen reader is told")
        # The focus was on what is no longer there.
        self.eventually(lambda: self.js("return document.activeElement.tagName") == "SUMMARY", "it is on what comes next")
        self.js("document.querySelector('#force li:nth-child(2) a').focus()")
        self.mock.control("PUT", "clock", {"offset_s": 7})
        self.eventually(lambda: "+7 s" in self.chips(), "the header is written anew")
        self.assertIn("Faults", self.js("return document.activeElement.textContent"))
        self.button("Remove all")
        self.eventually(lambda: self.faults() == [] and "Faults none" in self.chips(), "all are removed")
        self.eventually(lambda: "No rules" in self.text("#faults-list"), "the list is empty")


class Rest(PageTest):
    def test_a_policy(self):
        self.assertIn("Policy default", self.chips())
        self.click("[aria-label=typ] option[value=reject]")
        self.eventually(lambda: self.mock.control("GET", "policy")["policy"]["typ"] == "reject", "typ is set")
        self.eventually(lambda: "Policy typ=reject" in self.chips(), "the chip")
        self.js("""const box = document.querySelector('[aria-label=future-iat]');
                   box.value = 5; box.dispatchEvent(new Event('change', { bubbles: true }))""")
        self.eventually(lambda: self.mock.control("GET", "policy")["policy"]["future-iat"] == "5", "future-iat is set")
        self.eventually(lambda: "and 1 more" in self.chips(), "the chip")
        self.js("""const box = document.querySelector('[aria-label=future-iat]');
                   box.value = -1; box.dispatchEvent(new Event('change', { bubbles: true }))""")
        self.eventually(lambda: "expected seconds" in self.text("#told"), "the refusal of the mock is shown")
        self.forget_console()

    def test_reset_what_is_chosen(self):
        self.mock.create("14155550111", contact=EMPTY)
        self.mock.control("PUT", "clock", {"offset_s": 9})
        self.mock.control("PUT", "policy", {"policy": {"typ": "reject"}})
        self.eventually(lambda: "typ=reject" in self.chips() and "+9 s" in self.chips(), "all is shown")
        for box in self.find_all("#reset input"):
            if box.get_attribute("value") not in ("clock", "state"):
                box.click()
        self.button("Reset")
        self.eventually(lambda: self.mock.control("GET", "clock")["clock"] == "real", "the clock is reset")
        self.assertEqual(self.mock.control("GET", f"contacts/{EMPTY}")["channels"], [])
        self.assertEqual(self.mock.control("GET", "policy")["policy"]["typ"], "reject")
        self.assertEqual(len(self.mock.control("GET", "journal")["exchanges"]), 1)
        self.eventually(lambda: "Clock real" in self.chips() and "typ=reject" in self.chips(), "the chips")
        for box in self.find_all("#reset input"):
            if not box.is_selected():
                box.click()
        self.button("Reset")
        self.eventually(lambda: "Policy default" in self.chips() and self.row_count() == 0, "all is reset")
        self.assertEqual(self.mock.control("GET", "journal")["exchanges"], [])

    def test_contacts_and_their_channels_as_they_stand(self):
        self.open("#contacts")
        self.eventually(lambda: "4 contacts" in self.text("#contacts-count"), "the count")
        self.click(f"[data-uuid='{EMPTY}'] summary")
        row = f"[data-uuid='{EMPTY}']"
        self.eventually(lambda: "No channels" in self.text(row), "it is empty")
        self.mock.create("14155550166", contact=EMPTY)
        self.eventually(lambda: "14155550166" in self.text(row), "the new channel, without a reload")
        self.mock.api("DELETE", f"/v2/contact/{EMPTY}/channel/phone")
        self.eventually(lambda: "No channels" in self.text(row), "it is deleted")
        self.find("#contacts-text").send_keys("ada")
        self.eventually(lambda: "1 of 4" in self.text("#contacts-count"), "one is found")
        self.assertNotIn("crowded", self.text("#contacts-list"))

    def test_an_exchange_leads_to_its_contact(self):
        self.mock.create("14155550155")
        self.eventually(self.rows, "a row")
        self.click(".rows .row")
        self.click(f"#exchange a[href='#contacts/{ADA}']")
        self.eventually(lambda: "14155550155" in self.text(f"[data-uuid='{ADA}']"), "the contact is open")

    def paste(self, text):
        box = self.find("#token-text")
        self.js("arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input', { bubbles: true }))", box, text)

    def test_paste_a_token(self):
        self.open("#token")
        good = token(age_s=7)
        for text, words in ((good, ("Good", "s old", "HS256", "iss")), ("Bearer " + good, ("Good",)),
                            (f"Authorization: Bearer {good}\n", ("Good",)),
                            (token(key=KEY[:-1]), ("Refused", "J5", "Cure")), (token(age_s=400), ("Refused", "J6", "expired", "4 minutes")),
                            ("nonsense", ("Refused", "J13"))):
            self.paste(text)
            self.eventually(lambda: all(word in self.text("#token-verdict") for word in words), f"{words} for {text}")
        self.paste("")
        self.eventually(lambda: self.text("#token-verdict") == "", "no verdict")
        self.paste(good)
        self.eventually(lambda: "Good" in self.text("#token-verdict"), "a verdict")
        self.button("Clear", "#token-form")
        self.eventually(lambda: self.text("#token-verdict") == "", "no verdict")
        # Nothing is kept anywhere.
        self.assertEqual(self.mock.control("GET", "journal")["exchanges"], [])
        self.assertEqual(self.js("return [localStorage.length, sessionStorage.length, document.cookie]"), [0, 0, ""])
        self.assertEqual(self.browser.execute_async_script("indexedDB.databases().then(arguments[0])"), [])
        self.assertNotIn(good[:20], self.js("return location.href"))


class Sandboxes(PageTest):
    def test_a_sandbox_has_the_same_page(self):
        made = self.mock.control("POST", "sandboxes", {"ttl_s": 600})
        self.addCleanup(lambda: self.mock.call("DELETE", f"/_mock/sandboxes/{made['id']}", None, {"Content-Type": "application/json"}))
        env = made["env"]
        own = token(secret=env["HEYMARKET_API_SECRET_ID"], key=env["HEYMARKET_API_SECRET_KEY"])
        self.eventually(lambda: "World main, 1 sandbox" in self.chips(), "the chip")
        link = self.find("#sandboxes-list a")
        self.assertEqual(link.text, made["id"])
        self.open(page=link.get_attribute("href"))
        self.assertIn("Sandbox " + made["id"][:8], self.chips())
        self.mock.create("14155550111")
        self.mock.create("14155550122", contact=env["HEYMARKET_CONTACT_ID"], bearer=own)
        self.eventually(lambda: self.row_count() == 1, "only its own request")
        self.click(".rows .row")
        self.assertIn("14155550122", self.text("#exchange"))
        self.js("location.hash = '#controls'")
        self.button("+301 s")
        self.eventually(lambda: "+301 s" in self.chips(), "its own clock")
        self.assertEqual(self.mock.control("GET", "clock")["clock"], "real")
        self.open()
        self.eventually(lambda: self.row_count() == 1, "only the request of the main world")
        self.button("End", "#sandboxes")
        self.eventually(lambda: self.mock.control("GET", "sandboxes")["sandboxes"] == [], "it has ended")
        self.eventually(lambda: "sandbox" not in self.chips(), "no sandbox any more")


if __name__ == "__main__":
    unittest.main()
