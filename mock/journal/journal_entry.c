#include "journal/journal.h"

#include "store/clock.h"
#include "support/json_text.h"
#include <string.h>

void journal_entry_write(struct buf *out, const struct journal_entry *entry, bool with_body)
{
    char time[CLOCK_UTC_TEXT];

    clock_utc(time, entry->time_s);
    buf_puts(out, "{\"v\":1,\"request_id\":\"");
    buf_puts(out, entry->request_id);
    buf_puts(out, "\",\"time\":\"");
    buf_puts(out, time);
    buf_puts(out, "\",\"at_us\":"); /* monotonic, since the mock started: for who measures waits */
    json_text_integer(out, entry->at_us);
    buf_puts(out, ",\"method\":");
    json_text_puts(out, entry->method);
    buf_puts(out, ",\"path\":");
    json_text_puts(out, entry->path);
    buf_puts(out, ",\"status\":");
    json_text_integer(out, entry->status);
    buf_puts(out, ",\"us\":");
    json_text_integer(out, entry->us);
    buf_puts(out, ",\"team\":");
    if (entry->has_team)
        json_text_integer(out, entry->team_id);
    else
        buf_puts(out, "null");
    buf_puts(out, ",\"contact\":");
    json_text_puts(out, entry->contact[0] == '\0' ? NULL : entry->contact);
    buf_puts(out, ",\"findings\":");
    buf_puts(out, entry->findings);
    buf_puts(out, entry->token);
    if (with_body) {
        buf_puts(out, ",\"body\":");
        buf_puts(out, entry->body);
        buf_puts(out, ",\"body_truncated\":");
        buf_puts(out, entry->is_body_whole ? "false" : "true");
    }
    buf_puts(out, ",\"fault\":");
    buf_puts(out, entry->fault);
    buf_putc(out, '}');
}

json_t *journal_entry_tree(const struct journal_entry *entry)
{
    json_t *tree = NULL;
    struct buf text;

    buf_init(&text, JOURNAL_BYTES_MAX);
    journal_entry_write(&text, entry, true);
    if (buf_ok(&text))
        tree = json_loadb(text.data, text.length, JSON_ALLOW_NUL, NULL);
    buf_fini(&text);
    return tree;
}
