#include "transport/client_handle.h"

#include "contract/hmac.h"
#include "support/ca_file.h"
#include "support/no_memory.h"
#include "support/try.h"
#include "support/wall_clock.h"
#include "transport/http_url.h"
#include <heymarket/token.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const int64_t time_limit_max_ms = (int64_t)366 * 24 * 3600 * 1000;

static int64_t system_now(void *context)
{
    (void)context;
    return wall_clock_s();
}

int64_t client_now(const struct hm_client *client)
{
    return client->now(client->now_context);
}

static enum hm_code copy(char **out, const char *text, struct hm_error *err)
{
    *out = strdup(text);
    return *out != NULL ? HM_OK : no_memory(err);
}

static enum hm_code base_url_take(struct hm_client *client, const struct hm_client_options *options,
                                  struct hm_error *err)
{
    const char *url = options->base_url != NULL ? options->base_url : HM_LIVE_BASE_URL;
    bool is_loopback = false, is_plaintext = false;
    enum hm_code code = http_base_url(&client->base_url, &is_loopback, &is_plaintext, url, err);

    if (code == HM_OK && is_plaintext && !is_loopback && !options->allows_plaintext)
        code =
            hm_error_set(err, HM_BAD_ARGUMENT,
                         "the base URL %s is plain http to another machine: others could read the "
                         "token; use https://, or allow plaintext",
                         client->base_url);
    return code;
}

/* Signs once, so that a secret that cannot sign is refused here and not by the first call [J3 J5].
 */
static enum hm_code secret_take(struct hm_client *client, const struct hm_client_options *options,
                                struct hm_error *err)
{
    enum hm_code code;
    char *token = NULL;

    if (options->secret_id == NULL || options->secret_key == NULL)
        return hm_error_set(err, HM_BAD_ARGUMENT, "an API secret's ID and key are required");
    TRY(hm_token_sign(&token, options->secret_id, options->secret_key, 0, err));
    TRY(copy(&client->secret_id, options->secret_id, err));
    TRY(copy(&client->secret_key, options->secret_key, err));
    client->mask = mask_new_of(&options->secret_key, 1);
    if (client->mask == NULL)
        TRY(no_memory(err));
out:
    secret_wipe(token);
    return code;
}

static enum hm_code time_limit_take(int64_t *out, int64_t given_ms, int64_t default_ms,
                                    const char *name, struct hm_error *err)
{
    if (given_ms < 0 || given_ms > time_limit_max_ms)
        return hm_error_set(err, HM_BAD_ARGUMENT,
                            "%s is %" PRId64 ", expected at most a year in milliseconds", name,
                            given_ms);
    *out = given_ms > 0 ? given_ms : default_ms;
    return HM_OK;
}

enum hm_code hm_client_new(struct hm_client **client, const struct hm_client_options *options,
                           struct hm_error *err)
{
    static const struct retry_pace pace = RETRY_PACE_DEFAULT;
    enum hm_code code;
    struct http_session *first = NULL;
    struct hm_client *made = calloc(1, sizeof *made);

    *client = NULL;
    if (made == NULL || pthread_mutex_init(&made->lock, NULL) != 0) {
        free(made);
        return no_memory(err);
    }
    made->now = options->now != NULL ? options->now : system_now;
    made->now_context = options->now_context;
    made->trace = options->trace;
    made->trace_context = options->trace_context;
    made->pace = pace;
    TRY(base_url_take(made, options, err));
    TRY(secret_take(made, options, err));
    TRY(time_limit_take(&made->connect_timeout_ms, options->connect_timeout_ms,
                        HM_CONNECT_TIMEOUT_MS, "connect_timeout_ms", err));
    TRY(time_limit_take(&made->timeout_ms, options->timeout_ms, HM_TIMEOUT_MS, "timeout_ms", err));
    if (options->ca_file != NULL) {
        TRY(ca_file_check(options->ca_file, err));
        TRY(copy(&made->ca_file, options->ca_file, err));
    }
    TRY(client_session_take(&first, made, err)); /* initialises libcurl */
    client_session_give(made, first);
    *client = made;
    made = NULL;
out:
    hm_client_free(made);
    return code;
}

