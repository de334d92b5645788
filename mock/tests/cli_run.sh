# heymarket-mock run: exit codes, the environment of the command, summary, reports.

key=cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK
few='--threads 16' # it starts the sooner

# ends EXIT ARG...: exits with EXIT; the output is in out and err.
ends() {
  local want=$1 got=0
  shift
  # shellcheck disable=SC2086 # words
  timeout 60 heymarket-mock run $few "$@" >out 2>err || got=$?
  [ "$got" = "$want" ] || fail "run $*: exit $got, expected $want: $(cat err)"
}
says() { grep -qF -- "$1" err || fail "no '$1' in: $(cat err)"; }

cat >post.sh <<'END'
# post.sh [TOKEN [BODY [PATH]]]: one request, its status on stdout; everything else is correct.
token=${1:-$(heymarket token sign)}
body=${2:-'{"channel_type":"email","channel_id":"run@example.com"}'}
path=${3:-/v2/contact/$HEYMARKET_CONTACT_ID/channel}
curl -sS -o /dev/null -w '%{http_code}\n' -H 'Content-Type: application/json' -d "$body" \
  -H "Authorization: Bearer $token" "$HEYMARKET_API_BASE_URL$path"
END
post="bash post.sh"

# Exit codes: the command's own, the shell's for one that does not start, 2 for options and files that are wrong.
ends 0 -- true
ends 7 -- sh -c 'exit 7'
ends 143 -- sh -c 'kill -TERM $$'
says 'the code for signal 15'
ends 127 -- no-such-command-anywhere
says 'heymarket-mock: no-such-command-anywhere: not found'
mkdir folder
ends 126 -- ./folder
printf 'echo from a script without its first line\n' >plain
ends 126 -- ./plain
printf '#!/bin/sh\r\n' >crlf
chmod +x plain crlf
ends 126 -- ./crlf
says './crlf: the interpreter in its first line was not found'
ends 0 -- ./plain
ends 2 --world missing.json -- touch started
says 'missing.json: cannot be opened'
ends 2 --listen nowhere -- touch started
ends 2
ends 2 -- # no command
ends 2 --fail-on anything -- touch started
says 'expected refused, warned or unmatched'
ends 2 --report report.txt -- touch started
says 'expected a name that ends in .json, .xml, .html or .md'
ends 2 --report no/such/place/report.json -- touch started
[ ! -e started ] || fail "the command ran although the mock did not"

ends 0 --misbehave list -- touch started
[ -s out ] || fail "--misbehave list prints nothing"
[ ! -e started ] || fail "the command ran although a list was asked for"

# Expectations, and which exit code has precedence.
sign_wrong='HEYMARKET_API_SECRET_KEY=wrong heymarket token sign'
ends 0 --fail-on refused --fail-on warned --fail-on unmatched --expect 1 -- $post
says 'heymarket-mock: 1 request: 1 accepted, 0 refused, 0 warned'
says 'good, all conditions are met'
ends 0 -- sh -c "$post \$($sign_wrong)"
says 'refused 1x  J5 signature-unknown'
ends 1 --fail-on refused -- sh -c "$post \$($sign_wrong)"
says 'failed: --fail-on refused: 1 request was refused'
ends 9 --fail-on refused -- sh -c "$post \$($sign_wrong); exit 9"
plus='{"channel_type":"phone","channel_id":"+14155551234"}'
ends 0 --fail-on refused -- sh -c "$post '' '$plus'"
says 'warned  1x  B4 phone-leading-plus'
ends 1 --fail-on warned -- sh -c "$post '' '$plus'"
says 'failed: --fail-on warned: 1 request was given a warning'
ends 0 --fail-on warned -- sh -c "$post '' '' /v2/contacts"
ends 1 --fail-on unmatched -- sh -c "$post '' '' /v2/contacts"
ends 1 --expect 2 -- $post
says 'failed: --expect: 1 request was accepted, at least 2 expected'
ends 0 --fail-on refused --fault status=418 -- $post
ends 0 --fail-on refused --rate-limit 1 -- sh -c "$post; $post"
says '1 over the rate limit'

# Each mistake with what was found, of the first request that had it.
ends 0 -- sh -c "$post '' '' /v1/contact/\$HEYMARKET_CONTACT_ID/channel; $post '' '$plus'; $post '' '{\"channel_type\":\"phone\",\"channel_id\":\"+14155551235\"}'"
tr -s ' \n' ' ' <err >line
grep -qF "refused 1x T6 path-unknown there is no path /v1/contact/" line || fail "the summary says: $(cat err)"
grep -qF 'warned 2x B4 phone-leading-plus the first: channel_id is "+14155551234": remove' line || fail "the summary says: $(cat err)"
ends 1 --expect 1 --fault abort=truncate -- sh -c "$post; true"

