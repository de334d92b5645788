/* What a target does where the contract is silent, as values of A clauses: found out by requests of
 * its own, so that it does not depend on which cases were chosen. Tokens are tried with a body that
 * is refused, where that tells them apart, so that nothing is written. */
#ifndef SUITE_LEARN_LEARN_H
#define SUITE_LEARN_LEARN_H

#include "cases/clause.h"
#include "play/player.h"
#include "recipe/marks.h"
#include "target/target.h"
#include <heymarket/error.h>
#include <stddef.h>

/* Of these a right target accepts at most so many. */
enum { LEARN_WRITES_MAX = 8, LEARNED_MAX = 24, LEARNED_VALUE_TEXT = 24, LEARNED_WHY_TEXT = 160 };

struct learned {
    const struct clause *clause;
    char value[LEARNED_VALUE_TEXT]; /* of its policy; "": cannot be told */
    char why[LEARNED_WHY_TEXT];     /* what was seen, or why it cannot be told */
};

struct learning {
    size_t count; /* every clause that has a policy, in the order of the contract */
    struct learned at[LEARNED_MAX];
};

/* Tries the target. What comes of each clause is in @learning; a target that stops answering leaves
 * the rest untold.
 * returns HM_OK; our own fault otherwise */
HM_MUST_USE enum hm_code learn(struct learning *learning, const struct clauses *clauses,
                               const struct target *target, struct player *player,
                               struct marks *marks, struct hm_error *err);

/* Writes what could be told as a profile that heymarket-mock --profile loads. */
HM_MUST_USE enum hm_code learning_write(const struct learning *learning, const char *path,
                                        struct hm_error *err);

#endif
