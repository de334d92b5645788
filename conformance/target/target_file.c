#include "target/target_file.h"
#include "support/json_node.h"
#include "support/no_memory.h"
#include "support/quoted.h"
#include "support/try.h"
#include "support/uuid.h"
#include <string.h>

enum { TARGET_FILE_BYTES_MAX = 64 * 1024, VERSION = 1 };

/* The first of each is required. */
static const char *const contact_names[] = { "ada", "empty", "crowded", "other-team", NULL };
static const char *const secret_names[] = { "first", "second", "other-team", NULL };

static enum hm_code secrets_read(struct names *names, const struct json_node *root,
                                 struct hm_error *err)
{
    enum hm_code code = HM_OK;
    static const char *const allowed[] = { "id", "key", NULL };
    struct json_node list;
    struct json_node secret;

    TRY(json_get_object(root, "secrets", JSON_REQUIRED, &list, err));
    TRY(json_expect_object(&list, secret_names, err));
    for (size_t i = 0; secret_names[i] != NULL; i++) {
        TRY(json_get_object(&list, secret_names[i], i == 0 ? JSON_REQUIRED : JSON_OPTIONAL, &secret,
                            err));
        if (json_object_get(list.value, secret_names[i]) == NULL)
            continue;
        TRY(json_expect_object(&secret, allowed, err));
        TRY(names_read_secret(names, secret_name_of(secret_names[i]), &secret, err));
    }
out:
    return code;
}

static enum hm_code contacts_read(struct names *names, const struct json_node *root,
                                  struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct json_node list;

    TRY(json_get_object(root, "contacts", JSON_REQUIRED, &list, err));
    TRY(json_expect_object(&list, contact_names, err));
    for (size_t i = 0; contact_names[i] != NULL; i++) {
        const char *uuid = NULL;

        TRY(json_get_string(&list, contact_names[i], i == 0 ? JSON_REQUIRED : JSON_OPTIONAL, &uuid,
                            err));
        if (uuid == NULL)
            continue;
        struct json_node contact = json_node_member(&list, contact_names[i]);
        if (!uuid_is_valid(uuid, strlen(uuid)))
            TRY(json_complain(&contact, err,
                              "found %s, expected a UUID, as in the path "
                              "/v2/contact/{contactID}/channel",
                              quoted_if_short(uuid, strlen(uuid), MASK_KEY_LEAST - 1).text));
        TRY(names_add_contact(names, contact_names[i], uuid, err));
    }
out:
    return code;
}

enum hm_code target_file_read(struct names *names, char **base_url, const char *path,
                              struct hm_error *err)
{
    enum hm_code code = HM_OK;
    static const char *const allowed[] = { "$schema",  "v",          "base_url", "secrets",
                                           "contacts", "legacy_key", NULL };
    struct json_file file = { .root = NULL };
    const char *url = NULL;
    int64_t version;

    memset(names, 0, sizeof *names);
    names->origin = path;
    *base_url = NULL;
    TRY(json_file_load(&file, path, TARGET_FILE_BYTES_MAX, err));
    struct json_node root = json_node_root(&file);
    TRY(json_expect_object(&root, allowed, err));
    TRY(json_get_integer(&root, "v", JSON_REQUIRED, VERSION, VERSION, &version, err));
    TRY(json_get_string(&root, "base_url", JSON_OPTIONAL, &url, err));
    TRY(secrets_read(names, &root, err));
    TRY(names_read_legacy_key(names, &root, err));
    TRY(contacts_read(names, &root, err));
    TRY(names_mask(names, err));
    *base_url = url != NULL ? strdup(url) : NULL;
    if (url != NULL && *base_url == NULL)
        TRY(no_memory(err));
out:
    json_file_fini(&file);
    if (code != HM_OK)
        names_fini(names);
    return code;
}
