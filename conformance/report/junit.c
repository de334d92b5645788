#include "report/junit.h"
#include "support/text.h"
#include <string.h>

enum { MS_IN_S = 1000, TIME_BYTES_MAX = 64 };

void junit_text(struct buf *out, const char *words)
{
    escape_xml(out, words, strlen(words));
}

void junit_attribute(struct buf *out, const char *name, const char *words)
{
    buf_printf(out, " %s=\"", name);
    junit_text(out, words);
    buf_putc(out, '"');
}

void junit_time(struct buf *out, int64_t time_ms)
{
    buf_printf(out, " time=\"%.3f\"", (double)time_ms / MS_IN_S);
}

void junit_figures_write(struct buf *out, const struct junit_figures *figures)
{
    buf_printf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"", figures->tests,
               figures->failures, figures->errors);
    junit_time(out, figures->time_ms);
}

void junit_begin(struct buf *out, const char *name, const struct junit_figures *figures)
{
    buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
    junit_attribute(out, "name", name);
    junit_figures_write(out, figures);
    buf_puts(out, ">\n");
}

void junit_timestamp(struct buf *out, int64_t unix_s)
{
    struct buf time;

    buf_init(&time, TIME_BYTES_MAX);
    append_utc(&time, unix_s);
    buf_printf(out, " timestamp=\"%.19s\"", buf_text(&time));
    buf_fini(&time);
}

void junit_element(struct buf *out, const char *name, const char *message, const char *type)
{
    buf_printf(out, "      <%s", name);
    junit_attribute(out, "message", message);
    if (type)
        junit_attribute(out, "type", type);
    buf_puts(out, "/>\n");
}
