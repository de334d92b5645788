#include "certify/certify_world.h"
#include "report/output.h"
#include "support/json_file.h"
#include "support/json_text.h"
#include "support/platform.h"
#include "support/uuid.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MANY_CHANNELS = 200, FIRST_CHANNEL_ID = 700001, FIRST_CONTACT_ID = 600001, TEAM_ID = 4900 };

static const char other_team_uuid[] = "0daf0000-0000-4000-8000-00000000000d";

static const struct {
    const char *name;
    const char *uuid;
    int channels;
} contacts[] = {
    [CONTACT_WITH_ONE] = { "one", "0daf0000-0000-4000-8000-000000000001", 1 },
    [CONTACT_WITH_NONE] = { "none", "0daf0000-0000-4000-8000-000000000002", 0 },
    [CONTACT_WITH_MANY] = { "many", "0daf0000-0000-4000-8000-000000000003", MANY_CHANNELS },
};

const char *certify_contact_uuid(enum certify_contact contact)
{
    return contacts[contact].uuid;
}

const char *certify_other_team_uuid(void)
{
    return other_team_uuid;
}

bool certify_secret_make(struct certify_secret *secret)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    unsigned char random[CERTIFY_KEY_BYTES];

    if (!uuid_new(secret->id) || !platform_random(random, sizeof random))
        return false;
    for (size_t i = 0; i < sizeof random; i++)
        secret->key[i] = letters[random[i] % (sizeof letters - 1)]; /* it protects nothing */
    secret->key[CERTIFY_KEY_BYTES] = '\0';
    return true;
}

static json_t *channels_make(int count, json_int_t contact_id, json_int_t *next_id)
{
    json_t *channels = json_array();

    for (int i = 0; i < count; i++) {
        char id[48];

        snprintf(id, sizeof id, "channel-%03d@example.com", i);
        channels = json_list_add(
            channels,
            json_pack("{s:I, s:i, s:I, s:s, s:s, s:s, s:s, s:s, s:s}", "id", (*next_id)++,
                      "team_id", (int)TEAM_ID, "contact_id", contact_id, "channel_type", "email",
                      "channel_id", id, "info_channel", "", "channel_handle", "", "created",
                      "2024-04-01T00:00:00Z", "updated", "2024-04-01T00:00:00Z"));
    }
    return channels;
}

static json_t *contacts_make(void)
{
    json_t *list = json_array();
    json_int_t next_id = FIRST_CHANNEL_ID;

    for (size_t i = 0; i < sizeof contacts / sizeof *contacts; i++) {
        const json_int_t contact_id = FIRST_CONTACT_ID + (json_int_t)i;

        list = json_list_add(list,
                             json_pack("{s:s, s:s, s:I, s:o}", "name", contacts[i].name, "uuid",
                                       contacts[i].uuid, "contact_id", contact_id, "channels",
                                       channels_make(contacts[i].channels, contact_id, &next_id)));
    }
    return list;
}

enum hm_code certify_world_write(const char *path, const struct certify_secret *secret,
                                 struct hm_error *err)
{
    struct certify_secret other;

    if (!certify_secret_make(&other))
        return hm_error_set(err, HM_INTERNAL, "cannot get random bytes from the system");
    json_t *world = json_pack(
        "{s:[{s:i, s:s, s:[{s:s, s:s}], s:o},"
        "    {s:i, s:s, s:[{s:s, s:s}], s:[{s:s, s:s, s:i, s:[]}]}]}",
        "teams", "team_id", (int)TEAM_ID, "name", "the integration's team", "secrets", "id",
        secret->id, "key", secret->key, "contacts", contacts_make(), "team_id", TEAM_ID + 1, "name",
        "another team", "secrets", "id", other.id, "key", other.key, "contacts", "name",
        "of-another-team", "uuid", other_team_uuid, "contact_id", FIRST_CONTACT_ID - 1, "channels");
    return json_file_write(path, world, err);
}
