/* The options of run, list, export and token. */
#ifndef SUITE_SUITE_OPTIONS_H
#define SUITE_SUITE_OPTIONS_H

#include "report/output.h"
#include "support/options.h"
#include "support/report_dir.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    NOT_GIVEN = -1,
    RATE_DEFAULT = 120,
    BUDGET_DEFAULT = 40,
    COMMAND_TIMEOUT_S = 60,
    COMMAND_TIMEOUT_MOST_S = 3600
};

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

/* Rows that several tables have. */
#define MOCK_ROW                                                                                   \
    TEXT_ROW("--mock", "PATH", mock,                                                               \
             "The mock to start (default: heymarket-mock in the directory of this program, "       \
             "otherwise on PATH).")
#define FORMAT_ROW                                                                                 \
    CHOICE_ROW("--format", "text|tap|json", format, report_format_words,                           \
               "Output format (default text).")
#define STRICT_ROW FLAG_ROW("--strict", is_strict, "Treat warnings as failures.")
#define COMMAND_TIMEOUT_ROW                                                                        \
    INTEGER_ROW("--timeout", "SECONDS", timeout_s, 1, COMMAND_TIMEOUT_MOST_S,                      \
                "Time limit for each run of CMD (default 60).")
#define TARGET_TLS_ROWS                                                                            \
    TEXT_ROW("--ca-file", "FILE", ca_file,                                                         \
             "Trust only the root certificates in this PEM file, for an https target with a "      \
             "private CA (default: the file in CURL_CA_BUNDLE or SSL_CERT_FILE, otherwise those "  \
             "of the system)."),                                                                   \
        TEXT_ROW("--cert", "FILE", cert_file,                                                      \
                 "PEM file with the certificate that this client shows to an https target, and "   \
                 "the chain that belongs to it."),                                                 \
        TEXT_ROW("--key", "FILE", key_file,                                                        \
                 "PEM file with the private key of --cert (default: the key is in that file).")

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
