"""Parses exported files strictly and sends what they say:

  exported.py hurl|http BASE_URL FOLDER [NAME=VALUE...]
  exported.py httpyac FILE FOLDER [NAME=VALUE...]    the answers are in FILE, the output of httpyac send --json

A .hurl file is read by hurl's grammar as far as our export uses it, and every assert is evaluated. Of a .http file, the
statuses in the comments "# expect: status" are. Prints what differs, then the numbers; exits with 1 if anything differs.
"""
import http.client
import json
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")


class Wrong(Exception):
    """The file is not well-formed."""


class Text:
    """A file that is read from front to back."""

    def __init__(self, path, variables):
        self.text, self.at, self.path, self.variables = path.read_bytes().decode("utf-8"), 0, path, variables

    def wrong(self, expected):
        line = self.text.count("\n", 0, self.at) + 1
        raise Wrong(f"{self.path}:{line}: found {self.text[self.at:self.at + 40]!r}, expected {expected}")

    def take(self, regex, expected=None):
        found = re.compile(regex).match(self.text, self.at)
        if found is None:
            return self.wrong(expected) if expected else None
        self.at = found.end()
        return found

    def comments(self):
        """lt*: empty lines and comments."""
        while self.at < len(self.text) and self.take(r"[ \t]*(#[^\n]*)?\n"):
            pass

    def line_end(self):
        self.take(r"[ \t]*(#[^\n]*)?(\n|\Z)", "the end of the line")

    def string(self, end, expected):
        """Text up to @end (a regex that is not consumed), with escapes and variables."""
        made = []
        while not re.compile(end).match(self.text, self.at):
            if found := self.take(r"\\u\{([0-9a-fA-F]+)\}"):
                made.append(chr(int(found[1], 16)))
            elif found := self.take(r'\\([\\"#`])'):
                made.append(found[1])
            elif found := self.take(r"\{\{(\w+)\}\}"):
                if found[1] not in self.variables:
                    self.wrong("a variable that is set")
                made.append(self.variables[found[1]])
            elif found := self.take(r"[^\\\n#\x00-\x1f]"):
                if found[0] == "{" and self.text.startswith("{", self.at):
                    self.wrong("a variable")
                made.append(found[0])
            else:
                self.wrong(expected)
        return "".join(made)

    def quoted(self):
        self.take('"', "a quotation mark")
        made = self.string('"', "the rest of a quoted string")
        self.take('"', "a quotation mark")
        return made


def read_request(text):
    request = {"line": text.text.count("\n", 0, text.at) + 1, "headers": [], "body": b"", "asserts": []}
    request["method"] = text.take("(" + "|".join(METHODS) + ") ", "a method")[1]
    request["url"] = text.string(r"[ \t]*(#|\n)", "a URL")
    text.line_end()
    text.comments()
    while found := text.take(r"([A-Za-z0-9_.-]+): "):
        request["headers"].append((found[1], text.string(r"[ \t]*(#|\n)", "a value")))
        text.line_end()
        text.comments()
    if text.take("`"):
        request["body"] = text.string("`", "the rest of a body").encode()
        text.take("`", "a backtick")
        text.line_end()
    elif found := text.take(r"hex,((?:[0-9a-f]{2})+);"):
        request["body"] = bytes.fromhex(found[1])
        text.line_end()
    text.comments()
    return request


def read_query(text):
    found = text.take(r'status|header (?=")|jsonpath (?=")|body|bytes count', "a query")[0].strip()
    argument = text.quoted() if found in ("header", "jsonpath") else None
    if found == "jsonpath" and text.take(" count"):
        found = "jsonpath count"
    return found, argument


def read_predicate(text):
    text.take(" ", "a predicate")
    is_not = text.take("not ") is not None
    how = text.take("==|>=|<=|matches|contains|includes|exists|isString|isInteger|isCollection", "a predicate")[0]
    wanted = None
    if how in ("==", ">=", "<=", "matches", "contains", "includes"):
        text.take(" ", "a value")
        if found := text.take(r"-?[0-9]+|true|false|null"):
            wanted = json.loads(found[0])
        else:
            wanted = text.quoted()
    return is_not, how, wanted


def read_hurl(path, variables):
    text = Text(path, variables)
    text.comments()
    while text.at < len(text.text):
        request = read_request(text)
        status = text.take(r"HTTP (\*|[1-5][0-9]{2})", "a status")[1]
        text.line_end()
        if status != "*":
            request["asserts"].append((("status", None), (False, "==", int(status))))
        text.comments()
        if text.take(r"\[Asserts\]"):
            text.line_end()
            text.comments()
            while not text.take("(?=(" + "|".join(METHODS) + ") )") and text.at < len(text.text):
                request["asserts"].append((read_query(text), read_predicate(text)))
                text.line_end()
                text.comments()
        yield request


