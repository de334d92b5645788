/* The client handle: base URL, secret, time limits.
 *
 *     struct hm_client_options options = { .secret_id = id, .secret_key = key };
 *     struct hm_client *client = NULL;
 *     if (hm_client_new(&client, &options, &err) != HM_OK) ...
 *
 * Any number of threads may use a handle at once. Each call has a connection of its own, which is
 * kept open for later calls; the signed token is shared. hm_client_new() calls curl_global_init();
 * a program that already runs other threads should call it itself before that (libcurl-thread(3)).
 */
#ifndef HEYMARKET_CLIENT_H
#define HEYMARKET_CLIENT_H

#include <heymarket/error.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HM_LIVE_BASE_URL "https://api.heymarket.com"

enum {
    HM_CONNECT_TIMEOUT_MS = 10000, /* default: one connection, TLS handshake included */
    HM_TIMEOUT_MS = 60000,         /* default: a whole call, retries and waits included */
    HM_TOKEN_KEPT_S =
        240, /* at this age of a token a new one is signed: 60 s before it expires [J6] */
    HM_ATTEMPTS_MAX = 4 /* requests that one call may start */
};

/* What a trace hook gets. Every pointer is valid during the call only. Contains no secret and no
 * token. */
struct hm_trace {
    const char *event;  /* "request", "answer", "retry" */
    const char *method; /* "POST" */
    const char *url;
    int attempt;            /* from 1 */
    int status;             /* of an answer; 0: none */
    const char *request_id; /* [T4]; "" */
    int64_t wait_ms;        /* before a retry, in milliseconds */
    const char *reason;     /* of a retry; "" */
};

struct hm_client;

/* Zeroed members have the defaults; secret_id and secret_key are required. Both functions are
 * called by whatever thread makes a call, at the same time too. */
struct hm_client_options {
    const char *base_url;       /* NULL: HM_LIVE_BASE_URL. Without /v1 or /v2, user name, query */
    const char *secret_id;      /* [J3] required */
    const char *secret_key;     /* [J5] required */
    int64_t connect_timeout_ms; /* 0: HM_CONNECT_TIMEOUT_MS */
    int64_t timeout_ms;         /* of the whole call; 0: HM_TIMEOUT_MS */
    const char *ca_file;   /* PEM file of the only root certificates to trust; NULL: the system's */
    bool allows_plaintext; /* allows http:// to a host that is not loopback */
    int64_t (*now)(void *context); /* Unix seconds, for iat; NULL: the system's clock */
    void *now_context;
    void (*trace)(void *context, const struct hm_trace *event); /* NULL: none */
    void *trace_context;
};

/* Makes a handle. Nothing is sent.
 *
 * client   receives the handle: hm_client_free() it. NULL after a failure
 * options  copied, except for the two functions and their contexts
 * err      may be NULL
 * returns  HM_OK, HM_BAD_ARGUMENT (a base URL, secret or time limit that cannot be right),
 *          HM_BAD_INPUT (the CA file cannot be used), HM_NO_MEMORY, HM_INTERNAL (libcurl)
 * clauses  [J3] [J5]
 */
HM_API HM_MUST_USE enum hm_code hm_client_new(struct hm_client **client,
                                              const struct hm_client_options *options,
                                              struct hm_error *err);

/* Closes the connections, wipes secret and token, frees the handle. NULL is fine. No call may be
 * using it. */
HM_API void hm_client_free(struct hm_client *client);

#ifdef __cplusplus
}
#endif

#endif
