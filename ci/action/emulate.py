"""Runs the steps of the action, or the script of GitLab's template, as the service would:

  emulate.py github FOLDER OF THE ACTION, INPUTS as JSON
  emulate.py gitlab TEMPLATE, INPUTS as JSON, "text" or "nodes": when inputs are put in, before YAML is read or after

Writes the files summary, outputs (as JSON) and log to the current folder and exits with the step's code. Expressions are replaced
nowhere but in `env`, `working-directory` and outputs: one in a script is an error.
"""
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import yaml

RUNNER = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LC_ALL", "ASAN_OPTIONS") if name in os.environ}


def replaced(text, values):
    return re.sub(r"\$\{\{ *([\w.-]+) *\}\}", lambda m: values[m.group(1)], str(text))


def files_of(here):
    files = {name: here / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH", "GITHUB_ENV")}
    for path in files.values():
        path.write_text("")
    return files


def outputs_of(path):
    """name=value lines, and name<<END blocks."""
    found, lines = {}, iter(path.read_text().splitlines())
    for line in lines:
        name, sign, rest = re.fullmatch(r"([^=<]+)(=|<<)(.*)", line).groups()
        found[name] = rest if sign == "=" else "\n".join(iter(lambda: next(lines), rest))
    return found


def github(folder, given):
    here, folder = Path.cwd(), Path(folder).resolve()
    action = yaml.safe_load((folder / "action.yml").read_text())
    assert set(given) <= set(action["inputs"]), set(given) - set(action["inputs"])
    for name, row in action["inputs"].items():
        assert row["description"] and (row.get("required") or isinstance(row["default"], str)), name
    values = {f"inputs.{name}": given.get(name, row.get("default", "")) for name, row in action["inputs"].items()}
    environment = {**RUNNER, "GITHUB_ACTIONS": "true", "CI": "true", "GITHUB_ACTION_PATH": str(folder), "RUNNER_TEMP": str(here / "temp"),
                   "GITHUB_WORKSPACE": str(here)}
    (here / "temp").mkdir(exist_ok=True)
    code, summary, log = 0, "", open(here / "log", "wb")
    for step in action["runs"]["steps"]:
        assert "${{" not in step["run"] and step["shell"] == "bash", step
        files = files_of(here)
        (here / "step.sh").write_text(step["run"])
        own = {name: replaced(text, values) for name, text in step["env"].items()}
        code = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", str(here / "step.sh")],
                              env={**environment, **{n: str(p) for n, p in files.items()}, **own}, stdin=subprocess.DEVNULL,
                              cwd=here / replaced(step.get("working-directory", "."), values), stdout=log, stderr=log).returncode
        for name, value in outputs_of(files["GITHUB_OUTPUT"]).items():
            values[f"steps.{step['id']}.outputs.{name}"] = value
        environment["PATH"] = ":".join([*reversed(files["GITHUB_PATH"].read_text().split()), environment["PATH"]])
        summary += files["GITHUB_STEP_SUMMARY"].read_text()
        if code != 0:
            break
    missing = dict.fromkeys(re.findall(r"\$\{\{ *([\w.-]+) *\}\}", json.dumps(action["outputs"])), "")
    outputs = {name: replaced(row["value"], {**missing, **values}) for name, row in action["outputs"].items()}
    (here / "summary").write_text(summary)
    (here / "outputs").write_text(json.dumps(outputs))
    return code


def gitlab(template, given, when):
    text = Path(template).read_text()
    spec, _ = yaml.safe_load_all(text)
    inputs = spec["spec"]["inputs"]
    assert set(given) <= set(inputs)
    values = {name: given.get(name, (row or {}).get("default")) for name, row in inputs.items()}
    assert None not in values.values(), values

    def put_in(node):
        if isinstance(node, dict):
            return {put_in(key): put_in(value) for key, value in node.items()}
        if isinstance(node, list):
            return [put_in(value) for value in node]
        return re.sub(r"\$\[\[ *inputs\.([\w-]+) *\]\]", lambda m: values[m.group(1)], node) if isinstance(node, str) else node

    if when == "text":
        jobs = yaml.safe_load(put_in(text.split("\n---\n")[1]))
    else:
        jobs = put_in(yaml.safe_load(text.split("\n---\n")[1]))
    job = jobs[values["job"]]
    assert not re.search(r"\$\[\[", json.dumps(job)) and all("inputs" not in line for line in job["script"])
    variables = {name: value["value"] if isinstance(value, dict) else value for name, value in job["variables"].items()}
    assert all(isinstance(value, str) for value in variables.values()), variables
    variables["HM_HOME"] = os.environ["HM_SOURCE"]
    with open("log", "wb") as log:
        return subprocess.run(["sh", "-e", "-c", "\n".join(job["script"])], env={**RUNNER, "CI": "true", "GITLAB_CI": "true", **variables},
                              stdin=subprocess.DEVNULL, stdout=log, stderr=log).returncode


def main():
    how, what, given, *rest = sys.argv[1:]
    sys.exit(github(what, json.loads(given)) if how == "github" else gitlab(what, json.loads(given), *rest))


main()
