#include "recipe/names.h"
#include "contract/hmac.h"
#include "contract/variables.h"
#include "support/buf.h"
#include "support/environment.h"
#include "support/no_memory.h"
#include "support/quoted.h"
#include "support/try.h"
#include "support/uuid.h"
#include <stdlib.h>
#include <string.h>

static const char *const secret_texts[SECRET_NAME_COUNT] = { "first", "second", "other-team" };

static const struct {
    const char *variable;
    const char *contact;
    bool is_required;
} contact_variables[] = {
    { VARIABLE_CONTACT_ID, "ada", true },
    { VARIABLE_EMPTY_CONTACT_ID, "empty", false },
    { VARIABLE_OTHER_CONTACT_ID, "other-team", false },
};
enum { CONTACT_VARIABLE_COUNT = sizeof contact_variables / sizeof *contact_variables };

static const struct {
    const char *id;
    const char *key;
    enum secret_name name;
    bool is_required;
} secret_variables[] = {
    { VARIABLE_SECRET_ID, VARIABLE_SECRET_KEY, SECRET_FIRST, true },
    { VARIABLE_SECOND_SECRET_ID, VARIABLE_SECOND_SECRET_KEY, SECRET_SECOND, false },
};
enum { SECRET_VARIABLE_COUNT = sizeof secret_variables / sizeof *secret_variables };

enum secret_name secret_name_of(const char *text)
{
    enum secret_name name = SECRET_FIRST;

    while (text != NULL && name < SECRET_OTHER_TEAM && strcmp(secret_texts[name], text) != 0)
        name++;
    return name;
}

const char *names_contact(const struct names *names, const char *name)
{
    for (size_t i = 0; i < names->contact_count; i++) {
        if (strcmp(names->contacts[i].name, name) == 0)
            return names->contacts[i].uuid;
    }
    return NULL;
}

static enum hm_code secret_set(struct names *names, enum secret_name name, const char *id,
                               const char *key, struct hm_error *err)
{
    struct named_secret *secret = &names->secrets[name];

    secret->id = strdup(id);
    secret->key = private_copy(key);
    return secret->id != NULL && private_is_set(secret->key) ? HM_OK : no_memory(err);
}

enum hm_code names_add_contact(struct names *names, const char *name, const char *uuid,
                               struct hm_error *err)
{
    struct named_contact *contacts =
        realloc(names->contacts, (names->contact_count + 1) * sizeof *contacts);

    if (contacts == NULL)
        return no_memory(err);
    names->contacts = contacts;
    contacts[names->contact_count].name = strdup(name);
    contacts[names->contact_count].uuid = strdup(uuid);
    names->contact_count++;
    if (contacts[names->contact_count - 1].name == NULL ||
        contacts[names->contact_count - 1].uuid == NULL)
        return no_memory(err);
    return HM_OK;
}

/* A string member, or for {"env": NAME} the value of that environment variable. */
static enum hm_code text_or_variable(const struct json_node *node, const char *key,
                                     enum json_presence presence, const char **out,
                                     struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const struct json_node member = json_node_member(node, key);
    static const char *const allowed[] = { "env", NULL };
    const char *variable = NULL;

    if (!json_is_object(member.value))
        return json_get_string(node, key, presence, out, err);
    TRY(json_expect_object(&member, allowed, err));
    TRY(json_get_string(&member, "env", JSON_REQUIRED, &variable, err));
    *out = environment_text(variable);
    if (*out == NULL)
        TRY(json_complain(&member, err, "the environment variable %s is not set",
                          variable_shown(variable).text));
out:
    return code;
}

enum hm_code names_read_secret(struct names *names, enum secret_name name,
                               const struct json_node *node, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const char *id = NULL;
    const char *key = NULL;

    TRY(text_or_variable(node, "id", JSON_REQUIRED, &id, err));
    TRY(text_or_variable(node, "key", JSON_REQUIRED, &key, err));
    TRY(secret_set(names, name, id, key, err));
out:
    return code;
}

