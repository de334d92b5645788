/* The world of the mock that an integration is tested with. */
#ifndef SUITE_CERTIFY_CERTIFY_WORLD_H
#define SUITE_CERTIFY_CERTIFY_WORLD_H

#include "support/uuid.h"
#include <heymarket/error.h>
#include <stdbool.h>

enum { CERTIFY_KEY_BYTES = 32 }; /* as the vendor's keys */

/* Made for one test: if it is printed, the integration printed it. */
struct certify_secret {
    char id[UUID_TEXT];
    char key[CERTIFY_KEY_BYTES + 1];
};

/* False: the system gave no random bytes. */
bool certify_secret_make(struct certify_secret *secret);

enum certify_contact { CONTACT_WITH_ONE, CONTACT_WITH_NONE, CONTACT_WITH_MANY };

/* Writes a world with only that secret, and with each kind of contact, to a file.
 * returns HM_OK, HM_NO_MEMORY, HM_BAD_INPUT: it cannot be written */
HM_MUST_USE enum hm_code certify_world_write(const char *path, const struct certify_secret *secret,
                                             struct hm_error *err);

/* Their UUIDs. */
const char *certify_contact_uuid(enum certify_contact contact);
const char *certify_other_team_uuid(void);

#endif
