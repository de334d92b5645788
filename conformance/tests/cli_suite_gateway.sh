# A target behind a gateway: a header with every request, whose value is shown nowhere, and a client certificate.
need_python
command -v openssl >/dev/null || exit 77
server=$HM_SOURCE/conformance/tests/gateway_server.py
key='gateway-key-0123456789'
eval "$(python3 "$HM_SOURCE/conformance/tests/foreign_server.py" --environment)"
suite() { # CODE URL ARGUMENT...
  local want=$1 base=$2
  shift 2
  exits "$want" heymarket-conformance run --keep --base-url "$base" --only J1 "$@"
}
hidden() { ! grep -rqF -- "$key" out err "$@" || fail "the value is shown: $(grep -rlF -- "$key" out err "$@")"; }

python3 "$server" --port-file plain --key "$key" &
await plain
url=$(cat plain)
suite 4 "$url"
has 'REFUSED'
suite 1 "$url" --header "X-Gateway-Key: $key" --report shown
grep -q '^FAILED J1-' out || { cat out; fail 'not judged'; }
grep -qF -- '-H "X-Gateway-Key: $X_GATEWAY_KEY"' out || { cat out; fail 'no such line to repeat it'; }
grep -qF 'X-Gateway-Key: <hidden>' shown/transcript.ndjson || fail 'the transcript lacks the header'
grep -qF 'X-Echo: key ' shown/transcript.ndjson || fail 'the transcript lacks the answer'
hidden shown
X_GATEWAY_KEY=$key bash -c "$(sed -n 's/^ *repeat *//p' out | head -n 1)" >again
! grep -q 403 again || fail 'the line does not pass the gateway'

for wrong in 'Authorization: x' host:x 'X-Request-Id: 1' "no colon $key" ":$key" "X Y:$key" "X-Y:"; do
  suite 2 "$url" --header "$wrong"
  complains '--header'
  hidden
done
exits 2 heymarket-conformance run --only J1-missing --header "X-Gateway-Key: $key"
complains '--header needs a target'

# Mutual TLS.
issue() { # NAME ISSUER: NAME.pem and NAME.key
  openssl req -newkey rsa:2048 -nodes -keyout "$1.key" -subj "/CN=$1" -out "$1.csr" 2>/dev/null
  printf 'subjectAltName=IP:127.0.0.1\n' >ext
  openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -days 2 -extfile ext -out "$1.pem" 2>/dev/null
}
for ca in ca other; do openssl req -x509 -newkey rsa:2048 -nodes -keyout $ca.key -subj "/CN=$ca" -days 2 -out $ca.pem 2>/dev/null; done
issue server ca; issue client ca; issue stranger other
cat server.pem server.key >both.pem
cat client.pem client.key >client-both.pem
openssl pkey -in client.key -aes256 -passout pass:x -out locked.key
python3 "$server" --port-file tls --key "$key" --pem both.pem --client-ca ca.pem &
await tls
url=$(cat tls)
gateway=(--header "X-Gateway-Key:$key" --ca-file ca.pem)
suite 1 "$url" "${gateway[@]}" --cert client.pem --key client.key
grep -q '^FAILED J1-' out || { cat out; fail 'not judged'; }
grep -qF -- "--cert 'client.pem' --key 'client.key'" out || { cat out; fail 'curl is not told'; }
suite 1 "$url" "${gateway[@]}" --cert client-both.pem --jobs 1
# Whether the refusal comes before the request was sent depends on who is faster.
refused() {
  got=0; heymarket-conformance run --keep --base-url "$url" --only J1 "${gateway[@]}" "$@" >out 2>err || got=$?
  [ "$got" = 3 ] || [ "$got" = 6 ] || { cat out err; fail "exit $got"; }
}
refused
refused --cert stranger.pem --key stranger.key
suite 2 "$url" "${gateway[@]}" --key client.key
complains '--key needs'
suite 2 "$url" "${gateway[@]}" --cert client.pem
complains 'client.pem: found no "PRIVATE KEY"'
suite 2 "$url" "${gateway[@]}" --cert client.pem --key locked.key
complains 'passphrase'
suite 2 "$url" "${gateway[@]}" --cert absent.pem
hidden
