# A target over HTTPS with a private CA: trusted only if the CA is named, with the same variables as curl.
command -v curl >/dev/null || exit 77
suite() { heymarket-conformance "$@" --base-url "$url"; }

heymarket-mock --listen 0 --tls-listen 0 --tls-ca-out ca.pem --port-file ports --log none --clock @1713225600 &
await ports
url=$(grep https ports)

# Not trusted: nothing is sent, and the message names the cure.
exits 3 suite run --only J1
complains "$url: "
complains 'certificate'
complains '(--ca-file)'
exits 3 suite token J1-lower-case
complains '(--ca-file)'

# Trusted, by the option or by the variables that curl reads; also by cases with several connections at once.
exits 0 suite run --only J1 --only J12 --only T4 --ca-file ca.pem
has "$url, our mock"
exits 0 suite token J1-lower-case --ca-file ca.pem
for variable in SSL_CERT_FILE CURL_CA_BUNDLE; do
  exits 0 env "$variable=ca.pem" heymarket-conformance run --only J1-lower-case --base-url "$url"
done
exits 2 suite run --only J1 --ca-file ./absent
complains './absent'
exits 2 env SSL_CERT_FILE=./absent heymarket-conformance run --only J1 --base-url "$url"
complains 'SSL_CERT_FILE: ./absent'
exits 0 env SSL_CERT_FILE=./absent heymarket-conformance run --only J1-lower-case # no TLS, no matter

# The repeat line of a failure trusts it, too.
cp -r "$HM_SOURCE/fixtures" mine; rm -r mine/cases; mkdir mine/cases
printf '{ "clause": "J1", "title": "t", "cases": [ { "id": "X-wrong", "says": "s", "expect": [ { "status": 299 } ] } ] }\n' \
  >mine/cases/J1-wrong.json
exits 1 suite run --fixtures mine --ca-file ca.pem
sed -n 's/^ *repeat *curl -sS/curl -sS -o answer -w "%{http_code}\\n"/p' out >again
grep -qF -- "--cacert 'ca.pem'" again || { cat out >&2; fail 'curl is not told'; }
[ "$(sh again)" = 200 ] || { cat again >&2; fail 'the line does not repeat it'; }
