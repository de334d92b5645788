# client/signing.md: runs each script whose language is installed. Its token must pass `heymarket token verify`
# and be accepted by the mock.
doc=$HM_SOURCE/client/signing.md

# Each block goes to the file that its heading names; blocks of plain text, which show output, to text-1, text-2 ...
awk '
  /^#/ { file = match($0, /`[^`]+`$/) ? substr($0, RSTART + 1, RLENGTH - 2) : "" }
  /^```/ && is_open { is_open = 0; close(out); file = ""; next }
  /^```/ {
    out = $0 == "```text" ? "text-" ++texts : $0 == "```console" ? "console" : file
    if (out == "") { print "line " NR ": a block under no heading that names its file" >"/dev/stderr"; exit 1 }
    is_open = 1; next
  }
  is_open { print >out }' "$doc" || fail 'signing.md cannot be taken apart'
# shellcheck source=/dev/null
. ./env.sh

# The known answer.
[ "$(tr -d '\n' <text-1)" = "$(heymarket token sign --iat 1700000000)" ] || fail 'another token than the known answer'

mock=
if [ -x "$HM_BIN/heymarket-mock" ]; then
  heymarket-mock --listen 0 --port-file port --log none 2>log &
  mock=$!
  await port
  HEYMARKET_API_BASE_URL=$(head -n 1 port)
else
  echo 'skipped: the mock, which is not built'
fi

# post FILE: sends a channel with the token in FILE, prints the status.
post() {
  printf 'Authorization: Bearer %s\n' "$(cat "$1")" |
    curl -s -m 60 -o answer -w '%{http_code}' -H @- -H 'Content-Type: application/json' \
      -d '{"channel_type":"phone","channel_id":"14155550199"}' \
      "$HEYMARKET_API_BASE_URL/v2/contact/$HEYMARKET_CONTACT_ID/channel"
}

# judge FILE TEST COMMAND...: TEST checks that the language is installed, COMMAND runs the snippet.
judge() {
  file=$1 test=$2; shift 2
  [ -s "$file" ] || fail "signing.md has no $file"
  judged="$judged$file "
  sh -c "$test" >/dev/null 2>&1 || { echo "skipped: $file, for want of: $test"; return 0; }
  timeout 120 "$@" >printed 2>err || { cat err >&2; fail "$file does not run"; }
  [ "$(wc -l <printed)" = 1 ] || fail "$file prints more than a token"
  heymarket token verify --json - <printed >verdict || { cat verdict >&2; fail "$file signs wrongly"; }
  grep -qF '"findings":[]' verdict || { cat verdict >&2; fail "$file earns a warning"; }
  if [ -n "$mock" ]; then
    status=$(post printed) || fail "no answer to the token of $file"
    [ "$status" = 200 ] || { cat answer >&2; fail "the mock answers $status to the token of $file"; }
  fi
  echo "ran: $file"
}

# The system's Python may have PyJWT if the first python3 does not.
python=python3
"$python" -c 'import jwt' 2>err || [ ! -x python3 ] || python=python3

judged=' '
judge sign.sh 'command -v openssl' sh sign.sh
judge sign.py 'command -v python3' python3 sign.py
judge sign_pyjwt.py "$python -c 'import jwt'" "$python" sign_pyjwt.py
judge sign.js 'command -v node' node sign.js
judge sign.rb 'command -v ruby' ruby sign.rb
judge sign.php 'command -v php' php sign.php
judge sign.go 'command -v go && [ -w "${GOCACHE:-${HOME:-/nonexistent}}" ]' env GOPROXY=off go run sign.go
judge Sign.java 'java --list-modules | grep jdk.compiler' java Sign.java
judge sign.pl 'perl -MJSON::PP -MDigest::SHA -e 1' perl sign.pl
for file in [Ss]ign*; do
  case $judged in *" $file "*) ;; *) fail "$file is in signing.md, but not run" ;; esac
done

# The commands for sending and checking, unchanged.
sh check.sh >out || { cat out >&2; fail 'check.sh finds fault'; }
[ "$(grep -c '^good;' out)" = 2 ] || { cat out >&2; fail 'check.sh does not find two good tokens'; }
if [ -n "$mock" ]; then
  sh send.sh >answer
  grep -qF '"channel_id":"14155551234"' answer || { cat answer >&2; fail 'send.sh makes no channel'; }
  echo 'ran: send.sh check.sh'
fi

# The documented refusal is the real one.
# shellcheck disable=SC2016  # the dollar is the snippet's
sed 's/\$HEYMARKET_API_SECRET_ID||//' sign.sh >key-alone.sh
status=0
sh key-alone.sh | heymarket token verify - >out || status=$?
[ "$status" = 1 ] || fail "exit $status for a token that was signed with the key alone"
tail -n "$(wc -l <text-2)" out | diff text-2 - || fail 'another refusal than signing.md shows'
