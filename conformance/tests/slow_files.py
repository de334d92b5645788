"""The three programs against files that do not deliver: pipes without a writer, with half of a text, one byte at a time,
and files that another process holds. A signal ends each program within END_S, at start and while it loads files again.

    slow_files.py FOLDER        works in FOLDER, which exists
"""
import concurrent.futures
import fcntl
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

BIN, SOURCE = Path(os.environ["HM_BIN"]), Path(os.environ["HM_SOURCE"])
MOCK, CLIENT, SUITE = (str(BIN / name) for name in ("heymarket-mock", "heymarket", "heymarket-conformance"))
WORLD = json.dumps(json.loads((SOURCE / "fixtures/worlds/default.json").read_bytes())).encode()  # in one line
SECRETS = b'{"v":1,"secrets":[{"id":"74f80a77-9b3f-44ac-b3ad-ab68cfb548fa","key":"FakeKeyFakeKeyFakeKeyFakeKey0009"}]}'
# The promise is 0.5 s; a machine that is busy with other tests, or a sanitizer, may need longer.
END_S, START_S, SILENCE_S, WORKERS = 5, 60, 10, 8
RUN = ["run", "--skip", "*"]
PROGRAMS = {
    "mock --world": [MOCK, "--listen", "0", "--world", "FILE"],
    "mock --profile": [MOCK, "--listen", "0", "--profile", "FILE"],
    "mock contacts_file": [MOCK, "--listen", "0", "--world", "WORLD"],
    "mock --tls-cert": [MOCK, "--tls-listen", "0", "--tls-cert", "FILE", "--tls-key", "FILE"],
    "mock run --world": [MOCK, "run", "--world", "FILE", "--", "true"],
    "mock health --port-file": [MOCK, "health", "--port-file", "FILE"],
    "client token sign --secret-file": [CLIENT, "token", "sign", "--secret-file", "FILE"],
    "client doctor": [CLIENT, "doctor", "FILE"],
    "client channel create --ca-file": [CLIENT, "channel", "create", "--base-url", "https://127.0.0.1:9", "--ca-file",
                                        "FILE", "--type", "email", "--id", "a@example.com",
                                        "ada0ada0-1815-4000-8000-00000000ada0"],
    "suite --target": [SUITE, "run", "--target", "FILE"],
    "suite --baseline": [SUITE, "run", "--baseline", "FILE"],
    "suite --ca-file": [SUITE, "run", "--base-url", "https://127.0.0.1:9", "--ca-file", "FILE"],
    "suite token --target": [SUITE, "token", "--target", "FILE", "B1-order"],
}
ENVIRONMENT = {**os.environ, "HEYMARKET_API_SECRET_ID": "74f80a77-9b3f-44ac-b3ad-ab68cfb548fa",
               "HEYMARKET_API_SECRET_KEY": "FakeKeyFakeKeyFakeKeyFakeKey0009"}


def start(folder, arguments, file):
    """Starts a program, with FILE and WORLD in its arguments replaced."""
    world = json.loads(WORLD)
    world["teams"][0]["contacts_file"] = str(file)
    named = folder / (file.name + ".world.json")
    named.write_text(json.dumps(world), encoding="utf-8")
    words = [{"FILE": str(file), "WORLD": str(named)}.get(word, word) for word in arguments]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                            env=ENVIRONMENT)


def wait_open(process, file):
    """Waits until the program has opened the file. False: it ended before."""
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None:
        for descriptor in Path(f"/proc/{process.pid}/fd").iterdir():
            try:
                if os.readlink(descriptor) == str(file):
                    return True
            except OSError:
                pass
        time.sleep(0.01)
    return False


