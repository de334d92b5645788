#include "certify/certify_family.h"
#include "contract/key_changes.h"
#include "support/text.h"
#include <stdlib.h>
#include <string.h>

static const char *calls_of(const char *method)
{
    if (strcmp(method, "PUT") == 0)
        return "channel_update";
    return strcmp(method, "DELETE") == 0 ? "channel_delete"
                                         : "channel_get, channel_list or inbox_list";
}

bool seen_conclude_without(struct certify_verdict *verdict, const struct certify_seen *first,
                           const char *method)
{
    if (method == NULL)
        return false;
    for (size_t i = 0; i < seen_count(first); i++) {
        const json_t *exchange = seen_at(first, i);

        if (seen_has_method(exchange, method) && *finding_text(exchange, "operation") != '\0')
            return false;
    }
    seen_conclude(verdict, CERTIFY_UNSEEN, "skipped: it does not call %s", calls_of(method));
    return true;
}

/* The channels of one run, by contact and type. */
struct own {
    json_t *values;  /* key -> array of the values that the run created, the newest last */
    json_t *removed; /* key -> true: the run deleted a channel, and created none since */
    size_t changes;  /* updates and deletions that were accepted */
    size_t strange;  /* of these: of a channel that the run did not create */
    size_t again;    /* deletions after the channel was deleted [X3] */
    const char *first_strange; /* operation; NULL: none */
};

/* Its contact and the type in its body or path. free() it; NULL: out of memory, or no type. */
static char *key_of(const json_t *exchange)
{
    const char *contact = finding_text(exchange, "contact");
    const char *type = finding_text(json_object_get(exchange, "body"), "channel_type");
    const size_t contact_length = strlen(contact);
    size_t length;
    char *key;

    if (seen_has_method(exchange, "DELETE")) {
        const char *slash = strrchr(finding_text(exchange, "path"), '/');

        type = slash != NULL ? slash + 1 : "";
    }
    length = strlen(type);
    key = *type != '\0' ? calloc(1, contact_length + length + 2) : NULL;
    if (key == NULL)
        return NULL;
    memcpy(key, contact, contact_length);
    key[contact_length] = ' ';
    memcpy(key + contact_length + 1, type, length);
    if (seen_has_method(exchange, "DELETE")) {
        unsigned char *at = (unsigned char *)key + contact_length + 1;
        const size_t decoded = percent_decode(at, at, length, PERCENT_PATH);

        if (decoded > 0)
            at[decoded] = '\0';
    }
    return key;
}

static void note_created(struct own *own, const char *key, json_t *value)
{
    json_t *list = json_object_get(own->values, key);
    size_t i;
    json_t *one;

    json_object_del(own->removed, key);
    if (list == NULL) {
        list = json_array();
        json_object_set_new(own->values, key, list);
    }
    json_array_foreach (list, i, one) {
        if (json_equal(one, value))
            return; /* [B8] */
    }
    json_array_append(list, value);
}

/* An accepted update or deletion is of the newest channel of the type, as the mock does it [G3]. */
static void note_changed(struct own *own, const char *key, const json_t *exchange)
{
    json_t *list = json_object_get(own->values, key);
    const size_t count = json_array_size(list);

    own->changes++;
    if (count == 0) {
        own->strange++;
        if (own->first_strange == NULL)
            own->first_strange = finding_text(exchange, "operation");
    } else {
        json_array_remove(list, count - 1);
    }
    if (seen_has_method(exchange, "DELETE"))
        json_object_set_new(own->removed, key, json_true());
    else if (count > 0)
        json_array_append(list, json_object_get(json_object_get(exchange, "body"), "channel_id"));
}

static void own_note(struct own *own, const json_t *exchange)
{
    char *key = key_of(exchange);

    if (key == NULL)
        return;
    if (seen_has_operation(exchange, "channel_create") && seen_is_accepted(exchange))
        note_created(own, key, json_object_get(json_object_get(exchange, "body"), "channel_id"));
    else if ((seen_has_operation(exchange, "channel_update") ||
              seen_has_operation(exchange, "channel_delete")) &&
             seen_is_accepted(exchange))
        note_changed(own, key, exchange);
    else if (seen_has_operation(exchange, "channel_delete") &&
             json_object_get(own->removed, key) != NULL &&
             strcmp(finding_text(seen_finding(exchange, "refused"), "code"), "channel-absent") == 0)
        own->again++;
    free(key);
}

static struct own own_of(const struct certify_seen *seen)
{
    struct own own = { .values = json_object(), .removed = json_object() };

    for (size_t i = 0; i < seen_count(seen); i++)
        own_note(&own, seen_at(seen, i));
    json_decref(own.values);
    json_decref(own.removed);
    own.values = NULL;
    own.removed = NULL;
    return own;
}

/* What a second deletion is answered is the mock's choice, so it is no failure. */
void judge_deletes_once(struct certify_verdict *verdict, const struct certify_seen *seen)
{
    const struct own own = own_of(seen);

    if (own.again > 0)
        seen_conclude(verdict, CERTIFY_WARNED,
                      "it deleted a channel again after a deletion that was answered, %zu time%s: "
                      "the documentation does not say what is answered, and another channel of "
                      "that type would be deleted",
                      own.again, plural(own.again));
    else
        seen_conclude(verdict, CERTIFY_PASSED, "no deletion was sent again");
}

void judge_own_channels(struct certify_verdict *verdict, const struct certify_seen *seen)
{
    const struct own own = own_of(seen);

    if (own.changes == 0)
        seen_conclude(verdict, CERTIFY_UNSEEN,
                      "skipped: it calls neither channel_update nor channel_delete");
    else if (own.strange > 0)
        seen_conclude(
            verdict, CERTIFY_WARNED,
            "%zu of %zu updates and deletions were of a channel that it did not create in "
            "the same run (the first: %s): they name a type, and the documentation does "
            "not say which channel is meant if the contact has several of it",
            own.strange, own.changes, own.first_strange);
    else
        seen_conclude(verdict, CERTIFY_PASSED,
                      "all %zu updates and deletions were of channels that it created",
                      own.changes);
}

/* A GET changes nothing, so its repetition is never a mistake. */
void judge_reads(struct certify_verdict *verdict, const struct certify_seen *seen)
{
    size_t faults = 0;
    size_t answered = 0;

    if (seen_conclude_early(verdict, seen))
        return;
    for (size_t i = 0; i < seen_count(seen); i++) {
        if (!seen_is_faulted(seen_at(seen, i)))
            continue;
        faults++;
        answered += seen_is_through(seen, i);
    }
    if (faults == 0)
        seen_conclude(verdict, CERTIFY_UNSEEN, "no valid GET arrived, so none could fail");
    else if (answered == faults)
        seen_conclude(verdict, CERTIFY_PASSED, "it repeated the GET, which is safe");
    else if (seen->exit_codes[0] == 0)
        seen_conclude(verdict, CERTIFY_WARNED,
                      "it exited with 0 although it got no answer to a GET; it may repeat a GET");
    else
        seen_conclude(verdict, CERTIFY_PASSED, "it gave up, and exited with %d",
                      seen->exit_codes[0]);
}
