/* The report for people: one page, in the style of the suite's. Verdict first, then what was wrong
 * with its cure, how fast, how old the tokens were, and the last exchanges. */
#include "run/run_report_html.h"

#include "contract/channel_rules.h"
#include "journal/counts.h"
#include "run/run_report_text.h"
#include "support/page.h"
#include "support/text.h"
#include "tls/handshake.h"
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_TEXT = 320, NEAR_LIMIT = E4_REQUESTS_A_MINUTE * 4 / 5 };

static unsigned long long figure(const atomic_ullong *count)
{
    return atomic_load(count);
}

/* A bar of @part in a @whole, as wide as its place. No style: the page's policy allows none. */
static void write_bar(struct buf *out, enum page_tone tone, double part, double whole)
{
    static const char *const tones[] = { "good", "warn", "bad", "neutral" };
    double width = whole > 0 ? 100 * part / whole : 0;

    buf_printf(out,
               "<svg class=\"%s\" width=\"100%%\" height=\"12\" viewBox=\"0 0 100 12\" "
               "preserveAspectRatio=\"none\" role=\"presentation\">"
               "<rect width=\"100\" height=\"12\" rx=\"1\" fill=\"var(--none-bg)\"/>"
               "<rect width=\"%.2f\" height=\"12\" rx=\"1\" fill=\"var(--tone)\"/></svg>",
               tones[tone], width > 100 ? 100 : width);
}

/* A row of a table: name, bar, number. */
static void write_bar_row(struct buf *out, struct page_table *table, const char *name,
                          enum page_tone tone, unsigned long long count, unsigned long long whole)
{
    char number[24];

    snprintf(number, sizeof number, "%llu", count);
    page_row_begin(out, table, NULL);
    page_cell(out, table, name);
    page_cell_begin(out, table);
    write_bar(out, tone, (double)count, (double)whole);
    page_cell_end(out);
    page_cell(out, table, number);
    page_row_end(out);
}

static void write_duration(struct buf *out, int64_t us)
{
    if (us < 1000000)
        buf_printf(out, "%" PRId64 " ms", us / 1000);
    else
        buf_printf(out, "%" PRId64 ".%" PRId64 " s", us / 1000000, us / 100000 % 10);
}

static void write_verdict(struct buf *out, const struct report *report)
{
    const char *word;
    struct buf text;

    buf_init(&text, REPORT_BYTES_MAX);
    enum page_tone tone = report_verdict(&text, &word, report);
    page_banner(out, tone, word, buf_text(&text));
    buf_fini(&text);
}

static void write_figures(struct buf *out, const struct counts *counts)
{
    unsigned long long at_fault = figure(&counts->at_fault), warned = figure(&counts->warned);

    page_figures_begin(out);
    page_figure(out, PAGE_NEUTRAL, figure(&counts->requests),
                figure(&counts->requests) == 1 ? "request" : "requests");
    page_figure(out, PAGE_GOOD, figure(&counts->accepted), "accepted");
    page_figure(out, at_fault > 0 ? PAGE_BAD : PAGE_NEUTRAL, at_fault, "refused");
    page_figure(out, warned > 0 ? PAGE_WARN : PAGE_NEUTRAL, warned, "with a warning");
    page_figure(out, PAGE_NEUTRAL, figure(&counts->limited), "over the limit");
    page_figure(out, PAGE_NEUTRAL, figure(&counts->faults), "made to fail");
    page_figures_end(out);
}

static void write_run(struct buf *out, const struct report *report)
{
    const struct outcome *outcome = report->outcome;
    struct buf text;

    buf_init(&text, REPORT_BYTES_MAX);
    page_section_begin(out, "run", "The run");
    page_lines(out, NULL, buf_text(&report->command), report->command.length);
    page_facts_begin(out);
    append_utc(&text, outcome->started_s);
    page_fact(out, "Started", buf_text(&text));
    buf_clear(&text);
    write_duration(&text, outcome->took_us);
    page_fact(out, "Took", buf_text(&text));
    for (size_t i = 0; i < outcome->judgement_count; i++) {
        const struct judgement *judgement = &outcome->judgements[i];

        buf_clear(&text);
        buf_printf(&text, "%s: %s", judgement->is_met ? "met" : "not met", judgement->text);
        page_fact(out, judgement->name, buf_text(&text));
    }
    page_facts_end(out);
    page_section_end(out);
    buf_fini(&text);
}

