# kill -9 of a mock, and of Redis, under load, and two mocks behind nginx of which one is killed: each 2xx is found again, nothing that was
# said not to be done, and no id comes twice. Ten times each; HM_SAMPLE=1: once.
need_python
need_linux redis-server
heymarket-mock --state nowhere:file >out 2>err || true
grep -q 'redis://' err || { echo 'skipped: built without Redis'; exit 77; }
times=10; [ -z "${HM_SAMPLE:-}" ] || times=1
killed() {
  mkdir "$1"
  (cd "$1" && python3 "$HM_SOURCE/mock/tests/replicas.py" "${@:2}") || fail "$*"
}
killed mock killed replica "$times"
killed redis killed redis "$times"
PATH=$PATH:/usr/sbin
if command -v nginx >/dev/null; then killed nginx balanced; else echo 'no nginx, so nothing is balanced'; fi
