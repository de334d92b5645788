#include "report/page_target.h"
#include "report/observed.h"
#include "report/shown.h"
#include "support/escape.h"
#include "support/page.h"

enum { SEEN_BYTES_MAX = 160 };

static void observation_write(struct buf *out, struct page_table *table,
                              const struct observation *one)
{
    page_row_begin(out, table, NULL);
    page_cell(out, table, one->clause->id);
    page_cell_begin(out, table);
    if (one->is_choice)
        page_code(out, one->clause->policy);
    else
        page_text(out, one->clause->sentence);
    page_cell_end(out);
    page_cell_begin(out, table);
    if (one->result != NULL) {
        page_code(out, one->result->test->id);
        buf_putc(out, ' ');
        page_text(out, one->result->test->says);
    }
    page_cell_end(out);
    page_cell_begin(out, table);
    if (!one->is_choice)
        buf_printf(out, "same as our mock in %zu of %zu%s", one->held, one->total,
                   one->remark != NULL ? "; otherwise " : "");
    if (one->remark != NULL) {
        const size_t length = seen_length(one->remark->actual, SEEN_BYTES_MAX);

        escape_markup(out, one->remark->actual, length);
        buf_puts(out, seen_end(one->remark->actual, length));
    }
    page_cell_end(out);
    page_cell_begin(out, table);
    if (one->is_choice && one->remark != NULL)
        page_badge(out, PAGE_NEUTRAL, one->remark->holds ? "yes" : "no");
    page_cell_end(out);
    page_row_end(out);
}

void page_observations_write(struct buf *out, const struct suite_run *run)
{
    static const char *const columns[] = { "clause",        "choice",           "case",
                                           "what was seen", "same as our mock", NULL };
    struct observations observations;
    struct page_table table;

    if (!observations_make(&observations, run))
        out->status = BUF_NO_MEMORY;
    if (observations.count > 0) {
        page_section_begin(out, "silent",
                           "Behaviour of the target where the contract leaves a choice");
        page_note(out, "Observed, not checked.");
        page_table_begin(out, &table, columns);
        for (size_t i = 0; i < observations.count; i++)
            observation_write(out, &table, &observations.at[i]);
        page_table_end(out);
        page_section_end(out);
    }
    observations_fini(&observations);
}

void page_learned_write(struct buf *out, const struct learning *learning)
{
    static const char *const columns[] = { "clause", "choice", "value", "seen", NULL };
    struct page_table table;

    if (learning->count == 0)
        return;
    page_section_begin(out, "learned", "Learned about this target");
    page_note(out, "The values in the profile that was written, for heymarket-mock --profile.");
    page_table_begin(out, &table, columns);
    for (size_t i = 0; i < learning->count; i++) {
        const struct learned *learned = &learning->at[i];

        page_row_begin(out, &table, NULL);
        page_cell(out, &table, learned->clause->id);
        page_cell_begin(out, &table);
        page_code(out, learned->clause->policy);
        page_cell_end(out);
        page_cell_begin(out, &table);
        if (*learned->value)
            page_code(out, learned->value);
        else
            page_badge(out, PAGE_NEUTRAL, "unknown");
        page_cell_end(out);
        page_cell(out, &table, learned->why);
        page_row_end(out);
    }
    page_table_end(out);
    page_section_end(out);
}

void page_ledger_write(struct buf *out, const struct ledger *ledger)
{
    static const char *const columns[] = { "channel", "posted to", "by", "X-Request-Id", NULL };
    struct page_table table;

    if (ledger->count == 0)
        return;
    page_section_begin(out, "created", "Created on the target");
    page_fold_begin(out, "Show every write that was or may have been accepted");
    page_table_begin(out, &table, columns);
    for (size_t i = 0; i < ledger->count; i++) {
        const struct ledger_entry *entry = &ledger->at[i];

        page_row_begin(out, &table, NULL);
        page_cell_begin(out, &table);
        page_text(out, entry->channel_type);
        buf_putc(out, ' ');
        page_code(out, entry->channel_id);
        if (entry->is_unknown)
            page_badge(out, PAGE_WARN, "perhaps");
        page_cell_end(out);
        page_cell(out, &table, entry->path);
        page_cell(out, &table, entry->case_id);
        page_cell(out, &table, entry->request_id);
        page_row_end(out);
    }
    page_table_end(out);
    page_fold_end(out);
    page_section_end(out);
}
