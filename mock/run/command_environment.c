#include "run/command_environment.h"

#include "contract/secrets.h"
#include "contract/variables.h"
#include "http/listener.h"
#include "support/buf.h"
#include "support/text.h"
#include "support/uuid.h"
#include <stdio.h>
#include <string.h>

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

static void set_world(struct environment *environment, const struct store *store)
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

/* A wildcard address cannot be called, and NO_PROXY does not cover it: the command gets the
 * loopback address of the same family. */
static void set_url(struct environment *environment, const char *name, const char *url)
{
    static const char *const prefixes[][2] = { { "http://0.0.0.0:", "http://127.0.0.1:" },
                                               { "http://[::]:", "http://[::1]:" } };
    char text[LISTENER_URL_TEXT];

    snprintf(text, sizeof text, "%s", url);
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        size_t length = strlen(prefixes[i][0]);

        if (strncmp(url, prefixes[i][0], length) == 0)
            snprintf(text, sizeof text, "%s%s", prefixes[i][1], url + length);
    }
    environment_set(environment, name, text);
}

static void bypass_proxy(struct environment *environment)
{
    static const char *const hosts[] = { "127.0.0.1", "localhost", "::1" };
    static const char *const names[] = { "NO_PROXY", "no_proxy" };
    struct buf lists[2];

    for (size_t i = 0; i < 2; i++) {
        const char *present = environment_find(environment, names[i]);

        if (present == NULL) /* so that both mean the same */
            present = environment_find(environment, names[1 - i]);
        buf_init(&lists[i], ENVIRONMENT_VARIABLE_BYTES_MAX);
        if (present != NULL)
            buf_puts(&lists[i], present);
        for (size_t j = 0; j < sizeof hosts / sizeof hosts[0]; j++) {
            if (present == NULL ||
                (!text_lists_word(present, "*") && !text_lists_word(present, hosts[j])))
                buf_printf(&lists[i], "%s%s", lists[i].length > 0 ? "," : "", hosts[j]);
        }
    }
    for (size_t i = 0; i < 2; i++) {
        environment_set(environment, names[i], buf_text(&lists[i]));
        environment->is_broken = environment->is_broken || !buf_ok(&lists[i]);
        buf_fini(&lists[i]);
    }
}

void command_environment_set(struct environment *environment, const char *base_url,
                             const char *mock_url, const struct store *store)
{
    set_url(environment, VARIABLE_BASE_URL, base_url);
    set_url(environment, VARIABLE_MOCK_URL, mock_url);
    set_world(environment, store);
    bypass_proxy(environment);
}
