/* What stands behind the "?" of a call to the control plane: name=value pairs, percent-encoded. */
#ifndef MOCK_CONTROL_QUERY_H
#define MOCK_CONTROL_QUERY_H

#include <heymarket/error.h>

enum { QUERY_NAME_BYTES = 32, QUERY_VALUE_BYTES = 256, QUERY_QUOTED_MAX = 40 };

struct query_pair {
    char name[QUERY_NAME_BYTES];
    char value[QUERY_VALUE_BYTES]; /* decoded; a "+" is a blank, as forms write it */
};

/* Takes the next pair off @*at, which is moved behind it; NULL or "" is the end, and pair->name is
 * "" then.
 * returns HM_OK; HM_BAD_ARGUMENT: a bad escape, a control character, a name or value too long */
HM_MUST_USE enum hm_code query_take(struct query_pair *pair, const char **at, struct hm_error *err);

#endif