enum hm_code names_read_legacy_key(struct names *names, const struct json_node *node,
                                   struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const char *key = NULL;

    TRY(text_or_variable(node, "legacy_key", JSON_OPTIONAL, &key, err));
    if (key != NULL)
        names->legacy_key = private_copy(key);
    if (key != NULL && !private_is_set(names->legacy_key))
        TRY(no_memory(err));
out:
    return code;
}

enum hm_code names_mask(struct names *names, struct hm_error *err)
{
    enum { GATEWAY_LEAST = 6 }; /* a shorter value is no secret, and would hide too much */
    enum hm_code code = HM_OK;
    const size_t more = names->gateway != NULL ? names->gateway->count : 0;
    const char **keys = calloc(SECRET_NAME_COUNT + 1 + more, sizeof *keys);
    size_t count = 0;

    if (keys == NULL)
        return no_memory(err);
    keys[count++] = private_open(names->legacy_key);
    for (size_t i = 0; i < SECRET_NAME_COUNT; i++)
        keys[count++] = private_open(names->secrets[i].key);
    for (size_t i = 0; i < more; i++) {
        if (strlen(names->gateway->at[i].value) >= GATEWAY_LEAST)
            keys[count++] = names->gateway->at[i].value;
    }
    mask_free(names->mask);
    names->mask = mask_new_of(keys, count);
    if (names->mask == NULL)
        code = no_memory(err);
    free(keys);
    return code;
}

static enum hm_code world_contacts_read(struct names *names, const struct json_node *team,
                                        struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct json_node list = { .value = NULL };

    TRY(json_get_array(team, "contacts", JSON_OPTIONAL, &list, err));
    for (size_t i = 0; i < json_array_size(list.value); i++) {
        struct json_node contact = json_node_element(&list, i);

        const char *name = NULL;
        const char *uuid = NULL;
        TRY(json_get_string(&contact, "name", JSON_OPTIONAL, &name, err));
        TRY(json_get_string(&contact, "uuid", JSON_REQUIRED, &uuid, err));
        if (name != NULL)
            TRY(names_add_contact(names, name, uuid, err));
    }
out:
    return code;
}

static enum hm_code world_team_read(struct names *names, const struct json_node *team,
                                    const enum secret_name *order, size_t count,
                                    struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct json_node list;

    if (order[0] == SECRET_FIRST)
        TRY(names_read_legacy_key(names, team, err));
    TRY(json_get_array(team, "secrets", JSON_REQUIRED, &list, err));
    for (size_t i = 0; i < json_array_size(list.value) && i < count; i++) {
        struct json_node secret = json_node_element(&list, i);

        TRY(names_read_secret(names, order[i], &secret, err));
    }
    TRY(world_contacts_read(names, team, err));
out:
    return code;
}

enum hm_code names_from_world(struct names *names, const struct json_file *world,
                              const char *origin, struct hm_error *err)
{
    static const enum secret_name first_team[] = { SECRET_FIRST, SECRET_SECOND };
    static const enum secret_name second_team[] = { SECRET_OTHER_TEAM };
    enum hm_code code = HM_OK;
    const struct json_node root = json_node_root(world);
    struct json_node list;

    memset(names, 0, sizeof *names);
    names->origin = origin;
    TRY(json_get_array(&root, "teams", JSON_REQUIRED, &list, err));
    for (size_t i = 0; i < json_array_size(list.value); i++) {
        struct json_node team = json_node_element(&list, i);

        if (i == 0)
            TRY(world_team_read(names, &team, first_team, 2, err));
        else
            TRY(world_team_read(names, &team, second_team, i == 1, err));
    }
    TRY(names_mask(names, err));
out:
    if (code != HM_OK)
        names_fini(names);
    return code;
}

static bool is_variable_so(const char *variable, const char *value)
{
    const char *set = environment_text(variable);

    return set == NULL || (value != NULL && strcmp(set, value) == 0);
}

bool names_agree_with_environment(const struct names *names)
{
    for (size_t i = 0; i < SECRET_VARIABLE_COUNT; i++) {
        const struct named_secret *secret = &names->secrets[secret_variables[i].name];

        if (!is_variable_so(secret_variables[i].id, secret->id) ||
            !is_variable_so(secret_variables[i].key, private_open(secret->key)))
            return false;
    }
    for (size_t i = 0; i < CONTACT_VARIABLE_COUNT; i++) {
        if (!is_variable_so(contact_variables[i].variable,
                            names_contact(names, contact_variables[i].contact)))
            return false;
    }
    return true;
}

