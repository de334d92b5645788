"""Readable by everybody: contrast, keyboard, names for screen readers, a phone and a wide screen, dark and light."""
import unittest

from browser import Keys, PHONE, PageTest, WIDE, token

VIEWS = ("requests", "exchange", "controls", "contacts", "token")

# WCAG 2.1: every text that is seen against what is behind it, and the edge of every control.
CONTRAST = """
const colour = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
function rgba(text) {
    colour.clearRect(0, 0, 1, 1); colour.fillStyle = text; colour.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = colour.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
}
const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3]));
function behind(element) {
    const layers = [];
    for (let one = element; one; one = one.parentElement) layers.push(rgba(getComputedStyle(one).backgroundColor));
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
}
function light(colour) {
    const [r, g, b] = colour.map(value => { value /= 255; return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
const isSeen = one => one.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && one.getBoundingClientRect().width > 1 &&
    !one.closest('.unseen, .skip');
const wrong = [];
let texts = 0;
for (const one of document.querySelectorAll('body *')) {
    if (!isSeen(one)) continue;
    const style = getComputedStyle(one), below = behind(one);
    const hasText = [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim() !== '') || one.matches('input, textarea, select');
    if (hasText && !one.disabled) {
        const size = parseFloat(style.fontSize), isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
        const found = ratio(over(rgba(style.color), below), below);
        texts++;
        if (found < (isLarge ? 3 : 4.5)) wrong.push(`${one.tagName} ${one.className} ${one.textContent.slice(0, 30)}: ${found.toFixed(2)}`);
        if (one.placeholder) {
            const hint = ratio(over(rgba(getComputedStyle(one, '::placeholder').color), below), below);
            if (hint < 4.5) wrong.push(`placeholder of ${one.id}: ${hint.toFixed(2)}`);
        }
    }
    if (one.matches('input:not([type=checkbox]), select, textarea, button:enabled')) {
        const outside = behind(one.parentElement), edge = over(rgba(style.borderTopColor), outside);
        if (Math.max(ratio(edge, outside), ratio(below, outside)) < 3) wrong.push(`edge of ${one.tagName} ${one.id} ${one.textContent.slice(0, 20)}: ${ratio(edge, outside).toFixed(2)}`);
    }
}
return [texts, wrong];
"""

FOCUS = """
const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
return { name: one.id || one.getAttribute('data-view') || one.getAttribute('aria-label') || one.textContent.trim().slice(0, 30), tag: one.tagName,
         isOutlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2, isInSight: box.bottom > 0 && box.top < innerHeight && box.width > 0 };
"""


