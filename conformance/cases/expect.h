/* Expectations, read and checked: each is one test of the answer to one step. */
#ifndef SUITE_CASES_EXPECT_H
#define SUITE_CASES_EXPECT_H

#include "cases/clause.h"
#include "support/json_node.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>

enum expect_kind {
    EXPECT_STATUS,
    EXPECT_HEADER,
    EXPECT_BODY,
    EXPECT_AT,
    EXPECT_HOLDS,
    EXPECT_KEEPS,
    EXPECT_GROWS,
    EXPECT_SAME_AS,
    EXPECT_TOKEN,
    EXPECT_HINT
};

struct expect {
    enum expect_kind kind;
    const struct clause *clause;
    json_t *policy; /* choice -> value for which it is expected; NULL: the clause's default */
    bool is_mock_only;
    bool is_observed;  /* on a foreign target it is not judged: the contract leaves it open */
    bool is_lenient;   /* on a foreign target a difference is only a warning */
    json_t *json;      /* the checked entry; borrowed from the file */
    size_t other_step; /* index of the step to compare with */
};

/* Reads the entries of an "expect" array into @expects, which has room for all of them.
 *
 * clause  the file's, for entries that name none
 * step    index of their step; they may compare with earlier steps only
 * returns HM_OK, HM_BAD_INPUT with the place */
HM_MUST_USE enum hm_code expects_read(struct expect *expects, const struct json_node *array,
                                      const struct clauses *clauses, const struct clause *clause,
                                      size_t step, struct hm_error *err);

/* The code with this @number among those of an expectation's "hint", one of which the mock must
 * report; NULL: there are no more. */
const char *expect_hint(const json_t *hint, size_t number);

#endif
