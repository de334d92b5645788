"""What can be otherwise with the foreign server: legal variations, and faults by the clause that each
breaks."""

VARIATIONS = """
status-201 status-202 plain-text-errors empty-errors no-info-channel no-handle extra-members
newest-first shuffled-members chunked-answers closes http-1.0 fractional-times offset-times
clock-3-ahead clock-3-behind slow charset-in-answer lower-case-headers typ-required plus-refused
plus-accepted unknown-member-refused any-media-type unknown-contact-400 unknown-contact-403
duplicate-kept duplicate-refused empty-value-accepted leeway-0 leeway-600 any-future exp-ignored
fractional-iat-refused big-ids body-before-contact upper-case-request-id silent-close
""".split()

# Ways to be no server at all.
TROUBLES = "silent short-answers reset-later huge-answers".split()

# Each breaks one clause, the one that the suite must name.
FAULTS = {
    # the whole list, in the right form
    "object": "R1", "wrapped-list": "R1", "json-text": "R1", "empty-answer": "R1",
    "contact-id-text": "R2", "contact-id-uuid": "R2", "id-text": "R2", "id-fraction": "R2",
    "team-id-missing": "R2", "created-null": "R2", "created-epoch": "R2", "updated-missing": "R2",
    "info-null": "R2", "channel-id-number": "R2", "one-element-null": "R2",
    "new-missing": "R3", "new-type-changed": "R3", "new-id-capitals": "R3", "plus-added": "B4",
    "only-new": "R4", "oldest-dropped": "R4", "not-kept": "R4", "half-kept": "R4",
    "re-created": "R4", "last-three": "R4",
    "epoch-text": "R5", "no-zone": "R5", "http-date": "R5", "updated-words": "R5",
    "html": "R6", "text-plain": "R6", "no-media-type": "R6",
    "mixed-contacts": "R8", "mixed-teams": "R8", "shared-state": "R8",
    # tokens
    "no-scheme": "J1", "any-scheme": "J1", "no-authorization": "J1", "lower-bearer-refused": "J1",
    "bearer-twice": "J1", "connection-remembers": "J1",
    "alg-none": "J2", "alg-ignored": "J2", "alg-hs512": "J2", "two-segments": "J2",
    "iss-unknown": "J3", "iss-missing": "J3", "iss-number": "J3",
    "iat-text": "J4", "iat-missing": "J4", "iat-ms": "J4",
    "one-pipe": "J5", "no-pipe": "J5", "colon": "J5", "key-alone": "J5", "id-alone": "J5",
    "swapped": "J5", "unsigned": "J5", "sha512-signature": "J5", "first-byte": "J5",
    "immortal": "J6", "lives-an-hour": "J6", "lives-six-minutes": "J6", "dies-early": "J6",
    "second-refused": "J10", "second-fails-later": "J10",
    "other-team-200": "J11", "other-team-404": "J11", "single-use": "J12",
    # requests
    "charset-refused": "T2", "integer-contact": "T3", "upper-uuid-refused": "T3",
    "no-request-id": "T4", "same-request-id": "T4", "request-id-counter": "T4",
    "no-request-id-on-errors": "T4", "request-id-per-connection": "T4",
    "type-missing-ok": "B1", "id-missing-ok": "B1", "id-number-ok": "B1", "array-ok": "B1",
    "type-null-ok": "B1", "missing-422": "B1",
    "malformed-200": "B2", "malformed-500": "B2", "empty-body-200": "B2",
    "unknown-type-refused": "B3", "digits-refused": "B4",
    # only under some circumstance
    "race": "R4", "kept-alive-body": "R3", "kept-alive-refused": "J12", "written-though-401": "E2",
    "written-though-400": "R4", "third-write-lost": "R4",
    # near misses
    "iat-bool": "J4", "signature-prefix": "J5", "iss-unknown-403": "J3", "other-team-401": "J11",
    "capitals-refused": "T2", "four-segments": "J2", "400-as-422": "E1",
    "errors-as-200": "E2", "401-as-403": "E2", "401-as-400": "E2",
}


class Refusal(Exception):
    def __init__(self, status, name="error"):
        super().__init__(name)
        self.status, self.name = status, name
