#include "control/miss.h"

#include "store/clock.h"
#include "support/json_text.h"
#include <stdlib.h>
#include <string.h>

enum { TEXT_BYTES_MAX = 64 * 1024 };

void misses_add(struct misses *misses, const struct journal_entry *entry,
                const struct resemblance *resemblance)
{
    size_t at = misses->count;

    while (at > 0 && misses->at[at - 1].resemblance.score < resemblance->score)
        at--;
    if (at == MISSES_SHOWN_MAX)
        return;
    if (misses->count < MISSES_SHOWN_MAX)
        misses->count++;
    memmove(&misses->at[at + 1], &misses->at[at], (misses->count - at - 1) * sizeof misses->at[0]);
    misses->at[at] = (struct miss){ entry, *resemblance };
}

static bool is_agreed(const struct miss *miss, size_t i)
{
    return (miss->resemblance.agrees >> i & 1) != 0;
}

/* "same contact and channel_id, but " */
static void agreement_say(struct buf *out, const struct miss *miss, const struct where *where)
{
    size_t left = 0, said = 0;

    for (size_t i = 0; i < where->count; i++)
        left += is_agreed(miss, i);
    buf_puts(out, left == 0 ? "nothing agrees: " : "same ");
    for (size_t i = 0; i < where->count; i++) {
        if (!is_agreed(miss, i))
            continue;
        left--;
        buf_puts(out, said++ == 0 ? "" : left == 0 ? " and " : ", ");
        buf_puts(out, where->at[i].name);
    }
    buf_puts(out, said == 0 ? "" : ", but ");
}

static void value_say(struct buf *out, json_t *value)
{
    char *text = json_is_string(value) ? NULL : json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    const char *shown = text == NULL ? json_string_value(value) : text;
    size_t length = text == NULL ? json_string_length(value) : strlen(text);
    bool is_cut = length > MISS_VALUE_BYTES_MAX;

    if (is_cut)
        length = MISS_VALUE_BYTES_MAX;
    while (is_cut && length > 0 && ((unsigned char)shown[length] & 0xC0) == 0x80)
        length--;
    buf_putc(out, '`');
    escape_terminal(out, shown == NULL ? "" : shown, length);
    buf_puts(out, is_cut ? "...`" : "`");
    free(text);
}

/* "`channel_type` was `sms`, expected `email`" */
static void difference_say(struct buf *out, const struct condition *condition, json_t *found,
                           bool was_body_read)
{
    if (found == NULL && where_is_of_body(condition) && !was_body_read)
        buf_printf(out, "`%s` was not read, for the request was answered before its body",
                   condition->name);
    else if (found == NULL)
        buf_printf(out, "there was no `%s`", condition->name);
    else
        buf_printf(out, "`%s` was ", condition->name);
    if (found != NULL)
        value_say(out, found);
    buf_puts(out, ", expected ");
    value_say(out, condition->expected);
}

/* Why it was refused, for whoever expected it not to be. */
static void refusal_say(struct buf *out, const struct journal_entry *entry)
{
    if (entry->status < 400 || entry->mistake_count == 0)
        return;
    buf_printf(out, " (it was refused with %d, %s %s)", entry->status,
               hm_mistake_row((enum hm_mistake)entry->mistakes[0])->clause,
               hm_mistake_row((enum hm_mistake)entry->mistakes[0])->code);
}

static void value_write(struct buf *out, const char *name, json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

    buf_puts(out, name);
    buf_puts(out, text == NULL ? "null" : text);
    free(text);
}

static void difference_write(struct buf *out, const struct condition *condition, json_t *found)
{
    buf_puts(out, "{\"member\":");
    json_text_puts(out, condition->name);
    value_write(out, ",\"expected\":", condition->expected);
    if (found != NULL)
        value_write(out, ",\"found\":", found);
    buf_putc(out, '}');
}

static void differences_write(struct buf *out, struct buf *words, const struct miss *miss,
                              const struct where *where, json_t *tree)
{
    bool was_body_read = !json_is_null(json_object_get(tree, "body"));
    size_t said = 0;

    for (size_t i = 0; i < where->count; i++) {
        json_t *found;

        if (is_agreed(miss, i))
            continue;
        found = where_found(&where->at[i], miss->entry, tree);
        buf_puts(words, said == 0 ? "" : "; ");
        difference_say(words, &where->at[i], found, was_body_read);
        buf_puts(out, said++ == 0 ? "" : ",");
        difference_write(out, &where->at[i], found);
        json_decref(found);
    }
    if (json_is_true(json_object_get(tree, "body_truncated")))
        buf_puts(words, " (its body is not kept whole)");
}

void entry_write_name(struct buf *out, const struct journal_entry *entry)
{
    char time[CLOCK_UTC_TEXT];

    clock_utc(time, entry->time_s);
    buf_puts(out, "{\"request_id\":");
    json_text_puts(out, entry->request_id);
    buf_puts(out, ",\"time\":");
    json_text_puts(out, time);
    buf_printf(out, ",\"status\":%d,\"contact\":", entry->status);
    json_text_puts(out, entry->contact[0] == '\0' ? NULL : entry->contact);
}

static void miss_write(struct buf *out, const struct miss *miss, const struct where *where)
{
    json_t *tree = journal_entry_tree(miss->entry);
    struct buf words;
    size_t agreed = 0;

    buf_init(&words, TEXT_BYTES_MAX);
    for (size_t i = 0; i < where->count; i++)
        agreed += is_agreed(miss, i);
    entry_write_name(out, miss->entry);
    buf_printf(out, ",\"agrees\":%zu,\"of\":%zu,\"differences\":[", agreed, where->count);
    agreement_say(&words, miss, where);
    differences_write(out, &words, miss, where, tree);
    refusal_say(&words, miss->entry);
    buf_puts(out, "],\"text\":");
    json_text_string(out, buf_text(&words), words.length);
    buf_putc(out, '}');
    buf_fini(&words);
    json_decref(tree);
}

void misses_write(struct buf *out, const struct misses *misses, const struct where *where)
{
    buf_puts(out, ",\"misses\":[");
    for (size_t i = 0; i < misses->count; i++) {
        buf_puts(out, i == 0 ? "" : ",");
        miss_write(out, &misses->at[i], where);
    }
    buf_putc(out, ']');
}
