#include "store/world.h"

#include "fault/fault_read.h"
#include "store/world_contact.h"
#include "store/world_inbox.h"
#include "support/buf.h"
#include "support/no_memory.h"
#include "support/quoted.h"
#include "support/try.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_BYTES = 4096 };

/* A secret's text: a string, or {"env":"NAME"}. */
static enum hm_code key_read(const char **key, const struct json_node *object, const char *member,
                             struct hm_error *err)
{
    static const char *const allowed[] = { "env", NULL };
    struct json_node node = json_node_member(object, member);
    const char *name = "", *text = "";
    enum hm_code code;

    if (json_is_object(node.value)) {
        TRY(json_expect_object(&node, allowed, err));
        TRY(json_get_string(&node, "env", JSON_REQUIRED, &name, err));
        text = getenv(name);
        if (text == NULL || *text == '\0')
            return json_complain(&node, err, "the environment variable %s is %s, expected a secret",
                                 variable_shown(name).text, text == NULL ? "unset" : "empty");
    } else if (json_is_string(node.value)) {
        TRY(json_get_string(object, member, JSON_REQUIRED, &text, err));
        if (*text == '\0')
            return json_complain(&node, err, "found an empty string, expected a secret");
    } else {
        return json_complain_type(&node, err, "a string or {\"env\":\"NAME\"}");
    }
    if (strlen(text) > HM_SECRET_BYTES_MAX)
        return json_complain(&node, err, "found %zu bytes, expected at most %d", strlen(text),
                             HM_SECRET_BYTES_MAX);
    *key = text;
out:
    return code;
}

static enum hm_code secret_read(struct store *store, size_t team, const struct json_node *node,
                                struct hm_error *err)
{
    static const char *const allowed[] = { "id", "key", NULL };
    struct json_node id_node = json_node_member(node, "id");
    struct hm_error why = { 0 };
    const char *id = "", *key = "";
    enum hm_code code;

    TRY(json_expect_object(node, allowed, err));
    TRY(json_get_string(node, "id", JSON_REQUIRED, &id, err));
    TRY(key_read(&key, node, "key", err));
    if (*id == '\0' || strlen(id) > HM_SECRET_BYTES_MAX)
        TRY(json_complain(&id_node, err, "found %zu bytes, expected a text of 1 to %d", strlen(id),
                          HM_SECRET_BYTES_MAX));
    code = directory_add_secret(store_directory(store), team, id, key, &why);
    if (code == HM_BAD_ARGUMENT)
        code = json_complain(&id_node, err, "found an ID a second time, expected each once");
    else if (code != HM_OK)
        hm_error_set(err, code, "%s", why.text);
out:
    return code;
}

static enum hm_code secrets_read(struct store *store, size_t team, const struct json_node *object,
                                 struct hm_error *err)
{
    struct json_node array;
    size_t count;
    enum hm_code code;

    TRY(json_get_array(object, "secrets", JSON_REQUIRED, &array, err));
    count = json_array_size(array.value);
    if (count == 0 || count > TEAM_SECRETS_MAX)
        TRY(json_complain(&array, err, "found %zu secrets, expected one or two", count));
    for (size_t i = 0; i < count; i++) {
        struct json_node element = json_node_element(&array, i);

        TRY(secret_read(store, team, &element, err));
    }
out:
    return code;
}

static enum hm_code legacy_key_read(struct store *store, size_t team,
                                    const struct json_node *object, struct hm_error *err)
{
    const char *key = "";
    enum hm_code code = HM_OK;

    if (json_object_get(object->value, "legacy_key") == NULL)
        return HM_OK;
    TRY(key_read(&key, object, "legacy_key", err));
    TRY(directory_add_legacy_key(store_directory(store), team, key, err));
out:
    return code;
}

static enum hm_code inboxes_read(struct store *store, size_t team, const struct json_node *object,
                                 struct hm_error *err)
{
    struct json_node array;
    enum hm_code code;

    TRY(json_get_array(object, "inboxes", JSON_OPTIONAL, &array, err));
    for (size_t i = 0; i < json_array_size(array.value); i++) {
        struct json_node element = json_node_element(&array, i);

        TRY(world_inbox_read(store, team, &element, err));
    }
out:
    return code;
}

static enum hm_code contacts_read(struct store *store, size_t team, const struct json_node *object,
                                  struct hm_error *err)
{
    struct json_node array;
    enum hm_code code;

    TRY(json_get_array(object, "contacts", JSON_OPTIONAL, &array, err));
    for (size_t i = 0; i < json_array_size(array.value); i++) {
        struct json_node element = json_node_element(&array, i);

        TRY(world_contact_read(store, team, &element, err));
    }
out:
    return code;
}

/* Appends the path of a file whose @name is relative to the world file. */
static enum hm_code path_beside(struct buf *path, const struct json_node *node, const char *name,
                                struct hm_error *err)
{
    const char *slash = strrchr(node->file->name, '/');

