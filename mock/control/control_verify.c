#include "control/control_verify.h"

#include "control/bounds.h"
#include "control/control.h"
#include "control/verify_channels.h"
#include "control/where.h"
#include "journal/journal.h"
#include "store/clock.h"
#include "store/store.h"
#include "support/escape.h"
#include "support/json_text.h"
#include "support/no_memory.h"
#include "support/text.h"
#include "support/try.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    MATCHES_SHOWN_MAX = 10,
    MISSES_SHOWN_MAX = 3,
    MISS_VALUE_BYTES_MAX = 80,
    MISS_TEXT_BYTES_MAX = 64 * 1024
};

enum outcome { IS_VERIFIED, IS_REFUTED, IS_UNKNOWN };

/* Entries are the latest first. */
struct count {
    int64_t matched;
    size_t missed;
    unsigned long long dropped;
    struct journal_entry *matches[MATCHES_SHOWN_MAX], *misses[MISSES_SHOWN_MAX]; /* held */
};

/* Counts @entry, and keeps the hold on it if it will be shown. */
static enum hm_code count_one(struct count *count, const struct where *where,
                              struct journal_entry *entry, struct hm_error *err)
{
    json_t *tree = journal_entry_tree(entry);
    struct journal_entry **kept = NULL;

    if (tree == NULL) {
        journal_release(entry);
        return no_memory(err);
    }
    if (!where_matches(where, entry, tree))
        kept = count->missed < MISSES_SHOWN_MAX ? &count->misses[count->missed++] : NULL;
    else if (count->matched++ < MATCHES_SHOWN_MAX)
        kept = &count->matches[count->matched - 1];
    json_decref(tree);
    if (kept != NULL)
        *kept = entry;
    else
        journal_release(entry);
    return HM_OK;
}

/* Those that are lost on the way count as dropped. */
static enum hm_code count_all(struct count *count, const struct where *where,
                              struct journal *journal, struct hm_error *err)
{
    struct journal_reading reading;
    struct journal_entry *entry;
    enum hm_code code = HM_OK;

    journal_read_begin(&reading, journal);
    while (journal_read(&reading, &entry) == JOURNAL_ENTRY)
        TRY(count_one(count, where, entry, err));
    count->dropped = reading.dropped + (reading.next - reading.stop);
out:
    journal_read_end(&reading);
    return code;
}

static void count_fini(struct count *count)
{
    for (size_t i = 0; i < MATCHES_SHOWN_MAX; i++)
        journal_release(count->matches[i]);
    for (size_t i = 0; i < MISSES_SHOWN_MAX; i++)
        journal_release(count->misses[i]);
}

/* Each dropped exchange may have matched or not. */
static enum outcome judge(const struct count *count, const struct bounds *bounds)
{
    int64_t most = count->matched + (int64_t)count->dropped;

    if (bounds_hold(bounds, count->matched, most))
        return IS_VERIFIED;
    if (bounds_fail(bounds, count->matched, most))
        return IS_REFUTED;
    return IS_UNKNOWN;
}

/* The message has no character that JSON escapes. */
static void message_write(struct buf *out, enum outcome outcome, const struct count *count,
                          const struct bounds *bounds)
{
    buf_printf(out, ",\"error\":\"%s\",\"message\":\"%" PRId64 " %s%s, expected ",
               outcome == IS_UNKNOWN ? "journal_incomplete" : "not_verified", count->matched,
               count->matched == 1 ? "request matches" : "requests match",
               outcome == IS_UNKNOWN ? " in the journal" : "");
    bounds_describe(out, bounds);
    if (outcome == IS_REFUTED && count->matched == 0 && count->missed == 0)
        buf_puts(out, "; no request arrived since the start or the last reset");
    if (outcome == IS_UNKNOWN)
        buf_printf(out,
                   ", but %llu dropped requests could change the result: clear the journal "
                   "before the test, or raise --journal",
                   count->dropped);
    buf_putc(out, '"');
}

/* {"request_id":…,"time":…,"status":…,"contact":…, without the closing brace. */
static void entry_write(struct buf *out, const struct journal_entry *entry)
{
    char time[CLOCK_UTC_TEXT];

    clock_utc(time, entry->time_s);
    buf_printf(out, "{\"request_id\":\"%s\",\"time\":\"%s\",\"status\":%d,\"contact\":",
               entry->request_id, time, entry->status);
    json_text_puts(out, entry->contact[0] == '\0' ? NULL : entry->contact);
}

static void matches_write(struct buf *out, const struct count *count)
{
    buf_puts(out, ",\"matches\":[");
    for (int64_t i = 0; i < count->matched && i < MATCHES_SHOWN_MAX; i++) {
        buf_puts(out, i == 0 ? "" : ",");
        entry_write(out, count->matches[i]);
        buf_putc(out, '}');
    }
    buf_putc(out, ']');
}

static void value_quote(struct buf *out, json_t *value)
{
    char *text = json_is_string(value) ? NULL : json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    const char *shown = text == NULL ? json_string_value(value) : text;
    size_t length = text == NULL ? json_string_length(value) : strlen(text);
    bool is_cut = length > MISS_VALUE_BYTES_MAX;

    if (is_cut)
        length = utf8_cut(shown, MISS_VALUE_BYTES_MAX);
    buf_putc(out, '`');
    escape_terminal(out, shown == NULL ? "" : shown, length);
    buf_puts(out, is_cut ? "...`" : "`");
    free(text);
}

