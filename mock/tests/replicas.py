"""Several mocks that share their state in a Redis: what they have in common, and what is left when one of them, or Redis, is killed.

    replicas.py shared | away | killed replica TIMES | killed redis TIMES | balanced

Starts redis-server, the mocks (heymarket-mock of PATH) and, for `balanced`, nginx, in the present folder, and ends them.
"""
import base64
import hashlib
import hmac
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid

LOADERS, PATIENCE_S = 8, 60
processes = []


def start(*command, **options):
    process = subprocess.Popen(command, **options)
    processes.append(process)
    return process


def end_all():
    for process in processes:
        if process.poll() is None:
            process.kill()
            process.wait()


def eventually(condition, what):
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        result = condition()
        if result:
            return result
        time.sleep(0.01)
    sys.exit(f"FAILED: {what} did not come within {PATIENCE_S} s")


def check(condition, *what):
    if not condition:
        sys.exit("FAILED: " + " ".join(str(part) for part in what))


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Redis:
    """Keeps what it has answered, also when it is killed."""

    def __init__(self):
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}"
        os.makedirs("redis", exist_ok=True)
        self.start()

    def start(self):
        self.process = start("redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", os.path.abspath("redis"), "--save", "",
                             "--appendonly", "yes", "--appendfsync", "always", "--logfile", "redis.log")
        eventually(lambda: self.say("PING") == "+PONG", "redis-server")

    def say(self, *words):
        """The first line of its answer; None: it is away."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as one:
                one.sendall("".join([f"*{len(words)}\r\n", *(f"${len(word)}\r\n{word}\r\n" for word in words)]).encode())
                return one.makefile("rb").readline().decode().strip()
        except OSError:
            return None

    def kill(self):
        self.process.kill()
        self.process.wait()


class Mock:
    count = 0

    def __init__(self, redis, *options, environment=None):
        Mock.count += 1
        self.port_file = f"port-{Mock.count}"
        self.command = ["heymarket-mock", "serve", "--port-file", self.port_file, "--log", "none", "--state", redis, *options]
        self.environment = {**os.environ, **(environment or {})}
        self.start("0")

    def start(self, listen):
        if os.path.exists(self.port_file):
            os.remove(self.port_file)
        self.process = start(*self.command, "--listen", listen, env=self.environment)
        eventually(lambda: os.path.exists(self.port_file) and open(self.port_file).read() or self.process.poll() is not None, "the mock")
        check(self.process.poll() is None, "the mock does not start")
        self.port = int(open(self.port_file).readline().rsplit(":", 1)[1].strip("/\n"))

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def again(self):
        self.start(f"127.0.0.1:{self.port}")


def request(port, method, path, body=None, token=None, connection=None, headers=None):
    """(status, JSON or text, headers); raises OSError or HTTPException without an answer."""
    one = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    headers = dict(headers or {})
    if body is not None:
        headers["Content-Type"] = "application/json"
    if token:
        headers["Authorization"] = "Bearer " + token
    one.request(method, path, None if body is None else json.dumps(body), headers)
    answer = one.getresponse()
    text = answer.read().decode()
    if connection is None:
        one.close()
    try:
        return answer.status, json.loads(text), answer.headers
    except ValueError:
        return answer.status, text, answer.headers


def control(mock, method, path, body=None):
    status, answer, _ = request(mock.port, method, "/_mock" + path, body if body is not None or method == "GET" else {})
    check(status in (200, 201), method, path, status, answer)
    return answer


def signed(variables, at=None):
    def part(value):
        return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
    secret = f'{variables["HEYMARKET_API_SECRET_ID"]}||{variables["HEYMARKET_API_SECRET_KEY"]}'.encode()
    head = part(b'{"alg":"HS256","typ":"JWT"}') + "." + part(json.dumps(
        {"iss": variables["HEYMARKET_API_SECRET_ID"], "iat": int(time.time() if at is None else at)}).encode())
    return head + "." + part(hmac.new(secret, head.encode(), hashlib.sha256).digest())


def variables_of(mock):
    return control(mock, "GET", "/env")["env"]


def path_of(contact, rest="channel"):
    return f"/v2/contact/{contact}/{rest}"


def create(mock, variables, value, contact="HEYMARKET_EMPTY_CONTACT_ID", at=None):
    return request(mock.port, "POST", path_of(variables[contact]), {"channel_type": "email", "channel_id": value}, signed(variables, at))


def values(answer):
    return [channel["channel_id"] for channel in answer]


def shared():
    redis = Redis()
    one, other = Mock(redis.url, "--rate-limit", "1000"), Mock(redis.url, "--rate-limit", "1000")
    variables = variables_of(one)
    # Contacts and ids.
    first = create(one, variables, "a@x")
    second = create(other, variables, "b@x")
    check(first[0] == second[0] == 200 and values(second[1]) == ["a@x", "b@x"], first, second)
    ids = [channel["id"] for channel in second[1]]
    check(len(set(ids)) == 2, ids)
    # The clock, the policy, and what a reset is.
    control(one, "PUT", "/clock", {"now": 1713225600})
    check(control(other, "GET", "/clock")["now"] == 1713225600, "the clock")
    check(create(other, variables, "c@x")[0] == 401 and create(other, variables, "c@x", at=1713225600)[0] == 200, "the clock of tokens")
    control(other, "PUT", "/policy", {"policy": {"success-status": "201"}})
    check(create(one, variables, "d@x", at=1713225600)[0] == 201, "the policy")
    control(one, "POST", "/reset", {"what": ["state", "policy", "clock"]})
    check(values(create(other, variables, "e@x")[1]) == ["e@x"], "a reset")
    # A rule for one time, and its counts.
    control(other, "PUT", "/faults", {"faults": [{"status": 500, "times": 1}]})
    statuses = [create(mock, variables, f"f{i}@x")[0] for i, mock in enumerate([one, other, one, other])]
    check(statuses == [500, 200, 200, 200], statuses)
    for mock in (one, other):
        rule = control(mock, "GET", "/faults")["faults"][0]
        check(rule["matched"] == 4 and rule["done"] == 1, rule)
    control(one, "POST", "/reset", {"what": ["faults"]})
    # The rate limit.
    control(one, "PUT", "/clock", {"now": 1713225600})
    control(one, "POST", "/reset", {"what": ["limits"]})
    token = signed(variables, 1713225600)
    path = path_of(variables["HEYMARKET_EMPTY_CONTACT_ID"], "channels")
    statuses = [request(mock.port, "GET", path, token=token)[0] for mock in [one, other] * 501]
    check(statuses.count(200) == 1000 and statuses.count(429) == 2, statuses.count(200))
    # The journal is each one's own, and says whose.
    names = set()
    for mock in (one, other):
        health, journal = control(mock, "GET", "/health"), control(mock, "GET", "/journal?limit=1")
        check(health["replica"] == journal["replica"] and health["state"] == {"kind": "redis", "shared": True}, health)
        names.add(health["replica"])
    check(len(names) == 2, names)
    sandboxes(one, other)
    # Files that are read again change nothing of what is common.
    control(one, "PUT", "/clock", {"real": True})
    control(one, "POST", "/reset", {"what": ["limits"]})
    check(create(one, variables, "again@x")[0] == 200, "before SIGHUP")
    one.process.send_signal(signal.SIGHUP)
    for i in range(20):
        check("again@x" in values(create(one, variables, f"hup{i}@x")[1]), "after SIGHUP")
    # Another world is refused.
    world = {"teams": [{"team_id": 1, "name": "One", "secrets": [{"id": str(uuid.uuid4()), "key": "k" * 20}], "contacts": []}]}
    json.dump(world, open("world.json", "w"))
    refused = subprocess.run(["heymarket-mock", "serve", "--listen", "0", "--state", redis.url, "--world", "world.json"],
                             capture_output=True, text=True, timeout=PATIENCE_S)
    check(refused.returncode == 2 and "another world" in refused.stderr, refused)
    # The password is shown nowhere, also not in the list of processes.
    redis.say("CONFIG", "SET", "requirepass", "hunter2-hunter2")
    hidden = Mock(redis.url.replace("//", "//:hunter2-hunter2@") + "/1")
    check("hunter2" not in open(f"/proc/{hidden.process.pid}/cmdline").read(), "the password is among the arguments")
    Mock(redis.url + "/1", environment={"HEYMARKET_MOCK_REDIS_PASSWORD": "hunter2-hunter2"})
    refused = subprocess.run(["heymarket-mock", "serve", "--listen", "0", "--state", redis.url.replace("//", "//:hunter3@")],
                             capture_output=True, text=True, timeout=PATIENCE_S)
    check(refused.returncode == 2 and "WRONGPASS" in refused.stderr and "hunter3" not in refused.stderr, refused)


def sandboxes(one, other):
    """One made by a mock is there for the other, and ends for both."""
    secret, contact = str(uuid.uuid4()).upper(), str(uuid.uuid4())
    world = {"teams": [{"team_id": 1, "name": "One", "secrets": [{"id": secret, "key": "SandboxKey" + "k" * 20}],
                        "contacts": [{"uuid": contact, "contact_id": 1, "channels": []}]}]}
    made = [control(one, "POST", "/sandboxes", {}), control(one, "POST", "/sandboxes", {"world": world})]
    made[1]["env"].update(HEYMARKET_API_SECRET_ID=secret, HEYMARKET_API_SECRET_KEY=world["teams"][0]["secrets"][0]["key"],
                          HEYMARKET_EMPTY_CONTACT_ID=contact)
    for sandbox in made:
        variables = sandbox["env"]
        check(request(other.port, "GET", "/v1/inboxes", token=signed(variables))[0] == 200, "the secret alone leads to a sandbox")
        answers = [create(mock, variables, f"{i}@x") for i, mock in enumerate([other, one, other])]
        check([answer[0] for answer in answers] == [200] * 3 and values(answers[2][1]) == ["0@x", "1@x", "2@x"], answers)
        control(other, "PUT", f"/sandboxes/{sandbox['id']}/clock", {"now": 1713225600})
        check(create(one, variables, "3@x")[0] == 401 and create(one, variables, "3@x", at=1713225600)[0] == 200, "a sandbox's clock")
    taken = request(other.port, "POST", "/_mock/sandboxes", {"world": world})
    check(taken[0] in (400, 409) or "belongs" in str(taken[1]), taken)
    # Nor can a world have a name of a sandbox that the other one made, and has not told of.
    told = control(one, "POST", "/sandboxes", {})
    world["teams"][0]["secrets"][0]["id"] = told["env"]["HEYMARKET_API_SECRET_ID"]
    world["teams"][0]["contacts"] = []
    taken = request(other.port, "POST", "/_mock/sandboxes", {"world": world})
    check(taken[0] == 409 and "belongs to another" in taken[1]["message"], taken)
    check(request(other.port, "GET", "/v1/inboxes", token=signed(told["env"]))[0] == 200, "its secret leads there")
    control(one, "DELETE", f"/sandboxes/{told['id']}")
    check(request(other.port, "GET", f"/_mock/sandboxes/{told['id']}")[0] == 404, "it ended")
    for mock in (one, other):
        check({sandbox["id"] for sandbox in control(mock, "GET", "/sandboxes")["sandboxes"]} == {sandbox["id"] for sandbox in made}, "the list")
    for sandbox in made:
        control(other, "DELETE", f"/sandboxes/{sandbox['id']}")
        for mock in (one, other):
            check(create(mock, sandbox["env"], "4@x", at=1713225600)[0] == 401, "a sandbox that ended")
            check(request(mock.port, "GET", f"/_mock/sandboxes/{sandbox['id']}")[0] == 404, "a sandbox that ended")


def away():
    redis = Redis()
    mock = Mock(redis.url)
    variables = variables_of(mock)
    check(create(mock, variables, "a@x")[0] == 200, "before")
    redis.kill()
    for _ in range(3):
        status, answer, headers = create(mock, variables, "b@x")
        check(status == 503 and headers["Retry-After"] == "1" and headers["X-Mock-Finding"] == "M1 state-away", status, answer)
    status, health, _ = request(mock.port, "GET", "/_mock/health")
    check(status == 503 and health["status"] == "away" and "refused" in health["state"]["away"], health)
    check(request(mock.port, "PUT", "/_mock/clock", {"now": 1})[0] == 503, "a change of the clock")
    redis.start()
    eventually(lambda: request(mock.port, "GET", "/_mock/health")[0] == 200, "health")
    status, answer, _ = create(mock, variables, "c@x")
    check(status == 200 and values(answer) == ["a@x", "c@x"], status, answer)
    # It cannot be written: no connection says that all is well. One bad key is named.
    load = Load(variables, [mock.port])
    load.goes_on()
    load.end(mock)
    redis.say("CONFIG", "SET", "maxmemory", "1")
    status, answer, _ = create(mock, variables, "e@x")
    check(status == 503 and "OOM" in answer["message"], status, answer)
    status, health, _ = request(mock.port, "GET", "/_mock/health")
    check(status == 503 and "OOM" in health["state"]["away"], status, health)
    redis.say("CONFIG", "SET", "maxmemory", "0")
    eventually(lambda: request(mock.port, "GET", "/_mock/health")[0] == 200, "health")
    redis.say("SET", "heymarket-mock:lists:main:1", "x")
    status, answer, _ = create(mock, variables, "f@x")
    check(status == 503 and "WRONGTYPE" in answer["message"], status, answer)
    check(request(mock.port, "GET", "/_mock/health")[0] == 200, "one bad key")
    # Everything is deleted: the world begins anew.
    redis.say("FLUSHALL")
    check(values(create(mock, variables, "d@x")[1]) == ["d@x"], "after FLUSHALL")


class Load:
    """Threads that create channels on contacts, and remember what was answered with 2xx, and what was not done."""

    def __init__(self, variables, ports):
        self.variables, self.ports = variables, ports
        self.contacts = [variables["HEYMARKET_EMPTY_CONTACT_ID"], variables["HEYMARKET_CONTACT_ID"]]
        self.undone = []
        self.done, self.statuses, self.lock, self.is_over = [], {}, threading.Lock(), threading.Event()
        self.threads = [threading.Thread(target=self.run, args=(i,), daemon=True) for i in range(LOADERS)]
        for thread in self.threads:
            thread.start()

    def run(self, number):
        chosen, made, one = random.Random(number), 0, None
        token = signed(self.variables)
        while not self.is_over.is_set():
            contact, value = chosen.choice(self.contacts), f"v{number}-{made}"
            made += 1
            port = self.ports[(number + made) % len(self.ports)]
            try:
                one = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
                status, answer, headers = request(port, "POST", path_of(contact), {"channel_type": "email", "channel_id": value}, token, one)
                finding = headers.get("X-Mock-Finding", "")
            except (OSError, http.client.HTTPException):
                status, answer, finding = 0, None, ""
            finally:
                one.close()
            with self.lock:
                said = f"{status} {finding}".strip()
                self.statuses[said] = self.statuses.get(said, 0) + 1
                if finding == "M1 state-away":
                    self.undone.append((contact, value))
                if status == 200:
                    self.done.append((contact, value, next(channel["id"] for channel in answer if channel["channel_id"] == value)))
            if status != 200:
                time.sleep(0.01)

    def count(self):
        with self.lock:
            return len(self.done)

    def goes_on(self, more=30):
        before = self.count()
        eventually(lambda: self.count() >= before + more, "more answers")

    def end(self, mock):
        """Every 2xx is found again, nothing that was said not to be done, and no id and no value is there twice."""
        self.is_over.set()
        for thread in self.threads:
            thread.join()
        check(set(self.statuses) <= {"0", "200", "502", "504", "503 M1 state-away", "503 M1 write-unknown"}, self.statuses)
        token, ids, found = signed(self.variables), [], {}
        for contact in self.contacts:
            path = path_of(contact, "channels")
            eventually(lambda: request(mock.port, "GET", path, token=token)[0] == 200, "the list")
            answer = request(mock.port, "GET", path, token=token)[1]
            ids += [channel["id"] for channel in answer]
            listed = values(answer)
            check(len(listed) == len(set(listed)), "a value is there twice")
            found.update({(contact, channel["channel_id"]): channel["id"] for channel in answer})
        check(len(ids) == len(set(ids)), "an id is there twice")
        for contact, value, identity in self.done:
            check(found.get((contact, value)) == identity, "answered, but not found:", value, identity)
        for contact, value in self.undone:
            check((contact, value) not in found, "said not to be done, but found:", value)
        print(f"{len(self.done)} answered and found, {len(ids)} in the lists; statuses {self.statuses}")


def killed(what, times):
    redis = Redis()
    mocks = [Mock(redis.url), Mock(redis.url)]
    load = Load(variables_of(mocks[0]), [mock.port for mock in mocks])
    for i in range(int(times)):
        load.goes_on()
        victim = redis if what == "redis" else mocks[i % 2]
        victim.kill()
        time.sleep(random.random() / 5)
        victim.start() if what == "redis" else victim.again()
    load.goes_on()
    load.end(mocks[0])


NGINX = """daemon off; master_process off; pid %(dir)s/nginx.pid; error_log %(dir)s/error.log;
events { worker_connections 256; }
http {
  access_log off; client_body_temp_path %(dir)s/body; proxy_temp_path %(dir)s/proxy; fastcgi_temp_path %(dir)s/f; uwsgi_temp_path %(dir)s/u;
  scgi_temp_path %(dir)s/s;
  upstream mocks { %(servers)s }
  server { listen 127.0.0.1:%(port)d; location / { proxy_pass http://mocks; proxy_http_version 1.1; proxy_set_header Host $host; } }
}
"""


def balanced():
    redis = Redis()
    mocks = [Mock(redis.url), Mock(redis.url)]
    port, folder = free_port(), os.path.abspath("nginx")
    os.makedirs(folder)
    servers = " ".join(f"server 127.0.0.1:{mock.port} max_fails=1 fail_timeout=1s;" for mock in mocks)
    with open("nginx.conf", "w") as file:
        file.write(NGINX % {"dir": folder, "servers": servers, "port": port})
    start("nginx", "-e", f"{folder}/error.log", "-c", os.path.abspath("nginx.conf"))
    variables = variables_of(mocks[0])
    eventually(lambda: nginx_is_up(port), "nginx")
    load = Load(variables, [port])
    load.goes_on()
    mocks[1].kill()
    load.goes_on()
    mocks[1].again()
    load.goes_on()
    load.end(mocks[0])


def nginx_is_up(port):
    try:
        return request(port, "GET", "/v1/inboxes")[0] == 401
    except OSError:
        return False


if __name__ == "__main__":
    try:
        {"shared": shared, "away": away, "killed": killed, "balanced": balanced}[sys.argv[1]](*sys.argv[2:])
    finally:
        end_all()
