# Learning a profile: a mock without any default policy, as a foreign
# target, is learned; a second mock that loads the profile gives the same result.
uuid() { sed -n "s/.*\"name\": \"$1\", \"uuid\": \"\([^\"]*\)\".*/\1/p" "$HM_SOURCE/fixtures/worlds/default.json"; }
value() { sed -n "s/.*\"$1\": \"\([^\"]*\)\".*/\1/p" "$HM_SOURCE/fixtures/worlds/default.json" | sed -n "${2}p"; }
LEARN_KEY=$(value key 1)
export LEARN_KEY
cat >target.json <<END
{ "v": 1,
  "secrets": { "first": { "id": "$(value id 1)", "key": { "env": "LEARN_KEY" } },
    "second": { "id": "$(value id 2)", "key": "$(value key 2)" } },
  "legacy_key": "$(value legacy_key 1)",
  "contacts": { "ada": "$(uuid ada)", "empty": "$(uuid empty)" } }
END

start() { # ARGUMENT...: $url is a mock that is taken for a live, foreign target, because 0.0.0.0 is not loopback
  rm -f port
  heymarket-mock serve --listen 0 --port-file port --log none "$@" 2>/dev/null & mock=$!
  await port
  url=$(sed -n '1s#127.0.0.1#0.0.0.0#p' port)
}
learn() { # FILE ARGUMENT...
  file=$1; shift
  start "$@"
  heymarket-conformance run --base-url "$url" --target target.json --live --rate 6000 --only J1-missing --learn "$file" \
    >out 2>err || { cat out err >&2; fail "exit $?"; }
  grep -q 'a live target' out || fail 'the mock was not taken for a foreign target'
  kill $mock; wait $mock || true
}

set_all() { # every policy there is, to a value that is not its default
  python3 - "$HM_SOURCE/fixtures/clauses.json" <<'END'
import json, sys
for clause in json.load(open(sys.argv[1]))["clauses"]:
    if "policy" in clause:
        values = clause.get("values", ["60", "137"])
        print(f'--set {clause["policy"]}={values[-1]}')
END
}
need_python
arguments=$(set_all)

# shellcheck disable=SC2086
learn first.json $arguments
no_complaints
for pair in ${arguments//--set /}; do
  grep -qF "\"${pair%%=*}\": \"${pair#*=}\"" first.json || { cat first.json >&2; fail "not learned: $pair"; }
done
learn second.json --profile first.json
cmp first.json second.json || fail 'a mock with the profile is learned otherwise'

# The built-in values, and a leeway that a profile cannot contain; a clock that differs has no effect.
learn defaults.json
grep -qF '"future-iat": "60"' defaults.json || fail 'the default leeway'
grep -qF '"legacy-key": "reject"' defaults.json || fail 'the default legacy-key'
learn none.json --set future-iat=0 --clock +2
grep -qF '"future-iat": "0"' none.json || { cat none.json err; fail 'no leeway, on a clock that is ahead'; }

# What cannot be determined is reported and left out.
edit target.json '/legacy_key/d'
learn less.json --set success-status=201
grep -qF ': legacy-key [J13]: ' err || fail 'what is left out is not said'
! grep -q legacy-key less.json || fail 'a guess is in the profile'
grep -qF '"success-status": "201"' less.json || fail 'success-status'

# Learning requires a target.
got=0; heymarket-conformance run --only J1-missing --learn x.json 2>err || got=$?
[ $got = 2 ] || fail "exit $got without a target"
