/* What cases are run against: address, names, clock, and what can be set. */
#ifndef SUITE_TARGET_TARGET_H
#define SUITE_TARGET_TARGET_H

#include "cases/case.h"
#include "recipe/names.h"
#include "support/buf.h"
#include "transport/http.h"
#include <heymarket/error.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum target_kind {
    TARGET_STARTED,  /* our mock, started for the run */
    TARGET_OUR_MOCK, /* our mock, started by somebody else */
    TARGET_FOREIGN   /* anything else */
};

struct target {
    enum target_kind kind;
    char *base_url;
    char *control_url; /* of our mock; NULL: unknown */
    struct names names;
    bool has_world_names; /* names are those of its world */
    bool is_local;        /* on this machine */
    bool takes_policy;    /* values of A clauses can be set */
    bool takes_clock;     /* the clock can be set */
    bool stands_still;    /* the clock does not run */
    unsigned lacks;       /* operations that it does not have, a set of operation_bit() */
    bool is_patient;      /* --slow: waits if the clock cannot be set */
    bool is_left_clean;   /* what the run creates is deleted at its end */
    int64_t clock_s;      /* Unix seconds if it stands still, else seconds ahead of ours */
    json_t *policy;       /* of our mock: choice -> current value; NULL: unknown */
    char *version;        /* of our mock; NULL: unknown */
};

/* The address and the names of a target. */
struct target_place {
    char *base_url;
    bool is_loopback;
    struct names names; /* of a target file; without one there is no first secret */
};

/* Fills @target from @place, which it takes over on success. Asks a loopback address, and the
 * control plane in HEYMARKET_MOCK_URL, whether it is our mock; sends nothing to any other
 * address.
 *
 * world    names for our mock, if neither a file nor the environment gives others
 * returns  HM_OK; HM_NOT_SENT: nothing listens at a loopback address; HM_BAD_INPUT: no names for
 * it, or HEYMARKET_MOCK_URL is not a URL; HM_NO_MEMORY */
HM_MUST_USE enum hm_code target_look(struct target *target, struct http_session *session,
                                     struct target_place *place, const struct json_file *world,
                                     struct hm_error *err);

/* A zeroed struct is fine. */
void target_place_fini(struct target_place *place);

/* Finds out what the control plane can change, by setting it to its present value. */
HM_MUST_USE enum hm_code target_try_control(struct target *target, struct http_session *session,
                                            struct hm_error *err);

/* The policy that mock arguments set, as an object, a new reference; NULL: there are none, or
 * they do more. */
json_t *arguments_policy(const char *const *arguments);

/* Reads the values of A clauses of our mock. */
HM_MUST_USE enum hm_code target_read_policy(struct target *target, struct http_session *session,
                                            struct hm_error *err);

/* A zeroed struct is fine. */
void target_fini(struct target *target);

bool target_is_ours(const struct target *target);

/* The target's time, Unix seconds. */
int64_t target_now(const struct target *target);

/* The current value of a choice; NULL: unknown. Borrowed. */
const char *target_policy(const struct target *target, const char *name);

/* Appends why a case cannot be run here, or nothing. */
void target_lacks(struct buf *reason, const struct target *target, const struct test_case *test);

/* False: a step is not what the case says with the key that the target's names have for it. */
bool target_keys_fit(const struct target *target, const struct test_case *test);

#endif