# No request: a message with the likely cause.
ends 0 -- true
says 'no request arrived'
says 'HEYMARKET_API_BASE_URL'
grep -q proxy err && fail "a proxy is named where there is none: $(cat err)"
http_proxy=http://127.0.0.1:9 ends 0 -- true
says 'http_proxy is set'
grep -q "$(printf '\033')" err && fail "colours in a file"

# No line is longer than a narrow terminal is wide.
cat >narrow.py <<'END'
import fcntl, os, pty, struct, sys, termios
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(2, termios.TIOCSWINSZ, struct.pack("4H", 25, 40, 0, 0))
    os.execvp(sys.argv[1], sys.argv[1:])
said = b""
try:
    while part := os.read(terminal, 4096):
        said += part
except OSError: # Linux: the other side is closed
    pass
print(said.decode())
END
NO_COLOR=1 python3 narrow.py heymarket-mock run -- true | tr -d '\r' >narrow
grep -q 'The mock was at' narrow || fail "not the summary: $(cat narrow)"
! grep -E '.{41}' narrow || fail "wider than 40 columns"

# What the command inherits. Descriptors, signals, process group:
cat >inside.py <<'END'
import os
def is_open(fd):
    try:
        os.fstat(fd)
        return True
    except OSError:
        return False
fds = [fd for fd in range(64) if is_open(fd)]
status = dict(line.split(":\t") for line in open("/proc/self/status") if line.startswith("Sig"))
print(fds, int(status["SigBlk"], 16), int(status["SigIgn"], 16), os.getpgrp())
END
# Python itself ignores PIPE and XFSZ: 0x1001000.
if [ -r /proc/self/status ]; then
# shellcheck disable=SC2086 # words
got=$(trap '' INT HUP USR1; exec 7</dev/null 9>/dev/null; exec heymarket-mock run $few -- python3 inside.py 2>err)
[ "$got" = "[0, 1, 2] 0 $((0x1001000)) $(cut -d ' ' -f 5 /proc/$$/stat)" ] || fail "inside: $got"
fi

# ... and variables:
HEYMARKET_API_SECRET_KEY=mine NO_PROXY=corp.example ends 0 -- env
grep -qx HEYMARKET_API_SECRET_KEY=mine out && fail "inherited variables: $(cat out)"
for variable in API_SECRET_ID=74f80a77-9b3f-44ac-b3ad-ab68cfb548fa "API_SECRET_KEY=$key" \
                CONTACT_ID=ada0ada0-1815-4000-8000-00000000ada0 \
                SECOND_SECRET_ID=5ec05ec0-0000-4000-8000-0000000000b2 \
                SECOND_SECRET_KEY=FakeKeyFakeKeyFakeKeyFakeKey0002 \
                EMPTY_CONTACT_ID=e0e0e0e0-0000-4000-8000-00000000e0e0 \
                OTHER_TEAM_CONTACT_ID=07e407e4-0000-4000-8000-0000000007e4; do
  grep -qx "HEYMARKET_$variable" out || fail "no $variable in: $(grep HEYMARKET out)"
done
[ "$(sed -n 's/^HEYMARKET_API_BASE_URL=//p' out)" = "$(sed -n 's/^HEYMARKET_MOCK_URL=//p' out)" ] || fail "two URLs"
for name in NO_PROXY no_proxy; do
  grep -qx "$name=corp.example,127.0.0.1,localhost,::1" out || fail "$name: $(grep -i no_proxy out)"
done
no_proxy='*' ends 0 -- env
grep -qx 'no_proxy=\*' out || fail "no_proxy: $(grep -i no_proxy out)"
NO_PROXY='LOCALHOST, 127.0.0.1' no_proxy=a ends 0 -- env
grep -qx 'NO_PROXY=LOCALHOST, 127.0.0.1,::1' out || fail "NO_PROXY: $(grep -i no_proxy out)"
grep -qx 'no_proxy=a,127.0.0.1,localhost,::1' out || fail "no_proxy: $(grep -i no_proxy out)"
# The dollar signs are for the command's own shell.
# shellcheck disable=SC2016
ends 0 -- sh -c 'curl -sS "$HEYMARKET_MOCK_URL/_mock/health"'
grep -q '"status":"ok"\|"uptime_s"' out || fail "no control plane: $(cat out)"

# With a listener on all addresses run warns, and the command gets an address that it can call.
# shellcheck disable=SC2016
ends 0 --listen 0.0.0.0:0 -- sh -c 'echo "$HEYMARKET_API_BASE_URL $HEYMARKET_MOCK_URL"'
says 'warning: a listener is not on loopback'
grep -q '^http://127.0.0.1:[0-9]* http://127.0.0.1:[0-9]*$' out || fail "base URL: $(cat out)"