    if (name[0] != '/' && slash != NULL)
        buf_add(path, node->file->name, (size_t)(slash - node->file->name) + 1);
    buf_puts(path, name);
    if (path->status == BUF_NO_MEMORY)
        return no_memory(err);
    if (name[0] == '\0' || !buf_ok(path))
        return json_complain(node, err, "found a path of %zu bytes, expected 1 to %d", strlen(name),
                             PATH_BYTES);
    return HM_OK;
}

static enum hm_code contacts_file_read(struct store *store, size_t team,
                                       const struct json_node *object, struct hm_error *err)
{
    struct json_node node = json_node_member(object, "contacts_file");
    const char *name = NULL;
    struct buf path;
    enum hm_code code;

    buf_init(&path, PATH_BYTES);
    TRY(json_get_string(object, "contacts_file", JSON_OPTIONAL, &name, err));
    if (name != NULL) {
        TRY(path_beside(&path, &node, name, err));
        TRY(world_contacts_file_read(store, team, buf_text(&path), &node, err));
    }
out:
    buf_fini(&path);
    return code;
}

/* What belongs to a new team itself. */
static enum hm_code team_own_read(struct store *store, size_t team, const struct json_node *node,
                                  const char *name, struct hm_error *err)
{
    enum hm_code code;

    TRY(directory_name_team(store_directory(store), team, name, err));
    TRY(secrets_read(store, team, node, err));
    TRY(legacy_key_read(store, team, node, err));
    TRY(inboxes_read(store, team, node, err));
out:
    return code;
}

enum hm_code world_team_read(struct store *store, const struct json_node *node,
                             struct hm_error *err)
{
    static const char *const allowed[] = { "team_id", "name",     "secrets",       "legacy_key",
                                           "inboxes", "contacts", "contacts_file", NULL };
    struct json_node id_node = json_node_member(node, "team_id");
    struct json_node name_node = json_node_member(node, "name");
    struct directory *directory = store_directory(store);
    struct directory_watch *watch = directory->watch;
    int64_t team_id;
    const char *name;
    size_t team;
    enum hm_code code;

    TRY(json_expect_object(node, allowed, err));
    TRY(json_get_integer(node, "team_id", JSON_REQUIRED, WORLD_ID_LEAST, WORLD_ID_MOST, &team_id,
                         err));
    TRY(json_get_string(node, "name", JSON_REQUIRED, &name, err));
    if (*name == '\0')
        TRY(json_complain(&name_node, err, "found an empty string, expected the team's name"));
    team = directory_find_team(directory, team_id);
    if (watch == NULL || team >= watch->teams) {
        code = directory_add_team(directory, team_id, &team, err);
        if (code == HM_BAD_ARGUMENT)
            code = json_complain(
                &id_node, err, "found %" PRId64 " a second time, expected each team once", team_id);
        TRY(code);
        TRY(team_own_read(store, team, node, name, err));
    }
    if (watch != NULL)
        TRY(watch->team(watch, team, node->value, err));
    TRY(contacts_read(store, team, node, err));
    TRY(contacts_file_read(store, team, node, err));
out:
    return code;
}

enum hm_code world_teams_read(struct store *store, const struct json_file *file,
                              struct hm_error *err)
{
    static const char *const allowed[] = { "$schema", "v", "teams", "faults", NULL };
    struct json_node root = json_node_root(file), teams;
    int64_t version = 1;
    enum hm_code code;

    TRY(json_expect_object(&root, allowed, err));
    TRY(json_get_integer(&root, "v", JSON_OPTIONAL, 1, 1, &version, err));
    TRY(json_get_array(&root, "teams", JSON_REQUIRED, &teams, err));
    if (json_array_size(teams.value) == 0)
        TRY(json_complain(&teams, err, "found no team, expected at least one"));
    for (size_t i = 0; i < json_array_size(teams.value); i++) {
        struct json_node element = json_node_element(&teams, i);

        TRY(world_team_read(store, &element, err));
    }
out:
    return code;
}

enum hm_code world_read(struct store **store, const struct json_file *file, struct hm_error *err)
{
    struct store *made = NULL;
    enum hm_code code;

    *store = NULL;
    TRY(store_new(&made, err));
    TRY(world_teams_read(made, file, err));
    TRY(store_close(made, err));
    *store = made;
    made = NULL;
out:
    if (code != HM_OK && made != NULL)
        store_mask_error(made, err);
    store_free(made);
    return code;
}

enum hm_code world_faults_read(struct faults *faults, const struct store *store,
                               const struct json_file *file, struct hm_error *err)
{
    struct json_node root = json_node_root(file), array;
    enum hm_code code;

    TRY(json_get_array(&root, "faults", JSON_OPTIONAL, &array, err));
    if (array.value != NULL)
        TRY(faults_read(faults, store, &array, err));
out:
    return code;
}
