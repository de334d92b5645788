# heymarket-mock run with common test runners, those that are installed.
has() { command -v "$1" >/dev/null || { echo "skipped: no $1"; return 1; }; }

cp -r "$HM_SOURCE/mock/tests/runners/." .
export NO_COLOR=1 npm_config_update_notifier=false

# wrapped TRANSPORT COMMAND...: passes, and made one request, which was accepted.
wrapped() {
  local transport=$1
  shift
  timeout 200 heymarket-mock run --threads 16 $transport --fail-on refused --fail-on warned --expect 1 \
    --report report.json -- "$@" >out 2>err || fail "$*: exit $?: $(cat out err)"
  grep -q '"accepted": 1,' report.json || fail "$*: not one request: $(cat report.json)"
  echo "passed: $* $transport"
}

for transport in '' --tls; do
  # shellcheck disable=SC2086 # words
  wrapped "$transport" sh -c 'curl -sSf -o /dev/null -H "Content-Type: application/json" \
    -H "Authorization: Bearer $(heymarket token sign)" -d "{\"channel_type\":\"email\",\"channel_id\":\"sh@example.com\"}" \
    "$HEYMARKET_API_BASE_URL/v2/contact/$HEYMARKET_CONTACT_ID/channel"'
  if has node; then
    wrapped "$transport" node --test
    if has npm; then wrapped "$transport" npm test --silent; fi
  fi
  if has python3; then
    wrapped "$transport" python3 -m unittest -q
    if python3 -c 'import pytest' 2>/dev/null; then wrapped "$transport" python3 -m pytest -q; else echo 'skipped: no pytest'; fi
    if has make; then
      printf 'test:\n\tpython3 -m unittest -q\n' >Makefile
      wrapped "$transport" make -s test
    fi
  fi
  # Its cache is outside of our folder, so the standard library is compiled only once.
  if has go && [ -w "${HOME:-/nonexistent}" ]; then
    (cd go && wrapped "$transport" env GOFLAGS=-mod=mod GOTOOLCHAIN=local GOTELEMETRY=off go test -count=1 -vet=off ./...)
  fi
done

# A failed test fails here, too, with the runner's own code.
if has python3; then
  got=0
  heymarket-mock run --threads 16 --fault status=500 -- python3 -m unittest -q >out 2>err || got=$?
  [ "$got" = 1 ] || fail "a failing test: exit $got"
  grep -q 'heymarket-mock: 1 request: 0 accepted, 0 refused, 0 warned, 1 by a fault' err || fail "summary: $(cat err)"
fi
echo passed
