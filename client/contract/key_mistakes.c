#include "contract/key_mistakes.h"

#include "contract/key_changes.h"
#include "support/variables.h"
#include <string.h>

/* Many rows, one shape: what was used as the key, in the words of the message. */
const struct key_row key_rows[] = {
    { "{I}||{K}", NO_MISTAKE, NO_MISTAKE, true, "ID||KEY", "" },

    { "{I}", HM_J5_SECRET_ID_ALONE, NO_MISTAKE, true, "the ID alone",
      "as an unquoted $ID||$KEY in a shell, or id || key in JavaScript, makes it" },
    { "{K}", HM_J5_SECRET_KEY_ALONE, NO_MISTAKE, true, "the key alone",
      "as a signer does whose one setting is called \"secret\"" },
    { "", HM_J5_SECRET_EMPTY, NO_MISTAKE, true, "the empty key",
      "as an unset variable makes it, or a hex decoder that stops at the first other letter" },

    { "{I}{K}", HM_J5_SECRET_JOINED_WITH_NOTHING, NO_MISTAKE, true, "ID and key without a joiner",
      "as + and || as an SQL or shell operator make it" },
    { "{I}|{K}", HM_J5_SECRET_JOINED_WITH_PIPE, NO_MISTAKE, true, "ID and key joined with one pipe",
      "" },
    { "{I}:{K}", HM_J5_SECRET_JOINED_WITH_COLON, NO_MISTAKE, true, "ID and key joined with a colon",
      "as HTTP Basic has it" },
#define JOINED(joiner, words)                                                                      \
    {                                                                                              \
        "{I}" joiner "{K}", HM_J5_SECRET_JOINED_WITH_OTHER, NO_MISTAKE, false,                     \
            "ID and key joined with " words, ""                                                    \
    }
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
    JOINED(" && ", "two ampersands between blanks"),
    JOINED(", ", "a comma and a blank"),
    JOINED("\xE2\x88\xA5", "the parallel sign U+2225, which only looks like two pipes"),
    JOINED("`||`", "two pipes in backquotes, as Markdown has them"),
#undef JOINED
    { "{I} || {K}", HM_J5_SECRET_JOINED_WITH_OTHER, HM_J5_SECRET_WHITESPACE, true,
      "ID and key joined with two pipes and blanks around them", "" },
    { "{I}| |{K}", HM_J5_SECRET_JOINED_WITH_OTHER, HM_J5_SECRET_WHITESPACE, false,
      "ID and key joined with two pipes and a blank between them", "" },
    { "{I} | {K}", HM_J5_SECRET_JOINED_WITH_PIPE, HM_J5_SECRET_WHITESPACE, false,
      "ID and key joined with one pipe and blanks around it", "" },
    { "{I}: {K}", HM_J5_SECRET_JOINED_WITH_COLON, HM_J5_SECRET_WHITESPACE, false,
      "ID and key joined with a colon and a blank", "" },
    { "{I}||{K}||", HM_J5_SECRET_JOINED_WITH_OTHER, NO_MISTAKE, false,
      "ID||KEY with two more pipes behind it", "" },
    { "||{K}", HM_J5_SECRET_EMPTY, NO_MISTAKE, false, "the key with two pipes before it",
      "as an empty ID makes it" },
    { "{I}||", HM_J5_SECRET_EMPTY, NO_MISTAKE, false, "the ID with two pipes behind it",
      "as an empty key makes it" },
    { "||", HM_J5_SECRET_EMPTY, NO_MISTAKE, false, "two pipes alone",
      "as two unset variables make it" },

    { "{K}||{I}", HM_J5_SECRET_SWAPPED, NO_MISTAKE, true, "KEY||ID, the halves swapped", "" },
    { "{K}{I}", HM_J5_SECRET_SWAPPED, HM_J5_SECRET_JOINED_WITH_NOTHING, false,
      "key and ID, swapped and without a joiner", "" },
    { "{K}|{I}", HM_J5_SECRET_SWAPPED, HM_J5_SECRET_JOINED_WITH_PIPE, false,
      "key and ID, swapped and joined with one pipe", "" },
    { "{K}:{I}", HM_J5_SECRET_SWAPPED, HM_J5_SECRET_JOINED_WITH_COLON, false,
      "key and ID, swapped and joined with a colon", "" },
    { "{K}\\|\\|{I}", HM_J5_SECRET_SWAPPED, HM_J5_SECRET_PIPES_ESCAPED, false,
      "key and ID, swapped, the pipes escaped", "" },
    { "{I}||{I}", HM_J5_SECRET_ID_ALONE, NO_MISTAKE, false, "ID||ID, the ID twice", "" },
    { "{K}||{K}", HM_J5_SECRET_KEY_ALONE, NO_MISTAKE, false, "KEY||KEY, the key twice", "" },

    { "{I}\\|\\|{K}", HM_J5_SECRET_PIPES_ESCAPED, NO_MISTAKE, true, "ID and key joined with \\|\\|",
      "as a copy from a Markdown table has it" },
    { "{I}\\||{K}", HM_J5_SECRET_PIPES_ESCAPED, NO_MISTAKE, false, "ID and key joined with \\||",
      "" },
    { "{I}|\\|{K}", HM_J5_SECRET_PIPES_ESCAPED, NO_MISTAKE, false, "ID and key joined with |\\|",
      "" },
    { "{I}\\\\|\\\\|{K}", HM_J5_SECRET_PIPES_ESCAPED, NO_MISTAKE, false,
      "ID and key joined with \\\\|\\\\|", "" },
    { "{I}\\u007c\\u007c{K}", HM_J5_SECRET_PIPES_ESCAPED, NO_MISTAKE, false,
      "ID and key joined with \\u007c\\u007c", "" },
    { "{I}\\u007C\\u007C{K}", HM_J5_SECRET_PIPES_ESCAPED, NO_MISTAKE, false,
      "ID and key joined with \\u007C\\u007C", "" },
    { "{I}\\x7c\\x7c{K}", HM_J5_SECRET_PIPES_ESCAPED, NO_MISTAKE, false,
      "ID and key joined with \\x7c\\x7c", "" },
    { "{I}&#124;&#124;{K}", HM_J5_SECRET_PIPES_ESCAPED, NO_MISTAKE, false,
      "ID and key joined with &#124;&#124;", "as a copy from HTML source has it" },
    { "{I}&#x7C;&#x7C;{K}", HM_J5_SECRET_PIPES_ESCAPED, NO_MISTAKE, false,
      "ID and key joined with &#x7C;&#x7C;", "as a copy from HTML source has it" },
    { "{I}^|^|{K}", HM_J5_SECRET_PIPES_ESCAPED, NO_MISTAKE, false, "ID and key joined with ^|^|",
      "as cmd.exe escapes pipes, but not within quotes" },
    { "{I}&vert;&vert;{K}", HM_J5_SECRET_PIPES_ESCAPED, NO_MISTAKE, false,
      "ID and key joined with &vert;&vert;", "as a copy from HTML source has it" },
    { "{I}%7C%7C{K}", HM_J5_SECRET_PIPES_PERCENT_ENCODED, NO_MISTAKE, true,
      "ID and key joined with %7C%7C", "as encodeURIComponent writes it" },
    { "{I}%7c%7c{K}", HM_J5_SECRET_PIPES_PERCENT_ENCODED, NO_MISTAKE, false,
      "ID and key joined with %7c%7c", "" },
    { "{I}%257C%257C{K}", HM_J5_SECRET_PIPES_PERCENT_ENCODED, NO_MISTAKE, false,
      "ID and key joined with %257C%257C, encoded twice", "" },

#define BLANK(pattern, words)                                                                      \
    {                                                                                              \
        pattern, HM_J5_SECRET_WHITESPACE, NO_MISTAKE, false, words, ""                             \
    }
    BLANK("{I}\n||{K}", "ID||KEY with a line break behind the ID"),
    BLANK("{I}\n||{K}\n", "ID||KEY with a line break behind each half"),
    BLANK("{I}\r\n||{K}\r\n", "ID||KEY with a line break behind each half"),
    BLANK("{I}\r\n||{K}", "ID||KEY with a line break behind the ID"),
    BLANK("{I}\r||{K}\r", "ID||KEY with a carriage return behind each half"),
    BLANK("{I}\r||{K}", "ID||KEY with a carriage return behind the ID"),
    BLANK("{I} ||{K}", "ID||KEY with a blank behind the ID"),
    BLANK("{I}|| {K}", "ID||KEY with a blank before the key"),
    BLANK(" {I}|| {K}", "ID||KEY with a blank before each half"),
    BLANK("{I}||\n{K}", "ID||KEY with a line break before the key"),
    BLANK("{I} ||{K} ", "ID||KEY with a blank behind each half"),
    { "{I}\n{K}\n", HM_J5_SECRET_JOINED_WITH_OTHER, HM_J5_SECRET_WHITESPACE, false,
      "ID and key, each on a line of its own", "as a file of two lines has it" },
#undef BLANK
#define QUOTED(pattern, words)                                                                     \
    {                                                                                              \
        pattern, HM_J5_SECRET_QUOTED, NO_MISTAKE, false, words, ""                                 \
    }
    QUOTED("\"{I}\"||\"{K}\"", "ID||KEY with quotes around each half"),
    QUOTED("'{I}'||'{K}'", "ID||KEY with quotes around each half"),
    QUOTED("{I}||\"{K}\"", "ID||KEY with quotes around the key"),
    QUOTED("{I}||'{K}'", "ID||KEY with quotes around the key"),
    QUOTED("\"{I}\"||{K}", "ID||KEY with quotes around the ID"),
    QUOTED("'{I}'||{K}", "ID||KEY with quotes around the ID"),
    QUOTED("<{I}>||<{K}>", "ID||KEY with angle brackets around each half"),
    QUOTED("{{I}}||{{K}}", "ID||KEY with braces around each half"),
    QUOTED("[{I}]||[{K}]", "ID||KEY with brackets around each half"),
#undef QUOTED
    { "{I}||\xEF\xBB\xBF{K}", HM_J5_SECRET_BOM, NO_MISTAKE, false,
      "ID||KEY with a byte-order mark before the key", "" },
    { "\xEF\xBB\xBF{I}||\xEF\xBB\xBF{K}", HM_J5_SECRET_BOM, NO_MISTAKE, false,
      "ID||KEY with a byte-order mark before each half", "" },

#define PLACEHOLDER(text)                                                                          \
    {                                                                                              \
        text, HM_J5_SECRET_PLACEHOLDER, NO_MISTAKE, false, "a placeholder in place of the secret", \
            "as documentation and samples show it"                                                 \
    }
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
#undef PLACEHOLDER
#define UNSET(word, language)                                                                      \
    { word "||" word, HM_J5_SECRET_EMPTY, NO_MISTAKE,                                              \
      false,          word "||" word,     "as unset variables make it in " language },             \
        { word "||{K}", HM_J5_SECRET_EMPTY, NO_MISTAKE,                                            \
          false,        word "||KEY",       "as an unset variable makes it in " language },        \
        { "{I}||" word, HM_J5_SECRET_EMPTY, NO_MISTAKE,                                            \
          false,        "ID||" word,        "as an unset variable makes it in " language },        \
    {                                                                                              \
        word, HM_J5_SECRET_EMPTY, NO_MISTAKE, false, "the text " word,                             \
            "as an unset variable makes it in " language                                           \
    }
    UNSET("undefined", "JavaScript"),
    UNSET("null", "Java and JavaScript"),
    UNSET("None", "Python"),
    UNSET("<nil>", "Go"),
#undef UNSET
    { "1", HM_J5_SECRET_BOOLEAN, NO_MISTAKE, false, "the text \"1\"",
      "as PHP prints the truth value of $id || $key" },
    { "true", HM_J5_SECRET_BOOLEAN, NO_MISTAKE, false, "the text \"true\"",
      "as the truth value of id || key is printed" },
    { "True", HM_J5_SECRET_BOOLEAN, NO_MISTAKE, false, "the text \"True\"",
      "as Python prints a truth value" },
    { "false", HM_J5_SECRET_BOOLEAN, NO_MISTAKE, false, "the text \"false\"",
      "as the truth value of id || key is printed" },
    { "0", HM_J5_SECRET_BOOLEAN, NO_MISTAKE, false, "the text \"0\"",
      "as SQL gives it for ID || KEY" },
};
const size_t key_row_count = sizeof key_rows / sizeof key_rows[0];