static void write_finding(struct buf *out, const struct finding_sum *sum)
{
    const struct hm_mistake_row *row = hm_mistake_row(sum->mistake);
    enum page_tone tone = sum->severity == HM_REFUSES ? PAGE_BAD : PAGE_WARN;
    char heading[LINE_TEXT], cure[HM_FINDING_TEXT], first[HM_FINDING_TEXT];
    struct buf text;

    buf_init(&text, REPORT_BYTES_MAX);
    snprintf(heading, sizeof heading, "%s %s", row->clause, row->code);
    report_times(&text, sum);
    page_card_begin(out, tone, NULL, heading);
    page_badge(out, tone, buf_text(&text));
    report_sentence(cure, sizeof cure, row->cure);
    page_paragraph(out, cure);
    if (report_first_time(first, sum)) {
        buf_clear(&text);
        buf_printf(&text, "The first time: %s.", first);
        page_note(out, buf_text(&text));
    }
    page_card_end(out);
    buf_fini(&text);
}

/* No request came of them, so there is no finding. */
static void write_handshakes(struct buf *out, const struct outcome *outcome)
{
    unsigned long long failed = outcome_handshakes(outcome);
    const char *reason = handshake_reason(&outcome->mock->handshakes);
    char times[LINE_TEXT], sentence[HANDSHAKE_CURE_BYTES_MAX];
    struct buf cure;

    if (failed == 0)
        return;
    buf_init(&cure, HANDSHAKE_CURE_BYTES_MAX);
    outcome_handshake_cure(&cure, outcome);
    report_sentence(sentence, sizeof sentence, buf_text(&cure));
    snprintf(times, sizeof times, "failed %llu time%s", failed, plural(failed));
    page_card_begin(out, PAGE_WARN, NULL, "TLS handshake");
    page_badge(out, PAGE_WARN, times);
    page_paragraph(out, sentence);
    snprintf(times, sizeof times, "The last time: %s.", reason);
    page_note(out, times);
    page_card_end(out);
    buf_fini(&cure);
}

static void write_findings(struct buf *out, const struct report *report)
{
    page_section_begin(out, "findings", "What was wrong");
    write_handshakes(out, report->outcome);
    for (size_t i = 0; i < report->finding_count; i++)
        write_finding(out, &report->findings[i]);
    if (report->finding_count == 0 && outcome_handshakes(report->outcome) == 0)
        page_paragraph(out, figure(&report->outcome->mock->counts->requests) == 0
                                ? "Nothing was asked."
                                : "Nothing: no request had a finding.");
    page_section_end(out);
}

/* The hosts that the command of --intercept asked for. */
static void write_hosts(struct buf *out, const struct reach *reach)
{
    static const char *const columns[] = { "Host", "Port", "", "Times", NULL };
    const struct asked *asked = &reach->intercept->beside.asked;
    struct page_table table;
    char number[24];

    page_section_begin(out, "hosts", "Hosts that the command asked for");
    if (reach->more.length > 0)
        page_lines(out, NULL, buf_text(&reach->more), reach->more.length);
    page_table_begin(out, &table, columns);
    for (size_t i = 0; i < asked->count; i++) {
        const struct asked_host *host = &asked->at[i];

        page_row_begin(out, &table, NULL);
        page_cell(out, &table, host->name);
        snprintf(number, sizeof number, "%d", host->port);
        page_cell(out, &table, host->port == 0 ? "" : number);
        page_cell(out, &table, report_asked_words[host->result]);
        snprintf(number, sizeof number, "%llu", host->times);
        page_cell(out, &table, number);
        page_row_end(out);
    }
    page_table_end(out);
    page_section_end(out);
}

