# The suite passes against our mock whatever the keys are: of all lengths, and with unusual characters.
# HM_SAMPLE=1: with a few of them, for builds that are slow.
need_python
cat >world.py <<'END'
"""world.py NAME: writes fixtures/worlds/*.json with other keys into keys/worlds."""
import json
import os
import string
import sys

LETTERS = string.ascii_letters + string.digits
SOURCE = os.environ["HM_SOURCE"] + "/fixtures/worlds"

def of_length(length):
    return "".join(LETTERS[(i * 37 + i * i + length) % len(LETTERS)] for i in range(length))

UNUSUAL = {
    "hex": "0123456789abcdef" * 2, "hex-capitals": "FEDCBA9876543210" * 2, "digits": "12345678901234567890",
    "capitals": string.ascii_uppercase, "small-letters": string.ascii_lowercase, "repeated": "aaaaaaaa",
    "uuid": "0b5c1f7e-2d43-4f6a-9d5e-7c8b9a0f1e2d", "base64": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTE=",
    "base64url": "ab-cd_ef-gh_ij-kl_mn-op_qr-st_uv", "pipes": "ab||cd|ef||", "spaces": " ab cd  ef gh ",
    "dots": "ab.cd.ef.gh", "two-dots": "ab.cd.efgh", "quotes": "a\"b'c\\d,e:f;g/h", "percent": "ab%41cd%20ef%zz",
    "punctuation": string.punctuation, "not-ascii": "schlüssel-größe-äöü€", "tab": "ab\tcd\tefgh",
    "control-characters": "ab\x01cd\x7fefgh\x1b",
}
name = sys.argv[1]
key = of_length(int(name)) if name.isdigit() else UNUSUAL[name]
for world in os.listdir(SOURCE):
    with open(f"{SOURCE}/{world}", encoding="utf-8") as file:
        text = file.read()
    text = text.replace('"cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK"', json.dumps(key))
    text = text.replace('"FakeKeyFakeKeyFakeKeyFakeKey0002"', json.dumps("~" + key[::-1]))
    with open(f"keys/worlds/{world}", "w", encoding="utf-8") as file:
        file.write(text)
END
cp -r "$HM_SOURCE/fixtures" keys

# run NAME ARGUMENT...: with those keys all cases pass.
run() {
  python3 world.py "$1" || fail "no world for $1"
  exits 0 heymarket-conformance run --fixtures keys --strict "${@:2}"
}
lengths=(8 26 27 33 64 65 200)
names=(hex hex-capitals digits capitals small-letters repeated uuid base64 base64url pipes spaces dots two-dots quotes percent
       punctuation not-ascii tab control-characters 1000)
[ -z "${HM_SAMPLE:-}" ] || lengths=(200) names=(quotes not-ascii control-characters 1000)
for length in "${lengths[@]}"; do run "$length"; done
tokens=()
for clause in 1 2 3 4 5 6 10 13; do tokens+=(--only "J$clause"); done
for name in "${names[@]}"; do run "$name" "${tokens[@]}"; done

# What a case cannot do with a short key, or with one that no header field can have, is said.
run 26 --only J5-cut-64 --only J5-digest-of-secret --only J5-cut-69
has '1 passed, 2 skipped'
has 'needs an API secret (ID, two pipes and key) of more than 64 bytes'
run 27 --only J5-cut-64 --only J5-digest-of-secret
has '2 passed'
run control-characters --only J13-secret-key
has 'needs an API secret whose key has no control characters'
echo passed
