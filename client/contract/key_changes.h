/* What else programs do to a secret before they use it as a key: letter case, escapes of URLs and
 * JSON, character encodings, cuts. */
#ifndef CONTRACT_KEY_CHANGES_H
#define CONTRACT_KEY_CHANGES_H

#include "contract/key_codecs.h"

/* Flags. CASE_ID_ONLY: only what is before the first pipe. */
enum { CASE_LOWER = 0, CASE_UPPER = 1, CASE_ID_ONLY = 2 };
key_change_fn change_case;

key_change_fn id_without_hyphens;

/* encodeURIComponent of JavaScript, quote of Python, PathEscape of Go, form encoding. */
enum { PERCENT_COMPONENT, PERCENT_QUOTE, PERCENT_PATH, PERCENT_FORM };
key_change_fn percent_encode;

/* PERCENT_FORM also reads '+' as a space. */
key_change_fn percent_decode;

/* A backslash before slashes, before all but letters, digits and underscores, or before what has a
 * meaning in a regular expression. */
enum { ESCAPE_SLASHES, ESCAPE_ALL, ESCAPE_REGEXP };
key_change_fn backslash_escape;

/* \uNNNN for what is not ASCII. */
key_change_fn unicode_escape;

/* The same within double quotes. */
key_change_fn json_string_of;

/* UTF-16, little-endian and without a byte-order mark, unless flags say otherwise. WIDE_READ: then
 * read as UTF-8, so that the mark becomes two U+FFFD. WIDE_BASE64: then encoded as base64. */
enum { WIDE_BIG = 1, WIDE_MARK = 2, WIDE_32 = 4, WIDE_READ = 8, WIDE_BASE64 = 16 };
key_change_fn to_wide;

/* One byte for each character: of one that does not fit the low byte, or a question mark. */
enum { BYTES_LATIN1, BYTES_ASCII };
key_change_fn to_single_bytes;

/* UTF-8 taken for ISO 8859-1 and encoded as UTF-8 again. */
key_change_fn utf8_twice;

/* base64 decoded, then read as UTF-8 or ISO 8859-1 and written as UTF-8. */
enum { TEXT_UTF8, TEXT_LATIN1 };
key_change_fn base64_decode_text;

key_change_fn nul_at_end;

/* @how is the number of bytes that are kept. */
key_change_fn first_bytes;

#endif