static bool is_text_so(const char *all, const char *some)
{
    return some == NULL || (all != NULL && strcmp(all, some) == 0);
}

bool names_agree(const struct names *all, const struct names *some)
{
    for (size_t i = 0; i < SECRET_NAME_COUNT; i++) {
        if (!is_text_so(all->secrets[i].id, some->secrets[i].id) ||
            !is_text_so(private_open(all->secrets[i].key), private_open(some->secrets[i].key)))
            return false;
    }
    for (size_t i = 0; i < some->contact_count; i++) {
        if (!is_text_so(names_contact(all, some->contacts[i].name), some->contacts[i].uuid))
            return false;
    }
    return is_text_so(private_open(all->legacy_key), private_open(some->legacy_key));
}

/* Appends the names of required variables that are not set, and the other half of secrets that
 * are half set. */
static void missing_list(struct buf *out)
{
    for (size_t i = 0; i < SECRET_VARIABLE_COUNT; i++) {
        bool has_id = environment_text(secret_variables[i].id) != NULL;
        bool has_key = environment_text(secret_variables[i].key) != NULL;
        bool is_wanted = secret_variables[i].is_required || has_id || has_key;

        if (is_wanted && !has_id)
            buf_printf(out, " %s", secret_variables[i].id);
        if (is_wanted && !has_key)
            buf_printf(out, " %s", secret_variables[i].key);
    }
    for (size_t i = 0; i < CONTACT_VARIABLE_COUNT; i++) {
        if (contact_variables[i].is_required &&
            environment_text(contact_variables[i].variable) == NULL)
            buf_printf(out, " %s", contact_variables[i].variable);
    }
}

static enum hm_code environment_contacts_read(struct names *names, struct hm_error *err)
{
    enum hm_code code = HM_OK;

    for (size_t i = 0; i < CONTACT_VARIABLE_COUNT; i++) {
        const char *value = environment_text(contact_variables[i].variable);

        if (value == NULL)
            continue;
        if (!uuid_is_valid(value, strlen(value)))
            TRY(hm_error_set(err, HM_BAD_INPUT,
                             "%s is not a UUID: expected 8-4-4-4-12 hex digits, as in the path "
                             "/v2/contact/{contactID}/channel",
                             contact_variables[i].variable));
        TRY(names_add_contact(names, contact_variables[i].contact, value, err));
    }
out:
    return code;
}

enum hm_code names_from_environment(struct names *names, struct hm_error *err)
{
    enum { LIST_TEXT = 400 };
    enum hm_code code = HM_OK;
    struct buf missing;

    memset(names, 0, sizeof *names);
    names->origin = "the environment";
    buf_init(&missing, LIST_TEXT);
    missing_list(&missing);
    if (missing.length > 0)
        TRY(hm_error_set(err, HM_BAD_INPUT, "missing in the environment:%s", buf_text(&missing)));
    for (size_t i = 0; i < SECRET_VARIABLE_COUNT; i++) {
        if (environment_text(secret_variables[i].id) != NULL)
            TRY(secret_set(names, secret_variables[i].name,
                           environment_text(secret_variables[i].id),
                           environment_text(secret_variables[i].key), err));
    }
    TRY(environment_contacts_read(names, err));
    TRY(names_mask(names, err));
out:
    buf_fini(&missing);
    if (code != HM_OK)
        names_fini(names);
    return code;
}

void names_fini(struct names *names)
{
    for (size_t i = 0; i < SECRET_NAME_COUNT; i++) {
        secret_wipe(names->secrets[i].id);
        private_wipe(&names->secrets[i].key);
    }
    for (size_t i = 0; i < names->contact_count; i++) {
        free(names->contacts[i].name);
        free(names->contacts[i].uuid);
    }
    free(names->contacts);
    mask_free(names->mask);
    private_wipe(&names->legacy_key);
    memset(names, 0, sizeof *names);
}