def read_http(path, variables):
    """Requests are divided by lines that begin with ###."""
    def filled(text):
        return re.sub(r"\{\{(\w+)\}\}", lambda found: variables[found[1]], text)

    head, *parts = re.split(r"(?m)^###", path.read_bytes().decode("utf-8"))
    if any(line and not line.startswith("#") for line in head.split("\n")):
        raise Wrong(f"{path}: found text before the first request")
    for number, part in enumerate(parts):
        lines = part.split("\n")[1:]
        comments = [lines.pop(0) for line in list(lines) if line.startswith("#")]
        above, _, body = "\n".join(lines).strip("\n").partition("\n\n")
        first, *fields = above.split("\n")
        found = re.fullmatch("(" + "|".join(METHODS) + r") (\{\{base_url\}\}/\S*)", first)
        if not found or "\n" in body or not all(re.fullmatch(r"[\w.-]+: \S.*", field) for field in fields):
            raise Wrong(f"{path}, request {number + 1}: found {part!r}")
        request = {"line": number + 1, "method": found[1], "url": filled(found[2]), "body": body.encode(), "asserts": [],
                   "headers": [tuple(filled(field).split(": ", 1)) for field in fields]}
        for comment in comments:
            if status := re.match(r"# expect: status (\S+)(, | \[)", comment):
                wanted = json.loads(status[1])
                wanted = wanted if isinstance(wanted, list) else [wanted]
                request["asserts"].append((("status", None), (False, "in", wanted)))
        yield request


def send(base, request):
    place = urlsplit(base)
    if not request["url"].startswith(base + "/"):
        raise Wrong(f"found {request['url']}, expected it at {base}")
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
    connection.putrequest(request["method"], request["url"][len(base):], skip_accept_encoding=True,
                          skip_host=any(name.lower() == "host" for name, _ in request["headers"]))
    for name, value in request["headers"]:
        connection.putheader(name, value)
    if request["body"] or request["method"] in ("POST", "PUT", "PATCH"):
        connection.putheader("Content-Length", str(len(request["body"])))
    connection.endheaders(request["body"] or None)
    answer = connection.getresponse()
    found = answer.status, answer.headers, answer.read()
    connection.close()
    return found


NOTHING = object()


def at_path(body, path):
    """The value at a JSONPath of the kinds that the export writes."""
    try:
        value = json.loads(body)
    except ValueError:
        return NOTHING
    if found := re.fullmatch(r"\$\[\?\(@\.(\w+) == '([^'\\]*)'\)\](?:\.(\w+))?", path):
        if not isinstance(value, list):
            return NOTHING
        chosen = [one for one in value if isinstance(one, dict) and one.get(found[1]) == found[2]]
        return [one[found[3]] for one in chosen] if found[3] else chosen
    if not re.fullmatch(r"\$(\.[a-z_]+|\[[0-9]+\])*", path):
        raise Wrong(f"found the JSONPath {path}")
    for name, index in re.findall(r"\.([a-z_]+)|\[([0-9]+)\]", path):
        if name and isinstance(value, dict) and name in value:
            value = value[name]
        elif index and isinstance(value, list) and int(index) < len(value):
            value = value[int(index)]
        else:
            return NOTHING
    return value


def holds(found, query, predicate):
    status, headers, body = found
    what, argument = query
    is_not, how, wanted = predicate
    value = {"status": lambda: status, "header": lambda: headers.get(argument, NOTHING), "jsonpath": lambda: at_path(body, argument),
             "jsonpath count": lambda: len(at_path(body, argument)) if at_path(body, argument) is not NOTHING else NOTHING,
             "body": lambda: body.decode("utf-8", "replace"), "bytes count": lambda: len(body)}[what]()
    if how == "exists":
        is_so = value is not NOTHING
    elif value is NOTHING:
        return False
    else:
        wanted_text = wanted if isinstance(wanted, str) else ""
        is_so = {"==": lambda: type(value) is type(wanted) and value == wanted, ">=": lambda: value >= wanted, "<=": lambda: value <= wanted,
                 "matches": lambda: re.search(wanted_text, value) is not None,
                 "includes": lambda: wanted in value, "contains": lambda: wanted_text in value, "isString": lambda: isinstance(value, str),
                 "isInteger": lambda: type(value) is int, "isCollection": lambda: isinstance(value, list),
                 "in": lambda: any(value == one or f"{value // 100}xx" == one for one in wanted)}[how]()
    return is_so != is_not


def answers_of(path):
    """Functions that return the next answer of an exported file."""
    answers = {}
    for request in json.loads(Path(path).read_text())["requests"]:
        answers.setdefault(Path(request["fileName"]).name, []).append(request.get("response") or {})

    def answer(file, request):
        response = answers[file].pop(0)
        return response.get("statusCode", 0), response.get("headers", {}), str(response.get("body")).encode()
    return answer


def main():
    form, base, folder, *settings = sys.argv[1:]
    variables = dict(setting.split("=", 1) for setting in settings) | {"base_url": base}
    requests = asserts = differ = 0
    answer = answers_of(base) if form == "httpyac" else lambda _, request: send(base, request)
    form = "hurl" if form == "hurl" else "http"
    paths = sorted(Path(folder).glob(f"*.{form}"))
    for path in paths:
        for request in list((read_hurl if form == "hurl" else read_http)(path, variables)):
            found = answer(path.name, request)
            requests += 1
            for query, predicate in request["asserts"]:
                asserts += 1
                if not holds(found, query, predicate):
                    differ += 1
                    print(f"{path.name}:{request['line']}: {query} {predicate}: {found[0]} {found[2][:200]!r}")
    print(f"{len(paths)} files, {requests} requests, {asserts} asserts, {differ} differ")
    sys.exit(differ > 0)


try:
    main()
except Wrong as wrong:
    print(wrong)
    sys.exit(2)
