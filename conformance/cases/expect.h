/* Expectations: one test each on the answer to one step. Here they are read and checked; match.c
 * holds them against answers. */
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
    EXPECT_HINT
};

struct expect {
    enum expect_kind kind;
    const struct clause *clause;
    json_t *policy; /* name -> value that it holds for; NULL: the clause's default */
    bool is_mock_only;
    bool is_lenient;   /* a difference only warns on a foreign target */
    json_t *json;      /* the entry, checked; borrowed from the file */
    size_t other_step; /* index of the step to compare with */
};

/* Reads the entries of an "expect" array into expects, which has room for them all.
 *
 * clause  the file's, for entries that cite none
 * step    index of the step that they belong to; they may compare with earlier ones only
 * returns HM_OK, HM_BAD_INPUT with the place */
HM_MUST_USE enum hm_code expects_read(struct expect *expects, const struct json_node *array,
                                      const struct clauses *clauses, const struct clause *clause,
                                      size_t step, struct hm_error *err);

#endif
