/* POST /_mock/verify: were there as many exchanges of a kind as expected, and if not, which came
 * closest? */
#include "control/control_parts.h"

#include "control/miss.h"
#include "journal/journal.h"
#include "store/store.h"
#include "support/json_text.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <inttypes.h>
#include <stdio.h>

enum { MATCHES_SHOWN_MAX = 10, MESSAGE_BYTES = 256 };

/* How many there should be. */
struct bounds {
    int64_t least, most; /* most -1: any number */
};

enum outcome { IS_VERIFIED, IS_REFUTED, IS_UNKNOWN };

struct count {
    int64_t matched;
    unsigned long long dropped;
    struct misses misses;
    const struct journal_entry *matches[MATCHES_SHOWN_MAX]; /* the newest */
};

static enum hm_code bounds_read(struct bounds *bounds, const struct json_node *root,
                                struct hm_error *err)
{
    struct json_node most = json_node_member(root, "at_most");
    enum hm_code code;

    *bounds = (struct bounds){ most.value == NULL ? 1 : 0, -1 };
    TRY(json_get_integer(root, "at_least", JSON_OPTIONAL, 0, INT64_MAX, &bounds->least, err));
    TRY(json_get_integer(root, "at_most", JSON_OPTIONAL, 0, INT64_MAX, &bounds->most, err));
    if (most.value != NULL && bounds->most < bounds->least)
        TRY(json_complain(&most, err, "at_most is less than at_least"));
out:
    return code;
}

/* Goes through them, the newest first. */
static enum hm_code count_all(struct count *count, const struct where *where,
                              const struct journal_view *view, struct hm_error *err)
{
    count->dropped = view->dropped;
    for (size_t i = view->count; i > 0; i--) {
        const struct journal_entry *entry = view->at[i - 1];
        json_t *tree = journal_entry_tree(entry);
        struct resemblance resemblance;

        if (tree == NULL)
            return no_memory(err);
        resemblance = where_compare(where, entry, tree);
        if (!resemblance.is_match)
            misses_add(&count->misses, entry, &resemblance);
        else if (count->matched++ < MATCHES_SHOWN_MAX)
            count->matches[count->matched - 1] = entry;
        json_decref(tree);
    }
    return HM_OK;
}

/* Any number of the dropped ones may have matched, or none. */
static enum outcome judge(const struct count *count, const struct bounds *bounds)
{
    int64_t most = count->matched + (int64_t)count->dropped;
    bool has_most = bounds->most >= 0;

    if (count->matched >= bounds->least && (!has_most || most <= bounds->most))
        return IS_VERIFIED;
    if (most < bounds->least || (has_most && count->matched > bounds->most))
        return IS_REFUTED;
    return IS_UNKNOWN;
}

static void bounds_say(char *out, size_t size, const struct bounds *bounds)
{
    if (bounds->most < 0)
        snprintf(out, size, "at least %" PRId64, bounds->least);
    else if (bounds->least == bounds->most)
        snprintf(out, size, "exactly %" PRId64, bounds->least);
    else if (bounds->least == 0)
        snprintf(out, size, "at most %" PRId64, bounds->most);
    else
        snprintf(out, size, "%" PRId64 " to %" PRId64, bounds->least, bounds->most);
}

static void message_write(struct buf *out, enum outcome outcome, const struct count *count,
                          const struct bounds *bounds)
{
    char expected[64], message[MESSAGE_BYTES];
    const char *verb = count->matched == 1 ? "exchange matches" : "exchanges match";

    bounds_say(expected, sizeof expected, bounds);
    if (outcome == IS_UNKNOWN)
        snprintf(message, sizeof message,
                 "%" PRId64
                 " %s among those kept, expected %s, but %llu were dropped, which could change "
                 "it: clear the journal before the test, or raise --journal",
                 count->matched, verb, expected, count->dropped);
    else
        snprintf(message, sizeof message, "%" PRId64 " %s, expected %s", count->matched, verb,
                 expected);
    buf_puts(out, outcome == IS_UNKNOWN ? ",\"error\":\"journal_incomplete\",\"message\":"
                                        : ",\"error\":\"not_verified\",\"message\":");
    json_text_puts(out, message);
}

static void matches_write(struct buf *out, const struct count *count)
{
    buf_puts(out, ",\"matches\":[");
    for (int64_t i = 0; i < count->matched && i < MATCHES_SHOWN_MAX; i++) {
        buf_puts(out, i == 0 ? "" : ",");
        entry_write_name(out, count->matches[i]);
        buf_putc(out, '}');
    }
    buf_putc(out, ']');
}

static int outcome_write(struct buf *out, const struct where *where, const struct count *count,
                         const struct bounds *bounds)
{
    static const int statuses[] = { 200, 422, 409 };
    enum outcome outcome = judge(count, bounds);

    if (outcome != IS_VERIFIED)
        message_write(out, outcome, count, bounds);
    buf_printf(out,
               ",\"verified\":%s,\"matched\":%" PRId64 ",\"dropped\":%llu,\"at_least\":%" PRId64,
               outcome == IS_VERIFIED  ? "true"
               : outcome == IS_REFUTED ? "false"
                                       : "null",
               count->matched, count->dropped, bounds->least);
    if (bounds->most >= 0)
        buf_printf(out, ",\"at_most\":%" PRId64, bounds->most);
    matches_write(out, count);
    if (outcome != IS_VERIFIED && count->matched < bounds->least)
        misses_write(out, &count->misses, where);
    return statuses[outcome];
}

static enum step_result verify_answer(struct exchange *x)
{
    static const char *const members[] = { "where", "at_least", "at_most", NULL };
    struct journal_view view = { 0 };
    struct json_file file = { 0 };
    struct where where = { 0 };
    struct count count = { 0 };
    struct hm_error err = { 0 };
    struct json_node root, node;
    struct bounds bounds;
    int status = 500;
    enum hm_code code;

    TRY(control_body_parse(&file, x, &err));
    root = json_node_root(&file);
    TRY(json_expect_object(&root, members, &err));
    TRY(bounds_read(&bounds, &root, &err));
    node = json_node_member(&root, "where");
    TRY(where_read(&where, &node, x->state->store, &err));
    if (!journal_view_take(&view, x->mock->journal))
        TRY(no_memory(&err));
    TRY(count_all(&count, &where, &view, &err));
    status = outcome_write(control_begin(x), &where, &count, &bounds);
out:
    journal_view_fini(&view);
    where_fini(&where);
    json_file_fini(&file);
    return code == HM_OK ? control_answer(x, status) : control_fail(x, &err);
}

static const step_fn steps[] = { control_write, verify_answer, NULL };

const struct operation op_verify = { "verify", true, steps };
