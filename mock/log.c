#include "log.h"

#include <inttypes.h>
#include <unistd.h>

void log_text(struct buf *out, struct exchange *x, int64_t us)
{
    char time[CLOCK_UTC_TEXT];

    clock_utc(time, x->now_s);
    buf_puts(out, time);
    buf_putc(out, ' ');
    exchange_write_method(out, x);
    buf_putc(out, ' ');
    exchange_write_path(out, x);
    buf_printf(out, " %d %" PRId64 "us", x->status, us);
    for (size_t i = 0; i < x->findings.count; i++) {
        const struct hm_mistake_row *row = hm_mistake_row(x->findings.at[i].mistake);

        buf_printf(out, "%s %s %s%s", i == 0 ? "" : ",", row->clause, row->code,
                   x->findings.at[i].severity == HM_WARNS ? " (warned)" : "");
    }
    buf_printf(out, " %s\n", x->request_id);
}

void log_json(struct buf *out, struct exchange *x, int64_t us)
{
    exchange_write_json(out, x, us, false);
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
