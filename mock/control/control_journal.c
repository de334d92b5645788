#include "control/control_journal.h"

#include "contract/rfc3339.h"
#include "control/control.h"
#include "control/criteria.h"
#include "control/query.h"
#include "journal/journal.h"
#include "store/clock.h"
#include "store/store.h"
#include "support/no_memory.h"
#include "support/text.h"
#include "support/try.h"
#include "support/uuid.h"
#include <string.h>

/* Which exchanges are wanted; a zeroed member asks for nothing. */
struct filter {
    bool has_status, has_finding, has_since_s;
    struct status_range status;
    struct mistake_set finding;
    char contact[UUID_TEXT];
    char since_id[UUID_TEXT]; /* those after it */
    int64_t since_s;          /* those of that second and later */
    size_t limit;
};

static enum hm_code since_read(struct filter *filter, const char *value, struct hm_error *err)
{
    if (uuid_is_valid(value, strlen(value))) {
        uuid_lower(filter->since_id, value);
        return HM_OK;
    }
    filter->has_since_s = text_to_int64(&filter->since_s, value, 0, CLOCK_LATEST_S) ||
                          rfc3339_read(&filter->since_s, value, strlen(value));
    return filter->has_since_s
               ? HM_OK
               : hm_error_set(
                     err, HM_BAD_ARGUMENT,
                     "since: expected a request id (later exchanges) or a time as RFC 3339 "
                     "or Unix seconds (from that second on)");
}

static enum hm_code limit_read(struct filter *filter, const char *value, struct hm_error *err)
{
    int64_t limit;

    if (!text_to_int64(&limit, value, 0, JOURNAL_ENTRIES_MAX))
        return hm_error_set(err, HM_BAD_ARGUMENT, "limit: expected a number from 0 to %d",
                            JOURNAL_ENTRIES_MAX);
    filter->limit = (size_t)limit;
    return HM_OK;
}

static enum hm_code pair_take(struct filter *filter, const struct query_pair *pair,
                              const struct store *store, struct hm_error *err)
{
    static const char *const names[] = { "status", "finding", "contact", "since", "limit", NULL };
    size_t i = 0;

    while (names[i] != NULL && strcmp(names[i], pair->name) != 0)
        i++;
    if (names[i] != NULL && pair->value[0] == '\0')
        return HM_OK; /* asks for nothing */
    switch (i) {
    case 0:
        filter->has_status = true;
        return status_range_read(&filter->status, pair->value, err);
    case 1:
        filter->has_finding = true;
        return mistake_set_read(&filter->finding, pair->value, err);
    case 2:
        return contact_criterion_read(filter->contact, store, pair->value, err);
    case 3:
        return since_read(filter, pair->value, err);
    case 4:
        return limit_read(filter, pair->value, err);
    default:
        return hm_error_set(
            err, HM_BAD_ARGUMENT,
            "unknown query parameter, expected status, finding, contact, since or limit");
    }
}

static enum hm_code filter_read(struct filter *filter, const struct exchange *x,
                                struct hm_error *err)
{
    const char *at = x->request.query;
    struct query_pair pair;
    enum hm_code code;

    *filter = (struct filter){ .limit = SIZE_MAX };
    TRY(query_take(&pair, &at, err));
    while (pair.name[0] != '\0') {
        TRY(pair_take(filter, &pair, x->state->store, err));
        TRY(query_take(&pair, &at, err));
    }
out:
    return code;
}

static bool is_wanted(const struct filter *filter, const struct journal_entry *entry)
{
    return (!filter->has_status || status_range_has(&filter->status, entry->status)) &&
           (!filter->has_finding || mistake_set_meets(&filter->finding, entry)) &&
           (filter->contact[0] == '\0' || strcmp(filter->contact, entry->contact) == 0) &&
           (!filter->has_since_s || entry->time_s >= filter->since_s);
}

/* The position of a request id, counted from 1; 0: there is none. */
static size_t position_of(const struct journal_view *view, const char *id)
{
    size_t i = view->count;

    while (i > 0 && strcmp(view->at[i - 1]->request_id, id) != 0)
        i--;
    return i;
}

static void exchanges_write(struct buf *out, const struct journal_view *view,
                            const struct filter *filter, size_t after)
{
    size_t matched = 0;

    buf_puts(out, ",\"exchanges\":[");
    for (size_t i = view->count; i > after; i--) {
        const struct journal_entry *entry = view->at[i - 1];

        if (!is_wanted(filter, entry) || matched++ >= filter->limit)
            continue;
        buf_puts(out, matched == 1 ? "" : ",");
        journal_entry_write(out, entry, true);
    }
    buf_printf(out, "],\"matched\":%zu", matched);
}

static enum step_result journal_list(struct exchange *x)
{
    struct journal_view view = { 0 };
    struct hm_error err = { 0 };
    struct filter filter;
    struct buf *out;
    size_t after = 0;
    enum hm_code code;

    TRY(filter_read(&filter, x, &err));
    if (!journal_view_take(&view, x->mock->journal))
        TRY(no_memory(&err));
    if (filter.since_id[0] != '\0') {
        after = position_of(&view, filter.since_id);
        if (after == 0)
            TRY(hm_error_set(&err, HM_BAD_ARGUMENT,
                             "since: the journal has no exchange with this request id; it may have "
                             "been dropped"));
    }
    out = control_begin(x);
    buf_printf(out, ",\"dropped\":%llu,\"kept\":%zu", view.dropped, view.count);
    exchanges_write(out, &view, &filter, after);
out:
    journal_view_fini(&view);
    return code == HM_OK ? control_answer(x, 200) : control_fail(x, &err);
}

static enum step_result journal_show(struct exchange *x)
{
    char id[UUID_TEXT] = "";
    struct journal_view view;
    size_t at;

    if (uuid_is_valid(x->route.parameter, x->route.parameter_length))
        uuid_lower(id, x->route.parameter);
    if (!journal_view_take(&view, x->mock->journal))
        return exchange_refuse(x, 500);
    at = position_of(&view, id);
    buf_clear(&x->answer.text);
    if (at > 0)
        journal_entry_write(&x->answer.text, view.at[at - 1], true);
    if (!buf_ok(&x->answer.text))
        exchange_refuse(x, 500);
    else if (at > 0)
        exchange_answer(x, 200, x->answer.text.data, x->answer.text.length, "");
    else
        exchange_complain(x, 404,
                          "the journal has no exchange with this request id: it never existed, was "
                          "cleared or was dropped");
    journal_view_fini(&view);
    return STEP_ANSWERED;
}

static enum step_result journal_forget(struct exchange *x)
{
    size_t cleared = journal_clear(x->mock->journal);

    buf_printf(control_begin(x), ",\"cleared\":%zu", cleared);
    return control_answer(x, 200);
}

const struct operation op_journal_list = { true, { control_read, journal_list } };
const struct operation op_journal_show = { true, { control_read, journal_show } };
const struct operation op_journal_forget = { true, { control_write, journal_forget } };
