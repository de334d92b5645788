# Programs in three languages call all six operations. ci/clients has twelve, and more ways.
need_python
command -v cc >/dev/null || { echo 'skipped: no C compiler for the client in C'; exit 77; }
deny=$(dirname "$HM_BIN")/tests/deny
[ -x "$deny" ] || deny=/nonexistent
python3 "$HM_SOURCE/mock/tests/clients/matrix.py" --mock "$HM_BIN/heymarket-mock" --deny "$deny" --place . \
  --clients curl,libcurl,python-urllib --ways plain,tls --users root