static const char *status_name(int status)
{
    switch (status / 100) {
    case 0:
        return "no answer";
    case 2:
        return "accepted";
    case 4:
        return status == 429 ? "wait" : "refused";
    case 5:
        return "server's fault";
    default:
        return "";
    }
}

static enum page_tone status_tone(int status)
{
    return status / 100 == 2 ? PAGE_GOOD : status == 429 ? PAGE_WARN : PAGE_BAD;
}

static void write_answers(struct buf *out, const struct counts *counts)
{
    static const char *const columns[] = { "Answer", "", "Requests", NULL };
    unsigned long long requests = figure(&counts->requests);
    struct page_table table;
    char text[LINE_TEXT];

    if (requests == 0)
        return;
    page_section_begin(out, "answers", "What was answered");
    page_table_begin(out, &table, columns);
    for (int status = 0; status < STATUSES; status++) {
        unsigned long long count = figure(&counts->statuses[status]);

        if (count == 0)
            continue;
        snprintf(text, sizeof text, "%d %s", status, status_name(status));
        write_bar_row(out, &table, status == 0 ? status_name(status) : text, status_tone(status),
                      count, requests);
    }
    page_table_end(out);
    page_section_end(out);
}

static enum page_tone age_tone(size_t range)
{
    if (token_age_ranges[range].from_s == INT64_MIN || token_age_ranges[range].to_s == INT64_MAX)
        return PAGE_BAD;
    return token_age_ranges[range].from_s >= 240 ? PAGE_WARN : PAGE_GOOD;
}

static void write_ages(struct buf *out, const struct counts *counts)
{
    static const char *const columns[] = { "Age", "", "Requests", NULL };
    const struct token_ages *ages = &counts->ages;
    unsigned long long uses = token_ages_uses(ages);
    long long oldest = atomic_load(&ages->oldest_good_s);
    struct page_table table;
    char text[LINE_TEXT];

    if (uses == 0)
        return;
    page_section_begin(out, "tokens", "Token life");
    page_paragraph(out, "A token lives five minutes from its iat.");
    snprintf(text, sizeof text,
             "The oldest one that was accepted was %lld s old and had %lld s left.", oldest,
             HM_TOKEN_LIFE_S - oldest);
    if (figure(&counts->accepted) > 0)
        page_note(out, text);
    page_table_begin(out, &table, columns);
    for (size_t i = 0; i < TOKEN_AGE_RANGES; i++)
        write_bar_row(out, &table, token_age_ranges[i].name, age_tone(i), figure(&ages->uses[i]),
                      uses);
    page_table_end(out);
    page_section_end(out);
}

static void write_busiest(struct buf *out, const struct report *report)
{
    uint64_t requests = report->busiest.requests;
    bool is_over = requests > E4_REQUESTS_A_MINUTE;
    char text[LINE_TEXT];

    if (requests == 0)
        return;
    page_section_begin(out, "busiest", "Busiest minute");
    snprintf(text, sizeof text,
             "%" PRIu64 " request%s of one secret within 60 seconds; the documentation allows %d. "
             "%s",
             requests, plural(requests), E4_REQUESTS_A_MINUTE,
             is_over ? "The live API would have answered 429 to the rest." : "");
    page_paragraph(out, text);
    write_bar(out,
              is_over                 ? PAGE_BAD
              : requests > NEAR_LIMIT ? PAGE_WARN
                                      : PAGE_GOOD,
              (double)requests, (double)(is_over ? requests : E4_REQUESTS_A_MINUTE));
    page_section_end(out);
}

