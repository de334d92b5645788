#include "run/cleanup.h"
#include "run/cleaner.h"
#include "run/sweep.h"
#include "support/monotonic.h"
#include "support/no_memory.h"
#include "support/try.h"
#include "support/uuid.h"
#include <stdio.h>
#include <string.h>

enum { AFTER_SIGNAL_MS = 10000, BAD_REQUEST = 400, NOT_FOUND = 404 };

/* What an answer to one operation shows. */
struct glimpse {
    bool is_done;            /* it was accepted */
    bool is_absent;          /* there is no channel of the type [G4] */
    bool is_own;             /* the channel was created by the run */
    bool is_older;           /* it is older than the run */
    char value[LEDGER_TEXT]; /* of the channel: the one that channel_create was sent */
};

static enum hm_code cleaner_try(struct glimpse *glimpse, struct cleaner *cleaner,
                                enum operation_id id, const char *contact, const char *type,
                                struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct round_trip trip = { .was_tried = false };
    const char *value;

    memset(glimpse, 0, sizeof *glimpse);
    TRY(cleaner_ask(&trip, cleaner, id, contact, type, err));
    glimpse->is_done = round_trip_is_accepted(&trip);
    glimpse->is_absent = trip.answer.status == NOT_FOUND || trip.answer.status == BAD_REQUEST;
    glimpse->is_own = cleaner_is_own(cleaner, &trip, trip.body);
    glimpse->is_older = cleaner_age(cleaner, &trip, trip.body) == AGE_OLD;
    value = json_string_value(json_object_get(
        id == OPERATION_CHANNEL_CREATE ? trip.message.sent : trip.body, "channel_id"));
    snprintf(glimpse->value, sizeof glimpse->value, "%s", value != NULL ? value : "");
out:
    round_trip_fini(&trip);
    return code;
}

/* Does channel_delete remove the channel that channel_get shows, and only it? And which one is
 * that? [G3] Deletes what it creates. */
static enum hm_code proof_get(struct cleaner *cleaner, const char *contact, struct hm_error *err)
{
    static const enum operation_id steps[] = { OPERATION_CHANNEL_CREATE, OPERATION_CHANNEL_CREATE,
                                               OPERATION_CHANNEL_GET,    OPERATION_CHANNEL_DELETE,
                                               OPERATION_CHANNEL_GET,    OPERATION_CHANNEL_DELETE };
    enum { STEPS = sizeof steps / sizeof *steps, SECOND = 1, BEFORE = 2, AFTER = 4 };
    enum hm_code code = HM_OK;
    struct glimpse seen[STEPS] = { 0 };
    char type[MARK_TEXT];
    bool is_done = true;

    marks_first_type(type, cleaner->asker.marks);
    for (size_t i = 0; i < STEPS && is_done && !cleaner->is_over; i++) {
        TRY(cleaner_try(&seen[i], cleaner, steps[i], contact, type, err));
        is_done = seen[i].is_done;
    }
    cleaner->is_alike = is_done && !cleaner->is_over && *seen[AFTER].value != '\0' &&
                        strcmp(seen[BEFORE].value, seen[AFTER].value) != 0;
    cleaner->means_newest =
        cleaner->is_alike && strcmp(seen[BEFORE].value, seen[SECOND].value) == 0;
out:
    return code;
}

/* The contact in the path of a write; false: the path is another one, or was cut. */
static bool contact_read(char contact[UUID_TEXT], const struct ledger_entry *entry)
{
    static const char before[] = "/contact/";
    const char *start = strstr(entry->path, before);
    const char *end;

    if (start == NULL)
        return false;
    start += sizeof before - 1;
    end = strchr(start, '/');
    if (end == NULL || !uuid_is_valid(start, (size_t)(end - start)))
        return false;
    uuid_lower(contact, start);
    return true;
}

/* How many of the run's writes may have created a channel of this type. */
static size_t written_count(const struct ledger *ledger, const char *contact, const char *type)
{
    char other[UUID_TEXT];
    size_t count = 0;

    for (size_t i = 0; i < ledger->count; i++)
        count += contact_read(other, &ledger->at[i]) && strcmp(other, contact) == 0 &&
                 strcmp(ledger->at[i].channel_type, type) == 0;
    return count;
}

/* Deletes the run's channels of one type: at most as many as it wrote, and one more to see that
 * there are none, for a target may accept every deletion. *@left: how many there may still be. */
static enum hm_code type_clean(size_t *left, struct cleaner *cleaner, const char *contact,
                               const char *type, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const bool is_own = marks_made_type(cleaner->asker.marks, type);
    bool goes_on = true;
    struct glimpse seen = { .is_done = false };

    *left = written_count(&cleaner->run->traffic.ledger, contact, type);
    for (size_t tries = *left + 1; tries > 0 && goes_on && !cleaner->is_over; tries--) {
        if (!is_own)
            TRY(cleaner_try(&seen, cleaner, OPERATION_CHANNEL_GET, contact, type, err));
        goes_on = is_own || (seen.is_done && seen.is_own);
        if (!goes_on || cleaner->is_over)
            break;
        TRY(cleaner_try(&seen, cleaner, OPERATION_CHANNEL_DELETE, contact, type, err));
        goes_on = seen.is_done;
        cleaner->run->cleanup.deleted += goes_on;
        *left -= goes_on && *left > 0;
    }
    /* None is left if there is none of the type, or the newest is older than the run. */
    if (!cleaner->is_over && (seen.is_absent || (seen.is_older && cleaner->means_newest)))
        *left = 0;
out:
    return code;
}

