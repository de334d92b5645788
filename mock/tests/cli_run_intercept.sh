# heymarket-mock run --intercept: a private network for an unmodified program, as root and as an ordinary user.
need_intercept
trap 'kill -9 $(cat pids 2>/dev/null) 2>/dev/null || true; rm -rf "$place"' EXIT
command -v curl >/dev/null || { echo 'skipped: no curl'; exit 77; }

# Where every user may write and run programs.
place=$(mktemp -d /tmp/heymarket.XXXXXX)
mkdir -m 1777 "$place/tmp" "$place/here"
chmod 755 "$place"
cp "$HM_BIN/heymarket-mock" "$place/"
deny=$(dirname "$HM_BIN")/tests/deny
[ -x "$deny" ] && cp "$deny" "$place/"
export PATH=$place:$PATH TMPDIR=$place/tmp
unset HTTPS_PROXY https_proxy HTTP_PROXY http_proxy ALL_PROXY all_proxy NO_PROXY no_proxy SSL_CERT_FILE CURL_CA_BUNDLE
cd "$place/here" || fail "no folder"
few='--threads 8'

# The command line.
exits 2 heymarket-mock run --intercept=none -- true
complains 'expected one of: off, auto, namespace, connect, keep-network, proxy, check'
exits 2 heymarket-mock run --intercept
complains 'found no command to run'
exits 2 heymarket-mock run --allow-host 127.0.0.1:1 -- touch ran
complains '--allow-host needs --intercept'
exits 2 heymarket-mock run --trust-file x -- touch ran
complains '--trust-file needs --intercept'

heymarket-mock run --intercept=check >check || true

# A refusal: one sentence, and the command is not run. Also as root, also when the system calls fail one after the other.
if [ -x "$place/deny" ]; then
  for call in unshare mount; do
    exits 125 deny $call heymarket-mock run --intercept=namespace -- touch ran
    complains "--intercept=namespace: this container forbids $([ $call = mount ] && echo mounts || echo namespaces); CMD was not run"
  done
  exits 125 deny unshare=28 heymarket-mock run --intercept=namespace -- touch ran
  complains 'user.max_user_namespaces is '
  exits 125 deny unshare=22 heymarket-mock run --intercept=namespace -- touch ran
  complains 'this kernel has no user namespaces'
  exits 125 deny unshare,seccomp heymarket-mock run --intercept -- touch ran
  complains 'CMD was not run: set HEYMARKET_API_BASE_URL'
  if grep -q '^connect (.*): possible' check; then
    exits 7 deny unshare heymarket-mock run $few --intercept -- sh -c 'curl -sS -o /dev/null https://api.heymarket.com/v1/inboxes; exit 7'
    complains '--intercept: this container forbids namespaces; using supervised connect instead'
    complains '1 request: '
  fi
  exits 125 deny unshare,seccomp heymarket-mock run --intercept=check
  has 'namespace (private network and files): not possible: this container forbids namespaces'
  has '--intercept would use: nothing; CMD would not be run'
fi
[ ! -e ran ] || fail 'the command ran'
[ -z "$(ls "$TMPDIR")" ] || fail "left: $(ls "$TMPDIR")"

if ! grep -q '^namespace (.*): possible$' check; then
  echo "skipped the rest: $(head -n 1 check)"
  exit 77
fi
if [ "$(id -u)" = 0 ]; then users='root nobody'; else users=self; fi

# as USER COMMAND...
as() {
  local user=$1
  shift
  if [ "$user" = nobody ]; then setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; else "$@"; fi
}

# No limit set in the system is passed: root of a nested namespace without the capability to do without one of users.
if unshare -r true 2>/dev/null; then
  # shellcheck disable=SC2016,SC2086 # expanded by the inner shell; words
  exits 125 unshare -r sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec setpriv --bounding-set=-sys_admin "$@"' sh \
    heymarket-mock run --intercept=namespace -- touch ran
  complains 'user.max_user_namespaces is 0'
