# The fixtures in ci/examples: a mock for each worker of a test runner. Each fixture is copied and run with its runner, if that is installed.
#
# Two workers run at once: each makes the same request, waits until the other has made its own, and sees exactly one. Their mocks
# end with them, also if they are killed.
examples=$HM_SOURCE/ci/examples
cp -r "$HM_SOURCE/mock/tests/workers/." .
cp -r "$examples/node" node/heymarket
cp "$examples/pytest/conftest.py" pytest
mkdir go/heymarkettest
cp "$examples/go/heymarkettest.go" go/heymarkettest
cp "$examples/rspec/heymarket_helper.rb" rspec
cp "$examples/phpunit/HeymarketMock.php" phpunit
export NO_COLOR=1 GOFLAGS=-mod=mod GOTOOLCHAIN=local GOTELEMETRY=off
export TMPDIR="$PWD/tmp" # a fixture leaves no heymarket-* here
mkdir "$TMPDIR"
ran=

no_mock=$(tr : '\n' <<<"$PATH" | while read -r dir; do [ -x "$dir/heymarket-mock" ] || printf '%s:' "$dir"; done)

is_without_mock() { ! heymarket-mock health --url "$1" >/dev/null 2>&1; }

# ended NAME...: the mocks of these workers are gone.
ended() {
  local name url
  for name in "$@"; do
    read -r _ url <"met.$name" || [ -n "$url" ] || fail "no worker $name"
    eventually is_without_mock "$url" || fail "the mock of worker $name still runs"
  done
}

# both COMMAND...: passes with two workers. COMMAND runs them.
both() {
  rm -f met.*
  timeout 300 "$@" >out 2>&1 || fail "exit $?: $(cat out)"
  [ "$(cut -d' ' -f2 met.one)" != "$(cut -d' ' -f2 met.two)" ] || fail 'the workers have one mock'
  ended one two
}

# fixture NAME ONE TWO COMMAND...: COMMAND runs the test files ONE and TWO with two workers, and with one of them as an argument runs that.
fixture() {
  local name=$1 one=$2 two=$3 runner worker
  shift 3
  both "$@" "$one" "$two"

  # An expectation that does not come true fails the test, with the same words everywhere.
  touch met.two
  ! EXPECT_TOO_MUCH=1 timeout 300 "$@" "$one" >out 2>&1 || fail "$name: an expectation that did not come true passes"
  grep -q 'expected refusals did not come' out || fail "$name: $(cat out)"

  # Without a mock nothing passes, and the reason is among what the runner prints.
  ! PATH=$no_mock timeout 300 "$@" "$one" >out 2>&1 || fail "$name: passes without a mock"
  grep -qF 'is heymarket-mock on PATH?' out || fail "$name: $(cat out)"

  # The worker waits for another one, and is killed.
  rm -f met.*
  timeout 300 "$@" "$one" >out 2>&1 &
  runner=$!
  await met.one
  read -r worker _ <met.one || true
  ! is_without_mock "$(cut -d' ' -f2 met.one)" || fail "$name: no mock while the worker waits"
  kill -KILL "$worker"
  ended one
  kill "$runner" 2>/dev/null || true
  wait "$runner" 2>/dev/null || true
  # Runners that are killed leave folders of their own there.
  ! compgen -G "$TMPDIR/heymarket-*" >left || fail "$name: left in TMPDIR: $(cat left)"
  echo "passed: $name"
  ran=yes
}

# at_once COMMAND FILE...: COMMAND FILE for each, at once, as the parallel runners of Ruby and PHP do.
at_once() {
  local command=$1 file pids=() code=0 pid
  shift
  for file in "$@"; do
    $command "$file" &
    pids+=("$!")
  done
  for pid in "${pids[@]}"; do wait "$pid" || code=1; done
  return "$code"
}
export -f at_once

# modules PACKAGE: links ./node_modules to where PACKAGE is installed.
modules() {
  local root
  root=$(npm root -g 2>/dev/null) && [ -d "$root/$1" ] && ln -s "$root" node_modules
}

cd node || exit
if command -v jest >/dev/null; then
  fixture jest one.test.js two.test.js jest -c jest.config.cjs --maxWorkers 2
else
  echo 'skipped: no jest'
fi
if command -v vitest >/dev/null && modules vitest; then
  for pool in forks threads; do
    fixture "vitest, $pool" one.test.js two.test.js vitest run --maxWorkers 2 --pool "$pool"
  done
else
  echo 'skipped: no vitest'
fi
cd ../pytest || exit
python=$(for python in python3 /usr/bin/python3; do # the first one in PATH may not be the one that has Debian's packages
  ! "$python" -c 'import pytest, xdist' 2>/dev/null || { echo "$python"; break; }
done)
if [ -n "$python" ]; then
  fixture pytest-xdist test_one.py test_two.py "$python" -m pytest -q -p no:cacheprovider -n 2 --dist loadfile
else
  echo 'skipped: no pytest with xdist'
fi
cd ../go || exit
if command -v go >/dev/null && [ -w "${HOME:-/nonexistent}" ]; then
  MEET=$PWD fixture 'go test' ./one ./two go test -count=1 -p 2
else
  echo 'skipped: no go'
fi
cd ../rspec || exit
if command -v rspec >/dev/null; then
  fixture rspec one_spec.rb two_spec.rb bash -c 'at_once rspec "$@"' rspec
else
  echo 'skipped: no rspec'
fi
cd ../phpunit || exit
if command -v phpunit >/dev/null; then
  fixture phpunit OneTest.php TwoTest.php bash -c 'at_once "phpunit --bootstrap bootstrap.php --do-not-cache-result" "$@"' phpunit
else
  echo 'skipped: no phpunit'
fi
[ -n "$ran" ] || { echo 'skipped: no runner'; exit 77; }
echo passed
