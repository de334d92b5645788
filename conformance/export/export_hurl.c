#include "export/export_hurl.h"
#include "cases/shape.h"
#include "support/hidden.h"
#include "support/text.h"
#include <limits.h>
#include <string.h>

const char export_hurl_how[] = "Run: hurl --test --variable NAME=VALUE ... FILE";

/* What is expected of the answer to one request. */
struct response {
    const struct export_entry *entry;
    json_int_t status; /* 0: any */
    struct buf status_clause;
    struct buf asserts; /* lines, with comments */
    bool has_asserts;
};

/* Appends text within a quoted string, a value or a body, which @delimiter ends (0: the line's
 * end). Escapes what would end it, begin a comment or a variable, or is not seen. */
static void append_text(struct buf *out, const char *text, size_t length, char delimiter)
{
    for (size_t i = 0; i < length; i++) {
        const char c = text[i];
        const size_t bytes = utf8_sequence(text + i, length - i);
        uint32_t code = (unsigned char)c;
        const size_t hidden = hidden_character(text + i, length - i, &code);

        if (c == '\\') {
            buf_puts(out, "\\\\");
        } else if (hidden > 0 || (unsigned char)c < ' ' || c == '#' || c == delimiter ||
                   (c == '{' && i + 1 < length && text[i + 1] == '{')) {
            buf_printf(out, "\\u{%x}", hidden > 0 ? (unsigned)code : (unsigned)(unsigned char)c);
            i += hidden > 0 ? hidden - 1 : 0;
        } else {
            buf_add(out, text + i, bytes > 0 ? bytes : 1);
            i += bytes > 0 ? bytes - 1 : 0;
        }
    }
}

static void append_quoted(struct buf *out, const char *text)
{
    buf_putc(out, '"');
    append_text(out, text, strlen(text), '"');
    buf_putc(out, '"');
}

static void assert_begin(struct response *response)
{
    response->has_asserts = true;
}

static void assert_end(struct response *response, const struct expect *expect)
{
    buf_puts(&response->asserts, " # ");
    export_clause(&response->asserts, expect);
    buf_putc(&response->asserts, '\n');
}

/* What hurl is not asked. */
static void remark(struct response *response, const struct expect *expect)
{
    buf_puts(&response->asserts, "# not checked here: ");
    export_expectation(&response->asserts, response->entry, expect);
    assert_end(response, expect);
}

static void assert_plain(struct response *response, const struct expect *expect, const char *text)
{
    assert_begin(response);
    buf_puts(&response->asserts, text);
    assert_end(response, expect);
}

static void assert_status(struct response *response, const struct expect *expect, const char *how,
                          json_int_t status)
{
    assert_begin(response);
    buf_printf(&response->asserts, "status %s %" JSON_INTEGER_FORMAT, how, status);
    assert_end(response, expect);
}

/* The least and the most status that one entry, 401 or "4xx", allows. */
static void range_of(const json_t *one, json_int_t *least, json_int_t *most)
{
    const char *text = json_string_value(one);
    const json_int_t first =
        text != NULL ? (json_int_t)(text[0] - '0') * 100 : json_integer_value(one);
    const json_int_t last = text != NULL ? first + 99 : first;

    *least = first < *least ? first : *least;
    *most = last > *most ? last : *most;
}

/* hurl has no list of statuses, so that one is a range, and the list is in a comment. */
static void expect_status(struct response *response, const struct expect *expect)
{
    const json_t *wanted = json_object_get(expect->json, "status");
    json_int_t least = INT_MAX;
    json_int_t most = 0;
    const json_t *one;
    size_t i;

    if (!json_is_array(wanted))
        range_of(wanted, &least, &most);
    json_array_foreach (wanted, i, one) {
        range_of(one, &least, &most);
    }
    if (least == most && response->status == 0) {
        response->status = least;
        export_clause(&response->status_clause, expect);
    } else if (least == most) {
        assert_status(response, expect, "==", least);
    } else {
        assert_status(response, expect, ">=", least);
        assert_status(response, expect, "<=", most);
    }
    if (json_array_size(wanted) > 2 ||
        (json_array_size(wanted) == 2 && most - least > 1 && most - least != 199))
        remark(response, expect);
}

static const char *form_regex(const char *form)
{
    if (strcmp(form, "uuid") == 0)
        return "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$";
    if (strcmp(form, "json") == 0)
        return "(?i)^application/([-a-z0-9.+_]*[+])?json *(;.*)?$";
    return "^[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT$";
}

static void expect_header(struct response *response, const struct expect *expect)
{
    struct buf *out = &response->asserts;
    const char *is = member_text(expect->json, "is");
    const char *has = member_text(expect->json, "has");
    const char *form = member_text(expect->json, "matches");

    if (json_object_get(expect->json, "differs_from") != NULL) {
        remark(response, expect);
        return;
    }
    assert_begin(response);
    buf_puts(out, "header ");
    append_quoted(out, member_text(expect->json, "header"));
    if (json_object_get(expect->json, "absent") != NULL) {
        buf_puts(out, " not exists");
    } else if (is != NULL) {
        buf_puts(out, " == ");
        append_quoted(out, is);
    } else if (has != NULL) {
        buf_puts(out, " matches \"(?i)(^|,) *");
        append_text(out, has, strlen(has), '"');
        buf_puts(out, " *(,|$)\"");
    } else if (form != NULL) {
        buf_puts(out, " matches ");
        append_quoted(out, form_regex(form));
    } else {
        buf_puts(out, " exists");
    }
    assert_end(response, expect);
}

