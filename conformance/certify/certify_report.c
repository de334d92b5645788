/* What client saw, as files. */
#include "certify/certify.h"
#include "report/junit.h"
#include "support/buf.h"
#include "support/report_dir.h"
#include "support/try.h"

enum { REPORT_BYTES_MAX = 1024 * 1024, NAME_BYTES_MAX = 512 };

static const char results_name[] = "results.json";
static const char junit_name[] = "junit.xml";

static bool is_failed(const struct certify_report *report, const struct certify_row *row)
{
    return row->verdict.result == CERTIFY_FAILED ||
           (row->verdict.result == CERTIFY_WARNED && report->is_strict);
}

static void row_write(struct buf *out, const struct certify_report *report,
                      const struct certify_row *row)
{
    struct buf name;

    buf_init(&name, NAME_BYTES_MAX);
    buf_printf(&name, "%s: %s", certify_row_name(row), certify_row_title(row));
    buf_puts(out, "    <testcase");
    junit_attribute(out, "name", buf_text(&name));
    junit_attribute(out, "classname", "heymarket.client");
    junit_time(out, row->time_ms);
    buf_puts(out, ">\n");
    buf_fini(&name);
    if (is_failed(report, row)) {
        junit_element(out, "failure", row->verdict.says, certify_row_clause(row));
    } else if (row->verdict.result == CERTIFY_UNSEEN) {
        junit_element(out, "skipped", row->verdict.says, NULL);
    } else if (row->verdict.result == CERTIFY_WARNED) {
        buf_puts(out, "      <system-out>");
        junit_text(out, row->verdict.says);
        buf_puts(out, "</system-out>\n");
    }
    buf_puts(out, "    </testcase>\n");
}

void certify_junit(struct buf *out, const struct certify_report *report)
{
    struct junit_figures figures = { .tests = report->row_count };

    for (size_t i = 0; i < report->row_count; i++) {
        figures.failures += is_failed(report, &report->rows[i]);
        figures.skipped += report->rows[i].verdict.result == CERTIFY_UNSEEN;
        figures.time_ms += report->rows[i].time_ms;
    }
    junit_begin(out, "heymarket-conformance client", &figures);
    buf_puts(out, "  <testsuite name=\"client\"");
    junit_figures_write(out, &figures);
    buf_printf(out, " skipped=\"%zu\"", figures.skipped);
    junit_timestamp(out, report->started_s);
    buf_puts(out, ">\n");
    for (size_t i = 0; i < report->row_count; i++)
        row_write(out, report, &report->rows[i]);
    buf_puts(out, "  </testsuite>\n</testsuites>\n");
}

enum hm_code certify_reports_prepare(const char *dir, struct hm_error *err)
{
    enum hm_code code;

    TRY(report_dir_claim(dir, err));
    TRY(report_dir_remove(dir, results_name, err));
    TRY(report_dir_remove(dir, junit_name, err));
out:
    return code;
}

static enum hm_code report_write(const char *dir, const char *name,
                                 void (*report_fn)(struct buf *out,
                                                   const struct certify_report *report),
                                 const struct certify_report *report, struct hm_error *err)
{
    enum hm_code code;
    struct buf text;

    buf_init(&text, REPORT_BYTES_MAX);
    report_fn(&text, report);
    code = buf_ok(&text) ? report_dir_write(dir, name, buf_text(&text), text.length, err)
                         : hm_error_set(err, HM_NO_MEMORY, "%s: out of memory", name);
    buf_fini(&text);
    return code;
}

enum hm_code certify_reports_write(const char *dir, const struct certify_report *report,
                                   struct hm_error *err)
{
    enum hm_code code;
    struct hm_error why;

    TRY(report_write(dir, junit_name, certify_junit, report, &why));
    TRY(report_write(dir, results_name, certify_json, report, &why));
out:
    if (code == HM_BAD_INPUT) /* nothing that was put in: the directory was fine before the run */
        code = HM_INTERNAL;
    return code == HM_OK ? HM_OK : hm_error_set(err, code, "%s", why.text);
}
