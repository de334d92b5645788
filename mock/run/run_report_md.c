/* Short, because a job has one page for all its steps: the result, what was wrong with its cure,
 * and a request that shows it again. */
#include "run/run_report_md.h"

#include "contract/channel_rules.h"
#include "contract/variables.h"
#include "run/run_report_text.h"
#include "support/escape.h"
#include "support/markdown.h"
#include "tls/handshake.h"
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FINDINGS_SHOWN_MAX = 50, BODY_SHOWN_MAX = 4096 };

static void write_counts(struct buf *out, const struct counts *counts)
{
    const struct {
        const atomic_ullong *count;
        const char *name;
    } columns[] = {
        { &counts->requests, "requests" },   { &counts->accepted, "accepted" },
        { &counts->at_fault, "refused" },    { &counts->warned, "with a warning" },
        { &counts->faults, "made to fail" }, { &counts->limited, "over the limit" },
    };
    const size_t count = sizeof columns / sizeof columns[0];

    for (size_t i = 0; i < count; i++)
        buf_printf(out, "| %s ", columns[i].name);
    buf_puts(out, "|\n");
    for (size_t i = 0; i < count; i++)
        buf_puts(out, "| ---: ");
    buf_puts(out, "|\n");
    for (size_t i = 0; i < count; i++)
        buf_printf(out, "| %llu ", (unsigned long long)atomic_load(columns[i].count));
    buf_puts(out, "|\n\n");
}

static void write_judgements(struct buf *out, const struct outcome *outcome)
{
    for (size_t i = 0; i < outcome->judgement_count; i++) {
        const struct judgement *judgement = &outcome->judgements[i];

        buf_puts(out, judgement->is_met ? "- met: " : "- **not met**: ");
        markdown_code(out, judgement->name);
        buf_puts(out, ", ");
        markdown_text(out, judgement->text);
        buf_putc(out, '\n');
    }
    buf_putc(out, '\n');
}

/* The first one with the finding that the journal still has; NULL: none. */
static const struct journal_entry *exchange_with(const struct report *report,
                                                 enum hm_mistake mistake)
{
    for (size_t i = 0; i < report->exchanges.count; i++) {
        const struct journal_entry *entry = report->exchanges.at[i];

        for (size_t j = 0; j < entry->mistake_count; j++) {
            if (entry->mistakes[j] == (unsigned short)mistake)
                return entry;
        }
    }
    return NULL;
}

/* The same request with a good token: a command for a shell. */
static void write_curl(struct buf *out, const struct journal_entry *entry)
{
    json_t *tree = journal_entry_tree(entry), *body = json_object_get(tree, "body");
    char *dumped = body == NULL || json_is_string(body) ? NULL : json_dumps(body, JSON_ENCODE_ANY);
    const char *sent = dumped != NULL ? dumped : json_string_value(body);
    struct buf command;

    buf_init(&command, REPORT_BYTES_MAX);
    buf_puts(&command, "curl -g --path-as-is -X ");
    escape_shell(&command, entry->text[ENTRY_METHOD]);
    buf_puts(&command, " \"$" VARIABLE_BASE_URL "\"");
    escape_shell(&command, entry->text[ENTRY_PATH]);
    buf_puts(&command, " -H \"Authorization: Bearer $(heymarket token sign)\"");
    if (sent != NULL && !json_is_null(body)) {
        buf_puts(&command, " -H 'Content-Type: application/json' --data-raw ");
        escape_shell(&command, sent);
    }
    if (entry->is_body_whole && (sent == NULL || strlen(sent) <= BODY_SHOWN_MAX)) {
        buf_puts(out, "The same request with a good token:\n\n");
        markdown_commands(out, buf_text(&command));
    }
    buf_fini(&command);
    free(dumped);
    json_decref(tree);
}

