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
#include <stdlib.h>
#include <string.h>

/* Which exchanges are wanted; a zeroed member asks for nothing. */
struct filter {
    bool has_status, has_finding, has_since_s;
    struct status_range status;
    struct mistake_set finding;
    char contact[UUID_TEXT];
    const char *operation;    /* NULL: any */
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
    static const char *const names[] = { "status", "finding",   "contact", "since",
                                         "limit",  "operation", NULL };
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
    case 5:
        return operation_criterion_read(&filter->operation, pair->value, err);
    default:
        return hm_error_set(err, HM_BAD_ARGUMENT,
                            "unknown query parameter, expected status, finding, contact, "
                            "operation, since or limit");
    }
}

static enum hm_code filter_read(struct filter *filter, const struct exchange *x,
                                struct hm_error *err)
{
    const char *at = private_open(x->request.query);
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
           (filter->operation == NULL ||
            (entry->operation != NULL && strcmp(filter->operation, entry->operation) == 0)) &&
           (filter->contact[0] == '\0' || strcmp(filter->contact, entry->contact) == 0) &&
           (!filter->has_since_s || entry->time_s >= filter->since_s);
}

/* Reads up to the exchange with that request id, and holds it; NULL: there is none. */
static struct journal_entry *entry_find(struct journal_reading *reading, const char *id)
{
    struct journal_entry *entry;

    while (journal_read(reading, &entry) == JOURNAL_ENTRY && strcmp(entry->request_id, id) != 0)
        journal_release(entry);
    return entry;
}

/* The answer to one reader, which is made while it is sent. */
struct listing {
    struct journal_reading reading;
    struct filter filter;
    size_t matched;
    char *head; /* the first members of the answer; NULL once they are sent */
};

/* Appends the next exchange. */
static enum answer_step listing_next(void *from, struct buf *out)
{
    struct listing *listing = from;
    const struct journal_reading *reading = &listing->reading;
    struct journal_entry *entry;
    enum journal_read result;

    if (listing->head != NULL)
        buf_printf(out, "%s,\"dropped\":%llu,\"kept\":%llu,\"exchanges\":[", listing->head,
                   reading->dropped, reading->end - reading->from);
    free(listing->head);
    listing->head = NULL;
    result = journal_read(&listing->reading, &entry);
    if (result == JOURNAL_LOST)
        return ANSWER_BROKEN;
    if (result == JOURNAL_END) {
        buf_printf(out, "],\"matched\":%zu}", listing->matched);
        return ANSWER_END;
    }
    if (is_wanted(&listing->filter, entry) && listing->matched++ < listing->filter.limit) {
        buf_puts(out, listing->matched == 1 ? "" : ",");
        journal_entry_write(out, entry, true);
    }
    journal_release(entry);
    return ANSWER_MORE;
}

static void listing_end(void *from)
{
    struct listing *listing = from;

    journal_read_end(&listing->reading);
    free(listing->head);
    free(listing);
}

static enum step_result journal_list(struct exchange *x)
{
    struct listing *listing = calloc(1, sizeof *listing);
    struct journal_entry *since = NULL;
    struct hm_error err = { 0 };
    enum hm_code code;

    if (listing == NULL)
        return exchange_refuse(x, 500);
    TRY(filter_read(&listing->filter, x, &err));
    journal_read_begin(&listing->reading, x->sandbox->journal);
    if (listing->filter.since_id[0] != '\0') {
        since = entry_find(&listing->reading, listing->filter.since_id);
        if (since == NULL)
            TRY(hm_error_set(&err, HM_BAD_ARGUMENT,
                             "since: the journal has no exchange with this request id; it may have "
                             "been dropped"));
        journal_read_again(&listing->reading);
    }
    listing->head = buf_take(control_begin(x));
    if (listing->head == NULL)
        TRY(no_memory(&err));
    answer_set_stream(
        &x->answer, 200,
        &(struct answer_stream){ .next = listing_next, .end = listing_end, .from = listing });
    listing = NULL;
out:
    journal_release(since);
    if (listing != NULL)
        listing_end(listing);
    return code == HM_OK ? STEP_ANSWERED : control_fail(x, &err);
}

static enum step_result journal_show(struct exchange *x)
{
    char id[UUID_TEXT] = "";
    struct buf *out = &x->answer.text;
    struct journal_reading reading;
    struct journal_entry *entry;

    if (uuid_is_valid(x->route.parameters[0].at, x->route.parameters[0].length))
        uuid_lower(id, x->route.parameters[0].at);
    journal_read_begin(&reading, x->sandbox->journal);
    entry = entry_find(&reading, id);
    journal_read_end(&reading);
    buf_clear(out);
    if (entry != NULL)
        journal_entry_write(out, entry, true);
    if (!buf_ok(out))
        exchange_refuse(x, 500);
    else if (entry != NULL)
        exchange_answer(x, 200, out->data, out->length, "");
    else
        exchange_complain(x, 404,
                          "the journal has no exchange with this request id: it never existed, was "
                          "cleared or was dropped");
    journal_release(entry);
    return STEP_ANSWERED;
}

static enum step_result journal_forget(struct exchange *x)
{
    size_t cleared = journal_clear(x->sandbox->journal);

    buf_printf(control_begin(x), ",\"cleared\":%zu", cleared);
    return control_answer(x, 200);
}

const struct operation op_journal_list = { .is_control = true,
                                           .steps = { control_read, journal_list } };
const struct operation op_journal_show = { .is_control = true,
                                           .steps = { control_read, journal_show } };
const struct operation op_journal_forget = { .is_control = true,
                                             .steps = { control_write, journal_forget } };
