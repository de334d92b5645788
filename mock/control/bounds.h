/* How many there should be: at_least, at_most or exactly, of a verification. */
#ifndef MOCK_CONTROL_BOUNDS_H
#define MOCK_CONTROL_BOUNDS_H

#include "support/buf.h"
#include "support/json_node.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stdint.h>

struct bounds {
    int64_t least, most; /* most -1: any number */
};

/* Reads the three members of @object; none of them: at least one.
 * returns HM_OK, HM_BAD_INPUT with the place */
HM_MUST_USE enum hm_code bounds_read(struct bounds *bounds, const struct json_node *object,
                                     struct hm_error *err);

/* Is a number from @least to @most, which is not known exactly, surely within or surely outside? */
bool bounds_hold(const struct bounds *bounds, int64_t least, int64_t most);
bool bounds_fail(const struct bounds *bounds, int64_t least, int64_t most);

/* Appends "exactly 1", "at least 2". */
void bounds_describe(struct buf *out, const struct bounds *bounds);

/* Appends ,"at_least":1,"at_most":2 */
void bounds_write(struct buf *out, const struct bounds *bounds);

#endif