# The 429 of a fault is not counted as a refusal: the figures add up, and the page shows the fault.
ends 0 --fault status=429,retry-after=1,times=1 --report fault.html --report fault.json -- sh -c "$post; $post"
says '2 requests: 1 accepted, 0 refused, 0 warned, 1 by a fault'
grep -q '"refused": 0,' fault.json || fail "the report's figures: $(cat fault.json)"
grep -q 'fault: status=429, retry-after=1' fault.html || fail 'the page does not tell of the fault'

# HTTPS: the runtimes' variables are set, and the control plane is plain.
# shellcheck disable=SC2016
ends 0 --tls --expect 1 -- sh -c "$post; echo \$HEYMARKET_API_BASE_URL; curl -sS -o health \$HEYMARKET_MOCK_URL/_mock/health"
[ "$(head -n 1 out)" = 200 ] || fail "over HTTPS: $(cat out err)"
grep -q '^https://localhost:' out || fail "base URL: $(cat out)"
[ -s health ] || fail "no control plane beside HTTPS"

# So is the base URL of a sandbox there.
ends 0 --tls -- sh -c 'heymarket-mock sandbox -- sh -c "echo \$HEYMARKET_API_BASE_URL \$HEYMARKET_MOCK_CONTROL_URL; heymarket channel list \$HEYMARKET_CONTACT_ID"'
grep -q '^https://localhost:[0-9]* http://' out || fail "base URL of a sandbox: $(cat out err)"

# Reports: for programs by their schema, for CI as XML, for people; none has a secret, all are 0600.
cat >mixed.sh <<END
$post >tokens
for age in 0 250 400; do
  token=\$(heymarket token sign --iat -\$age)
  printf '%s\n' "\${token##*.}" >>signatures
  $post "\$token" >>tokens
  $post "\$token" '{"channel_type":"$key","channel_id":"\$HEYMARKET_SECOND_SECRET_KEY"}' "/\$HEYMARKET_API_SECRET_KEY" >>tokens
done
$post "\$HEYMARKET_API_SECRET_ID||\$HEYMARKET_API_SECRET_KEY" >>tokens
exit 3
END
ends 3 --other-paths refuse --fail-on refused --report r.json --report r.xml --report r.html --report r.md -- sh mixed.sh "$key" "$(heymarket token sign 2>/dev/null || echo eyJhbGciOiJIUzI1NiJ9.eyJpYXQiOjF9.c2lnbmF0dXJlLXRoYXQtaXMtbm9uZQ)"
for report in r.json r.xml r.html r.md; do
  [ "$(mode $report)" = 600 ] || fail "$report: mode $(mode $report)"
  grep -qFe "$key" -e FakeKeyFakeKeyFakeKeyFakeKey0002 -f signatures $report && fail "a secret is in $report"
  grep -q 'J6' $report || fail "$report does not name J6"
done
python3 - "$HM_SOURCE" <<'END' || fail "a report is not what it should be"
import json, sys, xml.etree.ElementTree
import jsonschema
schema = json.load(open(sys.argv[1] + "/fixtures/schemas/run-report.schema.json"))
report = json.load(open("r.json"))
jsonschema.Draft202012Validator(schema).validate(report)
assert report["command"][0] == "sh" and report["command_exit"] == 3 and report["exit"] == 3
assert report["verdict"] == "failed"
counts = report["counts"]
assert counts["requests"] == 8 == sum(report["statuses"].values()), report["statuses"]
assert counts["accepted"] == 3 and counts["refused"] == 5 and counts["unmatched"] == 3, counts
assert report["busiest_minute"]["requests"] == 3, report["busiest_minute"]
assert 250 <= report["token_ages"]["oldest_accepted_s"] < 300
assert sum(r["count"] for r in report["token_ages"]["ranges"]) == 4
assert len(report["exchanges"]) == 8
suite = xml.etree.ElementTree.parse("r.xml").getroot().find("testsuite")
cases = suite.findall("testcase")
assert int(suite.get("tests")) == len(cases)
assert int(suite.get("failures")) == len(suite.findall("testcase/failure")) > 2
assert int(suite.get("skipped")) == len(suite.findall("testcase/skipped"))
END
grep -q "default-src 'none'" r.html || fail "r.html has no policy"
grep -qi '<script\|https\?://' r.html && fail "r.html fetches something"
# A report that cannot be written after all.
mkdir gone
ends 2 --report gone/r.json -- rmdir gone
ends 4 --report r2.json -- sh -c 'exit 4'

# A journal that keeps nothing changes no figure.
ends 0 --journal 0 --expect 2 --report none.json -- sh -c "$post; $post"
grep -q '"accepted": 2' none.json || fail "without a journal: $(cat none.json)"
echo passed

# The modes of reports: private, unless asked for or where a CI system collects them.
mode_of() { ends 0 "${@:3}" --report "report.$1" -- true; [ "$(mode "report.$1")" = "$2" ] || fail "mode of $1: $(mode "report.$1")"; }
mode_of json 600
mode_of html 644 --report-mode 0644
CI=true mode_of xml 644
CI=true mode_of json 600 --report-mode 0600
