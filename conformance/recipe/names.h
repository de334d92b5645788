/* What cases call by name: the team's secrets and the contacts. The names come from the world of a
 * mock, from a target file, or from the environment. */
#ifndef SUITE_RECIPE_NAMES_H
#define SUITE_RECIPE_NAMES_H

#include "support/json_node.h"
#include <heymarket/error.h>
#include <stddef.h>

enum secret_name { SECRET_FIRST, SECRET_SECOND, SECRET_OTHER_TEAM, SECRET_NAME_COUNT };

struct named_secret {
    char *id; /* NULL: not there */
    char *key;
};

struct named_contact {
    char *name;
    char *uuid;
};

struct names {
    const char *origin; /* "world default", "the environment"; for messages. Static or borrowed */
    struct named_secret secrets[SECRET_NAME_COUNT];
    char *legacy_key; /* the first team's older API key [J13]; NULL: not there */
    size_t contact_count;
    struct named_contact *contacts;
};

/* The first team's secrets and every team's named contacts; "other-team" is the second team's
 * secret.
 * @origin is kept.
 * returns HM_OK, HM_BAD_INPUT with the place, HM_NO_MEMORY */
HM_MUST_USE enum hm_code names_from_world(struct names *names, const struct json_file *world,
                                          const char *origin, struct hm_error *err);

/* Parts of it, for whoever reads a file with names: {"id", "key"}, each a text or {"env": NAME};
 * the member "legacy_key" of @node, the same, if it is there; a contact. returns HM_OK,
 * HM_BAD_INPUT with the place, HM_NO_MEMORY */
HM_MUST_USE enum hm_code names_read_secret(struct names *names, enum secret_name name,
                                           const struct json_node *node, struct hm_error *err);
HM_MUST_USE enum hm_code names_read_legacy_key(struct names *names, const struct json_node *node,
                                               struct hm_error *err);
HM_MUST_USE enum hm_code names_add_contact(struct names *names, const char *name, const char *uuid,
                                           struct hm_error *err);

/* The variables of the environment that --help names. What is not set is not there, but secret ID,
 * secret key and contact ID must be.
 * returns HM_OK, HM_BAD_INPUT (naming all that is missing or wrong), HM_NO_MEMORY */
HM_MUST_USE enum hm_code names_from_environment(struct names *names, struct hm_error *err);

/* Is nothing set in the environment that is otherwise in @names? Then they are meant, as the
 * documentation's sample secret means the default world. */
bool names_agree_with_environment(const struct names *names);

/* Is nothing in @some that is otherwise in @all? */
bool names_agree(const struct names *all, const struct names *some);

/* Wipes and frees. A zeroed struct is fine. */
void names_fini(struct names *names);

/* The UUID of a contact; NULL: not there. Borrowed. */
const char *names_contact(const struct names *names, const char *name);

/* "first" -> SECRET_FIRST. @text must be one of them, or NULL, which is the first. */
enum secret_name secret_name_of(const char *text);

/* The variable's value; NULL where it is unset or empty. */
const char *environment_text(const char *name);

#endif