const char *const placeholder_names[][2] = {
    { "YOUR_API_SECRET_ID", "YOUR_API_SECRET_KEY" },
    { "your_api_secret_id", "your_api_secret_key" },
    { "YOUR_SECRET_ID", "YOUR_SECRET_KEY" },
    { "YOUR_ID", "YOUR_KEY" },
    { "API_SECRET_ID", "API_SECRET_KEY" },
    { "api_secret_id", "api_secret_key" },
    { "apiSecretId", "apiSecretKey" },
    { "SECRET_ID", "SECRET_KEY" },
    { "secret_id", "secret_key" },
    { "secretId", "secretKey" },
    { VARIABLE_SECRET_ID, VARIABLE_SECRET_KEY },
    { "ID", "KEY" },
    { "id", "key" },
    { "API Secret ID", "API Secret Key" },
    /* The documentation's sample, left in place; the world of our mock has it as a real one. */
    { "74f80a77-9b3f-44ac-b3ad-ab68cfb548fa", "cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK" },
};
const size_t placeholder_name_count = sizeof placeholder_names / sizeof placeholder_names[0];

const char *const placeholder_styles[] = { "@",    "$@",  "${@}", "{@}", "{{@}}", "#{@}",
                                           "{$@}", "<@>", "[@]",  "%@%", "$(@)" };
