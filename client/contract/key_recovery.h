/* Key recovery: rebuilds, from the known credentials, each key that a known mistake makes, and
 * checks the signature against it [J5]. A match is proof of the mistake. */
#ifndef CONTRACT_KEY_RECOVERY_H
#define CONTRACT_KEY_RECOVERY_H

#include "contract/recovery.h"
#include "contract/secrets.h"
#include "contract/token_parts.h"

enum { RECOVERY_SECRETS_MAX = 64 }; /* other secrets that are tried */

/* Looks for the mistake in a signature that the right key does not make. Costs up to 3 ms: call it
 * through recovery_gate.h.
 *
 * hash    what the header's alg names
 * limit   of candidates, at most RECOVERY_CANDIDATES_MAX
 * returns HM_OK whatever was found, HM_NO_MEMORY
 */
HM_MUST_USE enum hm_code key_recover(struct recovery *recovery, const struct token_parts *parts,
                                     enum hash hash, const struct secret *secret,
                                     const struct hm_secrets *secrets, unsigned limit,
                                     struct hm_error *err);

#endif
