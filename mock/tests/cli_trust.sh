# run --tls: the clients of common runtimes, those that are installed, trust the mock, and refuse it without run.

mkdir tmp clients answers
export TMPDIR=$PWD/tmp

# A client is a file in clients/ that prints what it got from the URL in $1.
client() { # NAME: its text on stdin; made only where the test in the arguments holds
  local name=$1
  shift
  if "$@" >/dev/null 2>&1; then
    { echo '#!/bin/sh'; cat; } >"clients/$name"
    chmod +x "clients/$name"
  else
    cat >/dev/null
    echo "skipped: $name is not installed"
  fi
}
client curl command -v curl <<'C'
exec curl -sS "$1"
C
client wget command -v wget <<'C'
exec wget -q -O - "$1"
C
client openssl command -v openssl <<'C'
port=${1#https://localhost:}
printf 'GET /_mock/health HTTP/1.0\r\nHost: localhost\r\n\r\n' |
  openssl s_client -quiet -verify_return_error -verify_hostname localhost -connect "localhost:${port%%/*}"
C
client python command -v python3 <<'C'
exec python3 -c 'import sys, urllib.request as r; print(r.urlopen(sys.argv[1]).read().decode())' "$1"
C
client python-requests python3 -c 'import requests' <<'C'
exec python3 -c 'import sys, requests; print(requests.get(sys.argv[1]).text)' "$1"
C
client node command -v node <<'C'
exec node -e 'require("https").get(process.argv[1], r => r.pipe(process.stdout))' "$1"
C
client node-fetch node -e 'process.exit(typeof fetch === "function" ? 0 : 1)' <<'C'
exec node -e 'fetch(process.argv[1]).then(r => r.text()).then(console.log)' "$1"
C
client deno command -v deno <<'C'
exec deno eval 'console.log(await (await fetch(Deno.args[0])).text())' "$1"
C
client bun command -v bun <<'C'
exec bun -e 'console.log(await (await fetch(process.argv[1])).text())' "$1"
C
client ruby command -v ruby <<'C'
exec ruby -rnet/http -e 'puts Net::HTTP.get(URI(ARGV[0]))' "$1"
C
client php php -r 'exit(extension_loaded("openssl") ? 0 : 1);' <<'C'
exec php -r '$got = file_get_contents($argv[1]); echo $got; exit($got === false ? 1 : 0);' "$1"
C
client php-curl php -r 'exit(extension_loaded("curl") ? 0 : 1);' <<'C'
exec php -r '$c = curl_init($argv[1]); exit(curl_exec($c) ? 0 : 1);' "$1"
C
client perl perl -MHTTP::Tiny -MIO::Socket::SSL -MNet::SSLeay -e 1 <<'C'
exec perl -MHTTP::Tiny -e 'my $r = HTTP::Tiny->new(verify_SSL => 1)->get($ARGV[0]); print $r->{content}; exit !$r->{success}' "$1"
C
client perl-lwp perl -MLWP::UserAgent -MLWP::Protocol::https -e 1 <<'C'
exec perl -MLWP::UserAgent -e 'my $r = LWP::UserAgent->new->get($ARGV[0]); print $r->content; exit !$r->is_success' "$1"
C
client git git --version <<'C'
said=$(LC_ALL=C git ls-remote "$1.git" 2>&1)
echo "$said"
case $said in *'not found'*) echo '"status":"ok"' ;; *) exit 1 ;; esac
C
cat >get.go <<'C'
package main

import (
	"io"
	"net/http"
	"os"
)

func main() {
	answer, err := http.Get(os.Args[1])
	if err != nil {
		panic(err)
	}
	io.Copy(os.Stdout, answer.Body)
}
C
client go go build -o get.bin get.go <<'C'
exec ./get.bin "$1"
C
cat >Get.java <<'C'
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

class Get {
    public static void main(String[] args) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(args[0])).build();
        System.out.println(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body());
        new URL(args[0]).openStream().close();
    }
}
C
client java javac -d . Get.java <<'C'
exec java -cp . Get "$1"
C

