#!/usr/bin/env python3
"""Runs the clients of clients.json with the mock in every way, and judges by what the mock has seen:
matrix.py --mock FILE --deny FILE [--modules DIR] [--clients NAME,...] [--ways NAME,...] [--users root,ordinary]"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import trap

HERE = Path(__file__).parent
ORDINARY = 1001 # a user id; need not have an account
SECRET_ID = "74f80a77-9b3f-44ac-b3ad-ab68cfb548fa"
DOCUMENTED = { # credentials for a client that runs without the mock
    "HEYMARKET_API_SECRET_ID": SECRET_ID, "HEYMARKET_API_SECRET_KEY": "cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK",
    "HEYMARKET_CONTACT_ID": "ada0ada0-1815-4000-8000-00000000ada0",
}
SIX = ["channel_create", "channel_get", "channel_list", "channel_update", "channel_delete", "inbox_list"]
MISTAKES = [["--misbehave", name] for name in ("R3-without-new", "G1-channel-id-null", "L1-empty", "U2-changes-nothing",
                                               "X1-status-500", "N1-name-missing")]
NOT_CONCERNED = "does not concern it"
NOT_STARTED = 125 # exit code of run, if it could not run the command

SERVED, REFUSED, OPEN, NOTICED = "served", "refused", "open", "noticed" # what is expected, and the method that checks it


class Way(NamedTuple):
    options: tuple = () # of run
    denied: str = "" # what the kernel refuses
    expect: str = SERVED
    mounts: bool = True # also clients believe the certificate that take it only from the system's files
    hosts: str = "" # line in /etc/hosts
    variables: dict = {}


HOSTS = f"{trap.ELSEWHERE} api.heymarket.com" # as of somebody who has tried something else before
OF_A_COMPANY = {name: f"http://{trap.ELSEWHERE}:3128" for name in ("https_proxy", "HTTPS_PROXY", "ALL_PROXY")}
OF_A_COMPANY |= {name: "/etc/ssl/certs/ca-certificates.crt" for name in
                 ("SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "GIT_SSL_CAINFO", "PERL_LWP_SSL_CA_FILE")}
AUTO, NAMESPACE, CONNECT, KEEP, PROXY = (("--intercept" + word,) for word in ("", "=namespace", "=connect", "=keep-network", "=proxy"))
WAYS = {
    "plain": Way(), "tls": Way(("--tls",), mounts=False), "mistakes": Way(expect=NOTICED),
    "auto": Way(AUTO), "namespace": Way(NAMESPACE), "connect": Way(CONNECT, mounts=False), "keep-network": Way(KEEP),
    "proxy": Way(PROXY, mounts=False),
    "company": Way(AUTO, variables=OF_A_COMPANY), "company-connect": Way(CONNECT, mounts=False, variables=OF_A_COMPANY),
    "company-keep": Way(KEEP, variables=OF_A_COMPANY), "hosts": Way(AUTO, hosts=HOSTS), "hosts-keep": Way(KEEP, hosts=HOSTS),
    "hosts-connect": Way(CONNECT, mounts=False, hosts=HOSTS), "hosts-unmounted": Way(KEEP, "unshare", mounts=False, hosts=HOSTS),
    "no-unshare": Way(AUTO, "unshare", mounts=False), "no-mount": Way(AUTO, "mount", mounts=False),
    "full-unshare": Way(AUTO, "unshare=28", mounts=False), "no-getfd": Way(CONNECT, "pidfd_getfd", mounts=False), # 28: ENOSPC
    "forced": Way(AUTO, "unshare,seccomp", REFUSED), "forced-mount": Way(AUTO, "mount,seccomp", REFUSED),
    "forced-namespace": Way(NAMESPACE, "unshare", REFUSED), "forced-connect": Way(CONNECT, "seccomp", REFUSED),
    "keep-unmounted": Way(KEEP, "unshare", mounts=False), "forced-keep": Way(KEEP, "unshare,seccomp", REFUSED), "forced-supervision": Way(KEEP, "seccomp", REFUSED),
    "nothing": Way(expect=OPEN),
}


class Wrong(Exception):
    pass


def check(holds, what):
    if not holds:
        raise Wrong(what)


class Matrix:
    def __init__(self, options):
        self.options, self.trap = options, options.trapped and trap.Trap()
        self.place = Path(tempfile.mkdtemp(prefix="clients-", dir=options.place))
        self.place.chmod(0o755)
        for file in HERE.iterdir():
            if file.is_file():
                shutil.copy(file, self.place)
        self.programs = {}
        for program in (options.mock, options.deny): # copies: for every user, and until the end
            if program:
                self.programs[program] = shutil.copy(program, self.place)
        if options.modules:
            (self.place / "node_modules").symlink_to(options.modules.resolve())
        os.environ.update(HOME=str(self.place), LC_ALL="C", NO_COLOR="1")

    def shell(self, command, **more):
        return subprocess.run(["sh", "-c", command], cwd=self.place, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False, **more)

    @cache
    def build(self, command):
        done = self.shell(command, env=dict(os.environ, GOTOOLCHAIN="local", GOFLAGS="-mod=mod"))
        return done.returncode == 0, done.stdout

    def absent(self, client):
        """Why the client is not there, or None."""
        if self.shell(client.get("there", "true")).returncode:
            return "not installed"
        built, said = self.build(client.get("build", "true"))
        return None if built else f"does not build: {said.strip().splitlines()[-1]}"

    def not_applicable(self, client, way, user):
        if client.get("only_tls") and way in ("plain", "mistakes"):
            return "speaks only TLS"
        if "operations" in client and way == "mistakes":
            return "calls no operation"
        options, expect = WAYS[way].options, WAYS[way].expect
        concerned = {"kept": options == KEEP, "sealed": options in (AUTO, NAMESPACE, CONNECT) or expect == OPEN}
        concerned["named"] = concerned["sealed"] or concerned["kept"]
        if not concerned.get(client.get("only"), True):
            return NOT_CONCERNED
        if way not in ("plain", "tls", "mistakes") and not self.trap:
            return "no network namespace here"
        if WAYS[way].denied and not self.options.deny:
            return "no deny"
        if user == "ordinary" and not trap.has_other_users():
            return "not root, so there is no other user"
        return None

    def run(self, user, folder, words, **variables):
        """Exit code, what it said, and where it tried to go."""
        if user == "ordinary":
            words = ["setpriv", f"--reuid={ORDINARY}", f"--regid={ORDINARY}", "--clear-groups", *words]
            os.chown(folder, ORDINARY, ORDINARY)
        if self.trap:
            self.trap.caught()
        try:
            environment = dict(os.environ, HOME=str(folder), TMPDIR=str(folder), **variables)
            done = subprocess.run(words, cwd=self.place, env=environment, text=True, errors="replace",
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=90)
        except subprocess.TimeoutExpired as late:
            raise Wrong(f"not done after 90 s: {late.stdout}") from late
        return done.returncode, done.stdout[-800:], self.trap.caught() if self.trap else []

    def mock(self, client, way, user, folder, *more):
        options, denied, *_, variables = WAYS[way]
        without_url = ["env", "-u", "HEYMARKET_API_BASE_URL"] if "--intercept" in "".join(options) else []
        words = [self.programs[self.options.deny], denied] if denied else []
        mock = self.programs[self.options.mock]
        verify = "" if "operations" in client else f"&& {mock} verify accepted=true --exactly 6"
        words += [mock, "run", "--threads", "16", *options, *more, "--report", str(folder / "report.json"), "--",
                  *without_url, "sh", "-c", f": >{folder}/started; {client['run']} {verify}"]
        return self.run(user, folder, words, **variables)

    def served(self, client, way, user, folder):
        six = client.get("operations", SIX)
        code, said, gone = self.mock(client, way, user, folder, *(["--fail-on", "refused", "--fail-on", "warned", "--expect", "6"]
                                                                 if six is SIX else []))
        ignores = way == "proxy" and not client.get("proxy")
        if way == "proxy": # Ruby looks the name up although it uses the proxy
            gone = [] if ignores else [target for target in gone if not target.endswith(" 53")]
        if client.get("only") == "kept":
            check(f"tcp {trap.ELSEWHERE} 5432" in gone, f"the host was not reached: {said}")
            gone = []
        check(not gone, f"tried to reach {gone}: {said}")
        check((folder / "report.json").exists(), f"no report: exit {code}: {said}")
        report = json.loads((folder / "report.json").read_text())
        exchanges = report["exchanges"]
        if ignores or (client.get("trust") == "mount" and not WAYS[way].mounts):
            check(code != 0 and not exchanges, f"exit {code}, {len(exchanges)} requests, none expected: {said}")
            check(("prox" if ignores else "not trust") in said, f"the mock does not say why: {said}")
            return
        check(code == client.get("exit", 0), f"exit {code}: {said}")
        operations = [exchange["operation"] or "" for exchange in exchanges]
        check(operations == six and report["counts"]["requests"] + report["counts"]["others"] == len(six), f"not the requests that were expected: {operations}")
        if six is SIX:
            for exchange in exchanges:
                good = exchange["status"] == 200 and not exchange["findings"] and exchange["claims"]["iss"] == SECRET_ID
                check(good, f"not a good request: {exchange}")

    def refused(self, client, way, user, folder):
        code, said, gone = self.mock(client, way, user, folder)
        check(not gone, f"tried to reach {gone}: {said}")
        check(not (folder / "started").exists(), f"the command was run: {said}")
        check(code == NOT_STARTED and "intercept" in said, f"exit {code}: {said}")

    def open(self, client, way, user, folder):
        code, said, gone = self.run(user, folder, ["sh", "-c", client["run"]], **DOCUMENTED)
        check(code != 0 and f"tcp {trap.ELSEWHERE} 443" in gone, f"exit {code}, the trap has seen {gone}: {said}")

    def noticed(self, client, way, user, folder):
        for mistake in MISTAKES:
            code, said, gone = self.mock(client, way, user, folder, *mistake)
            check(code not in (0, 2, NOT_STARTED) and not gone, f"exit {code} with {mistake}, {gone}: {said}")

    def cell(self, client, way, user):
        folder = Path(tempfile.mkdtemp(dir=self.place))
        if self.trap:
            self.trap.add_host(WAYS[way].hosts)
        try:
            getattr(self, WAYS[way].expect)(client, way, user, folder)
        except Wrong as wrong:
            return "failed", str(wrong)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return "passed", ""

    def all(self, clients, ways, users):
        counts, by_way = Counter(), Counter()
        for client in clients:
            absent, line = self.absent(client), []
            for way, user in ((way, user) for way in ways for user in users):
                why = absent or self.not_applicable(client, way, user)
                result, said = ("skipped", why) if why else self.cell(client, way, user)
                counts[result] += 1
                by_way[way, user, result] += 1
                line.append({"passed": "+", "failed": "FAILED", "skipped": "-"}[result])
                if result == "failed" or (result == "skipped" and why not in (absent, NOT_CONCERNED)):
                    print(f"  {result}: {client['name']}, {way}, as {user}: {said}")
            print(f"{client['name']:20} {' '.join(line) if not absent else f'skipped: {absent}'}", flush=True)
        for way, user in ((way, user) for way in ways for user in users):
            print(f"{way + ', ' + user:30}", ", ".join(f"{by_way[way, user, name]} {name}" for name in ("passed", "failed", "skipped")))
        print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
        return 1 if counts["failed"] or not counts["passed"] else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--mock", "--deny", "--modules"):
        parser.add_argument(name, type=lambda text: Path(text).resolve())
    parser.add_argument("--place", default=tempfile.gettempdir(), type=os.path.abspath, help="where the folder of the run is made; programs must be executable there")
    for name in ("--clients", "--ways", "--users"):
        parser.add_argument(name, type=lambda text: text.split(","))
    options = parser.parse_args()
    options.trapped = trap.enter()
    clients = json.loads((HERE / "clients.json").read_text())
    if options.clients:
        clients = [client for client in clients if client["name"] in options.clients]
    matrix = Matrix(options)
    try:
        sys.exit(matrix.all(clients, options.ways or list(WAYS), options.users or ["root", "ordinary"]))
    finally:
        shutil.rmtree(matrix.place, ignore_errors=True)


if __name__ == "__main__":
    main()
