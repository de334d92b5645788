#!/bin/sh
# Tokens as shell scripts make them: printf, openssl, base64, xxd. Run by ci/vectors/make.
#
#   ci/vectors/shell.sh WORK      WORK: a folder for files that get read back
#
# shellcheck disable=SC1091,SC2016,SC2030,SC2031,SC2140,SC2027  # the mistakes are what it is for
set -eu
work=$1
cr=$(printf '\r')
id=$SECRET_ID key=$SECRET_KEY

b64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

# begin NAME: the next vector's name, and from it iat, now and what is to be signed.
begin() {
  name=$1
  crc=$(printf '%s' "$name" | cksum | cut -d ' ' -f 1)
  iat=$((IAT + crc % 1000000)) now=$((IAT + crc % 1000000 + 7))
  header='{"alg":"HS256","typ":"JWT"}'
  claims=$(printf '{"iss":"%s","iat":%s}' "$id" "$iat")
  encode
}
encode() { input=$(printf '%s' "$header" | b64url).$(printf '%s' "$claims" | b64url); }

hmac() { printf '%s' "$input" | openssl dgst -sha256 -hmac "$1" -binary; }
jwt() { printf '%s.%s' "$input" "$(hmac "$1" | b64url)"; }
# The way that takes any bytes as the key: from a file, by hex.
jwt_with_file() {
  printf '%s.%s' "$input" \
    "$(printf '%s' "$input" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$(xxd -p -c 1000 "$1")" -binary | b64url)"
}

# vector FILE EXPECT TOKEN [ALSO [NOTE]]: ALSO is a JSON array of the further findings; null leaves
# them open.
vector() {
  printf '{"file":"%s","name":"%s","token":"%s","now":%s,"expect":"%s","also":%s,"note":"%s","made_by":"shell openssl"}\n' \
    "$1" "$name" "$3" "$now" "$2" "${4-[]}" "${5-}"
}
good() { vector published good "$@"; }
published() { vector published "$@"; }
mistake() { vector mistakes "$@"; }

secret="$id||$key"

# --- good tokens ---
begin good-shell; good "$(jwt "$secret")"
begin good-shell-key-by-hex
printf '%s||%s' "$id" "$key" > "$work/secret"
good "$(jwt_with_file "$work/secret")"
begin good-shell-echo-ends-the-json-with-a-newline
good "$( (
  input=$(echo "$header" | b64url).$(echo "$claims" | b64url)
  jwt "$secret"
))"
begin good-shell-json-with-whitespace
claims=$(printf "{ \"iss\" : \"%s\" ,\r\n\t\"iat\"\t:\t%s }" "$id" "$iat")
encode; good "$(jwt "$secret")"
begin good-shell-iat-before-iss
claims=$(printf '{"iat":%s,"iss":"%s"}' "$iat" "$id")
encode; good "$(jwt "$secret")"
for form in .0 e0 .000 0e-1 00E-2; do
  begin "good-iat-whole-written-$(printf '%s' "$form" | tr 'E.-' 'epm')"
  claims=$(printf '{"iss":"%s","iat":%s%s}' "$id" "$iat" "$form")
  encode; good "$(jwt "$secret")"
done
begin good-iat-whole-with-exponent
iat=1.7182e9 now=1718200007
claims=$(printf '{"iss":"%s","iat":%s}' "$id" "$iat")
encode; good "$(jwt "$secret")"
begin good-second-secret-shell
id=$SECOND_ID
claims=$(printf '{"iss":"%s","iat":%s}' "$id" "$iat")
encode; good "$(jwt "$SECOND_ID||$SECOND_KEY")"
id=$SECRET_ID

