#include "run/sweep.h"
#include "play/played.h"
#include "play/pool.h"
#include "support/monotonic.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <stdlib.h>
#include <string.h>

enum { GROWTH = 64 };

/* A deletion, as a case of one step. */
struct removal {
    struct step step;
    struct test_case test;
    struct played played;
};

static const char *text_of(json_t *channel, const char *member)
{
    return json_string_value(json_object_get(channel, member));
}

static void removals_clear(struct sweep *sweep)
{
    for (size_t i = 0; i < sweep->count; i++) {
        played_fini(&sweep->removals[i].played);
        asker_step_fini(&sweep->removals[i].step);
    }
    sweep->count = 0;
}

void sweep_fini(struct sweep *sweep)
{
    removals_clear(sweep);
    free(sweep->removals);
    memset(sweep, 0, sizeof *sweep);
}

static enum hm_code removal_add(struct sweep *sweep, const struct cleaner *cleaner,
                                const char *contact, const char *type, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct removal *grown = sweep->removals;

    if (sweep->count == sweep->capacity) {
        grown = realloc(grown, (sweep->capacity + GROWTH) * sizeof *grown);
        if (grown == NULL)
            TRY(no_memory(err));
        sweep->removals = grown;
        sweep->capacity += GROWTH;
    }
    memset(&grown[sweep->count], 0, sizeof *grown);
    TRY(cleaner_step(&grown[sweep->count].step, cleaner, OPERATION_CHANNEL_DELETE, contact, type,
                     err));
    sweep->count++;
out:
    return code;
}

/* Do deletions of this type, as many as the list shows channels of the run, remove these and no
 * others? Surely if the type is one of the run. */
static bool is_sure(const struct cleaner *cleaner, const struct round_trip *list, const char *type)
{
    bool is_sure = cleaner->is_alike;
    json_t *channel;
    size_t i;

    json_array_foreach (list->body, i, channel) {
        const char *other = text_of(channel, "channel_type");

        if (other != NULL && strcmp(other, type) == 0 && !cleaner_is_own(cleaner, list, channel))
            is_sure =
                is_sure && cleaner->means_newest && cleaner_age(cleaner, list, channel) == AGE_OLD;
    }
    return is_sure || marks_made_type(cleaner->asker.marks, type);
}

static bool is_list(const struct round_trip *trip)
{
    return round_trip_is_accepted(trip) && json_is_array(trip->body);
}

/* Gets the list of a contact; asks again after a failure. */
static enum hm_code list_get(struct round_trip *list, struct cleaner *cleaner, const char *contact,
                             struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const unsigned lists = operation_bit(operation_row(OPERATION_CHANNEL_LIST));
    struct round_trip trip = { .was_tried = false };
    char type[MARK_TEXT];
    bool asks = (cleaner->run->targets.named.lacks & lists) == 0;

    marks_first_type(type, cleaner->asker.marks);
    while (asks) {
        round_trip_fini(list);
        TRY(cleaner_ask(list, cleaner, OPERATION_CHANNEL_LIST, contact, type, err));
        asks = cleaner_failed(list) && !cleaner->is_over;
    }
    if (cleaner->run->targets.is_live || is_list(list) || cleaner->is_over)
        goto out;
    round_trip_fini(list);
    TRY(cleaner_ask(list, cleaner, OPERATION_CHANNEL_CREATE, contact, type, err));
    if (round_trip_is_accepted(list) && !cleaner->is_over)
        TRY(cleaner_ask(&trip, cleaner, OPERATION_CHANNEL_DELETE, contact, type, err));
out:
    round_trip_fini(&trip);
    return code;
}

/* The channel that list_get() created, and has deleted since. */
static bool is_of_list_get(const struct round_trip *list, json_t *channel)
{
    const char *sent = text_of(list->message.sent, "channel_id");

    return sent != NULL && strcmp(sent, text_of(channel, "channel_id")) == 0;
}

static enum hm_code contact_look(struct sweep *sweep, struct cleaner *cleaner, const char *contact,
                                 struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct round_trip list = { .was_tried = false };
    json_t *channel;
    size_t i;

    TRY(list_get(&list, cleaner, contact, err));
    sweep->is_whole = sweep->is_whole && is_list(&list);
    json_array_foreach (list.body, i, channel) {
        const char *type = text_of(channel, "channel_type");

        if (!cleaner_is_own(cleaner, &list, channel) || is_of_list_get(&list, channel))
            continue;
        sweep->left++;
        sweep->typeless += *type == '\0';
        if (*type != '\0' && is_sure(cleaner, &list, type))
            TRY(removal_add(sweep, cleaner, contact, type, err));
    }
out:
    round_trip_fini(&list);
    return code;
}

enum hm_code sweep_look(struct sweep *sweep, struct cleaner *cleaner, json_t *contacts,
                        struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const char *contact;
    json_t *unused;

    removals_clear(sweep);
    sweep->is_whole = true;
    sweep->left = sweep->typeless = 0;
    json_object_foreach (contacts, contact, unused) {
        if (!cleaner->is_over)
            TRY(contact_look(sweep, cleaner, contact, err));
    }
    sweep->is_whole = sweep->is_whole && !cleaner->is_over;
out:
    return code;
}

/* Waits for a deletion. After the time that a signal leaves, nothing more is sent. */
static void removal_wait(struct pool *pool, struct removal *removal, struct cleaner *cleaner)
{
    while (!pool_wait(pool, &removal->played)) {
        if (cleaner->until_ms > 0 && monotonic_ms() > cleaner->until_ms)
            traffic_close(&cleaner->run->traffic, true);
    }
}

enum hm_code sweep_delete(struct sweep *sweep, struct cleaner *cleaner, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct suite_run *run = cleaner->run;
    const struct pool_options options = { .jobs = run->jobs,
                                          .traffic = &run->traffic,
                                          .marks = &run->marks,
                                          .tls = &run->options.targets.tls,
                                          .no_secrets = run->transcript.no_secrets };
    struct pool *pool = NULL;
    size_t given = 0;

    TRY(pool_new(&pool, &options, err));
    for (; given < sweep->count; given++) {
        struct removal *removal = &sweep->removals[given];

        removal->test =
            (struct test_case){ .id = "cleanup", .step_count = 1, .steps = &removal->step };
        removal->played = (struct played){ .test = &removal->test,
                                           .purpose = "cleanup",
                                           .target = &run->targets.named };
        if (!pool_add(pool, &removal->played)) {
            code = no_memory(err);
            break;
        }
    }
    for (size_t i = 0; i < given; i++) {
        struct removal *removal = &sweep->removals[i];

        removal_wait(pool, removal, cleaner);
        transcript_add(&run->transcript, removal->played.records);
        if (removal->played.code != HM_OK)
            code = hm_error_set(err, removal->played.code, "%s", removal->played.err.text);
        run->cleanup.deleted += played_is_any(&removal->played, round_trip_is_accepted);
        cleaner_note(cleaner, &removal->played.trips[0]);
        if (cleaner->is_over)
            traffic_close(&run->traffic, false);
    }
out:
    pool_free(pool);
    return code;
}
