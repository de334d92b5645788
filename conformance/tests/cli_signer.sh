# heymarket-conformance signer: good and bad signers are distinguished, and no secret of ours is printed.
signer() { # CODE ARGUMENT...
  local want=$1
  shift
  exits "$want" heymarket-conformance signer "$@"
}

cat >sign.sh <<'END'
b64() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
input=$(printf '{"alg":"HS256","typ":"JWT"}' | b64).$(printf '{"iss":"%s","iat":%s}' "$HEYMARKET_API_SECRET_ID" "${IAT:-$(date +%s)}" | b64)
printf '%s%s.%s%s\n' "${BEFORE:-}" "$input" \
  "$(printf '%s' "$input" | openssl dgst -sha256 -binary -hmac "$HEYMARKET_API_SECRET_ID${JOIN-||}$HEYMARKET_API_SECRET_KEY" | b64)" "${AFTER:-}"
END

# A correct signer, in every form in which a token may be printed; it cannot read the user's own secret.
correct() {
  export HEYMARKET_API_SECRET_KEY=of-the-user HEYMARKET_CONTACT_ID=of-the-user
  signer 0 -- sh sign.sh
  has 'good: 0 mistakes, 0 warnings'
  has 'a key with non-ASCII characters       good'
  BEFORE='Authorization: Bearer ' signer 0 -- sh sign.sh
  BEFORE='{"token":"' AFTER='"}' signer 0 -- sh sign.sh
  signer 0 -- sh -c '[ -z "${HEYMARKET_CONTACT_ID:-}" ] && [ "$HEYMARKET_API_SECRET_KEY" != of-the-user ] && sh sign.sh'
}

# A wrong signer: one finding, with its cure.
wrong() {
  JOIN=: signer 1 -- sh sign.sh
  has 'refused  J5 secret-joined-with-colon  (6 of 6 runs)'
  [ "$(grep -c 'two pipe characters' out)" = 1 ] || fail 'the cure is not there once'
  # Rows and findings have the same words: a secret that is not as documented only warns.
  has 'a secret in the documented format     refused  J5 secret-joined-with-colon'
  has 'a key of 200 characters               warned  J5 secret-joined-with-colon'
  has 'refused: 1 mistake, 0 warnings'
  JOIN=: signer 1 --format tap -- sh sign.sh
  has 'not ok 1 - a secret in the documented format'
  has 'ok 2 - '
  JOIN=: signer 1 --format json -- sh sign.sh
  has '"verdict":"refused"'
  has '"count":6'
  ! grep -o '"result":"warned"[^}]*' out | grep -q '"severity":"refused"' || fail 'a warned run has a refused finding'
}

# A correct but unusual form: a warning, and a failure with --strict.
unusual() {
  cat >odd.sh <<'END'
HEYMARKET_API_SECRET_KEY=$(printf '%s' "$HEYMARKET_API_SECRET_KEY" | cut -c 1-64) . ./sign.sh
END
  signer 0 -- sh odd.sh
  has 'warned  J5 secret-truncated  (1 of 6 runs)'
  has 'a key of 200 characters               warned  J5 secret-truncated'
  has 'good: 0 mistakes, 1 warning'
  signer 1 --strict -- sh odd.sh
}

# The same iat in runs two seconds apart.
reused() {
  IAT=$(date +%s) signer 1 -- sh sign.sh
  has 'J6 token-reused'
}

# No token.
none() {
  signer 1 -- true
  has 'a secret in the documented format     no token: it printed nothing on standard output'
  has 'a key of 200 characters               no token: it printed nothing on standard output'
  has 'refused: 0 mistakes, 0 warnings, 6 runs without a token'
  ! grep -q 'warned' out || fail 'no token is no warning'
  signer 1 -- echo hello
  has 'no token: it printed 6 bytes on standard output, none of them a token'
}

# A secret that is not as documented does not count against the signer.
not_counted() {
  signer 0 -- sh -c 'case $HEYMARKET_API_SECRET_KEY in *" "*) ;; *) . ./sign.sh ;; esac'
  has 'good: 0 mistakes, 0 warnings, 1 run without a token'
}

# A failure, and nothing to run.
fails() {
  signer 1 -- sh -c 'exit 3'
  has 'exited with 3'
  signer 1 --timeout 1 -- sleep 60
  has 'did not end within 1 s'
  signer 2 -- ./absent
  signer 2
}

# Each run of the signer is two seconds after the one before.
at_once correct wrong unusual reused none not_counted fails
