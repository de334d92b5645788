# heymarket-mock run --intercept=connect and =keep-network: nothing but what is meant to leaves, as root and as an ordinary user.
need_intercept
need_python
deny=$(dirname "$HM_BIN")/tests/deny
[ -x "$deny" ] || { echo 'skipped: Linux only'; exit 77; }
trap 'rm -rf "$place"' EXIT

# Where every user may write and run programs.
place=$(mktemp -d /tmp/heymarket.XXXXXX)
mkdir -m 1777 "$place/tmp" "$place/here"
chmod 755 "$place"
cp "$HM_BIN/heymarket-mock" "$deny" "$place/"
export TMPDIR=$place/tmp
unset HTTPS_PROXY https_proxy HTTP_PROXY http_proxy ALL_PROXY all_proxy NO_PROXY no_proxy SSL_CERT_FILE CURL_CA_BUNDLE
cd "$place/here" || exit
python3 "$HM_SOURCE/mock/tests/run_connect.py" "$place/heymarket-mock" "$place/deny"
