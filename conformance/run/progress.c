#include "run/progress.h"
#include "support/buf.h"
#include "support/monotonic.h"
#include "target/pace.h"
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { LINE_BYTES_MAX = 256, COLUMNS_DEFAULT = 80 };

/* Return to the start of the line and erase it. */
static const char clear[] = "\r\033[K";

/* Most CI systems set CI; some have a terminal. */
static bool is_wanted(void)
{
    const char *ci = getenv("CI");
    const char *term = getenv("TERM");

    return isatty(STDERR_FILENO) && !(ci != NULL && *ci) && term != NULL && *term &&
           strcmp(term, "dumb") != 0;
}

static size_t columns(void)
{
    struct winsize size = { 0 };

    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col
                                                                           : COLUMNS_DEFAULT;
}

/* A line that cannot be written is shown the next time, or never. */
static void put(const char *text, size_t length)
{
    if (write(STDERR_FILENO, text, length) < 0)
        return;
}

void progress_begin(struct progress *progress, size_t total)
{
    progress->is_on = true;
    progress->is_terminal = is_wanted();
    progress->total = total;
    progress->started_ms = monotonic_ms();
    progress->shown_ms = 0;
}

void progress_describe(struct buf *out, const struct progress *progress, size_t done, size_t failed,
                       int64_t now_ms)
{
    enum { MS_IN_S = 1000, LEAST = 10 };
    const int64_t passed_ms = now_ms - progress->started_ms;

    buf_printf(out, "%zu/%zu", done, progress->total);
    if (failed > 0)
        buf_printf(out, ", %zu failed", failed);
    buf_printf(out, ", %lld s", (long long)(passed_ms / MS_IN_S));
    /* Fewer cases say little about the others. */
    if (done >= LEAST && done < progress->total)
        buf_printf(out, ", about %lld s left",
                   (long long)((passed_ms * (int64_t)(progress->total - done) / (int64_t)done +
                                MS_IN_S - 1) /
                               MS_IN_S));
}

void progress_show(struct progress *progress, const char *name, size_t done, size_t failed)
{
    const int64_t now = monotonic_ms();
    const int64_t after_ms = progress->is_terminal ? PROGRESS_AFTER_MS : PROGRESS_LINE_MS;
    const int64_t every_ms = progress->is_terminal ? PROGRESS_EVERY_MS : PROGRESS_LINE_MS;
    struct buf line;

    if (!progress->is_on || now - progress->started_ms < after_ms ||
        now - progress->shown_ms < every_ms)
        return;
    progress->shown_ms = now;
    buf_init(&line, LINE_BYTES_MAX);
    buf_puts(&line, progress->is_terminal ? clear : "");
    progress_describe(&line, progress, done, failed, now);
    buf_printf(&line, "  %s", name);
    if (progress->is_terminal) {
        const size_t most = columns() + sizeof clear - 2; /* the last column would wrap */

        put(buf_text(&line), line.length < most ? line.length : most);
    } else {
        buf_putc(&line, '\n');
        put(buf_text(&line), line.length);
    }
    buf_fini(&line);
}

void progress_hide(struct progress *progress)
{
    if (progress->is_terminal && progress->shown_ms > 0)
        put(clear, sizeof clear - 1);
    progress->shown_ms = progress->is_terminal ? 0 : progress->shown_ms;
}
