#include "judge/match_expect.h"
#include "cases/shape.h"
#include "contract/channel_answer.h"
#include "judge/life.h"
#include "judge/match_list.h"
#include "support/span.h"
#include "support/text.h"
#include "support/uuid.h"
#include <string.h>
#include <strings.h>

static bool is_status(const json_t *wanted, int status)
{
    const char *text = json_string_value(wanted);

    return text != NULL ? text[0] - '0' == status / 100 : json_integer_value(wanted) == status;
}

static int class_of(const json_t *wanted)
{
    const char *text = json_string_value(wanted);

    return text != NULL ? text[0] - '0' : (int)json_integer_value(wanted) / 100;
}

static void match_status(struct match *match, const struct expect *expect,
                         const struct round_trip *trip)
{
    json_t *wanted = json_object_get(expect->json, "status");
    size_t count = json_is_array(wanted) ? json_array_size(wanted) : 1;
    int status = trip->answer.status;

    match->verdict = MATCH_DIFFERS_IN_CLASS;
    buf_puts(&match->expected, "status ");
    for (size_t i = 0; i < count; i++) {
        const json_t *one = json_is_array(wanted) ? json_array_get(wanted, i) : wanted;

        buf_puts(&match->expected, i > 0 ? " or " : "");
        if (json_is_string(one))
            buf_puts(&match->expected, json_string_value(one));
        else
            buf_printf(&match->expected, "%" JSON_INTEGER_FORMAT, json_integer_value(one));
        if (is_status(one, status))
            match->verdict = MATCH_HOLDS;
        else if (class_of(one) == status / 100 && match->verdict != MATCH_HOLDS)
            match->verdict = MATCH_DIFFERS;
    }
    round_trip_describe(&match->actual, trip);
}

/* "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 §5.6.7). */
static bool is_http_date(const char *text, size_t length)
{
    static const char form[] = "Aaa, 00 Aaa 0000 00:00:00 GMT";

    if (length != sizeof form - 1)
        return false;
    for (size_t i = 0; i < length; i++) {
        bool is_digit = text[i] >= '0' && text[i] <= '9';
        bool is_letter = (text[i] >= 'A' && text[i] <= 'Z') || (text[i] >= 'a' && text[i] <= 'z');

        if (form[i] == '0'                     ? !is_digit
            : form[i] == 'A' || form[i] == 'a' ? !is_letter
                                               : text[i] != form[i])
            return false;
    }
    return true;
}

static bool is_of_form(const char *form, const char *value, size_t length)
{
    if (strcmp(form, "uuid") == 0)
        return uuid_is_valid(value, length);
    if (strcmp(form, "json") == 0)
        return is_json_media_type(value, length);
    return is_http_date(value, length);
}

/* Is @wanted a member of the comma list? */
static bool list_has(const char *value, size_t length, const char *wanted)
{
    size_t next;

    for (size_t start = 0; start <= length; start = next + 1) {
        for (next = start; next < length && value[next] != ',';)
            next++;
        if (span_is_nocase(span_trim_ows((struct span){ value + start, next - start }), wanted))
            return true;
    }
    return false;
}

static bool any_header_has(const struct round_trip *trip, const char *name, const char *wanted)
{
    const char *value;
    size_t length;

    for (size_t n = 0; http_answer_header(&trip->answer, name, n, &value, &length); n++) {
        if (list_has(value, length, wanted))
            return true;
    }
    return false;
}

static void match_header(struct match *match, const struct expect *expect,
                         const struct round_trip *other, const struct round_trip *trip)
{
    const char *name = member_text(expect->json, "header");
    const char *is = member_text(expect->json, "is");
    const char *has = member_text(expect->json, "has");
    const char *form = member_text(expect->json, "matches");
    bool is_absent = json_object_get(expect->json, "absent") != NULL;
    const char *value = NULL;
    const char *before = NULL;
    size_t length = 0;
    size_t before_length = 0;
    bool is_there = http_answer_header(&trip->answer, name, 0, &value, &length);
    bool holds = is_there != is_absent;

    buf_printf(&match->expected, "%sheader %s", is_absent ? "no " : "", name);
    if (is != NULL) {
        buf_printf(&match->expected, ": %s", is);
        holds = holds && length == strlen(is) && memcmp(value, is, length) == 0;
    }
    if (has != NULL) {
        buf_printf(&match->expected, " with %s", has);
        holds = holds && any_header_has(trip, name, has);
    }
    if (form != NULL) {
        buf_printf(&match->expected, " of the form %s", form);
        holds = holds && is_of_form(form, value, length);
    }
    if (json_object_get(expect->json, "differs_from") != NULL) {
        buf_printf(&match->expected, ", other than step %zu's", expect->other_step + 1);
        if (!http_answer_header(&other->answer, name, 0, &before, &before_length))
            before_length = 0;
        holds = holds && (length != before_length || strncasecmp(value, before, length) != 0);
    }
    if (is_there) {
        buf_printf(&match->actual, "%s: ", name);
        round_trip_quote(&match->actual, trip, value, length);
    } else {
        buf_printf(&match->actual, "status %d without header %s", trip->answer.status, name);
    }
    if (!holds)
        match->verdict = MATCH_DIFFERS;
}

