# HTTPS: listeners, versions, --tls-ca-out, a user's certificate, health, and common clients trust it.

# refused TEXT ARG...: exits 2 with one line on stderr that has the text.
refused() {
  local text=$1 got=0
  shift
  timeout 60 heymarket-mock "$@" >out 2>err || got=$?
  [ "$got" = 2 ] || fail "heymarket-mock $*: exit $got, expected 2: $(cat err)"
  [ "$(wc -l <err)" = 1 ] || fail "heymarket-mock $*: not one line: $(cat err)"
  grep -qF -- "$text" err || fail "heymarket-mock $*: no '$text' in: $(cat err)"
}

# start ARG...: serves in the background; $pid, and the base URLs in the file urls.
start() {
  rm -f up
  mkfifo up
  heymarket-mock --port-file urls "$@" 2>up &
  pid=$!
  exec 9<up
  read -r _ <&9 || fail "no greeting"
  cat <&9 >>log &
  exec 9<&-
}
stop() {
  kill -TERM "$pid"
  wait "$pid" || fail "the mock exited with $?"
}
port_of() { sed -n "s#^$1://.*:##p" urls; }

# handshake PORT ARG...: what openssl reports.
handshake() { timeout 60 openssl s_client -connect "127.0.0.1:$1" -servername localhost "${@:2}" </dev/null 2>&1 || true; }

# certificate NAME ARG...: NAME.pem and NAME.key, self-signed or as the arguments say.
certificate() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.pem" -days 2 \
    -subj "/CN=$1" -addext "subjectAltName=DNS:localhost" "${@:2}" 2>/dev/null || fail "openssl makes no $1"
}

# The temporary chain, and the files of its root.
start --listen 0 --tls-listen 0 --tls-ca-out ca.pem
https=https://localhost:$(port_of https)
[ "$(wc -l <urls)" = 2 ] || fail "two listeners, $(cat urls)"
[ "$(mode ca.pem) $(mode ca.jks)" = '644 644' ] || fail "modes of the root's files"
curl -sS --cacert ca.pem "$https/_mock/health" | grep -qF "\"$https\"" || fail "health lists $https"
curl -sS --cacert ca.pem --resolve "api.heymarket.com:${https##*:}:127.0.0.1" -o answer -w '%{http_code}' \
  "https://api.heymarket.com:${https##*:}/v2/contact/x/channel" >status || fail "by the live API's name"
[ "$(cat status)" = 405 ] || fail "by the live API's name: $(cat status answer)"
got=0
curl -sS "$https/_mock/health" >out 2>err || got=$?
[ "$got" = 60 ] || fail "curl without the root: exit $got, expected 60"
curl -sS --cacert ca.pem "$https/_mock/health" >out || fail "health"
grep -qF '"handshakes_failed":{"count":1,"last_reason":"tlsv1 alert unknown ca","cure":"the client does not trust' out ||
  fail "health says nothing of it: $(cat out)"
got=0
curl -sS --cacert ca.pem "https://127.0.0.1:${https##*:}/_mock/health" >out 2>err || got=$?
[ "$got" = 60 ] || fail "curl by address: exit $got, expected 60"
[ "$(curl -sS --cacert ca.pem --connect-to "::[::1]:" -o answer -w '%{http_code}' "$https/_mock/health" || true)" = 200 ] ||
  ! ip -6 addr show dev lo 2>/dev/null | grep -q ::1 || fail "not on ::1"
for version in tls1_2 tls1_3; do
  handshake "${https##*:}" "-$version" -CAfile ca.pem -verify_return_error >out
  grep -q 'Verify return code: 0 (ok)' out || fail "$version: $(cat out)"