static void expect_body(struct response *response, const struct expect *expect)
{
    const char *wanted = member_text(expect->json, "body");

    if (strcmp(wanted, "empty") == 0) {
        assert_plain(response, expect, "bytes count == 0");
        return;
    }
    assert_plain(response, expect, "jsonpath \"$\" exists");
    if (strcmp(wanted, "array") == 0)
        assert_plain(response, expect, "body matches \"^\\\\s*\\\\[\"");
    else if (strcmp(wanted, "object") == 0)
        assert_plain(response, expect, "body matches \"^\\\\s*\\\\{\"");
}

/* "/0/contact_id" -> $[0].contact_id. False: a name that needs quotes. */
static bool append_path(struct buf *out, const char *pointer)
{
    buf_putc(out, '$');
    while (*pointer == '/') {
        const size_t length = strcspn(++pointer, "/");
        const bool is_index = length > 0 && strspn(pointer, "0123456789") == length;

        if (!is_index && (length == 0 || strspn(pointer, "abcdefghijklmnopqrstuvwxyz_") < length))
            return false;
        buf_printf(out, is_index ? "[%.*s]" : ".%.*s", (int)length, pointer);
        pointer += length;
    }
    return true;
}

/* Appends " == VALUE". False: not a value that hurl compares. */
static bool append_equal(struct buf *out, const json_t *value)
{
    if (json_is_string(value)) {
        buf_puts(out, " == ");
        append_quoted(out, json_string_value(value));
        return strlen(json_string_value(value)) == json_string_length(value);
    }
    if (json_is_integer(value))
        buf_printf(out, " == %" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_boolean(value))
        buf_puts(out, json_is_true(value) ? " == true" : " == false");
    else if (json_is_null(value))
        buf_puts(out, " == null");
    else
        return false;
    return true;
}

/* Appends the predicate for the value at a pointer. False: hurl has none. */
static bool append_predicate(struct buf *out, const struct expect *expect, struct case_marks *marks)
{
    const char *type = member_text(expect->json, "type");
    json_t *is = json_object_get(expect->json, "is");
    json_t *wanted = is != NULL ? marks_expand_json(is, marks) : NULL;
    bool is_possible = true;

    if (json_object_get(expect->json, "absent") != NULL)
        buf_puts(out, " not exists");
    else if (is != NULL)
        is_possible = append_equal(out, wanted);
    else if (type == NULL)
        buf_puts(out, " exists");
    else if (strcmp(type, "string") == 0 || strcmp(type, "integer") == 0)
        buf_puts(out, strcmp(type, "string") == 0 ? " isString" : " isInteger");
    else if (strcmp(type, "array") == 0)
        buf_puts(out, " isCollection");
    else
        is_possible = false;
    json_decref(wanted);
    return is_possible && json_object_get(expect->json, "differs_from") == NULL;
}

static void expect_at(struct response *response, const struct expect *expect)
{
    struct buf line;

    buf_init(&line, EXPORT_FILE_BYTES_MAX);
    buf_puts(&line, "jsonpath \"");
    bool is_possible = append_path(&line, member_text(expect->json, "at"));

    buf_putc(&line, '"');
    if (is_possible && append_predicate(&line, expect, response->entry->marks) && buf_ok(&line))
        assert_plain(response, expect, buf_text(&line));
    else
        remark(response, expect);
    if (!buf_ok(&line))
        response->asserts.status = BUF_NO_MEMORY;
    buf_fini(&line);
}

static bool is_member(const json_t *channel, const char *name, const char *text)
{
    const char *found = member_text(channel, name);

    return found != NULL && strcmp(found, text) == 0;
}

/* Does a step of the case send the ID with another type? Then there may be more with this ID. */
static bool has_other_type(struct response *response, const char *type, const char *id)
{
    const struct test_case *test = response->entry->test;
    bool has_other = false;

    for (size_t i = 0; i < test->step_count && !has_other; i++) {
        json_t *body = json_object_get(test->steps[i].request, "body");
        json_t *sent = body != NULL ? marks_expand_json(body, response->entry->marks) : NULL;

        has_other = is_member(sent, "channel_id", id) && !is_member(sent, "channel_type", type);
        json_decref(sent);
    }
    return has_other;
}

