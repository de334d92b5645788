/* What programs do to a text before they use it as a key, each as it really is done:
 * key_change_fn's. */
#ifndef CONTRACT_KEY_CHANGES_H
#define CONTRACT_KEY_CHANGES_H

#include "contract/key_mistakes.h"

/* Letters. The *_id functions change what stands before the first pipe. */
key_change_fn to_upper, to_lower, upper_id, lower_id, without_hyphens_id;

/* From hex: until the first pair that is none (Node); dropping what is none; by nibbles whatever
 * the letters (Perl and Ruby, which differ in what a letter past f is); the ID's 32 digits as 16
 * bytes. */
key_change_fn hex_until_bad, hex_dropping, hex_pack_perl, hex_pack_ruby, hex_pack_php, hex_id;

/* From base64: the standard alphabet or both; dropping strangers or stopping at the first. */
key_change_fn base64_any_dropping, base64_standard_dropping;
key_change_fn base64_standard_until_bad, base64_any_until_bad;
/* Decoded and read as UTF-8 or as Latin-1, then written as UTF-8. */
key_change_fn base64_to_text, base64_to_latin1;

/* To base64, hex digits, digests. */
key_change_fn base64_padded, base64_unpadded, base64url_unpadded, base64url_padded;
key_change_fn base64_lines_60, base64_lines_64, base64_lines_76;
key_change_fn base64_joined_lines_64, base64_joined_lines_76;
key_change_fn hex_lower, hex_upper;
key_change_fn sha256_hex, sha256_base64, sha256_raw, sha512_raw, sha1_hex;

/* URLs and JSON. */
key_change_fn percent_upper, percent_quote, percent_path, percent_form, percent_decode,
    percent_decode_form;
key_change_fn escape_slashes, escape_unicode, escape_all, escape_regexp, json_string_text;

/* Character encodings. */
key_change_fn utf16_little, utf16_big, latin1, ascii_question_marks, double_utf8, nul_at_end;

/* Cut. */
key_change_fn first_64, first_32;

#endif
