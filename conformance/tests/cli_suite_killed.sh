# Every wrong behaviour that the mock knows is caught by a case that cites the broken clause, and no legal one is accused.
# The matrix is kept in the build folder. Leaks are other tests' business: to look for them takes longer than the runs.
need_python
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
python3 "$HM_SOURCE/conformance/tests/kill_matrix.py" "$HM_BIN/../conformance/kill_matrix.txt"
