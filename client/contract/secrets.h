/* The set of secrets of hm_secrets_*, as the token rules read it. */
#ifndef CONTRACT_SECRETS_H
#define CONTRACT_SECRETS_H

#include "contract/private_text.h"
#include "contract/recovery_gate.h"
#include "support/hash.h"
#include <heymarket/token.h>

struct secret {
    char *id;
    struct private_text key; /* not set where only the signing key is known (RFC 7515's example) */
    size_t id_length;
    size_t key_length;
    int index;
    struct hmac_key *signing_key; /* of ID||KEY [J5] */
    UT_hash_handle hh;
};

/* Known only so that a message can say that iss is a team's ID or name. */
struct team {
    int64_t number;
    char *name;
};

struct hm_secrets {
    unsigned long long number; /* of all sets of this process, from 1; never used again */
    struct recovery_gate *gate;
    struct secret **at; /* by index */
    size_t count;
    struct secret *by_id;
    struct private_text *legacy_keys; /* [J13] */
    size_t legacy_count;
    struct team *teams;
    size_t team_count;
};

/* Adds a team, whose name is copied. returns HM_OK, HM_NO_MEMORY */
HM_MUST_USE enum hm_code secrets_add_team(struct hm_secrets *secrets, int64_t number,
                                          const char *name, struct hm_error *err);

/* Searches for what is wrong with signatures of both sets count together. Before @secrets are used.
 */
static inline void secrets_search_with(struct hm_secrets *secrets, const struct hm_secrets *others)
{
    recovery_gate_join(secrets->gate, others->gate);
}

/* The secret of an ID, compared exactly; NULL: unknown. Borrowed. */
const struct secret *secrets_find(const struct hm_secrets *secrets, const char *id, size_t length);

/* Adds a secret whose signing key is @bytes and not ID||KEY: for RFC 7515's example. */
HM_MUST_USE enum hm_code secrets_add_signing_key(struct hm_secrets *secrets, const char *id,
                                                 const void *bytes, size_t length,
                                                 struct hm_error *err);

/* Is the text ID||KEY of @secret? */
bool secret_is_signing_secret(const struct secret *secret, const char *text, size_t length);

/* The signing secret ID||KEY [J5], with two literal pipes. @out: secret_wipe() it. */
HM_MUST_USE enum hm_code signing_secret(char **out, size_t *length, const char *id, const char *key,
                                        struct hm_error *err);

#endif
