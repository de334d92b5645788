/* API secrets for the command line: from a file or the environment, never from its arguments. */
#ifndef CONTRACT_CREDENTIALS_H
#define CONTRACT_CREDENTIALS_H

#include "contract/private_text.h"
#include <heymarket/client.h>
#include <heymarket/error.h>
#include <heymarket/token.h>
#include <stdbool.h>
#include <stdint.h>

struct credential {
    char *id;
    struct private_text key;
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

/* The set of all of them, for judging tokens. hm_secrets_free() it. */
HM_MUST_USE enum hm_code credentials_secrets(struct hm_secrets **secrets,
                                             const struct credentials *credentials,
                                             struct hm_error *err);

/* Signs a token with the first one: as hm_token_sign(). */
HM_MUST_USE enum hm_code credentials_sign(char **token, const struct credentials *credentials,
                                          int64_t iat, struct hm_error *err);

/* Fills in the first one, borrowed. */
void credentials_fill(struct hm_client_options *options, const struct credentials *credentials);

/* Wipes the keys. A zeroed struct is fine. */
void credentials_fini(struct credentials *credentials);

#endif
