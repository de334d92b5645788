#include "sandbox/sandbox_world.h"

#include "contract/base64url.h"
#include "contract/hmac.h"
#include "contract/mask_forms.h"
#include "fault/fault_read.h"
#include "operation/limit.h"
#include "store/store.h"
#include "store/world.h"
#include "support/fixture.h"
#include "support/json_file.h"
#include "support/json_node.h"
#include "support/no_memory.h"
#include "support/platform.h"
#include "support/text.h"
#include "support/try.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Its UUIDs and keys are replaced. */
static const char default_world[] = "worlds/sandbox.json";

/* The first byte of each UUID. No two have a digit in common at the same place, so that one wrong
 * digit does not lead to another of them. */
enum { FIRST_OF_ID = 0x1d };
static const unsigned char firsts_of_secrets[] = { 0x52, 0x63, 0x74 };
static const unsigned char firsts_of_contacts[] = { 0xc0, 0xe1, 0x0b };

enum { KEY_RANDOM_BYTES = 16, KEY_TEXT = 64 };

enum hm_code sandbox_record_draw(struct sandbox_record *record, struct hm_error *err)
{
    char id[UUID_TEXT];

    *record = (struct sandbox_record){ .ttl_s = SANDBOX_TTL_S_DEFAULT };
    if (!uuid_new(id) || !platform_random(record->seed, sizeof record->seed))
        return hm_error_set(err, HM_INTERNAL, "the system gave no random bytes");
    snprintf(record->id, sizeof record->id, "%02x%s", FIRST_OF_ID, id + 2);
    return HM_OK;
}

void sandbox_record_fini(struct sandbox_record *record)
{
    bytes_wipe(record->seed, sizeof record->seed);
    secret_wipe(record->world);
    record->world = NULL;
}

char *sandbox_record_write(const struct sandbox_record *record)
{
    char seed[2 * SANDBOX_SEED_BYTES + 1];
    char *text = NULL;
    json_t *tree;

    for (size_t i = 0; i < SANDBOX_SEED_BYTES; i++)
        snprintf(seed + 2 * i, 3, "%02x", record->seed[i]);
    tree = json_pack("{ss,ss,sI,sI,ss*}", "id", record->id, "seed", seed, "created_s",
                     (json_int_t)record->created_s, "ttl_s", (json_int_t)record->ttl_s, "world",
                     record->world);
    if (tree != NULL)
        text = json_dumps(tree, JSON_COMPACT);
    json_decref(tree);
    bytes_wipe(seed, sizeof seed);
    return text;
}

bool sandbox_record_read(struct sandbox_record *record, const char *text, size_t length)
{
    json_t *tree = json_loadb(text, length, 0, NULL);
    const char *id, *seed, *world = NULL;
    json_int_t created_s, ttl_s;
    bool is_good;

    *record = (struct sandbox_record){ 0 };
    is_good = json_unpack(tree, "{s{ss,ss,sI,sI,s?s}}", "record", "id", &id, "seed", &seed,
                          "created_s", &created_s, "ttl_s", &ttl_s, "world", &world) == 0 &&
              uuid_is_valid(id, strlen(id)) && strlen(seed) == (size_t)2 * SANDBOX_SEED_BYTES &&
              created_s >= 0 && created_s <= CLOCK_LATEST_S && ttl_s > 0 &&
              ttl_s <= SANDBOX_TTL_S_MOST;
    for (size_t i = 0; is_good && i < SANDBOX_SEED_BYTES; i++) {
        is_good = hex_byte(seed + 2 * i) >= 0;
        record->seed[i] = (unsigned char)hex_byte(seed + 2 * i);
    }
    if (is_good) {
        uuid_lower(record->id, id);
        record->created_s = created_s;
        record->ttl_s = ttl_s;
        record->world = world == NULL ? NULL : strdup(world);
        is_good = (world == NULL) == (record->world == NULL);
    }
    json_decref(tree);
    return is_good;
}

bool sandbox_tail_of(unsigned char tail[SANDBOX_TAIL_BYTES], const char *text, size_t length)
{
    unsigned char bytes[UUID_BYTES];

    if (!uuid_read(bytes, text, length) ||
        (bytes[0] != FIRST_OF_ID &&
         memchr(firsts_of_secrets, bytes[0], sizeof firsts_of_secrets) == NULL &&
         memchr(firsts_of_contacts, bytes[0], sizeof firsts_of_contacts) == NULL))
        return false;
    memcpy(tail, bytes + 1, SANDBOX_TAIL_BYTES);
    return true;
}

void sandbox_id_of(char id[UUID_TEXT], const char *uuid)
{
    char first[3];

    uuid_lower(id, uuid);
    snprintf(first, sizeof first, "%02x", FIRST_OF_ID);
    memcpy(id, first, 2);
}

static json_t *uuid_new_of(const struct sandbox_record *record, unsigned char first)
{
    return json_sprintf("%02x%s", first, record->id + 2);
}

