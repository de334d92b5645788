# Heads, bodies, chunks and trailers without an end: the case fails with the reason, and the suite keeps little of them.
need_python
mkdir floods
python3 "$HM_SOURCE/conformance/tests/flooded.py" floods || fail 'a flood was not withstood'
