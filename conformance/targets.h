/* Where the cases of a run go: to the one target that was named, or to mocks that are started as
 * they are needed, one for each world and set of arguments. */
#ifndef TARGETS_H
#define TARGETS_H

#include "case.h"
#include "fixture.h"
#include "http.h"
#include "target.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>

enum { STARTED_MAX = 64 };

struct started_mock; /* a target, and the process behind it */

struct targets {
    struct fixtures from;
    struct http_session *session; /* of the main thread; borrowed */
    bool is_named;                /* by URL */
    bool is_live;
    struct target named;
    char *mock_program;
    char folder[64]; /* of the mocks' files; "" while there is none */
    int64_t now;     /* where the mocks' clocks stand */
    size_t started_count;
    struct started_mock *started[STARTED_MAX];
};

struct targets_options {
    const char *base_url; /* --base-url; NULL: as the environment says */
    const char *mock;     /* --mock */
    bool is_live;         /* --live: what is not loopback may be written to */
    struct fixtures from;
};

/* The base URL in force: @given, else the environment's; NULL: mocks are to be started. Borrowed.
 */
const char *targets_base_url(const char *given);

/* Finds out what is to be run against; sends no case, starts no mock.
 * returns HM_OK; HM_BAD_ARGUMENT, HM_BAD_INPUT: what is given cannot be used; HM_NOT_SENT: nothing
 *         answers there; HM_NO_MEMORY */
HM_MUST_USE enum hm_code targets_init(struct targets *targets, struct http_session *session,
                                      const struct targets_options *options, struct hm_error *err);

/* The target for the cases of a file; starts a mock where it must. Borrowed. */
HM_MUST_USE enum hm_code targets_find(const struct target **target, struct targets *targets,
                                      const struct case_file *file, struct hm_error *err);

/* Stops every mock. HM_INTERNAL: one did not end well; err has what it said. */
enum hm_code targets_fini(struct targets *targets, struct hm_error *err);

/* Loads a world of the fixtures. */
HM_MUST_USE enum hm_code world_load(struct json_file *world, const struct fixtures *from,
                                    const char *name, struct hm_error *err);

#endif
