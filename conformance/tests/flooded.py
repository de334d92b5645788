"""The suite against each mode of flood_server.py: exit 1, a report, the reason, and little memory.

    flooded.py FOLDER [MODE...]         works in FOLDER, which exists
"""
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

BIN, TESTS = Path(os.environ["HM_BIN"]), Path(__file__).resolve().parent
# Twice what was measured with 8 cases at the same time; 7,000 MiB before there were limits.
MEMORY_MIB_MAX, RUN_S, WORKERS = 640, 300, 4
ONLY = ["--only", "B1"]
IS_SANITIZED = "ASAN_OPTIONS" in os.environ or "TSAN_OPTIONS" in os.environ
HEAD, FIELDS = "header section has more than 64 KiB", "more than 256 header fields"
REASONS = {
    "body": "too large to read", "chunks": "too large to read", "endless_fields": FIELDS, "extension": "",
    "extensions": "too large to read|no answer", "fields": FIELDS, "head": "", "interim": FIELDS, "interim_fields": FIELDS,
    "json_depth": "too large to read|JSON values", "json_values": "too large to read|JSON values", "length": "too large to read",
    "list": "too large to read|JSON values", "long_bodies": "", "long_heads": "", "short_fields": FIELDS, "status_line": "",
    "trailers": FIELDS,
}
TARGET = {
    "HEYMARKET_API_SECRET_ID": "74f80a77-9b3f-44ac-b3ad-ab68cfb548fa",
    "HEYMARKET_API_SECRET_KEY": "FakeKeyFakeKeyFakeKeyFakeKey0009",
    "HEYMARKET_CONTACT_ID": "ada0ada0-1815-4000-8000-00000000ada0",
    "HEYMARKET_EMPTY_CONTACT_ID": "e0e0e0e0-0000-4000-8000-00000000e0e0",
    "HEYMARKET_OTHER_TEAM_CONTACT_ID": "b0b0b0b0-0000-4000-8000-00000000b0b0",
}
# Runs a command, and says how much memory it needed at most.
MEASURED = "import resource, subprocess, sys; code = subprocess.call(sys.argv[1:]); " \
           "print('\\nKIB', resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(code)"


def run(folder, mode):
    """What is wrong, or ''; and MiB."""
    port_file, report = folder / f"{mode}.port", folder / mode
    server = subprocess.Popen([sys.executable, TESTS / "flood_server.py", "--port-file", port_file, mode])
    try:
        while not port_file.exists():
            if server.poll() is not None:
                return "no server", 0
            time.sleep(0.02)
        suite = [BIN / "heymarket-conformance", "run", "--base-url", port_file.read_text().strip(), "--report", report, *ONLY]
        done = subprocess.run([sys.executable, "-c", MEASURED, *suite], env={**os.environ, **TARGET}, timeout=RUN_S,
                              capture_output=True, text=True, errors="replace", check=False)
    finally:
        server.kill()
        server.wait()
    mib = int(re.search(r"^KIB (\d+)", done.stdout, re.M).group(1)) // 1024
    if done.returncode != 1:
        return f"exit {done.returncode}: {done.stderr[-300:]}", mib
    results = json.loads((report / "results.json").read_text(encoding="utf-8"))
    failed = [case for case in results["cases"] if case["result"] == "failed"]
    if not failed:
        return "no case failed", mib
    if not re.search(REASONS[mode], json.dumps([case["remarks"] for case in failed])):
        return f"the reason is not said: {json.dumps(failed[0]['remarks'])[:300]}", mib
    if mib > MEMORY_MIB_MAX and not IS_SANITIZED:
        return f"{mib} MiB", mib
    return "", mib


def main():
    folder = Path(sys.argv[1]).resolve()
    modes = sys.argv[2:] or sorted(REASONS)
    wrong = 0
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        for mode, (why, mib) in zip(modes, pool.map(lambda mode: run(folder, mode), modes)):
            wrong += why != ""
            print(f"{mode:16} {mib:5} MiB  {why or 'right'}", flush=True)
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
