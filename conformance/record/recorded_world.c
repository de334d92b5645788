#include "record/recorded_world.h"
#include "contract/inbox_answer.h"
#include "contract/mask_write.h"
#include "contract/rfc3339.h"
#include "record/stand_ins_json.h"
#include "support/no_memory.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ID_MOST INT64_C(9007199254740991) /* 2^53 - 1, the most of a world */

enum { NAME_TEXT = 40, CONTACT_ID_FIRST = 900001, TEAM_ID_FIRST = 9001 };

/* Ids that a world may have only once. */
struct taken {
    json_t *channel_ids, *contact_ids, *inbox_ids; /* objects with the numbers as names */
    json_int_t next_contact_id;
};

static bool is_id(json_t *value)
{
    return json_is_integer(value) && json_integer_value(value) >= 1 &&
           json_integer_value(value) <= ID_MOST;
}

/* False: it was taken before. */
static bool take(json_t *taken, json_int_t id)
{
    char name[NAME_TEXT];

    snprintf(name, sizeof name, "%" JSON_INTEGER_FORMAT, id);
    return json_object_get(taken, name) == NULL &&
           json_object_set_new(taken, name, json_true()) == 0;
}

static bool is_time(json_t *value)
{
    return json_is_string(value) &&
           rfc3339_read(NULL, json_string_value(value), json_string_length(value));
}

/* Has a channel what a world asks for? */
static bool is_fit(json_t *channel, json_int_t team_id, json_int_t contact_id)
{
    return is_id(json_object_get(channel, "id")) &&
           json_is_string(json_object_get(channel, "channel_type")) &&
           json_is_string(json_object_get(channel, "channel_id")) &&
           json_integer_value(json_object_get(channel, "team_id")) == team_id &&
           json_integer_value(json_object_get(channel, "contact_id")) == contact_id &&
           is_time(json_object_get(channel, "created")) &&
           is_time(json_object_get(channel, "updated"));
}

/* The nine members alone [R2 R9]. A new reference; NULL: out of memory. */
static json_t *channel_make(json_t *channel, struct stand_ins *stand_ins)
{
    static const char *const members[] = {
        "id",           "team_id",        "contact_id", "channel_type", "channel_id",
        "info_channel", "channel_handle", "created",    "updated"
    };
    json_t *shown = stand_ins_copy(stand_ins, channel);
    json_t *made = json_object();
    int failed = shown == NULL;

    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        /* Numbers and times as they are: another may look like a phone number. */
        const bool is_text =
            strncmp(members[i], "channel_", 8) == 0 || strcmp(members[i], "info_channel") == 0;
        json_t *value = json_object_get(is_text ? shown : channel, members[i]);

        failed |= is_text && !json_is_string(value)
                      ? json_object_set_new(made, members[i], json_string(""))
                      : json_object_set(made, members[i], value);
    }
    json_decref(shown);
    if (failed) {
        json_decref(made);
        made = NULL;
    }
    return made;
}

/* A number of the contact's channels that all of them have; 0: unknown. */
static json_int_t shared_id(const struct recorded_contact *contact, const char *member)
{
    json_t *lists[] = { contact->before, contact->now };

    for (size_t i = 0; i < 2; i++) {
        json_t *value = json_object_get(json_array_get(lists[i], 0), member);

        if (is_id(value))
            return json_integer_value(value);
    }
    return 0;
}

static json_t *channels_make(struct recorded_world *world, const struct recorded_contact *contact,
                             json_int_t team_id, json_int_t contact_id, struct taken *taken,
                             struct stand_ins *stand_ins)
{
    json_t *channels = json_array();
    size_t i;
    json_t *channel;

    json_array_foreach (contact->before, i, channel) {
        if (!is_fit(channel, team_id, contact_id) ||
            !take(taken->channel_ids, json_integer_value(json_object_get(channel, "id")))) {
            world->left_out++;
        } else if (json_array_append_new(channels, channel_make(channel, stand_ins)) != 0) {
            json_decref(channels);
            return NULL;
        } else {
            world->channels++;
        }
    }
    return channels;
}

/* The team's object in the list; it is added where there is none. NULL: out of memory. */
static json_t *team_of(json_t *teams, json_int_t team_id, const char *what)
{
    const size_t number = json_array_size(teams) + 1;
    size_t i;
    json_t *team;
    char id[NAME_TEXT], key[NAME_TEXT], name[NAME_TEXT];

    json_array_foreach (teams, i, team) {
        if (json_integer_value(json_object_get(team, "team_id")) == team_id)
            return team;
    }
    snprintf(id, sizeof id, "5eed0000-0000-4000-8000-%012zu", number);
    snprintf(key, sizeof key, "test-key-of-a-recorded-world-%03zu", number);
    snprintf(name, sizeof name, "%s %zu", what, number);
    team = json_pack("{s:I, s:s, s:[{s:s, s:s}], s:[], s:[]}", "team_id", team_id, "name", name,
                     "secrets", "id", id, "key", key, "inboxes", "contacts");
    return json_array_append_new(teams, team) == 0 ? team : NULL;
}

/* Has an inbox what a world asks for? */
static bool is_fit_inbox(json_t *inbox)
{
    struct answer_breaches *breaches = calloc(1, sizeof *breaches);
    json_t *list = json_pack("[O]", inbox);
    bool is_fit = breaches != NULL && list != NULL;
    size_t i;
    json_t *member;

    if (is_fit) {
        inboxes_check(list, breaches); /* [N1] */
        is_fit = breaches->count == 0 && is_id(json_object_get(inbox, "id")) &&
                 is_id(json_object_get(inbox, "team")) &&
                 json_string_length(json_object_get(inbox, "name")) > 0;
    }
    json_array_foreach (json_object_get(inbox, "members"), i, member)
        is_fit = is_fit && is_id(member);
    json_decref(list);
    free(breaches);
    return is_fit;
}

