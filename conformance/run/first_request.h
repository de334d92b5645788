/* The first request to a named target: a correct one. If even that is not accepted, no other
 * result means anything. A few more requests, which write nothing, then find the likely cause. */
#ifndef SUITE_RUN_FIRST_REQUEST_H
#define SUITE_RUN_FIRST_REQUEST_H

#include "cases/catalog.h"
#include "run/asker.h"
#include <heymarket/error.h>
#include <stdbool.h>

enum { FIRST_REQUEST_TEXT = 1024 };

enum first_outcome {
    FIRST_ACCEPTED,
    FIRST_NOT_SENT,
    FIRST_NO_ANSWER,
    FIRST_CREDENTIALS, /* the token was refused [E2] */
    FIRST_OTHER_RULE,  /* the token was refused, and a wrong one is accepted */
    FIRST_REFUSED      /* anything else but 2xx with JSON */
};

struct first_request {
    enum first_outcome outcome;
    const struct test_case *broken; /* of FIRST_OTHER_RULE: the case whose wrong token is accepted.
                                       Borrowed from the catalog */
    char text[FIRST_REQUEST_TEXT];  /* what was answered, the likely cause, what to do; "" if it was
                                  accepted */
};

/* probes_writes: --probe-writes
 * returns  HM_OK; HM_BAD_INPUT, HM_NO_MEMORY, HM_INTERNAL: our own fault */
HM_MUST_USE enum hm_code first_request_send(struct first_request *first,
                                            const struct catalog *catalog,
                                            const struct asker *asker, bool probes_writes,
                                            struct hm_error *err);

#endif