/* Is it the first entry with this contact and this type? */
static bool is_first(const struct ledger *ledger, size_t index, const char *contact,
                     const char *type)
{
    char other[UUID_TEXT];

    for (size_t i = 0; i < index; i++) {
        if (contact_read(other, &ledger->at[i]) && strcmp(other, contact) == 0 &&
            strcmp(ledger->at[i].channel_type, type) == 0)
            return false;
    }
    return true;
}

/* Deletes channels one by one: those of the types of $type, or the others. Takes those that are
 * gone from cleanup.left. */
static enum hm_code types_clean(struct cleaner *cleaner, bool are_own, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const struct ledger *ledger = &cleaner->run->traffic.ledger;
    const size_t count = ledger->count;
    char contact[UUID_TEXT];
    char type[LEDGER_TEXT];
    size_t left;

    for (size_t i = 0; i < count && !cleaner->is_over; i++) {
        snprintf(type, sizeof type, "%s", ledger->at[i].channel_type);
        if (*type == '\0' || strlen(type) == LEDGER_TEXT - 1 ||
            marks_made_type(cleaner->asker.marks, type) != are_own ||
            !contact_read(contact, &ledger->at[i]) || !is_first(ledger, i, contact, type))
            continue;
        TRY(type_clean(&left, cleaner, contact, type, err));
        cleaner->run->cleanup.left -= written_count(ledger, contact, type) - left;
    }
out:
    return code;
}

/* The contacts that were written to, as a set: a new reference; NULL: out of memory. */
static json_t *contacts_make(const struct ledger *ledger)
{
    json_t *contacts = json_object();
    char contact[UUID_TEXT];

    for (size_t i = 0; i < ledger->count; i++) {
        if (contact_read(contact, &ledger->at[i]))
            json_object_set_new(contacts, contact, json_null());
    }
    return contacts;
}

/* Deletes what the lists show, as long as they get shorter; without lists, and where it is unsure
 * which channel a deletion means, one by one. */
static enum hm_code channels_delete(struct sweep *sweep, struct cleaner *cleaner, json_t *contacts,
                                    struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const char *first = json_object_iter_key(json_object_iter(contacts));
    size_t before;

    if (first != NULL)
        TRY(proof_get(cleaner, first, err));
    cleaner->run->cleanup.left = cleaner->run->traffic.ledger.count;
    TRY(sweep_look(sweep, cleaner, contacts, err));
    do {
        before = sweep->left;
        TRY(sweep_delete(sweep, cleaner, err));
        TRY(sweep_look(sweep, cleaner, contacts, err));
    } while (sweep->count > 0 && sweep->left < before);
    if (sweep->is_whole && sweep->left == 0)
        goto out;
    if (!sweep->is_whole)
        TRY(types_clean(cleaner, true, err));
    if (cleaner->is_alike)
        TRY(types_clean(cleaner, false, err));
    TRY(sweep_look(sweep, cleaner, contacts, err));
out:
    return code;
}

static bool can_delete(const struct suite_run *run)
{
    const unsigned needed = operation_bit(operation_row(OPERATION_CHANNEL_DELETE)) |
                            operation_bit(operation_row(OPERATION_CHANNEL_GET));

    return (run->targets.named.lacks & needed) == 0;
}

enum hm_code cleanup_run(struct suite_run *run, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct cleaner cleaner = {
        .run = run,
        .asker = { &run->targets.named, &run->player, &run->marks, &run->written },
    };
    struct sweep sweep = { 0 };
    json_t *contacts = NULL;

    if (!run->targets.is_named || run->traffic.ledger.count == 0 || run->options.keeps_channels)
        return HM_OK;
    player_begin(&run->player, NULL, "cleanup");
    if (stop_set_aside())
        cleaner.until_ms = monotonic_ms() + AFTER_SIGNAL_MS;
    traffic_reopen(&run->traffic);
    if (run->targets.is_live)
        run->traffic.budget = (size_t)run->options.budget;
    run->cleanup.was_tried = true;
    run->cleanup.left = run->traffic.ledger.count;
    contacts = contacts_make(&run->traffic.ledger);
    if (contacts == NULL)
        TRY(no_memory(err));
    TRY(targets_restore(&run->targets, true, err));
    if (can_delete(run))
        TRY(channels_delete(&sweep, &cleaner, contacts, err));
    else
        TRY(sweep_look(&sweep, &cleaner, contacts, err));
    if (sweep.is_whole)
        run->cleanup.left = sweep.left;
    run->cleanup.typeless = sweep.typeless;
out:
    sweep_fini(&sweep);
    json_decref(contacts);
    transcript_add(&run->transcript, run->player.records);
    return code;
}
