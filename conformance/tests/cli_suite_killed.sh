# Every wrong behaviour of the mock is caught by a case that cites the broken clause, and no legal one is reported.
# The matrix is kept in the build folder. No leak check here: it would take longer than the runs.
# HM_SAMPLE=1: every twelfth of them, for builds that are slow.
need_python
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
every=1; [ -z "${HM_SAMPLE:-}" ] || every=12
python3 "$HM_SOURCE/conformance/tests/kill_matrix.py" "$HM_BIN/../conformance/kill_matrix.txt" --every "$every"