fi

# What the command sees. It is run without variables, so that only the files can help; then with misleading ones.
cat >inside <<'END'
status() { curl -sS -m 20 -o /dev/null -w '%{http_code}' "$@" 2>>curl.err; }
{
  echo "user $(id -u) $(id -g)"
  echo "bounding $(grep CapBnd /proc/self/status | cut -f 2) effective $(grep CapEff /proc/self/status | cut -f 2)"
  echo "files $(env -i PATH="$PATH" HOME=/nonexistent curl -sS -m 20 -o /dev/null -w '%{http_code}' https://api.heymarket.com/v1/inboxes 2>>curl.err)"
  echo "variables $(status https://api.heymarket.com/v1/inboxes)"
  echo "control $(status "$HEYMARKET_MOCK_CONTROL_URL/health")"
  echo "not the control plane $(status https://api.heymarket.com/_mock/journal)"
  echo "proxies $HTTPS_PROXY$https_proxy$ALL_PROXY"
  echo "address $(getent ahosts api.heymarket.com | cut -d ' ' -f 1 | sort -u | tr '\n' ' ')"
  status https://eu.api.heymarket.com/ >/dev/null; echo "subdomain $?"
  status https://example.com/ >/dev/null; echo "other name $?"
  status http://198.51.100.7/ >/dev/null; echo "other address $?"
  grep -c 'BEGIN CERTIFICATE' bundle.pem
} >seen
exit 7
END
for user in $users; do
  id=$(as "$user" id -u) group=$(as "$user" id -g)
  rm -f seen curl.err bundle.pem pids out err
  exits 0 heymarket-mock run $few --tls-listen 0 --tls-ca-out bundle.pem -- true # of another mock
  chmod 644 bundle.pem && cp bundle.pem bundle.before
  exits 7 as "$user" env HTTPS_PROXY=http://127.0.0.1:9 ALL_PROXY=http://127.0.0.1:9 SSL_CERT_FILE="$PWD/bundle.pem" \
    heymarket-mock run $few --intercept --trust-file bundle.pem -- sh inside
  complains 'replaced or removed for CMD: HTTPS_PROXY ALL_PROXY'
  complains '2 requests: '
  cat >expected <<END
user $id $group
files 401
variables 401
control 200
not the control plane 403
proxies 
address 192.0.2.1 
subdomain 6
other name 6
other address 7
2
END
  grep -v bounding seen | diff expected - || { cat curl.err >&2; fail "as $user"; }
  [ "$user" != nobody ] || grep -q 'bounding 0000000000000000 effective 0000000000000000' seen || fail "capabilities: $(cat seen)"
  [ "$(stat -c %u seen)" = "$id" ] || fail 'the file has another owner'
  cmp bundle.pem bundle.before || fail 'the file of --trust-file changed'
  [ -z "$(ls "$TMPDIR")" ] || fail "left: $(ls "$TMPDIR")"

  # Its end: a signal, a command that is not there, a signal that is passed on; what it left running goes too.
  # shellcheck disable=SC2016 # expanded by the inner shell
  exits 137 as "$user" heymarket-mock run $few --intercept -- sh -c '
    setsid sleep 600 & echo $! >>pids; setsid unshare -rm sleep 600 & echo $! >>pids
    while [ "$(readlink /proc/$!/ns/mnt)" = "$(readlink /proc/$$/ns/mnt)" ]; do :; done
    kill -9 $$'
  for pid in $(tail -n 2 pids); do is_gone "$pid" || fail 'a process was left'; done
  exits 127 as "$user" heymarket-mock run $few --intercept -- ./nonexistent
  [ -z "$(ls "$TMPDIR")" ] || fail "left: $(ls "$TMPDIR")"

  # The mock is killed: the command, its child in another session, and all files go.
  rm -f ready mock
  # shellcheck disable=SC2016
  as "$user" heymarket-mock run $few --intercept -- \
    sh -c 'echo $PPID >mock; echo $$ >>pids; setsid sh -c "echo \$\$ >>pids; echo ready >ready; exec sleep 600" & wait' 2>/dev/null &
  await ready
  kill -9 "$(cat mock)"
  for pid in $(tail -n 2 pids); do eventually is_gone "$pid" || fail "process $pid is left"; done
  eventually sh -c "[ -z \"\$(ls '$TMPDIR')\" ]" || fail "left: $(ls "$TMPDIR")"
  wait $! 2>/dev/null || true