static void match_body(struct match *match, const struct expect *expect,
                       const struct round_trip *trip)
{
    const char *wanted = member_text(expect->json, "body");
    bool holds = trip->body != NULL;

    if (strcmp(wanted, "array") == 0)
        holds = json_is_array(trip->body);
    else if (strcmp(wanted, "object") == 0)
        holds = json_is_object(trip->body);
    else if (strcmp(wanted, "empty") == 0)
        holds = trip->answer.body.length == 0;
    if (strcmp(wanted, "empty") == 0)
        buf_puts(&match->expected, "an empty body");
    else
        buf_printf(&match->expected, "a body that is JSON%s%s",
                   strcmp(wanted, "json") == 0 ? "" : ", an ",
                   strcmp(wanted, "json") == 0 ? "" : wanted);
    round_trip_describe(&match->actual, trip);
    if (!holds)
        match->verdict = MATCH_DIFFERS;
}

/* Copies one token of a JSON pointer, unescaped, to @key; returns the rest. */
static const char *pointer_next(struct buf *key, const char *pointer)
{
    buf_clear(key);
    buf_puts(key, "");
    for (pointer++; *pointer && *pointer != '/'; pointer++) {
        if (*pointer == '~' && pointer[1] != '\0')
            buf_putc(key, *++pointer == '0' ? '~' : '/');
        else
            buf_putc(key, *pointer);
    }
    return pointer;
}

/* The value at a JSON pointer (RFC 6901). Borrowed; NULL: none. */
static json_t *value_at(json_t *value, const char *pointer)
{
    struct buf key;
    int64_t index;

    buf_init(&key, MATCH_TEXT_MAX);
    while (value != NULL && *pointer) {
        pointer = pointer_next(&key, pointer);
        if (!json_is_array(value))
            value = json_object_get(value, buf_text(&key));
        else if (text_to_int64(&index, buf_text(&key), 0, INT32_MAX))
            value = json_array_get(value, (size_t)index);
        else
            value = NULL;
    }
    buf_fini(&key);
    return value;
}

static bool is_of_type(const json_t *value, const char *type)
{
    return (strcmp(type, "string") == 0 && json_is_string(value)) ||
           (strcmp(type, "integer") == 0 && json_is_integer(value)) ||
           (strcmp(type, "array") == 0 && json_is_array(value)) ||
           (strcmp(type, "object") == 0 && json_is_object(value));
}

static void match_at(struct match *match, const struct expect *expect,
                     const struct round_trip *other, const struct round_trip *trip,
                     struct case_marks *marks)
{
    const char *pointer = member_text(expect->json, "at");
    const char *type = member_text(expect->json, "type");
    json_t *is = json_object_get(expect->json, "is");
    json_t *wanted = is != NULL ? marks_expand_json(is, marks) : NULL;
    json_t *value = value_at(trip->body, pointer);
    bool holds = value != NULL;

    buf_printf(&match->expected, "%s is ", *pointer ? pointer : "the body");
    if (json_object_get(expect->json, "absent") != NULL) {
        holds = trip->body != NULL && value == NULL;
        buf_puts(&match->expected, "absent");
    } else if (wanted != NULL) {
        holds = json_equal(value, wanted);
        match_append(&match->expected, trip, wanted);
    } else if (type != NULL) {
        holds = is_of_type(value, type);
        buf_printf(&match->expected, "of type %s", type);
    } else if (json_object_get(expect->json, "differs_from") != NULL) {
        holds = holds && !json_equal(value, value_at(other->body, pointer));
        buf_printf(&match->expected, "other than in step %zu", expect->other_step + 1);
    } else {
        buf_puts(&match->expected, "there");
    }
    if (trip->body != NULL) {
        buf_printf(&match->actual, "%s is ", *pointer ? pointer : "the body");
        match_append(&match->actual, trip, value);
    } else {
        round_trip_describe(&match->actual, trip);
    }
    if (!holds)
        match->verdict = MATCH_DIFFERS;
    json_decref(wanted);
}