class Look(PageTest):
    def setUp(self):
        super().setUp()
        self.mock.create("14155550111")
        self.mock.create("+1 415 555 0112")
        self.mock.create("14155550113", bearer=token(age_s=400))
        self.mock.create("fault-429@example.com", "email")
        self.mock.create("fault-500@example.com", "email")
        self.mock.api("PUT", "/v3/nothing", {})
        self.mock.control("PUT", "clock", {"offset_s": 30})
        self.mock.control("PUT", "policy", {"policy": {"typ": "reject"}})
        faults = self.mock.control("GET", "faults")["faults"]
        self.mock.control("PUT", "faults", {"faults": [{"status": 429, "times": 2}] + [{name: rule[name] for name in rule if name not in ("matched", "done")}
                                                                                          for rule in faults]})
        self.eventually(lambda: self.row_count() == 6, "six rows")

    def view(self, name):
        self.js("location.hash = '#requests'")
        if name == "exchange":
            self.eventually(self.rows, "rows")
            self.js("[...document.querySelectorAll('.rows .row')].find(row => row.innerText.includes('401')).click()")
        elif name != "requests":
            self.js("location.hash = '#' + arguments[0]", name)
        self.eventually(lambda: self.js("return document.body.dataset.view") == name, name)
        if name == "controls":
            self.js("document.querySelectorAll('#faults-list details').forEach(one => { one.open = true; })")
        if name == "contacts":
            self.eventually(lambda: self.find_all("#contacts-list summary"), "contacts")
            self.js("const first = document.querySelector('#contacts-list details'); if (!first.open) first.querySelector('summary').click()")
            self.eventually(lambda: self.find_all("#contacts-list td"), "channels")
        if name == "token":
            self.js("""const box = document.getElementById('token-text'); box.value = arguments[0]; box.form.requestSubmit()""", token(age_s=900))
            self.eventually(lambda: "Cure" in self.text("#token-verdict"), "the verdict")

    def test_contrast_is_aa_everywhere(self):
        texts = 0
        for size in (WIDE, PHONE):
            for scheme in ("light", "dark"):
                self.size(size)
                self.scheme(scheme)
                for name in VIEWS:
                    self.view(name)
                    seen, wrong = self.js(CONTRAST)
                    texts += seen
                    self.assertEqual(wrong, [], (size, scheme, name))
        self.assertGreater(texts, 800)  # it has looked at something

    def test_nothing_is_wider_than_the_screen(self):
        for size in ((320, 640), PHONE, (768, 1024), (1024, 768), WIDE, (2560, 1200)):
            self.size(size)
            for name in VIEWS:
                self.view(name)
                high = self.js("return [document.documentElement.scrollHeight, innerHeight]")
                self.assertLessEqual(high[0], high[1], (size, name))
                wide = self.js("""return [document.documentElement, ...document.querySelectorAll('.side, .list, .top, .filter, .views')]
                    .filter(one => one.scrollWidth > one.clientWidth + 1).map(one => `${one.className} ${one.scrollWidth} ${one.clientWidth}`)""")
                self.assertEqual(wide, [], (size, name))

    def test_magnified_there_is_room_for_what_is_looked_at(self):
        for size in ((740, 360), (640, 256), (320, 256)):  # a phone on its side; 1280 pixels at 200 and at 400 %
            self.size(size)
            for name in VIEWS:
                self.view(name)
                seen = self.js("""
                    const box = document.querySelector(arguments[0] === 'requests' ? '#list' : '#side');
                    box.scrollIntoView();
                    const { top, bottom } = box.getBoundingClientRect(), views = document.querySelector('.views').getBoundingClientRect();
                    const below = document.elementFromPoint(views.left + 20, views.top + 10);
                    return [Math.min(bottom, views.top) - Math.max(0, top), below.closest('.views') !== null, document.documentElement.scrollWidth <= innerWidth]""", name)
                self.assertGreater(seen[0], size[1] / 2, (size, name))
                self.assertEqual(seen[1:], [True, True], (size, name))

    def test_with_colours_of_the_system_what_is_on_differs(self):
        self.cdp("Emulation.setEmulatedMedia", features=[{"name": "forced-colors", "value": "active"}])
        self.click("#pause")
        on, off, here, other = self.js("""return [...document.querySelectorAll('#pause, #clear')].map(one => getComputedStyle(one).backgroundColor)
            .concat(['[aria-current]', ':not([aria-current])'].map(one => getComputedStyle(document.querySelector(`.views a${one}`)).borderBottomColor))""")
        self.assertNotEqual(on, off)
        self.assertNotEqual(here, other)

    def test_rows_do_not_cover_each_other_and_hold_their_text(self):
        for size in ((320, 640), PHONE, (1024, 768), WIDE):
            self.size(size)
            self.view("requests")
            self.eventually(lambda: len(self.rows()) >= 2, "rows")
            wrong = self.js("""
                const rows = [...document.querySelectorAll('.rows .row')], boxes = rows.map(row => row.getBoundingClientRect());
                return rows.map((row, i) => i > 0 && Math.abs(boxes[i].top - boxes[i - 1].bottom) > 1 ? `gap before ${row.innerText}`
                    : row.scrollHeight > row.clientHeight + 2 ? `more than its height: ${row.innerText}`
                    : [...row.querySelectorAll('.what, .cure')].some(one => one.getBoundingClientRect().bottom > boxes[i].bottom + 1 ||
                        (one.scrollHeight > one.clientHeight + 1 && !one.matches('.lines-3'))) ? `cut: ${row.innerText}` : null)
                    .filter(Boolean)""")
            self.assertEqual(wrong, [], size)

    def test_a_walk_by_keyboard_reaches_everything(self):
        wanted = self.js("""return [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
            .filter(one => one.checkVisibility() && !one.disabled).length""")
        self.js("document.activeElement.blur()")
        walked = []
        for _ in range(wanted + 8):
            self.keys(Keys.TAB)
            focus = self.js(FOCUS)
            if focus["tag"] == "BODY":
                break
            self.assertTrue(focus["isOutlined"] and focus["isInSight"], focus)
            walked.append(focus["name"])
        # A date has several stops.
        self.assertGreaterEqual(len(set(walked)), wanted - 12, walked)
        for name in ("filter-text", "filter-status", "filter-operation", "pause", "clear", "list", "controls", "contacts", "token"):
            self.assertIn(name, walked)
        self.assertEqual(walked[0], "Skip to the requests")

    def test_the_skip_link_leads_to_the_list(self):
        self.js("document.activeElement.blur(); location.hash = '#token'")
        self.eventually(lambda: self.js("return document.body.dataset.view") == "token", "token")
        self.find(".skip").send_keys(Keys.ENTER)
        self.eventually(lambda: self.focused() == "list", "the list has the focus")

    def test_keys_move_in_the_list(self):
        self.js("document.getElementById('list').focus()")

        def active():
            return self.js("return document.querySelector('.rows .row.active')?.getAttribute('aria-rowindex')")
        for key, expected in ((Keys.ARROW_DOWN, "2"), (Keys.ARROW_DOWN, "3"), (Keys.ARROW_UP, "2"), (Keys.ARROW_UP, "2"), (Keys.END, "7"),
                              (Keys.ARROW_DOWN, "7"), (Keys.HOME, "2"), (Keys.PAGE_DOWN, "7"), (Keys.PAGE_UP, "2")):
            self.keys(key)
            self.eventually(lambda: active() == expected, f"row {expected} is active")

    def test_a_screen_reader_finds_names_and_landmarks(self):
        for name in VIEWS:
            self.view(name)
            nodes = [node for node in self.cdp("Accessibility.getFullAXTree")["nodes"] if not node.get("ignored")]
            roles = [node["role"]["value"] for node in nodes]
            for role in ("banner", "navigation", "main", "complementary", "search", "grid", "row", "gridcell", "columnheader", "heading", "status"):
                self.assertIn(role, roles, name)
            unnamed = [node["role"]["value"] for node in nodes
                       if any(one["name"] == "focusable" and one["value"].get("value") for one in node.get("properties", []))
                       and node["role"]["value"] not in ("RootWebArea", "generic", "scrollable") and not node.get("name", {}).get("value")]
            self.assertEqual(unnamed, [], name)
        self.assertEqual(self.js("return document.querySelectorAll('h1').length"), 1)
        self.assertEqual(self.js("return document.documentElement.lang"), "en")
        ids = self.js("return [...document.querySelectorAll('[id]')].map(one => one.id)")
        self.assertEqual(len(ids), len(set(ids)))

    def test_targets_are_large_enough_for_a_finger(self):
        self.size(PHONE)
        for name in VIEWS:
            self.view(name)
            small = self.js("""return [...document.querySelectorAll('button, select, input:not([type=checkbox]), .views a, summary, .checks label')]
                .filter(one => one.checkVisibility() && one.getBoundingClientRect().height > 1)
                .filter(one => one.getBoundingClientRect().height < 24 || one.getBoundingClientRect().width < 24)
                .map(one => one.outerHTML.slice(0, 80))""")
            self.assertEqual(small, [], name)

    def test_larger_letters_of_the_user(self):
        self.js("document.documentElement.style.fontSize = '28px'")
        self.eventually(lambda: self.js("return document.querySelector('.rows .row')?.getBoundingClientRect().height > 50"), "rows grow")


if __name__ == "__main__":
    unittest.main()
