heymarket-conformance: standard output cannot be written
