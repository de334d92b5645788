/* The results of running a signer, and how they are printed [J1-J9]. */
#ifndef SUITE_SIGNER_SIGNER_REPORT_H
#define SUITE_SIGNER_SIGNER_REPORT_H

#include "report/output.h"
#include "signer/signer_secrets.h"
#include <heymarket/token.h>
#include <stdbool.h>
#include <stddef.h>

enum { SIGNER_RUNS_MAX = 8, SIGNER_TEXT = 200 };

/* One run of the command. */
struct signer_run {
    const struct signer_secret *secret;
    char name[SIGNER_TEXT];    /* "a key with + / =" */
    char failure[SIGNER_TEXT]; /* why there is no verdict: no token, exit 3, too late; "" */
    size_t token_count;
    bool is_good; /* all tokens are good */
    bool has_iat; /* of the first token */
    double iat;
    struct hm_findings findings; /* of all its tokens */
};

/* A mistake, counted over all runs. */
struct signer_finding {
    enum hm_mistake mistake;
    enum hm_severity severity; /* refused only if a run with a documented shape has it */
    size_t runs;
    char message[HM_FINDING_TEXT];
};

struct signer_report {
    char *const *argv;
    size_t run_count;
    struct signer_run runs[SIGNER_RUNS_MAX];
    size_t finding_count;
    struct signer_finding findings[HM_MISTAKE_COUNT];
    size_t failures; /* runs without a verdict; @documented_failures: with a documented shape */
    size_t documented_failures;
    int exit_code;
};

/* Prints the report. False: out of memory. */
bool signer_print(const struct signer_report *report, enum report_format format);

#endif
