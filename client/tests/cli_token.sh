# heymarket token sign, inspect, verify.
export HEYMARKET_API_SECRET_ID=74f80a77-9b3f-44ac-b3ad-ab68cfb548fa
export HEYMARKET_API_SECRET_KEY=cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK
is() { [ "$(cat out)" = "$1" ] || { cat out >&2; fail "the output is not: $1"; }; }

# The published sample [J2-J5], made by the openssl command line.
sample=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiI3NGY4MGE3Ny05YjNmLTQ0YWMtYjNhZC1hYjY4Y2ZiNTQ4ZmEiLCJpYXQiOjE3MTMyMjU2MDB9.sWLRg-YlFnPpP99prTT_IpgvMALyFmjYtlnfGEeahS0
exits 0 heymarket token sign --iat 1713225600
is "$sample"
exits 0 heymarket token sign --iat 1713225600 --json
is "{\"v\":1,\"token\":\"$sample\",\"secret_id\":\"$HEYMARKET_API_SECRET_ID\",\"iat\":1713225600}"
exits 2 heymarket token sign --iat tomorrow
complains "--iat: found 'tomorrow', expected Unix seconds"

# The present time, and times before and after it [J6 J7].
exits 0 heymarket token verify "$(heymarket token sign)"
exits 0 heymarket token verify "$(heymarket token sign --iat -280)"
exits 1 heymarket token verify "$(heymarket token sign --iat -300)"
has 'J6 expired'
exits 1 heymarket token verify "$(heymarket token sign --iat=+3700)"
has 'J7 iat-in-future'

# The edge of J6, and every form of TOKEN.
at() { heymarket token verify --now "$@"; }
exits 0 at 1713225899 "$sample"
has 'good; signed 2024-04-16T00:00:00Z, 4 min 59 s ago, good for another 1 s'
has "signed with $HEYMARKET_API_SECRET_ID"
exits 1 at 1713225900 "$sample"
has 'refused: 1 mistake; signed 2024-04-16T00:00:00Z, 5 min ago'
exits 0 at 1713225700 "bearer $sample"
exits 0 at 1713225700 "authorization:   Bearer $sample"
exits 1 at 1713225700 "Authorization: $sample"
has 'J1 scheme-missing'
exits 1 at 1713225700 "Bearer Bearer $sample"
has 'J1 bearer-doubled'
exits 1 at 1713225700 "Basic dXNlcjpwYXNz"
has 'J1 scheme-unknown'
printf 'Authorization: Bearer %s\r\n' "$sample" >line
exits 0 at 1713225700 - <line
exits 0 at 1713225700 <line
printf '%s\n\n' "$sample" >two_breaks
exits 1 at 1713225700 <two_breaks # one of the two is taken off, nothing else is trimmed
has 'J1 token-whitespace'
exits 1 at 1713225700 "Bearer \"${sample:0:10} ${sample:10}\""
has 'the token contains spaces or line breaks: 1 in all'
exits 1 at 1713225700 "Bearer \\$sample\""
has 'the token has a quote at its end'
printf '\0%s' "${sample:3}" >nul
exits 1 at 1713225700 <nul
if grep -q token-not-a-string out; then fail 'a NUL is taken for the start of an object'; fi
exits 2 at 1713225700 </dev/null
complains 'found nothing, expected a token'
echo 'sign.sh: line 3: openssl: command not found' >printed
exits 2 at 1713225700 <printed
complains 'found 7 words and no token among them, expected a token: did the program that signs print an error?'

# JSON, one object on one line.
exits 0 at 1713225600 --json "$sample"
is "{\"v\":1,\"verdict\":\"good\",\"now\":1713225600,\"age_s\":0,\"secret_id\":\"$HEYMARKET_API_SECRET_ID\",\"findings\":[],\"cures\":[]}"
exits 1 at 1713225700 --json "Bearer undefined"
has '{"v":1,"verdict":"refused","now":1713225700,"age_s":null,"secret_id":null,"findings":[{"clause":"J1","code":"token-not-a-string","severity":"refused","message":"'

# inspect checks nothing and needs no secret.
exits 0 env -u HEYMARKET_API_SECRET_ID -u HEYMARKET_API_SECRET_KEY heymarket token inspect --json "Bearer $sample"
is "{\"v\":1,\"header\":{\"alg\":\"HS256\",\"typ\":\"JWT\"},\"claims\":{\"iss\":\"$HEYMARKET_API_SECRET_ID\",\"iat\":1713225600},\"signature_bytes\":32}"
exits 0 heymarket token inspect "$sample"
has 'claims     {"iss":"74f80a77-9b3f-44ac-b3ad-ab68cfb548fa","iat":1713225600}'
has 'signed     2024-04-16T00:00:00Z, '
has 'signature  32 bytes, not checked'
exits 2 heymarket token inspect not.a.token
exits 2 heymarket token inspect ''

