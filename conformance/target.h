/* What cases are run against: its address and names, its clock, and what may be asserted of it. */
#ifndef TARGET_H
#define TARGET_H

#include "buf.h"
#include "case.h"
#include "http.h"
#include "names.h"
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
    struct names names;
    bool has_world_names; /* the names are those of a world */
    bool is_local;        /* on this machine */
    bool stands_still;    /* its clock does */
    int64_t clock_s;      /* standing still: Unix seconds; else what it is ahead of ours */
    json_t *policy;       /* our mock: name -> value in force, text; NULL: not known */
    char *version;        /* our mock's; NULL: not known */
};

/* Fills @target with what lies at @base_url, which it takes over on success. Asks a loopback
 * address whether it is our mock; asks no other anything.
 *
 * world    names for our mock, where the environment gives no others; the target's for as long as
 *          it lives
 * returns  HM_OK; HM_NOT_SENT: a loopback address where nothing answers; HM_BAD_INPUT: no names for
 * it; HM_NO_MEMORY */
HM_MUST_USE enum hm_code target_look(struct target *target, struct http_session *session,
                                     char *base_url, bool is_loopback,
                                     const struct json_file *world, struct hm_error *err);

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
