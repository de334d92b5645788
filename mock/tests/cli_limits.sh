# heymarket-mock with few system resources: descriptors, a full disk, outputs without a reader.
need_linux
trap 'kill -KILL $(jobs -p) 2>/dev/null || true' EXIT # also those that are stopped

id=74f80a77-9b3f-44ac-b3ad-ab68cfb548fa
key=cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK
now=1713225600
token=$(HEYMARKET_API_SECRET_ID=$id HEYMARKET_API_SECRET_KEY=$key heymarket token sign --iat $now)

# start NAME LIMITS ARG...: serves in the background under those limits (for ulimit); $pid, and its port in NAME.port.
# Waits for the port file; the caller redirects stderr.
start() {
  local name=$1 limits=$2
  shift 2
  rm -f "$name.port"
  # shellcheck disable=SC2086 # words
  (ulimit $limits && exec heymarket-mock --listen 0 --port-file "$name.port" --clock @$now "$@") &
  pid=$!
  await "$name.port"
  }
stop() {
  kill -TERM "$pid"
  wait "$pid" || fail "the mock exited with $?"
}

# clients NAME WHAT: talks to that mock and prints the result.
cat >clients.py <<'END'
import os, socket, sys, time
name, what, pid, token = sys.argv[1:]
port = int(open(name + ".port").read().rstrip("/\n").rsplit(":", 1)[1])
body = b'{"channel_type":"email","channel_id":"limits@example.com"}'
post = (f"POST /v2/contact/ada0ada0-1815-4000-8000-00000000ada0/channel HTTP/1.1\r\nHost: x\r\n"
        f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n").encode() + body

def connect():
    return socket.create_connection(("127.0.0.1", port), timeout=60)

def is_answered(client):
    answer = b""
    client.sendall(post)
    while not answer.endswith(b"]"):
        piece = client.recv(65536)
        if not piece:
            break
        answer += piece
    return answer.startswith(b"HTTP/1.1 200 ")

def cpu_s():
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

if what == "kept":  # 200 at once, each with two requests on its connection
    clients = [connect() for _ in range(200)]
    good = sum(is_answered(client) and is_answered(client) for client in clients)
    sys.exit(f"only {good} of 200 were answered twice" if good != 200 else 0)
if what == "crowd":  # more connections than descriptors, held; then room again
    clients = [connect() for _ in range(200)]
    for client in clients:
        client.sendall(post[:20])
    for _ in range(20):  # accepting them may take a while; a server that spins is never idle
        used = cpu_s()
        time.sleep(0.5)
        used = cpu_s() - used
        if used <= 0.25:
            break
    for client in clients:
        client.close()
    if used > 0.25:
        sys.exit(f"{used} s of processor time in half a second without descriptors")
good = 0
for _ in range(100):
    client = connect()
    good += is_answered(client)
    client.close()
sys.exit(f"only {good} of 100 were answered" if good != 100 else 0)
END
clients() { timeout 240 python3 clients.py "$1" "$2" "$pid" "$token" || fail "$1: $2"; }

# A low soft limit is raised silently; a low hard one is reported, and limits the number of clients only.
start soft '-Sn 64' --log none 2>soft.err
clients soft kept
stop
grep -q warning soft.err && fail "a soft limit: $(cat soft.err)"
start hard '-n 64' --log none 2>hard.err
clients hard crowd
stop
grep -q 'warning: 31 clients are served at once, not [0-9]*: the hard limit on open files is too low (ulimit -Hn)' hard.err ||
  fail "a hard limit: $(cat hard.err)"

# The command of run has the original limit.
got=$(ulimit -Sn 100 && heymarket-mock run -- sh -c 'ulimit -Sn; ulimit -Hn' 2>err) || fail "run: $(cat err)"
[ "$got" = "$(printf '100\n%s' "$(ulimit -Hn)")" ] || fail "the limits of the command: $got"

# If a log cannot be written or has no reader, only the log is lost.
for log in text json; do
  start full '-c 0' --log $log 2>/dev/full
  clients full good
  stop
  start closed '-c 0' --log $log 2>&- >&- <&-
  clients closed good
  stop
done
mkfifo log.fifo
exec 8<>log.fifo # opens it and does not read
python3 -c 'import fcntl; fcntl.fcntl(8, fcntl.F_SETPIPE_SZ, 4096)'
world=$(printf 'w%.0s' {1..150}).json
cp "$HM_SOURCE/fixtures/worlds/default.json" "$world"
start unread '-c 0' --log json --world "$world" 2>log.fifo 8<&-
clients unread good
rm "$world"
for _ in $(seq 30); do kill -HUP "$pid"; sleep 0.02; done # each is worth a line, and nobody reads them
clients unread good
stop # it hears that, too
exec 8<&-
start gone '-c 0' --log json 2> >(true)
clients gone good
stop

# Stopped and continued, it goes on.
start asleep '-c 0' --log none 2>/dev/null
kill -STOP "$pid"
(sleep 0.2; kill -CONT "$pid") &
clients asleep good
stop

# Handshakes and heads that do not end share the threads with everybody else.
start slow '-c 0' --log none --tls-listen 0 --threads 16 2>/dev/null
timeout 240 python3 "$HM_SOURCE/mock/tests/slow_clients.py" slow.port "$token" >slow || fail "slow clients"
stop

# While threads can be started, clients need not hurry.
start late '-c 0' --log none --tls-listen 0 2>/dev/null
timeout 120 python3 "$HM_SOURCE/mock/tests/late_clients.py" late.port || fail "late clients"
stop

# A file that cannot be written is an error.
got=0
heymarket-mock run --report /dev/full/report.json -- true 2>err || got=$?
[ "$got" = 2 ] || [ "$got" = 5 ] || fail "a report that cannot be written: exit $got: $(cat err)"
echo passed
