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

/* The rows of a table of options that all of these commands have, with its end. */
#define API_OPTIONS                                                                                \
    { "--base-url",                                                                                \
      "URL",                                                                                       \
      "Base URL of the API, without /v1 or /v2 (default: " VARIABLE_BASE_URL ", "                  \
      "otherwise " HM_LIVE_BASE_URL ")",                                                           \
      OPTION_TEXT,                                                                                 \
      offsetof(struct api_options, base_url),                                                      \
      0,                                                                                           \
      0,                                                                                           \
      NULL },                                                                                      \
        { "--secret-file",                                                                         \
          "FILE",                                                                                  \
          "JSON: {\"v\":1,\"secrets\":[{\"id\":...,\"key\":...}]}; the first secret signs "        \
          "(default: the environment)",                                                            \
          OPTION_TEXT,                                                                             \
          offsetof(struct api_options, secret_file),                                               \
          0,                                                                                       \
          0,                                                                                       \
          NULL },                                                                                  \
        { "--ca-file",                                                                             \
          "FILE",                                                                                  \
          "Trust only the root certificates in this PEM file (default: the file in "               \
          "CURL_CA_BUNDLE or SSL_CERT_FILE, otherwise those of the system)",                       \
          OPTION_TEXT,                                                                             \
          offsetof(struct api_options, ca_file),                                                   \
          0,                                                                                       \
          0,                                                                                       \
          NULL },                                                                                  \
        { "--connect-timeout",                                                                     \
          "SECONDS",                                                                               \
          "Time limit for connecting, including TLS (default 10)",                                 \
          OPTION_INTEGER,                                                                          \
          offsetof(struct api_options, connect_timeout_s),                                         \
          1,                                                                                       \
          API_TIMEOUT_S_MAX,                                                                       \
          NULL },                                                                                  \
        { "--timeout",                                                                             \
          "SECONDS",                                                                               \
          "Time limit for the whole call, including retries and waits (default 60)",               \
          OPTION_INTEGER,                                                                          \
          offsetof(struct api_options, timeout_s),                                                 \
          1,                                                                                       \
          API_TIMEOUT_S_MAX,                                                                       \
          NULL },                                                                                  \
        { "--allow-plaintext",                                                                     \
          NULL,                                                                                    \
          "Allow http:// to another machine.",                                                     \
          OPTION_FLAG,                                                                             \
          offsetof(struct api_options, allows_plaintext),                                          \
          0,                                                                                       \
          0,                                                                                       \
          NULL },                                                                                  \
        { "--json",                                                                                \
          NULL,                                                                                    \
          "Print one JSON object, also for an error.",                                             \
          OPTION_FLAG,                                                                             \
          offsetof(struct api_options, is_json),                                                   \
          0,                                                                                       \
          0,                                                                                       \
          NULL },                                                                                  \
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
