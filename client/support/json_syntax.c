#include "support/buf.h"
#include "support/json_position.h"
#include "support/text.h"
#include <stdlib.h>
#include <string.h>

enum {
    WORD_SHOWN_BYTES = 10, /* a longer one may be an unquoted secret */
    NAME_SHOWN_BYTES = 60,
    MESSAGE_BYTES = HM_ERROR_TEXT
};

/* What jansson 2.13 and later say, and what we say was expected. */
static const struct phrase {
    const char *theirs, *expected;
    bool allows_string;
} phrases[] = {
    { "string or '}' expected", "a member's name in double quotes", true },
    { "':' expected", "':' behind the member's name", false },
    { "'}' expected", "',' or '}'", false },
    { "']' expected", "',' or ']'", false },
    { "end of file expected", "the end of the file", false },
    { "", "a JSON value", true },
};

static const struct phrase *phrase_of(const json_error_t *fault)
{
    const struct phrase *phrase = phrases;

    while (strncmp(fault->text, phrase->theirs, strlen(phrase->theirs)) != 0)
        phrase++;
    return phrase;
}

/* The four hex digits of an escape; -1: they are not. */
static long hex4(const char *text, size_t length)
{
    char digits[5] = { 0 };

    if (length < 4)
        return -1;
    memcpy(digits, text, 4);
    return strspn(digits, "0123456789abcdefABCDEF") == 4 ? strtol(digits, NULL, 16) : -1;
}

/* Bytes of the escape at the start of @text, its backslash included; 0: it is none. */
static size_t escape_length(const char *text, size_t length)
{
    long unit;

    if (length < 2)
        return 0;
    if (text[1] != 'u')
        return json_is_one_of(text[1], "\"\\/bfnrt") ? 2 : 0;
    unit = hex4(text + 2, length - 2);
    if (unit < 0 || (unit >= 0xDC00 && unit <= 0xDFFF))
        return 0;
    if (unit < 0xD800 || unit > 0xDBFF)
        return 6;
    if (length < 12 || text[6] != '\\' || text[7] != 'u')
        return 0;
    unit = hex4(text + 8, length - 8);
    return unit >= 0xDC00 && unit <= 0xDFFF ? 12 : 0;
}

static const char broken_escape[] = "found a broken escape in a string, expected \\\" \\\\ \\/ \\b "
                                    "\\f \\n \\r \\t or \\u with four hex digits, "
                                    "surrogates in pairs";

/* What is wrong within a string, and where; NULL: nothing. */
static const char *string_fault(const char *text, struct json_token token, size_t *offset)
{
    const char *raw = text + token.at;
    size_t i = 1, step;

    for (; i < token.length && raw[i] != '"'; i += step) {
        step = 1;
        *offset = token.at + i;
        if ((unsigned char)raw[i] < 0x20)
            return "found a control character in a string, expected it as \\u00NN";
        if (raw[i] != '\\')
            continue;
        step = escape_length(raw + i, token.length - i);
        if (step == 0)
            return broken_escape;
    }
    *offset = token.at;
    return i < token.length ? NULL : "found a string without its closing quote, expected '\"'";
}

static void describe(struct buf *out, const char *text, struct json_token token)
{
    const char *raw = text + token.at;

    switch (token.kind) {
    case JSON_TOKEN_END:
        buf_puts(out, "the end of the file");
        break;
    case JSON_TOKEN_STRING:
        buf_puts(out, "a string");
        break;
    case JSON_TOKEN_WORD:
        if (token.length > WORD_SHOWN_BYTES)
            buf_puts(out, "a word without quotes");
        else
            buf_printf(out, "'%.*s'", (int)token.length, raw);
        break;
    case JSON_TOKEN_MARK:
    case JSON_TOKEN_STRAY:
        if (*raw == '\'') {
            buf_puts(out, "a single quote");
        } else {
            buf_printf(out, "'%.*s'", (int)token.length, raw);
            if (*raw == '/' || *raw == '#')
                buf_puts(out, " (JSON has no comments)");
        }
        break;
    }
}

/* The token that jansson stopped at, and the one before it. jansson counts the bytes that it has
 * read; it stops at the end of a token or somewhere inside it, and at the first broken string. */
