# SIGHUP reads --tls-cert and --tls-key again: what later handshakes show, what a bad file leaves, and clients meanwhile.

# start ARG...: serves in the background; $pid, $port; what it says comes by descriptor 9, a line at a time.
start() {
  rm -f said
  mkfifo said
  heymarket-mock --tls-listen 127.0.0.1:0 --port-file port --log none "$@" 2>said &
  pid=$!
  exec 9<said
  hear 'listening on'
  port=$(sed 's/.*://' port)
}
hear() { # TEXT: the next line has it
  local line=
  read -r -t 60 line <&9 || fail "nothing was said, expected: $1"
  case $line in *"$1"*) ;; *) fail "heard '$line', expected: $1" ;; esac
}
reload() { # TEXT: what it says to that
  kill -HUP "$pid"
  hear "$1"
}
stop() {
  kill -TERM "$pid"
  wait "$pid" || fail "the mock exited with $?"
  exec 9<&-
}

# authority NAME: NAME.pem and NAME.key. certificate NAME AUTHORITY ALGORITHM OPTION: the same, and both in NAME.chain.
authority() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.pem" -days 2 -subj "/CN=$1" \
    -addext 'keyUsage=critical,keyCertSign' 2>/dev/null || fail "openssl makes no $1"
}
certificate() {
  openssl genpkey -algorithm "$3" -out "$1.key" -pkeyopt "$4" 2>/dev/null
  openssl req -x509 -key "$1.key" -out "$1.pem" -days 2 -subj "/CN=$1" -CA "$2.pem" -CAkey "$2.key" \
    -addext 'subjectAltName=DNS:localhost' -addext 'basicConstraints=critical,CA:FALSE' 2>/dev/null || fail "openssl makes no $1"
  cat "$1.pem" "$2.pem" >"$1.chain"
}
install() { # NAME: it is the certificate now
  cp "$1.chain" live.pem
  cp "$1.key" live.key
}
shows() { # NAME: a handshake shows it
  timeout 60 openssl s_client -connect "127.0.0.1:$port" -servername localhost </dev/null 2>/dev/null >shown || true
  [ "$(openssl x509 -in shown -noout -fingerprint)" = "$(openssl x509 -in "$1.pem" -noout -fingerprint)" ] ||
    fail "not $1, but: $(openssl x509 -in shown -noout -subject)"
}
get() { curl -sS --cacert "$1" -o answer "https://localhost:$port/_mock/health"; }

authority old-root
authority new-root
certificate first old-root EC ec_paramgen_curve:P-256
certificate second old-root EC ec_paramgen_curve:P-256
certificate third new-root RSA rsa_keygen_bits:2048
install first
start --tls-cert live.pem --tls-key live.key --tls-ca-out root.pem
shows first
install second
shows first # until it is told
reload 'the files were read again'
shows second
get old-root.pem || fail 'the second certificate'

# A bad file leaves the old one, and is named.
cp first.key live.key
reload 'live.key: found the key of another certificate than live.pem has; everything stays as it was'
cp second.key live.key
head -c 200 second.pem >live.pem
reload 'live.pem: found a certificate that cannot be read'
rm live.pem
reload 'live.pem: cannot be opened'
shows second
cmp -s <(openssl x509 -in root.pem) <(openssl x509 -in old-root.pem) || fail 'the root did not stay'

# Of another authority: its root is written.
install third
reload 'the files were read again'
shows third
get root.pem || fail 'the root that was written'
if get old-root.pem 2>/dev/null; then fail 'the old root is good still'; fi

# A connection goes on, and no handshake fails, while certificates change.
cat old-root.pem new-root.pem >both.pem
seq 120 | sed "s|.*|url = https://localhost:$port/_mock/health\\noutput = /dev/null|" >urls
curl -sS --cacert both.pem -K urls -w '%{num_connects}\n' >connects &
one=$!
curl -sS --cacert both.pem -K urls -H 'Connection: close' --no-sessionid -w '%{num_connects}\n' >handshakes &
many=$!
for name in first third second third first third; do
  install "$name"
  reload 'the files were read again'
done
wait "$one" || fail "a request of a connection that goes on"
wait "$many" || fail "a handshake while certificates change"
[ "$(sort -n connects | uniq -c | awk '{ print $1, $2 }' | tr '\n' ' ')" = '119 0 1 1 ' ] || fail "not one connection: $(uniq -c connects)"
[ "$(sort -u handshakes)" = 1 ] || fail "not a handshake each: $(uniq -c handshakes)"
stop

# A throw-away certificate stays: clients trust it.
start
timeout 60 openssl s_client -connect "127.0.0.1:$port" -servername localhost </dev/null 2>/dev/null | openssl x509 >thrown.pem
reload 'the files were read again'
shows thrown
stop
