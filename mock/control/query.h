/* The query of a call of the control plane: name=value pairs. */
#ifndef MOCK_CONTROL_QUERY_H
#define MOCK_CONTROL_QUERY_H

#include <heymarket/error.h>

enum { QUERY_NAME_BYTES = 32, QUERY_VALUE_BYTES = 256 };

/* Percent-decoded. */
struct query_pair {
    char name[QUERY_NAME_BYTES]; /* "": the end of the query */
    char value[QUERY_VALUE_BYTES];
};

/* Takes the next pair and moves *at after it. *at NULL: there is no query.
 * returns HM_OK, HM_BAD_ARGUMENT */
HM_MUST_USE enum hm_code query_take(struct query_pair *pair, const char **at, struct hm_error *err);

#endif
