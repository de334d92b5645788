/* The report for CI: JUnit's XML as common viewers read it. One testcase for each thing that was
 * asked for, one for each kind of finding (a failure where --fail-on names it, else skipped with
 * its cure), one for the busiest minute, one for TLS handshakes where any failed. */
#include "run/run_report_junit.h"

#include "contract/channel_rules.h"
#include "run/run_report_text.h"
#include "support/junit.h"
#include "tls/handshake.h"
#include <inttypes.h>

static const char findings_class[] = "heymarket-mock findings";

/* A test case that one element explains; NULL: it passed. */
static void case_write(struct buf *out, const char *class_name, const char *name,
                       const char *element, const char *message, const char *text)
{
    junit_case_begin(out, class_name, name, 0);
    if (element != NULL)
        junit_element(out, element, message, NULL, text);
    junit_case_end(out);
}

static void write_judgement(struct buf *out, const struct judgement *judgement)
{
    case_write(out, "heymarket-mock run", judgement->name, judgement->is_met ? NULL : "failure",
               judgement->text, NULL);
}

static void write_finding(struct buf *out, const struct report *report,
                          const struct finding_sum *sum)
{
    const struct hm_mistake_row *row = hm_mistake_row(sum->mistake);
    bool fails = outcome_fails_on(report->outcome, sum->mistake, sum->severity);
    struct buf name, message;

    buf_init(&name, REPORT_BYTES_MAX);
    buf_init(&message, REPORT_BYTES_MAX);
    buf_printf(&name, "%s %s", row->clause, row->code);
    report_times(&message, sum);
    buf_printf(&message, ": %s", row->cure);
    case_write(out, findings_class, buf_text(&name), fails ? "failure" : "skipped",
               buf_text(&message), sum->message);
    buf_fini(&name);
    buf_fini(&message);
}

static bool is_too_busy(const struct report *report)
{
    return report->busiest.requests > E4_REQUESTS_A_MINUTE;
}

static void write_busiest(struct buf *out, const struct report *report)
{
    struct buf message;

    buf_init(&message, REPORT_BYTES_MAX);
    buf_printf(&message,
               "%" PRIu64 " requests of one secret within 60 s; the documented limit is %d",
               report->busiest.requests, E4_REQUESTS_A_MINUTE);
    case_write(out, findings_class, "E4 busiest minute", is_too_busy(report) ? "skipped" : NULL,
               buf_text(&message), NULL);
    buf_fini(&message);
}

/* They made no request, so --fail-on does not apply. */
static void write_handshakes(struct buf *out, const struct outcome *outcome)
{
    unsigned long long failed = outcome_handshakes(outcome);
    const char *reason = handshake_reason(&outcome->mock->handshakes);
    struct buf message;

    if (failed == 0)
        return;
    buf_init(&message, REPORT_BYTES_MAX);
    buf_printf(&message, "failed %llu time%s: ", failed, failed == 1 ? "" : "s");
    outcome_handshake_cure(&message, outcome);
    case_write(out, findings_class, "TLS handshake", "skipped", buf_text(&message), reason);
    buf_fini(&message);
}

/* That nothing arrived is no failure: --expect asks for that. */
static void write_reach(struct buf *out, const struct reach *reach)
{
    const bool has_arrived = reach->kind == REACH_ARRIVED;

    case_write(out, findings_class, "interception", has_arrived ? NULL : "skipped",
               buf_text(&reach->why), buf_text(&reach->more));
}

static struct junit_figures figures_of(const struct report *report)
{
    const struct outcome *outcome = report->outcome;
    size_t handshakes = outcome_handshakes(outcome) > 0;
    struct junit_figures figures = {
        .tests = outcome->judgement_count + report->finding_count + 1 + handshakes +
                 (outcome->reach != NULL),
        .skipped = (size_t)is_too_busy(report) + handshakes +
                   (outcome->reach != NULL && outcome->reach->kind != REACH_ARRIVED),
        .time_ms = outcome->took_us / 1000,
    };

    for (size_t i = 0; i < outcome->judgement_count; i++)
        figures.failures += !outcome->judgements[i].is_met;
    for (size_t i = 0; i < report->finding_count; i++) {
        bool fails =
            outcome_fails_on(outcome, report->findings[i].mistake, report->findings[i].severity);

        figures.failures += fails;
        figures.skipped += !fails;
    }
    return figures;
}

void report_junit(struct buf *out, const struct report *report)
{
    const struct outcome *outcome = report->outcome;
    const struct junit_figures figures = figures_of(report);

    junit_begin(out, "heymarket-mock run", &figures);
    junit_suite_begin(out, "heymarket-mock run", &figures, outcome->started_s);
    buf_puts(out, ">\n");
    for (size_t i = 0; i < outcome->judgement_count; i++)
        write_judgement(out, &outcome->judgements[i]);
    for (size_t i = 0; i < report->finding_count; i++)
        write_finding(out, report, &report->findings[i]);
    write_busiest(out, report);
    write_handshakes(out, outcome);
    if (outcome->reach != NULL)
        write_reach(out, outcome->reach);
    buf_puts(out, "    <system-out>");
    junit_text(out, buf_text(&report->command));
    buf_puts(out, "</system-out>\n");
    junit_suite_end(out);
    junit_end(out);
}
