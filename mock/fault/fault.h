/* Fault rules: a list that never changes, of which the first due one is carried out (fault_step.h).
 *
 * A rule says for which requests - operation, contact, channel_type, channel_id, from the nth on,
 * how many times - and what happens: status with retry-after, delay, abort, commit. Every rule
 * counts the requests that match it; only the one that is carried out counts as done. */
#ifndef MOCK_FAULT_FAULT_H
#define MOCK_FAULT_FAULT_H

#include "contract/channel_rules.h"
#include "contract/mask.h"
#include "database/database.h"
#include "support/buf.h"
#include "support/uuid.h"
#include <heymarket/error.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FAULT_RULES_MAX = 1000,
    FAULT_RULE_BYTES_MAX = 8192, /* of one rule's text */
    FAULT_WAIT_MS_MAX = 30000,   /* of a delay, and of a stall */
    FAULT_RETRY_AFTER_S_MAX = 86400
};

/* How an answer goes out. After all but the first the connection is closed. */
enum delivery {
    DELIVER_WHOLE,
    DELIVER_TRUNCATED, /* the head and half of the body */
    DELIVER_GARBAGE,   /* bytes that are not HTTP */
    DELIVER_RESET,     /* nothing, and a TCP reset */
    DELIVER_STALL      /* nothing, for as long as the client waits */
};

struct fault {
    /* When. */
    const char *operation;   /* a name of fault_operation_names; NULL: any */
    char contact[UUID_TEXT]; /* "": any */
    char *type, *id;         /* owned; NULL: any */
    int64_t nth;             /* 0: not given, the first */
    int64_t times;           /* 0: without limit */
    bool is_first;           /* stage=first: before the token is looked at, without a body */
    /* Then. */
    int64_t status; /* 0: not given */
    int64_t retry_after_s;
    int64_t delay_ms;
    enum delivery delivery; /* DELIVER_WHOLE: not given */
    bool commits;           /* the write is done; only the answer is lost */
    /* So far. */
    atomic_llong matched; /* requests that match */
    atomic_llong done;    /* times that it was carried out */
};

struct faults {
    atomic_uint holders;
    size_t count;
    bool has_first;                /* a rule with stage=first */
    struct database_counts shared; /* where it counts; set before it is shared between threads */
    struct fault *at[FAULT_RULES_MAX];
};

HM_MUST_USE enum hm_code faults_new(struct faults **faults, struct hm_error *err);

/* Adds a reference and returns it; drops a reference, the last one frees it. NULL is fine. */
struct faults *faults_hold(struct faults *faults);
void faults_free(struct faults *faults);

/* Adds a rule, which is taken over, also after a failure; before the list is shared.
 * HM_BAD_ARGUMENT: there are FAULT_RULES_MAX */
HM_MUST_USE enum hm_code faults_take(struct faults *faults, struct fault *rule,
                                     struct hm_error *err);

/* An empty rule; NULL: out of memory. */
struct fault *fault_new(void);
void fault_free(struct fault *fault);

/* The same rules with their counters at 0. NULL stays NULL. */
HM_MUST_USE enum hm_code faults_fresh(struct faults **fresh, const struct faults *faults,
                                      struct hm_error *err);

/* Counts the request for every rule of the stage that it matches; *due is the first due rule, or
 * NULL. @contact_uuid is "" for an operation without a contact; @values NULL: the first stage, for
 * which no body is known. Safe for threads. HM_NOT_SENT, HM_OUTCOME_UNKNOWN: the database is away
 */
HM_MUST_USE enum hm_code faults_due(const struct fault **due, struct faults *faults,
                                    const char *operation, const char *contact_uuid,
                                    const struct channel_values *values);

/* Reads the counters where other mocks count, too. Fails likewise. */
HM_MUST_USE enum hm_code faults_read_counts(struct faults *faults);

/* Does the fault decide the answer? A delay alone does not. */
bool fault_makes_answer(const struct fault *fault);

/* A rule may name a key by mistake, so it is written masked. */

/* Appends a rule as JSON: {"status":429,"retry-after":1}; null: none. */
void fault_write(struct buf *out, const struct fault *fault, const struct masking *masking);

/* The same with its counters: {"status":429,"retry-after":1,"matched":3,"done":1}. */
void fault_write_counted(struct buf *out, const struct fault *fault, const struct masking *masking);

/* The same as on the command line: "status=429,retry-after=1"; nothing where there is none. */
void fault_write_text(struct buf *out, const struct fault *fault, const struct masking *masking);

/* Names of the API's operations; NULL at the end. */
extern const char *const fault_operation_names[];

/* Names for DELIVER_TRUNCATED and those after it, in the order of the enum; NULL at the end. */
extern const char *const fault_abort_names[];

#endif
