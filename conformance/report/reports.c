#include "report/reports.h"
#include "report/report_html.h"
#include "report/report_json.h"
#include "report/report_junit.h"
#include "report/report_md.h"
#include "report/report_tap.h"
#include "report/report_text.h"
#include "support/annotations.h"
#include "support/report_dir.h"
#include "support/try.h"

enum { REPORT_BYTES_MAX = 256 * 1024 * 1024 };

static const char results_name[] = "results.json";
static const char junit_name[] = "junit.xml";
static const char page_name[] = "report.html";
static const char summary_name[] = "report.md";
static const char transcript_name[] = "transcript.ndjson";

typedef void (*report_fn)(struct buf *out, const struct suite_run *run,
                          const struct verdict *verdict);

enum hm_code report_print(enum report_format format, const struct suite_run *run,
                          const struct verdict *verdict, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct annotation_pause pause = { 0 };
    struct buf text;

    buf_init(&text, REPORT_BYTES_MAX);
    if (format == REPORT_TEXT) {
        annotations_pause(stdout, &pause);
        report_text(stdout, run, verdict);
        annotations_resume(stdout, &pause);
    } else if (format == REPORT_TAP) {
        report_tap(stdout, run, verdict);
    } else {
        report_json(&text, run, verdict);
        if (!buf_ok(&text))
            TRY(hm_error_set(err, HM_NO_MEMORY, "results: too large, or out of memory"));
        fwrite(buf_text(&text), 1, text.length, stdout); /* program_main() checks ferror() */
    }
out:
    buf_fini(&text);
    return code;
}

enum hm_code reports_prepare(const struct report_place *place, struct hm_error *err)
{
    static const char *const names[] = { results_name, junit_name,      page_name,
                                         summary_name, transcript_name, NULL };

    return report_dir_claim(place, names, err);
}

static enum hm_code report_write(const struct report_place *place, const char *name,
                                 report_fn report, const struct suite_run *run,
                                 const struct verdict *verdict, struct hm_error *err)
{
    struct buf text;

    buf_init(&text, REPORT_BYTES_MAX);
    report(&text, run, verdict);
    enum hm_code code = report_dir_write(place, name, &text, err);
    buf_fini(&text);
    return code;
}

/* The last line of an incomplete transcript says so. */
static enum hm_code transcript_write(const struct report_place *place, const struct suite_run *run,
                                     struct hm_error *err)
{
    const struct transcript *transcript = &run->transcript;
    enum hm_code code = HM_OK;
    struct buf text;

    buf_init(&text, (size_t)2 * TRANSCRIPT_BYTES_MAX);
    buf_add(&text, buf_text(&transcript->lines), transcript->lines.length);
    if (transcript->is_cut)
        buf_printf(&text, "{\"v\":1,\"truncated\":true,\"exchanges\":%zu}\n", transcript->count);
    code = report_dir_write(place, transcript_name, &text, err);
    buf_fini(&text);
    return code;
}

enum hm_code reports_write(const struct report_place *place, const struct suite_run *run,
                           const struct verdict *verdict, struct hm_error *err)
{
    enum hm_code code = HM_OK;

    TRY(transcript_write(place, run, err));
    TRY(report_write(place, junit_name, report_junit, run, verdict, err));
    TRY(report_write(place, page_name, report_html, run, verdict, err));
    TRY(report_write(place, summary_name, report_md, run, verdict, err));
    TRY(report_write(place, results_name, report_json, run, verdict, err));
out:
    return code;
}
