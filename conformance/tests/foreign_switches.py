"""The switches of the foreign server: legal variations, and faults with the clause that each breaks."""

VARIATIONS = """
status-201 status-202 plain-text-errors empty-errors html-errors no-info-channel no-handle handle-filled
extra-members newest-first shuffled-order shuffled-members pretty-json raw-letters chunked-answers
chunk-extensions early-hints closes closes-every-third http-1.0 fractional-times nanoseconds offset-times
zero-offset small-letter-times clock-3-ahead clock-3-behind slow charset-in-answer media-type-tight
media-type-capitals lower-case-headers cookies www-authenticate typ-required plus-refused plus-accepted
unknown-member-refused any-media-type media-type-400 unknown-contact-400 unknown-contact-403
unknown-contact-410 duplicate-kept duplicate-refused duplicate-409 empty-value-accepted leeway-0
leeway-600 any-future exp-ignored fractional-iat-refused big-ids random-ids body-before-contact
body-before-token updated-moves upper-case-request-id time-ordered-request-id silent-close
lenient-base64 first-authorization crit-ignored capital-iss-accepted trailing-slash path-without-case
options-204 get-404 latency-200 nan-accepted surrogates-accepted bytes-replaced utf-16-accepted nul-accepted
members-without-case long-refused controls-refused duplicates-refused bom-accepted
busy busy-without-hint upper-uuid-refused another-writer busy-far-future far-future-503 no-date gateway-date
percent-uuid-apart no-family
""".split()

# Servers that do not give complete answers.
TROUBLES = """silent short-answers long-answers reset-later huge-answers endless-head drips
hundred-megabytes""".split()

# Prints each request, so that a test sees when it comes.
TELLS = "tells"

# Found only by a suite that waits (--slow), or servers that take long for a whole run.
SLOW = ["verdict-cached", "latency-before", "latency-after"]