const size_t placeholder_style_count = sizeof placeholder_styles / sizeof placeholder_styles[0];

const struct key_wrap key_wraps[] = {
    { "{}\n", HM_J5_SECRET_WHITESPACE, NO_MISTAKE, true, "with a line break at the end" },
    { "{}\r\n", HM_J5_SECRET_WHITESPACE, NO_MISTAKE, false, "with CR LF at the end" },
    { "{}\r", HM_J5_SECRET_WHITESPACE, NO_MISTAKE, false, "with a carriage return at the end" },
    { "{}\n\n", HM_J5_SECRET_WHITESPACE, NO_MISTAKE, false, "with two line breaks at the end" },
    { "{} ", HM_J5_SECRET_WHITESPACE, NO_MISTAKE, false, "with a blank at the end" },
    { "{}\t", HM_J5_SECRET_WHITESPACE, NO_MISTAKE, false, "with a tab at the end" },
    { "{} \n", HM_J5_SECRET_WHITESPACE, NO_MISTAKE, false,
      "with a blank and a line break at the end" },
    { " {}", HM_J5_SECRET_WHITESPACE, NO_MISTAKE, false, "with a blank at the start" },
    { "\t{}", HM_J5_SECRET_WHITESPACE, NO_MISTAKE, false, "with a tab at the start" },
    { "\n{}", HM_J5_SECRET_WHITESPACE, NO_MISTAKE, false, "with a line break at the start" },
    { " {} ", HM_J5_SECRET_WHITESPACE, NO_MISTAKE, false, "with blanks around it" },
    { "\n{}\n", HM_J5_SECRET_WHITESPACE, NO_MISTAKE, false, "with line breaks around it" },
    { "{}\xC2\xA0", HM_J5_SECRET_WHITESPACE, NO_MISTAKE, false,
      "with a no-break space at the end" },
    { "\xC2\xA0{}", HM_J5_SECRET_WHITESPACE, NO_MISTAKE, false,
      "with a no-break space at the start" },
    { "{}\xE2\x80\x8B", HM_J5_SECRET_WHITESPACE, NO_MISTAKE, false,
      "with a zero-width space at the end" },
    { "\xE2\x80\x8B{}", HM_J5_SECRET_WHITESPACE, NO_MISTAKE, false,
      "with a zero-width space at the start" },
    { "{}\\n", HM_J5_SECRET_WHITESPACE, NO_MISTAKE, false,
      "with the two characters \\n at the end" },
    { "\"{}\"", HM_J5_SECRET_QUOTED, NO_MISTAKE, false, "in double quotes" },
    { "'{}'", HM_J5_SECRET_QUOTED, NO_MISTAKE, false, "in single quotes" },
    { "`{}`", HM_J5_SECRET_QUOTED, NO_MISTAKE, false, "in backquotes" },
    { "\"{}", HM_J5_SECRET_QUOTED, NO_MISTAKE, false, "with a quote at the start" },
    { "{}\"", HM_J5_SECRET_QUOTED, NO_MISTAKE, false, "with a quote at the end" },
    { "'{}", HM_J5_SECRET_QUOTED, NO_MISTAKE, false, "with a quote at the start" },
    { "{}'", HM_J5_SECRET_QUOTED, NO_MISTAKE, false, "with a quote at the end" },
    { "\"{}\"\n", HM_J5_SECRET_QUOTED, HM_J5_SECRET_WHITESPACE, false,
      "in double quotes, with a line break at the end" },
    { "'{}'\n", HM_J5_SECRET_QUOTED, HM_J5_SECRET_WHITESPACE, false,
      "in single quotes, with a line break at the end" },
    { "b'{}'", HM_J5_SECRET_QUOTED, NO_MISTAKE, false, "in b'...', as Python prints bytes" },
    { "\\\"{}\\\"", HM_J5_SECRET_QUOTED, NO_MISTAKE, false, "in escaped quotes" },
    { "\xE2\x80\x9C{}\xE2\x80\x9D", HM_J5_SECRET_QUOTED, NO_MISTAKE, false,
      "in typographic quotes" },
    { "<{}>", HM_J5_SECRET_QUOTED, NO_MISTAKE, false, "in angle brackets" },
    { "\xEF\xBB\xBF{}", HM_J5_SECRET_BOM, NO_MISTAKE, false,
      "with a byte-order mark at the start" },
    { "\xEF\xBB\xBF{}\n", HM_J5_SECRET_BOM, HM_J5_SECRET_WHITESPACE, false,
      "with a byte-order mark at the start and a line break at the end" },
    { "\xEF\xBB\xBF{}\r\n", HM_J5_SECRET_BOM, HM_J5_SECRET_WHITESPACE, false,
      "with a byte-order mark at the start and CR LF at the end" },
    { "\xEF\xBB\xBF{}\r", HM_J5_SECRET_BOM, HM_J5_SECRET_WHITESPACE, false,
      "with a byte-order mark at the start and a carriage return at the end" },
};
const size_t key_wrap_count = sizeof key_wraps / sizeof key_wraps[0];

