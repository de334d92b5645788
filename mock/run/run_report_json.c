/* The report for programs: one object, fixtures/schemas/run-report.schema.json. */
#include "run/run_report_json.h"

#include "contract/channel_rules.h"
#include "journal/counts.h"
#include "run/command_text.h"
#include "store/store.h"
#include "support/json_text.h"
#include "support/text.h"
#include "support/uuid.h"
#include "tls/handshake.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

static json_int_t figure(const atomic_ullong *count)
{
    return (json_int_t)atomic_load(count);
}

static json_t *text_of(const struct buf *text)
{
    return json_stringn(buf_text(text), text->length);
}

/* The words of the command, what may be a secret hidden. */
static json_t *command(const struct report *report)
{
    struct state *state = state_take(&report->outcome->mock->main.slot);
    json_t *words = json_array();
    struct buf word;

    buf_init(&word, REPORT_BYTES_MAX);
    for (size_t i = 0; report->outcome->command[i] != NULL; i++) {
        buf_clear(&word);
        command_word_write(&word, report->outcome->command[i], store_mask(state->store));
        json_array_append_new(words, text_of(&word));
    }
    buf_fini(&word);
    state_release(state);
    return words;
}

static json_t *judgements(const struct outcome *outcome)
{
    json_t *list = json_array();

    for (size_t i = 0; i < outcome->judgement_count; i++)
        json_array_append_new(list, json_pack("{ss,sb,ss}", "name", outcome->judgements[i].name,
                                              "met", outcome->judgements[i].is_met, "message",
                                              outcome->judgements[i].text));
    return list;
}

static json_t *counts(const struct report *report)
{
    const struct mock *mock = report->outcome->mock;
    const struct counts *count = mock->counts;

    return json_pack("{sI,sI,sI,sI,sI,sI,sI,sI,sI,sI,sI}", "requests", figure(&count->requests),
                     "accepted", figure(&count->accepted), "refused", figure(&count->at_fault),
                     "warned", figure(&count->warned), "limited", figure(&count->limited), "faults",
                     figure(&count->faults), "unmatched", figure(&count->unmatched), "dropped",
                     (json_int_t)report->exchanges.dropped, "expected", figure(&count->expected),
                     "others", figure(&count->others), "in_sandboxes",
                     figure(&mock->beside.requests));
}

static json_t *statuses(const struct counts *count)
{
    json_t *object = json_object();
    char name[16];

    for (int status = 0; status < STATUSES; status++) {
        if (figure(&count->statuses[status]) == 0)
            continue;
        snprintf(name, sizeof name, "%d", status);
        json_object_set_new(object, name, json_integer(figure(&count->statuses[status])));
    }
    return object;
}

static json_t *findings(const struct report *report)
{
    json_t *list = json_array();

    for (size_t i = 0; i < report->finding_count; i++) {
        const struct finding_sum *sum = &report->findings[i];
        const struct hm_mistake_row *row = hm_mistake_row(sum->mistake);

        json_array_append_new(list, json_pack("{ss,ss,ss,ss,sI,ss}", "clause", row->clause, "code",
                                              row->code, "severity",
                                              sum->severity == HM_REFUSES ? "refused" : "warned",
                                              "message", sum->message, "count",
                                              (json_int_t)sum->times, "cure", row->cure));
    }
    return list;
}

static json_t *busiest_minute(const struct report *report)
{
    if (report->busiest.requests == 0)
        return json_null();
    return json_pack("{sI,ss?,si,sb}", "requests", (json_int_t)report->busiest.requests,
                     "secret_id", report->busiest_secret, "documented", E4_REQUESTS_A_MINUTE,
                     "over", report->busiest.requests > E4_REQUESTS_A_MINUTE);
}

static json_t *edge(int64_t seconds)
{
    return seconds == INT64_MIN || seconds == INT64_MAX ? json_null()
                                                        : json_integer((json_int_t)seconds);
}

static json_t *token_ages(const struct token_ages *ages)
{
    json_t *ranges = json_array();

    for (size_t i = 0; i < TOKEN_AGE_RANGES; i++)
        json_array_append_new(
            ranges, json_pack("{so,so,sI}", "from_s", edge(token_age_ranges[i].from_s), "to_s",
                              edge(token_age_ranges[i].to_s), "count", figure(&ages->uses[i])));
    return json_pack("{sI,so}", "oldest_accepted_s", (json_int_t)atomic_load(&ages->oldest_good_s),
                     "ranges", ranges);
}

static json_t *exchanges(const struct journal_view *view)
{
    size_t first = view->count > REPORT_EXCHANGES_MAX ? view->count - REPORT_EXCHANGES_MAX : 0;
    json_t *list = json_array();

    for (size_t i = first; i < view->count; i++)
        json_array_append_new(list, journal_entry_tree(view->at[i]));
    return list;
}

static json_t *failed_handshakes(const struct outcome *outcome)
{
    json_t *failed = handshakes_json(&outcome->mock->handshakes, outcome->options->is_tls);
    const struct buf *cure = outcome->reach == NULL ? NULL : &outcome->reach->handshake;

    if (cure != NULL && cure->length > 0)
        json_object_set_new(failed, "cure", text_of(cure));
    return failed;
}

static json_t *whole(const struct report *report)
{
    const struct outcome *outcome = report->outcome;
    struct buf started;
    json_t *root;

    buf_init(&started, UUID_TEXT);
    append_utc(&started, outcome->started_s);
    root = json_pack(
        "{si,ss,so,so,si,si,ss,so,so,so,so,so,so,so,so}", "v", 1, "version", hm_version(),
        "started", text_of(&started), "command", command(report), "command_exit",
        outcome->command_exit, "exit", outcome->exit_code, "verdict",
        outcome_is_good(outcome) ? "good" : "failed", "judgements", judgements(outcome), "counts",
        counts(report), "statuses", statuses(outcome->mock->counts), "findings", findings(report),
        "busiest_minute", busiest_minute(report), "handshakes_failed", failed_handshakes(outcome),
        "token_ages", token_ages(&outcome->mock->counts->ages), "exchanges",
        exchanges(&report->exchanges));
    if (outcome->reach != NULL)
        json_object_set_new(root, "intercept", reach_json(outcome->reach));
    json_object_set_new(root, "took_ms", json_integer((json_int_t)(outcome->took_us / 1000)));
    buf_fini(&started);
    return root;
}

void report_json(struct buf *out, const struct report *report)
{
    json_t *root = whole(report);

    json_text_tree(out, root, JSON_INDENT(2));
    buf_putc(out, '\n');
    json_decref(root);
}
