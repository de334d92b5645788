/* The target's choices where the contract is silent (A clauses). They are found with separate
 * requests, so that they do not depend on the chosen cases. Tokens are tried with a bad body if
 * that tells good tokens from bad ones, so that nothing is written. */
#ifndef SUITE_LEARN_LEARN_H
#define SUITE_LEARN_LEARN_H

#include "cases/clause.h"
#include "play/player.h"
#include "recipe/marks.h"
#include "target/target.h"
#include <heymarket/error.h>
#include <stddef.h>

/* LEARN_WRITES_MAX: the most writes that a correct target accepts. */
enum { LEARN_WRITES_MAX = 10, LEARNED_MAX = 24, LEARNED_VALUE_TEXT = 24, LEARNED_WHY_TEXT = 160 };

struct learned {
    const struct clause *clause;
    char value[LEARNED_VALUE_TEXT]; /* of its policy; "": unknown */
    char why[LEARNED_WHY_TEXT];     /* what was seen, or why it is unknown */
};

struct learning {
    size_t count; /* one for each clause with a policy, in the order of the contract */
    struct learned at[LEARNED_MAX];
};

/* Makes a row for each clause with a policy, whose value is unknown, and @why. */
void learning_init(struct learning *learning, const struct clauses *clauses, const char *why);

/* Fills @learning. If the target stops answering, the rest is unknown.
 * returns HM_OK; otherwise a fault of our own */
HM_MUST_USE enum hm_code learn(struct learning *learning, const struct clauses *clauses,
                               const struct target *target, struct player *player,
                               struct marks *marks, struct hm_error *err);

/* Writes the known values as a profile for heymarket-mock --profile. */
HM_MUST_USE enum hm_code learning_write(const struct learning *learning, const char *path,
                                        struct hm_error *err);

#endif