/* "`channel_type` was `sms`, expected `email`" */
static void difference_describe(struct buf *out, const struct condition *condition, json_t *found,
                                bool was_body_read)
{
    if (found != NULL) {
        buf_printf(out, "`%s` was ", condition->name);
        value_quote(out, found);
    } else if (where_is_of_body(condition) && !was_body_read) {
        buf_printf(out, "`%s` was not read, because the request was answered before its body",
                   condition->name);
    } else {
        buf_printf(out, "there was no `%s`", condition->name);
    }
    buf_puts(out, ", expected ");
    value_quote(out, condition->expected);
}

/* "same contact and channel_id, but " */
static void agreement_describe(struct buf *out, const char *const *names, size_t count)
{
    buf_puts(out, count == 0 ? "nothing agrees: " : "same ");
    for (size_t i = 0; i < count; i++) {
        buf_puts(out, i == 0 ? "" : i + 1 == count ? " and " : ", ");
        buf_puts(out, names[i]);
    }
    buf_puts(out, count == 0 ? "" : ", but ");
}

static void refusal_describe(struct buf *out, const struct journal_entry *entry)
{
    if (entry->status < 400 || entry->mistake_count == 0)
        return;
    buf_printf(out, " (it was refused with %d, %s %s)", entry->status,
               hm_mistake_row((enum hm_mistake)entry->mistakes[0])->clause,
               hm_mistake_row((enum hm_mistake)entry->mistakes[0])->code);
}

static void miss_write(struct buf *out, const struct where *where,
                       const struct journal_entry *entry)
{
    json_t *tree = journal_entry_tree(entry), *differences = json_array();
    bool was_body_read = !json_is_null(json_object_get(tree, "body"));
    const char *agreeing[WHERE_CONDITIONS_MAX];
    size_t agrees = 0, differs = 0;
    struct buf words, text;

    buf_init(&words, MISS_TEXT_BYTES_MAX);
    buf_init(&text, MISS_TEXT_BYTES_MAX);
    for (size_t i = 0; i < where->count; i++) {
        const struct condition *condition = &where->at[i];
        json_t *found = where_found(condition, entry, tree);

        if (where_agrees(where, condition, entry, found)) {
            agreeing[agrees++] = condition->name;
        } else {
            json_array_append_new(differences,
                                  json_pack("{s:s, s:O, s:O*}", "member", condition->name,
                                            "expected", condition->expected, "found", found));
            buf_puts(&words, differs++ == 0 ? "" : "; ");
            difference_describe(&words, condition, found, was_body_read);
        }
        json_decref(found);
    }
    agreement_describe(&text, agreeing, agrees);
    buf_puts(&text, buf_text(&words));
    if (json_is_true(json_object_get(tree, "body_truncated")))
        buf_puts(&text, " (its body is not kept whole)");
    refusal_describe(&text, entry);
    entry_write(out, entry);
    buf_printf(out, ",\"agrees\":%zu,\"of\":%zu,\"differences\":", agrees, where->count);
    json_text_tree(out, differences, JSON_COMPACT);
    buf_puts(out, ",\"text\":");
    json_text_string(out, buf_text(&text), text.length);
    buf_putc(out, '}');
    if (json_array_size(differences) != differs || !buf_ok(&text))
        out->status = BUF_NO_MEMORY;
    buf_fini(&words);
    buf_fini(&text);
    json_decref(differences);
    json_decref(tree);
}

/* One repeats the conditions, which may be as long as the request, so long ones are not repeated
 * again. */
static void misses_write(struct buf *out, const struct where *where, const struct count *count)
{
    buf_puts(out, ",\"misses\":[");
    for (size_t i = 0; i < count->missed && out->length < VERIFY_BYTES_ENOUGH; i++) {
        buf_puts(out, i == 0 ? "" : ",");
        miss_write(out, where, count->misses[i]);
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
    buf_printf(out, ",\"verified\":%s,\"matched\":%" PRId64 ",\"dropped\":%llu",
               outcome == IS_VERIFIED  ? "true"
               : outcome == IS_REFUTED ? "false"
                                       : "null",
               count->matched, count->dropped);
    bounds_write(out, bounds);
    matches_write(out, count);
    if (outcome != IS_VERIFIED && count->matched < bounds->least)
        misses_write(out, where, count);
    return statuses[outcome];
}

static enum step_result verify_answer(struct exchange *x)
{
    static const char *const members[] = { "where",   "channels", "at_least",
                                           "at_most", "exactly",  NULL };
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
    node = json_node_member(&root, "channels");
    if (node.value != NULL) {
        if (json_object_size(root.value) > 1)
            TRY(json_complain(&node, &err, "channels cannot be combined with other members"));
        TRY(verify_channels(&status, x, &node, &err));
        goto out;
    }
    TRY(bounds_read(&bounds, &root, &err));
    node = json_node_member(&root, "where");
    TRY(where_read(&where, &node, x->state->store, &err));
    TRY(count_all(&count, &where, x->sandbox->journal, &err));
    status = outcome_write(control_begin(x), &where, &count, &bounds);
out:
    count_fini(&count);
    where_fini(&where);
    json_file_fini(&file);
    return code == HM_OK ? control_answer(x, status) : control_fail(x, &err);
}

const struct operation op_verify = { .is_control = true,
                                     .steps = { control_write, verify_answer } };