done
handshake "${https##*:}" -tls1_1 -cipher 'DEFAULT@SECLEVEL=0' >out
grep -q 'alert protocol version' out || fail "TLS 1.1 is not refused: $(cat out)"
handshake "${https##*:}" -alpn h2,http/1.1 | grep -q 'ALPN protocol: http/1.1' || fail "no ALPN"
handshake "${https##*:}" -reconnect -tls1_2 | grep -q '^Reused' || fail "no resumption"
heymarket-mock health --port-file urls || fail "health"
grep '^https' urls >tls.urls
heymarket-mock health --port-file tls.urls || fail "health over TLS"
if command -v keytool >/dev/null; then
  keytool -list -keystore ca.jks -storepass changeit >out 2>&1 || fail "keytool: $(cat out)"
  grep -q 'trustedCertEntry' out || fail "keytool: $(cat out)"
fi
stop
heymarket-mock health --port-file tls.urls 2>err && fail "health of a stopped one"
grep -qF "$https does not answer" err || fail "health says: $(cat err)"

# Only TLS, and the name of the key store.
start --tls-listen 127.0.0.1:0 --tls-ca-out root.v1
[ "$(cut -d : -f 1,2 urls)" = https://localhost ] || fail "only TLS: $(cat urls)"
[ -f root.v1.jks ] || fail "no root.v1.jks"
stop

# A user's certificate: with the issuing CA in the file, and without it.
certificate authority -addext 'keyUsage=critical,keyCertSign'
certificate own -CA authority.pem -CAkey authority.key -addext 'basicConstraints=critical,CA:FALSE' 2>/dev/null ||
  fail "no certificate by an authority"
cat own.pem authority.pem >chain.pem
start --tls-listen 0 --tls-cert chain.pem --tls-key own.key --tls-ca-out out.crt
cmp -s <(openssl x509 -in out.crt) <(openssl x509 -in authority.pem) || fail "the root of one's own chain"
curl -sS --cacert authority.pem "$(cat urls)/_mock/health" >out || fail "one's own certificate"
stop
start --tls-listen 0 --tls-cert own.pem --tls-key own.key
curl -sS --cacert authority.pem "$(cat urls)/_mock/health" >out || fail "one's own certificate without its root"
stop

# Mistakes.
refused '--tls-cert and --tls-key must be used together' --tls-listen 0 --tls-cert own.pem
refused '--tls-cert and --tls-key must be used together' --tls-listen 0 --tls-key own.key
refused '--tls-cert needs --tls-listen' --tls-cert own.pem --tls-key own.key
refused '--tls-ca-out needs --tls-listen' --tls-ca-out ca.pem
refused '--tls-listen nowhere: expected PORT' --tls-listen nowhere
refused 'missing.pem: cannot be opened' --tls-listen 0 --tls-cert missing.pem --tls-key own.key
refused 'missing.key: cannot be opened' --tls-listen 0 --tls-cert own.pem --tls-key missing.key
refused 'own.key: found no certificate, expected PEM' --tls-listen 0 --tls-cert own.key --tls-key own.key
refused 'own.pem: found no private key, expected PEM' --tls-listen 0 --tls-cert own.pem --tls-key own.pem
refused 'authority.key: found a key that does not belong to the certificate' --tls-listen 0 --tls-cert own.pem --tls-key authority.key
cat authority.pem own.pem >turned.pem
refused 'number 2, and must be the first' --tls-listen 0 --tls-cert turned.pem --tls-key own.key
openssl pkey -in own.key -aes128 -passout pass:secret -out locked.key
refused 'locked.key: found a key with a passphrase' --tls-listen 0 --tls-cert own.pem --tls-key locked.key </dev/null
{ cat own.pem; sed 's/^MII/MIJ/' authority.pem; } >damaged.pem
refused 'damaged.pem: found a certificate that cannot be read' --tls-listen 0 --tls-cert damaged.pem --tls-key own.key
openssl req -x509 -newkey rsa:512 -nodes -keyout weak.key -out weak.pem -subj /CN=localhost 2>/dev/null
refused 'weak.pem: OpenSSL rejects this certificate: ee key too small' --tls-listen 0 --tls-cert weak.pem --tls-key weak.key
refused 'there is no root to write' --tls-listen 0 --tls-cert own.pem --tls-key own.key --tls-ca-out ca.pem
refused 'missing/ca.pem: cannot be written' --tls-listen 0 --tls-ca-out missing/ca.pem
