# The suite against an independent server with the channel family: faults, choices and quirks; live budgets; slow answers;
# eight runs in a row. HM_SAMPLE=1: a few of them, for builds that are slow.
need_python
checks=$HM_SOURCE/conformance/tests/family_checks.py
if [ -n "${HM_SAMPLE:-}" ]; then
  python3 "$checks" faults 40
  python3 "$checks" budgets 40
  python3 "$checks" latency 2
else
  python3 "$checks" faults
  python3 "$checks" budgets
  python3 "$checks" latency
  python3 "$checks" again
fi
