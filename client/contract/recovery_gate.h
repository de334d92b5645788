/* Bounds what wrong tokens can cost: so many recoveries at once, the last verdicts remembered. */
#ifndef CONTRACT_RECOVERY_GATE_H
#define CONTRACT_RECOVERY_GATE_H

#include "contract/key_recovery.h"

enum { RECOVERIES_REMEMBERED = 256 };

struct recovery_gate;

HM_MUST_USE enum hm_code recovery_gate_new(struct recovery_gate **gate, struct hm_error *err);
void recovery_gate_free(struct recovery_gate *gate);

/* key_recover() through the gate: remembered, or run once there is room (cores - 1 at once, at
 * least one) while others wait. Any thread. */
HM_MUST_USE enum hm_code recovery_gate_pass(struct recovery_gate *gate, struct recovery *recovery,
                                            const struct token_parts *parts, enum hash hash,
                                            const struct secret *secret,
                                            const struct hm_secrets *secrets, struct hm_error *err);

#endif
