/* What the commands that call the API have in common: options, the client, a failure. */
#ifndef CLI_API_CALL_H
#define CLI_API_CALL_H

#include "contract/variables.h"
#include "support/options.h"
#include <heymarket/client.h>
#include <stddef.h>

struct api_options {
    const char *type; /* of channel create, get, update, delete */
    const char *id;   /* of channel create, update */
    const char *secret_file;
    const char *base_url;
    const char *ca_file;
    int64_t connect_timeout_s;
    int64_t timeout_s;
    bool allows_plaintext;
    bool is_json;
};

enum { API_TIMEOUT_S_MAX = 24 * 3600 };

#define FIELD(member) offsetof(struct api_options, member)

/* The rows of a table of options that all of these commands have, with its end. */
#define API_OPTIONS                                                                                \
    TEXT_ROW("--base-url", "URL", base_url,                                                        \
             "Base URL of the API, without /v1 or /v2 (default: " VARIABLE_BASE_URL                \
             ", otherwise " HM_LIVE_BASE_URL ")"),                                                 \
        TEXT_ROW("--secret-file", "FILE", secret_file,                                             \
                 "JSON: {\"v\":1,\"secrets\":[{\"id\":...,\"key\":...}]}; the first secret signs " \
                 "(default: the environment)"),                                                    \
        TEXT_ROW("--ca-file", "FILE", ca_file,                                                     \
                 "Trust only the root certificates in this PEM file (default: the file in "        \
                 "CURL_CA_BUNDLE or SSL_CERT_FILE, otherwise those of the system)"),               \
        INTEGER_ROW("--connect-timeout", "SECONDS", connect_timeout_s, 1, API_TIMEOUT_S_MAX,       \
                    "Time limit for connecting, including TLS (default 10)"),                      \
        INTEGER_ROW("--timeout", "SECONDS", timeout_s, 1, API_TIMEOUT_S_MAX,                       \
                    "Time limit for the whole call, including retries and waits (default 60)"),    \
        FLAG_ROW("--allow-plaintext", allows_plaintext, "Allow http:// to another machine."),      \
        FLAG_ROW("--json", is_json, "Print one JSON object, also for an error."),                  \
    {                                                                                              \
        .name = NULL                                                                               \
    }

/* Makes the client that the options describe, with the first secret of the file or of the
 * environment. @client: hm_client_free() it. */
HM_MUST_USE enum hm_code api_client(struct hm_client **client, const struct api_options *options,
                                    struct hm_error *err);

/* Prints an error as the options say. Returns the exit code. */
int api_failure(const struct verb_call *call, const struct hm_error *err);

#endif
