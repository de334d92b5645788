#include "run/cleaner.h"
#include "cases/layer.h"
#include "contract/rfc3339.h"
#include "support/monotonic.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <stdlib.h>
#include <string.h>

enum { FAILURES_MOST = 3, MS_IN_S = 1000 };

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

enum hm_code cleaner_step(struct step *step, const struct cleaner *cleaner, enum operation_id id,
                          const char *contact, const char *type, struct hm_error *err)
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
    TRY(asker_step(step, text, token, err));
out:
    free(text);
    json_decref(token);
    json_decref(patch);
    return code;
}

bool cleaner_failed(const struct round_trip *trip)
{
    return !round_trip_is_answered(trip) || round_trip_is_5xx(trip);
}

void cleaner_note(struct cleaner *cleaner, const struct round_trip *trip)
{
    cleaner->failures += cleaner_failed(trip);
    cleaner->is_over = cleaner->is_over || cleaner->failures >= FAILURES_MOST ||
                       (cleaner->until_ms > 0 && monotonic_ms() > cleaner->until_ms);
}

enum hm_code cleaner_ask(struct round_trip *trip, struct cleaner *cleaner, enum operation_id id,
                         const char *contact, const char *type, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct step step = { .request = NULL };

    memset(trip, 0, sizeof *trip);
    TRY(cleaner_step(&step, cleaner, id, contact, type, err));
    TRY(asker_play(trip, &cleaner->asker, &step, err));
    cleaner_note(cleaner, trip);
out:
    asker_step_fini(&step);
    return code;
}

enum age cleaner_age(const struct cleaner *cleaner, const struct round_trip *trip, json_t *channel)
{
    const char *created = json_string_value(json_object_get(channel, "created"));
    int64_t created_s;
    int64_t date_s;

    if (created == NULL || !rfc3339_read(&created_s, created, strlen(created)) ||
        !round_trip_date(&date_s, trip))
        return AGE_UNKNOWN;
    return created_s < date_s - (monotonic_ms() - cleaner->run->start_ms) / MS_IN_S - 1 ? AGE_OLD
                                                                                        : AGE_NEW;
}

bool cleaner_is_own(const struct cleaner *cleaner, const struct round_trip *trip, json_t *channel)
{
    const struct suite_run *run = cleaner->run;
    const struct ledger *ledger = &run->traffic.ledger;
    const char *type = json_string_value(json_object_get(channel, "channel_type"));
    const char *value = json_string_value(json_object_get(channel, "channel_id"));

    if (type == NULL || value == NULL)
        return false;
    if (marks_made(&run->marks, value) || marks_made_type(&run->marks, type))
        return true;
    if (cleaner_age(cleaner, trip, channel) != AGE_NEW)
        return false;
    for (size_t i = 0; i < ledger->count; i++) {
        if (strcmp(ledger->at[i].channel_type, type) == 0 &&
            strcmp(ledger->at[i].channel_id, value) == 0)
            return true;
    }
    return false;
}
