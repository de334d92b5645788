# The fixtures in ci/examples that give each test a sandbox: eight tests at once, all on one mock, with the runners that are installed.
# HM_SAMPLE=1: with pytest and node alone.
examples=$HM_SOURCE/ci/examples
cp -r "$HM_SOURCE/mock/tests/sandboxes/." .
cp -r "$examples/node" node/heymarket
cp "$examples/pytest/sandbox/conftest.py" pytest
mkdir go/heymarkettest
cp "$examples/go/heymarkettest.go" go/heymarkettest
cp "$examples/phpunit/HeymarketMock.php" phpunit
export PYTEST_XDIST_AUTO_NUM_WORKERS=8 NO_COLOR=1 GOFLAGS=-mod=mod GOTOOLCHAIN=local GOTELEMETRY=off
ran=
heymarket-mock serve --listen 0 --port-file port --log none &
await port
HEYMARKET_MOCK_URL=$(head -n 1 port)
export HEYMARKET_MOCK_URL
main=$HEYMARKET_MOCK_URL/_mock

# eight NAME COMMAND...: passes, in eight sandboxes, which have ended afterwards, and leaves nothing in the main world.
eight() {
  local name=$1 url met
  shift
  rm -f met.*
  timeout 300 "$@" >out 2>&1 || fail "$name: exit $?: $(cat out)"
  for met in met.[1-8]; do
    url=$(cat "$met")
    ! heymarket-mock health --url "$url" 2>/dev/null || fail "$name: $url still answers"
    echo "$url"
  done | sort -u >urls
  [ "$(wc -l <urls)" -eq 8 ] || fail "$name: not eight sandboxes: $(cat urls)"
  curl -sS "$main/sandboxes" | grep -qF '"sandboxes":[]' || fail "$name: left $(curl -sS "$main/sandboxes")"
  heymarket-mock verify --exactly 0 >/dev/null || fail "$name: requests of the main world"

  # An expectation that does not come true fails the test, and its sandbox is ended, too.
  ! EXPECT_TOO_MUCH=2 PYTEST_XDIST_AUTO_NUM_WORKERS=1 timeout 300 "$@" >out 2>&1 || fail "$name: an expectation that did not come true passes"
  grep -q 'expected refusals did not come' out || fail "$name: $(cat out)"
  curl -sS "$main/sandboxes" | grep -qF '"sandboxes":[]' || fail "$name: left after a failure"
  echo "passed: $name"
  ran=yes
}

# at_once COMMAND...: eight processes, each with its NUMBER.
# Two are enough for the failure.
at_once() {
  local pids=() code=0 pid
  for NUMBER in 1 ${EXPECT_TOO_MUCH:-2 3 4 5 6 7 8}; do
    NUMBER=$NUMBER "$@" &
    pids+=("$!")
  done
  for pid in "${pids[@]}"; do wait "$pid" || code=1; done
  return "$code"
}
export -f at_once

cd pytest || exit
python=$(for python in python3 /usr/bin/python3; do # the first one in PATH may not be the one that has Debian's packages
  ! "$python" -c 'import pytest, xdist' 2>/dev/null || { echo "$python"; break; }
done)
if [ -n "$python" ]; then
  eight pytest-xdist "$python" -m pytest -q -p no:cacheprovider -n auto
else
  echo 'skipped: no pytest with xdist'
fi
cd ../node || exit
if command -v node >/dev/null; then
  eight node:test node --test .
else
  echo 'skipped: no node'
fi
[ -z "${HM_SAMPLE:-}" ] || { echo passed; exit 0; }
cd ../go || exit
if command -v go >/dev/null && [ -w "${HOME:-/nonexistent}" ]; then
  eight 'go test' go test -count=1 -parallel 8 .
else
  echo 'skipped: no go'
fi
cd ../phpunit || exit
if command -v phpunit >/dev/null; then
  eight phpunit bash -c 'at_once phpunit --do-not-cache-result EightTest.php'
else
  echo 'skipped: no phpunit'
fi
[ -n "$ran" ] || { echo 'skipped: no runner'; exit 77; }
echo passed
