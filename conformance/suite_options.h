/* The options of run, list, export and token. */
#ifndef SUITE_SUITE_OPTIONS_H
#define SUITE_SUITE_OPTIONS_H

#include "support/options.h"
#include "support/report_dir.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stdint.h>

enum { NOT_GIVEN = -1, RATE_DEFAULT = 120, BUDGET_DEFAULT = 40 };

struct suite_options {
    const char *base_url;
    const char *target;
    const char *learn;
    const char *mock;
    const char *ca_file;
    const char *cert_file;
    const char *key_file;
    struct option_texts headers;
    const char *fixtures;
    struct report_place report;
    const char *baseline;
    struct option_texts only;
    struct option_texts skip;
    struct option_texts strict; /* clauses; "": every warning fails */
    int format;                 /* NOT_GIVEN: text */
    bool is_verbose;
    bool keeps_channels;
    bool is_live;
    bool is_slow;
    bool probes_writes;
    int64_t rate;   /* NOT_GIVEN: RATE_DEFAULT */
    int64_t budget; /* NOT_GIVEN: BUDGET_DEFAULT */
    int64_t min_judged;
    int64_t step;
    int64_t jobs;      /* 0: not given */
    int64_t timeout_s; /* 0: none */
    bool fails_fast;
    bool is_documented;
};

extern const struct option run_options_table[];
extern const struct option list_options_table[];
extern const struct option export_options_table[];
extern const struct option token_options_table[];

void suite_defaults(void *options);

/* --budget, or its default. */
int64_t suite_budget(const struct suite_options *options);

/* Was --strict given without a clause? */
bool suite_is_strict(const struct suite_options *options);

/* --rate and --budget are only for --live.
 * returns HM_OK, HM_BAD_ARGUMENT */
HM_MUST_USE enum hm_code suite_options_check(const struct suite_options *options,
                                             struct hm_error *err);

#endif
