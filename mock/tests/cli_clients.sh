# Programs in three languages call all six operations, and one tries every way out of an interception. ci/clients has twelve languages,
# and more ways.
need_python
command -v cc >/dev/null || { echo 'skipped: no C compiler for the client in C'; exit 77; }
deny=$(dirname "$HM_BIN")/tests/deny denies=
[ ! -x "$deny" ] || denies=1 # Linux only
matrix() { python3 "$HM_SOURCE/mock/tests/clients/matrix.py" --mock "$HM_BIN/heymarket-mock" ${denies:+--deny "$deny"} --place . --users root "$@"; }

matrix --clients curl,libcurl,python-urllib --ways plain,tls
need_intercept
matrix --clients libcurl,escape --ways auto,connect,forced
