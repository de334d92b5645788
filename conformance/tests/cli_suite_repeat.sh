# The curl line of a failure repeats it: same request, a new token, the same answer.
command -v curl >/dev/null || exit 77
cp -r "$HM_SOURCE/fixtures" mine; rm -r mine/cases; mkdir mine/cases
# Every expectation is wrong on purpose: no server answers 299.
cat >mine/cases/J1-wrong.json <<'END'
{ "clause": "J1", "title": "Wrong expectations",
  "cases": [
    { "id": "X-good", "says": "a", "expect": [{ "status": 299 }] },
    { "id": "X-colon", "says": "b", "token": { "secret": { "join": ":" } }, "expect": [{ "status": 299 }] },
    { "id": "X-second", "says": "c", "token": { "use": "second" }, "expect": [{ "status": 299 }] },
    { "id": "X-none", "says": "d", "token": { "authorization": null }, "expect": [{ "status": 299 }] },
    { "id": "X-empty", "says": "e", "token": { "authorization": "" }, "expect": [{ "status": 299 }] },
    { "id": "X-twice", "says": "f", "token": { "authorization": ["Bearer {token}", "Bearer x"] },
      "expect": [{ "status": 299 }] },
    { "id": "X-quotes", "says": "g", "request": { "body_text": "{\"it's\": \"$HOME `id` \\\\ \"" }, "expect": [{ "status": 299 }] },
    { "id": "X-bytes", "says": "h", "request": { "body_hex": "7b00ff0a25" }, "expect": [{ "status": 299 }] },
    { "id": "X-padded", "says": "i", "request": { "body_pad": 65537 }, "expect": [{ "status": 299 }] },
    { "id": "X-chunked", "says": "j", "request": { "chunked": true }, "expect": [{ "status": 299 }] },
    { "id": "X-form", "says": "k", "request": { "headers": { "Content-Type": "text/plain" } }, "expect": [{ "status": 299 }] },
    { "id": "X-no-type", "says": "l", "request": { "headers": { "Content-Type": null } }, "expect": [{ "status": 299 }] },
    { "id": "X-braces", "says": "m", "request": { "contact_form": "braces" }, "expect": [{ "status": 299 }] },
    { "id": "X-get", "says": "n", "request": { "method": "GET", "body": null }, "expect": [{ "status": 299 }] },
    { "id": "X-put", "says": "o", "request": { "method": "PUT" }, "expect": [{ "status": 299 }] },
    { "id": "X-dots", "says": "p", "request": { "path": "/v2/x/../contact/{contactID}/channel" }, "expect": [{ "status": 299 }] },
    { "id": "X-old", "says": "q", "token": { "claims": { "iat": { "offset": -290 } } }, "expect": [{ "status": 299 }] },
    { "id": "X-steps", "says": "r",
      "steps": [ { "expect": [{ "status": "2xx" }] },
                 { "token": { "signature": { "flip": true } }, "expect": [{ "status": 299 }] } ] } ] }
END

# Runs the cases against a target, then each case's curl lines; the last must be answered as the case was.
check() { # ARGUMENT...
  rc=0; heymarket-conformance run --fixtures mine --verbose "$@" >out || rc=$?
  [ $rc = 1 ] || { cat out >&2; fail "exit $rc"; }
  awk '/^FAILED X/ { file = "do." substr($2, 1, length($2) - 1); n++ }
       /^  actual/ { split($0, part, "status "); print substr(part[2], 1, 3) > (file ".status") }
       /curl / { sub(/^  (repeat)? +/, ""); sub(/curl -sS/, "curl -sS -o /dev/null -w \"%{http_code}\\n\""); print > file }
       END { exit n != 18 }' out || { cat out >&2; fail 'not all failed'; }
  for script in do.*.status; do
    script=${script%.status}
    seen=$(sh "$script" | tail -n 1)
    [ "$seen" = "$(cat "$script.status")" ] || { cat "$script" >&2; fail "$script: $seen, not $(cat "$script.status")"; }
  done
  rm do.*
}

