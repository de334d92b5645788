#include "contract/channel_answer.h"

#include "contract/mask_write.h"
#include "contract/rfc3339.h"
#include "support/json_fault.h"
#include "support/json_node.h"
#include "support/no_memory.h"
#include "support/span.h"
#include "support/try.h"
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* [R2] The three integers; the last two are the contact's, the same in every element [R8]. */
static const struct integer_member {
    const char *name;
    size_t offset;
    bool is_shared;
} integers[] = {
    { "id", offsetof(struct hm_channel, id), false },
    { "team_id", offsetof(struct hm_channel, team_id), true },
    { "contact_id", offsetof(struct hm_channel, contact_id), true },
};
enum { INTEGER_COUNT = sizeof integers / sizeof integers[0] };

/* [R2] The six strings; two may be absent [R9], two are times [R5]. */
static const struct string_member {
    const char *name;
    size_t offset;
    bool is_optional;
    bool is_time;
} strings[] = {
    { "channel_type", offsetof(struct hm_channel, channel_type), false, false },
    { "channel_id", offsetof(struct hm_channel, channel_id), false, false },
    { "info_channel", offsetof(struct hm_channel, info_channel), true, false },
    { "channel_handle", offsetof(struct hm_channel, channel_handle), true, false },
    { "created", offsetof(struct hm_channel, created), false, true },
    { "updated", offsetof(struct hm_channel, updated), false, true },
};
enum { STRING_COUNT = sizeof strings / sizeof strings[0] };

/* What is known of an answer while its elements are judged. */
struct judge {
    struct answer_breaches *breaches;
    const struct masking *masking;
    struct {
        bool is_known;
        size_t index; /* of its element */
        int64_t value;
    } shared[INTEGER_COUNT]; /* [R8] */
    struct {
        size_t count;
        size_t first;
    } absent[STRING_COUNT]; /* [R9] */
};