done

# As root the command can go on as another user, who believes the mock, too, with variables and without.
if [ "$(id -u)" = 0 ]; then
  # shellcheck disable=SC2016
  exits 0 heymarket-mock run $few --intercept -- setpriv --reuid=65534 --regid=65534 --clear-groups sh -ec '
    curl -sS -o /dev/null https://api.heymarket.com/v1/inboxes
    env -i PATH="$PATH" curl -sS -o /dev/null https://api.heymarket.com/v1/inboxes
    ! cat "$WGETRC" 2>/dev/null'
  complains '2 requests: '
fi

# Without private files, too, what the command left running goes.
for method in connect proxy; do
  if [ $method = proxy ] || grep -q '^connect (.*): possible' check; then
    # shellcheck disable=SC2016
    exits 0 heymarket-mock run $few --intercept=$method -- sh -c 'setsid sh -c "trap \"\" TERM; echo \$\$ >>pids; echo ready >ready; sleep 600 & wait" & until [ -s ready ]; do :; done; rm ready'
    is_gone "$(tail -n 1 pids)" || fail "$method: a process was left"
  fi
done

# A bundle that is none.
echo 'no certificate' >bundle.pem
exits 2 heymarket-mock run $few --intercept --trust-file bundle.pem -- touch ran
complains '--trust-file bundle.pem: found no certificate in PEM'
exits 2 heymarket-mock run $few --intercept --trust-file nonexistent.pem -- touch ran
complains 'nonexistent.pem'
[ ! -e ran ] || fail 'the command ran'
[ -z "$(ls "$TMPDIR")" ] || fail "left: $(ls "$TMPDIR")"

# Others that answer look-ups through a socket outside, and a resolv.conf among them.
if unshare -rm true 2>/dev/null && [ "$(id -u)" = 0 ]; then
  need_python
  # shellcheck disable=SC2016
  exits 0 unshare -m sh -c '
    mount -t tmpfs none /run && mkdir -p /run/nscd /run/systemd/resolve /run/user && cp /etc/resolv.conf /run/systemd/resolve/stub-resolv.conf
    mkdir etc && cp -a /etc/. etc/ 2>/dev/null; ln -sf /run/systemd/resolve/stub-resolv.conf etc/resolv.conf; mount --bind etc /etc
    python3 "$1"/nscd.py & nscd=$!
    until [ -S /run/nscd/socket ]; do sleep 0.02; done
    getent ahosts localhost >before; echo "outside $?" >seen
    heymarket-mock run --threads 8 --intercept -- sh -c "ls -A /run/nscd /run/systemd/resolve; cat /etc/resolv.conf; getent ahosts api.heymarket.com" >>seen
    kill $nscd' sh "$HM_SOURCE/mock/tests/intercept"
  grep -q '^outside 2$' seen || fail "the stand-in for nscd was not asked: $(cat seen)"
  ! grep -q '^socket' seen || fail 'the socket of nscd is seen'
  grep -q '^nameserver 127.0.0.1$' seen || fail "resolv.conf: $(cat seen)"
  grep -q '^192.0.2.1  *STREAM' seen || fail "no address: $(cat seen)"
fi

# An interactive shell has its terminal: jobs stop, go on and end.
if python3 -c 'import pty' 2>/dev/null && command -v bash >/dev/null; then
  exits 0 python3 "$HM_SOURCE/mock/tests/intercept/terminal.py" heymarket-mock run --threads 8 --intercept --
fi
