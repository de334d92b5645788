/* The shape of a JSON object as a table: its members and their types. Layers are checked before
 * they are merged, so that a message can name the place in the file. */
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
    SHAPE_TEXTS = 128, /* an array of at least one string */
    SHAPE_ARRAY = 256,
    SHAPE_OBJECT = 512,
    SHAPE_ANY = 1023,
    SHAPE_BOOL = SHAPE_TRUE | SHAPE_FALSE,
    SHAPE_NUMBER = SHAPE_INTEGER | SHAPE_NEGATIVE | SHAPE_REAL
};

/* One member. A table ends with a NULL name. */
struct shape {
    const char *member;
    unsigned types; /* SHAPE_..., any of them */
    bool is_required;
    const char *const *choices;  /* of a string; NULL: any text. Ends with NULL */
    const struct shape *members; /* of an object; NULL: any */
    enum hm_code (*check)(const struct json_node *node,
                          struct hm_error *err); /* further check, or NULL */
};

/* @object must be an object with members as in @shapes or @common (which may be NULL).
 * returns HM_OK, HM_BAD_INPUT with the place */
HM_MUST_USE enum hm_code shape_check(const struct json_node *object, const struct shape *shapes,
                                     const struct shape *common, struct hm_error *err);

/* Checks a value that is not in a table; the name in @shape does not matter. */
HM_MUST_USE enum hm_code shape_check_value(const struct json_node *node, const struct shape *shape,
                                           struct hm_error *err);

/* The value must be one of the strings @choices. */
HM_MUST_USE enum hm_code shape_check_choice(const struct json_node *node,
                                            const char *const *choices, struct hm_error *err);

/* A string member; NULL: there is none. Borrowed. */
const char *member_text(const json_t *object, const char *member);

#endif
