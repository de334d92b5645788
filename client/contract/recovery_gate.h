/* Limits what wrong tokens can cost: a few searches at once (one less than the number of cores, at
 * least one), and the results of the last ones are remembered. For any number of threads. */
#ifndef CONTRACT_RECOVERY_GATE_H
#define CONTRACT_RECOVERY_GATE_H

#include "contract/hmac.h"
#include "contract/recovery.h"

enum { RECOVERIES_REMEMBERED = 256 };

struct secret;
struct recovery_gate;

/* NULL: out of memory. */
struct recovery_gate *recovery_gate_new(void);
void recovery_gate_free(struct recovery_gate *gate);

/* From now on the searches of both count together. Before @gate is used. */
void recovery_gate_join(struct recovery_gate *gate, const struct recovery_gate *other);

/* True: the result for this secret and token (SHA-256 of signing input and signature) is
 * remembered, and copied to @recovery. False: the caller may search, and must call
 * recovery_gate_leave(). Waits while too many others search. */
bool recovery_gate_enter(struct recovery_gate *gate, const struct secret *secret,
                         const unsigned char token[SHA256_BYTES], struct recovery *recovery);

/* Ends a search. @recovery: to be remembered, or NULL: the search failed. */
void recovery_gate_leave(struct recovery_gate *gate, const struct secret *secret,
                         const unsigned char token[SHA256_BYTES], const struct recovery *recovery);

#endif
