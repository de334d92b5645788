#include "contract/channel_text.h"

#include "contract/plain_json.h"
#include "support/json_fault.h"
#include "support/text.h"
#include <ctype.h>
#include <string.h>

enum { HEX_OF_ESCAPE = 4 }; /* digits after \u */

/* What a body that is not JSON seems to be; NULL: unknown. */
static const char *look_of(struct span text)
{
    static const struct {
        const char *start;
        const char *look;
    } looks[] = {
        { "\xEF\xBB\xBF", "it begins with a byte-order mark" },
        { "\xFF\xFE", "it looks like UTF-16" },
        { "\xFE\xFF", "it looks like UTF-16" },
        { "{'", "it has single quotes, like a printed Python dictionary" },
        { "[object", "it is the printed form of a JavaScript object that was not serialized" },
        { "channel_type=", "it is form-encoded" },
        { "channel_id=", "it is form-encoded" },
        { "--", "it is a multipart form" },
        { "<", "it is XML or HTML" },
    };

    for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++) {
        if (span_starts(text, looks[i].start))
            return looks[i].look;
    }
    return NULL;
}

/* Is the text's last word the start of true, false, null or a number? */
static bool ends_in_cut_word(const char *text, size_t length)
{
    static const char *const words[] = { "true", "false", "null" };
    size_t at = length;

    while (at > 0 && (isalnum((unsigned char)text[at - 1]) || strchr("+-.", text[at - 1]) != NULL))
        at--;
    if (at == length)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strncmp(words[i], text + at, length - at) == 0)
            return true;
    }
    return text[at] == '-' || isdigit((unsigned char)text[at]);
}

/* A backslash, or \u with fewer than four digits. */
static bool ends_in_cut_escape(const char *text, size_t length)
{
    size_t at = length;

    while (at > 0 && length - at < HEX_OF_ESCAPE - 1 && isxdigit((unsigned char)text[at - 1]))
        at--;
    if (at > 1 && text[at - 1] == 'u' && text[at - 2] == '\\')
        return true;
    return length > 0 && text[length - 1] == '\\';
}

/* An incomplete UTF-8 character. */
static bool ends_in_cut_character(const char *text, size_t length)
{
    for (size_t back = 1; back <= 3 && back <= length; back++) {
        unsigned char c = (unsigned char)text[length - back];

        if ((c & 0xC0U) != 0x80U)
            return c <= 0xF4 && ((c >= 0xC2 && back < 2) || (c >= 0xE0 && back < 3) || c >= 0xF0);
    }
    return false;
}

/* Could it be JSON that was cut? jansson says so only if it ends between tokens or within a plain
 * string. */
static bool is_cut_off(const json_error_t *error, const char *text, size_t length)
{
    switch (json_error_code(error)) {
    case json_error_premature_end_of_input:
        return true;
    case json_error_invalid_syntax:
        return (size_t)error->position == length &&
               (ends_in_cut_word(text, length) || ends_in_cut_escape(text, length));
    case json_error_invalid_utf8:
        return (size_t)error->position + 3 >= length && ends_in_cut_character(text, length);
    default:
        return false;
    }
}

json_t *channel_body_parse(const char *text, size_t length, struct hm_findings *findings)
{
    json_error_t error;
    json_t *body;
    const char *look;
    const char *nul;

    if (span_trim((struct span){ text, length }).length == 0) {
        hm_findings_add(findings, HM_B2_BODY_NOT_JSON, "the body is %s, a JSON object was expected",
                        length == 0 ? "empty" : "white space");
        return NULL;
    }
    nul = memchr(text, '\0', length); /* jansson accepts one after a number */
    if (nul != NULL) {
        hm_findings_add(findings, HM_B2_BODY_NOT_JSON,
                        "the body is not JSON: its byte %zu is NUL, as in UTF-16",
                        (size_t)(nul - text) + 1);
        return NULL;
    }
    body = json_loadb(text, length,
                      JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL |
                          JSON_DECODE_INT_AS_REAL,
                      &error);
    if (body != NULL || json_fault_is_memory(&error, text, length))
        return body;
    look = look_of((struct span){ text, length });
    if (look != NULL)
        hm_findings_add(findings, HM_B2_BODY_NOT_JSON, "the body is not JSON: %s", look);
    else if (is_cut_off(&error, text, length))
        hm_findings_add(findings, HM_B2_BODY_TRUNCATED,
                        "the body ends early, at line %d, column %d, after %zu byte%s", error.line,
                        error.column, length, plural(length));
    else if (json_error_code(&error) == json_error_duplicate_key)
        hm_findings_add(findings, HM_B2_MEMBER_REPEATED,
                        "the body has a duplicate member, at line %d, column %d", error.line,
                        error.column);
    else
        hm_findings_add(findings, HM_B2_BODY_NOT_JSON,
                        "the body is not JSON: %s (line %d, column %d)", json_fault_unquote(&error),
                        error.line, error.column);
    return NULL;
}

/* The value of a member that was not read before. */
static bool take_value(struct span *text, const char **value, size_t *length)
{
    struct span taken;

    plain_skip_spaces(text);
    if (*value != NULL || !plain_take(text, "\"") || !plain_take_string(text, &taken))
        return false;
    *value = taken.at;
    *length = taken.length;
    return true;
}

static bool take_member(struct span *text, struct channel_values *values)
{
    plain_skip_spaces(text);
    if (plain_take(text, "\"channel_type\":"))
        return take_value(text, &values->type, &values->type_length);
    if (plain_take(text, "\"channel_id\":"))
        return take_value(text, &values->id, &values->id_length);
    return false;
}

bool channel_body_read_plain(struct channel_values *values, const char *text, size_t length)
{
    struct span rest = { text, length };

    *values = (struct channel_values){ NULL, NULL, 0, 0 };
    if (plain_take(&rest, "{") && take_member(&rest, values) && plain_take(&rest, ",") &&
        take_member(&rest, values) && plain_take(&rest, "}") && rest.length == 0)
        return true;
    *values = (struct channel_values){ NULL, NULL, 0, 0 };
    return false;
}
