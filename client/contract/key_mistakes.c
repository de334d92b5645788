#include "contract/key_mistakes.h"

#include "contract/hmac.h"
#include "contract/key_changes.h"

#define FULL(pattern, mistake, also, reach, made, usual)                                           \
    {                                                                                              \
        pattern, mistake, also, reach, made, usual, NULL, 0, ""                                    \
    }
#define ALONE_ROW(pattern, mistake, made, usual)                                                   \
    FULL(pattern, HM_J5_SECRET_##mistake, NO_MISTAKE, ONCE, made, usual)
#define ROW(pattern, mistake, made, usual)                                                         \
    FULL(pattern, HM_J5_SECRET_##mistake, NO_MISTAKE, RARE, made, usual)
#define COMMON(pattern, mistake, made, usual)                                                      \
    FULL(pattern, HM_J5_SECRET_##mistake, NO_MISTAKE, COMMON, made, usual)
#define CORE(pattern, mistake, made, usual)                                                        \
    FULL(pattern, HM_J5_SECRET_##mistake, NO_MISTAKE, CORE, made, usual)
#define TWO(pattern, mistake, also, made, usual)                                                   \
    FULL(pattern, HM_J5_SECRET_##mistake, HM_J5_SECRET_##also, RARE, made, usual)
#define JOINED(joiner, words)                                                                      \
    ROW("{I}" joiner "{K}", JOINED_WITH_OTHER, "ID and key joined with " words, "")
#define LIKE_PIPES(joiner, words)                                                                  \
    ALONE_ROW("{I}" joiner "{K}", JOINED_WITH_OTHER,                                               \
              "ID and key joined with " words ", which only look like pipes", "")
#define ESCAPED(joiner, usual)                                                                     \
    ROW("{I}" joiner "{K}", PIPES_ESCAPED, "ID and key joined with " joiner, usual)
#define PLACEHOLDER(text)                                                                          \
    ALONE_ROW(text, PLACEHOLDER, "a placeholder in place of the secret",                           \
              "as shown in documentation and samples")
#define UNSET(word, language)                                                                      \
    ALONE_ROW(word "||" word, EMPTY, word "||" word,                                               \
              "as produced by unset variables in " language),                                      \
        ALONE_ROW(word "||{K}", EMPTY, word "||KEY",                                               \
                  "as produced by an unset variable in " language),                                \
        ALONE_ROW("{I}||" word, EMPTY, "ID||" word,                                                \
                  "as produced by an unset variable in " language),                                \
        ALONE_ROW(word, EMPTY, "the text " word, "as produced by an unset variable in " language)

/* "made" and "usual" become part of the message: "it was signed with MADE, USUAL". */
const struct key_row key_rows[] = {
    FULL("{I}||{K}", NO_MISTAKE, NO_MISTAKE, CORE, "ID||KEY", ""),

    COMMON("{I}", ID_ALONE, "the ID alone",
           "as produced by an unquoted $ID||$KEY in a shell or by id || key in JavaScript"),
    CORE("{K}", KEY_ALONE, "the key alone",
         "as produced by a signer that has one setting named \"secret\""),
    COMMON("", EMPTY, "the empty key", "as produced by an unset variable"),

    CORE("{I}{K}", JOINED_WITH_NOTHING, "ID and key with nothing between them",
         "as produced by + in code or by || in SQL"),
    CORE("{I}|{K}", JOINED_WITH_PIPE, "ID and key joined with one pipe", ""),
    CORE("{I}:{K}", JOINED_WITH_COLON, "ID and key joined with a colon", "as in HTTP Basic"),
    JOINED("|||", "three pipes"),
    JOINED("||||", "four pipes"),
    JOINED("\xC2\xA6\xC2\xA6", "two broken bars (U+00A6), which only look like pipes"),
    JOINED("\xEF\xBD\x9C\xEF\xBD\x9C", "two full-width bars (U+FF5C), which only look like pipes"),
    JOINED("\xE2\x80\x96", "the double bar U+2016, which only looks like two pipes"),
    JOINED("\n", "a line break"),
    JOINED("\r\n", "a line break"),
    JOINED("\n||\n", "two pipes on a line of their own"),
    JOINED("' || '", "two pipes and quotes"),
    JOINED("'||'", "two pipes and quotes"),
    JOINED("\"||\"", "two pipes and quotes"),
    JOINED("or", "the word or"),
    JOINED(" or ", "the word or"),
    JOINED("OR", "the word OR"),
    JOINED(" OR ", "the word OR"),
    JOINED(" && ", "two ampersands with spaces around them"),
    JOINED(", ", "a comma and a space"),
    JOINED("\xE2\x88\xA5", "the parallel sign U+2225, which only looks like two pipes"),
    JOINED("`||`", "two pipes in backquotes, as in Markdown"),
    LIKE_PIPES("II", "two upper-case letters I"),
    LIKE_PIPES("ll", "two lower-case letters L"),
    LIKE_PIPES("11", "two digits 1"),
    LIKE_PIPES("Il", "the letters I and L"),
    LIKE_PIPES("lI", "the letters L and I"),
    LIKE_PIPES("I", "one upper-case letter I"),
    LIKE_PIPES("l", "one lower-case letter L"),
    LIKE_PIPES("1", "one digit 1"),
    LIKE_PIPES("|I", "a pipe and the letter I"),
    LIKE_PIPES("I|", "the letter I and a pipe"),
    LIKE_PIPES("|l", "a pipe and the letter L"),
    LIKE_PIPES("l|", "the letter L and a pipe"),
    LIKE_PIPES("|1", "a pipe and the digit 1"),
    LIKE_PIPES("1|", "the digit 1 and a pipe"),
    LIKE_PIPES("\xC7\x80\xC7\x80", "two letters U+01C0"),
    LIKE_PIPES("\xC7\x81", "the letter U+01C1"),
    LIKE_PIPES("\xE2\x88\xA3\xE2\x88\xA3", "two signs U+2223"),
    LIKE_PIPES("\xE2\x94\x82\xE2\x94\x82", "two lines U+2502 of a drawn box"),
    LIKE_PIPES("\xE2\x9D\x98\xE2\x9D\x98", "two bars U+2758"),
    ALONE_ROW("{I}+AHwAfA-{K}", OTHER_ENCODING, "ID||KEY in UTF-7", ""),
    COMMON("{I} || {K}", JOINED_WITH_OTHER,
           "ID and key joined with two pipes with spaces around them", ""),
    ROW("{I}| |{K}", JOINED_WITH_OTHER,
        "ID and key joined with two pipes with a space between them", ""),
    ROW("{I} | {K}", JOINED_WITH_PIPE, "ID and key joined with one pipe with spaces around it", ""),
    ROW("{I}: {K}", JOINED_WITH_COLON, "ID and key joined with a colon and a space", ""),
    ROW("{I}||{K}||", JOINED_WITH_OTHER, "ID||KEY followed by two more pipes", ""),
    ALONE_ROW("||{K}", EMPTY, "two pipes and the key", "as produced by an empty ID"),
    ALONE_ROW("{I}||", EMPTY, "the ID and two pipes", "as produced by an empty key"),
    ALONE_ROW("||", EMPTY, "only the two pipes", "as produced by two unset variables"),

    COMMON("{K}||{I}", SWAPPED, "KEY||ID, with the halves swapped", ""),
    ROW("{K}{I}", SWAPPED, "key and ID, swapped, with nothing between them", ""),
    ROW("{K}|{I}", SWAPPED, "key and ID, swapped, joined with one pipe", ""),
    ROW("{K}:{I}", SWAPPED, "key and ID, swapped, joined with a colon", ""),
    ROW("{K}\\|\\|{I}", SWAPPED, "key and ID, swapped, with escaped pipes", ""),
    ALONE_ROW("{I}||{I}", ID_ALONE, "ID||ID, the ID twice", ""),
    ALONE_ROW("{K}||{K}", KEY_ALONE, "KEY||KEY, the key twice", ""),

    COMMON("{I}\\|\\|{K}", PIPES_ESCAPED, "ID and key joined with \\|\\|",
           "as copied from a Markdown table"),
    ESCAPED("\\||", ""),
    ESCAPED("|\\|", ""),
    ESCAPED("\\\\|\\\\|", ""),
    ESCAPED("\\u007c\\u007c", ""),
    ESCAPED("\\u007C\\u007C", ""),
    ESCAPED("\\x7c\\x7c", ""),
    ESCAPED("&#124;&#124;", "as copied from HTML source"),
    ESCAPED("&#x7C;&#x7C;", "as copied from HTML source"),
    ESCAPED("^|^|", "the escape for pipes in cmd.exe, which does not apply inside quotes"),
    ESCAPED("&vert;&vert;", "as copied from HTML source"),
    COMMON("{I}%7C%7C{K}", PIPES_PERCENT_ENCODED, "ID and key joined with %7C%7C",
           "as produced by encodeURIComponent"),
    ROW("{I}%7c%7c{K}", PIPES_PERCENT_ENCODED, "ID and key joined with %7c%7c", ""),
    ROW("{I}%257C%257C{K}", PIPES_PERCENT_ENCODED,
        "ID and key joined with %257C%257C, encoded twice", ""),

    ALONE_ROW("{I}\n||{K}", WHITESPACE, "ID||KEY with a line break after the ID", ""),
    ALONE_ROW("{I}\n||{K}\n", WHITESPACE, "ID||KEY with a line break after each half", ""),
    ALONE_ROW("{I}\r\n||{K}\r\n", WHITESPACE, "ID||KEY with a line break after each half", ""),
    ALONE_ROW("{I}\r\n||{K}", WHITESPACE, "ID||KEY with a line break after the ID", ""),
    ALONE_ROW("{I}\r||{K}\r", WHITESPACE, "ID||KEY with a carriage return after each half", ""),
    ALONE_ROW("{I}\r||{K}", WHITESPACE, "ID||KEY with a carriage return after the ID", ""),
    ALONE_ROW("{I} ||{K}", WHITESPACE, "ID||KEY with a space after the ID", ""),
    ALONE_ROW("{I}|| {K}", WHITESPACE, "ID||KEY with a space before the key", ""),
    ALONE_ROW(" {I}|| {K}", WHITESPACE, "ID||KEY with a space before each half", ""),
    ALONE_ROW("{I}||\n{K}", WHITESPACE, "ID||KEY with a line break before the key", ""),
    ALONE_ROW("{I} ||{K} ", WHITESPACE, "ID||KEY with a space after each half", ""),
    TWO("{I}\n{K}\n", JOINED_WITH_OTHER, WHITESPACE, "ID and key, each on a line of its own",
        "as in a file with two lines"),
    ALONE_ROW("\"{I}\"||\"{K}\"", QUOTED, "ID||KEY with quotes around each half", ""),
    ALONE_ROW("'{I}'||'{K}'", QUOTED, "ID||KEY with quotes around each half", ""),
    ALONE_ROW("{I}||\"{K}\"", QUOTED, "ID||KEY with quotes around the key", ""),
    ALONE_ROW("{I}||'{K}'", QUOTED, "ID||KEY with quotes around the key", ""),
    ALONE_ROW("\"{I}\"||{K}", QUOTED, "ID||KEY with quotes around the ID", ""),
    ALONE_ROW("'{I}'||{K}", QUOTED, "ID||KEY with quotes around the ID", ""),
    ALONE_ROW("<{I}>||<{K}>", QUOTED, "ID||KEY with angle brackets around each half", ""),
    ALONE_ROW("{{I}}||{{K}}", QUOTED, "ID||KEY with braces around each half", ""),
    ALONE_ROW("[{I}]||[{K}]", QUOTED, "ID||KEY with brackets around each half", ""),
    ALONE_ROW("{I}||\xEF\xBB\xBF{K}", BOM, "ID||KEY with a byte-order mark before the key", ""),
    ALONE_ROW("\xFF\xFE{I}||{K}", BOM, "ID||KEY with the byte-order mark of UTF-16 at the start",
              "as left by a shell, which drops the NULs of UTF-16"),
    TWO("\xFF\xFE{I}||{K}\r", BOM, WHITESPACE,
        "ID||KEY with the byte-order mark of UTF-16 at the start and a carriage return at the end",
        "as left by a shell, which drops the NULs of UTF-16"),
    ALONE_ROW("{I}||\xFF\xFE{K}", BOM, "ID||KEY with the byte-order mark of UTF-16 before the key",
              "as left by a shell, which drops the NULs of UTF-16"),
    ALONE_ROW("\xEF\xBB\xBF{I}||\xEF\xBB\xBF{K}", BOM,
              "ID||KEY with a byte-order mark before each half", ""),

    PLACEHOLDER("{I}||YOUR_API_SECRET_KEY"),
    PLACEHOLDER("YOUR_API_SECRET_ID||{K}"),
    PLACEHOLDER("YOUR_API_SECRET_KEY"),
    PLACEHOLDER("%s||%s"),
    PLACEHOLDER("{}||{}"),
    PLACEHOLDER("{0}||{1}"),
    PLACEHOLDER("%v||%v"),
    PLACEHOLDER("your-256-bit-secret"),
    PLACEHOLDER("a-string-secret-at-least-256-bits-long"),
    PLACEHOLDER("secret"),
    PLACEHOLDER("shhhhh"),
    UNSET("undefined", "JavaScript"),
    UNSET("null", "Java and JavaScript"),
    UNSET("None", "Python"),
    UNSET("<nil>", "Go"),
    ALONE_ROW("1", BOOLEAN, "the text \"1\"", "the value of $id || $key in PHP, converted to text"),
    ALONE_ROW("true", BOOLEAN, "the text \"true\"",
              "the Boolean value of id || key, converted to text"),
    ALONE_ROW("True", BOOLEAN, "the text \"True\"", "a Boolean value in Python, converted to text"),
    ALONE_ROW("false", BOOLEAN, "the text \"false\"",
              "the Boolean value of id || key, converted to text"),
    ALONE_ROW("0", BOOLEAN, "the text \"0\"",
              "the value of ID || KEY in SQL dialects where || means OR"),
};
const size_t key_row_count = sizeof key_rows / sizeof key_rows[0];

const struct key_row key_wraps[] = {
    CORE("{}\n", WHITESPACE, "with a line break at the end", ""),
    COMMON("{}\r\n", WHITESPACE, "with CR LF at the end", ""),
    COMMON("{}\r", WHITESPACE, "with a carriage return at the end", ""),
    ROW("{}\n\n", WHITESPACE, "with two line breaks at the end", ""),
    COMMON("{} ", WHITESPACE, "with a space at the end", ""),
    ROW("{}\t", WHITESPACE, "with a tab at the end", ""),
    ROW("{} \n", WHITESPACE, "with a space and a line break at the end", ""),
    COMMON(" {}", WHITESPACE, "with a space at the start", ""),
    ROW("\t{}", WHITESPACE, "with a tab at the start", ""),
    ROW("\n{}", WHITESPACE, "with a line break at the start", ""),
    COMMON(" {} ", WHITESPACE, "with spaces around it", ""),
    ROW("\n{}\n", WHITESPACE, "with line breaks around it", ""),
    ROW("{}\xC2\xA0", WHITESPACE, "with a no-break space at the end", ""),
    ROW("\xC2\xA0{}", WHITESPACE, "with a no-break space at the start", ""),
    ROW("{}\xE2\x80\x8B", WHITESPACE, "with a zero-width space at the end", ""),
    ROW("\xE2\x80\x8B{}", WHITESPACE, "with a zero-width space at the start", ""),
    ROW("{}\\n", WHITESPACE, "with the two characters \\n at the end", ""),
    COMMON("\"{}\"", QUOTED, "in double quotes", ""),
    COMMON("'{}'", QUOTED, "in single quotes", ""),
    ROW("`{}`", QUOTED, "in backquotes", ""),
    ROW("\"{}", QUOTED, "with a quote at the start", ""),
    ROW("{}\"", QUOTED, "with a quote at the end", ""),
    ROW("'{}", QUOTED, "with a quote at the start", ""),
    ROW("{}'", QUOTED, "with a quote at the end", ""),
    TWO("\"{}\"\n", QUOTED, WHITESPACE, "in double quotes, with a line break at the end", ""),
    TWO("'{}'\n", QUOTED, WHITESPACE, "in single quotes, with a line break at the end", ""),
    ROW("b'{}'", QUOTED, "in b'...', the printed form of Python bytes", ""),
    ROW("\\\"{}\\\"", QUOTED, "in escaped quotes", ""),
    ROW("\xE2\x80\x9C{}\xE2\x80\x9D", QUOTED, "in typographic quotes", ""),
    ROW("<{}>", QUOTED, "in angle brackets", ""),
    COMMON("\xEF\xBB\xBF{}", BOM, "with a byte-order mark at the start", ""),
    TWO("\xEF\xBB\xBF{}\n", BOM, WHITESPACE,
        "with a byte-order mark at the start and a line break at the end", ""),
    TWO("\xEF\xBB\xBF{}\r\n", BOM, WHITESPACE,
        "with a byte-order mark at the start and CR LF at the end", ""),
    TWO("\xEF\xBB\xBF{}\r", BOM, WHITESPACE,
        "with a byte-order mark at the start and a carriage return at the end", ""),
};
const size_t key_wrap_count = sizeof key_wraps / sizeof key_wraps[0];

/* The signing key is @before followed by the result of @change with @how on @pattern. */
#define CHANGE_TWO(change, how, pattern, before, mistake, also, made, usual)                       \
    {                                                                                              \
        pattern, HM_J5_##mistake, also, RARE, made, usual, change, how, before                     \
    }
#define CHANGE(change, how, pattern, before, mistake, made, usual)                                 \
    CHANGE_TWO(change, how, pattern, before, mistake, NO_MISTAKE, made, usual)
/* CHANGE applied to ID||KEY as a whole, to the key within ID||KEY, and to the key alone. */
#define WHOLE(change, how, mistake, made, usual)                                                   \
    CHANGE(change, how, "{I}||{K}", "", SECRET_##mistake, made, usual)
#define KEY(change, how, mistake, made, usual)                                                     \
    CHANGE(change, how, "{K}", "{I}||", mistake, "ID||KEY with the key " made, usual)
#define ALONE(change, how, mistake, made, usual)                                                   \
    CHANGE(change, how, "{K}", "", mistake, "the key alone, " made, usual)

#define HEX(how, usual)                                                                            \
    WHOLE(hex_decode, how, HEX_DECODED, "ID||KEY decoded from hex", usual),                        \
        ALONE(hex_decode, how, KEY_HEX_DECODED, "decoded from hex", usual),                        \
        KEY(hex_decode, how, KEY_HEX_DECODED, "decoded from hex", usual),                          \
        CHANGE(hex_decode, how, "{I}", "", SECRET_HEX_DECODED,                                     \
               "ID||KEY up to the pipes, decoded from hex", usual),                                \
        CHANGE_TWO(hex_decode, how, "{I}{K}", "", SECRET_HEX_DECODED,                              \
                   HM_J5_SECRET_JOINED_WITH_NOTHING,                                               \
                   "ID and key with nothing between them, decoded from hex", usual)

#define BASE64_JOINED(how, joiner, also, words, usual)                                             \
    CHANGE_TWO(base64_decode, how, "{I}" joiner "{K}", "", SECRET_BASE64_DECODED,                  \
               HM_J5_SECRET_JOINED_WITH_##also, "ID and key " words ", decoded from base64",       \
               usual)
#define BASE64(how, usual)                                                                         \
    WHOLE(base64_decode, how, BASE64_DECODED, "ID||KEY decoded from base64", usual),               \
        ALONE(base64_decode, how, KEY_BASE64_DECODED, "decoded from base64", usual),               \
        KEY(base64_decode, how, KEY_BASE64_DECODED, "decoded from base64", usual),                 \
        CHANGE(base64_decode, how, "{I}", "", SECRET_BASE64_DECODED,                               \
               "ID||KEY up to the pipes, decoded from base64", usual),                             \
        BASE64_JOINED(how, ":", COLON, "joined with a colon", usual),                              \
        BASE64_JOINED(how, "|", PIPE, "joined with one pipe", usual),                              \
        BASE64_JOINED(how, "", NOTHING, "with nothing between them", usual)

#define ENCODED_LINES(change, how, words, usual)                                                   \
    WHOLE(change, how, BASE64_ENCODED, words " of ID||KEY", usual),                                \
        CHANGE_TWO(change, how, "{I}||{K}\n", "", SECRET_BASE64_ENCODED, HM_J5_SECRET_WHITESPACE,  \
                   words " of ID||KEY with a line break at the end",                               \
                   "as produced by echo ... | base64")
#define ENCODED(change, how, words, usual)                                                         \
    ENCODED_LINES(change, how, words, usual),                                                      \
        CHANGE_TWO(change, how, "{I}:{K}", "", SECRET_BASE64_ENCODED,                              \
                   HM_J5_SECRET_JOINED_WITH_COLON, words " of ID and key joined with a colon",     \
                   "as in HTTP Basic"),                                                            \
        CHANGE_TWO(change, how, "{K}", "", SECRET_BASE64_ENCODED, HM_J5_SECRET_KEY_ALONE,          \
                   words " of the key alone", usual),                                              \
        KEY(change, how, SECRET_BASE64_ENCODED, "in " words, usual)

#define OF_KEY_ALONE(change, how, mistake, made)                                                   \
    CHANGE_TWO(change, how, "{K}", "", SECRET_##mistake, HM_J5_SECRET_KEY_ALONE, made, "")

#define DIGESTS(hash, name)                                                                        \
    WHOLE(digest, (hash) | DIGEST_HEX, HASHED, "the " name " of ID||KEY in hex digits", ""),       \
        WHOLE(digest, (hash) | DIGEST_BASE64, HASHED, "the " name " of ID||KEY in base64", ""),    \
        WHOLE(digest, hash, HASHED, "the " name " of ID||KEY", ""),                                \
        KEY(digest, (hash) | DIGEST_HEX, SECRET_HASHED, "replaced by its " name " in hex digits",  \
            ""),                                                                                   \
        KEY(digest, (hash) | DIGEST_BASE64, SECRET_HASHED, "replaced by its " name " in base64",   \
            ""),                                                                                   \
        KEY(digest, hash, SECRET_HASHED, "replaced by its " name, ""),                             \
        OF_KEY_ALONE(digest, (hash) | DIGEST_HEX, HASHED,                                          \
                     "the " name " of the key alone in hex digits"),                               \
        OF_KEY_ALONE(digest, hash, HASHED, "the " name " of the key alone")

/* A text in UTF-16 or UTF-32; the cure is the same for both halves and for the key alone. */
#define WIDE(how, words, usual)                                                                    \
    WHOLE(to_wide, how, OTHER_ENCODING, "ID||KEY in " words, usual),                               \
        KEY(to_wide, how, SECRET_OTHER_ENCODING, "in " words, usual),                              \
        OF_KEY_ALONE(to_wide, how, OTHER_ENCODING, "the key alone in " words)

const struct key_row key_changes[] = {
    WHOLE(change_case, CASE_UPPER, LETTER_CASE, "ID||KEY in upper case", ""),
    WHOLE(change_case, CASE_LOWER, LETTER_CASE, "ID||KEY in lower case", ""),
    KEY(change_case, CASE_UPPER, SECRET_LETTER_CASE, "in upper case", ""),
    KEY(change_case, CASE_LOWER, SECRET_LETTER_CASE, "in lower case", ""),
    WHOLE(change_case, CASE_UPPER | CASE_ID_ONLY, LETTER_CASE, "ID||KEY with the ID in upper case",
          "as printed by some UUID libraries"),
    WHOLE(change_case, CASE_LOWER | CASE_ID_ONLY, LETTER_CASE, "ID||KEY with the ID in lower case",
          ""),
    WHOLE(id_without_hyphens, 0, LETTER_CASE, "ID||KEY with the hyphens of the ID removed",
          "as printed by some UUID libraries"),

    HEX(HEX_UNTIL_BAD,
        "as produced by Buffer.from(secret, 'hex') in Node, which stops at the first "
        "character that is not a hex digit"),
    HEX(HEX_DROPPING, "as produced by a decoder that skips characters that are not hex digits"),
    HEX(HEX_PERL, "as produced by pack('H*', ...) in Perl"),
    HEX(HEX_RUBY, "as produced by [secret].pack('H*') in Ruby"),
    HEX(HEX_PHP, "as produced by pack('H*', ...) in PHP"),
    WHOLE(id_hex_decode, 0, HEX_DECODED, "ID||KEY with the ID as 16 bytes",
          "as stored by a UUID type"),
    BASE64(BASE64_URL_TOO | BASE64_DROPPING,
           "as produced by Buffer.from(secret, 'base64') in Node, "
           "which reads '-' as '+' and skips the pipes"),
    BASE64(BASE64_DROPPING,
           "as produced by base64.b64decode in Python, base64_decode in PHP and MIME::Base64 "
           "in Perl, which skip unknown characters"),
    BASE64(0, "as produced by a decoder that stops at the first unknown character, if its error "
              "is ignored"),
    BASE64(BASE64_URL_TOO,
           "as produced by a base64url decoder that stops at the pipes, if its error is ignored"),

    ENCODED(base64_encode, BASE64_PADDED, "base64", "as produced by btoa or base64_encode"),
    ENCODED(base64_encode, 0, "base64 without padding", ""),
    ENCODED(base64_encode, BASE64_URL, "base64url", ""),
    ENCODED(base64_encode, BASE64_URL | BASE64_PADDED, "base64url with padding",
            "as produced by urlsafe_b64encode"),
    ENCODED_LINES(base64_encode_lines, 60, "base64 with line breaks",
                  "as produced by Base64.encode64 in Ruby"),
    ENCODED_LINES(base64_encode_lines, 64, "base64 with line breaks",
                  "as produced by openssl base64"),
    ENCODED_LINES(base64_encode_lines, 76, "base64 with line breaks", "as in MIME"),
    ENCODED_LINES(base64_encode_lines, LINES_OPEN + 64, "base64 with line breaks",
                  "as produced by $(... | openssl base64)"),
    ENCODED_LINES(base64_encode_lines, LINES_OPEN + 76, "base64 with line breaks",
                  "as produced by $(... | base64)"),
    WHOLE(hex_encode, HEX_LOWER, HEX_ENCODED, "the hex digits of ID||KEY", ""),
    WHOLE(hex_encode, HEX_UPPER, HEX_ENCODED, "the hex digits of ID||KEY", ""),
    OF_KEY_ALONE(hex_encode, HEX_LOWER, HEX_ENCODED, "the hex digits of the key alone"),
    KEY(hex_encode, HEX_LOWER, SECRET_HEX_ENCODED, "in hex digits", ""),
    DIGESTS(HASH_SHA256, "SHA-256"),
    DIGESTS(HASH_SHA512, "SHA-512"),
    DIGESTS(HASH_SHA1, "SHA-1"),
    DIGESTS(HASH_MD5, "MD5"),
    WHOLE(digest, HASH_SHA384 | DIGEST_HEX, HASHED, "the SHA-384 of ID||KEY in hex digits", ""),
    WHOLE(digest, HASH_SHA384 | DIGEST_BASE64, HASHED, "the SHA-384 of ID||KEY in base64", ""),
    WHOLE(digest, HASH_SHA384, HASHED, "the SHA-384 of ID||KEY", ""),
    WHOLE(digest, HASH_SHA256 | DIGEST_HEX | DIGEST_UPPER, HASHED,
          "the SHA-256 of ID||KEY in hex digits", "in upper case, as .NET writes them"),
    WHOLE(digest, HASH_SHA256 | DIGEST_BASE64 | DIGEST_URL, HASHED,
          "the SHA-256 of ID||KEY in base64url", ""),
    KEY(digest, HASH_SHA256 | DIGEST_HEX | DIGEST_UPPER, SECRET_HASHED,
        "replaced by its SHA-256 in hex digits", "in upper case, as .NET writes them"),
    KEY(digest, HASH_SHA256 | DIGEST_BASE64 | DIGEST_URL, SECRET_HASHED,
        "replaced by its SHA-256 in base64url", ""),
    WHOLE(digest, HASH_SHA224 | DIGEST_HEX, HASHED, "the SHA-224 of ID||KEY in hex digits", ""),
    WHOLE(digest, HASH_SHA224, HASHED, "the SHA-224 of ID||KEY", ""),
    WHOLE(digest, HASH_SHA3_256 | DIGEST_HEX, HASHED, "the SHA3-256 of ID||KEY in hex digits", ""),
    WHOLE(digest, HASH_SHA3_256, HASHED, "the SHA3-256 of ID||KEY", ""),
    WHOLE(digest_id, HASH_SHA256 | DIGEST_HEX, HASHED,
          "ID||KEY with the ID replaced by its SHA-256 in hex digits", ""),
    WHOLE(digest_id, HASH_SHA256 | DIGEST_BASE64, HASHED,
          "ID||KEY with the ID replaced by its SHA-256 in base64", ""),
    WHOLE(digest_id, HASH_SHA256 | DIGEST_HEX | DIGEST_KEY_TOO, HASHED,
          "ID||KEY with each half replaced by its SHA-256 in hex digits", ""),
    WHOLE(digest_id, HASH_SHA256 | DIGEST_BASE64 | DIGEST_KEY_TOO, HASHED,
          "ID||KEY with each half replaced by its SHA-256 in base64", ""),
    WHOLE(digest_id, HASH_MD5 | DIGEST_HEX | DIGEST_KEY_TOO, HASHED,
          "ID||KEY with each half replaced by its MD5 in hex digits", ""),
    CHANGE_TWO(digest, HASH_SHA256 | DIGEST_HEX, "{I}{K}", "", SECRET_HASHED,
               HM_J5_SECRET_JOINED_WITH_NOTHING,
               "the SHA-256 of ID and key with nothing between them, in hex digits", ""),
    WHOLE(percent_encode, PERCENT_COMPONENT, PIPES_PERCENT_ENCODED, "ID||KEY percent-encoded",
          "as produced by encodeURIComponent"),
    WHOLE(percent_encode, PERCENT_QUOTE, PIPES_PERCENT_ENCODED,
          "ID||KEY percent-encoded except for slashes",
          "as produced by urllib.parse.quote in Python"),
    WHOLE(percent_encode, PERCENT_PATH, PIPES_PERCENT_ENCODED,
          "ID||KEY percent-encoded as a path segment", "as produced by url.PathEscape in Go"),
    WHOLE(percent_encode, PERCENT_FORM, PIPES_PERCENT_ENCODED, "ID||KEY form-encoded",
          "as produced by urlencode"),
    KEY(percent_encode, PERCENT_COMPONENT, SECRET_PIPES_PERCENT_ENCODED, "percent-encoded", ""),
    KEY(percent_decode, PERCENT_FORM, SECRET_OTHER_ENCODING, "form-decoded, '+' read as a space",
        ""),
    KEY(percent_decode, 0, SECRET_OTHER_ENCODING, "percent-decoded", ""),
    WHOLE(backslash_escape, ESCAPE_ALL, PIPES_ESCAPED,
          "ID||KEY with a backslash before every character that is not a letter or digit",
          "as produced by quotemeta in Perl"),
    WHOLE(backslash_escape, ESCAPE_REGEXP, PIPES_ESCAPED,
          "ID||KEY escaped for a regular expression",
          "as produced by Regexp.escape in Ruby and preg_quote in PHP"),
    KEY(base64_decode_text, TEXT_UTF8, KEY_BASE64_DECODED, "decoded from base64 and read as text",
        "as produced by Buffer.from(key, 'base64').toString() in Node"),
    KEY(base64_decode_text, TEXT_LATIN1, KEY_BASE64_DECODED, "decoded from base64 and read as text",
        "as produced by atob"),
    ALONE(base64_decode_text, TEXT_UTF8, KEY_BASE64_DECODED, "decoded from base64 and read as text",
          ""),
    ALONE(base64_decode_text, TEXT_LATIN1, KEY_BASE64_DECODED,
          "decoded from base64 and read as text", "as produced by atob"),
    WHOLE(json_string_of, 0, QUOTED, "ID||KEY as a JSON string",
          "as produced by json_encode in PHP and json.dumps in Python"),
    KEY(backslash_escape, ESCAPE_SLASHES, SECRET_OTHER_ENCODING, "in JSON, with escaped slashes",
        "as produced by json_encode in PHP"),
    KEY(unicode_escape, 0, SECRET_OTHER_ENCODING, "in JSON, with non-ASCII characters as \\uNNNN",
        "as produced by json.dumps in Python"),
    WIDE(0, "UTF-16", "as produced by Encoding.Unicode in .NET"),
    WIDE(WIDE_MARK, "UTF-16 with a byte-order mark",
         "as in files that Windows PowerShell writes, or produced by encode('utf-16') in Python"),
    WIDE(WIDE_BIG, "UTF-16 (big-endian)", "as produced by Encoding.BigEndianUnicode in .NET"),
    WIDE(WIDE_MARK | WIDE_BIG, "UTF-16 (big-endian) with a byte-order mark",
         "as produced by getBytes(\"UTF-16\") in Java"),
    CHANGE_TWO(to_wide, WIDE_MARK, "{I}||{K}\r\n", "", SECRET_OTHER_ENCODING,
               HM_J5_SECRET_WHITESPACE,
               "ID||KEY with CR LF at the end, in UTF-16 with a byte-order mark",
               "as in files that Windows PowerShell writes"),
    CHANGE_TWO(to_wide, 0, "{I}||{K}\r\n", "", SECRET_OTHER_ENCODING, HM_J5_SECRET_WHITESPACE,
               "ID||KEY with CR LF at the end, in UTF-16", ""),
    CHANGE_TWO(to_wide, WIDE_MARK, "{K}\r\n", "{I}||", SECRET_OTHER_ENCODING,
               HM_J5_SECRET_WHITESPACE,
               "ID||KEY with the key in UTF-16 with a byte-order mark and with CR LF at the end",
               "as in files that Windows PowerShell writes"),
    CHANGE(to_wide, WIDE_MARK, "{I}||\xEF\xBB\xBF{K}", "", SECRET_OTHER_ENCODING,
           "ID||KEY in UTF-16 with a byte-order mark before each half", ""),
    WHOLE(to_wide, WIDE_MARK | WIDE_READ, OTHER_ENCODING,
          "ID||KEY in UTF-16 with a byte-order mark, read as UTF-8",
          "as in files that Windows PowerShell writes"),
    KEY(to_wide, WIDE_MARK | WIDE_READ, SECRET_OTHER_ENCODING,
        "in UTF-16 with a byte-order mark, read as UTF-8", ""),
    WHOLE(to_wide, WIDE_BASE64, OTHER_ENCODING, "base64 of ID||KEY in UTF-16",
          "as for the option -EncodedCommand of PowerShell"),
    WHOLE(to_wide, WIDE_32, OTHER_ENCODING, "ID||KEY in UTF-32", ""),
    WHOLE(to_wide, WIDE_32 | WIDE_MARK, OTHER_ENCODING, "ID||KEY in UTF-32 with a byte-order mark",
          "as produced by encode('utf-32') in Python"),
    WHOLE(to_wide, WIDE_32 | WIDE_BIG, OTHER_ENCODING, "ID||KEY in UTF-32 (big-endian)", ""),
    WHOLE(to_single_bytes, BYTES_LATIN1, OTHER_ENCODING, "ID||KEY in ISO 8859-1",
          "as produced by getBytes(\"ISO-8859-1\") and Buffer.from(secret, 'latin1')"),
    WHOLE(to_single_bytes, BYTES_ASCII, OTHER_ENCODING,
          "ID||KEY in ASCII, with '?' for every other character",
          "as produced by Encoding.ASCII in .NET"),
    WHOLE(utf8_twice, 0, OTHER_ENCODING, "ID||KEY encoded as UTF-8 twice", ""),
    WHOLE(nul_at_end, 0, OTHER_ENCODING, "ID||KEY with a NUL at the end",
          "as counted by sizeof in C"),
    WHOLE(first_bytes, 64, TRUNCATED, "the first 64 bytes of ID||KEY",
          "the size of a SHA-256 block"),
    WHOLE(first_bytes, 32, TRUNCATED, "the first 32 bytes of ID||KEY", "the size of a 256-bit key"),
};
const size_t key_change_count = sizeof key_changes / sizeof key_changes[0];

size_t key_expand(unsigned char out[KEY_BYTES_MAX], const char *pattern, const char *id,
                  const char *key)
{
    size_t length = 0;

    while (*pattern != '\0') {
        bool is_id = strncmp(pattern, "{I}", 3) == 0;
        bool is_part = is_id || strncmp(pattern, "{K}", 3) == 0;
        const char *part = is_id ? id : is_part ? key : pattern;
        size_t part_length = is_part ? strlen(part) : 1;

        if (length + part_length > KEY_BYTES_MAX)
            return 0;
        memcpy(out + length, part, part_length);
        length += part_length;
        pattern += is_part ? 3 : 1;
    }
    return length;
}