# Each breaks one clause, the one that the suite must name.
FAULTS = {
    # the whole list, in the right form
    "object": "R1", "wrapped-list": "R1", "json-text": "R1", "empty-answer": "R1",
    "object-when-one": "R1", "null-answer": "R1", "half-json": "R1", "status-204": "R1",
    "list-of-lists": "R1", "two-lists": "R1", "object-by-number": "R1", "list-of-ids": "R2",
    "contact-id-text": "R2", "contact-id-uuid": "R2", "id-text": "R2", "id-fraction": "R2",
    "team-id-missing": "R2", "created-null": "R2", "created-epoch": "R2", "updated-missing": "R2",
    "info-null": "R2", "channel-id-number": "R2", "one-element-null": "R2", "handle-null": "R2",
    "team-id-text": "R2", "contact-id-missing": "R2", "type-number": "R2", "id-missing": "R2",
    "info-object": "R2", "id-boolean": "R2", "old-id-text": "R2", "second-secret-id-text": "R2",
    "digits-to-number": "R2", "created-missing": "R2", "channel-id-missing": "R2",
    "new-missing": "R3", "new-type-changed": "R3", "new-id-capitals": "R3", "plus-added": "B4",
    "id-lower-case": "R3", "id-trimmed": "R3", "id-cut-64": "R3", "id-cut-100": "R3",
    "markup-escaped": "R3", "percent-decoded": "R3", "letters-lost": "R3", "letters-replaced": "R3",
    "latin-1-body": "R3", "type-and-id-swapped": "R3", "plus-part-dropped": "R3", "zeros-dropped": "R3",
    "new-twice": "R3", "composed": "R3", "same-id-once": "R3", "type-lower-case": "R3", "type-hyphened": "R3", "stale-list": "R3",
    "type-cut-20": "R3", "backslashes-dropped": "R3",
    "only-new": "R4", "oldest-dropped": "R4", "not-kept": "R4", "half-kept": "R4",
    "re-created": "R4", "last-three": "R4", "last-ten": "R4", "last-fifty": "R4", "first-twenty": "R3",
    "same-type-only": "R4", "renumbered": "R4", "lists-by-secret": "R4", "lists-by-connection": "R4",
    "handle-moves": "R4", "empty-forgets": "R4", "moved-between-contacts": "R4", "written-twice": "R4",
    "lost-after-refusal": "R4", "contact-id-moves": "R4", "old-type-changed": "R4", "leaks-to-empty": "R4",
    "epoch-text": "R5", "no-zone": "R5", "http-date": "R5", "updated-words": "R5", "date-only": "R5",
    "offset-without-colon": "R5", "comma-fraction": "R5", "month-thirteen": "R5", "updated-empty": "R5",
    "html": "R6", "text-plain": "R6", "no-media-type": "R6", "text-json": "R6", "html-by-accept": "R6",
    "media-type-later": "R6", "html-for-second": "R6",
    "mixed-contacts": "R8", "mixed-teams": "R8", "shared-state": "R8", "new-one-of-team-0": "R8",
    # tokens
    "no-scheme": "J1", "any-scheme": "J1", "no-authorization": "J1", "lower-bearer-refused": "J1",
    "bearer-twice": "J1", "connection-remembers": "J1", "scheme-prefix": "J1", "quotes-stripped": "J1",
    "no-blank": "J1", "basic-accepted": "J1", "legacy-basic-accepted": "J1", "token-encoded-ok": "J1",
    "scheme-start": "J1", "comma-first": "J1", "missing-403": "J1", "missing-400": "J1", "empty-500": "J1",
    "capital-bearer-refused": "J1", "kept-capital-bearer-refused": "J1", "token-malformed-500": "J1", "python-bytes": "J1", "colon-scheme": "J1",
    "alg-none": "J2", "alg-ignored": "J2", "alg-hs512": "J2", "two-segments": "J2", "alg-hs384": "J2",
    "none-capitals": "J2", "alg-missing-ok": "J2", "alg-lower-case": "J2", "alg-any-hs": "J2",
    "embedded-key": "J2", "header-array-ok": "J2", "alg-rs256-ok": "J2", "kid-refused": "J2",
    "alg-prefix": "J2", "first-segment-skipped": "J2", "alg-array-ok": "J2", "none-for-second": "J2",
    "header-order": "J2", "raw-key-accepted": "J2", "header-not-read": "J2", "alg-number-ok": "J2",
    "iss-unknown": "J3", "iss-missing": "J3", "iss-number": "J3", "iss-trimmed": "J3", "iss-array": "J3",
    "iss-null": "J3", "iss-sub": "J3", "iss-prefix": "J3", "iss-key": "J3", "iss-pattern": "J3",
    "iss-start": "J3", "iss-eight": "J3", "iss-cut-last": "J3", "iss-encoded": "J3", "iss-in-braces": "J3",
    "iss-empty": "J3", "iss-boolean": "J3", "iss-unknown-500": "J3", "iss-unknown-404": "J3",
    "iat-text": "J4", "iat-missing": "J4", "iat-ms": "J4", "iat-null": "J4", "iat-array": "J4",
    "iat-exp-instead": "J4", "iat-nbf-instead": "J4", "iat-digits-in-text": "J4", "iat-huge-500": "J4",
    "iat-object": "J4", "iat-text-for-second": "J4", "iat-date": "J4", "iat-false": "J4", "iat-us": "J4",
    "iat-date-near": "J4",
    "one-pipe": "J5", "no-pipe": "J5", "colon": "J5", "key-alone": "J5", "id-alone": "J5",
    "swapped": "J5", "unsigned": "J5", "sha512-signature": "J5", "first-byte": "J5", "last-byte": "J5",
    "first-sixteen": "J5", "first-eight": "J5", "empty-key": "J5", "any-secret-of-team": "J5",
    "any-secret": "J5", "hex-signature": "J5", "empty-signature": "J5", "cut-64": "J5", "line-break-key": "J5",
    "quoted-key": "J5", "escaped-pipes": "J5", "percent-pipes": "J5", "base64-key": "J5", "hex-key": "J5",
    "capital-id": "J5", "bom-key": "J5", "cached-by-head": "J5", "checked-once": "J5", "verified-iss": "J5",
    "cached-by-signature": "J5", "second-unsigned": "J5", "second-one-pipe": "J5", "second-key-alone": "J5",
    "blank-key": "J5", "line-break-signed": "J5", "sha384-signature": "J5", "any-join": "J5",
    "hex-of-digest": "J5", "length-only": "J5", "base64-key-half": "J5", "capital-secret": "J5",
    "cached-by-payload": "J5", "header-alone-signed": "J5",
    "immortal": "J6", "lives-an-hour": "J6", "lives-six-minutes": "J6", "dies-early": "J6",
    "valid-at-300": "J6", "refused-at-299": "J6", "valid-at-300-for-second": "J6", "ten-seconds-more": "J6",
    "exp-prolongs": "J6", "second-immortal": "J6", "dies-after-two-minutes": "J6", "year-old-ok": "J6",
    "negative-ok": "J6", "dead-when-cached": "J6", "zero-ok": "J6", "nbf-prolongs": "J6",
    "second-refused": "J10", "second-fails-later": "J10", "first-retired": "J10",
    "second-refused-elsewhere": "J10", "second-on-new-connection": "J10",
    "other-team-200": "J11", "other-team-404": "J11", "single-use": "J12", "other-team-400": "J11",
    "other-team-second-time": "J11", "other-team-by-second": "J11", "other-team-capitals": "J11",
    "three-uses": "J12", "ten-uses": "J12", "one-connection": "J12", "one-contact": "J12",
    "spent-by-refusal": "J12",
    # requests
    "get-creates": "T1", "v1-prefix": "T1",
    "charset-refused": "T2", "integer-contact": "T3", "quoted-charset-refused": "T2",
    "own-integer": "T3", "near-contact": "T3", "first-half-contact": "T3", "unknown-created": "T3",
    "upper-uuid-apart": "R4", "parameter-refused": "T2", "form-accepted": "T2", "word-contact": "T3",
    "no-request-id": "T4", "same-request-id": "T4", "request-id-counter": "T4",
    "no-request-id-on-errors": "T4", "request-id-per-connection": "T4", "request-id-echoed": "T4",
    "no-request-id-on-404": "T4", "request-id-without-hyphens": "T4", "request-id-by-second": "T4",
    "request-id-in-braces": "T4", "request-id-every-hundredth": "T4", "no-request-id-on-405": "T4",
    "no-request-id-on-401": "T4", "request-id-empty": "T4", "request-id-by-body": "T4",
    "type-missing-ok": "B1", "id-missing-ok": "B1", "id-number-ok": "B1", "array-ok": "B1",
    "type-null-ok": "B1", "missing-422": "B1", "id-null-ok": "B1", "id-boolean-ok": "B1", "id-array-ok": "B1",
    "type-number-ok": "B1", "wrapped-ok": "B1", "camel-case-ok": "B1", "encoded-twice-ok": "B1",
    "other-names-ok": "B1", "null-500": "B1", "type-object-ok": "B1", "missing-for-second": "B1",
    "zero-ok-id": "B1", "order-swapped": "R3", "missing-404": "B1", "object-id-printed": "B1",
    "malformed-200": "B2", "malformed-500": "B2", "empty-body-200": "B2", "trailing-comma-ok": "B2",
    "single-quotes-ok": "B2", "behind-ignored": "B2", "comments-ok": "B2", "closed-for-you": "B2",
    "malformed-by-second": "B2", "line-break-ok": "B2", "latin-1-500": "B2", "blank-body-200": "B2",
    "yaml-ok": "B2", "malformed-415": "B2",
    "unknown-type-refused": "B3", "digits-refused": "B4", "known-five-types": "B3", "type-without-case": "R3",
    "phone-formatted": "B4", "phone-short": "B4", "phone-ten-digits": "B4", "letters-type-refused": "B3",
    # only under some circumstance
    "race": "R4", "kept-alive-body": "R3", "kept-alive-refused": "J12", "written-though-401": "E2",
    "written-though-400": "E1", "third-write-lost": "R4", "written-though-dead": "E2",
    "number-written": "E1", "written-though-malformed": "E1", "written-though-403": "E3", "written-though-unsigned": "E2",
    # near misses
    "iat-bool": "J4", "signature-prefix": "J5", "signature-start": "J5", "iss-unknown-403": "J3", "other-team-401": "J11",
    "capitals-refused": "T2", "four-segments": "J2", "400-as-422": "E1",
    "errors-as-200": "E2", "401-as-403": "E2", "401-as-400": "E2", "403-as-404": "E3", "403-as-401": "E3",
    "400-second-time-500": "E1", "401-as-302": "E2", "401-as-500": "E2", "400-as-500": "E1",
    "400-as-409": "E1", "401-as-419": "E2",
}


class Refusal(Exception):
    def __init__(self, status, name="error"):
        super().__init__(name)
        self.status, self.name = status, name
