/* What cases are run against: its address and names, its clock, and what may be asserted of it. */
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
    char *control_url; /* our mock's control plane; NULL: it has none that we know of */
    struct names names;
    bool has_world_names; /* the names are those of a world */
    bool is_local;        /* on this machine */
    bool takes_policy;    /* values of A clauses can be changed through the control plane */
    bool takes_clock;     /* the clock can be set through it */
    bool stands_still;    /* its clock does */
    bool is_patient;      /* a clock that cannot be set may be waited for (--slow) */
    int64_t clock_s;      /* standing still: Unix seconds; else what it is ahead of ours */
    json_t *policy;       /* our mock: name -> value in force, text; NULL: not known */
    char *version;        /* our mock's; NULL: not known */
};

/* Where a target is and what is called how there. */
struct target_place {
    char *base_url;
    bool is_loopback;
    struct names names; /* of a target file; no first secret: there is none */
};

/* Fills @target with what lies at @place, which it takes over on success. Asks a loopback address,
 * and the control plane that HEYMARKET_MOCK_URL names, whether it is our mock; asks no other
 * anything.
 *
 * world    names for our mock, where neither a file nor the environment gives others
 * returns  HM_OK; HM_NOT_SENT: a loopback address where nothing answers; HM_BAD_INPUT: no names for
 *          it, or HEYMARKET_MOCK_URL is no URL; HM_NO_MEMORY */
HM_MUST_USE enum hm_code target_look(struct target *target, struct http_session *session,
                                     struct target_place *place, const struct json_file *world,
                                     struct hm_error *err);

/* A zeroed struct is fine. */
void target_place_fini(struct target_place *place);

/* Finds out what of our mock can be changed through its control plane, by setting it as it is. */
HM_MUST_USE enum hm_code target_try_control(struct target *target, struct http_session *session,
                                            struct hm_error *err);

/* The values that arguments of the mock set, as an object; NULL: they do more, or none is there. A
 * new reference. */
json_t *arguments_policy(const char *const *arguments);

/* Reads the values of A clauses in force from our mock. */
HM_MUST_USE enum hm_code target_read_policy(struct target *target, struct http_session *session,
                                            struct hm_error *err);

/* A zeroed struct is fine. */
void target_fini(struct target *target);

bool target_is_ours(const struct target *target);

/* The target's time, Unix seconds. */
int64_t target_now(const struct target *target);

/* The value in force of an A clause; NULL: not known. Borrowed. */
const char *target_policy(const struct target *target, const char *name);

/* Appends why a case cannot be run here; nothing where it can. */
void target_lacks(struct buf *reason, const struct target *target, const struct test_case *test);

#endif
