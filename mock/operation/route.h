/* Method and path pattern -> operation [T1 T6]. Paths are matched as sent, segment by segment,
 * after percent-decoding; nothing is normalised. */
#ifndef MOCK_OPERATION_ROUTE_H
#define MOCK_OPERATION_ROUTE_H

#include "support/buf.h"
#include <stdbool.h>
#include <stddef.h>

struct exchange;

enum step_result { STEP_NEXT, STEP_ANSWERED };
typedef enum step_result (*step_fn)(struct exchange *x);

/* What a route leads to: steps in order, the last of which answers. */
struct operation {
    const char *name;
    bool is_control;      /* of the control plane: not counted, not logged */
    const step_fn *steps; /* ends with NULL */
};

enum {
    ROUTE_PARAMETER_BYTES =
        1024, /* of a decoded {parameter}; the rest is cut, which no UUID survives */
    ROUTE_ALLOW_TEXT = 48
};

enum route_result {
    ROUTE_FOUND,
    ROUTE_NO_PATH,   /* 404 */
    ROUTE_NO_METHOD, /* 405; the match holds what is allowed */
    ROUTE_BAD_PATH   /* 400: a bad escape, an encoded slash or NUL, '#' or '\' */
};

struct route_match {
    const struct operation *operation; /* of the path; NULL where there is none */
    char allow[ROUTE_ALLOW_TEXT];      /* ROUTE_NO_METHOD: the path's methods, "GET, PUT" */
    char parameter[ROUTE_PARAMETER_BYTES];
    size_t parameter_length; /* it may hold NULs of nobody's: none is let through */
};

enum route_result route_find(struct route_match *match, const char *method, const char *path);

/* Says how @path differs from the nearest one there is: "the base URL ends in /v1". A static
 * string; NULL when nothing is near. */
const char *route_nearest(const char *path);

/* Appends a path made fit for logs and messages: control characters escaped, and a segment that is
 * longer than a word and no UUID by its length alone, for it may be a secret or a token. */
void route_show_path(struct buf *out, const char *path);

#endif
