"""heymarket-conformance: its real key must be in none of its outputs, whatever a server or a command repeats."""
import json
import os
import subprocess

from . import keys as canaries
from .reflect import Reflector
from .wire import PATIENCE_S

SECRET_ID = "5f0c1c1e-7d2b-4a57-9a55-2d3d8a4a7c01"
CONTACT = "0b6ad7a2-5a52-4d30-8f61-9c1ff4f0aa01"
# What is run with one key; the next key has the next.
CHOICES = (["R*"], ["J1", "E1"], ["J2"], ["T2", "T4", "E2"], ["B2"])
FORMATS = (["--format", "text"], ["--format", "tap"], ["--format", "json"], ["--strict"])
CMOCKA = ("stdout", "tap", "xml", "subunit")

# Prints the secret that it was given in every form, and keeps it where the test reads it.
LEAKY = """
import os, sys
sys.path.insert(0, sys.argv[1])
from canary import keys
key = os.environb[b"HEYMARKET_API_SECRET_KEY"]
with open(sys.argv[2], "ab") as file:
    file.write(key + b"\\n")
for form in keys.in_forms(key).values():
    sys.stdout.buffer.write(form + b"\\n" + b"Bearer " + form + b"." + form + b".x\\n")
sys.exit(3)
"""

# An application whose requests have its key in every place; shows nothing.
APP = """
import http.client, os, sys, urllib.parse
sys.path.insert(0, sys.argv[1])
from canary import keys
base = urllib.parse.urlsplit(os.environ["HEYMARKET_API_BASE_URL"])
key = os.environb[b"HEYMARKET_API_SECRET_KEY"]
forms = list(keys.in_forms(key).values())
path = "/v2/contact/" + os.environ["HEYMARKET_CONTACT_ID"] + "/channel"
calls = [("POST", path), ("GET", path + "s"), ("GET", "/v1/inboxes"), ("PUT", path), ("GET", path + "/phone"), ("DELETE", path + "/phone")]
for n in range(24):
    method, target = calls[n % len(calls)]
    form = forms[n % len(forms)]
    body = b'{"channel_type":"phone","channel_id":"' + form + b'","note":"' + form + b'"}' if n % 2 else form
    try:
        connection = http.client.HTTPConnection(base.hostname, base.port, timeout=20)
        connection.request(method, target, body, {"Content-Type": "application/json", "Authorization": b"Bearer " + form + b"." + form + b".x"})
        connection.getresponse().read()
    except (OSError, ValueError, http.client.HTTPException):
        pass
"""


