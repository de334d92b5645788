/* The secrets and contacts that cases refer to by name. They come from a mock's world, a target
 * file, or the environment. */
#ifndef SUITE_RECIPE_NAMES_H
#define SUITE_RECIPE_NAMES_H

#include "contract/mask.h"
#include "contract/private_text.h"
#include "recipe/gateway_headers.h"
#include "support/json_node.h"
#include <heymarket/error.h>
#include <stddef.h>

enum secret_name { SECRET_FIRST, SECRET_SECOND, SECRET_OTHER_TEAM, SECRET_NAME_COUNT };

struct named_secret {
    char *id;                /* NULL: unknown */
    struct private_text key; /* not set: unknown */
};

struct named_contact {
    char *name;
    char *uuid;
};

struct names {
    const char *origin; /* "its world", "the environment", for messages. Static or borrowed */
    struct named_secret secrets[SECRET_NAME_COUNT];
    struct private_text legacy_key; /* the first team's older API key [J13]; not set: unknown */
    size_t contact_count;
    struct named_contact *contacts;
    const struct gateway_headers *gateway; /* sent with every request; NULL: none. Borrowed */
    struct mask *mask;                     /* of all keys, and of what the gateway wants */
};

/* Reads the first team's secrets and every team's named contacts; "other-team" is the second
 * team's secret. Keeps @origin.
 * returns HM_OK, HM_BAD_INPUT with the place, HM_NO_MEMORY */
HM_MUST_USE enum hm_code names_from_world(struct names *names, const struct json_file *world,
                                          const char *origin, struct hm_error *err);

/* For readers of other files with names. A secret is {"id", "key"}; id, key and the member
 * "legacy_key" are each a text or {"env": NAME}.
 * returns HM_OK, HM_BAD_INPUT with the place, HM_NO_MEMORY */
HM_MUST_USE enum hm_code names_read_secret(struct names *names, enum secret_name name,
                                           const struct json_node *node, struct hm_error *err);
HM_MUST_USE enum hm_code names_read_legacy_key(struct names *names, const struct json_node *node,
                                               struct hm_error *err);
HM_MUST_USE enum hm_code names_add_contact(struct names *names, const char *name, const char *uuid,
                                           struct hm_error *err);

/* Makes the mask, after the last key and the gateway. returns HM_OK, HM_NO_MEMORY */
HM_MUST_USE enum hm_code names_mask(struct names *names, struct hm_error *err);

/* Reads the environment variables that --help lists. Secret ID, secret key and contact ID are
 * required.
 * returns HM_OK, HM_BAD_INPUT naming all that is missing or wrong, HM_NO_MEMORY */
HM_MUST_USE enum hm_code names_from_environment(struct names *names, struct hm_error *err);

/* Does no variable of the environment contradict @names? Then they are used: the documentation's
 * sample secret means the default world. */
bool names_agree_with_environment(const struct names *names);

/* Does nothing in @some contradict @all? */
bool names_agree(const struct names *all, const struct names *some);

/* Wipes and frees. A zeroed struct is fine. */
void names_fini(struct names *names);

/* NULL: unknown. Borrowed. */
const char *names_contact(const struct names *names, const char *name);

/* "first" -> SECRET_FIRST; NULL is "first". @text must be a known name. */
enum secret_name secret_name_of(const char *text);

#endif
