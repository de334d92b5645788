#include "fault/vary.h"

#include "support/buf.h"
#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { SLOW_MS = 300, NAMES_BYTES_MAX = 1024, TIME_BYTES = 40, INDENT = 2 };

enum variation {
    VARY_CHARSET,
    VARY_CHUNKED,
    VARY_CLOSE,
    VARY_HEADER_CASE,
    VARY_PLAIN_ERRORS,
    VARY_SLOW,
    VARY_FIRST_OF_BODY, /* those from here on rewrite the list */
    VARY_UNKNOWN_MEMBERS = VARY_FIRST_OF_BODY,
    VARY_SPARSE,
    VARY_NEWEST_FIRST,
    VARY_MEMBER_ORDER,
    VARY_FRACTIONS,
    VARY_OFFSETS,
    VARY_ESCAPED,
    VARY_INDENTED,
    VARY_COUNT
};

static const struct {
    const char *name;
    const char *clause;
    const char *says;
} rows[VARY_COUNT] = {
    [VARY_CHARSET] = { "charset", "R6", "Content-Type has a charset" },
    [VARY_CHUNKED] = { "chunked", "R6", "the body comes in chunks, without Content-Length" },
    [VARY_CLOSE] = { "close", "T8", "every answer closes its connection" },
    [VARY_HEADER_CASE] = { "header-case", "T4", "names of header fields are in lower case" },
    [VARY_PLAIN_ERRORS] = { "plain-errors", "E6", "the body of an error is plain text" },
    [VARY_SLOW] = { "slow", "T1", "every answer takes 300 ms longer" },
    [VARY_UNKNOWN_MEMBERS] = { "unknown-members", "R2", "channels have unknown members" },
    [VARY_SPARSE] = { "sparse", "R9", "info_channel and channel_handle are left out" },
    [VARY_NEWEST_FIRST] = { "newest-first", "R4", "the list begins with the newest channel" },
    [VARY_MEMBER_ORDER] = { "member-order", "R2", "members come in alphabetical order" },
    [VARY_FRACTIONS] = { "fractions", "R5", "times have fractions of a second" },
    [VARY_OFFSETS] = { "offsets", "R5", "times have a numeric offset" },
    [VARY_ESCAPED] = { "escaped", "R6", "characters beyond ASCII and slashes are escaped" },
    [VARY_INDENTED] = { "indented", "R6", "the JSON is indented" },
};

enum hm_code vary_add(unsigned *set, const char *name, struct hm_error *err)
{
    struct buf names;
    enum hm_code code;

    for (unsigned i = 0; i < VARY_COUNT; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            *set |= 1U << i;
            return HM_OK;
        }
    }
    buf_init(&names, NAMES_BYTES_MAX);
    for (unsigned i = 0; i < VARY_COUNT; i++)
        buf_printf(&names, "%s%s", i == 0 ? "" : ", ", rows[i].name);
    code =
        hm_error_set(err, HM_BAD_ARGUMENT, "--vary %s: expected one of %s", name, buf_text(&names));
    buf_fini(&names);
    return code;
}

void vary_list(FILE *out)
{
    for (unsigned i = 0; i < VARY_COUNT; i++)
        fprintf(out, "%-16s  %-3s  %s\n", rows[i].name, rows[i].clause, rows[i].says);
}

void vary_offer(struct offers *offers)
{
    for (unsigned i = 0; i < VARY_COUNT; i++)
        offer(offers, rows[i].name, rows[i].says);
}

static bool varies(const struct exchange *x, enum variation variation)
{
    return (x->mock->variations & 1U << variation) != 0;
}

/* "2024-04-16T00:00:00Z" -> "2024-04-16T00:00:00.250+00:00" */
static bool time_change(const struct exchange *x, json_t *channel, const char *name)
{
    const char *text = json_string_value(json_object_get(channel, name));
    char changed[TIME_BYTES];
    size_t length = text == NULL ? 0 : strlen(text);

    if (length == 0 || length + 10 >= sizeof changed || text[length - 1] != 'Z')
        return true;
    snprintf(changed, sizeof changed, "%.*s%s%s", (int)length - 1, text,
             varies(x, VARY_FRACTIONS) ? ".250" : "", varies(x, VARY_OFFSETS) ? "+00:00" : "Z");
    return json_object_set_new(channel, name, json_string(changed)) == 0;
}

static bool channel_change(const struct exchange *x, json_t *channel)
{
    if (varies(x, VARY_SPARSE)) {
        json_object_del(channel, "info_channel");
        json_object_del(channel, "channel_handle");
    }
    if (varies(x, VARY_UNKNOWN_MEMBERS) &&
        (json_object_set_new(channel, "verified", json_true()) != 0 ||
         json_object_set_new(channel, "labels", json_pack("[s, {s:n}]", "new", "of")) != 0 ||
         json_object_set_new(channel, "archived", json_null()) != 0))
        return false;
    return (!varies(x, VARY_FRACTIONS) && !varies(x, VARY_OFFSETS)) ||
           (time_change(x, channel, "created") && time_change(x, channel, "updated"));
}

static bool reverse(json_t *list)
{
    for (size_t i = json_array_size(list); i > 1; i--) {
        json_t *channel = json_incref(json_array_get(list, 0));

        if (json_array_remove(list, 0) != 0 || json_array_insert_new(list, i - 1, channel) != 0)
            return false;
    }
    return true;
}

static bool list_change(const struct exchange *x, json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (!channel_change(x, json_array_get(list, i)))
            return false;
    }
    return !varies(x, VARY_NEWEST_FIRST) || reverse(list);
}

/* A list, or one channel, written in another way that means the same. */
static void list_vary(struct exchange *x)
{
    struct answer *answer = &x->answer;

    if (answer_tree(answer) == NULL)
        return;
    answer->json_flags = JSON_ENCODE_ANY | /* [X2] */
                         (varies(x, VARY_INDENTED) ? JSON_INDENT(INDENT) : JSON_COMPACT) |
                         (varies(x, VARY_MEMBER_ORDER) ? JSON_SORT_KEYS : 0) |
                         (varies(x, VARY_ESCAPED) ? JSON_ENSURE_ASCII | JSON_ESCAPE_SLASH : 0);
    if (json_is_object(answer->tree) ? !channel_change(x, answer->tree)
                                     : !list_change(x, answer->tree)) {
        json_decref(answer->tree);
        answer->tree = NULL;
        answer->text.status = BUF_NO_MEMORY;
    }
}

void vary_answer(struct exchange *x)
{
    static const char refused[] = "refused\n";
    struct answer *answer = &x->answer;

    answer->delay_ms = varies(x, VARY_SLOW) ? SLOW_MS : 0;
    answer->must_close = answer->must_close || varies(x, VARY_CLOSE);
    answer->has_charset = varies(x, VARY_CHARSET);
    answer->has_lower_case_names = varies(x, VARY_HEADER_CASE);
    answer->is_chunked =
        varies(x, VARY_CHUNKED) && !answer->is_for_http_1_0 && !answer->is_for_head;
    if (answer->status < 300 && x->mock->variations >> VARY_FIRST_OF_BODY != 0)
        list_vary(x);
    if (answer->status >= 300 && varies(x, VARY_PLAIN_ERRORS)) {
        answer_set(answer, answer->status, refused, sizeof refused - 1, "");
        answer->content_type = "text/plain";
    }
}
