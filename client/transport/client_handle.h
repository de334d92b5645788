/* The client handle: settings that never change, and under one lock the idle sessions and the token
 * [J6 J12]. */
#ifndef TRANSPORT_CLIENT_HANDLE_H
#define TRANSPORT_CLIENT_HANDLE_H

#include "contract/mask.h"
#include "transport/http.h"
#include "transport/retry.h"
#include <heymarket/client.h>
#include <pthread.h>

enum {
    CLIENT_IDLE_SESSIONS_MAX = 64, /* a session that is returned beyond that is closed */
    CLIENT_TOKEN_WORDS = 3
};

struct hm_client {
    char *base_url; /* without a trailing slash */
    char *secret_id;
    char *secret_key;
    struct mask *mask; /* of the key */
    char *ca_file;     /* NULL: the system's root certificates */
    int64_t connect_timeout_ms;
    int64_t timeout_ms;
    int64_t (*now)(void *context);
    void *now_context;
    void (*trace)(void *context, const struct hm_trace *event); /* may be NULL */
    void *trace_context;
    struct retry_pace pace; /* shorter in tests */

    pthread_mutex_t lock; /* of what follows */
    struct http_session *idle[CLIENT_IDLE_SESSIONS_MAX];
    size_t idle_count;
    char *token; /* NULL: none was signed yet */
    int64_t token_iat;
    uint64_t token_number; /* from 1; one more for each new token */
};

/* A token's copy, for one attempt. */
struct client_token {
    char *text;      /* secret_wipe() it */
    uint64_t number; /* of the handle's tokens */
    bool was_kept;   /* signed before this call of client_token() */
};

/* Unix seconds by the client's clock. */
int64_t client_now(const struct hm_client *client);

/* A copy of the present token. A new one is signed if it is HM_TOKEN_KEPT_S old, from the future,
 * or the one that was @refused (its number; 0: none). returns HM_OK, HM_NO_MEMORY, HM_INTERNAL */
HM_MUST_USE enum hm_code client_token(struct client_token *token, struct hm_client *client,
                                      uint64_t refused, struct hm_error *err);

/* An idle session, or a new one, for this caller alone until client_session_give(). */
HM_MUST_USE enum hm_code client_session_take(struct http_session **session,
                                             struct hm_client *client, struct hm_error *err);
void client_session_give(struct hm_client *client, struct http_session *session);

/* What must not be shown of a call, whatever the server repeats: the client's key, and the segments
 * of a token. Valid as long as the client. */
struct client_masking {
    struct masking masking;
    char *token; /* has the words */
    struct span words[CLIENT_TOKEN_WORDS];
};

/* Takes @token over, which may be NULL. */
void client_masking_take(struct client_masking *masking, const struct hm_client *client,
                         char *token);

/* The same for the client's present token. returns HM_OK, HM_NO_MEMORY */
HM_MUST_USE enum hm_code client_masking_now(struct client_masking *masking,
                                            struct hm_client *client, struct hm_error *err);
void client_masking_fini(struct client_masking *masking); /* a zeroed struct is fine */

#endif