/* Adds the inbox to its team. False: out of memory. */
static bool inbox_add(struct recorded_world *world, json_t *teams, json_t *inbox,
                      struct taken *taken, struct stand_ins *stand_ins)
{
    static const char *const numbers[] = { "id", "team", "members" };
    static const char *const texts[] = { "name", "phones", "phone" };
    const json_int_t team_id = json_integer_value(json_object_get(inbox, "team"));
    json_t *shown;
    json_t *made;
    bool is_whole;

    if (!is_fit_inbox(inbox) ||
        !take(taken->inbox_ids, json_integer_value(json_object_get(inbox, "id")))) {
        world->left_out++;
        return true;
    }
    shown = stand_ins_copy(stand_ins, inbox);
    made = json_object();
    is_whole = shown != NULL && made != NULL;
    for (size_t i = 0; i < 3 && is_whole; i++) {
        json_t *text = json_object_get(shown, texts[i]);

        is_whole = json_object_set(made, numbers[i], json_object_get(inbox, numbers[i])) == 0 &&
                   (text == NULL || json_object_set(made, texts[i], text) == 0);
    }
    is_whole =
        is_whole &&
        json_array_append(json_object_get(team_of(teams, team_id, "team"), "inboxes"), made) == 0;
    world->inboxes += is_whole;
    json_decref(made);
    json_decref(shown);
    return is_whole;
}

static bool contact_add(struct recorded_world *world, json_t *teams, json_int_t team_id,
                        const struct recorded_contact *contact, struct taken *taken,
                        struct stand_ins *stand_ins)
{
    json_t *team = team_of(teams, team_id, contact->was_accepted ? "team" : "another team");
    json_int_t contact_id = shared_id(contact, "contact_id");
    char name[NAME_TEXT];
    json_t *made;

    if (contact_id == 0 || !take(taken->contact_ids, contact_id)) {
        while (!take(taken->contact_ids, taken->next_contact_id))
            taken->next_contact_id++;
        contact_id = taken->next_contact_id;
    }
    snprintf(name, sizeof name, "contact-%zu", ++world->contacts);
    made = json_pack("{s:s, s:s, s:I, s:o}", "name", name, "uuid", contact->uuid, "contact_id",
                     contact_id, "channels",
                     channels_make(world, contact, team_id, contact_id, taken, stand_ins));
    return json_array_append_new(json_object_get(team, "contacts"), made) == 0;
}

/* Masks what the target answered; the world's own test secrets stay. False: out of memory. */
static bool member_mask(json_t *object, const char *member, const struct masking *masking)
{
    json_t *masked = mask_copy(masking, json_object_get(object, member));

    return masked != NULL && json_object_set_new(object, member, masked) == 0;
}

static bool teams_mask(json_t *teams, const struct masking *masking)
{
    bool is_whole = true;
    size_t i;
    size_t j;
    json_t *team;
    json_t *contact;

    json_array_foreach (teams, i, team) {
        is_whole = is_whole && member_mask(team, "inboxes", masking);
        json_array_foreach (json_object_get(team, "contacts"), j, contact)
            is_whole = is_whole && member_mask(contact, "channels", masking);
    }
    return is_whole;
}

enum hm_code recorded_world_make(struct recorded_world *world,
                                 const struct recorded_contacts *contacts,
                                 struct stand_ins *stand_ins, const struct masking *masking,
                                 struct hm_error *err)
{
    json_t *teams = json_array();
    struct taken taken = { json_object(), json_object(), json_object(), CONTACT_ID_FIRST };
    json_t *first_inbox_team = json_object_get(json_array_get(contacts->inboxes, 0), "team");
    json_int_t first_team = 0;
    const struct recorded_contact *contact;
    size_t i;
    json_t *inbox;
    bool is_whole = teams != NULL && taken.channel_ids != NULL && taken.contact_ids != NULL &&
                    taken.inbox_ids != NULL;

    memset(world, 0, sizeof *world);
    for (contact = contacts->by_uuid; contact != NULL; contact = contact->hh.next)
        first_team = first_team == 0 ? shared_id(contact, "team_id") : first_team;
    if (first_team == 0)
        first_team = is_id(first_inbox_team) ? json_integer_value(first_inbox_team) : TEAM_ID_FIRST;
    is_whole = is_whole && team_of(teams, first_team, "team") != NULL;
    for (contact = contacts->by_uuid; contact != NULL && is_whole; contact = contact->hh.next) {
        const json_int_t team_id = shared_id(contact, "team_id");

        if (contact->was_accepted)
            is_whole = contact_add(world, teams, team_id != 0 ? team_id : first_team, contact,
                                   &taken, stand_ins);
        else if (contact->was_denied) /* [J11] */
            is_whole = contact_add(world, teams, first_team + 1, contact, &taken, stand_ins);
        world->unseen += !contact->was_accepted && !contact->was_denied && !contact->was_absent;
    }
    json_array_foreach (contacts->inboxes, i, inbox)
        is_whole = is_whole && inbox_add(world, teams, inbox, &taken, stand_ins);
    if (is_whole && teams_mask(teams, masking))
        world->json = json_pack("{s:i, s:O}", "v", 1, "teams", teams);
    json_decref(teams);
    json_decref(taken.channel_ids);
    json_decref(taken.contact_ids);
    json_decref(taken.inbox_ids);
    return world->json != NULL ? HM_OK : no_memory(err);
}