void hm_client_free(struct hm_client *client)
{
    if (client == NULL)
        return;
    for (size_t i = 0; i < client->idle_count; i++)
        http_session_free(client->idle[i]);
    secret_wipe(client->token);
    secret_wipe(client->secret_key);
    mask_free(client->mask);
    free(client->secret_id);
    free(client->base_url);
    free(client->ca_file);
    pthread_mutex_destroy(&client->lock);
    free(client);
}

/* The caller holds the lock. */
static bool is_token_good(const struct hm_client *client, uint64_t refused, int64_t now)
{
    return client->token != NULL && client->token_number != refused && now >= client->token_iat &&
           now - client->token_iat < HM_TOKEN_KEPT_S;
}

/* The caller holds the lock. */
static enum hm_code sign_new(struct hm_client *client, int64_t now, struct hm_error *err)
{
    char *token;
    enum hm_code code = hm_token_sign(&token, client->secret_id, client->secret_key, now, err);

    if (code != HM_OK)
        return code;
    secret_wipe(client->token);
    client->token = token;
    client->token_iat = now;
    client->token_number++;
    return HM_OK;
}

enum hm_code client_token(struct client_token *token, struct hm_client *client, uint64_t refused,
                          struct hm_error *err)
{
    enum hm_code code = HM_OK;
    int64_t now = client_now(client); /* calls user code, so the lock is not held */

    memset(token, 0, sizeof *token);
    pthread_mutex_lock(&client->lock);
    token->was_kept = is_token_good(client, refused, now);
    if (!token->was_kept)
        TRY(sign_new(client, now, err));
    token->number = client->token_number;
    TRY(copy(&token->text, client->token, err));
out:
    pthread_mutex_unlock(&client->lock);
    return code;
}

enum hm_code client_session_take(struct http_session **session, struct hm_client *client,
                                 struct hm_error *err)
{
    *session = NULL;
    pthread_mutex_lock(&client->lock);
    if (client->idle_count > 0)
        *session = client->idle[--client->idle_count];
    pthread_mutex_unlock(&client->lock);
    return *session != NULL
               ? HM_OK
               : http_session_new(session, &(struct http_tls){ .ca_file = client->ca_file }, err);
}

void client_session_give(struct hm_client *client, struct http_session *session)
{
    if (session == NULL)
        return;
    pthread_mutex_lock(&client->lock);
    if (client->idle_count < CLIENT_IDLE_SESSIONS_MAX) {
        client->idle[client->idle_count++] = session;
        session = NULL;
    }
    pthread_mutex_unlock(&client->lock);
    http_session_free(session);
}

void client_masking_take(struct client_masking *masking, const struct hm_client *client,
                         char *token)
{
    *masking = (struct client_masking){ .masking = { .mask = client->mask }, .token = token };
    if (token == NULL)
        return;
    masking->masking.words = masking->words;
    masking->masking.word_count = mask_words_of(masking->words, CLIENT_TOKEN_WORDS, token);
}

enum hm_code client_masking_now(struct client_masking *masking, struct hm_client *client,
                                struct hm_error *err)
{
    char *token = NULL;
    bool is_there;

    pthread_mutex_lock(&client->lock);
    is_there = client->token != NULL;
    if (is_there)
        token = strdup(client->token);
    pthread_mutex_unlock(&client->lock);
    if (is_there && token == NULL)
        return no_memory(err);
    client_masking_take(masking, client, token);
    return HM_OK;
}

void client_masking_fini(struct client_masking *masking)
{
    secret_wipe(masking->token);
    *masking = (struct client_masking){ .token = NULL };
}
