/* API secrets for the command line: from a file or the environment, never from its arguments. */
#ifndef CONTRACT_CREDENTIALS_H
#define CONTRACT_CREDENTIALS_H

#include <heymarket/error.h>
#include <stdbool.h>

struct credential {
    char *id;
    char *key;
};

/* The first one signs, all of them verify [J10]. */
struct credentials {
    size_t count;
    struct credential *at;
};

/* Reads @secret_file, {"v":1,"secrets":[{"id":...,"key":...}]}; if it is NULL, the environment's
 * HEYMARKET_API_SECRET_ID and _KEY, then HEYMARKET_SECOND_SECRET_ID and _KEY. An empty variable is
 * unset; nothing is trimmed.
 *
 * credentials  credentials_fini() it after HM_OK
 * returns      HM_OK; HM_BAD_INPUT: the file cannot be used, half a secret, or (is_required) no
 *              secret at all; HM_NO_MEMORY
 */
HM_MUST_USE enum hm_code credentials_load(struct credentials *credentials, const char *secret_file,
                                          bool is_required, struct hm_error *err);

/* Wipes the keys. A zeroed struct is fine. */
void credentials_fini(struct credentials *credentials);

#endif