class Suite:
    def __init__(self, finder, programs, keys):
        self.finder, self.keys = finder, keys
        self.program = os.path.join(programs, "heymarket-conformance")

    def run(self, name, arguments, key=None, **environment):
        """Runs the suite and reads what it prints."""
        variables = {**os.environ, **environment}
        if key is not None:
            variables |= {"HEYMARKET_API_SECRET_ID": SECRET_ID, "HEYMARKET_API_SECRET_KEY": key.text.decode(),
                          "HEYMARKET_SECOND_SECRET_ID": SECRET_ID[:-1] + "2", "HEYMARKET_CONTACT_ID": CONTACT,
                          "HEYMARKET_SECOND_SECRET_KEY": self.other(key).text.decode()}
        done = subprocess.run([self.program, *arguments], env=variables, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=PATIENCE_S, check=False)
        self.finder.read(f"suite: stdout of {name}", done.stdout)
        self.finder.read(f"suite: stderr of {name}", done.stderr)
        assert 0 <= done.returncode < 128, f"the suite ended with {done.returncode}: {arguments}: {done.stderr}"
        return done

    def other(self, key):
        return self.keys[self.keys.index(key) - 1]

    def against_server(self):
        """In every fourth run the first answer is wrong, too, and the suite gives up."""
        answers = 0
        for n, key in enumerate(self.keys):
            server = Reflector(self.finder, key.text, n * 17, n % 4 > 0)
            only = [word for choice in CHOICES[n % len(CHOICES)] for word in ("--only", choice)]
            shown = FORMATS[n // len(CHOICES) % len(FORMATS)]
            done = self.run("run", ["run", "--base-url", server.url, *only, *shown, "--report", f"report{n}"], key)
            assert done.returncode in (1, 3, 4, 6), (done.returncode, done.stdout, done.stderr)
            if n < len(CMOCKA):
                self.run("run under cmocka", ["run", "--base-url", server.url, *only], key, CMOCKA_MESSAGE_OUTPUT=CMOCKA[n])
            server.end()
            answers += server.count - n * 17
            for file in os.listdir(f"report{n}") if os.path.isdir(f"report{n}") else ():
                self.finder.read_file(f"report{n}/{file}", f"suite: {file}")
        assert answers > 18 * len(self.keys), f"the suite has sent no more than {answers} requests"

    def of_recordings(self):
        """`record` between an application and a server that both repeat its key."""
        here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        files = ("recorded.ndjson", "recorded-world.json", "recorded-profile.json", "recorded-report.json")
        options = [word for pair in zip(("--record", "--world", "--profile", "--report"), files) for word in pair]
        for n, key in enumerate(self.keys[::3]):
            server = Reflector(self.finder, key.text, n * 17, True)
            self.run("record", ["record", "--target", server.url, *options, "--", "python3", "-c", APP, here], key)
            server.end()
            assert server.count - n * 17 > 8, "the recorder has forwarded too few requests"
            for file in files:
                self.finder.read_file(file, f"suite: {file}")

    def of_files(self):
        """Files of the user that have a key where a name or another value belongs."""
        good = {"v": 1, "secrets": {"first": {"id": SECRET_ID, "key": {"env": "HEYMARKET_API_SECRET_KEY"}}}, "contacts": {"ada": CONTACT}}
        for n, key in enumerate(self.keys):
            text = key.text.decode()
            targets = [{**good, text: 1}, {**good, "secrets": {"first": {"id": SECRET_ID, text: "key"}}},
                       {**good, "secrets": {"first": {"id": SECRET_ID, "key": text}}, "contacts": {text: CONTACT}},
                       {**good, "contacts": {"ada": text}}, {**good, "v": text}, {**good, "base_url": text},
                       {**good, "secrets": {text: {"id": SECRET_ID, "key": "key"}}}, {**good, "secrets": text},
                       {**good, "secrets": {"first": {"id": SECRET_ID, "key": {"env": text}}}},
                       {**good, "secrets": {"first": {"id": SECRET_ID, "key": {text: 1}}}}]
            baselines = [{"v": 1, "known": [{"case": text, "clause": "J5", "reason": text, "until": "2999-12-31"}]},
                         {"v": 1, "known": [{"case": "J5-two-pipes", "clause": text, "reason": "x", "until": text}]},
                         {"v": 1, "known": [{text: 1}]}]
            cases = [{"clause": "J5", "title": "x", text: []}, {"clause": text, "title": text, "cases": []},
                     {"clause": "J5", "title": "x", "cases": [{"id": "J5-x", "says": "x", "expect": [{text: 1}]}]},
                     {"clause": "J5", "title": "x", "cases": [{"id": "J5-x", "says": "x", "token": {text: 1}, "expect": [{"status": 200}]}]},
                     {"clause": "J5", "title": "x", "cases": [{"id": text, "says": "x", "expect": [{"status": text}]}]}]
            if n % 2:
                self.of_case(key, cases[n // 2 % len(cases)])
            elif n % 4:
                self.of_file(key, "--baseline", baselines[n // 4 % len(baselines)])
            self.of_file(key, "--target", targets[n % len(targets)])
        with open("secret.txt", "wb") as file:
            file.write(self.keys[2].text)
        self.run("a file that is a key", ["run", "--target", "secret.txt"], self.keys[2])

    def of_file(self, key, option, document):
        with open("file.json", "w", encoding="utf-8") as file:
            json.dump(document, file)
        self.run(option, ["run", "--base-url", "http://127.0.0.1:9", "--only", "J5-two-pipes", option, "file.json"], key)

    def of_case(self, key, document):
        os.makedirs("fixtures/cases/token", exist_ok=True)
        for name in ("clauses.json", "worlds"):
            if not os.path.exists("fixtures/" + name):
                os.symlink(os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "fixtures", name),
                           "fixtures/" + name)
        with open("fixtures/cases/token/J5-x.json", "w", encoding="utf-8") as file:
            json.dump(document, file)
        self.run("list", ["list", "--fixtures", "fixtures"], key)

    def of_command_line(self):
        for n, key in enumerate(self.keys):
            text = key.text.decode()
            one = ["run", "--only", "J5-two-pipes"]
            lines = [[text], [*one, text], [*one, "--" + text], [*one, "--secret=" + text], [*one, "--secret", text],
                     ["run", "--only", text], [*one, "--format", text], [*one, "--rate", text], [*one, "--base-url", text],
                     [*one, "--base-url", "http://" + text], [*one, "--target", text], [*one, "--baseline", text],
                     [*one, "--fixtures", text], [*one, "--mock", text], [*one, "--report", text + "/" + text],
                     ["list", "--only", text], ["token", text], [*one, "--ca-file", text, "--base-url", "https://127.0.0.1:9"],
                     ["client", "--scenario", text, "--", "true"]]
            self.run("a command line", lines[n % len(lines)], key)
            if n % 3 == 0:
                self.run("signer with a key in its command", ["signer", "--format", "json", "--", "false", "--key=" + text], key)

    def of_commands(self):
        """`signer` and `client` make their own keys, and the command prints them."""
        here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        for shown in ("text", "json"):
            command = ["--", "python3", "-c", LEAKY, here, "made-keys"]
            self.run("signer", ["signer", "--format", shown, *command])
            self.run("client", ["client", "--format", shown, "--report", "certified-" + shown, "--scenario", "signs", *command])
            for file in os.listdir("certified-" + shown):
                self.finder.read_file(f"certified-{shown}/{file}", f"suite: client's {file}")
        with open("made-keys", "rb") as file:
            made = {line for line in file.read().split(b"\n") if len(line) >= 16}
        assert len(made) > 3, "the commands have seen no keys"
        for key in made:
            self.finder.add(key, "a key that the suite made", 16)

    def attack(self):
        self.against_server()
        self.of_recordings()
        self.of_files()
        self.of_command_line()
        self.of_commands()
