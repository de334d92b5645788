#include "contract/redact.h"

#include "support/span.h"
#include "support/text.h"
#include "support/uuid.h"
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { MEMBERS_SHOWN_MAX = 16, NAME_SHOWN_MAX = 24, WORD_SHOWN_MAX = 16, PLACEHOLDER_BYTES = 64 };

static json_t *placeholder(const char *what, size_t count, const char *unit, const char *more)
{
    return json_sprintf("<%s%zu %s%s%s>", what, count, unit, plural(count), more);
}

/* A short word such as HS256 or JWT: too short for a key. */
static bool is_word(const char *text, size_t length)
{
    if (length > WORD_SHOWN_MAX)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (!isalnum((unsigned char)text[i]) && !is_one_of(text[i], "+-._"))
            return false;
    }
    return true;
}

static bool is_secret_id(const struct hm_secrets *secrets, const char *text)
{
    for (size_t i = 0; i < hm_secrets_count(secrets); i++) {
        if (strcmp(hm_secrets_id(secrets, i), text) == 0)
            return true;
    }
    return false;
}

/* Type and length only. */
static json_t *outline(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return placeholder("object, ", json_object_size(value), "member", "");
    case JSON_ARRAY:
        return placeholder("array, ", json_array_size(value), "element", "");
    case JSON_STRING:
        return placeholder("", json_string_length(value), "character", "");
    case JSON_INTEGER:
    case JSON_REAL:
        return json_string("<number>");
    case JSON_NULL:
        return json_null();
    default:
        return json_string("<boolean>");
    }
}

static json_t *value_shown(const char *name, json_t *value, const struct hm_secrets *secrets)
{
    const char *text = json_string_value(value);
    size_t length = json_string_length(value);
    bool is_time = strcmp(name, "iat") == 0 || strcmp(name, "exp") == 0 || strcmp(name, "nbf") == 0;
    bool is_name = strcmp(name, "alg") == 0 || strcmp(name, "typ") == 0;

    if (is_time && json_is_number(value))
        return json_incref(value);
    if ((is_time || is_name) && text != NULL && is_word(text, length))
        return json_incref(value);
    if (strcmp(name, "iss") == 0 && text != NULL &&
        (uuid_is_valid(text, length) || (strlen(text) == length && is_secret_id(secrets, text))))
        return json_incref(value);
    return outline(value);
}

/* Members in the token's own order; a long name could be a secret in the wrong place. */
static json_t *object_redact(const char *text, size_t length, const struct hm_secrets *secrets)
{
    json_t *parsed = json_loadb(text, length, JSON_ALLOW_NUL, NULL);
    json_t *shown = json_object();
    const char *name;
    json_t *value;
    bool is_whole = true;

    if (parsed == NULL) /* an integer of more than 64 bits */
        parsed = json_loadb(text, length, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, NULL);
    json_object_foreach (parsed, name, value) {
        char instead[PLACEHOLDER_BYTES];

        if (json_object_size(shown) >= MEMBERS_SHOWN_MAX)
            break;
        snprintf(instead, sizeof instead, "<member %zu, %zu characters>",
                 json_object_size(shown) + 1, strlen(name));
        is_whole = json_object_set_new(shown, strlen(name) > NAME_SHOWN_MAX ? instead : name,
                                       value_shown(name, value, secrets)) == 0 &&
                   is_whole;
    }
    if (parsed == NULL || !is_whole) {
        json_decref(shown);
        shown = NULL;
    }
    json_decref(parsed);
    return shown;
}

/* The token after "Bearer " and spaces, if that is there. */
static const char *bare_token(const char *value, size_t *length)
{
    static const char scheme[] = "Bearer ";
    size_t skip = 0;

    if (*length >= sizeof scheme - 1 && strncasecmp(value, scheme, sizeof scheme - 1) == 0)
        skip = sizeof scheme - 1;
    while (skip > 0 && skip < *length && value[skip] == ' ')
        skip++;
    *length -= skip;
    return value + skip;
}

void token_redact(json_t **header, json_t **claims, const char *value, size_t length,
                  const struct hm_secrets *secrets)
{
    struct hm_token token = { 0 };
    const char *text;

    *header = json_null();
    *claims = json_null();
    if (value == NULL)
        return;
    text = bare_token(value, &length);
    if (length > HM_TOKEN_BYTES_MAX || hm_token_inspect(&token, text, length, NULL) != HM_OK) {
        *header = placeholder("", length, "character",
                              memchr(text, '.', length) == NULL ? ", no dots" : "");
        return;
    }
    *header = object_redact(token.header, token.header_bytes, secrets);
    *claims = object_redact(token.claims, token.claims_bytes, secrets);
    hm_token_fini(&token);
}
