"""What GitHub's runner would take as commands in the output of a step:  github_commands.py LOG

Prints {"command", "title", "message"} as JSON, one per line, in order. As the runner does: "::NAME PROPERTIES::DATA" at the
beginning of a line (after spaces), the older "##[NAME]" anywhere in it, and nothing between stop-commands and its token.
"""
import json
import re
import sys


def unescaped(text, more=()):
    for sign, escape in (*more, ("\r", "%0D"), ("\n", "%0A"), ("%", "%25")):
        text = text.replace(escape, sign)
    return text


def commands(lines):
    stopped = None
    for line in lines:
        found = re.match(r"\s*::([^:]*?)(?: ([^:]*))?::(.*)", line)
        old = re.search(r"##\[([^ \]]+)", line)
        if stopped is not None:
            if found and found.group(1) == stopped:
                stopped = None
        elif found and found.group(1) == "stop-commands":
            stopped = found.group(3)
        elif found:
            properties = dict(p.partition("=")[::2] for p in (found.group(2) or "").split(","))
            title = unescaped(properties.get("title", ""), ((":", "%3A"), (",", "%2C")))
            yield {"command": found.group(1), "title": title, "message": unescaped(found.group(3))}
        elif old:
            yield {"command": old.group(1), "title": "", "message": line}
    if stopped is not None:
        yield {"command": "never resumed", "title": "", "message": stopped}


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8", errors="replace") as log:
        for command in commands(log.read().splitlines()):
            print(json.dumps(command))
