#include "journal/log.h"

#include "journal/journal_capture.h"
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { LOG_PATIENCE_MS = 1000 };

void log_text(struct buf *out, struct exchange *x, int64_t us)
{
    char time[CLOCK_UTC_TEXT];
    struct journal_entry entry;

    if (!journal_entry_fill(&entry, x)) {
        out->status = BUF_NO_MEMORY;
        return;
    }
    clock_utc(time, entry.time_s);
    buf_printf(out, "%s %s %s %d %" PRId64 "us", time, entry.text[ENTRY_METHOD],
               entry.text[ENTRY_PATH], entry.status, us);
    for (size_t i = 0; i < x->findings.count; i++) {
        const struct hm_mistake_row *row = hm_mistake_row(x->findings.at[i].mistake);

        buf_printf(out, "%s %s %s%s", i == 0 ? "" : ",", row->clause, row->code,
                   x->findings.at[i].severity == HM_WARNS ? " (warned)" : "");
    }
    buf_printf(out, " %s\n", entry.request_id);
}

void log_json(struct buf *out, struct exchange *x, int64_t us)
{
    struct journal_entry entry;

    if (!journal_entry_fill(&entry, x)) {
        out->status = BUF_NO_MEMORY;
        return;
    }
    entry.us = us;
    journal_entry_write(out, &entry, false);
    buf_putc(out, '\n');
}

/* Can stderr take a line? Waits for a slow reader, but only once for one that does not read at all
 * (a pipe that a test harness never empties). */
static bool is_writable(void)
{
    static atomic_bool was_stuck;
    struct pollfd log = { .fd = STDERR_FILENO, .events = POLLOUT };
    bool is_stuck = poll(&log, 1, atomic_load(&was_stuck) ? 0 : LOG_PATIENCE_MS) == 0;

    atomic_store(&was_stuck, is_stuck);
    return !is_stuck;
}

/* A pipe that is ready takes PIPE_BUF bytes without blocking, so longer lines go in pieces. */
void log_line(const char *line, size_t length)
{
    static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
    ssize_t sent = 1;

    pthread_mutex_lock(&turn);
    for (size_t at = 0; at < length && sent > 0 && is_writable(); at += (size_t)sent) {
        size_t left = length - at;

        sent = write(STDERR_FILENO, line + at, left < PIPE_BUF ? left : PIPE_BUF);
    }
    pthread_mutex_unlock(&turn);
}

void log_exchange(struct exchange *x)
{
    if (x->mock->log == LOG_NONE)
        return;
    buf_clear(&x->answer.text);
    if (x->mock->log == LOG_TEXT)
        log_text(&x->answer.text, x, x->took_us);
    else
        log_json(&x->answer.text, x, x->took_us);
    if (buf_ok(&x->answer.text))
        log_line(x->answer.text.data, x->answer.text.length);
}
