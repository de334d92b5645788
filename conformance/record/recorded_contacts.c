#include "record/recorded_contacts.h"
#include "cases/case_operation.h"
#include "contract/rfc3339.h"
#include "play/channels.h"
#include <stdlib.h>
#include <string.h>

/* By how many seconds a channel's time and ours may differ. */
enum { CLOCK_SLACK_S = 2, MS_IN_S = 1000 };

void recorded_contacts_fini(struct recorded_contacts *contacts)
{
    struct recorded_contact *contact = contacts->by_uuid;

    json_decref(contacts->inboxes);
    HASH_CLEAR(hh, contacts->by_uuid);
    while (contact != NULL) {
        struct recorded_contact *next = contact->hh.next;

        json_decref(contact->before);
        json_decref(contact->now);
        json_decref(contact->sent);
        free(contact);
        contact = next;
    }
}

static struct recorded_contact *contact_find(const struct recorded_contacts *contacts,
                                             const struct recorded *x)
{
    struct recorded_contact *contact = NULL;

    if (x->call.row != NULL && *x->contact != '\0')
        HASH_FIND_STR(contacts->by_uuid, x->contact, contact);
    return contact;
}

/* NULL: there is no contact, no room, or no memory. */
static struct recorded_contact *contact_of(struct recorded_contacts *contacts,
                                           const struct recorded *x)
{
    struct recorded_contact *contact = contact_find(contacts, x);

    if (contact != NULL || x->call.row == NULL || *x->contact == '\0')
        return contact;
    contacts->is_full = contacts->is_full || HASH_COUNT(contacts->by_uuid) >= RECORDED_CONTACTS_MAX;
    if (contacts->is_full)
        return NULL;
    contact = calloc(1, sizeof *contact);
    if (contact != NULL) {
        memcpy(contact->uuid, x->contact, UUID_TEXT);
        contact->before = json_array();
        contact->sent = json_array();
        if (contact->before != NULL && contact->sent != NULL)
            HASH_ADD_STR(contacts->by_uuid, uuid, contact);
    }
    if (contact != NULL && contact->hh.tbl == NULL) {
        json_decref(contact->before);
        json_decref(contact->sent);
        free(contact);
        contact = NULL;
    }
    contacts->is_out_of_memory = contacts->is_out_of_memory || contact == NULL;
    return contact;
}

void recorded_contacts_begin(struct recorded_contacts *contacts, struct recorded *x)
{
    struct recorded_contact *contact = contact_of(contacts, x);
    json_t *sent = x->trip.message.sent;

    if (contact == NULL)
        return;
    contact->changes += operation_changes(x->call.row);
    x->changes = contact->changes;
    x->known = json_incref(contact->now);
    if (x->call.row->has_body && channel_times(contact->sent, sent) == 0 && json_is_object(sent) &&
        json_array_size(contact->sent) < RECORDED_CHANNELS_MAX)
        json_array_append_new(contact->sent,
                              json_pack("{s:O?, s:O?, s:I}", "channel_type",
                                        json_object_get(sent, "channel_type"), "channel_id",
                                        json_object_get(sent, "channel_id"), "time",
                                        (json_int_t)(x->sent_at_ms / MS_IN_S)));
}

bool recorded_contacts_have_changed(const struct recorded_contacts *contacts,
                                    const struct recorded *x)
{
    const struct recorded_contact *contact = contact_find(contacts, x);

    return contact == NULL || contact->changes != x->changes;
}

/* Did the application make the channel? It asked for one like it, and the channel's time, where it
 * can be compared with the target's clock, is not before that. */