# Secrets from the environment: empty is unset, nothing is trimmed, half a secret is a mistake.
exits 2 env HEYMARKET_API_SECRET_ID= HEYMARKET_API_SECRET_KEY= heymarket token verify "$sample"
complains 'set HEYMARKET_API_SECRET_ID and HEYMARKET_API_SECRET_KEY, or give --secret-file FILE'
exits 2 env -u HEYMARKET_API_SECRET_KEY heymarket token sign
complains 'HEYMARKET_API_SECRET_ID is set, but HEYMARKET_API_SECRET_KEY is not'
exits 0 env -u HEYMARKET_API_SECRET_ID -u HEYMARKET_API_SECRET_KEY \
  heymarket token verify --unsigned --now 1713225700 "$sample"
has 'J5 signature-not-checked'
exits 1 env HEYMARKET_API_SECRET_KEY="$HEYMARKET_API_SECRET_KEY " heymarket token verify --now 1713225700 "$sample"
exits 0 env HEYMARKET_SECOND_SECRET_ID="$HEYMARKET_API_SECRET_ID" HEYMARKET_SECOND_SECRET_KEY="$HEYMARKET_API_SECRET_KEY" \
  HEYMARKET_API_SECRET_ID=other HEYMARKET_API_SECRET_KEY=another heymarket token verify --now 1713225700 "$sample"

# Secrets from a file: the first signs, all verify [J10]; a bad file is named to the column.
cat >secrets.json <<END
{"v":1,"secrets":[{"id":"first","key":"first-key"},
                  {"id":"$HEYMARKET_API_SECRET_ID","key":"$HEYMARKET_API_SECRET_KEY"}]}
END
exits 0 heymarket token verify --secret-file secrets.json --now 1713225700 "$sample"
exits 0 heymarket token sign --secret-file secrets.json --json
has '"secret_id":"first"'
bad_file() { # TEXT COMPLAINT
  printf '%s' "$1" >bad.json
  exits 2 heymarket token sign --secret-file bad.json
  complains "bad.json:$2"
  ! grep -qF canary err || fail 'a key in a complaint'
}
bad_file '{"v":1,"secrets":[{"id":"a","key":"canary"}' '1:44: '
bad_file '{"v":2,"secrets":[]}' '1:6: /v: '
bad_file '{"v":1,"secrets":[]}' '1:18: /secrets: found 0 secrets'
bad_file '{"v":1,"secrets":[{"id":7,"key":"canary"}]}' '1:25: /secrets/0/id: found an integer, expected a string'
bad_file '{"v":1,"secrets":[{"id":"","key":"canary"}]}' '1:19: /secrets/0: found an empty id or key'
bad_file '{"v":1,"secrets":[{"id":"a","key":"canary"},{"id":"a","key":"canary"}]}' '1:45: /secrets/1: found the ID of an'
bad_file '{"v":1,"secrets":[{"id":"a","kei":"canary"}]}' '1:29: /secrets/0/kei: '
exits 2 heymarket token sign --secret-file ./absent
complains './absent'

# The command line itself.
exits 2 heymarket token
exits 2 heymarket token sing
exits 2 heymarket token verify --nwo 5 "$sample"
complains '--now'
exits 2 heymarket token verify one two
exits 0 heymarket token verify --help
exits 0 heymarket --version
if [ -w /dev/full ]; then
  got=0; heymarket token sign >/dev/full 2>err || got=$?
  [ "$got" = 2 ] || fail "exit $got for a full disk"
fi

# No secret in anything that was printed.
! grep -rqF "$HEYMARKET_API_SECRET_KEY" out err || fail 'the key was printed'

# At a terminal the program says that it waits; input that ends at once is still "nothing".
cat >terminal.py <<'END'
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
os.write(terminal, b"\x04")
said = b""
try:
    while part := os.read(terminal, 4096):
        said += part
except OSError: # Linux: the other side is closed
    pass
sys.stdout.buffer.write(said)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
END
for command in 'token verify' 'token inspect' doctor; do
  # shellcheck disable=SC2086 # words
  python3 terminal.py heymarket $command >out || true
  has 'heymarket: reads standard input; Ctrl-D ends it'
done
