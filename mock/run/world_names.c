#include "run/world_names.h"

#include "contract/secrets.h"
#include "support/variables.h"

static void set_secrets(struct environment *environment, const struct store *store)
{
    static const char *const names[][2] = {
        { VARIABLE_SECRET_ID, VARIABLE_SECRET_KEY },
        { VARIABLE_SECOND_SECRET_ID, VARIABLE_SECOND_SECRET_KEY },
    };
    const struct hm_secrets *secrets = store_secrets(store);
    size_t named = 0;

    for (size_t i = 0; i < secrets->count && named < sizeof names / sizeof names[0]; i++) {
        if (store_secret_team(store, i) != 0)
            continue;
        environment_set(environment, names[named][0], secrets->at[i]->id);
        environment_set(environment, names[named][1], secrets->at[i]->key);
        named++;
    }
}

static void set_contact(struct environment *environment, const char *name,
                        const struct contact *contact)
{
    char uuid[UUID_TEXT];

    if (contact == NULL)
        return;
    contact_uuid(uuid, contact);
    environment_set(environment, name, uuid);
}

void world_names_set(struct environment *environment, const struct store *store)
{
    const struct contact *first = NULL, *empty = NULL, *others = NULL;
    size_t count = store_contact_count(store);

    set_secrets(environment, store);
    for (size_t i = 0; i < count && (first == NULL || empty == NULL || others == NULL); i++) {
        const struct contact *contact = store_contact_at(store, i);

        if (contact_team(contact) != 0)
            others = others == NULL ? contact : others;
        else if (first == NULL)
            first = contact;
        if (contact_team(contact) == 0 && empty == NULL && contact_was_empty(contact))
            empty = contact;
    }
    set_contact(environment, VARIABLE_CONTACT_ID, first);
    set_contact(environment, VARIABLE_EMPTY_CONTACT_ID, empty);
    set_contact(environment, VARIABLE_OTHER_CONTACT_ID, others);
}
