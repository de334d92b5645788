/* The report for CI: JUnit's XML as common viewers read it. One testcase for each thing that was
 * asked for, one for each kind of finding (a failure where --fail-on names it, else skipped with
 * its cure), one for the busiest minute, one for TLS handshakes where any failed. */
#include "run/run_report.h"

#include "support/text.h"
#include "tls/handshake.h"
#include <inttypes.h>
#include <string.h>

static void attribute(struct buf *out, const char *name, const char *value)
{
    buf_printf(out, " %s=\"", name);
    escape_xml(out, value, strlen(value));
    buf_putc(out, '"');
}

static void begin(struct buf *out, const char *class, const char *name)
{
    buf_puts(out, "  <testcase");
    attribute(out, "classname", class);
    attribute(out, "name", name);
    buf_puts(out, " time=\"0\"");
}

/* The one child that says how it ended, and the end. */
static void end_with(struct buf *out, const char *element, const char *message, const char *text)
{
    buf_printf(out, ">\n    <%s", element);
    attribute(out, "message", message);
    buf_putc(out, '>');
    escape_xml(out, text, strlen(text));
    buf_printf(out, "</%s>\n  </testcase>\n", element);
}

static void write_judgement(struct buf *out, const struct judgement *judgement)
{
    begin(out, "heymarket-mock run", judgement->name);
    if (judgement->is_met)
        buf_puts(out, "/>\n");
    else
        end_with(out, "failure", judgement->text, "");
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
    buf_printf(&message, "%s %llu time%s: %s",
               sum->severity == HM_REFUSES ? "refused" : "warned of", sum->times,
               sum->times == 1 ? "" : "s", row->cure);
    begin(out, "heymarket-mock findings", buf_text(&name));
    end_with(out, fails ? "failure" : "skipped", buf_text(&message), sum->message);
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
    begin(out, "heymarket-mock findings", "E4 busiest minute");
    buf_printf(&message,
               "%" PRIu64 " requests of one secret within 60 s; the documented limit is %d",
               report->busiest.requests, E4_REQUESTS_A_MINUTE);
    if (is_too_busy(report))
        end_with(out, "skipped", buf_text(&message), "");
    else
        buf_puts(out, "/>\n");
    buf_fini(&message);
}

/* No request came of them: what --fail-on names is none of them. */
static void write_handshakes(struct buf *out, const struct outcome *outcome)
{
    unsigned long long failed = handshakes_failed(&outcome->mock->handshakes);
    const char *reason = handshake_reason(&outcome->mock->handshakes);
    struct buf message;

    if (failed == 0)
        return;
    buf_init(&message, REPORT_BYTES_MAX);
    buf_printf(&message, "failed %llu time%s: ", failed, failed == 1 ? "" : "s");
    handshake_cure(&message, reason, outcome->options->is_tls);
    begin(out, "heymarket-mock findings", "TLS handshake");
    end_with(out, "skipped", buf_text(&message), reason);
    buf_fini(&message);
}

static size_t count_failures(const struct report *report, size_t *skipped)
{
    const struct outcome *outcome = report->outcome;
    size_t failures = 0;

    for (size_t i = 0; i < outcome->judgement_count; i++)
        failures += !outcome->judgements[i].is_met;
    *skipped = (size_t)is_too_busy(report) + (handshakes_failed(&outcome->mock->handshakes) > 0);
    for (size_t i = 0; i < report->finding_count; i++) {
        bool fails =
            outcome_fails_on(outcome, report->findings[i].mistake, report->findings[i].severity);

        failures += fails;
        *skipped += !fails;
    }
    return failures;
}

void report_junit(struct buf *out, const struct report *report)
{
    const struct outcome *outcome = report->outcome;
    size_t skipped, failures = count_failures(report, &skipped);
    size_t tests = outcome->judgement_count + report->finding_count + 1 +
                   (handshakes_failed(&outcome->mock->handshakes) > 0);

    buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
                  " <testsuite name=\"heymarket-mock run\"");
    buf_printf(out,
               " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\" time=\"%" PRId64
               ".%03" PRId64 "\" timestamp=\"",
               tests, failures, skipped, outcome->took_us / 1000000,
               outcome->took_us / 1000 % 1000);
    append_utc(out, outcome->started_s);
    buf_puts(out, "\">\n");
    for (size_t i = 0; i < outcome->judgement_count; i++)
        write_judgement(out, &outcome->judgements[i]);
    for (size_t i = 0; i < report->finding_count; i++)
        write_finding(out, report, &report->findings[i]);
    write_busiest(out, report);
    write_handshakes(out, outcome);
    buf_puts(out, "  <system-out>");
    escape_xml(out, buf_text(&report->command), report->command.length);
    buf_puts(out, "</system-out>\n </testsuite>\n</testsuites>\n");
}
