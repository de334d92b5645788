#include "log.h"

#include "journal.h"
#include <inttypes.h>
#include <unistd.h>

/* As it is told, with a duration of the caller's. */
static bool tell(struct buf *out, struct journal_entry *told, struct exchange *x, int64_t us)
{
    if (!exchange_tell(told, x)) {
        out->status = BUF_NO_MEMORY;
        return false;
    }
    told->us = us;
    return true;
}

void log_text(struct buf *out, struct exchange *x, int64_t us)
{
    char time[CLOCK_UTC_TEXT];
    struct journal_entry told;

    if (!tell(out, &told, x, us))
        return;
    clock_utc(time, told.time_s);
    buf_printf(out, "%s %s %s %d %" PRId64 "us", time, told.method, told.path, told.status,
               told.us);
    for (size_t i = 0; i < x->findings.count; i++) {
        const struct hm_mistake_row *row = hm_mistake_row(x->findings.at[i].mistake);

        buf_printf(out, "%s %s %s%s", i == 0 ? "" : ",", row->clause, row->code,
                   x->findings.at[i].severity == HM_WARNS ? " (warned)" : "");
    }
    buf_printf(out, " %s\n", told.request_id);
}

void log_json(struct buf *out, struct exchange *x, int64_t us)
{
    struct journal_entry told;

    if (!tell(out, &told, x, us))
        return;
    journal_entry_write(out, &told, false);
    buf_putc(out, '\n');
}

void log_exchange(struct exchange *x)
{
    if (x->mock->log == LOG_NONE)
        return;
    buf_clear(&x->scratch);
    if (x->mock->log == LOG_TEXT)
        log_text(&x->scratch, x, x->took_us);
    else
        log_json(&x->scratch, x, x->took_us);
    if (!buf_ok(&x->scratch) ||
        write(STDERR_FILENO, x->scratch.data, x->scratch.length) < (ssize_t)x->scratch.length)
        return; /* nobody to tell */
}