# Each client twice at once: in the environment of `run`, and in one without it.
cat >ask <<'C'
url=$HEYMARKET_API_BASE_URL/_mock/health
for file in clients/*; do
  name=${file#clients/}
  { timeout 120 "$file" "$url" >"answers/$name.with" 2>&1; printf "\nexit %s\n" $? >>"answers/$name.with"; } &
  { timeout 120 env -i PATH="$PATH" HOME="$HOME" "$file" "$url" >"answers/$name.without" 2>&1
    printf "\nexit %s\n" $? >>"answers/$name.without"; } &
done
wait
C
heymarket-mock run --tls -- bash ask 2>err || fail "run: $(cat err)"
for file in clients/*; do
  name=${file#clients/}
  grep -q '"status":"ok"' "answers/$name.with" || fail "$name does not believe the mock: $(cat "answers/$name.with")"
  grep -qx 'exit 0' "answers/$name.with" || fail "$name: $(cat "answers/$name.with")"
  ! grep -q '"status":"ok"' "answers/$name.without" || fail "$name believes the mock without our help"
  ! grep -qx 'exit 0' "answers/$name.without" || fail "$name without our help: $(cat "answers/$name.without")"
done
echo "believed by: $(cd clients && echo *)"

# Our own client reads none of these variables either: it uses libcurl.
# shellcheck disable=SC2016  # the variables are the command's
heymarket-mock run --tls --expect 1 -- sh -c 'heymarket channel create "$HEYMARKET_CONTACT_ID" --type email \
  --id tls@example.com --ca-file "$SSL_CERT_FILE"' >out 2>err || fail "our own client: $(cat out err)"

# What was trusted before is still trusted.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout own.key -out own.pem -days 2 \
  -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
mkfifo up
heymarket-mock --tls-listen 0 --tls-cert own.pem --tls-key own.key --port-file other 2>up &
other=$!
exec 9<up
read -r _ <&9 || fail "no greeting"
# shellcheck disable=SC2016  # the variables are the command's
for variable in SSL_CERT_FILE CURL_CA_BUNDLE; do
  env "$variable=$PWD/own.pem" heymarket-mock run --tls -- sh -c \
    'curl -sS "$HEYMARKET_API_BASE_URL/_mock/health" "$1/_mock/health" -o a -o b' sh "$(cat other)" 2>err ||
    fail "$variable of the user: $(cat err)"
done
kill -TERM "$other"
wait "$other" || true

# A failed handshake is reported with its cause.
# shellcheck disable=SC2016  # the variables are the command's
heymarket-mock run --tls --report r.json --report r.xml --report r.html -- \
  sh -c 'curl -s --cacert own.pem "$HEYMARKET_API_BASE_URL" || true' 2>err || fail "run: $(cat err)"
grep -qF '1 TLS handshake failed (tlsv1 alert unknown ca)' err || fail "the summary: $(cat err)"
grep -qF -- '--ca-file' err || fail "the summary has no cure: $(cat err)"
! grep -q 'no request came' err || fail "the summary: $(cat err)"
grep -qF '"last_reason": "tlsv1 alert unknown ca"' r.json || fail "the report: $(cat r.json)"
grep -qF 'name="TLS handshake"' r.xml && grep -qF 'skipped="1"' r.xml || fail "the report for CI: $(cat r.xml)"
grep -qF 'failed 1 time' r.html || fail "the page: $(cat r.html)"

# The files exist as long as the command, however it ends.
# shellcheck disable=SC2016  # the variables are the command's
heymarket-mock run --tls -- sh -c 'test -s "$SSL_CERT_FILE" && test -s "$WGETRC" && ls tmp >seen' 2>err || fail "no files: $(cat err)"
[ -s seen ] || fail "the files are not under TMPDIR"
[ -z "$(ls tmp)" ] || fail "left behind: $(ls tmp)"
got=0
# shellcheck disable=SC2016  # the variables are the command's
heymarket-mock run --tls -- sh -c 'kill -TERM "$PPID"; exec sleep 120' 2>err || got=$?
[ "$got" = 143 ] || fail "a run that was told to end: exit $got: $(cat err)"
[ -z "$(ls tmp)" ] || fail "left behind after SIGTERM: $(ls tmp)"
got=0
# shellcheck disable=SC2016  # the variables are the command's
heymarket-mock run --tls -- sh -c 'kill -KILL "$PPID"; exec sleep 120' 2>err || got=$?
[ "$got" = 137 ] || fail "a run that was killed: exit $got: $(cat err)"
[ -n "$(ls tmp)" ] || fail "nothing was left behind after SIGKILL: the next check proves nothing"
next_leaves_nothing() { heymarket-mock run --tls -- true 2>err && [ -z "$(ls -A tmp)" ]; }
eventually next_leaves_nothing || fail "left behind by the next run: $(cat err; ls -A tmp)"
