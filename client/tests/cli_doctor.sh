# heymarket doctor: pasted text is checked; no secret is printed.
export HEYMARKET_API_SECRET_ID=74f80a77-9b3f-44ac-b3ad-ab68cfb548fa
export HEYMARKET_API_SECRET_KEY=cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK

good=$(heymarket token sign --iat 1795377500)
dead=$(heymarket token sign --iat 1795370000)

printf '> POST / HTTP/1.1\r\n> Authorization: Bearer %s\r\n< HTTP/1.1 401 Unauthorized\r\n< Date: Sun, 22 Nov 2026 20:00:00 GMT\r\n' \
  "$good" >curl.txt
exits 0 heymarket doctor curl.txt
has 'token 1: line 2, an Authorization header, judged as of Sun, 22 Nov 2026 20:00:00 GMT'

# --now overrides a time in the input.
exits 1 heymarket doctor --now 1795379999 curl.txt
has 'J6 expired'

cat >trace.har <<END
{"log":{"entries":[
  {"startedDateTime":"2026-11-22T21:00:00.000+01:00","request":{"headers":[{"name":"Authorization","value":"Bearer $good"}]}},
  {"startedDateTime":"2026-11-22T21:00:01.000+01:00","request":{"headers":[{"name":"authorization","value":"$dead"}]}}]}}
END
exits 1 heymarket doctor trace.har
has 'token 1: /log/entries/0/request/headers/0/value'
has 'J1 scheme-missing'
has 'J6 expired'
has '2 tokens, 1 refused'

exits 1 heymarket doctor --json trace.har
[ "$(wc -l <out)" = 1 ] || fail 'not one line of JSON'
has '{"v":1,"tokens":[{"where":"/log/entries/0/request/headers/0/value","verdict":"good","now":1795377600,"age_s":100,'

# Standard input, with and without "-"; the whole input unchanged.
printf '%s\n' "$good" >token.txt
exits 0 heymarket doctor --now 1795377600 - <token.txt
exits 0 heymarket doctor --now 1795377600 <token.txt
printf 'undefined' >token.txt
exits 1 heymarket doctor token.txt
has 'J1 token-not-a-string'

: >empty
exits 2 heymarket doctor empty
grep -q 'no token found' err || fail 'no word of what is missing'
exits 2 heymarket doctor ./absent
exits 2 heymarket doctor curl.txt trace.har

# Without a secret: exit 2, unless the signature is left out.
unset HEYMARKET_API_SECRET_ID HEYMARKET_API_SECRET_KEY
exits 2 heymarket doctor curl.txt
exits 0 heymarket doctor --unsigned curl.txt
has 'J5 signature-not-checked'

# No secret and no signature in anything that was printed.
export HEYMARKET_API_SECRET_ID=74f80a77-9b3f-44ac-b3ad-ab68cfb548fa
export HEYMARKET_API_SECRET_KEY=cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK
heymarket doctor trace.har >all 2>&1 || :
heymarket doctor --json trace.har >>all 2>&1 || :
if grep -qF -e "$HEYMARKET_API_SECRET_KEY" -e "${good##*.}" -e "${dead##*.}" all; then fail 'a secret was printed'; fi

# Colour only on a terminal, and not with NO_COLOR.
if command -v script >/dev/null; then
  export TERM=xterm
  script -qec "heymarket doctor --now 1795377600 token.txt" /dev/null </dev/null >out 2>&1 || :
  grep -q "$(printf '\033')\[1;31mrefused" out || { cat out >&2; fail 'no colour on a terminal'; }
  NO_COLOR=1 script -qec "heymarket doctor --now 1795377600 token.txt" /dev/null </dev/null >out 2>&1 || :
  if grep -q "$(printf '\033')" out; then fail 'colour in spite of NO_COLOR'; fi
fi
heymarket doctor --now 1795377600 token.txt >out || :
if grep -q "$(printf '\033')" out; then fail 'colour in a file'; fi

# Standard input that is closed cannot be read; it is not replaced by a descriptor of our own, which would never end.
exits 2 timeout -k 1 20 heymarket doctor <&-
exits 2 timeout -k 1 20 heymarket token verify - <&-
code=0
heymarket token sign >&- 2>err || code=$?
[ $code = 2 ] || fail "exit $code with standard output closed"
