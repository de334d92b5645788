/* signer: runs somebody else's code that prints a token, and judges what it prints [J1-J9]. */
#ifndef SUITE_SIGNER_SIGNER_H
#define SUITE_SIGNER_SIGNER_H

#include "support/options.h"
#include <heymarket/token.h>
#include <stdbool.h>

enum {
    SIGNER_RUNS_MAX = 8,
    SIGNER_TEXT = 200,
    SIGNER_CREDENTIAL_MAX = 256 /* bytes of an ID or a key that we make */
};

/* A secret of our own making, in a shape that a signer must take as it is. */
struct signer_secret {
    const char *shape;  /* "a key with + / =" */
    bool is_documented; /* as the vendor's own secrets look: refusals count; else they warn */
    char id[SIGNER_CREDENTIAL_MAX];
    char key[SIGNER_CREDENTIAL_MAX];
};

enum { SIGNER_SHAPES = 5 };

/* Fills the secrets, fresh and random. False: the system gave no random bytes. */
bool signer_secrets_make(struct signer_secret secrets[SIGNER_SHAPES]);

/* One run of the command. */
struct signer_run {
    const struct signer_secret *secret;
    char name[SIGNER_TEXT];    /* "a key with + / =" */
    char failure[SIGNER_TEXT]; /* why there is no verdict: no token, exit 3, too late; "" */
    size_t token_count;
    bool is_good; /* every token was */
    bool has_iat; /* of the first token */
    double iat;
    struct hm_findings findings; /* of all its tokens */
};

/* A mistake, over all runs. */
struct signer_finding {
    enum hm_mistake mistake;
    enum hm_severity severity; /* refused only where a documented shape has it */
    size_t runs;
    char message[HM_FINDING_TEXT];
};

struct signer_report {
    char *const *argv;
    size_t run_count;
    struct signer_run runs[SIGNER_RUNS_MAX];
    size_t finding_count;
    struct signer_finding findings[HM_MISTAKE_COUNT];
    size_t failures; /* documented runs without a verdict */
    int exit_code;
};

enum signer_format { SIGNER_TEXT_FORMAT, SIGNER_TAP, SIGNER_JSON };

/* Prints the report. False: out of memory. */
bool signer_print(const struct signer_report *report, enum signer_format format);

struct signer_options {
    int format;
    int64_t timeout_s;
    bool is_strict;
    bool waits;
};
extern const struct option signer_options_table[];
void signer_defaults(void *options);
int cmd_signer(const struct verb_call *call);

#endif
