/* The shape of a JSON object as a table: which members it may have and what they may be. Case files
 * are checked layer by layer before they are merged, so that a complaint has a place. */
#ifndef SUITE_CASES_SHAPE_H
#define SUITE_CASES_SHAPE_H

#include "support/json_node.h"
#include <heymarket/error.h>
#include <stdbool.h>

enum {
    SHAPE_NULL = 1,
    SHAPE_TRUE = 2,
    SHAPE_FALSE = 4,
    SHAPE_INTEGER = 8, /* 0 or more */
    SHAPE_NEGATIVE = 16,
    SHAPE_REAL = 32,
    SHAPE_STRING = 64,
    SHAPE_TEXTS = 128, /* an array of one string or more */
    SHAPE_ARRAY = 256,
    SHAPE_OBJECT = 512,
    SHAPE_ANY = 1023,
    SHAPE_BOOL = SHAPE_TRUE | SHAPE_FALSE,
    SHAPE_NUMBER = SHAPE_INTEGER | SHAPE_NEGATIVE | SHAPE_REAL
};

/* One member. The table ends with a NULL name. */
struct shape {
    const char *member;
    unsigned types; /* SHAPE_...: any of them */
    bool is_required;
    const char *const *choices;  /* what a string may be; NULL: anything. Ends with NULL */
    const struct shape *members; /* of an object; NULL: any */
    enum hm_code (*check)(const struct json_node *node, struct hm_error *err); /* more; or NULL */
};

/* The value must be an object, and each of its members as the table says, or as @common (which may
 * be NULL) does.
 * returns HM_OK, HM_BAD_INPUT with the place */
HM_MUST_USE enum hm_code shape_check(const struct json_node *object, const struct shape *shapes,
                                     const struct shape *common, struct hm_error *err);

/* A value that is no member of a table: as @shape says, its name aside. */
HM_MUST_USE enum hm_code shape_check_value(const struct json_node *node, const struct shape *shape,
                                           struct hm_error *err);

/* The value must be a string that is one of @choices. */
HM_MUST_USE enum hm_code shape_check_choice(const struct json_node *node,
                                            const char *const *choices, struct hm_error *err);

#endif
