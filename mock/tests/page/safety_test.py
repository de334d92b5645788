"""What a client sent stays text; another origin can neither read nor control; the page keeps to its policy."""
import http.server
import json
import os
import tempfile
import threading
import unittest

from browser import ADA, KEY, PageTest, SECRET, token

HOSTILE = ["<img src=x onerror=window.hit=1>", "</script><script>window.hit=1</script>", "<svg/onload=window.hit=1>", "javascript:window.hit=1",
           "\u202egnp.exe\u2066\u200b", "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627", "nul\0escape\x1b[31m\x7f", "&lt;b&gt;&amp;", "' onfocus=window.hit=1 x='",
           "${window.hit=1}{{window.hit=1}}", "\U0001f600\ufeff\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace"), "A" * 16384]
# What a text may not have when it is shown.
HOSTILE_CONTACT = "ada0ada0-1815-4000-8000-000000000000"
UNSEEN = "[\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff\u0000-\u0008\u000b-\u001f\u007f]"


class HostileText(PageTest):
    @classmethod
    def setUpClass(cls):
        def told(number, text):
            text = text.replace("\0", "")
            return {"id": 510001 + number, "team_id": 4821, "contact_id": 1, "channel_type": "phone", "channel_id": text[:500], "info_channel": text[:99],
                    "channel_handle": text[:99], "created": "2024-03-01T09:30:00Z", "updated": "2024-03-01T09:30:00Z"}
        contacts = [{"name": "hostile", "uuid": HOSTILE_CONTACT, "contact_id": 1, "channels": [told(*one) for one in enumerate(HOSTILE)]}]
        cls.world = tempfile.NamedTemporaryFile("w", suffix=".json", delete=False)
        json.dump({"teams": [{"team_id": 4821, "name": HOSTILE[0], "secrets": [{"id": SECRET, "key": "cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK"}],
                              "contacts": contacts}]}, cls.world)
        cls.world.close()
        cls.options = ("--world", cls.world.name)
        cls.addClassCleanup(os.unlink, cls.world.name)
        super().setUpClass()

    def assert_harmless(self, what):
        self.assertIsNone(self.js("return window.hit ?? null"), what)
        self.assertEqual(self.js("""return [...document.querySelectorAll('main *, aside *, header *')].filter(one =>
            ['IMG', 'SCRIPT', 'SVG', 'IFRAME', 'STYLE'].includes(one.tagName.toUpperCase()) ||
            one.getAttributeNames().some(name => name.startsWith('on'))).map(one => one.outerHTML.slice(0, 200))"""), [], what)
        self.assertEqual(self.js(f"return (document.body.textContent.match(/{UNSEEN}/gu) ?? []).length"), 0, what)
        self.assertEqual(self.js("return document.title"), "heymarket-mock")

    def send_all(self):
        path = f"/v2/contact/{HOSTILE_CONTACT}/channel"
        for text in HOSTILE:
            quoted = "".join(f"%{byte:02X}" for byte in text.encode()[:600])
            self.mock.api("POST", path, {"channel_type": text, "channel_id": text, text[:500]: text})
            self.mock.api("POST", path, text.encode())
            self.mock.api("GET", f"{path}/{quoted}")
            self.mock.api("GET", f"/v2/contact/{quoted}/channels")
            self.mock.api("GET", f"/{quoted}?{quoted}")
            self.mock.api(bearer=token(header={"alg": text[:300], "typ": text[:300], "x": text[:300]}))
            self.mock.api(bearer=token(claims={"iss": text[:300], "iat": text[:300], text[:300]: {text[:9]: [text[:300]]}}))
            self.mock.call("GET", path, None, {"Authorization": text.encode()[:4000].replace(b"\0", b"").replace(b"\r", b"")})
        self.mock.call("<IMG>"[:3].replace("<", "!") + "X", path)

    def test_in_every_field_of_a_request(self):
        self.send_all()
        count = len(self.mock.control("GET", "journal?limit=1000")["exchanges"])
        self.assertGreater(count, 90)
        self.eventually(lambda: self.row_count() == count, "all rows")
        self.assert_harmless("the rows")
        for number in range(count):
            self.js("location.hash = '#exchange/' + arguments[0]", self.mock_ids()[number])
            self.eventually(lambda: self.js("return document.body.dataset.view") == "exchange", "the exchange")
            self.assert_harmless(f"exchange {number}")
        wanted = self.js("return document.getElementById('exchange').textContent")
        self.assertIn("\\x", wanted + self.text(".rows"))

    def mock_ids(self):
        if not hasattr(self, "ids"):
            self.ids = [one["request_id"] for one in self.mock.control("GET", "journal?limit=1000")["exchanges"]]
        return self.ids

    def test_the_text_itself_is_shown(self):
        self.mock.api("POST", f"/v2/contact/{HOSTILE_CONTACT}/channel", {"channel_type": "phone", "channel_id": HOSTILE[0]})
        self.eventually(self.rows, "a row")
        self.click(".rows .row")
        self.assertIn(HOSTILE[0], self.text("#exchange"))
        for part in ("dd", ".path", ".card p"):  # a letter with a hundred accents covers nothing outside
            self.assertEqual(self.js("return getComputedStyle(document.querySelector('#exchange ' + arguments[0])).overflowY", part), "clip")

    def test_in_contacts_and_channels(self):
        self.open("#contacts")
        self.eventually(lambda: "1 contact" in self.text("#contacts-count"), "the contact")
        self.click("#contacts-list summary")
        self.eventually(lambda: len(self.find_all("#contacts-list td")) == 3 * len(HOSTILE), "all channels")
        self.assert_harmless("contacts")
        self.assertIn(HOSTILE[0], self.text("#contacts-list"))
        self.find("#contacts-text").send_keys(HOSTILE[1])
        self.assert_harmless("a search")

    def test_a_key_that_is_sent_as_an_id_is_masked(self):
        sent = [KEY, token()]
        for channel_id in sent:
            self.mock.create(channel_id, contact=HOSTILE_CONTACT)
        self.open("#contacts")
        self.eventually(lambda: "1 contact" in self.text("#contacts-count"), "the contact")
        self.click("#contacts-list summary")
        self.eventually(lambda: "***" in self.text("#contacts-list"), "the channels")
        shown = self.js("return document.documentElement.outerHTML")
        for text in [KEY, sent[1].split(".")[2]]:
            self.assertNotIn(text, shown)

    def test_in_faults_and_in_what_is_pasted(self):
        self.mock.control("PUT", "faults", {"faults": [{"status": 429, "channel_id": text.replace("\0", "")[:2000]} for text in HOSTILE]})
        self.eventually(lambda: f"{len(HOSTILE)} rules for certain ids" in self.text("#faults-list"), "the rules")
        self.click("#faults-list summary")
        self.assert_harmless("faults")
        self.js("location.hash = '#token'")
        for text in HOSTILE + [token(header={"alg": text[:300]}, claims={text[:300]: text[:300]}) for text in HOSTILE]:
            self.js("""const box = document.getElementById('token-text'); box.value = arguments[0];
                       document.getElementById('token-verdict').replaceChildren();
                       box.form.requestSubmit()""", text)
            self.eventually(lambda: self.text("#token-verdict") != "", "a verdict")
            self.assert_harmless(text[:40])
        self.js("""const box = document.getElementById('filter-text'); box.value = arguments[0];
                   box.dispatchEvent(new Event('input', { bubbles: true }))""", HOSTILE[0])
        for hash in ("#exchange/<img src=x onerror=window.hit=1>", "#contacts/<img src=x onerror=window.hit=1>", "#%", "#contacts/%E0%A4"):
            self.js("location.hash = arguments[0]", hash)
            self.assert_harmless(hash)
        self.forget_console()  # a 400 of the doctor or a 404 of a contact is a line there


