/* API secrets for the command line: from a file or the environment, never from its arguments. */
#ifndef CLI_CREDENTIALS_H
#define CLI_CREDENTIALS_H

#include <heymarket/token.h>
#include <stddef.h>

struct credential {
    char *id;
    char *key;
};

/* The first one signs, all of them verify [J10]. */
struct credentials {
    size_t count;
    struct credential *at;
};

/* Reads @secret_file, {"v":1,"secrets":[{"id":...,"key":...}]}; without one (NULL) the
 * environment's HEYMARKET_API_SECRET_ID and _KEY, then HEYMARKET_SECOND_SECRET_ID and _KEY. A
 * variable that is empty is unset; nothing is trimmed.
 *
 * credentials  credentials_fini() it after HM_OK; may be empty, where the environment has none
 * returns      HM_OK; HM_BAD_INPUT: a file that is none, or half a secret; HM_NO_MEMORY
 */
HM_MUST_USE enum hm_code credentials_load(struct credentials *credentials, const char *secret_file,
                                          struct hm_error *err);

/* The same, but none at all is HM_BAD_INPUT, with what to set. */
HM_MUST_USE enum hm_code credentials_require(struct credentials *credentials,
                                             const char *secret_file, struct hm_error *err);

/* Wipes the keys. A zeroed struct is fine. */
void credentials_fini(struct credentials *credentials);

/* A set to verify by. @secrets: hm_secrets_free() it. */
HM_MUST_USE enum hm_code credentials_secrets(struct hm_secrets **secrets,
                                             const struct credentials *credentials,
                                             struct hm_error *err);

#endif