heymarket-mock serve --listen 0 --port-file port --log none &
await port
check --base-url "$(head -n 1 port)"
HEYMARKET_API_BASE_URL=$(head -n 1 port); export HEYMARKET_API_BASE_URL
check
unset HEYMARKET_API_BASE_URL

# A clock that is years late.
heymarket-mock serve --listen 0 --port-file moved --log none --clock @1713225600 &
await moved
check --base-url "$(head -n 1 moved)"

# Names from the environment.
HEYMARKET_API_SECRET_ID=$(sed -n 's/.*"id": "\([0-9a-f-]\{36\}\)".*/\1/p' mine/worlds/default.json | sed -n 1p)
HEYMARKET_API_SECRET_KEY=$(sed -n 's/.*"key": "\([^"]*\)".*/\1/p' mine/worlds/default.json | sed -n 1p)
HEYMARKET_SECOND_SECRET_ID=$(sed -n 's/.*"id": "\([0-9a-f-]\{36\}\)".*/\1/p' mine/worlds/default.json | sed -n 2p)
HEYMARKET_SECOND_SECRET_KEY=$(sed -n 's/.*"key": "\([^"]*\)".*/\1/p' mine/worlds/default.json | sed -n 2p)
HEYMARKET_CONTACT_ID=ada0ada0-1815-4000-8000-00000000ada0
export HEYMARKET_API_SECRET_ID HEYMARKET_API_SECRET_KEY HEYMARKET_SECOND_SECRET_ID HEYMARKET_SECOND_SECRET_KEY HEYMARKET_CONTACT_ID
check --base-url "$(head -n 1 port)"

# No key and no signature in a report.
! grep -qF -e "$HEYMARKET_API_SECRET_KEY" -e "$HEYMARKET_SECOND_SECRET_KEY" out || fail 'a key is in the report'
! grep -qE 'Bearer ey' out || fail 'a token is in the report'

# Names from a target file, with a secret that no variable and no built-in world has.
sed "s/$HEYMARKET_API_SECRET_KEY/AnotherKeyAnotherKeyAnotherKey01/; s/$HEYMARKET_SECOND_SECRET_KEY/AnotherKeyAnotherKeyAnotherKey02/" mine/worlds/default.json >other.json
heymarket-mock serve --listen 0 --port-file other --log none --world other.json &
await other
cat >"a target.json" <<END
{ "v": 1, "base_url": "http://127.0.0.1:1", "contacts": { "ada": "$HEYMARKET_CONTACT_ID" },
  "secrets": { "first": { "id": "$HEYMARKET_API_SECRET_ID", "key": "AnotherKeyAnotherKeyAnotherKey01" },
               "second": { "id": "$HEYMARKET_SECOND_SECRET_ID", "key": { "env": "OTHER_KEY" } } } }
END
( unset HEYMARKET_API_SECRET_ID HEYMARKET_API_SECRET_KEY HEYMARKET_SECOND_SECRET_ID HEYMARKET_SECOND_SECRET_KEY HEYMARKET_CONTACT_ID
  export OTHER_KEY=AnotherKeyAnotherKeyAnotherKey02
  check --target "a target.json" --base-url "$(head -n 1 other)"
  grep -qF -- "--target 'a target.json' --base-url" out || fail 'the token is not made with the target file' )
# A fallback to the default world is said, on standard error.
( unset HEYMARKET_API_SECRET_ID HEYMARKET_API_SECRET_KEY
  heymarket-conformance token J1-lower-case >out 2>err
  grep -qi '^bearer ey' out || fail 'no token'
  complains 'HEYMARKET_API_SECRET_ID and HEYMARKET_API_SECRET_KEY are not set, so the secret of the default world is used'
  heymarket-conformance token J1-lower-case --target "a target.json" --base-url "$(head -n 1 port)" 2>err >out || true
  ! grep -q 'default world' err || fail 'a fallback is said where there is none' )
heymarket-conformance token J1-lower-case 2>err >out
[ ! -s err ] || fail 'a fallback is said, though the secret is set'