/* hurl's filters have one condition, so a channel is found by its ID. */
static void assert_holds(struct response *response, const struct expect *expect, const char *type,
                         const char *id)
{
    static const char filter[] = "jsonpath \"$[?(@.channel_id == '";
    struct buf *out = &response->asserts;
    const json_t *times = json_object_get(expect->json, "times");
    const bool is_exact = times != NULL && !has_other_type(response, type, id);

    assert_begin(response);
    buf_printf(out, "%s%s')]\" count %s %" JSON_INTEGER_FORMAT, filter, id,
               is_exact ? "==" : ">=", times != NULL ? json_integer_value(times) : 1);
    assert_end(response, expect);
    buf_printf(out, "%s%s')].channel_type\" includes ", filter, id);
    append_quoted(out, type);
    assert_end(response, expect);
    if (times != NULL && !is_exact)
        remark(response, expect);
}

static void expect_holds(struct response *response, const struct expect *expect)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "@.-_+:/ ";
    const json_t *times = json_object_get(expect->json, "times");
    json_t *wanted = json_object_get(expect->json, "holds");
    json_t *channel = json_is_string(wanted) ? json_incref(response->entry->message.sent)
                                             : marks_expand_json(wanted, response->entry->marks);
    const char *type = member_text(channel, "channel_type");
    const char *id = member_text(channel, "channel_id");

    if (type == NULL || id == NULL || !*id || id[strspn(id, plain)] != '\0' ||
        strlen(type) < json_string_length(json_object_get(channel, "channel_type"))) {
        remark(response, expect);
    } else if (times != NULL && json_integer_value(times) == 0) {
        assert_begin(response);
        buf_printf(&response->asserts, "body not contains \"%s\"", id);
        assert_end(response, expect);
    } else {
        assert_holds(response, expect, type, id);
    }
    json_decref(channel);
}

static void expect_append(struct response *response, const struct expect *expect)
{
    if (!export_is_asserted(response->entry, expect)) {
        remark(response, expect);
        return;
    }
    switch (expect->kind) {
    case EXPECT_STATUS:
        expect_status(response, expect);
        break;
    case EXPECT_HEADER:
        expect_header(response, expect);
        break;
    case EXPECT_BODY:
        expect_body(response, expect);
        break;
    case EXPECT_AT:
        expect_at(response, expect);
        break;
    case EXPECT_HOLDS:
        expect_holds(response, expect);
        break;
    case EXPECT_KEEPS:
    case EXPECT_GROWS:
    case EXPECT_SAME_AS:
    case EXPECT_TOKEN:
    case EXPECT_HINT:
        remark(response, expect);
        break;
    }
}

static void append_body(struct buf *out, const struct buf *body)
{
    if (body->length == 0)
        return;
    if (utf8_prefix(buf_text(body), body->length) == body->length) {
        buf_putc(out, '`');
        append_text(out, buf_text(body), body->length, '`');
        buf_puts(out, "`\n");
        return;
    }
    buf_puts(out, "hex,");
    for (size_t i = 0; i < body->length; i++)
        buf_printf(out, "%02x", (unsigned char)buf_text(body)[i]);
    buf_puts(out, ";\n");
}

static void append_request(struct buf *out, const struct export_entry *entry)
{
    const struct message *message = &entry->message;

    export_title(out, "# ", entry);
    buf_printf(out, "%s %s\n", step_text(&entry->bare, "method"), buf_text(&message->url));
    for (size_t i = 0; i < entry->authorization.count; i++) {
        const char *value = entry->authorization.at[i];
        const char *rest;

        buf_puts(out, "Authorization: ");
        for (; (rest = strstr(value, "{{")) != NULL; value = strstr(rest, "}}") + 2) {
            append_text(out, value, (size_t)(rest - value), '\0');
            buf_add(out, rest, (size_t)(strstr(rest, "}}") + 2 - rest));
        }
        append_text(out, value, strlen(value), '\0');
        buf_putc(out, '\n');
    }
    for (size_t i = 0; i < message->header_count; i++) {
        buf_printf(out, "%s: ", message->headers[i].name);
        append_text(out, message->headers[i].value, strlen(message->headers[i].value), '\0');
        buf_putc(out, '\n');
    }
    append_body(out, &message->body);
}

bool export_hurl(struct buf *out, const struct export_entry *entry)
{
    struct response response = { .entry = entry };

    buf_init(&response.status_clause, HM_ERROR_TEXT);
    buf_init(&response.asserts, EXPORT_FILE_BYTES_MAX);
    append_request(out, entry);
    for (size_t i = 0; i < entry->bare.expect_count; i++) {
        if (export_is_expected(entry, &entry->bare.expects[i]))
            expect_append(&response, &entry->bare.expects[i]);
    }
    if (response.status > 0)
        buf_printf(out, "HTTP %" JSON_INTEGER_FORMAT " # %s\n", response.status,
                   buf_text(&response.status_clause));
    else
        buf_puts(out, "HTTP *\n");
    if (response.has_asserts)
        buf_puts(out, "[Asserts]\n");
    buf_puts(out, buf_text(&response.asserts));
    if (!buf_ok(&response.asserts) || !buf_ok(&response.status_clause))
        out->status = BUF_NO_MEMORY;
    buf_fini(&response.status_clause);
    buf_fini(&response.asserts);
    return true;
}
