#include "contract/answer_breaches.h"

#include "contract/mask_write.h"
#include "support/json_fault.h"
#include "support/json_node.h"
#include "support/json_scan.h"
#include "support/no_memory.h"
#include "support/span.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void answer_breach_add(struct answer_breaches *breaches, const char *clause, const char *format,
                       ...)
{
    struct answer_breach *breach;
    va_list ap;

    breaches->total++;
    if (breaches->count == ANSWER_BREACHES_MAX)
        return;
    breach = &breaches->at[breaches->count++];
    memset(breach, 0, sizeof *breach);
    memcpy(breach->clause, clause, strlen(clause) + 1);
    breach->is_warning = strcmp(clause, "R9") == 0;
    va_start(ap, format);
    vsnprintf(breach->text, sizeof breach->text, format, ap);
    va_end(ap);
}

const struct answer_breach *answer_breach_first(const struct answer_breaches *breaches)
{
    for (size_t i = 0; i < breaches->count; i++) {
        if (!breaches->at[i].is_warning)
            return &breaches->at[i];
    }
    return NULL;
}

bool answer_integer(int64_t *out, const json_t *value)
{
    static const double beyond = 9223372036854775808.0; /* 2^63 */
    double real;

    if (json_is_integer(value)) {
        *out = json_integer_value(value);
        return true;
    }
    if (!json_is_real(value))
        return false;
    real = json_real_value(value);
    if (real != floor(real) || real >= beyond || real < -beyond)
        return false;
    *out = (int64_t)real;
    return true;
}

const char *answer_not_integer(const json_t *value)
{
    if (value == NULL)
        return "absent";
    if (!json_is_real(value))
        return json_type_name(value);
    return json_real_value(value) == floor(json_real_value(value))
               ? "an integer that does not fit into 64 bits"
               : "a number with a fraction";
}

bool is_json_media_type(const char *value, size_t length)
{
    static const char json[] = "application/json";
    struct span text = span_trim_ows((struct span){ value, length });

    if (!span_starts(text, json) && !span_starts_nocase(text, json))
        return false;
    text = span_trim_ows(span_skip(text, sizeof json - 1));
    return text.length == 0 || text.at[0] == ';';
}

void answer_media_type_check(const char *content_type, const struct masking *masking,
                             struct answer_breaches *breaches)
{
    if (content_type == NULL)
        answer_breach_add(breaches, "R6", "Content-Type is absent, application/json was expected");
    else if (!is_json_media_type(content_type, strlen(content_type)))
        answer_breach_add(breaches, "R6", "Content-Type is %s, application/json was expected",
                          mask_quoted(masking, content_type, strlen(content_type)).text);
}

/* jansson refuses an integer of more than 64 bits and a member that is there twice. Such a body is
 * parsed again with fewer checks, so that the rest can be judged. */
enum hm_code answer_parse(json_t **root, const char *body, size_t length, const char *clause,
                          const char *expected, struct answer_breaches *breaches,
                          struct hm_error *err)
{
    size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL;
    json_error_t error;

    *root = NULL;
    if (length == 0) {
        answer_breach_add(breaches, clause, "the body is empty, %s was expected", expected);
        return HM_OK;
    }
    if (json_values_count(body, length) > ANSWER_VALUES_MAX) {
        answer_breach_add(breaches, clause, "the body has more than %d JSON values",
                          ANSWER_VALUES_MAX);
        return HM_OK;
    }
    for (;;) {
        *root = json_loadb(body, length, flags, &error);
        if (*root != NULL)
            return HM_OK;
        if (json_fault_is_memory(&error, body, length))
            return no_memory(err);
        if (json_error_code(&error) == json_error_duplicate_key) {
            answer_breach_add(breaches, clause,
                              "the body has a duplicate member (line %d, column %d)", error.line,
                              error.column);
            flags &= ~(size_t)JSON_REJECT_DUPLICATES;
        } else if (json_error_code(&error) == json_error_numeric_overflow &&
                   (flags & JSON_DECODE_INT_AS_REAL) == 0) {
            flags |= JSON_DECODE_INT_AS_REAL;
        } else {
            answer_breach_add(breaches, clause, "the body is not JSON: %s (line %d, column %d)",
                              json_fault_unquote(&error), error.line, error.column);
            return HM_OK;
        }
    }
}

void answer_form_breach(json_t *root, const char *clause, const char *expected,
                        const struct masking *masking, struct answer_breaches *breaches)
{
    if (json_is_object(root) && json_object_size(root) > 0) {
        const char *key = json_object_iter_key(json_object_iter(root));

        answer_breach_add(breaches, clause,
                          "the body is an object with the member %s, %s was expected",
                          mask_quoted(masking, key, strlen(key)).text, expected);
    } else {
        answer_breach_add(breaches, clause, "the body is %s, %s was expected", json_type_name(root),
                          expected);
    }
}
