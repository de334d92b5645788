# ci/examples: the examples work, as far as they can be tested without the services that they are for.

examples=$HM_SOURCE/ci/examples
cp "$HM_SOURCE/mock/tests/runners/test_channel.py" .
tests='python3 -m unittest -q'
command -v python3 >/dev/null || { echo 'skipped: no python3'; exit 0; }

# A value of a YAML file, as lines, with any installed YAML reader.
if python3 -c 'import yaml' 2>/dev/null; then
  value() {
    python3 -c 'import sys, yaml
found = yaml.safe_load(open(sys.argv[1]))
for name in sys.argv[2:]:
    found = found[int(name)] if isinstance(found, list) else found[name]
print("\n".join(map(str, found)) if isinstance(found, list) else found)' "$@"
  }
elif command -v ruby >/dev/null; then
  value() {
    ruby -ryaml -e 'found = YAML.load_file(ARGV.shift)
ARGV.each { |name| found = found.is_a?(Array) ? found[name.to_i] : found[name] }
puts found' "$@"
  }
else
  value() { return 1; }
  echo 'skipped: no reader of YAML'
fi

# tested NAME LINE...: the script of a job, with our tests instead of those of npm and make.
tested() {
  local name=$1
  shift
  [ -n "$*" ] || fail "$name: no script"
  rm -f heymarket.*
  bash -eu -o pipefail -c "$(printf '%s\n' "$@" | sed "s/-- \(npm\|make\) test/-- $tests/")" >out 2>err ||
    fail "$name: exit $?: $(cat out err)"
  grep -q '1 request: 1 accepted, 0 refused' err || fail "$name: $(cat err)"
  [ -s heymarket.html ] || fail "$name: no report"
}

if value "$examples/compose.yml" services >/dev/null; then
  for step in 0 1 2 3 4; do
    line=$(value "$examples/github-actions.yml" jobs test steps $step run 2>/dev/null || true)
    case $line in heymarket-mock*) tested github-actions "$line" && ran=yes ;; esac
  done
  [ "${ran-}" = yes ] || fail "github-actions: no step runs the mock"
  tested gitlab-ci "$(value "$examples/gitlab-ci.yml" heymarket script)"
  for name in github-actions gitlab-ci; do
    grep -oE '[^ ]*ci/install ' "$examples/$name.yml" >/dev/null || fail "$name: does not install"
  done
  [ -x "$HM_SOURCE/ci/install" ] || fail "ci/install is not there"

  # Compose: the service as it is started and checked, on loopback and a free port.
  mapfile -t arguments < <(value "$examples/compose.yml" services heymarket command | sed 's/^0\.0\.0\.0:8580$/127.0.0.1:0/')
  mapfile -t health < <(value "$examples/compose.yml" services heymarket healthcheck test)
  [ "${arguments[0]}" = serve ] && [ "${health[0]}" = CMD ] || fail "compose: ${arguments[*]} / ${health[*]}"
  heymarket-mock "${arguments[@]}" --threads 16 --port-file port 2>err &
  await port
  "${health[@]:1}" --port-file port || fail "compose: the health check exits with $?"
  for variable in HEYMARKET_API_SECRET_ID HEYMARKET_API_SECRET_KEY HEYMARKET_CONTACT_ID; do
    export $variable="$(value "$examples/compose.yml" services tests environment $variable)"
  done
  HEYMARKET_API_BASE_URL=$(cat port) $tests || fail "compose: the tests exit with $?: $(cat err)"
  url=$(cat port)
  status=$(curl -sS -o /dev/null -w '%{http_code}' -H "Host: heymarket:${url##*:}" "$url/_mock/policy")
  [ "$status" = 200 ] || fail "compose: the control plane answers $status to the service's name"
  kill $!
  wait $! || fail "compose: the mock exits with $?"
fi
grep -q "^      dockerfile: ci/container/Containerfile$" "$examples/compose.yml" && [ -r "$HM_SOURCE/ci/container/Containerfile" ] || fail "Containerfile"

# Make, each of its targets.
for target in test test-tls test-strict; do
  make -s -f "$examples/Makefile" $target TESTS="$tests" >out 2>err || fail "make $target: exit $?: $(cat out err)"
  grep -q '1 request: 1 accepted, 0 refused, 0 warned' err || fail "make $target: $(cat err)"
done
echo passed
