#include "run/cleanup.h"
#include "cases/layer.h"
#include "contract/rfc3339.h"
#include "run/asker.h"
#include "support/monotonic.h"
#include "support/no_memory.h"
#include "support/try.h"
#include "support/uuid.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AFTER_SIGNAL_MS = 10000, MS_IN_S = 1000 };

struct cleaner {
    struct suite_run *run;
    struct asker asker;
    int64_t until_ms; /* monotonic; 0: no limit */
    bool is_over;
    bool is_of_run; /* the channel of the last answer */
};

/* The recipe of a right token for the contact: another team's needs that team's secret. A new
 * reference; NULL: out of memory. */
static json_t *token_for(const struct names *names, const char *contact)
{
    static const char other[] = "other-team";
    const char *of_other = names_contact(names, other);
    json_t *token = layer_base(LAYER_TOKEN);

    if (token != NULL && of_other != NULL && strcmp(of_other, contact) == 0 &&
        names->secrets[SECRET_OTHER_TEAM].id != NULL)
        json_object_set_new(token, "use", json_string(other));
    return token;
}

/* Sends an operation for a contact and a type. */
static enum hm_code cleaner_ask(struct round_trip *trip, struct cleaner *cleaner,
                                enum operation_id id, const char *contact, const char *type,
                                struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const struct operation *operation = operation_row(id);
    json_t *patch = json_pack("{s:s, s:s, s:s}", "operation", operation->name, "contact_id",
                              contact, "type", type);
    json_t *token = token_for(&cleaner->run->targets.named.names, contact);
    char *text = NULL;

    if (patch != NULL && operation->has_body)
        json_object_set_new(patch, "body",
                            json_pack("{s:s, s:s}", "channel_type", type, "channel_id", "$email"));
    text = patch != NULL ? json_dumps(patch, JSON_COMPACT) : NULL;
    if (text == NULL || token == NULL)
        TRY(no_memory(err));
    TRY(asker_send(trip, &cleaner->asker, text, token, err));
    cleaner->is_over = !round_trip_is_answered(trip) || round_trip_is_5xx(trip) ||
                       (cleaner->until_ms > 0 && monotonic_ms() > cleaner->until_ms);
out:
    free(text);
    json_decref(token);
    json_decref(patch);
    return code;
}

/* Was the channel of this answer created by the run? Its value is one that the run made, or one
 * that it wrote, in a channel that is not older than the run. */
static bool is_of_run(const struct cleaner *cleaner, const struct round_trip *trip,
                      const char *type)
{
    const struct suite_run *run = cleaner->run;
    const char *value = json_string_value(json_object_get(trip->body, "channel_id"));
    const char *created = json_string_value(json_object_get(trip->body, "created"));
    int64_t created_s;
    int64_t date_s;

    if (value == NULL || marks_made(&run->marks, value))
        return value != NULL;
    if (created == NULL || !rfc3339_read(&created_s, created, strlen(created)) ||
        !round_trip_date(&date_s, trip) ||
        created_s < date_s - (monotonic_ms() - run->start_ms) / MS_IN_S - 1)
        return false;
    for (size_t i = 0; i < run->traffic.ledger.count; i++) {
        if (strcmp(run->traffic.ledger.at[i].channel_type, type) == 0 &&
            strcmp(run->traffic.ledger.at[i].channel_id, value) == 0)
            return true;
    }
    return false;
}

/* The same, of the answer only whether it is a 2xx, and for channel_get the value of the channel.
 */
static enum hm_code cleaner_try(bool *is_done, char value[LEDGER_TEXT], struct cleaner *cleaner,
                                enum operation_id id, const char *contact, const char *type,
                                struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct round_trip trip = { .was_tried = false };
    const char *text;

    *is_done = false;
    TRY(cleaner_ask(&trip, cleaner, id, contact, type, err));
    *is_done = round_trip_is_accepted(&trip);
    cleaner->is_of_run = is_of_run(cleaner, &trip, type);
    text = json_string_value(json_object_get(trip.body, "channel_id"));
    if (value != NULL)
        snprintf(value, LEDGER_TEXT, "%s", text != NULL ? text : "");
out:
    round_trip_fini(&trip);
    return code;
}

/* Does channel_delete remove the channel that channel_get shows, and only it? [G3] */
static enum hm_code are_alike(bool *alike, struct cleaner *cleaner, const char *contact,
                              struct hm_error *err)
{
    static const enum operation_id steps[] = { OPERATION_CHANNEL_CREATE, OPERATION_CHANNEL_CREATE,
                                               OPERATION_CHANNEL_GET, OPERATION_CHANNEL_DELETE,
                                               OPERATION_CHANNEL_GET };
    enum { STEPS = sizeof steps / sizeof *steps, FIRST_GET = 2 };
    enum hm_code code = HM_OK;
    char values[STEPS][LEDGER_TEXT];
    char type[MARK_TEXT];
    bool is_done = true;

