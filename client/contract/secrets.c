#include "contract/secrets.h"

#include "support/no_memory.h"
#include "support/try.h"
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum hm_code signing_secret(char **out, size_t *length, const char *id, const char *key,
                            struct hm_error *err)
{
    static const char join[] = "||"; /* literal, not an operator [J5] */
    size_t id_length = strlen(id);
    size_t key_length = strlen(key);
    char *made;

    *out = NULL;
    if (id_length == 0 || key_length == 0)
        return hm_error_set(err, HM_BAD_ARGUMENT, "the API secret's %s is empty",
                            id_length == 0 ? "ID" : "key");
    if (id_length > HM_SECRET_BYTES_MAX || key_length > HM_SECRET_BYTES_MAX)
        return hm_error_set(err, HM_BAD_ARGUMENT, "the API secret's %s has more than %d bytes",
                            id_length > HM_SECRET_BYTES_MAX ? "ID" : "key", HM_SECRET_BYTES_MAX);
    made = malloc(id_length + 2 + key_length + 1);
    if (made == NULL)
        return no_memory(err);
    memcpy(made, id, id_length);
    memcpy(made + id_length, join, 2);
    memcpy(made + id_length + 2, key, key_length + 1);
    *out = made;
    *length = id_length + 2 + key_length;
    return HM_OK;
}

enum hm_code hm_secrets_new(struct hm_secrets **secrets, struct hm_error *err)
{
    static atomic_ullong sets; /* made so far */
    struct hm_secrets *made = calloc(1, sizeof *made);

    *secrets = NULL;
    if (made == NULL)
        return no_memory(err);
    made->number = atomic_fetch_add(&sets, 1) + 1;
    made->gate = recovery_gate_new();
    if (made->gate == NULL) {
        free(made);
        return no_memory(err);
    }
    *secrets = made;
    return HM_OK;
}

static void secret_free(struct secret *secret)
{
    if (secret == NULL)
        return;
    free(secret->id);
    private_wipe(&secret->key);
    hmac_key_free(secret->signing_key);
    free(secret);
}

void hm_secrets_free(struct hm_secrets *secrets)
{
    if (secrets == NULL)
        return;
    HASH_CLEAR(hh, secrets->by_id);
    for (size_t i = 0; i < secrets->count; i++)
        secret_free(secrets->at[i]);
    for (size_t i = 0; i < secrets->legacy_count; i++)
        private_wipe(&secrets->legacy_keys[i]);
    for (size_t i = 0; i < secrets->team_count; i++)
        free(secrets->teams[i].name);
    recovery_gate_free(secrets->gate);
    free(secrets->teams);
    free(secrets->at);
    free(secrets->legacy_keys);
    free(secrets);
}

const struct secret *secrets_find(const struct hm_secrets *secrets, const char *id, size_t length)
{
    struct secret *found = NULL;

    HASH_FIND(hh, secrets->by_id, id, length, found);
    return found;
}

bool secret_is_signing_secret(const struct secret *secret, const char *text, size_t length)
{
    return private_is_set(secret->key) && length == secret->id_length + 2 + secret->key_length &&
           memcmp(text, secret->id, secret->id_length) == 0 &&
           memcmp(text + secret->id_length, "||", 2) == 0 &&
           memcmp(text + secret->id_length + 2, private_open(secret->key), secret->key_length) == 0;
}

/* Adds a secret with the given signing key. @key may be NULL. */
static enum hm_code add(struct hm_secrets *secrets, const char *id, const char *key,
                        const void *signing_key, size_t length, struct hm_error *err)
{
    enum hm_code code = HM_NO_MEMORY;
    struct secret *made = calloc(1, sizeof *made);
    struct secret **grown = realloc(secrets->at, (secrets->count + 1) * sizeof *grown);

    if (grown != NULL)
        secrets->at = grown;
    if (made == NULL || grown == NULL)
        goto out;
    made->id = strdup(id);
    if (key != NULL)
        made->key = private_copy(key);
    if (made->id == NULL || (key != NULL && !private_is_set(made->key)))
        goto out;
    made->id_length = strlen(id);
    made->key_length = key != NULL ? strlen(key) : 0;
    if (secrets_find(secrets, id, made->id_length) != NULL) {
        code = hm_error_set(err, HM_BAD_ARGUMENT, "an API secret with this ID was added before");
        goto out;
    }
    TRY(hmac_key_new(&made->signing_key, HASH_SHA256, signing_key, length, err));
    HASH_ADD_KEYPTR(hh, secrets->by_id, made->id, made->id_length, made);
    if (made->hh.tbl == NULL) { /* uthash was out of memory */
        code = HM_NO_MEMORY;
        goto out;
    }
    made->index = (int)secrets->count;
    secrets->at[secrets->count++] = made;
    return HM_OK;
out:
    secret_free(made);
    return code == HM_NO_MEMORY ? no_memory(err) : code;
}

enum hm_code hm_secrets_add(struct hm_secrets *secrets, const char *id, const char *key,
                            struct hm_error *err)
{
    enum hm_code code;
    char *joined = NULL;
    size_t length = 0;

    TRY(signing_secret(&joined, &length, id, key, err));
    code = add(secrets, id, key, joined, length, err);
out:
    secret_wipe(joined);
    return code;
}

enum hm_code secrets_add_signing_key(struct hm_secrets *secrets, const char *id, const void *bytes,
                                     size_t length, struct hm_error *err)
{
    return add(secrets, id, NULL, bytes, length, err);
}

enum hm_code hm_secrets_add_legacy_key(struct hm_secrets *secrets, const char *key,
                                       struct hm_error *err)
{
    struct private_text *grown;

    if (key[0] == '\0')
        return hm_error_set(err, HM_BAD_ARGUMENT, "the legacy API key is empty");
    grown = realloc(secrets->legacy_keys, (secrets->legacy_count + 1) * sizeof *grown);
    if (grown == NULL)
        return no_memory(err);
    secrets->legacy_keys = grown;
    grown[secrets->legacy_count] = private_copy(key);
    if (!private_is_set(grown[secrets->legacy_count]))
        return no_memory(err);
    secrets->legacy_count++;
    return HM_OK;
}

enum hm_code secrets_add_team(struct hm_secrets *secrets, int64_t number, const char *name,
                              struct hm_error *err)
{
    struct team *grown = realloc(secrets->teams, (secrets->team_count + 1) * sizeof *grown);
    char *copy;

    if (grown == NULL)
        return no_memory(err);
    secrets->teams = grown;
    copy = strdup(name);
    if (copy == NULL)
        return no_memory(err);
    secrets->teams[secrets->team_count].number = number;
    secrets->teams[secrets->team_count++].name = copy;
    return HM_OK;
}

size_t hm_secrets_count(const struct hm_secrets *secrets)
{
    return secrets->count;
}

const char *hm_secrets_id(const struct hm_secrets *secrets, size_t index)
{
    return index < secrets->count ? secrets->at[index]->id : NULL;
}
