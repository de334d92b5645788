#include "control/control_env.h"

#include "contract/secrets.h"
#include "contract/variables.h"
#include "control/control.h"
#include "support/json_text.h"
#include <stdio.h>
#include <string.h>

enum { NAMES_MAX = 1000 };

static void secrets_set(variable_fn each, void *to, const struct store *store)
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
        each(to, names[named][0], secrets->at[i]->id);
        each(to, names[named][1], private_open(secrets->at[i]->key));
        named++;
    }
}

static void contact_set(variable_fn each, void *to, const char *name, const struct contact *contact)
{
    char uuid[UUID_TEXT];

    if (contact == NULL)
        return;
    contact_uuid(uuid, contact);
    each(to, name, uuid);
}

static void contacts_set(variable_fn each, void *to, const struct store *store)
{
    const struct contact *first = NULL, *empty = NULL, *others = NULL;
    size_t count = store_contact_count(store);

    for (size_t i = 0; i < count && (first == NULL || empty == NULL || others == NULL); i++) {
        const struct contact *contact = store_contact_at(store, i);

        if (contact_team(contact) != 0)
            others = others == NULL ? contact : others;
        else if (first == NULL)
            first = contact;
        if (contact_team(contact) == 0 && empty == NULL && contact_was_empty(contact))
            empty = contact;
    }
    contact_set(each, to, VARIABLE_CONTACT_ID, first);
    contact_set(each, to, VARIABLE_EMPTY_CONTACT_ID, empty);
    contact_set(each, to, VARIABLE_OTHER_CONTACT_ID, others);
}

void url_below(char text[URL_BELOW_TEXT], const char *url, const char *path)
{
    static const char *const prefixes[][2] = { { "http://0.0.0.0:", "http://127.0.0.1:" },
                                               { "http://[::]:", "http://[::1]:" } };
    const char *start = "", *rest = url;

    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        size_t length = strlen(prefixes[i][0]);

        if (strncmp(url, prefixes[i][0], length) == 0) {
            start = prefixes[i][1];
            rest = url + length;
        }
    }
    snprintf(text, URL_BELOW_TEXT, "%s%s%s", start, rest, path);
}

static void url_set(variable_fn each, void *to, const char *name, const char *url, const char *path)
{
    char text[URL_BELOW_TEXT];

    url_below(text, url, path);
    each(to, name, text);
}

void world_variables(variable_fn each, void *to, const char *base_url, const char *mock_url,
                     const char *control_path, const struct store *store)
{
    url_set(each, to, VARIABLE_BASE_URL, base_url, "");
    url_set(each, to, VARIABLE_MOCK_URL, mock_url, "");
    url_set(each, to, VARIABLE_MOCK_CONTROL_URL, mock_url, control_path);
    secrets_set(each, to, store);
    contacts_set(each, to, store);
}

const char *url_of_scheme(char *const *urls, const char *scheme)
{
    for (size_t i = 0; urls[i] != NULL; i++) {
        if (strncmp(urls[i], scheme, strlen(scheme)) == 0)
            return urls[i];
    }
    return urls[0];
}

const char *mock_base_url(const struct mock *mock)
{
    return url_of_scheme(atomic_load(&mock->urls), mock->gives_https ? "https://" : "http://");
}

/* Members of an object under construction. */
struct members {
    struct buf *out;
    const char *comma;
};

static void variable_add(void *to, const char *name, const char *value)
{
    struct members *members = to;

    buf_puts(members->out, members->comma);
    json_text_puts(members->out, name);
    buf_putc(members->out, ':');
    json_text_puts(members->out, value);
    members->comma = ",";
}

static bool name_write(struct buf *out, struct control_list *list)
{
    char uuid[UUID_TEXT];

    if (list->name == NULL)
        return false;
    contact_uuid(uuid, list->name->contact);
    variable_add(&(struct members){ out, list->comma }, list->name->name, uuid);
    list->name = contact_name_after(list->name);
    return true;
}

/* The answer holds the world's keys, so other machines do not get it. */
enum step_result env_refuse(struct exchange *x)
{
    if (!is_loopback_address(x->request.peer))
        return exchange_complain(x, 403,
                                 "this call answers only loopback addresses, because its "
                                 "answer contains the keys of the world");
    if (atomic_load(&x->mock->urls) == NULL)
        return exchange_complain(x, 503, "the mock does not know its URLs yet");
    return STEP_NEXT;
}

void env_write(struct buf *out, const struct exchange *x, const char *control_path,
               const struct store *store)
{
    const char *plain = url_of_scheme(atomic_load(&x->mock->urls), "http://");
    const char *base = mock_base_url(x->mock);
    struct members url = { out, "," }, env = { out, "" };

    url_set(variable_add, &url, "control_url", plain, control_path);
    buf_puts(out, ",\"env\":{");
    world_variables(variable_add, &env, base, plain, control_path, store);
    buf_putc(out, '}');
}

static enum step_result env_answer(struct exchange *x)
{
    const struct store *store = x->state->store;
    char path[SANDBOX_PATH_TEXT];
    struct buf *out = control_begin(x);

    sandbox_path(path, x->sandbox);
    env_write(out, x, path, store);
    buf_puts(out, ",\"contacts\":{");
    return control_answer_list(x, &(struct control_list){ .entry = name_write,
                                                          .end = NAMES_MAX,
                                                          .name = store_first_name(store),
                                                          .rest = "}" });
}

const struct operation op_env = { .is_control = true,
                                  .steps = { control_read, env_refuse, env_answer } };