/* "fault: status=429, retry-after=1": what was done to the answer on purpose. */
static void write_fault(struct buf *out, const struct journal_entry *entry)
{
    static const char *const names[] = { "status", "retry-after", "delay", "abort", "commit" };
    json_t *tree = journal_entry_tree(entry);
    const json_t *fault = json_object_get(tree, "fault");
    const char *between = entry->mistake_count > 0 ? "; fault: " : "fault: ";

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const json_t *value = json_object_get(fault, names[i]);
        char text[LINE_TEXT];

        if (json_is_string(value))
            snprintf(text, sizeof text, "%s%s=%s", between, names[i], json_string_value(value));
        else if (json_is_integer(value))
            snprintf(text, sizeof text, "%s%s=%" JSON_INTEGER_FORMAT, between, names[i],
                     json_integer_value(value));
        else
            continue;
        page_text(out, text);
        between = ", ";
    }
    json_decref(tree);
}

static void write_exchange(struct buf *out, struct page_table *table,
                           const struct journal_entry *entry)
{
    char text[LINE_TEXT];
    struct buf time;

    buf_init(&time, LINE_TEXT);
    append_utc(&time, entry->time_s);
    page_row_begin(out, table, NULL);
    page_cell(out, table, buf_text(&time));
    page_cell_begin(out, table);
    snprintf(text, sizeof text, "%d", entry->status);
    page_badge(out, status_tone(entry->status), entry->status == 0 ? "none" : text);
    page_cell_end(out);
    page_cell_begin(out, table);
    page_code(out, entry->text[ENTRY_METHOD]);
    page_text(out, " ");
    page_text(out, entry->text[ENTRY_PATH]);
    page_cell_end(out);
    page_cell_begin(out, table);
    for (size_t i = 0; i < entry->mistake_count; i++) {
        const struct hm_mistake_row *row = hm_mistake_row((enum hm_mistake)entry->mistakes[i]);

        snprintf(text, sizeof text, "%s%s %s", i > 0 ? ", " : "", row->clause, row->code);
        page_text(out, text);
    }
    write_fault(out, entry);
    page_cell_end(out);
    page_row_end(out);
    buf_fini(&time);
}

/* Each exchange as the journal shows it. */
static void write_details(struct buf *out, const struct journal_view *view, size_t first)
{
    page_fold_begin(out, "Complete report as JSON");
    for (size_t i = view->count; i > first; i--) {
        const struct journal_entry *entry = view->at[i - 1];
        json_t *tree = journal_entry_tree(entry);
        char *text = tree == NULL ? NULL : json_dumps(tree, JSON_INDENT(2));

        if (text != NULL)
            page_lines(out, entry->request_id, text, strlen(text));
        free(text);
        json_decref(tree);
    }
    page_fold_end(out);
}

static void write_exchanges(struct buf *out, const struct journal_view *view)
{
    static const char *const columns[] = { "Time", "Status", "Request", "Findings", NULL };
    size_t first = view->count > REPORT_EXCHANGES_MAX ? view->count - REPORT_EXCHANGES_MAX : 0;
    struct page_table table;
    char text[LINE_TEXT];

    if (view->count == 0)
        return;
    page_section_begin(out, "exchanges", "The last exchanges");
    snprintf(text, sizeof text,
             "The newest first: %zu of %llu. Tokens are shown without their "
             "signatures.",
             view->count - first, (unsigned long long)view->count + view->dropped);
    page_note(out, text);
    page_table_begin(out, &table, columns);
    for (size_t i = view->count; i > first; i--)
        write_exchange(out, &table, view->at[i - 1]);
    page_table_end(out);
    write_details(out, view, first);
    page_section_end(out);
}

void report_html(struct buf *out, const struct report *report)
{
    const struct outcome *outcome = report->outcome;
    struct counts *counts = outcome->mock->counts;
    char footer[LINE_TEXT];

    page_begin(out, "heymarket-mock run", "calls of the Heymarket API, against the mock");
    write_verdict(out, report);
    write_figures(out, counts);
    write_run(out, report);
    write_findings(out, report);
    if (report->outcome->reach != NULL)
        write_hosts(out, report->outcome->reach);
    write_answers(out, counts);
    write_ages(out, counts);
    write_busiest(out, report);
    write_exchanges(out, &report->exchanges);
    snprintf(footer, sizeof footer,
             "heymarket-mock %s. These results are from the mock, not from the live API.",
             hm_version());
    page_end(out, footer);
}