static void write_finding(struct buf *out, const struct report *report,
                          const struct finding_sum *sum)
{
    const struct hm_mistake_row *row = hm_mistake_row(sum->mistake);
    const struct journal_entry *entry = exchange_with(report, sum->mistake);
    char cure[HM_FINDING_TEXT], first[HM_FINDING_TEXT];

    buf_printf(out, "#### %s `%s`: ", row->clause, row->code);
    report_times(out, sum);
    buf_puts(out, "\n\n");
    report_sentence(cure, sizeof cure, row->cure);
    markdown_paragraph(out, cure);
    if (report_first_time(first, sum)) {
        buf_puts(out, "The first time: ");
        markdown_code(out, first);
        buf_puts(out, "\n\n");
    }
    if (entry == NULL)
        return;
    buf_puts(out, "Where: ");
    markdown_code(out, entry->text[ENTRY_METHOD]);
    buf_putc(out, ' ');
    markdown_code(out, entry->text[ENTRY_PATH]);
    buf_printf(out, ", answered %d, X-Request-Id <code>%s</code>\n\n", entry->status,
               entry->request_id);
    write_curl(out, entry);
}

static void write_findings(struct buf *out, const struct report *report)
{
    const char *reason = handshake_reason(&report->outcome->mock->handshakes);
    unsigned long long failed = outcome_handshakes(report->outcome);
    size_t shown = 0;
    struct buf cure;

    if (failed + report->finding_count == 0)
        return;
    buf_puts(out, "### What was wrong\n\n");
    if (failed > 0) {
        buf_init(&cure, HANDSHAKE_CURE_BYTES_MAX);
        outcome_handshake_cure(&cure, report->outcome);
        buf_printf(out, "#### TLS handshake: failed %llu time%s\n\n", failed,
                   failed == 1 ? "" : "s");
        markdown_text(out, buf_text(&cure));
        buf_puts(out, "\n\nThe last time: ");
        markdown_code(out, reason);
        buf_puts(out, "\n\n");
        buf_fini(&cure);
    }
    for (; shown < report->finding_count && shown < FINDINGS_SHOWN_MAX; shown++)
        write_finding(out, report, &report->findings[shown]);
    if (shown < report->finding_count)
        buf_printf(out, "%zu more findings are in the other reports.\n\n",
                   report->finding_count - shown);
}

/* The hosts that the command of --intercept asked for. */
static void write_hosts(struct buf *out, const struct reach *reach)
{
    const struct asked *asked = &reach->intercept->beside.asked;

    buf_puts(out, "### Hosts that the command asked for\n\n");
    for (size_t i = 0; i < asked->count; i++) {
        const struct asked_host *host = &asked->at[i];

        buf_puts(out, "- ");
        markdown_code(out, host->name);
        if (host->port != 0)
            buf_printf(out, " port %d", host->port);
        buf_printf(out, ": %s, %llu time%s\n", report_asked_words[host->result], host->times,
                   host->times == 1 ? "" : "s");
    }
    buf_putc(out, '\n');
}

void report_md(struct buf *out, const struct report *report)
{
    const char *word;
    struct buf sentences;

    buf_init(&sentences, REPORT_BYTES_MAX);
    report_verdict(&sentences, &word, report);
    buf_printf(out, "## heymarket-mock run: %s\n\n", word);
    markdown_paragraph(out, buf_text(&sentences));
    buf_fini(&sentences);
    write_counts(out, report->outcome->mock->counts);
    write_judgements(out, report->outcome);
    write_findings(out, report);
    if (report->outcome->reach != NULL)
        write_hosts(out, report->outcome->reach);
    if (report->busiest.requests > E4_REQUESTS_A_MINUTE)
        buf_printf(out,
                   "### Busiest minute\n\n%" PRIu64
                   " requests of one secret within 60 seconds; the documentation allows %d.\n\n",
                   report->busiest.requests, E4_REQUESTS_A_MINUTE);
    buf_puts(out, "<details><summary>The command</summary>\n\n");
    markdown_commands(out, buf_text(&report->command));
    buf_printf(
        out,
        "</details>\n\nheymarket-mock %s. These results are from the mock, not from the live "
        "API.\n",
        hm_version());
}
