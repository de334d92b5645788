# Mocks with --state redis://: what they have in common, Redis away, the password, and TLS.
need_python
need_linux redis-server
heymarket-mock --state nowhere:file >out 2>err || true
grep -q 'redis://' err || { echo 'skipped: built without Redis'; exit 77; }
replicas() { python3 "$HM_SOURCE/mock/tests/replicas.py" "$@"; }

in_common() { replicas shared; }
away() { replicas away; }

# rediss://: the certificate must be for the host, and known.
over_tls() {
  trap 'kill $(jobs -p) 2>/dev/null || true' EXIT # it runs in a shell of its own
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out cert.pem -days 2 \
    -subj /CN=redis -addext subjectAltName=IP:127.0.0.1 2>/dev/null || { echo 'skipped: openssl makes no certificate' >&2; return; }
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  redis-server --port 0 --tls-port "$port" --bind 127.0.0.1 --tls-cert-file cert.pem --tls-key-file key.pem \
    --tls-auth-clients no --save '' --logfile redis.log &
  eventually grep -q 'Ready to accept' redis.log || { echo "skipped: $(tail -n 1 redis.log)" >&2; return; }
  exits 3 timeout 60 heymarket-mock --listen 0 --state "rediss://127.0.0.1:$port"
  complains 'the certificate is not trusted'
  SSL_CERT_FILE=$PWD/cert.pem exits 3 timeout 60 heymarket-mock --listen 0 --state "rediss://localhost:$port"
  complains 'the certificate is not trusted'
  exits 3 timeout 60 heymarket-mock --listen 0 --state "redis://127.0.0.1:$port"
  SSL_CERT_FILE=$PWD/cert.pem heymarket-mock --listen 0 --port-file port-file --log none --state "rediss://127.0.0.1:$port" &
  await port-file
  exits 0 heymarket-mock health --port-file port-file
}

# Nobody is there.
refused() {
  exits 3 timeout 60 heymarket-mock --listen 0 --state redis://127.0.0.1:1
  complains 'Connection refused'
  exits 2 heymarket-mock --listen 0 --state redis://hunter2@127.0.0.1:1
  complains 'before the @'
  ! grep -q hunter2 err || fail 'the password is shown'
}

at_once in_common away over_tls refused