class OtherOrigin(PageTest):
    """A page on another port, and on another host name with the mock's port in its URLs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = b"<!DOCTYPE html><meta charset=utf-8><title>other</title><body>"
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.server.server_close)
        cls.addClassCleanup(cls.server.shutdown)

    def attack(self, script, *arguments):
        return self.browser.execute_async_script("const done = arguments[arguments.length - 1], mock = arguments[0];" + script, self.mock.page, *arguments)

    def state(self):
        return [self.mock.control("GET", path) for path in ("faults", "policy", "contacts")] + [self.mock.control("GET", "clock")["clock"],
                len(self.mock.control("GET", "journal")["exchanges"])]

    def test_it_can_neither_read_nor_control(self):
        self.mock.create("14155550111")
        before = self.state()
        for host in ("127.0.0.1", "localhost"):
            self.browser.get(f"http://{host}:{self.server.server_port}/")
            for path in ("", "page/main.js", "journal", "events", "health", "contacts", "env", "policy"):
                for mode in ("cors", "no-cors"):
                    read = self.attack("""fetch(mock + arguments[1], { mode: arguments[2], cache: 'no-store' })
                        .then(async answer => done((await answer.text()).slice(0, 100)), error => done(''))""", path, mode)
                    self.assertEqual(read, "", (host, path, mode))
            for method, path, body in (("PUT", "clock", '{"offset_s":301}'), ("DELETE", "journal", ""), ("DELETE", "faults", ""),
                                       ("POST", "reset", "{}"), ("PUT", "policy", '{"policy":{"typ":"reject"}}'), ("POST", "sandboxes", "{}")):
                for mode, kind in (("cors", "application/json"), ("no-cors", "text/plain")):
                    self.attack("""fetch(mock + arguments[2], { method: arguments[1], mode: arguments[4], body: arguments[3] || undefined,
                        headers: { 'Content-Type': arguments[5] } }).then(done, () => done())""", method, path, body, mode, kind)
            opened = self.attack("""const source = new EventSource(mock + 'events');
                source.onopen = () => done('open'); source.onerror = () => { source.close(); done('refused'); }""")
            self.assertEqual(opened, "refused")
            script = self.attack("""const script = document.createElement('script'); script.src = mock + 'journal';
                script.onload = () => done('loaded'); script.onerror = () => done('refused'); document.body.append(script)""")
            self.assertEqual(script, "refused")
            framed = self.attack("""const frame = document.createElement('iframe'); frame.src = mock;
                frame.onload = () => { let read = ''; try { read = frame.contentDocument?.body.innerText ?? ''; } catch { } done([frame.contentWindow.length, read]); };
                document.body.append(frame)""")
            self.assertEqual(framed, [0, ""])
            posted = self.attack("""const form = document.createElement('form'), frame = document.createElement('iframe');
                frame.name = 'to'; frame.onload = () => done('loaded'); document.body.append(frame, form);
                form.target = 'to'; form.method = 'post'; form.enctype = 'text/plain'; form.action = mock + 'reset'; form.submit()""")
            self.assertEqual(posted, "loaded")
        self.assertEqual(self.state(), before)
        self.forget_console()  # each refusal is a line there

    def test_it_cannot_reach_into_a_window_that_it_opens(self):
        self.browser.get(f"http://127.0.0.1:{self.server.server_port}/")
        read = self.attack("""const opened = window.open(mock);
            setTimeout(() => { let read = ''; try { read = opened.document.body.innerText; } catch { } done(read); }, 500)""")
        self.assertEqual(read, "")
        for handle in self.browser.window_handles[1:]:
            self.browser.switch_to.window(handle)
            self.browser.close()
        self.browser.switch_to.window(self.browser.window_handles[0])
        self.forget_console()


class Policy(PageTest):
    def test_what_the_page_may_do(self):
        status, _ = self.mock.call("GET", "/_mock/")
        self.assertEqual(status, 200)
        self.js("""window.reports = [];
            addEventListener('securitypolicyviolation', event => window.reports.push(event.violatedDirective))""")
        markup = self.js("""
            const refused = [];
            for (const act of [() => { document.body.innerHTML = '<b>x</b>'; }, () => { document.createElement('script').text = 'window.hit = 1'; },
                               () => document.write('<script>window.hit = 1</script>')]) {
                try { act(); } catch (error) { refused.push(error.name); }
            }
            const script = document.createElement('script'), style = document.createElement('div'), image = new Image();
            script.append('window.hit = 1');
            style.setAttribute('style', 'color: red');
            document.body.append(script, style);
            image.src = 'http://127.0.0.1:9/x.png';
            fetch('http://127.0.0.1:9/').catch(() => {});
            return refused""")
        self.assertEqual(len(markup), 3, markup)
        directives = ("style-src-attr", "img-src", "connect-src", "require-trusted-types-for")
        self.eventually(lambda: set(directives) <= set(self.js("return window.reports")), "the browser refuses all")
        self.assertIsNone(self.js("return window.hit ?? null"))
        self.forget_console()

    def test_no_source_makes_markup_of_text(self):
        folder = os.path.join(os.path.dirname(__file__), "..", "..", "page")
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                text = file.read()
            for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "DOMParser", "localStorage",
                         "sessionStorage", "style=\"", "onclick=", "http://" if not name.endswith(".svg") else "\0", "https://"):
                self.assertNotIn(word, text, name)


if __name__ == "__main__":
    unittest.main()
