/* The set of secrets behind hm_secrets_*: what verifying and diagnosing read of it. */
#ifndef CONTRACT_SECRETS_H
#define CONTRACT_SECRETS_H

#include "contract/hmac.h"
#include <heymarket/token.h>

/* A library must not end its program when memory does: uthash would call exit(). */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

struct secret {
    char *id;
    char *key; /* NULL where only the signing key is known (RFC 7515's example) */
    size_t id_length;
    size_t key_length;
    int index;
    struct hmac_key *signing_key; /* of ID||KEY [J5] */
    UT_hash_handle hh;
};

struct recovery_gate;

struct hm_secrets {
    unsigned long long number;  /* no other set of this program has it, nor had; never 0 */
    struct recovery_gate *gate; /* shared by all who judge by this set */
    struct secret **at;         /* by index */
    size_t count;
    struct secret *by_id;
    char **legacy_keys; /* [J13] */
    size_t legacy_count;
};

/* The secret of an ID, compared exactly; NULL: unknown. Borrowed. */
const struct secret *secrets_find(const struct hm_secrets *secrets, const char *id, size_t length);

/* Adds a secret whose signing key is not ID||KEY but @bytes: for the RFC's example. */
HM_MUST_USE enum hm_code secrets_add_signing_key(struct hm_secrets *secrets, const char *id,
                                                 const void *bytes, size_t length,
                                                 struct hm_error *err);

/* The signing secret ID||KEY [J5], the two pipes literal. @out: secret_wipe() it. */
HM_MUST_USE enum hm_code signing_secret(char **out, size_t *length, const char *id, const char *key,
                                        struct hm_error *err);

#endif
