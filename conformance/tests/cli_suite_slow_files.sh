# Pipes that do not deliver, and files that are held: every program ends at a signal while it reads them.
need_python
need_linux
mkdir slow
python3 "$HM_SOURCE/conformance/tests/slow_files.py" slow || fail 'a program hangs, or says the wrong thing'