def end_by(process, number):
    """Sends the signal; returns the seconds until the end, and what the end was."""
    began = time.monotonic()
    process.send_signal(number)
    try:
        output, _ = process.communicate(timeout=END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return END_S, "still running"
    took = time.monotonic() - began
    if process.returncode not in (-number, 128 + number):
        return took, f"exit {process.returncode}: {output.decode(errors='replace')[:200]}"
    return took, ""


def write_slowly(file, kind, stop):
    """The other side of the pipe."""
    if kind == "no writer":
        return
    descriptor = os.open(file, os.O_RDWR)
    text = WORLD[: len(WORLD) // 2] if kind == "half" else WORLD if kind == "drip" else b""
    try:
        if kind == "half":
            os.write(descriptor, text[:4096])
        for byte in text if kind == "drip" else b"":
            if stop.wait(0.1):
                break
            os.write(descriptor, bytes([byte]))
        stop.wait()
    except OSError:
        pass
    os.close(descriptor)


def signal_one(folder, name, kind, number):
    """One program, one kind of pipe, one signal: seconds, and what is wrong or ''."""
    file = folder / f"{name} {kind} {number}".replace("/", "_").replace(" ", "_")
    os.mkfifo(file)
    stop = threading.Event()
    writer = threading.Thread(target=write_slowly, args=(file, kind, stop))
    writer.start()
    process = start(folder, PROGRAMS[name], file)
    try:
        if not wait_open(process, file):
            return 0, "did not open the file: " + process.communicate()[0].decode(errors="replace")[:200]
        time.sleep(0.2 if kind == "drip" else 0)
        return end_by(process, number)
    finally:
        stop.set()
        writer.join()
        if process.poll() is None:
            process.kill()
            process.communicate()


def reload_one(folder, kind, number):
    """The mock opens a pipe at SIGHUP: it serves meanwhile, and ends as always at the signal."""
    file = folder / f"reload_{kind}_{number}".replace(" ", "_")
    port_file = folder / (file.name + ".port")
    file.write_bytes(WORLD)
    process = subprocess.Popen([MOCK, "--listen", "0", "--world", file, "--port-file", port_file], stderr=subprocess.PIPE)
    process.stderr.readline()
    file.unlink()
    os.mkfifo(file)
    stop = threading.Event()
    writer = threading.Thread(target=write_slowly, args=(file, kind, stop))
    writer.start()
    try:
        process.send_signal(signal.SIGHUP)
        if not wait_open(process, file):
            return 0, "did not open the file"
        if subprocess.run([MOCK, "health", "--port-file", port_file], timeout=START_S, check=False).returncode != 0:
            return 0, "does not serve while it loads"
        began = time.monotonic()
        process.send_signal(number)
        try:
            _, said = process.communicate(timeout=END_S)
        except subprocess.TimeoutExpired:
            return END_S, "still running"
        if process.returncode != 0 or port_file.exists() or b"nothing was changed" not in said:
            return 0, f"exit {process.returncode}: {said.decode()}"
        return time.monotonic() - began, ""
    finally:
        stop.set()
        writer.join()
        if process.poll() is None:
            process.kill()
            process.communicate()


def held_one(folder, number):
    """A regular file that another process holds with a lease: open() waits for it, with O_NONBLOCK it fails."""
    file = folder / f"held_{number}"
    file.write_bytes(WORLD)
    with open(file, "r+b") as holder:
        try:
            fcntl.fcntl(holder, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        except OSError:
            return 0, ""  # this file system has no leases
        process = start(folder, PROGRAMS["mock --world"], file)
        time.sleep(1)
        return end_by(process, number) if process.poll() is None else (0, "ended before the file was given back")


def folders(folder):
    """The suite lists and claims folders before it catches signals, so that one on a slow mount does not hold them up."""
    file = folder / "baseline"
    os.mkfifo(file)
    process = start(folder, PROGRAMS["suite --baseline"], file)
    try:
        if not wait_open(process, file):
            return 0, "did not open the file"
        caught = re.search(r"^SigCgt:\s*(\w+)", Path(f"/proc/{process.pid}/status").read_text(), re.MULTILINE)
        return 0, "catches TERM already" if int(caught[1], 16) >> (signal.SIGTERM - 1) & 1 else ""
    finally:
        process.kill()
        process.communicate()


def refused(folder):
    """A pipe that nobody writes to is refused after a while."""
    file = folder / "silent"
    os.mkfifo(file)
    process = start(folder, PROGRAMS["client token sign --secret-file"], file)
    output = process.communicate(timeout=START_S)[0].decode()
    right = process.returncode == 2 and "found a pipe that delivers nothing, expected a file" in output
    return 0, "" if right else f"exit {process.returncode}: {output}"


def delivered(folder, delay):
    """What a pipe delivers late and in pieces is read, as `--secret-file <(command)` needs it."""
    file = folder / f"late_{delay}"
    os.mkfifo(file)
    process = start(folder, PROGRAMS["client token sign --secret-file"], file)
    time.sleep(delay)
    with open(file, "wb", buffering=0) as pipe:
        for at in range(0, len(SECRETS), 20):
            pipe.write(SECRETS[at:at + 20])
            time.sleep(0.02)
    output = process.communicate(timeout=START_S)[0].decode()
    return 0, "" if process.returncode == 0 and output.startswith("ey") else f"exit {process.returncode}: {output}"


def main():
    folder = Path(sys.argv[1]).resolve()
    signal.signal(signal.SIGIO, signal.SIG_IGN)  # a lease is to be given back
    jobs = {"refused after a while": (refused, folder), "folders": (folders, folder)}
    jobs |= {f"delivers after {delay} s": (delivered, folder, delay) for delay in (0, 1)}
    for number in (signal.SIGTERM, signal.SIGINT):
        jobs[f"held file, {number.name}"] = (held_one, folder, number)
        for kind in ("no writer", "silent", "half", "drip"):
            jobs[f"reload, {kind}, {number.name}"] = (reload_one, folder, kind, number)
            for name in PROGRAMS:
                jobs[f"{name}, {kind}, {number.name}"] = (signal_one, folder, name, kind, number)
    slowest, wrong = 0.0, 0
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        running = {name: pool.submit(*job) for name, job in jobs.items()}
        for name, job in running.items():
            took, why = job.result()
            slowest = max(slowest, took)
            if why:
                wrong += 1
                print(f"{name}: {why}")
    print(f"{len(jobs)} ways to wait, {wrong} wrong, the slowest end after {slowest:.2f} s")
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