/* R9 is a warning. */
static void complain(struct answer_breaches *breaches, const char *clause, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void complain(struct answer_breaches *breaches, const char *clause, const char *format, ...)
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

/* A JSON integer, also one that is written as 1.0. False: it is not one, or not within 64 bits. */
static bool to_integer(int64_t *out, const json_t *value)
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

/* What a value is that is not an integer. */
static const char *number_name(const json_t *value)
{
    if (!json_is_real(value))
        return json_type_name(value);
    return json_real_value(value) == floor(json_real_value(value))
               ? "an integer that does not fit into 64 bits"
               : "a number with a fraction";
}

static void integer_check(struct judge *judge, const json_t *element, size_t index, size_t which)
{
    const char *name = integers[which].name;
    const json_t *value = json_object_get(element, name);
    int64_t number;

    if (value == NULL) {
        complain(judge->breaches, "R2", "/%zu/%s is absent, an integer was expected", index, name);
    } else if (!to_integer(&number, value)) {
        complain(judge->breaches, "R2", "/%zu/%s is %s, an integer was expected", index, name,
                 number_name(value));
    } else if (integers[which].is_shared && !judge->shared[which].is_known) {
        judge->shared[which].is_known = true;
        judge->shared[which].index = index;
        judge->shared[which].value = number;
    } else if (integers[which].is_shared && number != judge->shared[which].value) {
        complain(judge->breaches, "R8",
                 "/%zu/%s is %" PRId64 " and /%zu/%s is %" PRId64
                 ", the same in all elements was expected",
                 index, name, number, judge->shared[which].index, name, judge->shared[which].value);
    }
}

static void string_check(struct judge *judge, const json_t *element, size_t index, size_t which)
{
    const char *name = strings[which].name;
    const json_t *value = json_object_get(element, name);

    if (value == NULL && strings[which].is_optional) {
        if (judge->absent[which].count++ == 0)
            judge->absent[which].first = index;
    } else if (value == NULL) {
        complain(judge->breaches, "R2", "/%zu/%s is absent, a string was expected", index, name);
    } else if (!json_is_string(value)) {
        complain(judge->breaches, "R2", "/%zu/%s is %s, a string was expected", index, name,
                 json_type_name(value));
    } else if (strings[which].is_time &&
               !rfc3339_read(NULL, json_string_value(value), json_string_length(value))) {
        complain(
            judge->breaches, "R5",
            "/%zu/%s is %s, an RFC 3339 time such as \"2024-04-16T00:00:00Z\" was expected", index,
            name,
            mask_quoted(judge->masking, json_string_value(value), json_string_length(value)).text);
    }
}

static void elements_check(const json_t *root, const struct masking *masking,
                           struct answer_breaches *breaches)
{
    struct judge judge = { .breaches = breaches, .masking = masking };
    size_t count = json_array_size(root);

    for (size_t index = 0; index < count; index++) {
        const json_t *element = json_array_get(root, index);

        if (!json_is_object(element)) {
            complain(breaches, "R2", "/%zu is %s, an object was expected", index,
                     json_type_name(element));
            continue;
        }
        for (size_t which = 0; which < INTEGER_COUNT; which++)
            integer_check(&judge, element, index, which);
        for (size_t which = 0; which < STRING_COUNT; which++)
            string_check(&judge, element, index, which);
    }
    for (size_t which = 0; which < STRING_COUNT; which++) { /* [R9] one warning a member */
        if (judge.absent[which].count > 0)
            complain(breaches, "R9", "%s is absent from %zu of %zu elements, the first is /%zu",
                     strings[which].name, judge.absent[which].count, count,
                     judge.absent[which].first);
    }
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

/* jansson refuses an integer of more than 64 bits and a member that is there twice. Such a body is
 * parsed again with fewer checks, so that the rest can be judged. */
static enum hm_code parse(json_t **root, const char *body, size_t length,
                          struct answer_breaches *breaches, struct hm_error *err)
{
    size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL;
    json_error_t error;

    for (;;) {
        *root = json_loadb(body, length, flags, &error);
        if (*root != NULL)
            return HM_OK;
        if (json_fault_is_memory(&error, body, length))
            return no_memory(err);
        if (json_error_code(&error) == json_error_duplicate_key) {
            complain(breaches, "R1", "the body has a duplicate member (line %d, column %d)",
                     error.line, error.column);
            flags &= ~(size_t)JSON_REJECT_DUPLICATES;
        } else if (json_error_code(&error) == json_error_numeric_overflow &&
                   (flags & JSON_DECODE_INT_AS_REAL) == 0) {
            flags |= JSON_DECODE_INT_AS_REAL;
        } else {
            complain(breaches, "R1", "the body is not JSON: %s (line %d, column %d)",
                     json_fault_unquote(&error), error.line, error.column);
            return HM_OK;
        }
    }
}

static void body_check(json_t *root, const struct masking *masking,
                       struct answer_breaches *breaches)
{
    if (json_is_array(root)) {
        elements_check(root, masking, breaches);
    } else if (json_is_object(root) && json_object_size(root) > 0) {
        const char *key = json_object_iter_key(json_object_iter(root));

        complain(breaches, "R1", "the body is an object with the member %s, an array was expected",
                 mask_quoted(masking, key, strlen(key)).text);
    } else {
        complain(breaches, "R1", "the body is %s, an array was expected", json_type_name(root));
    }
}

enum hm_code channel_answer_check(json_t **root, const char *content_type, const char *body,
                                  size_t length, const struct masking *masking,
                                  struct answer_breaches *breaches, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    json_t *parsed = NULL;

    breaches->count = 0;
    breaches->total = 0;
    if (content_type == NULL)
        complain(breaches, "R6", "Content-Type is absent, application/json was expected");
    else if (!is_json_media_type(content_type, strlen(content_type)))
        complain(breaches, "R6", "Content-Type is %s, application/json was expected",
                 mask_quoted(masking, content_type, strlen(content_type)).text);
    if (length == 0)
        complain(breaches, "R1", "the body is empty, an array was expected");
    else
        code = parse(&parsed, body, length, breaches, err);
    if (parsed != NULL)
        body_check(parsed, masking, breaches);
    if (root != NULL)
        *root = parsed;
    else
        json_decref(parsed);
    return code;
}

const struct answer_breach *channel_answer_breach(const struct answer_breaches *breaches)
{
    for (size_t i = 0; i < breaches->count; i++) {
        if (!breaches->at[i].is_warning)
            return &breaches->at[i];
    }
    return NULL;
}

static void channel_read(struct hm_channel *channel, const json_t *element)
{
    for (size_t i = 0; i < INTEGER_COUNT; i++) {
        int64_t *to = (int64_t *)(void *)((char *)channel + integers[i].offset);

        *to = 0;
        to_integer(to, json_object_get(element, integers[i].name));
    }
    for (size_t i = 0; i < STRING_COUNT; i++) {
        const char **to = (const char **)(void *)((char *)channel + strings[i].offset);
        const char *text = json_string_value(json_object_get(element, strings[i].name));

        *to = text != NULL ? text : "";
    }
}

enum hm_code channel_answer_take(struct hm_channel_list *list, json_t *root, struct hm_error *err)
{
    size_t size = json_array_size(root); /* 0: it is not an array */

    list->count = 0;
    list->at = NULL;
    list->storage = root;
    if (size == 0)
        return HM_OK;
    list->at = calloc(size, sizeof *list->at);
    if (list->at == NULL) {
        hm_channel_list_fini(list);
        return no_memory(err);
    }
    for (size_t i = 0; i < size; i++) {
        const json_t *element = json_array_get(root, i);

        if (json_is_object(element))
            channel_read(&list->at[list->count++], element);
    }
    return HM_OK;
}

void hm_channel_list_fini(struct hm_channel_list *list)
{
    free(list->at);
    json_decref(list->storage);
    list->count = 0;
    list->at = NULL;
    list->storage = NULL;
}