    marks_first_type(type, cleaner->asker.marks);
    for (size_t i = 0; i < STEPS && is_done && !cleaner->is_over; i++)
        TRY(cleaner_try(&is_done, values[i], cleaner, steps[i], contact, type, err));
    *alike = is_done && !cleaner->is_over && *values[STEPS - 1] != '\0' &&
             strcmp(values[FIRST_GET], values[STEPS - 1]) != 0;
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
 * there are none, for a target may accept every deletion. */
static enum hm_code type_clean(struct cleaner *cleaner, const char *contact, const char *type,
                               struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const bool is_own = marks_made_type(cleaner->asker.marks, type);
    size_t left = written_count(&cleaner->run->traffic.ledger, contact, type) + 1;
    bool goes_on = true;

    for (; left > 0 && goes_on && !cleaner->is_over; left--) {
        if (!is_own) {
            TRY(cleaner_try(&goes_on, NULL, cleaner, OPERATION_CHANNEL_GET, contact, type, err));
            goes_on = goes_on && cleaner->is_of_run;
        }
        if (goes_on && !cleaner->is_over)
            TRY(cleaner_try(&goes_on, NULL, cleaner, OPERATION_CHANNEL_DELETE, contact, type, err));
        cleaner->run->cleanup.deleted += goes_on;
    }
out:
    return code;
}

/* Is it the first entry with this contact and, if @type is not NULL, this type? */
static bool is_first(const struct ledger *ledger, size_t index, const char *contact,
                     const char *type)
{
    char other[UUID_TEXT];

    for (size_t i = 0; i < index; i++) {
        if (contact_read(other, &ledger->at[i]) && strcmp(other, contact) == 0 &&
            (type == NULL || strcmp(ledger->at[i].channel_type, type) == 0))
            return false;
    }
    return true;
}

/* Deletes the types of $type, or the others. */
static enum hm_code types_clean(struct cleaner *cleaner, size_t count, bool are_own,
                                struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const struct ledger *ledger = &cleaner->run->traffic.ledger;
    char contact[UUID_TEXT];
    char type[LEDGER_TEXT];

    for (size_t i = 0; i < count && !cleaner->is_over; i++) {
        snprintf(type, sizeof type, "%s", ledger->at[i].channel_type);
        if (*type == '\0' || strlen(type) == LEDGER_TEXT - 1 ||
            marks_made_type(cleaner->asker.marks, type) != are_own ||
            !contact_read(contact, &ledger->at[i]) || !is_first(ledger, i, contact, type))
            continue;
        TRY(type_clean(cleaner, contact, type, err));
    }
out:
    return code;
}

/* Counts what is left in the lists; false: the target does not show them all. */
static enum hm_code left_count(bool *is_known, struct cleaner *cleaner, size_t count,
                               struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const struct ledger *ledger = &cleaner->run->traffic.ledger;
    const struct marks *marks = cleaner->asker.marks;
    struct round_trip trip = { .was_tried = false };
    char contact[UUID_TEXT];
    size_t j;
    json_t *channel;

    *is_known = true;
    for (size_t i = 0; i < count && !cleaner->is_over; i++) {
        if (!contact_read(contact, &ledger->at[i]) || !is_first(ledger, i, contact, NULL))
            continue;
        TRY(cleaner_ask(&trip, cleaner, OPERATION_CHANNEL_LIST, contact, "", err));
        *is_known = *is_known && round_trip_is_accepted(&trip) && json_is_array(trip.body);
        json_array_foreach (trip.body, j, channel) {
            const char *type = json_string_value(json_object_get(channel, "channel_type"));
            const char *id = json_string_value(json_object_get(channel, "channel_id"));

            cleaner->run->cleanup.left += (type != NULL && marks_made_type(marks, type)) ||
                                          (id != NULL && marks_made(marks, id));
        }
        round_trip_fini(&trip);
    }
    *is_known = *is_known && !cleaner->is_over;
out:
    round_trip_fini(&trip);
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
    const size_t count = run->traffic.ledger.count; /* proofs are added after these */
    const size_t created = run->traffic.accepted;
    struct cleaner cleaner = {
        .run = run,
        .asker = { &run->targets.named, &run->player, &run->marks, &run->written },
    };
    char contact[UUID_TEXT];
    bool alike = false;
    bool is_known = false;

    if (!run->targets.is_named || count == 0 || run->options.keeps_channels)
        return HM_OK;
    player_begin(&run->player, NULL, "cleanup");
    if (stop_set_aside())
        cleaner.until_ms = monotonic_ms() + AFTER_SIGNAL_MS;
    traffic_reopen(&run->traffic);
    run->cleanup.was_tried = true;
    if (can_delete(run)) {
        TRY(types_clean(&cleaner, count, true, err));
        if (contact_read(contact, &run->traffic.ledger.at[0]) && !cleaner.is_over)
            TRY(are_alike(&alike, &cleaner, contact, err));
        if (alike)
            TRY(types_clean(&cleaner, count, false, err));
        TRY(types_clean(&cleaner, run->traffic.ledger.count, true, err));
    }
    TRY(left_count(&is_known, &cleaner, count, err));
    if (!is_known)
        run->cleanup.left = created > run->cleanup.deleted ? created - run->cleanup.deleted : 0;
out:
    transcript_add(&run->transcript, run->player.records);
    return code;
}