static bool is_made_here(const struct recorded_contact *contact, json_t *channel,
                         const struct recorded *x)
{
    const char *created = json_string_value(json_object_get(channel, "created"));
    int64_t now_s;
    int64_t created_s;
    size_t i;
    json_t *sent;

    json_array_foreach (contact->sent, i, sent) {
        const int64_t ago_s =
            x->sent_at_ms / MS_IN_S - json_integer_value(json_object_get(sent, "time"));

        if (!channel_is_same(channel, sent))
            continue;
        return created == NULL || !round_trip_date(&now_s, &x->trip) ||
               !rfc3339_read(&created_s, created, strlen(created)) ||
               created_s >= now_s - ago_s - CLOCK_SLACK_S - x->trip.answer.time_ms / MS_IN_S;
    }
    return false;
}

/* The list without the channels of a type that a deletion means, or with a channel replaced. */
static json_t *list_without(json_t *list, json_t *id, json_t *instead)
{
    json_t *made = json_array();
    size_t i;
    json_t *channel;

    json_array_foreach (list, i, channel) {
        if (!json_equal(json_object_get(channel, "id"), id))
            json_array_append(made, channel);
    }
    if (instead != NULL)
        json_array_append(made, instead);
    return made;
}

/* Notes a channel that was there before the application wrote. Channels that were seen one by one
 * get the order of the first list [L2]. */
static void before_take(struct recorded_contacts *contacts, struct recorded_contact *contact,
                        json_t *channel, const struct recorded *x)
{
    json_t *id = json_object_get(channel, "id");
    json_t *known = channel_by_id(contact->before, id);

    if (known != NULL && contact->now == NULL) {
        json_t *ordered = list_without(contact->before, id, known);

        json_decref(contact->before);
        contact->before = ordered;
    }
    if (!json_is_object(channel) || channel_by_id(contact->now, id) != NULL || known != NULL ||
        is_made_here(contact, channel, x))
        return;
    if (contacts->channels >= RECORDED_CHANNELS_MAX) {
        contacts->is_full = true;
        return;
    }
    contacts->channels++;
    if (json_array_append(contact->before, channel) != 0)
        contacts->is_out_of_memory = true;
}

static void now_set(struct recorded_contact *contact, json_t *list)
{
    json_decref(contact->now);
    contact->now = list;
}

/* The newest channel of the type, which a deletion means [G3]; NULL: unknown. */
static json_t *newest_of(json_t *list, const char *type)
{
    json_t *newest = NULL;
    size_t i;
    json_t *channel;

    json_array_foreach (list, i, channel) {
        const char *found = json_string_value(json_object_get(channel, "channel_type"));

        if (found != NULL && strcmp(found, type) == 0)
            newest = channel;
    }
    return newest;
}

void recorded_contacts_end(struct recorded_contacts *contacts, const struct recorded *x)
{
    struct recorded_contact *contact = contact_find(contacts, x);
    json_t *body = x->trip.body;
    size_t i;
    json_t *channel;

    if (recorded_calls(x, OPERATION_INBOX_LIST) && recorded_is_accepted(x) && json_is_array(body) &&
        contacts->inboxes == NULL)
        contacts->inboxes = json_incref(body);
    if (contact == NULL)
        return;
    contact->changes += operation_changes(x->call.row);
    contact->was_denied = contact->was_denied || x->trip.answer.status == 403;
    contact->was_absent = contact->was_absent || x->trip.answer.status == 404;
    if (!recorded_is_accepted(x))
        return;
    contact->was_accepted = true;
    if (json_is_array(body) && x->call.row->form != ANSWER_ANYTHING) {
        json_array_foreach (body, i, channel) {
            before_take(contacts, contact, channel, x);
        }
        now_set(contact, json_incref(body));
    } else if (json_is_object(body) && json_object_get(body, "id") != NULL) {
        before_take(contacts, contact, body, x);
        if (contact->now != NULL)
            now_set(contact, list_without(contact->now, json_object_get(body, "id"), body));
    } else if (recorded_calls(x, OPERATION_CHANNEL_DELETE)) {
        channel = newest_of(contact->now, x->type);
        if (channel != NULL)
            now_set(contact, list_without(contact->now, json_object_get(channel, "id"), NULL));
        else
            now_set(contact, NULL);
    }
}
