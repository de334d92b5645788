#include "support/junit.h"
#include "support/escape.h"
#include "support/text.h"
#include <string.h>

void junit_text(struct buf *out, const char *text)
{
    escape_markup(out, text, strlen(text));
}

void junit_attribute(struct buf *out, const char *name, const char *value)
{
    buf_printf(out, " %s=\"", name);
    junit_text(out, value);
    buf_putc(out, '"');
}

static void time_write(struct buf *out, int64_t time_ms)
{
    buf_printf(out, " time=\"%.3f\"", (double)time_ms / 1000);
}

static void figures_write(struct buf *out, const struct junit_figures *figures)
{
    buf_printf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"", figures->tests,
               figures->failures, figures->errors);
    time_write(out, figures->time_ms);
}

void junit_begin(struct buf *out, const char *name, const struct junit_figures *figures)
{
    buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
    junit_attribute(out, "name", name);
    figures_write(out, figures);
    buf_puts(out, ">\n");
}

void junit_end(struct buf *out)
{
    buf_puts(out, "</testsuites>\n");
}

void junit_suite_begin(struct buf *out, const char *name, const struct junit_figures *figures,
                       int64_t unix_s)
{
    struct buf time;

    buf_init(&time, 64);
    append_utc(&time, unix_s);
    buf_puts(out, "  <testsuite");
    junit_attribute(out, "name", name);
    figures_write(out, figures);
    /* Without its Z, which some schemas refuse. */
    buf_printf(out, " skipped=\"%zu\" timestamp=\"%.19s\"", figures->skipped, buf_text(&time));
    buf_fini(&time);
}

void junit_suite_end(struct buf *out)
{
    buf_puts(out, "  </testsuite>\n");
}

void junit_case_begin(struct buf *out, const char *class_name, const char *name, int64_t time_ms)
{
    buf_puts(out, "    <testcase");
    junit_attribute(out, "name", name);
    junit_attribute(out, "classname", class_name);
    time_write(out, time_ms);
    buf_puts(out, ">\n");
}

void junit_case_end(struct buf *out)
{
    buf_puts(out, "    </testcase>\n");
}

void junit_element(struct buf *out, const char *name, const char *message, const char *type,
                   const char *text)
{
    buf_printf(out, "      <%s", name);
    junit_attribute(out, "message", message);
    if (type != NULL)
        junit_attribute(out, "type", type);
    if (text == NULL || *text == '\0') {
        buf_puts(out, "/>\n");
        return;
    }
    buf_putc(out, '>');
    junit_text(out, text);
    buf_printf(out, "</%s>\n", name);
}