# --- the secret in a file as Windows PowerShell writes it, by iconv ---
if command -v iconv > "$work/found"; then
  begin secret-file-of-powershell-shell
  printf '\377\376' > "$work/secret"
  printf '%s||%s\r\n' "$id" "$key" | iconv -t UTF-16LE >> "$work/secret"
  mistake "J5 secret-whitespace" "$(jwt_with_file "$work/secret")" '["J5 secret-other-encoding"]'
  begin secret-in-utf-16-big-endian-shell
  printf '%s||%s' "$id" "$key" | iconv -t UTF-16BE > "$work/secret"
  mistake "J5 secret-other-encoding" "$(jwt_with_file "$work/secret")"
  begin key-in-utf-16-shell
  printf '%s||' "$id" > "$work/secret"
  printf '%s' "$key" | iconv -t UTF-16LE >> "$work/secret"
  mistake "J5 secret-other-encoding" "$(jwt_with_file "$work/secret")"
fi
begin record-file-shell
printf '{"id":"%s","key":"%s"}\n' "$id" "$key" > "$work/secret"
mistake "J5 secret-record" "$(jwt_with_file "$work/secret")"
begin env-file-as-secret-shell
printf 'HEYMARKET_API_SECRET_ID=%s\nHEYMARKET_API_SECRET_KEY=%s\n' "$id" "$key" > "$work/secret"
mistake "J5 secret-record" "$(jwt_with_file "$work/secret")"
begin key-first-character-lost-shell
mistake "J5 secret-character-lost" "$(jwt "$id||${key#?}")"
begin key-sha256sum-shell
mistake "J5 secret-hashed" "$(jwt "$id||$(printf '%s' "$key" | sha256sum | cut -d ' ' -f 1)")"
begin secret-md5sum-shell
mistake "J5 secret-hashed" "$(jwt "$(printf '%s' "$secret" | md5sum | cut -d ' ' -f 1)")"
begin iat-uptime-shell
claims=$(printf '{"iss":"%s","iat":%s}' "$id" 86511)
encode; published "J4 iat-uptime" "$(jwt "$secret")"
begin iat-days-shell
claims=$(printf '{"iss":"%s","iat":%s}' "$id" "$((iat / 86400))")
encode; published "J4 iat-other-unit" "$(jwt "$secret")"

# --- claims: a JSON template filled by the shell ---
begin iat-in-quotes-shell
claims=$(printf '{"iss":"%s","iat":"%s"}' "$id" "$iat")
encode; published "J4 iat-string" "$(jwt "$secret")"
begin iat-iso-date-shell
claims=$(printf '{"iss":"%s","iat":"%s"}' "$id" "$(date -u -d "@$iat" +%Y-%m-%dT%H:%M:%SZ)")
encode; published "J4 iat-string" "$(jwt "$secret")"
begin iat-milliseconds-shell
claims=$(printf '{"iss":"%s","iat":%s}' "$id" "$(date -d "@$iat.042" +%s%3N)")
encode; published "J4 iat-milliseconds" "$(jwt "$secret")"
begin iat-variable-empty-shell
claims=$(printf '{"iss":"%s","iat":%s}' "$id" "")
encode; published "J2 payload-not-json" "$(jwt "$secret")" null
begin iss-variable-empty-shell
claims=$(printf '{"iss":"%s","iat":%s}' "" "$iat")
encode; published "J3 iss-unknown" "$(jwt "$secret")"
begin iss-without-quotes-shell
claims=$(printf '{"iss":%s,"iat":%s}' "$id" "$iat")
encode; published "J2 payload-not-json" "$(jwt "$secret")" null
begin trailing-comma-shell
claims=$(printf '{"iss":"%s","iat":%s,}' "$id" "$iat")
encode; published "J2 payload-not-json" "$(jwt "$secret")" null
begin quotes-lost-shell
claims="{"iss":"$id","iat":$iat}"
encode; published "J2 payload-not-json" "$(jwt "$secret")" null
begin header-quotes-lost-shell
header="{"alg":"HS256","typ":"JWT"}"
encode; published "J2 header-not-json" "$(jwt "$secret")" null
begin iat-local-time-five-hours-behind-shell
claims=$(printf '{"iss":"%s","iat":%s}' "$id" "$(TZ=UTC date -d "$(TZ=EST5 date -d "@$iat" '+%Y-%m-%d %H:%M:%S')" +%s)")
encode; published "J6 expired" "$(jwt "$secret")" '["J7 iat-local-time"]'
begin iat-local-time-two-hours-ahead-shell
claims=$(printf '{"iss":"%s","iat":%s}' "$id" "$(TZ=UTC date -d "$(TZ=CEST-2 date -d "@$iat" '+%Y-%m-%d %H:%M:%S')" +%s)")
encode; published "J7 iat-in-future" "$(jwt "$secret")" '["J7 iat-local-time"]'

# --- the secret ---
begin id-alone-shell-unquoted-assignment
# Without quotes, || is the shell's "or": the assignment succeeds, so the rest never runs.
mistake "J5 secret-id-alone" "$(jwt "$(sh -c 'secret=$SECRET_ID||$SECRET_KEY; printf %s "$secret"')")"
begin id-alone-shell-unquoted-argument
mistake "J5 secret-id-alone" "$input.$(input=$input sh -c \
  'printf %s "$input" | openssl dgst -sha256 -binary -hmac $SECRET_ID||$SECRET_KEY' | b64url)"
begin id-alone-shell-env-file-sourced
printf 'HEYMARKET_SECRET=%s||true\n' "$id" > "$work/env"
mistake "J5 secret-id-alone" "$(. "$work/env"; jwt "$HEYMARKET_SECRET")"
begin key-alone-shell; mistake "J5 secret-key-alone" "$(jwt "$key")"
begin joined-with-nothing-shell; mistake "J5 secret-joined-with-nothing" "$(jwt "$id$key")"
begin joined-with-one-pipe-shell; mistake "J5 secret-joined-with-pipe" "$(jwt "$id|$key")"
begin joined-with-colon-shell; mistake "J5 secret-joined-with-colon" "$(jwt "$id:$key")"
begin joined-with-space-shell; mistake "J5 secret-joined-with-other" "$(jwt "$id $key")"
begin joined-with-newline-shell
printf '%s\n%s' "$id" "$key" > "$work/secret"
mistake "J5 secret-joined-with-other" "$(jwt "$(cat "$work/secret")")"
begin joined-with-equals-shell; mistake "J5 secret-joined-with-other" "$(jwt "$id=$key")"
begin joined-with-spaced-pipes-shell
mistake "J5 secret-joined-with-other" "$(jwt "$id || $key")" null
begin swapped-shell; mistake "J5 secret-swapped" "$(jwt "$key||$id")"
begin pipes-escaped-shell
mistake "J5 secret-pipes-escaped" "$(jwt "$id\|\|$key")"
begin pipes-escaped-twice-shell
mistake "J5 secret-pipes-escaped" "$(jwt "$id\\\\|\\\\|$key")" null
begin newline-shell-echo-into-file
echo "$id||$key" > "$work/secret"
mistake "J5 secret-whitespace" "$(jwt_with_file "$work/secret")"
begin newline-shell-two-files-untrimmed
{ echo "$id"; printf '||'; echo "$key"; } > "$work/secret"
mistake "J5 secret-whitespace" "$(jwt_with_file "$work/secret")"
begin carriage-return-shell-windows-file
printf '%s||%s\r\n' "$id" "$key" > "$work/secret"
mistake "J5 secret-whitespace" "$(jwt "$(cat "$work/secret")")"
begin carriage-return-shell-env-file-of-two-lines
printf 'ID=%s\r\nKEY=%s\r\n' "$id" "$key" > "$work/env"
mistake "J5 secret-whitespace" \
  "$(jwt "$(grep ^ID= "$work/env" | cut -d = -f 2)||$(grep ^KEY= "$work/env" | cut -d = -f 2)")"
begin carriage-return-newline-shell-windows-file
printf '%s||%s\r\n' "$id" "$key" > "$work/secret"
mistake "J5 secret-whitespace" "$(jwt_with_file "$work/secret")"
begin leading-space-shell-cut
printf 'secret: %s||%s\n' "$id" "$key" > "$work/env"
mistake "J5 secret-whitespace" "$(jwt "$(cut -d : -f 2 "$work/env")")"
begin trailing-space-shell; mistake "J5 secret-whitespace" "$(jwt "$id||$key ")"
begin quoted-shell-cut-from-env-file
printf 'SECRET="%s||%s"\n' "$id" "$key" > "$work/env"
mistake "J5 secret-quoted" "$(jwt "$(cut -d = -f 2 "$work/env")")"
begin single-quoted-shell-cut-from-env-file
printf "SECRET='%s||%s'\n" "$id" "$key" > "$work/env"
mistake "J5 secret-quoted" "$(jwt "$(cut -d = -f 2 "$work/env")")"
begin halves-quoted-shell-cut-from-env-file
printf 'ID="%s"\nKEY="%s"\n' "$id" "$key" > "$work/env"
mistake "J5 secret-quoted" \
  "$(jwt "$(grep ^ID= "$work/env" | cut -d = -f 2)||$(grep ^KEY= "$work/env" | cut -d = -f 2)")"
begin bom-shell-file-from-notepad
printf '\357\273\277%s||%s' "$id" "$key" > "$work/secret"
mistake "J5 secret-bom" "$(jwt "$(cat "$work/secret")")"
begin bom-and-crlf-shell-file-from-notepad
printf '\357\273\277%s||%s\r\n' "$id" "$key" > "$work/secret"
mistake "J5 secret-whitespace" "$(jwt "$(cat "$work/secret")")" '["J5 secret-bom"]'
begin hex-decoded-shell-xxd
printf '%s' "$secret" | xxd -r -p > "$work/secret"
mistake "J5 secret-hex-decoded" "$(jwt_with_file "$work/secret")" '[]' "xxd skips the hyphens: 16 bytes"
begin base64-decoded-shell-stops-at-the-hyphen
printf '%s' "$secret" | base64 -d > "$work/secret" 2> "$work/errors" || true
mistake "J5 secret-base64-decoded" "$(jwt_with_file "$work/secret")" '[]' "base64 -d stops at the hyphen: 6 bytes"
begin base64-decoded-shell-ignoring-garbage
printf '%s' "$secret" | base64 -di > "$work/secret"
mistake "J5 secret-base64-decoded" "$(jwt_with_file "$work/secret")" '[]' "48 bytes"
begin key-alone-base64-decoded-shell
printf '%s' "$key" | base64 -d > "$work/secret"
mistake "J5 key-base64-decoded" "$(jwt_with_file "$work/secret")"
begin key-base64-decoded-shell
{ printf '%s||' "$id"; printf '%s' "$key" | base64 -d; } > "$work/secret"
mistake "J5 key-base64-decoded" "$(jwt_with_file "$work/secret")"
begin base64-encoded-shell
mistake "J5 secret-base64-encoded" "$(jwt "$(printf '%s' "$secret" | base64 -w 0)")"
begin base64-encoded-shell-wrapped-at-76
mistake "J5 secret-base64-encoded" "$(jwt "$(printf '%s' "$secret" | base64)")"
begin base64-encoded-shell-echo
mistake "J5 secret-whitespace" "$(jwt "$(echo "$secret" | base64 -w 0)")" '["J5 secret-base64-encoded"]'
begin truncated-to-64-shell
mistake "J5 secret-truncated" "$(jwt "$(printf '%s' "$secret" | cut -c 1-64)")"
begin truncated-to-32-shell
mistake "J5 secret-truncated" "$(jwt "$(printf '%s' "$secret" | head -c 32)")"
begin empty-shell-misspelt-variable
mistake "J5 secret-empty" "$(jwt "${HEYMARKET_SECRET_MISSPELT-}")"
begin empty-shell-both-variables-unset
mistake "J5 secret-empty" "$(jwt "${NO_SUCH_ID-}||${NO_SUCH_KEY-}")"
begin key-variable-unset-shell
mistake "J5 secret-empty" "$(jwt "$id||${NO_SUCH_KEY-}")"
begin placeholder-shell-single-quotes
mistake "J5 secret-placeholder" "$(jwt '$SECRET_ID||$SECRET_KEY')"
begin placeholder-shell-left-in-place
mistake "J5 secret-placeholder" "$(jwt 'YOUR_API_SECRET_ID||YOUR_API_SECRET_KEY')"
begin other-secret-shell
mistake "J5 signature-by-other-secret" "$(jwt "$SECOND_ID||$SECOND_KEY")"
begin other-secrets-key-shell
mistake "J5 signature-by-other-secret" "$(jwt "$id||$SECOND_KEY")"
begin other-secrets-id-shell
mistake "J5 signature-by-other-secret" "$(jwt "$SECOND_ID||$key")"

# --- the signing input and the signature ---
begin signing-input-shell-wrapped-at-64
lines=$(printf '%s' "$header" | openssl base64).$(printf '%s' "$claims" | openssl base64)
lines=$(printf '%s' "$lines" | tr '+/' '-_' | tr -d '=')
mistake "J5 signing-input-newline" \
  "$input.$(printf '%s' "$lines" | openssl dgst -sha256 -hmac "$secret" -binary | b64url)"
begin signing-input-shell-wrapped-at-76
lines=$(printf '%s' "$header" | base64).$(printf '%s' "$claims" | base64)
lines=$(printf '%s' "$lines" | tr '+/' '-_' | tr -d '=')
mistake "J5 signing-input-newline" \
  "$input.$(printf '%s' "$lines" | openssl dgst -sha256 -hmac "$secret" -binary | b64url)"
begin signing-input-newline-shell-echo
mistake "J5 signing-input-newline" "$input.$(echo "$input" | openssl dgst -sha256 -hmac "$secret" -binary | b64url)"
begin signing-input-crlf-shell
mistake "J5 signing-input-newline" \
  "$input.$(printf '%s\r\n' "$input" | openssl dgst -sha256 -hmac "$secret" -binary | b64url)"
begin signature-hex-shell-xxd
mistake "J5 signature-hex" "$input.$(hmac "$secret" | xxd -p -c 64)"
begin signature-hex-shell-encoded
mistake "J5 signature-hex" "$input.$(hmac "$secret" | xxd -p -c 64 | tr -d '\n' | b64url)"
begin signature-hex-shell-encoded-with-newline
mistake "J5 signature-hex" "$input.$(hmac "$secret" | xxd -p -c 64 | b64url)"
begin signature-hex-shell-upper-case
mistake "J5 signature-hex" "$input.$(hmac "$secret" | xxd -p -u -c 64 | tr -d '\n' | b64url)"
begin signature-hex-shell-binary-forgotten
mistake "J5 signature-hex" "$input.$(printf '%s' "$input" | openssl dgst -sha256 -hmac "$secret" | b64url)" '[]' \
  "the whole line SHA2-256(stdin)= ... went through base64"
begin signature-hex-shell-binary-forgotten-r
mistake "J5 signature-hex" "$input.$(printf '%s' "$input" | openssl dgst -sha256 -hmac "$secret" -r | b64url)" '[]' \
  "the whole line ... *stdin went through base64"
begin signature-hex-shell-awk
mistake "J5 signature-hex" \
  "$input.$(printf '%s' "$input" | openssl dgst -sha256 -hmac "$secret" | sed 's/^.* //' | tr -d '\n' | b64url)"
begin signature-padded-shell
mistake "J5 signature-standard-base64" "$input.$(hmac "$secret" | openssl base64 -A | tr '+/' '-_')"
begin signature-standard-base64-shell
while ! hmac "$secret" | openssl base64 -A | grep -q '[+].*[/]'; do
  iat=$((iat + 1)) now=$((now + 1))
  claims=$(printf '{"iss":"%s","iat":%s}' "$id" "$iat")
  encode
done
mistake "J5 signature-standard-base64" "$input.$(hmac "$secret" | openssl base64 -A)"
begin signature-missing-shell
mistake "J5 signature-missing" "$input."
begin signature-truncated-to-40-shell
mistake "J5 signature-truncated" "$input.$(hmac "$secret" | b64url | cut -c 1-40)"
begin signature-sha512-shell
mistake "J5 signature-other-hash" "$input.$(printf '%s' "$input" | openssl dgst -sha512 -hmac "$secret" -binary | b64url)"
begin signature-sha1-shell
mistake "J5 signature-other-hash" "$input.$(printf '%s' "$input" | openssl dgst -sha1 -hmac "$secret" -binary | b64url)"
begin signature-plain-hash-shell
mistake "J5 signature-not-hmac" "$input.$(printf '%s' "$input$secret" | openssl dgst -sha256 -binary | b64url)" null \
  "SHA-256 of input and secret, no HMAC"
begin signing-input-payload-alone-shell
mistake "J5 signing-input-other" \
  "$input.$(printf '%s' "${input#*.}" | openssl dgst -sha256 -hmac "$secret" -binary | b64url)"
begin signing-input-without-the-dot-shell
mistake "J5 signing-input-other" \
  "$input.$(printf '%s%s' "${input%.*}" "${input#*.}" | openssl dgst -sha256 -hmac "$secret" -binary | b64url)"
begin signing-input-json-shell
mistake "J5 signing-input-other" \
  "$input.$(printf '%s.%s' "$header" "$claims" | openssl dgst -sha256 -hmac "$secret" -binary | b64url)"
begin hex-encoded-shell-xxd
mistake "J5 secret-hex-encoded" "$(jwt "$(printf '%s' "$secret" | xxd -p -c 1000)")"
begin hashed-shell-sha256sum
mistake "J5 secret-hashed" "$(jwt "$(printf '%s' "$secret" | sha256sum | cut -d ' ' -f 1)")"
begin tampered-payload-shell
signature=$(hmac "$secret" | b64url)
claims=$(printf '{"iss":"%s","iat":%s}' "$id" "$((iat + 1))")
encode; mistake "J5 signature-unknown" "$input.$signature"

# --- two mistakes at once ---
begin colon-and-newline-shell
echo "$id:$key" > "$work/secret"
mistake "J5 secret-joined-with-colon" "$(jwt_with_file "$work/secret")" '["J5 secret-whitespace"]'
begin nothing-and-newline-shell
echo "$id$key" > "$work/secret"
mistake "J5 secret-joined-with-nothing" "$(jwt_with_file "$work/secret")" '["J5 secret-whitespace"]'
begin one-pipe-and-crlf-shell
mistake "J5 secret-joined-with-pipe" "$(jwt "$id|$key$cr")" '["J5 secret-whitespace"]'
begin key-alone-and-newline-shell
echo "$key" > "$work/secret"
mistake "J5 secret-key-alone" "$(jwt_with_file "$work/secret")" '["J5 secret-whitespace"]'
begin id-alone-and-newline-shell
sh -c 'echo $SECRET_ID||$SECRET_KEY' > "$work/secret"
mistake "J5 secret-id-alone" "$(jwt_with_file "$work/secret")" '["J5 secret-whitespace"]'
begin halves-on-two-lines-shell
printf '%s\n%s\n' "$id" "$key" > "$work/secret"
mistake "J5 secret-joined-with-other" "$(jwt_with_file "$work/secret")" '["J5 secret-whitespace"]'
begin newline-in-the-input-and-key-alone-shell
mistake "J5 secret-key-alone" "$input.$(echo "$input" | openssl dgst -sha256 -hmac "$key" -binary | b64url)" \
  '["J5 signing-input-newline"]'
begin newline-in-the-input-and-id-alone-shell
mistake "J5 secret-id-alone" "$input.$(input=$input sh -c \
  'echo "$input" | openssl dgst -sha256 -binary -hmac $SECRET_ID||$SECRET_KEY' | b64url)" '["J5 signing-input-newline"]'
begin newline-in-the-input-and-hex-shell
mistake "J5 signing-input-newline" "$input.$(echo "$input" | openssl dgst -sha256 -hmac "$secret" | b64url)" \
  '["J5 signature-hex"]'
begin key-alone-and-hex-shell
mistake "J5 secret-key-alone" "$input.$(hmac "$key" | xxd -p -c 64)" '["J5 signature-hex"]'
begin id-alone-and-binary-forgotten-shell
mistake "J5 secret-id-alone" "$input.$(printf '%s' "$input" | openssl dgst -sha256 -hmac "$id" | b64url)" '["J5 signature-hex"]'
begin one-pipe-and-padded-shell
mistake "J5 secret-joined-with-pipe" "$input.$(hmac "$id|$key" | openssl base64 -A | tr '+/' '-_')" \
  '["J5 signature-standard-base64"]'

# --- credentials of other shapes ---
shape() { # NAME ID: as begin, with another ID in iss
  begin "$1"
  claims=$(printf '{"iss":"%s","iat":%s}' "$2" "$iat")
  encode
}
shape good-plus-shell "$PLUS_ID"; vector shapes good "$(jwt "$PLUS_ID||$PLUS_KEY")"
shape good-space-shell "$SPACE_ID"; vector shapes good "$(jwt "$SPACE_ID||$SPACE_KEY")"
shape good-accent-shell "$ACCENT_ID"; vector shapes good "$(jwt "$ACCENT_ID||$ACCENT_KEY")"
shape good-long-shell "$LONG_ID"; vector shapes good "$(jwt "$LONG_ID||$LONG_KEY")"
shape good-short-shell "$SHORT_ID"; vector shapes good "$(jwt "$SHORT_ID||$SHORT_KEY")"
shape plus-id-alone-shell "$PLUS_ID"
vector shapes "J5 secret-id-alone" "$(jwt "$(sh -c 'secret=$PLUS_ID||$PLUS_KEY; printf %s "$secret"')")"
shape plus-key-base64-decoded-shell "$PLUS_ID"
{ printf '%s||' "$PLUS_ID"; printf '%s' "$PLUS_KEY" | base64 -d; } > "$work/secret"
vector shapes "J5 key-base64-decoded" "$(jwt_with_file "$work/secret")"
shape space-cut-at-the-first-blank-shell "$SPACE_ID"
vector shapes "J5 secret-truncated" "$(jwt "$(printf '%s' "$SPACE_ID||$SPACE_KEY" | awk '{ print $1 }')")"
shape long-newline-shell "$LONG_ID"
echo "$LONG_ID||$LONG_KEY" > "$work/secret"
vector shapes "J5 secret-whitespace" "$(jwt_with_file "$work/secret")"
shape long-truncated-to-64-shell "$LONG_ID"
vector shapes "J5 secret-truncated" "$(jwt "$(printf '%s' "$LONG_ID||$LONG_KEY" | cut -c 1-64)")"

# --- RFC 7515, appendices A.1 and A.5 ---
id=joe
rfc7515() { vector rfc7515 "$@"; }
header=$(printf '{"typ":"JWT",\r\n "alg":"HS256"}')
claims=$(printf '{"iss":"joe",\r\n "exp":1300819380,\r\n "http://example.com/is_root":true}')
rfc_key=$(printf '%s' 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ+EstJQLr/T+1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow==' |
  openssl base64 -d -A | xxd -p -c 64)
encode
signature=$(printf '%s' "$input" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$rfc_key" -binary | b64url)
# The appendix prints what must come out.
[ "$input.$signature" = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk" ]
name=rfc7515-a1-before-exp now=1300819379; rfc7515 "J4 iat-missing" "$input.$signature"
name=rfc7515-a1-at-exp now=1300819380; rfc7515 "J4 iat-missing" "$input.$signature" '["J8 exp-passed"]'
name=rfc7515-a1-today now=1718000000; rfc7515 "J4 iat-missing" "$input.$signature" '["J8 exp-passed"]'
name=rfc7515-a1-tampered now=1300819379
rfc7515 "J4 iat-missing" "$(printf '%s' "$claims" | sed 's/true/null/' |
  { printf '%s.' "${input%.*}"; b64url; }).$signature" '["J5 signature-unknown"]'
name=rfc7515-a1-non-canonical-signature now=1300819379
rfc7515 "J2 segment-non-canonical" "$input.${signature%k}l" '["J4 iat-missing"]'
name=rfc7515-a5-unsecured now=1300819379
header='{"alg":"none"}'
encode
[ "$input" = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ" ]
rfc7515 "J2 alg-none" "$input." null