static struct json_token offender(const struct json_file *file, const json_error_t *fault,
                                  struct json_token *before)
{
    struct json_scan scan = { file->text, file->length, 0 };
    size_t read_bytes = fault->position > 0 ? (size_t)fault->position : 0;
    bool is_at_end = json_error_code(fault) == json_error_premature_end_of_input;
    struct json_token token = json_scan_next(&scan);
    size_t offset;

    *before = (struct json_token){ JSON_TOKEN_END, 0, 0 };
    while (token.kind != JSON_TOKEN_END && (is_at_end || token.at + token.length < read_bytes) &&
           (token.kind != JSON_TOKEN_STRING || string_fault(file->text, token, &offset) == NULL)) {
        *before = token;
        token = json_scan_next(&scan);
    }
    return token;
}

static size_t first_not_utf8(const char *text, size_t length)
{
    size_t at = 0, bytes;

    while (at < length && (bytes = utf8_sequence(text + at, length - at)) > 0)
        at += bytes;
    return at;
}

/* Sentences for what is no matter of grammar; NULL: it is one. */
static const char *special_fault(const struct json_file *file, const json_error_t *fault,
                                 struct json_token token, size_t *offset)
{
    *offset = 0;
    if (file->length >= 3 && memcmp(file->text, "\xEF\xBB\xBF", 3) == 0)
        return "found a byte order mark, expected JSON (save the file as UTF-8 without one)";
    if (file->length >= 2 &&
        (memcmp(file->text, "\xFF\xFE", 2) == 0 || memcmp(file->text, "\xFE\xFF", 2) == 0))
        return "found UTF-16, expected UTF-8";
    if (json_error_code(fault) == json_error_invalid_utf8) {
        *offset = first_not_utf8(file->text, file->length);
        return "found a byte that is not UTF-8, expected UTF-8";
    }
    *offset = token.at;
    switch (json_error_code(fault)) {
    case json_error_numeric_overflow:
        return "found a number that is too large, expected one of 64 bits";
    case json_error_stack_overflow:
        return "found brackets nested too deeply, expected at most 2048 levels";
    case json_error_null_byte_in_key:
        return "found a NUL in a member's name, expected a name without";
    default:
        return token.kind == JSON_TOKEN_STRING ? string_fault(file->text, token, offset) : NULL;
    }
}

/* What stands in a wrong place, and what should. */
static void write_grammar_fault(struct buf *out, const struct json_file *file,
                                const json_error_t *fault, struct json_token token,
                                struct json_token before)
{
    if (json_error_code(fault) == json_error_duplicate_key) {
        bool is_long = token.length > NAME_SHOWN_BYTES;

        buf_printf(out, "found the member %.*s%s a second time, expected each name once",
                   is_long ? NAME_SHOWN_BYTES : (int)token.length, file->text + token.at,
                   is_long ? "...\"" : "");
        return;
    }
    buf_puts(out, "found ");
    describe(out, file->text, token);
    if (token.kind == JSON_TOKEN_MARK && before.kind == JSON_TOKEN_MARK &&
        file->text[before.at] == ',')
        buf_puts(out, " behind a comma");
    buf_printf(out, ", expected %s", phrase_of(fault)->expected);
}

/* jansson has no word for it: it says nothing, or it refuses a string that is right and in its
 * place. */
static bool is_out_of_memory(const json_error_t *fault, struct json_token token)
{
    return fault->text[0] == '\0' || json_error_code(fault) == json_error_out_of_memory ||
           (token.kind == JSON_TOKEN_STRING && phrase_of(fault)->allows_string &&
            json_error_code(fault) == json_error_invalid_syntax);
}

enum hm_code json_complain_syntax(const struct json_file *file, const json_error_t *fault,
                                  struct hm_error *err)
{
    struct json_token before, token = offender(file, fault, &before);
    enum hm_code code = HM_NO_MEMORY;
    const char *sentence;
    struct buf text;
    size_t offset;

    buf_init(&text, MESSAGE_BYTES);
    sentence = special_fault(file, fault, token, &offset);
    if (sentence != NULL)
        code = json_complain_at(file, offset, err, sentence);
    else if (!is_out_of_memory(fault, token))
        write_grammar_fault(&text, file, fault, token, before);
    if (text.length > 0 && buf_ok(&text))
        code = json_complain_at(file, token.at, err, buf_text(&text));
    if (code == HM_NO_MEMORY)
        hm_error_set(err, HM_NO_MEMORY, "%s: out of memory", file->name);
    buf_fini(&text);
    return code;
}
