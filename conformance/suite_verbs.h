/* The verbs of heymarket-conformance. */
#ifndef SUITE_SUITE_VERBS_H
#define SUITE_SUITE_VERBS_H

#include "cases/catalog.h"
#include "support/options.h"

enum { NOT_GIVEN = -1, RATE_DEFAULT = 120, BUDGET_DEFAULT = 40 };

struct suite_options {
    const char *base_url;
    const char *target;
    const char *learn;
    const char *mock;
    const char *ca_file;
    const char *fixtures;
    const char *report;
    const char *baseline;
    struct option_texts only;
    struct option_texts skip;
    int format;
    bool is_strict;
    bool is_live;
    bool is_slow;
    int64_t rate;   /* NOT_GIVEN: RATE_DEFAULT */
    int64_t budget; /* NOT_GIVEN: BUDGET_DEFAULT */
    int64_t step;
};

extern const struct option run_options_table[];
extern const struct option list_options_table[];
extern const struct option token_options_table[];

void suite_defaults(void *options);
void suite_options_fini(void *options);

/* The budget in force. */
int64_t suite_budget(const struct suite_options *options);

/* --rate and --budget mean nothing without --live.
 * returns HM_OK, HM_BAD_ARGUMENT */
HM_MUST_USE enum hm_code suite_options_check(const struct suite_options *options,
                                             struct hm_error *err);

/* Each returns the exit code. */
int cmd_run(const struct verb_call *call);
int cmd_list(const struct verb_call *call);
int cmd_token(const struct verb_call *call);

#endif
