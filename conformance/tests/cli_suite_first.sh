# The first, correct request is refused: one headline with the likely cause and what to do, few requests, and no write.
need_python
tests=$HM_SOURCE/conformance/tests
eval "$(python3 "$tests/foreign_server.py" --environment)"
names='key-alone one-pipe swapped key-hashed other-secret hs512 hs384 milliseconds basic legacy any-token-403 contact-403
unknown-contact media-type-415 body-400 web-page-200 web-page-404 redirect redirect-nowhere gateway-401 login-401 gateway-502 gateway-400 prefix
clock-ahead clock-behind key-alone+body-before-token key-alone+busy'
# shellcheck disable=SC2086
python3 "$tests/first_answers.py" --port-file ports $names &
await ports
first() { # EXIT NAME TEXT [ARGUMENT...]: the last line holds TEXT
  local want=$1 name=$2 text=$3
  shift 3
  exits "$want" heymarket-conformance run --keep --base-url "$(sed -n "s/^$name //p" ports)" "$@"
  tail -n 1 out | grep -qF -- "$text" || { cat out >&2; fail "$name: the last line lacks: $text"; }
  [ "$(wc -l <out)" -lt 25 ] || fail "$name: more than a screenful"
  grep -qE '^[0-9]+ cases, [0-9]+ requests? in' out || fail "$name: no sum"
}

# Another rule of verification: the clause fails, with the code of the mistake; nothing was written.
rule() { # NAME CLAUSE CODE [ARGUMENT...]
  local name=$1 clause=$2 mistake=$3
  shift 3
  first 1 "$name" "verifies tokens by another rule" "$@"
  grep -qE "^  $clause +[SDA] " out || { cat out; fail "$name: $clause is not named"; }
  grep -qF "($mistake)" out || { cat out; fail "$name: $mistake is not named"; }
  has 'repeat    curl '
}
rule key-alone J5 secret-key-alone
! grep -q 'write' out || fail 'a write'
rule key-alone J5 secret-key-alone --only T1 # also if the case that shows it was not chosen
rule one-pipe J5 secret-joined-with-pipe
rule swapped J5 secret-swapped
rule hs512 J2 alg-unsupported
rule hs384 J2 alg-unsupported
rule milliseconds J4 iat-milliseconds
rule 'key-alone+busy' J5 secret-key-alone
first 1 basic 'accepts this one'
has '  J1 '
first 4 key-hashed 'either ID and key do not belong to this target'
first 4 other-secret 'either ID and key do not belong to this target'
first 4 gateway-401 'a gateway refuses everything'
first 1 login-401 'a web page'
first 4 any-token-403 'either ID and key do not belong to this target'
first 4 'key-alone+body-before-token' '--probe-writes'
rule 'key-alone+body-before-token' J5 secret-key-alone --probe-writes
first 4 clock-ahead "900 s later than the clock here"
first 4 clock-behind "900 s earlier than the clock here"

# The legacy key in place of a token needs the key.
cat >target.json <<END_OF_TARGET
{ "v": 1, "secrets": { "first": { "id": "$HEYMARKET_API_SECRET_ID", "key": "$HEYMARKET_API_SECRET_KEY" } },
  "legacy_key": "a-legacy-key-of-the-team", "contacts": { "ada": "$HEYMARKET_CONTACT_ID" } }
END_OF_TARGET
rule legacy J13 legacy-api-key --target target.json

# Any other refusal.
first 1 contact-403 'belongs to the team of the secret [J11]'
first 1 unknown-contact 'does not know the contact'
first 1 prefix 'check the base URL'
first 1 media-type-415 '[T2]'
first 1 body-400 'a correct body is refused [B1]'
first 1 web-page-200 'a web page'
first 1 web-page-404 'a web page'
first 1 gateway-400 'a web page'
first 1 gateway-502 'the target fails'
first 1 redirect 'change the base URL: https://api.example.com/v2'
first 1 redirect-nowhere 'there is no Location'

# The wrong scheme in the URL.
heymarket-mock serve --listen 0 --tls-listen 0 --port-file port --log none &
await port
plain=$(sed -n 's#^http://127.0.0.1:##p' port) tls=$(sed -n 's#^https://localhost:##p' port)
exits 3 heymarket-conformance run --live --base-url "https://0.0.0.0:$plain"
has 'does its URL begin with http://?'
exits 6 heymarket-conformance run --live --base-url "http://0.0.0.0:$tls"
has 'meant to begin with https://?'
