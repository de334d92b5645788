"""The suite against family_server.py.

    family_checks.py faults [EVERY]     every fault is caught and its clause named, every choice is shown, no quirk is accused
    family_checks.py budgets [EVERY]    a live run deletes what it creates, at every budget from 3 to 45
    family_checks.py latency [EVERY]    the cleanup deletes several channels at the same time
    family_checks.py again              eight runs in a row: nothing is left, and the eighth sends no more than the first

EVERY: only every such one. Exit 1: one is not as it should be.
"""
import concurrent.futures
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

SUITE = Path(os.environ["HM_BIN"], "heymarket-conformance")
SERVER = Path(__file__).with_name("family_server.py")
BUDGETS = range(1, 46)
BUDGET_LEAST = 3
TOGETHER_LEAST = 4  # of eight; a busy machine may be late with some of them
RUNS, START_S, RUN_S = 8, 60, 600
LIVE_THREADS = 8  # they wait for the rate


@contextlib.contextmanager
def servers(names, *arguments):
    """The URLs of a server for each name, and the target file."""
    with tempfile.TemporaryDirectory() as folder:
        ports, target = Path(folder, "ports"), Path(folder, "target.json")
        target.write_bytes(subprocess.run([sys.executable, SERVER, "--target"], stdout=subprocess.PIPE, check=True).stdout)
        process = subprocess.Popen([sys.executable, SERVER, "--port-file", ports, *arguments, *names])
        try:
            deadline = time.monotonic() + START_S
            while not ports.exists():
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("family_server.py does not start")
                time.sleep(0.01)
            yield [line.split()[1] for line in ports.read_text(encoding="ascii").splitlines()], target
        finally:
            process.kill()
            process.wait()


def run(url, target, *arguments):
    """Exit code and text of a run."""
    done = subprocess.run([SUITE, "run", "--base-url", url, "--target", target, *arguments], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=RUN_S, check=False)
    return done.returncode, done.stdout


def seen(url):
    with urllib.request.urlopen(url + "/seen") as answer:
        return json.load(answer)


def shown(clause, text):
    """What the report says of a clause, without what differs from run to run."""
    lines = [line for line in text.splitlines() if re.match(rf" +{clause} +", line)]
    return [re.sub(r"hm-[0-9a-f]{8}|[0-9]{4,}", "", line) for line in lines]


def judge(row, url, target, right):
    """"": as it should be."""
    kind, name, clause = row
    # It gives the id of a deletion to whoever creates next: with one job that is the case that looks.
    code, text = run(url, target, "--verbose", *(["--jobs", "1"] if name == "ids-are-reused" else []))
    named = re.search(rf"^  {clause} +[SDA] +FAILED", text, re.MULTILINE)
    if kind == "fault":
        return "" if code == 1 and named else f"NOT {'NAMED' if code == 1 else 'CAUGHT'} {name} [{clause}], exit {code}"
    if code != 0:
        return f"FALSE ALARM {name}, exit {code}\n{text}"
    if kind == "choice" and shown(clause, text) == shown(clause, right):
        return f"NOT SHOWN {name} [{clause}]"
    return ""


def faults(every=1):
    listed = subprocess.run([sys.executable, SERVER, "--list"], stdout=subprocess.PIPE, text=True, check=True).stdout
    rows = [line.split() for line in listed.splitlines()][::every]
    with servers(["right"] + [row[1] for row in rows]) as (urls, target):
        code, right = run(urls[0], target, "--verbose")
        wrong = [right] * (code != 0)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as crew:
            wrong += filter(None, crew.map(lambda row, url: judge(row, url, target, right), rows, urls[1:]))
    print(*wrong, sep="\n")
    for kind in ("fault", "choice", "quirk"):
        print(f"{sum(row[0] == kind for row in rows)} of the kind {kind}", end="; ")
    print(f"{len(wrong)} not as they should be")
    return not wrong


def live(budget, url, target):
    code, text = run(url.replace("127.0.0.1", "0.0.0.0"), target, "--live", "--rate", "6000", "--budget", str(budget))
    left = len(seen(url)["left"])
    says = f"{left} of this run left" in text
    warned = "too small to delete" in text
    right = code == 0 and says and (left == 0 and not warned if budget >= BUDGET_LEAST else left > 0 and warned)
    return "" if right else f"budget {budget}: exit {code}, {left} left\n{text}"


def budgets(every=1):
    chosen = [(name, budget) for name in ("right", "no-list", "of-several-the-oldest") for budget in BUDGETS[::every]
              if name != "of-several-the-oldest" or budget < BUDGET_LEAST]
    with servers([name for name, _ in chosen]) as (urls, target):
        with concurrent.futures.ThreadPoolExecutor(LIVE_THREADS) as crew:
            wrong = list(filter(None, crew.map(lambda one, url: live(one[1], url, target), chosen, urls)))
    print(*wrong, f"{len(chosen)} budgets, {len(wrong)} not as they should be", sep="\n")
    return not wrong


def latency(every=1):
    """Several deletions are on their way at the same time, and there is about one for each channel."""
    with servers(["right", "no-list"][::every], "--latency", "200") as (urls, target):
        for url in urls:
            start = time.monotonic()
            code, text = run(url, target, "--only", "X1,U2,G2" if every == 1 else "X1-get,X1-again,G2")
            after = seen(url)
            deletions = after["answered"]["DELETE"]
            print(f"{time.monotonic() - start:.1f} s, {deletions} deletions, {after['most']['DELETE']} at the same time")
            if code != 0 or after["left"] or after["most"]["DELETE"] < TOGETHER_LEAST or " 0 of this run left" not in text:
                print(text)
                return False
    return True


def again():
    with servers(["right"]) as (urls, target):
        figures = []
        for _ in range(RUNS):
            before = sum(seen(urls[0])["answered"].values())
            start = time.monotonic()
            code, text = run(urls[0], target)
            after = seen(urls[0])
            figures.append((time.monotonic() - start, sum(after["answered"].values()) - before))
            if code != 0 or after["left"]:
                print(text)
                return False
    print(*(f"{seconds:.2f} s, {requests} requests" for seconds, requests in figures), sep="\n")
    # The time depends on what else this machine does; the number of requests does not.
    return figures[-1][1] <= figures[0][1] * 1.02


CHECKS = {one.__name__: one for one in (faults, budgets, latency, again)}

if __name__ == "__main__":
    sys.exit(0 if CHECKS[sys.argv[1]](*map(int, sys.argv[2:])) else 1)