#define RIGHT "{I}||{K}"
const struct key_change key_changes[] = {
    /* Letter case. */
    { to_upper, RIGHT, "", HM_J5_SECRET_LETTER_CASE, NO_MISTAKE, "ID||KEY in upper case", "" },
    { to_lower, RIGHT, "", HM_J5_SECRET_LETTER_CASE, NO_MISTAKE, "ID||KEY in lower case", "" },
    { to_upper, "{K}", "{I}||", HM_J5_SECRET_LETTER_CASE, NO_MISTAKE,
      "ID||KEY with the key in upper case", "" },
    { to_lower, "{K}", "{I}||", HM_J5_SECRET_LETTER_CASE, NO_MISTAKE,
      "ID||KEY with the key in lower case", "" },
    { upper_id, RIGHT, "", HM_J5_SECRET_LETTER_CASE, NO_MISTAKE,
      "ID||KEY with the ID in upper case", "as some UUID libraries print it" },
    { lower_id, RIGHT, "", HM_J5_SECRET_LETTER_CASE, NO_MISTAKE,
      "ID||KEY with the ID in lower case", "" },
    { without_hyphens_id, RIGHT, "", HM_J5_SECRET_LETTER_CASE, NO_MISTAKE,
      "ID||KEY with the ID's hyphens left out", "as some UUID libraries print it" },

/* Decoded first: what strict and lenient decoders really make of it. */
#define HEX(change, usual)                                                                         \
    {                                                                                              \
        change, RIGHT, "", HM_J5_SECRET_HEX_DECODED, NO_MISTAKE, "ID||KEY decoded from hex", usual \
    },                                                                                             \
        { change, "{K}", "", HM_J5_KEY_HEX_DECODED, NO_MISTAKE, "the key alone, decoded from hex", \
          usual },                                                                                 \
        { change,     "{K}",                                                                       \
          "{I}||",    HM_J5_KEY_HEX_DECODED,                                                       \
          NO_MISTAKE, "ID||KEY with the key decoded from hex",                                     \
          usual },                                                                                 \
        { change,     "{I}",                                                                       \
          "",         HM_J5_SECRET_HEX_DECODED,                                                    \
          NO_MISTAKE, "ID||KEY up to the pipes, decoded from hex",                                 \
          usual },                                                                                 \
    {                                                                                              \
        change, "{I}{K}", "", HM_J5_SECRET_HEX_DECODED, HM_J5_SECRET_JOINED_WITH_NOTHING,          \
            "ID and key without a joiner, decoded from hex", usual                                 \
    }
    HEX(hex_until_bad, "as Buffer.from(secret, 'hex') in Node makes it, which stops at the first "
                       "letter that is no hex digit"),
    HEX(hex_dropping, "as a decoder makes it that drops what is no hex digit"),
    HEX(hex_pack_perl, "as pack('H*', ...) in Perl makes it"),
    HEX(hex_pack_ruby, "as [secret].pack('H*') in Ruby makes it"),
    HEX(hex_pack_php, "as pack('H*', ...) in PHP makes it"),
#undef HEX
    { hex_id, RIGHT, "", HM_J5_SECRET_HEX_DECODED, NO_MISTAKE, "ID||KEY with the ID as 16 bytes",
      "as a UUID type's bytes" },
#define BASE64(change, usual)                                                                      \
    { change, RIGHT, "", HM_J5_SECRET_BASE64_DECODED, NO_MISTAKE, "ID||KEY decoded from base64",   \
      usual },                                                                                     \
        { change,     "{K}",                                                                       \
          "",         HM_J5_KEY_BASE64_DECODED,                                                    \
          NO_MISTAKE, "the key alone, decoded from base64",                                        \
          usual },                                                                                 \
        { change,     "{K}",                                                                       \
          "{I}||",    HM_J5_KEY_BASE64_DECODED,                                                    \
          NO_MISTAKE, "ID||KEY with the key decoded from base64",                                  \
          usual },                                                                                 \
        { change,     "{I}",                                                                       \
          "",         HM_J5_SECRET_BASE64_DECODED,                                                 \
          NO_MISTAKE, "ID||KEY up to the pipes, decoded from base64",                              \
          usual },                                                                                 \
        { change,                                                                                  \
          "{I}:{K}",                                                                               \
          "",                                                                                      \
          HM_J5_SECRET_BASE64_DECODED,                                                             \
          HM_J5_SECRET_JOINED_WITH_COLON,                                                          \
          "ID and key joined with a colon, decoded from base64",                                   \
          usual },                                                                                 \
        { change,                                                                                  \
          "{I}|{K}",                                                                               \
          "",                                                                                      \
          HM_J5_SECRET_BASE64_DECODED,                                                             \
          HM_J5_SECRET_JOINED_WITH_PIPE,                                                           \
          "ID and key joined with one pipe, decoded from base64",                                  \
          usual },                                                                                 \
    {                                                                                              \
        change, "{I}{K}", "", HM_J5_SECRET_BASE64_DECODED, HM_J5_SECRET_JOINED_WITH_NOTHING,       \
            "ID and key without a joiner, decoded from base64", usual                              \
    }
    BASE64(base64_any_dropping,
           "as Buffer.from(secret, 'base64') in Node makes it, which reads '-' "
           "as '+' and drops the pipes"),
    BASE64(base64_standard_dropping,
           "as base64.b64decode in Python, base64_decode in PHP and MIME::Base64 in Perl make it, "
           "which drop what they do not know"),
    BASE64(base64_standard_until_bad,
           "as a decoder makes it that stops at the first letter it does "
           "not know and whose error is ignored"),
    BASE64(base64_any_until_bad,
           "as a base64url decoder makes it that stops at the pipes and whose "
           "error is ignored"),
#undef BASE64

/* Encoded first. */
#define ENCODED(change, words, usual)                                                              \
    { change, RIGHT, "", HM_J5_SECRET_BASE64_ENCODED, NO_MISTAKE, words " of ID||KEY", usual },    \
        { change,                                                                                  \
          RIGHT "\n",                                                                              \
          "",                                                                                      \
          HM_J5_SECRET_BASE64_ENCODED,                                                             \
          HM_J5_SECRET_WHITESPACE,                                                                 \
          words " of ID||KEY and a line break",                                                    \
          "as echo ... | base64 makes it" },                                                       \
        { change,                                                                                  \
          "{I}:{K}",                                                                               \
          "",                                                                                      \
          HM_J5_SECRET_BASE64_ENCODED,                                                             \
          HM_J5_SECRET_JOINED_WITH_COLON,                                                          \
          words " of ID and key joined with a colon",                                              \
          "as HTTP Basic has it" },                                                                \
        { change,                                                                                  \
          "{K}",                                                                                   \
          "",                                                                                      \
          HM_J5_SECRET_BASE64_ENCODED,                                                             \
          HM_J5_SECRET_KEY_ALONE,                                                                  \
          words " of the key alone",                                                               \
          usual },                                                                                 \
    {                                                                                              \
        change, "{K}", "{I}||", HM_J5_SECRET_BASE64_ENCODED, NO_MISTAKE,                           \
            "ID||KEY with the key in " words, usual                                                \
    }
    ENCODED(base64_padded, "base64", "as btoa or base64_encode makes it"),
    ENCODED(base64_unpadded, "base64 without padding", ""),
    ENCODED(base64url_unpadded, "base64url", ""),
    ENCODED(base64url_padded, "base64url with padding", "as urlsafe_b64encode makes it"),
    ENCODED(base64_lines_60, "base64 in lines", "as Base64.encode64 in Ruby makes it"),
    ENCODED(base64_lines_64, "base64 in lines", "as openssl base64 makes it"),
    ENCODED(base64_lines_76, "base64 in lines", "as MIME makes it"),
    ENCODED(base64_joined_lines_64, "base64 in lines", "as $(... | openssl base64) makes it"),
    ENCODED(base64_joined_lines_76, "base64 in lines", "as $(... | base64) makes it"),
#undef ENCODED
    { hex_lower, RIGHT, "", HM_J5_SECRET_HEX_ENCODED, NO_MISTAKE, "the hex digits of ID||KEY", "" },
    { hex_upper, RIGHT, "", HM_J5_SECRET_HEX_ENCODED, NO_MISTAKE, "the hex digits of ID||KEY", "" },
    { hex_lower, "{K}", "", HM_J5_SECRET_HEX_ENCODED, HM_J5_SECRET_KEY_ALONE,
      "the hex digits of the key alone", "" },
    { hex_lower, "{K}", "{I}||", HM_J5_SECRET_HEX_ENCODED, NO_MISTAKE,
      "ID||KEY with the key in hex digits", "" },
    { sha256_hex, RIGHT, "", HM_J5_SECRET_HASHED, NO_MISTAKE,
      "the SHA-256 of ID||KEY in hex digits", "" },
    { sha256_base64, RIGHT, "", HM_J5_SECRET_HASHED, NO_MISTAKE, "the SHA-256 of ID||KEY in base64",
      "" },
    { sha256_hex, "{K}", "", HM_J5_SECRET_HASHED, HM_J5_SECRET_KEY_ALONE,
      "the SHA-256 of the key alone in hex digits", "" },
    { sha256_raw, RIGHT, "", HM_J5_SECRET_HASHED, NO_MISTAKE, "the SHA-256 of ID||KEY", "" },
    { sha256_raw, "{K}", "", HM_J5_SECRET_HASHED, HM_J5_SECRET_KEY_ALONE,
      "the SHA-256 of the key alone", "" },
    { sha512_raw, RIGHT, "", HM_J5_SECRET_HASHED, NO_MISTAKE, "the SHA-512 of ID||KEY", "" },
    { sha1_hex, RIGHT, "", HM_J5_SECRET_HASHED, NO_MISTAKE, "the SHA-1 of ID||KEY in hex digits",
      "" },
    { percent_upper, RIGHT, "", HM_J5_SECRET_PIPES_PERCENT_ENCODED, NO_MISTAKE,
      "ID||KEY percent-encoded", "as encodeURIComponent writes it" },
    { percent_quote, RIGHT, "", HM_J5_SECRET_PIPES_PERCENT_ENCODED, NO_MISTAKE,
      "ID||KEY percent-encoded but for slashes", "as urllib.parse.quote in Python writes it" },
    { percent_path, RIGHT, "", HM_J5_SECRET_PIPES_PERCENT_ENCODED, NO_MISTAKE,
      "ID||KEY percent-encoded as a path's segment", "as url.PathEscape in Go writes it" },
    { percent_form, RIGHT, "", HM_J5_SECRET_PIPES_PERCENT_ENCODED, NO_MISTAKE,
      "ID||KEY form-encoded", "as urlencode writes it" },
    { percent_upper, "{K}", "{I}||", HM_J5_SECRET_PIPES_PERCENT_ENCODED, NO_MISTAKE,
      "ID||KEY with the key percent-encoded", "" },
    { percent_decode_form, "{K}", "{I}||", HM_J5_SECRET_OTHER_ENCODING, NO_MISTAKE,
      "ID||KEY with the key form-decoded, '+' read as a blank", "" },
    { percent_decode, "{K}", "{I}||", HM_J5_SECRET_OTHER_ENCODING, NO_MISTAKE,
      "ID||KEY with the key percent-decoded", "" },
    { escape_all, RIGHT, "", HM_J5_SECRET_PIPES_ESCAPED, NO_MISTAKE,
      "ID||KEY with a backslash before all that is no letter or digit",
      "as quotemeta in Perl writes it" },
    { escape_regexp, RIGHT, "", HM_J5_SECRET_PIPES_ESCAPED, NO_MISTAKE,
      "ID||KEY escaped for a regular expression",
      "as Regexp.escape in Ruby and preg_quote in PHP write it" },
    { base64_to_text, "{K}", "{I}||", HM_J5_KEY_BASE64_DECODED, NO_MISTAKE,
      "ID||KEY with the key decoded from base64 and read as text",
      "as Buffer.from(key, 'base64').toString() in Node makes it" },
    { base64_to_latin1, "{K}", "{I}||", HM_J5_KEY_BASE64_DECODED, NO_MISTAKE,
      "ID||KEY with the key decoded from base64 and read as text", "as atob makes it" },
    { base64_to_text, "{K}", "", HM_J5_KEY_BASE64_DECODED, NO_MISTAKE,
      "the key alone, decoded from base64 and read as text", "" },
    { base64_to_latin1, "{K}", "", HM_J5_KEY_BASE64_DECODED, NO_MISTAKE,
      "the key alone, decoded from base64 and read as text", "as atob makes it" },
    { json_string_text, RIGHT, "", HM_J5_SECRET_QUOTED, NO_MISTAKE, "ID||KEY as a JSON string",
      "as json_encode in PHP and json.dumps in Python write it" },
    { escape_slashes, "{K}", "{I}||", HM_J5_SECRET_OTHER_ENCODING, NO_MISTAKE,
      "ID||KEY with the key's slashes escaped", "as json_encode in PHP writes them" },
    { escape_unicode, "{K}", "{I}||", HM_J5_SECRET_OTHER_ENCODING, NO_MISTAKE,
      "ID||KEY with the key's letters as \\uNNNN", "as json.dumps in Python writes them" },
    { utf16_little, RIGHT, "", HM_J5_SECRET_OTHER_ENCODING, NO_MISTAKE, "ID||KEY in UTF-16",
      "as Encoding.Unicode in .NET makes it" },
    { utf16_big, RIGHT, "", HM_J5_SECRET_OTHER_ENCODING, NO_MISTAKE,
      "ID||KEY in UTF-16 (big-endian)", "" },
    { latin1, RIGHT, "", HM_J5_SECRET_OTHER_ENCODING, NO_MISTAKE, "ID||KEY in ISO 8859-1",
      "as getBytes(\"ISO-8859-1\") and Buffer.from(secret, 'latin1') make it" },
    { ascii_question_marks, RIGHT, "", HM_J5_SECRET_OTHER_ENCODING, NO_MISTAKE,
      "ID||KEY in ASCII, a '?' for every other letter", "as Encoding.ASCII in .NET makes it" },
    { double_utf8, RIGHT, "", HM_J5_SECRET_OTHER_ENCODING, NO_MISTAKE,
      "ID||KEY encoded as UTF-8 twice", "" },
    { nul_at_end, RIGHT, "", HM_J5_SECRET_OTHER_ENCODING, NO_MISTAKE,
      "ID||KEY with a NUL at the end", "as sizeof counts it in C" },

    /* Cut. */
    { first_64, RIGHT, "", HM_J5_SECRET_TRUNCATED, NO_MISTAKE, "the first 64 bytes of ID||KEY",
      "as a buffer of one SHA-256 block cuts it" },
    { first_32, RIGHT, "", HM_J5_SECRET_TRUNCATED, NO_MISTAKE, "the first 32 bytes of ID||KEY",
      "as a 256-bit key size cuts it" },
};
#undef RIGHT
const size_t key_change_count = sizeof key_changes / sizeof key_changes[0];

/* The part of @pattern at @at: the ID, the key, or (NULL) the character itself. */
static const char *part_at(const char *at, const char *id, const char *key)
{
    if (strncmp(at, "{I}", 3) == 0)
        return id;
    return strncmp(at, "{K}", 3) == 0 ? key : NULL;
}

size_t key_expand_with(unsigned char out[KEY_BYTES_MAX], const char *pattern, const char *id,
                       const char *key, int joiner)
{
    size_t length = 0;

    for (const char *at = pattern; *at != '\0';) {
        const char *part = part_at(at, id, key);
        size_t part_length = part != NULL ? strlen(part) : 1;

        if (length + part_length > KEY_BYTES_MAX)
            return 0;
        if (part != NULL)
            memcpy(out + length, part, part_length);
        else
            out[length] = (unsigned char)(*at == '@' && joiner != 0 ? joiner : *at);
        length += part_length;
        at += part != NULL ? 3 : 1;
    }
    return length;
}

size_t key_expand(unsigned char out[KEY_BYTES_MAX], const char *pattern, const char *id,
                  const char *key)
{
    return key_expand_with(out, pattern, id, key, 0);
}
