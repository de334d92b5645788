"""Checks a directory of reports:  check_reports.py DIR EXIT_CODE

results.json and the transcript against their schema, junit.xml by its parser and its own figures, report.html for
its structure; and checks that the four agree. Prints the verdict's word.
"""
import html.parser
import json
import os
import stat
import sys
import xml.etree.ElementTree as ElementTree

import jsonschema

FOLDER, EXIT_CODE = sys.argv[1], int(sys.argv[2])
SCHEMA = json.load(open(os.path.join(os.environ["HM_SOURCE"], "fixtures/schemas/results.schema.json"), encoding="utf-8"))
VOID = {"meta"}


def read(name):
    path = os.path.join(FOLDER, name)
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600, f"{name} is not private"
    with open(path, encoding="utf-8") as file:
        return file.read()


class Page(html.parser.HTMLParser):
    """Every element is closed, ids are unique, links have targets, and there are no scripts or external resources."""

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.links, self.words = [], set(), set(), []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        assert tag not in ("script", "img", "link", "iframe", "object"), f"<{tag}>"
        assert not any(name.startswith("on") or name in ("src", "style") for name in attributes), attributes
        if tag not in VOID:
            self.open.append(tag)
        if "id" in attributes:
            assert attributes["id"] not in self.ids, f"id {attributes['id']} twice"
            self.ids.add(attributes["id"])
        if "href" in attributes:
            assert attributes["href"][0] == "#", attributes["href"]
            self.links.add(attributes["href"][1:])

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"</{tag}>"

    def handle_data(self, data):
        self.words.append(data)


def main():
    assert stat.S_IMODE(os.stat(FOLDER).st_mode) == 0o700, "the directory is not private"
    results = json.loads(read("results.json"))
    jsonschema.Draft202012Validator(SCHEMA).validate(results)
    assert results["verdict"]["exit_code"] == EXIT_CODE, results["verdict"]
    assert sum(results["counts"].values()) == len(results["cases"])

    exchange = jsonschema.Draft202012Validator({**SCHEMA["$defs"]["exchange"], "$defs": SCHEMA["$defs"]})
    lines = [json.loads(line) for line in read("transcript.ndjson").splitlines()]
    assert [line["number"] for line in lines] == list(range(1, len(lines) + 1))
    assert len(lines) == results["requests"], (len(lines), results["requests"])
    for line in lines:
        assert line.pop("v") == 1
        exchange.validate(line)

    suites = ElementTree.fromstring(read("junit.xml"))
    assert suites.tag == "testsuites"
    cases = [case for case in suites.iter("testcase") if case.get("classname") != "heymarket.run"]
    assert len(cases) == len(results["cases"])
    for node in [suites, *suites.findall("testsuite")]:
        found = list(node.iter("testcase"))
        assert int(node.get("tests")) == len(found), node.attrib
        for figure, tag in ("failures", "failure"), ("errors", "error"), ("skipped", "skipped"):
            assert node is suites and tag == "skipped" or int(node.get(figure, "0")) == sum(case.find(tag) is not None for case in found), (node.attrib, tag)
    bad = {case.get("name").split(":")[0] for case in cases if case.find("failure") is not None}
    failing = {"failed"} | ({"warned"} if results["strict"] else set())
    assert bad == {case["id"] for case in results["cases"] if case["result"] in failing}
    for failure in suites.iter("failure"):
        assert failure.get("message") and failure.get("type"), failure.attrib
    if EXIT_CODE:
        assert int(suites.get("failures")) + int(suites.get("errors")) > 0, "a viewer would show it as good"

    page = Page()
    page.feed(read("report.html"))
    assert not page.open, page.open
    assert page.links <= page.ids, page.links - page.ids
    assert results["verdict"]["word"] in page.words
    shown = {case["id"] for case in results["cases"]} - {word for text in page.words for word in text.split()}
    assert not shown, f"not on the page: {sorted(shown)[:5]}"
    print(results["verdict"]["word"])


if __name__ == "__main__":
    main()
