/* A fault rule from the inside, for the files fault*.c alone. */
#ifndef MOCK_FAULT_FAULT_RULE_H
#define MOCK_FAULT_FAULT_RULE_H

#include "fault/fault.h"
#include <stdatomic.h>

struct fault {
    /* When. */
    char contact[UUID_TEXT]; /* "": any */
    char *type, *id;         /* owned; NULL: any */
    size_t type_length, id_length;
    int64_t nth;   /* 0: not said, the first */
    int64_t times; /* 0: for ever */
    /* Then. */
    int64_t status; /* 0: not said */
    int64_t retry_after_s;
    int64_t delay_ms;
    enum delivery delivery; /* DELIVER_WHOLE: not said */
    bool commits;
    /* So far. */
    atomic_llong matched; /* requests that fitted */
    atomic_llong done;    /* of those it won and may still win, at most @times */
};

struct faults {
    atomic_uint holders;
    size_t count;
    struct fault *at[FAULT_RULES_MAX];
};

/* Takes @rule over, also after a failure. HM_BAD_ARGUMENT: there are FAULT_RULES_MAX. */
HM_MUST_USE enum hm_code faults_take(struct faults *faults, struct fault *rule,
                                     struct hm_error *err);

/* A rule that says nothing yet; NULL: out of memory. */
struct fault *fault_new(void);
void fault_free(struct fault *fault);

/* Names for DELIVER_TRUNCATED and those after it; NULL at its end. In the order of the enum. */
extern const char *const fault_abort_names[];

#endif