/* The key of the secret with this first byte. NULL: out of memory. */
static json_t *key_new(const struct sandbox_record *record, unsigned char first)
{
    struct hmac_key *seed = NULL;
    unsigned char mac[MAC_BYTES_MAX];
    char text[KEY_TEXT] = MASK_FAMILY;
    json_t *key = NULL;

    if (hmac_key_new(&seed, HASH_SHA256, record->seed, sizeof record->seed, NULL) == HM_OK &&
        hmac_key_mac(seed, &first, 1, mac)) {
        base64url_encode(text + strlen(text), mac, KEY_RANDOM_BYTES);
        key = json_string(text);
    }
    hmac_key_free(seed);
    bytes_wipe(mac, sizeof mac);
    bytes_wipe(text, sizeof text);
    return key;
}

/* Gives the secrets and contacts of the default world those of @record, in order. */
static enum hm_code names_replace(const struct json_file *file, const struct sandbox_record *record,
                                  struct hm_error *err)
{
    size_t secrets = 0, contacts = 0, i, j;
    json_t *team, *element;
    int failed = 0;

    json_array_foreach (json_object_get(file->root, "teams"), i, team) {
        json_array_foreach (json_object_get(team, "secrets"), j, element) {
            const unsigned char first = firsts_of_secrets[secrets++ % sizeof firsts_of_secrets];

            failed |= json_object_set_new(element, "id", uuid_new_of(record, first));
            failed |= json_object_set_new(element, "key", key_new(record, first));
        }
        json_array_foreach (json_object_get(team, "contacts"), j, element)
            failed |= json_object_set_new(
                element, "uuid",
                uuid_new_of(record, firsts_of_contacts[contacts++ % sizeof firsts_of_contacts]));
    }
    return failed == 0 ? HM_OK : no_memory(err);
}

/* The file is built in, so it has as many secrets and contacts as there are first bytes. */
static enum hm_code default_take(struct json_file *file, const struct sandbox_record *record,
                                 struct hm_error *err)
{
    const struct fixtures built_in = { NULL };
    enum hm_code code;

    TRY(fixture_load(file, &built_in, default_world, err));
    TRY(names_replace(file, record, err));
out:
    return code;
}

static enum hm_code check_key(const struct json_node *object, const char *name,
                              struct hm_error *err)
{
    struct json_node key = json_node_member(object, name);

    if (json_is_object(key.value))
        return json_complain(&key, err,
                             "found an object, expected a string: the world of a sandbox reads no "
                             "variable of the mock's environment");
    return HM_OK;
}

/* A world that came over HTTP may name neither files nor variables of this machine. */
static enum hm_code check_alone(const struct json_file *file, struct hm_error *err)
{
    struct json_node root = json_node_root(file), teams = json_node_member(&root, "teams");
    enum hm_code code = HM_OK;

    for (size_t i = 0; i < json_array_size(teams.value); i++) {
        struct json_node team = json_node_element(&teams, i);
        struct json_node secrets = json_node_member(&team, "secrets");
        struct json_node contacts = json_node_member(&team, "contacts_file");

        if (contacts.value != NULL)
            TRY(json_complain(&contacts, err,
                              "found a file, expected none: the world of a sandbox has its "
                              "contacts in it"));
        TRY(check_key(&team, "legacy_key", err));
        for (size_t j = 0; j < json_array_size(secrets.value); j++) {
            struct json_node secret = json_node_element(&secrets, j);

            TRY(check_key(&secret, "key", err));
        }
    }
out:
    return code;
}

static enum hm_code own_take(struct json_file *file, const struct sandbox_record *record,
                             struct hm_error *err)
{
    enum hm_code code;

    TRY(json_file_parse(file, "world", record->world, strlen(record->world), err));
    TRY(check_alone(file, err));
out:
    return code;
}

enum hm_code sandbox_world_load(struct state **state, const struct sandbox_record *record,
                                struct state_slot *main, struct hm_error *err)
{
    struct state *initial = state_take_initial(main), *made = state_new();
    struct json_file file = { 0 };
    enum hm_code code;

    *state = NULL;
    if (made == NULL)
        TRY(no_memory(err));
    made->clock = initial->clock;
    made->policy = initial->policy;
    TRY(record->world == NULL ? default_take(&file, record, err) : own_take(&file, record, err));
    TRY(world_read(&made->store, &file, err));
    store_search_with(made->store, initial->store);
    TRY(faults_new(&made->faults, err));
    TRY(world_faults_read(made->faults, made->store, &file, err));
    if (initial->limit != NULL)
        TRY(limit_new(&made->limit,
                      store_secret_count(made->store) + store_legacy_count(made->store),
                      (int64_t)limit_requests(initial->limit), err));
    *state = made;
    made = NULL;
out:
    json_file_fini(&file);
    state_release(made);
    state_release(initial);
    return code;
}
