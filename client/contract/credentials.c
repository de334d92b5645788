#include "contract/credentials.h"

#include "contract/hmac.h"
#include "contract/variables.h"
#include "support/environment.h"
#include "support/json_node.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <stdlib.h>
#include <string.h>

enum {
    SECRET_FILE_BYTES_MAX = 256 * 1024,
    SECRETS_MAX = 64, /* a team has two [J10]; some users have several teams */
    VERSION = 1
};

static enum hm_code add(struct credentials *credentials, const char *id, const char *key,
                        struct hm_error *err)
{
    struct credential *longer =
        realloc(credentials->at, (credentials->count + 1) * sizeof *credentials->at);
    struct credential *last;

    if (longer == NULL)
        return no_memory(err);
    credentials->at = longer;
    last = &longer[credentials->count++];
    last->id = strdup(id);
    last->key = private_copy(key);
    return last->id != NULL && private_is_set(last->key) ? HM_OK : no_memory(err);
}

static bool is_known(const struct credentials *credentials, const char *id)
{
    for (size_t i = 0; i < credentials->count; i++) {
        if (strcmp(credentials->at[i].id, id) == 0)
            return true;
    }
    return false;
}

static enum hm_code read_secret(struct credentials *credentials, const struct json_node *node,
                                struct hm_error *err)
{
    static const char *const allowed[] = { "id", "key", NULL };
    enum hm_code code;
    const char *id = NULL, *key = NULL;

    TRY(json_expect_object(node, allowed, err));
    TRY(json_get_string(node, "id", JSON_REQUIRED, &id, err));
    TRY(json_get_string(node, "key", JSON_REQUIRED, &key, err));
    if (*id == '\0' || *key == '\0')
        code =
            json_complain(node, err, "found an empty id or key, expected both halves of a secret");
    else if (is_known(credentials, id))
        code =
            json_complain(node, err, "found the ID of an earlier secret, expected a different ID");
    else
        code = add(credentials, id, key, err);
out:
    return code;
}

static enum hm_code read_document(struct credentials *credentials, const struct json_file *file,
                                  struct hm_error *err)
{
    static const char *const allowed[] = { "v", "secrets", NULL };
    enum hm_code code;
    struct json_node root = json_node_root(file), secrets;
    int64_t version = 0;
    size_t count;

    TRY(json_expect_object(&root, allowed, err));
    TRY(json_get_integer(&root, "v", JSON_REQUIRED, VERSION, VERSION, &version, err));
    TRY(json_get_array(&root, "secrets", JSON_REQUIRED, &secrets, err));
    count = json_array_size(secrets.value);
    if (count == 0 || count > SECRETS_MAX) {
        code = json_complain(&secrets, err, "found %zu secrets, expected one to %d", count,
                             SECRETS_MAX);
        goto out;
    }
    for (size_t i = 0; i < count; i++) {
        struct json_node secret = json_node_element(&secrets, i);

        TRY(read_secret(credentials, &secret, err));
    }
out:
    return code;
}

/* jansson frees its strings as they are. */
static void wipe_keys(json_t *root)
{
    size_t i;
    json_t *secret;

    json_array_foreach (json_object_get(root, "secrets"), i, secret) {
        const char *key = json_string_value(json_object_get(secret, "key"));
        char *text;

        memcpy(&text, &key, sizeof text); /* jansson's own, so not really const */
        if (text != NULL)
            bytes_wipe(text, strlen(text));
    }
}

static enum hm_code from_file(struct credentials *credentials, const char *path,
                              struct hm_error *err)
{
    enum hm_code code;
    struct json_file file = { .name = NULL };

    TRY(json_file_load(&file, path, SECRET_FILE_BYTES_MAX, err));
    TRY(read_document(credentials, &file, err));
out:
    wipe_keys(file.root);
    json_file_fini(&file);
    return code;
}

/* Both halves or none. */
static enum hm_code from_pair(struct credentials *credentials, const char *id_name,
                              const char *key_name, struct hm_error *err)
{
    const char *id = environment_text(id_name);
    const char *key = environment_text(key_name);

    if (id == NULL && key == NULL)
        return HM_OK;
    if (id == NULL || key == NULL)
        return hm_error_set(err, HM_BAD_INPUT, "%s is set, but %s is not: set both",
                            id != NULL ? id_name : key_name, id != NULL ? key_name : id_name);
    return add(credentials, id, key, err);
}

enum hm_code credentials_load(struct credentials *credentials, const char *secret_file,
                              bool is_required, struct hm_error *err)
{
    enum hm_code code;

    *credentials = (struct credentials){ 0, NULL };
    if (secret_file != NULL) {
        TRY(from_file(credentials, secret_file, err));
    } else {
        TRY(from_pair(credentials, VARIABLE_SECRET_ID, VARIABLE_SECRET_KEY, err));
        TRY(from_pair(credentials, VARIABLE_SECOND_SECRET_ID, VARIABLE_SECOND_SECRET_KEY, err));
    }
    if (credentials->count == 0 && is_required)
        code = hm_error_set(err, HM_BAD_INPUT,
                            "found no API secret: set " VARIABLE_SECRET_ID
                            " and " VARIABLE_SECRET_KEY ", or give --secret-file FILE");
out:
    if (code != HM_OK)
        credentials_fini(credentials);
    return code;
}

enum hm_code credentials_secrets(struct hm_secrets **secrets, const struct credentials *credentials,
                                 struct hm_error *err)
{
    enum hm_code code;

    TRY(hm_secrets_new(secrets, err));
    for (size_t i = 0; i < credentials->count; i++)
        TRY(hm_secrets_add(*secrets, credentials->at[i].id, private_open(credentials->at[i].key),
                           err));
out:
    return code;
}

enum hm_code credentials_sign(char **token, const struct credentials *credentials, int64_t iat,
                              struct hm_error *err)
{
    return hm_token_sign(token, credentials->at[0].id, private_open(credentials->at[0].key), iat,
                         err);
}

void credentials_fill(struct hm_client_options *options, const struct credentials *credentials)
{
    options->secret_id = credentials->at[0].id;
    options->secret_key = private_open(credentials->at[0].key);
}

void credentials_fini(struct credentials *credentials)
{
    for (size_t i = 0; i < credentials->count; i++) {
        free(credentials->at[i].id);
        private_wipe(&credentials->at[i].key);
    }
    free(credentials->at);
    *credentials = (struct credentials){ 0, NULL };
}
