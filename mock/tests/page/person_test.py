"""What a person does on the page, from start to end."""
import unittest

from browser import ADA, KEY, Keys, PHONE, PageTest, token


class Person(PageTest):
    def test_find_out_why_a_request_is_refused_and_mend_it(self):
        self.assertIn("No requests yet", self.text("#empty"))
        self.mock.create("14155550142", bearer=token(key=KEY.lower()))
        self.eventually(lambda: self.rows() and "401" in self.rows()[0], "the refusal")
        self.click(".rows .row")
        cure = self.text("#exchange .cure")
        self.assertTrue(cure, "the cure")
        self.mock.create("14155550142")
        self.eventually(lambda: "200" in self.rows()[0] and self.row_count() == 2, "the mended request")
        self.click(f"#exchange a, .rows .row")
        self.click(f"#exchange a[href='#contacts/{ADA}']")
        self.eventually(lambda: "14155550142" in self.text(f"[data-uuid='{ADA}']"), "the channel is there")

    def test_see_whether_the_client_renews_its_token_and_retries(self):
        kept = token()
        self.mock.create("14155550101", bearer=kept)
        self.button("Age tokens 301 s")
        self.eventually(lambda: "tokens aged" in self.chips(), "in effect")
        self.mock.create("14155550102", bearer=kept)
        self.eventually(lambda: "J6" in self.rows()[0], "the kept token is refused")
        self.mock.create("14155550102")
        self.eventually(lambda: "200" in self.rows()[0], "the new one is not")
        self.button("Real time")
        self.button("429 next")
        self.eventually(lambda: "Faults status 429" in self.chips(), "in effect")
        self.assertEqual([self.mock.create("14155550103")[0] for _ in range(2)], [429, 200])
        self.click("#filter-status option[value='429']")
        self.eventually(lambda: self.row_count() == 1, "one 429")
        self.click("#filter-status option[value='']")
        self.button("Reset")
        self.eventually(lambda: self.row_count() == 0 and "Clock real" in self.chips(), "all as at the start")

    def test_with_the_keyboard_alone_on_a_phone(self):
        self.size(PHONE)
        self.mock.create("14155550142", bearer=token(age_s=400))
        self.eventually(self.rows, "the refusal")

        def walk(name):
            for _ in range(60):
                self.keys(Keys.TAB)
                if self.js("return document.activeElement.id === arguments[0] || document.activeElement.dataset.view === arguments[0] ||"
                           " document.activeElement.textContent.trim() === arguments[0]", name):
                    return
            self.fail(f"the focus does not come to {name}")
        walk("list")
        self.keys(Keys.ARROW_DOWN, Keys.ENTER)
        self.eventually(lambda: "Cure" in self.text("#exchange"), "the exchange")
        walk("controls")
        self.keys(Keys.ENTER)
        self.eventually(lambda: self.focused() == "controls-title", "the controls")
        walk("+301 s")
        self.keys(Keys.ENTER)
        self.eventually(lambda: self.mock.control("GET", "clock").get("offset_s") == 301, "the clock is ahead")


if __name__ == "__main__":
    unittest.main()
