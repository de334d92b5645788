# kill -9 of a mock with --state sqlite:FILE under load: each 2xx is found again, and no id comes twice. HM_SAMPLE=1: three times.
need_python
heymarket-mock --state nowhere:file >out 2>err || true
grep -q 'sqlite:FILE' err || { echo 'skipped: built without SQLite'; exit 77; }
rounds=10; [ -z "${HM_SAMPLE:-}" ] || rounds=3
python3 "$HM_SOURCE/mock/tests/state_kill.py" "$HM_BIN" work "$rounds"
