/* Where the cases of a run go: to the one target that was named, or to mocks that are started as
 * they are needed, one for each world and set of arguments. */
#ifndef SUITE_TARGET_TARGETS_H
#define SUITE_TARGET_TARGETS_H

#include "cases/case.h"
#include "support/fixture.h"
#include "target/folder.h"
#include "target/target.h"
#include "transport/http.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>

enum { STARTED_MAX = 64 };

/* What of a mock of ours is put back at the end. */
struct target_before {
    json_t *policy;
    bool stands_still;
    int64_t clock_s;
};

struct started_mock; /* a target, and the process behind it */

struct targets {
    struct fixtures from;
    struct http_session *session; /* of the main thread; borrowed */
    bool is_named;                /* by URL */
    bool is_live;
    struct target named;
    struct target_before before; /* the named target as it was found */
    char *mock_program;
    char folder[FOLDER_TEXT]; /* of the mocks' files; "" while there is none */
    int64_t now;              /* where the mocks' clocks stand */
    size_t started_count;
    struct started_mock *started[STARTED_MAX];
};

struct targets_options {
    const char *base_url; /* --base-url; NULL: as the environment says */
    const char *file;     /* --target */
    const char *mock;     /* --mock */
    const char *ca_file;  /* the only roots to believe; NULL: the system's */
    bool is_live;         /* --live: what is not loopback may be written to */
    bool is_slow;         /* --slow: a clock that cannot be set is waited for */
    const char *forecast; /* what would be sent, for whoever has not given it */
    struct fixtures from;
};

/* Where the target is: --base-url goes before the target file's, and that before the environment's;
 * no base_url: mocks are to be started. target_place_fini() it.
 * returns HM_OK, HM_BAD_ARGUMENT, HM_BAD_INPUT with the place, HM_NO_MEMORY */
HM_MUST_USE enum hm_code targets_place(struct target_place *place, const char *base_url,
                                       const char *file, struct hm_error *err);

/* What can be said of the target at @place without asking it anything: it is taken for a foreign
 * one. Names that nobody gives are taken for those of the default world. Takes @place over. */
HM_MUST_USE enum hm_code targets_guess(struct target *target, struct target_place *place,
                                       const struct fixtures *from, struct hm_error *err);

/* Finds out what is to be run against; sends no case, starts no mock.
 * returns HM_OK; HM_BAD_ARGUMENT, HM_BAD_INPUT: what is given cannot be used; HM_NOT_SENT: nothing
 *         answers there; HM_NO_MEMORY */
HM_MUST_USE enum hm_code targets_init(struct targets *targets, struct http_session *session,
                                      const struct targets_options *options, struct hm_error *err);

/* The target for a case; starts a mock where it must, and steers one that somebody else started
 * where that can be done. Borrowed. */
HM_MUST_USE enum hm_code targets_find(const struct target **target, struct targets *targets,
                                      const struct test_case *test, struct hm_error *err);

/* Stops every mock; puts back what was changed of a named one. HM_INTERNAL: one did not end well;
 * err has what it said. */
enum hm_code targets_fini(struct targets *targets, struct hm_error *err);

/* Loads a world of the fixtures. */
HM_MUST_USE enum hm_code world_load(struct json_file *world, const struct fixtures *from,
                                    const char *name, struct hm_error *err);

#endif
