#!/usr/bin/env python3
"""state_kill.py BIN WORK ROUNDS: kills a mock that keeps its state in a SQLite file while several clients write, and starts it
again: what was answered 2xx is there, what was not is there as a whole or not at all, and no id comes twice."""
import atexit
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

BIN, WORK, ROUNDS = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
THREADS, CONTACTS = 6, 5
ABSENT = None
SECRET = {"id": "11111111-1111-4111-8111-111111111111", "key": "FakeKeyOfTeamOneFakeKeyOfTeamOne"}
UUIDS = [f"ada0ada0-1815-4000-8000-{i:012x}" for i in range(CONTACTS)]
WORLD = {"teams": [{"team_id": 1, "name": "One", "secrets": [SECRET],
                    "contacts": [{"name": f"c{i}", "uuid": uuid, "contact_id": i + 1} for i, uuid in enumerate(UUIDS)]}]}


class Mock:
    def __init__(self):
        port_file = WORK / "port"
        port_file.unlink(missing_ok=True)
        self.log = open(WORK / "log", "a")
        self.process = subprocess.Popen([BIN / "heymarket-mock", "--world", WORK / "world.json", "--state", f"sqlite:{WORK}/state.db",
                                         "--listen", "0", "--port-file", port_file, "--log", "none"],
                                        stdout=self.log, stderr=self.log)
        atexit.register(self.process.kill)  # also after a failure
        deadline = time.monotonic() + 60
        while not port_file.exists() or not port_file.read_text().endswith("\n"):
            assert self.process.poll() is None and time.monotonic() < deadline, (WORK / "log").read_text()
            time.sleep(0.01)
        self.port = int(port_file.read_text().strip().rsplit(":", 1)[1])

    def call(self, connection, method, path, body=None, token=None):
        head = {"Content-Type": "application/json"} if body is not None else {}
        if token:
            head["Authorization"] = f"Bearer {token}"
        connection.request(method, path, None if body is None else json.dumps(body), head)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read() or b"null")

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


class Writer(threading.Thread):
    """Creates, changes and deletes channels, each of a type of its own. `may_be` has what each of them may be now."""

    def __init__(self, mock, token, name, may_be, ids):
        super().__init__()
        self.mock, self.token, self.name, self.may_be, self.ids = mock, token, name, may_be, ids
        self.done, self.fault, self.random = 0, None, random.Random(name)

    def write(self, connection, method, contact, kind, value):
        key, path = (contact, kind), f"/v2/contact/{UUIDS[contact]}/channel"
        before = self.may_be.get(key, [ABSENT])
        self.may_be[key] = before + [value]
        if method == "DELETE":
            status, answer = self.mock.call(connection, method, f"{path}/{kind}", None, self.token)
        else:
            status, answer = self.mock.call(connection, method, path, {"channel_type": kind, "channel_id": value}, self.token)
        assert 200 <= status < 300, (status, answer)
        self.may_be[key] = [value]
        if method == "POST":
            self.ids.append(max(channel["id"] for channel in answer if channel["channel_type"] == kind))
        self.done += 1

    def run(self):
        connection, own, number = self.mock.connect(), [], 0
        try:
            while True:
                number += 1
                contact, kind = self.random.randrange(CONTACTS), f"{self.name}-{number}"
                self.write(connection, "POST", contact, kind, f"{kind}-new")
                own.append((contact, kind))
                if number % 3 == 0:
                    self.write(connection, "PUT", *self.random.choice(own), f"{kind}-changed")
                if number % 2 == 0:
                    self.write(connection, "DELETE", *own.pop(self.random.randrange(len(own))), ABSENT)
        except (OSError, http.client.HTTPException):
            pass  # the mock was killed
        except Exception as fault:  # any other is one of the mock
            self.fault = fault


def check(mock, may_be, ids):
    connection, found, seen = mock.connect(), {}, []
    for contact, uuid in enumerate(UUIDS):
        status, answer = mock.call(connection, "GET", f"/_mock/contacts/{uuid}")
        assert status == 200, answer
        for channel in answer["channels"]:
            assert len(channel) == 9, f"a channel is half there: {channel}"
            found[contact, channel["channel_type"]] = channel["channel_id"]
            seen.append(channel["id"])
    assert len(seen) == len(set(seen)), "an id is there twice"
    assert len(ids) == len(set(ids)), "an id was given twice"
    for key, values in may_be.items():
        assert found.get(key, ABSENT) in values, f"{key} is {found.get(key, ABSENT)}, expected one of {values}"
    assert set(found) <= set(may_be), "there is a channel that nobody sent"
    for key in may_be:  # what was not answered is known now
        may_be[key] = [found.get(key, ABSENT)]


def main():
    WORK.mkdir(parents=True, exist_ok=True)
    (WORK / "world.json").write_text(json.dumps(WORLD))
    may_be, ids, writes, offset, chance = {}, [], 0, 0, random.Random(7)
    for round_number in range(ROUNDS):
        mock = Mock()
        connection = mock.connect()
        status, clock = mock.call(connection, "GET", "/_mock/clock")
        assert status == 200 and clock.get("offset_s", 0) == offset, f"the clock is {clock}, expected {offset} s"
        check(mock, may_be, ids)
        offset = round_number + 1
        assert mock.call(connection, "PUT", "/_mock/clock", {"offset_s": offset})[0] == 200
        token = subprocess.run([BIN / "heymarket", "token", "sign"], capture_output=True, text=True, check=True,
                               env={**os.environ, "HEYMARKET_API_SECRET_ID": SECRET["id"],
                                    "HEYMARKET_API_SECRET_KEY": SECRET["key"]}).stdout.strip()
        writers = [Writer(mock, token, f"r{round_number}w{i}", may_be, ids) for i in range(THREADS)]
        for writer in writers:
            writer.start()
        deadline = time.monotonic() + 60
        least = chance.randrange(50, 300)
        while sum(writer.done for writer in writers) < least and not any(writer.fault for writer in writers):
            assert time.monotonic() < deadline, "the mock is too slow"
            time.sleep(0.001)
        mock.kill()
        for writer in writers:
            writer.join()
            assert writer.fault is None, writer.fault
        writes += sum(writer.done for writer in writers)
    mock = Mock()
    check(mock, may_be, ids)
    mock.kill()
    print(f"{ROUNDS} times killed, {writes} writes answered, all of them found again; {len(ids)} ids, none twice")


main()
