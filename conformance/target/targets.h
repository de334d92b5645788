/* The targets of a run: the named one, or mocks that are started when they are needed, one for
 * each world and set of arguments. */
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

/* The state of our mock that is restored at the end. */
struct target_before {
    json_t *policy;
    bool stands_still;
    int64_t clock_s;
};

struct started_mock; /* a target and its process */

struct targets {
    struct fixtures from;
    struct http_session *session; /* of the main thread; borrowed */
    bool is_named;                /* there is one, given by URL */
    bool is_live;
    struct target named;
    struct target_before before; /* the named target as it was found */
    json_t *policy_defaults;     /* choice -> value; NULL: none are set */
    char *mock_program;
    char folder[FOLDER_TEXT]; /* for the mocks' files; "": not made yet */
    int64_t now;              /* where the mocks' clocks stand */
    size_t started_count;
    struct started_mock *started[STARTED_MAX];
};

struct targets_options {
    const char *base_url; /* --base-url; NULL: from the environment */
    const char *file;     /* --target */
    const char *mock;     /* --mock */
    struct http_tls tls;
    const struct gateway_headers *gateway; /* --header; borrowed */
    bool is_live;            /* --live: a target that is not loopback may be written to */
    bool is_slow;            /* --slow: waits if a clock cannot be set */
    bool is_left_clean;      /* without --keep: what the run creates is deleted at its end */
    const char *forecast;    /* what would be sent, for the message without --live */
    json_t *policy_defaults; /* choice -> default value; borrowed */
    struct fixtures from;
};

/* Finds the address: --base-url, else the target file's, else the environment's. No base_url:
 * mocks will be started. Call target_place_fini() after it.
 * returns HM_OK, HM_BAD_ARGUMENT, HM_BAD_INPUT with the place, HM_NO_MEMORY */
HM_MUST_USE enum hm_code targets_place(struct target_place *place, const char *base_url,
                                       const char *file, struct hm_error *err);

/* Fills @target without asking it: it counts as foreign. Missing names come from the default
 * world. Takes @place over. */
HM_MUST_USE enum hm_code targets_guess(struct target *target, struct target_place *place,
                                       const struct fixtures *from, struct hm_error *err);

/* Finds the target; sends no case, starts no mock.
 * returns HM_OK; HM_BAD_ARGUMENT, HM_BAD_INPUT: unusable; HM_NOT_SENT: nothing listens there;
 * HM_NO_MEMORY */
HM_MUST_USE enum hm_code targets_init(struct targets *targets, struct http_session *session,
                                      const struct targets_options *options, struct hm_error *err);

/* The target for a case, borrowed. Starts a mock if there is none yet; prepares a named one if
 * it can be set. */
HM_MUST_USE enum hm_code targets_find(const struct target **target, struct targets *targets,
                                      const struct test_case *test, struct hm_error *err);

/* May the case be played at the same time as others? Not if it changes the clock or the policy of
 * their target, or if an argument of its mock makes requests depend on earlier ones. */
bool targets_allow_others(const struct targets *targets, const struct test_case *test);

/* Gives the named mock the clock back that it had, and its policy: the one that it had, or the
 * default values. */
HM_MUST_USE enum hm_code targets_restore(struct targets *targets, bool has_defaults,
                                         struct hm_error *err);

/* Stops the mocks and restores the named one. HM_INTERNAL: one ended badly; err has its output. */
enum hm_code targets_fini(struct targets *targets, struct hm_error *err);

HM_MUST_USE enum hm_code world_load(struct json_file *world, const struct fixtures *from,
                                    const char *name, struct hm_error *err);

#endif