static void match_same_as(struct match *match, const struct expect *expect,
                          const struct round_trip *other, const struct round_trip *trip)
{
    const char *pointer = member_text(expect->json, "at");
    const char *of = member_text(expect->json, "of");
    json_t *before = value_at(other->body, of != NULL ? of : pointer);
    json_t *value = value_at(trip->body, pointer);

    if (before == NULL) {
        match->verdict = MATCH_VOID;
        return;
    }
    buf_printf(&match->expected, "%s as in step %zu: ", pointer, expect->other_step + 1);
    match_append(&match->expected, other, before);
    buf_printf(&match->actual, "%s is ", pointer);
    match_append(&match->actual, trip, value);
    if (!json_equal(before, value))
        match->verdict = MATCH_DIFFERS;
}

/* The mock's header has the form "J5 secret-key-alone; warned". */
static bool finding_is(const char *value, size_t length, const char *code)
{
    const char *space = memchr(value, ' ', length);

    if (space == NULL)
        return false;
    size_t rest = length - (size_t)(space + 1 - value);
    return rest >= strlen(code) && memcmp(space + 1, code, strlen(code)) == 0 &&
           (rest == strlen(code) || space[1 + strlen(code)] == ';');
}

static void match_hint(struct match *match, const struct expect *expect,
                       const struct round_trip *trip)
{
    const json_t *hint = json_object_get(expect->json, "hint");
    bool is_found = false;
    const char *value, *code;
    size_t length;
    size_t n;

    buf_puts(&match->expected, "the mock's finding is ");
    for (n = 0; (code = expect_hint(hint, n)) != NULL; n++)
        buf_printf(&match->expected, "%s%s", n > 0 ? " or " : "", code);
    if (n == 0)
        buf_puts(&match->expected, "none");
    for (n = 0; http_answer_header(&trip->answer, MATCH_FINDING_HEADER, n, &value, &length); n++) {
        for (size_t i = 0; !is_found && (code = expect_hint(hint, i)) != NULL; i++)
            is_found = finding_is(value, length, code);
        buf_puts(&match->actual, n > 0 ? ", " : "the mock's findings are ");
        round_trip_quote(&match->actual, trip, value, length);
    }
    if (n == 0) {
        buf_puts(&match->actual, "no finding; ");
        round_trip_describe(&match->actual, trip);
    }
    if (expect_hint(hint, 0) != NULL ? !is_found : n > 0)
        match->verdict = MATCH_DIFFERS;
}

void match_expect(struct match *match, const struct expect *expect, const struct round_trip *trips,
                  size_t step, struct case_marks *marks)
{
    const struct round_trip *trip = &trips[step];
    const struct round_trip *other = &trips[expect->other_step];

    switch (expect->kind) {
    case EXPECT_STATUS:
        match_status(match, expect, trip);
        break;
    case EXPECT_HEADER:
        match_header(match, expect, other, trip);
        break;
    case EXPECT_BODY:
        match_body(match, expect, trip);
        break;
    case EXPECT_AT:
        match_at(match, expect, other, trip, marks);
        break;
    case EXPECT_HOLDS:
        match_holds(match, expect, trip, marks);
        break;
    case EXPECT_KEEPS:
        match_keeps(match, expect, other, trip, marks);
        break;
    case EXPECT_GROWS:
        match_grows(match, expect, trips, step, marks);
        break;
    case EXPECT_SAME_AS:
        match_same_as(match, expect, other, trip);
        break;
    case EXPECT_TOKEN:
        match_token(match, expect, trips, step);
        break;
    case EXPECT_HINT:
        match_hint(match, expect, trip);
        break;
    }
    if (!round_trip_is_answered(trip)) {
        match->verdict = MATCH_DIFFERS_IN_CLASS;
        buf_clear(&match->actual);
        round_trip_describe(&match->actual, trip);
    }
}
