/* The client handle: where, with which secret, how long, how often again.
 *
 *     struct hm_client_options options = { .secret_id = id, .secret_key = key };
 *     struct hm_client *client = NULL;
 *     if (hm_client_new(&client, &options, &err) != HM_OK) ...
 *
 * A handle may be used by any number of threads at once: each call in flight has a connection of
 * its own, taken from and given back to the handle's pool; the signed token is shared.
 * curl_global_init() is the program's business where other threads already run (see
 * libcurl-thread(3)); hm_client_new() calls it otherwise.
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
    HM_TOKEN_KEPT_S = 240, /* a token is signed anew at this age: 60 s before it dies [J6] */
    HM_ATTEMPTS_MAX = 4    /* requests that one call may start */
};

/* What a trace hook is told; every pointer is borrowed for the call. No secret, no token. */
struct hm_trace {
    const char *event;  /* "request", "answer", "retry" */
    const char *method; /* "POST" */
    const char *url;
    int attempt;            /* from 1 */
    int status;             /* of an answer; 0: none */
    const char *request_id; /* [T4]; "" */
    int64_t wait_ms;        /* before a retry */
    const char *reason;     /* of a retry; "" */
};

struct hm_client;

struct hm_client_options {
    const char *base_url;          /* NULL: the live API. No trailing /v1 or /v2, userinfo, query */
    const char *secret_id;         /* [J3] required */
    const char *secret_key;        /* [J5] required */
    int64_t connect_timeout_ms;    /* 0: HM_CONNECT_TIMEOUT_MS */
    int64_t timeout_ms;            /* of the whole call; 0: HM_TIMEOUT_MS */
    const char *ca_file;           /* PEM file of the roots to believe; NULL: the system's */
    bool allows_plaintext;         /* http:// to a host that is not loopback */
    int64_t (*now)(void *context); /* Unix seconds, for iat; NULL: the system's clock */
    void *now_context;
    void (*trace)(void *context,
                  const struct hm_trace *event); /* may be NULL; any thread calls it */
    void *trace_context;
};

/* Makes a handle; everything in @options is copied. No network is touched.
 * returns HM_OK, HM_BAD_ARGUMENT (a base URL or secret that cannot be right), HM_BAD_INPUT (the CA
 * file cannot be read), HM_NO_MEMORY */
HM_API HM_MUST_USE enum hm_code hm_client_new(struct hm_client **client,
                                              const struct hm_client_options *options,
                                              struct hm_error *err);

/* Closes the connections and wipes the secret. NULL is fine. No call may be in flight. */
HM_API void hm_client_free(struct hm_client *client);

#ifdef __cplusplus
}
#endif

#endif
