"""heymarket: its key and its tokens must be in none of its outputs, whatever a server or an input repeats."""
import json
import os
import subprocess

from . import keys as canaries
from .reflect import Reflector
from .suite import CONTACT, SECRET_ID
from .wire import PATIENCE_S


class Client:
    def __init__(self, finder, programs, keys):
        self.finder, self.keys = finder, keys
        self.program = os.path.join(programs, "heymarket")

    def run(self, name, arguments, key, given=b""):
        variables = {**os.environ, "HEYMARKET_API_SECRET_ID": SECRET_ID, "HEYMARKET_API_SECRET_KEY": key.text.decode()}
        done = subprocess.run([self.program, *arguments], env=variables, input=given, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=PATIENCE_S, check=False)
        self.finder.read(f"client: stdout of {name}", done.stdout)
        self.finder.read(f"client: stderr of {name}", done.stderr)
        assert 0 <= done.returncode < 128, f"the client ended with {done.returncode}: {arguments}"
        return done

    def against_server(self, times):
        for n, key in enumerate(self.keys):
            server = Reflector(self.finder, key.text, n * times)
            for turn in range(times):
                self.run("channel create", ["channel", "create", CONTACT, "--type", "phone", "--id", "15550001111", "--base-url",
                                            server.url, "--timeout", "2", *(["--json"] if turn % 2 else [])], key)
            server.end()

    def of_tokens(self):
        """Tokens that carry a key, and other things that are not tokens."""
        for n, key in enumerate(self.keys):
            forms = list(canaries.in_forms(key.text).values())
            form = forms[n % len(forms)]
            text = key.text.decode()
            claims = {"iss": text, "iat": text, text: text, "exp": [text]}
            segments = [json.dumps({"alg": text, "typ": text, "kid": text, text: 1}), json.dumps(claims)]
            token = b".".join(canaries.based(part.encode(), 0, canaries.plain_base64url) for part in segments) + b"." + form
            inputs = (token, key.text, b"Bearer " + form, b"Authorization: " + key.text, b"Authorization: Bearer " + token)
            for i, verb in enumerate((["token", "verify"], ["token", "inspect"], ["doctor"])):
                self.run(" ".join(verb), [*verb, *([] if n % 2 else ["--json"]), "-"], key, inputs[(n + i) % len(inputs)])

    def of_files(self):
        for n, key in enumerate(self.keys):
            text = key.text.decode()
            secret = {"id": SECRET_ID, "key": text}
            documents = [{"v": 1, "secrets": [{"id": SECRET_ID, text: "key"}]}, {"v": 1, text: [secret]}, {text: 1},
                         {"v": 1, "secrets": {text: secret}}, {"v": text, "secrets": [secret]}, {"v": 1, "secrets": [secret, secret]},
                         {"v": 1, "secrets": [{"id": text, "key": ""}]}, {"v": 1, "secrets": [{**secret, "kye": text}]},
                         [text], text, {"v": 1, "secrets": [{"id": 5, text + "x": {text: 1}}]}]
            with open("secrets.json", "w", encoding="utf-8") as file:
                json.dump(documents[n % len(documents)], file)
                file.write(("", "x" + text, text + '"')[n % 3])
            command = ["token", "sign", "--iat", text] if n % 2 else ["channel", "create", CONTACT, "--type", "phone", "--id", text,
                                                                     "--base-url", "http://127.0.0.1:9"]
            self.run("a secret file", [*command, "--secret-file", "secrets.json"], key)

    def of_command_line(self):
        create = ["channel", "create"]
        for n, key in enumerate(self.keys):
            text = key.text.decode()
            lines = [[text], ["token", text], ["token", "sign", text], ["token", "sign", "--secret=" + text],
                     ["token", "sign", "--key", text], ["token", "sign", "--secret-file", text], ["token", "verify", "--now", text],
                     ["token", "verify", text], [*create, text, "--type", "phone", "--id", "1"], [*create, CONTACT, text, text],
                     [*create, CONTACT, "--type", text, "--id", text, "--base-url", "http://127.0.0.1:9", "--timeout", "1"],
                     [*create, CONTACT, "--type", "phone", "--id", "1", "--base-url", text],
                     [*create, CONTACT, "--type", "phone", "--id", "1", "--base-url", "http://" + text],
                     [*create, CONTACT, "--type", "phone", "--id", "1", "--base-url", "https://127.0.0.1:9", "--ca-file", text],
                     ["doctor", text], ["help", text], ["--" + text]]
            self.run("a command line", lines[n % len(lines)], key)

    def attack(self, times):
        self.against_server(times)
        self.of_tokens()
        self.of_files()
        self.of_command_line()
