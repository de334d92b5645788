# run --report FILE.md and GitHub's annotations: what a client sends stays text in both.
need_python

cat >hostile.sh <<'END'
set -- -s -o /dev/null -H "Authorization: Bearer $(heymarket token sign)" -H 'Content-Type: application/json'
url=$HEYMARKET_API_BASE_URL/v2/contact
curl "$@" -d '{"channel_type":"phone","channel_id":"</code>@all [x](http://evil.example) ```\n::error::pwned\n"}' "$url/$HEYMARKET_CONTACT_ID/channel"
curl "$@" -d '{"channel_type":"::warning::x %0A::error::y ##[z]","channel_id":"<img src=http://evil.example/x>"}' "$url/$HEYMARKET_CONTACT_ID/channel"
curl "$@" -d '{"channel_type":"email","channel_id":"a@example.com","www.evil.example":1}' "$url/$HEYMARKET_CONTACT_ID/channel"
curl "$@" -d '{}' -g --path-as-is "$url/::error::x%0A::error/channel"
curl "$@" -d '{}' -g --path-as-is "$HEYMARKET_API_BASE_URL/v2/kontact/|<b>*_[a](b)@bob#1/channel"
END
exits 1 env GITHUB_ACTIONS=true heymarket-mock run --other-paths refuse --fail-on refused --fail-on warned --expect 4 --report r.md -- sh hostile.sh
cp err log
for text in '## heymarket-mock run: Failed' '| 5 | 3 | 2 | 3 |' 'not met**: <code>&#45;&#45;expect' '#### B7 `contact-id-not-uuid`: refused 1 time' \
  'Use the contact' 'The first time: ' "curl -g --path-as-is -X 'POST'" 'Where: <code>POST</code> <code>/v2/contact/'; do
  grep -qF -- "$text" r.md || fail "the report lacks: $text
$(cat r.md)"
done
# The commands can be pasted: they send what was sent. The first block of the finding B6 is one.
awk '/^#### B6/ { on = 1 } on && /^```/ { n++; next } on && n == 1' r.md >again.sh
exits 0 heymarket-mock run --expect 1 -- sh again.sh
complains 'member-unknown'

python3 "$HM_SOURCE/ci/github_commands.py" log >commands
python3 - <<'END' || fail "$(cat log commands)"
import json
got = [json.loads(line) for line in open("commands")]
assert {c["command"] for c in got} == {"error"}, got
titles = [c["title"] for c in got]
assert titles[:3] == ["heymarket-mock run: --fail-on refused", "heymarket-mock run: --fail-on warned", "heymarket-mock run: --expect"], titles
assert "B7 contact-id-not-uuid" in titles and "B3 type-unknown" in titles, titles
assert len(got) <= 10, got
text = next(c["message"] for c in got if c["title"] == "B3 type-unknown")
assert '"::warning::x %0A::error::y ##[z]"' in text, text
END
# Elsewhere there is none; without --fail-on a refusal is a warning and a warning a notice.
exits 1 heymarket-mock run --expect 9 -- sh hostile.sh
grep -q '^::' err && fail 'a command for GitHub, although GITHUB_ACTIONS is not set'
exits 0 env GITHUB_ACTIONS=true heymarket-mock run -- sh hostile.sh
python3 "$HM_SOURCE/ci/github_commands.py" err >commands
grep -q '"warning", "title": "B7' commands && grep -q '"notice", "title": "B3' commands || fail "$(cat commands)"

# Many kinds of findings: GitHub shows ten of a level, so more are not written.
cat >many.sh <<'END'
for token in '' x x.y x.y.z Bearer "$HEYMARKET_API_SECRET_ID" undefined null '[object Promise]' a=b 'a b' "'a.b.c'" '"a.b.c"' AAAA.BBBB.CCCC \
  eyJhbGciOiJub25lIn0.e30. eyJhbGciOiJIUzI1NiJ9.e30.AA eyJhbGciOiJIUzUxMiJ9.e30.AA e30.e30.e30; do
  curl -s -o /dev/null -d '{}' -H "Authorization: Bearer $token" "$HEYMARKET_API_BASE_URL/v2/contact/$HEYMARKET_CONTACT_ID/channel"
done
END
exits 1 env GITHUB_ACTIONS=true heymarket-mock run --fail-on refused --report many.md -- sh many.sh
[ "$(grep -c '^::error ' err)" = 10 ] || fail "$(grep -c '^::error ' err) annotations, expected 10"
[ "$(grep -c '^#### ' many.md)" -gt 10 ] || fail 'the report has too few findings'

# As GitHub renders it, there is nothing in it but our own elements.
command -v cmark-gfm >/dev/null || { echo 'not rendered: no cmark-gfm'; exit 0; }
cmark-gfm --unsafe -e table -e autolink -e strikethrough -e tasklist r.md >r.html
python3 - <<'END' || fail "$(cat r.html)"
import html.parser
class Page(html.parser.HTMLParser):
    tags, text = set(), ""
    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        assert not attributes or (tag, attributes[0][0]) in (("code", "class"), ("pre", "lang"), ("th", "align"), ("td", "align")), (tag, attributes)
    def handle_data(self, data):
        self.text += data
page = Page()
page.feed(open("r.html").read())
assert page.tags <= {"h2", "h3", "h4", "p", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "strong", "code", "pre", "details", "summary"}, page.tags
for text in ("::warning::x %0A::error::y ##[z]", "</code>@all [x](http://evil.example) ```", "www.evil.example", "<img src=http"):
    assert text in page.text, text
END
