#include "database/redis_pool.h"

#include "support/buf.h"
#include "support/fixture.h"
#include "support/monotonic.h"
#include "support/no_memory.h"
#include "support/platform.h"
#include "support/try.h"
#include "support/uuid.h"
#include "tls/stream.h"
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of what is stored: changes when the keys, or what they hold, do. */
#define FORMAT "1"

enum {
    CONNECTIONS = 16,
    CONNECT_MS = 1000,
    COMMAND_MS = 2000,
    LOST_MS = 2000, /* how long the answer to a change is looked for */
    LOST_PAUSE_MS = 20,
    BACK_OFF_LEAST_MS = 100,
    BACK_OFF_MOST_MS = 2000,
    SCRIPT_BYTES_MAX = 64 * 1024,
    SHA_TEXT = 41
};

/* The files of redis/, from ci/cmake/EmbedFiles.cmake. */
extern const struct embedded_file embedded_scripts[];

static const char *const script_names[REDIS_SCRIPTS] = { "document_write.lua", "faults_count.lua",
                                                         "limit_admit.lua", "list_write.lua" };

struct script {
    char *text;         /* session.lua and its own file */
    char sha[SHA_TEXT]; /* "": not loaded yet */
};

struct slot {
    struct redis_connection *connection; /* NULL: none */
    uint64_t number;                     /* of the last change */
    bool is_taken;
    char name[12]; /* in the session */
};

struct redis_pool {
    struct redis_url url;
    struct stream_trust *trust; /* NULL: without TLS */
    char world[REDIS_NAME_BYTES], meta_key[REDIS_NAME_BYTES], session_key[REDIS_NAME_BYTES];
    struct script scripts[REDIS_SCRIPTS];
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t freed;
    struct slot slots[CONNECTIONS];
    _Atomic int64_t away_until_ms; /* 0: it is not away; changed under the lock */
    int64_t back_off_ms;
    char reason[HM_ERROR_TEXT];
};

const struct redis_url *redis_pool_url(const struct redis_pool *pool)
{
    return &pool->url;
}

static const struct embedded_file *script_file(const char *name)
{
    const struct embedded_file *file = embedded_scripts;

    while (strcmp(file->path, name) != 0)
        file++;
    return file;
}

static enum hm_code scripts_read(struct redis_pool *pool, struct hm_error *err)
{
    const struct embedded_file *session = script_file("session.lua");

    for (int i = 0; i < REDIS_SCRIPTS; i++) {
        const struct embedded_file *file = script_file(script_names[i]);
        struct buf text;

        buf_init(&text, SCRIPT_BYTES_MAX);
        buf_add(&text, session->data, session->length);
        buf_add(&text, file->data, file->length);
        pool->scripts[i].text = buf_take(&text);
        if (pool->scripts[i].text == NULL)
            return no_memory(err);
    }
    return HM_OK;
}

static const char other_world[] = "another world";

static enum hm_code refuse(const struct redis_pool *pool, const char *what, struct hm_error *err)
{
    return hm_error_set(err, HM_BAD_INPUT,
                        "%s: the keys %s:* are of %s; use another database, or another prefix "
                        "with ?prefix=TEXT, or delete them",
                        pool->url.shown, pool->url.prefix, what);
}

/* Is what is stored ours? Where nothing is, it is from now on. */
static enum hm_code meta_check(const struct redis_pool *pool, struct redis_connection *connection,
                               const char *field, const char *expected, const char *what,
                               struct hm_error *err)
{
    static const char script[] = "redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])\n"
                                 "return redis.call('HGET', KEYS[1], ARGV[1])";
    struct redis_command command;
    enum hm_code code = HM_OK;
    redisReply *reply;

    redis_command_begin(&command, "EVAL");
    redis_command_add(&command, script);
    redis_command_add(&command, "1");
    redis_command_add(&command, pool->meta_key);
    redis_command_add(&command, field);
    redis_command_add(&command, expected);
    reply = redis_connection_call(connection, &command, monotonic_ms() + COMMAND_MS);
    if (reply == NULL)
        code = hm_error_set(err, HM_NOT_SENT, "%s: the connection broke", pool->url.shown);
    else if (reply->type == REDIS_REPLY_ERROR)
        code = hm_error_set(err, HM_BAD_INPUT, "%s: the key %s cannot be used: %s", pool->url.shown,
                            pool->meta_key, reply->str);
    else if (reply->type != REDIS_REPLY_STRING || strcmp(reply->str, expected) != 0)
        code = refuse(pool, what, err);
    freeReplyObject(reply);
    return code;
}

static enum hm_code slot_connect(struct redis_pool *pool, struct slot *slot, struct hm_error *err)
{
    enum hm_code code;

    TRY(redis_connection_open(&slot->connection, &pool->url, pool->trust,
                              monotonic_ms() + CONNECT_MS, err));
    TRY(meta_check(pool, slot->connection, "format", FORMAT, "another version of the mock", err));
    if (pool->world[0] != '\0')
        TRY(meta_check(pool, slot->connection, "world", pool->world, other_world, err));
out:
    if (code != HM_OK) {
        redis_connection_close(slot->connection);
        slot->connection = NULL;
    }
    return code;
}

static void slot_break(struct slot *slot)
{
    redis_connection_close(slot->connection);
    slot->connection = NULL;
}

/* A connection that only reads would say that all is well. A new one has to write. */
static void idle_break(struct redis_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    for (size_t i = 0; i < CONNECTIONS; i++) {
        if (!pool->slots[i].is_taken)
            slot_break(&pool->slots[i]);
    }
    pthread_mutex_unlock(&pool->lock);
}

static void pool_is_away(struct redis_pool *pool, const char *reason)
{
    pthread_mutex_lock(&pool->lock);
    pool->back_off_ms = pool->back_off_ms == 0 ? BACK_OFF_LEAST_MS : 2 * pool->back_off_ms;
    if (pool->back_off_ms > BACK_OFF_MOST_MS)
        pool->back_off_ms = BACK_OFF_MOST_MS;
    pool->away_until_ms = monotonic_ms() + pool->back_off_ms;
    snprintf(pool->reason, sizeof pool->reason, "%s", reason);
    pthread_mutex_unlock(&pool->lock);
}

static void pool_is_back(struct redis_pool *pool)
{
    if (pool->away_until_ms == 0)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->away_until_ms = 0;
    pool->back_off_ms = 0;
    pthread_mutex_unlock(&pool->lock);
}

/* A free one, if possible with a connection. */
static struct slot *slot_free(struct redis_pool *pool)
{
    struct slot *found = NULL;

    for (size_t i = 0; i < CONNECTIONS; i++) {
        struct slot *slot = &pool->slots[i];

        if (!slot->is_taken && slot->connection != NULL)
            return slot;
        if (!slot->is_taken && found == NULL)
            found = slot;
    }
    return found;
}

/* NULL: Redis is away, or all are taken for too long. */
static struct slot *slot_take(struct redis_pool *pool)
{
    const int64_t end_ms = monotonic_ms() + COMMAND_MS;
    struct slot *slot = NULL;

    pthread_mutex_lock(&pool->lock);
    while (monotonic_ms() >= pool->away_until_ms && (slot = slot_free(pool)) == NULL) {
        if (!platform_condition_wait(&pool->freed, &pool->lock, end_ms))
            break;
    }
    if (slot != NULL) {
        slot->is_taken = true;
        if (pool->away_until_ms != 0)
            pool->away_until_ms = monotonic_ms() + BACK_OFF_MOST_MS; /* this one tries alone */
    }
    pthread_mutex_unlock(&pool->lock);
    return slot;
}

static void slot_give(struct redis_pool *pool, struct slot *slot)
{
    pthread_mutex_lock(&pool->lock);
    slot->is_taken = false;
    pthread_mutex_unlock(&pool->lock);
    pthread_cond_signal(&pool->freed);
}

/* Any other error is about one key, and only its call fails. */
static bool is_about_the_server(const redisReply *reply)
{
    static const char *const words[] = { "LOADING",     "BUSY",      "READONLY", "MASTERDOWN",
                                         "CLUSTERDOWN", "OOM",       "NOAUTH",   "NOPERM",
                                         "MISCONF",     "NOREPLICAS" };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (redis_reply_is_error(reply, words[i]))
            return true;
    }
    return false;
}

/* Sends it once. NULL: it was not answered; *was_sent says whether it may have been done. An
 * error of Redis counts as no answer, but to a script that it does not know. */
static redisReply *slot_try(struct redis_pool *pool, struct slot *slot,
                            const struct redis_command *command, bool *was_sent)
{
    struct hm_error err = { 0 };
    redisReply *reply;

    *was_sent = false;
    if (slot->connection == NULL && slot_connect(pool, slot, &err) != HM_OK) {
        pool_is_away(pool, err.text);
        return NULL;
    }
    reply = redis_connection_call(slot->connection, command, monotonic_ms() + COMMAND_MS);
    if (reply == NULL) {
        *was_sent = true;
        slot_break(slot);
        return NULL;
    }
    if (reply->type != REDIS_REPLY_ERROR || redis_reply_is_error(reply, "NOSCRIPT")) {
        pool_is_back(pool);
        return reply;
    }
    snprintf(err.text, sizeof err.text, "%s answers: %.*s", pool->url.shown,
             (int)strcspn(reply->str, "\r\n"), reply->str);
    if (is_about_the_server(reply)) {
        pool_is_away(pool, err.text);
        slot_break(slot);
        idle_break(pool);
    } else {
        pthread_mutex_lock(&pool->lock);
        snprintf(pool->reason, sizeof pool->reason, "%s", err.text);
        pthread_mutex_unlock(&pool->lock);
    }
    freeReplyObject(reply);
    return NULL;
}

enum redis_outcome redis_pool_ask(struct redis_pool *pool, const struct redis_command *command,
                                  redisReply **reply)
{
    struct slot *slot = slot_take(pool);
    bool was_sent = false;

    *reply = NULL;
    if (slot == NULL)
        return REDIS_AWAY;
    *reply = slot_try(pool, slot, command, &was_sent);
    if (was_sent) /* perhaps it was idle for too long */
        *reply = slot_try(pool, slot, command, &was_sent);
    if (was_sent)
        pool_is_away(pool, "no answer in time");
    slot_give(pool, slot);
    return *reply == NULL ? REDIS_AWAY : REDIS_ANSWERED;
}

/* Sends it until it is answered. */
static enum redis_outcome change(struct redis_pool *pool, struct slot *slot,
                                 struct redis_command *command, const char *text,
                                 redisReply **reply)
{
    int64_t lost_until_ms = 0; /* 0: it was never sent */
    bool was_sent;

    for (;;) {
        *reply = slot_try(pool, slot, command, &was_sent);
        if (*reply != NULL && (*reply)->type != REDIS_REPLY_ERROR)
            return REDIS_ANSWERED;
        if (*reply != NULL) { /* it does not know the script */
            freeReplyObject(*reply);
            *reply = NULL;
            command->word[0] = "EVAL";
            command->length[0] = strlen("EVAL");
            command->word[1] = text;
            command->length[1] = strlen(text);
            continue;
        }
        if (was_sent && lost_until_ms == 0)
            lost_until_ms = monotonic_ms() + LOST_MS;
        else if (lost_until_ms == 0)
            return REDIS_AWAY;
        if (monotonic_ms() >= lost_until_ms)
            return REDIS_LOST;
        if (!was_sent)
            monotonic_sleep_until(monotonic_ms() + LOST_PAUSE_MS);
    }
}

enum redis_outcome redis_pool_change(struct redis_pool *pool, enum redis_script script, int keys,
                                     const struct redis_command *arguments, char *answer,
                                     size_t size)
{
    struct slot *slot = slot_take(pool);
    struct redis_command command;
    enum redis_outcome outcome;
    char count[12], number[24];
    redisReply *reply;

    answer[0] = '\0';
    if (slot == NULL)
        return REDIS_AWAY;
    snprintf(count, sizeof count, "%d", keys + 1);
    snprintf(number, sizeof number, "%" PRIu64, ++slot->number);
    redis_command_begin(&command, "EVALSHA");
    redis_command_add(&command, pool->scripts[script].sha);
    redis_command_add(&command, count);
    redis_command_add(&command, pool->session_key);
    for (int i = 0; i < arguments->count; i++) {
        if (i == keys) {
            redis_command_add(&command, slot->name);
            redis_command_add(&command, number);
        }
        redis_command_add_bytes(&command, arguments->word[i], arguments->length[i]);
    }
    outcome = change(pool, slot, &command, pool->scripts[script].text, &reply);
    slot_give(pool, slot);
    if (outcome == REDIS_ANSWERED && reply->type == REDIS_REPLY_STRING)
        snprintf(answer, size, "%s", reply->str);
    freeReplyObject(reply);
    return outcome;
}

bool redis_pool_is_away(struct redis_pool *pool, char *reason, size_t size)
{
    pthread_mutex_lock(&pool->lock);
    snprintf(reason, size, "%s", pool->reason);
    pthread_mutex_unlock(&pool->lock);
    return pool->away_until_ms != 0;
}

/* On the first connection, before threads are there. */
static enum hm_code scripts_load(struct redis_pool *pool, struct hm_error *err)
{
    for (int i = 0; i < REDIS_SCRIPTS; i++) {
        struct script *script = &pool->scripts[i];
        struct redis_command command;
        redisReply *reply;

        redis_command_begin(&command, "SCRIPT");
        redis_command_add(&command, "LOAD");
        redis_command_add(&command, script->text);
        reply =
            redis_connection_call(pool->slots[0].connection, &command, monotonic_ms() + COMMAND_MS);
        if (reply != NULL && reply->type == REDIS_REPLY_STRING)
            snprintf(script->sha, sizeof script->sha, "%s", reply->str);
        if (script->sha[0] == '\0')
            hm_error_set(err, HM_BAD_INPUT, "%s: the script %s cannot be loaded: %s",
                         pool->url.shown, script_names[i],
                         reply != NULL && reply->type == REDIS_REPLY_ERROR ? reply->str
                                                                           : "no answer");
        freeReplyObject(reply);
        if (script->sha[0] == '\0')
            return HM_BAD_INPUT;
    }
    return HM_OK;
}

static enum hm_code names_make(struct redis_pool *pool, struct hm_error *err)
{
    char replica[UUID_TEXT];

    if (!uuid_new(replica))
        return hm_error_set(err, HM_INTERNAL, "the system has no random bytes");
    snprintf(pool->meta_key, sizeof pool->meta_key, "%s:meta", pool->url.prefix);
    snprintf(pool->session_key, sizeof pool->session_key, "%s:session:%s", pool->url.prefix,
             replica);
    for (int i = 0; i < CONNECTIONS; i++)
        snprintf(pool->slots[i].name, sizeof pool->slots[i].name, "%d", i);
    return HM_OK;
}

enum hm_code redis_pool_open(struct redis_pool **pool, struct redis_url *url, struct hm_error *err)
{
    struct redis_pool *opened = calloc(1, sizeof *opened);
    enum hm_code code;

    *pool = NULL;
    if (opened == NULL) {
        redis_url_fini(url);
        return no_memory(err);
    }
    opened->url = *url;
    *url = (struct redis_url){ 0 };
    pthread_mutex_init(&opened->lock, NULL);
    platform_condition_init(&opened->freed);
    if (opened->url.is_secure)
        TRY(stream_trust_new(&opened->trust, err));
    TRY(names_make(opened, err));
    TRY(scripts_read(opened, err));
    TRY(slot_connect(opened, &opened->slots[0], err));
    TRY(scripts_load(opened, err));
    *pool = opened;
    opened = NULL;
out:
    redis_pool_close(opened);
    return code;
}

enum hm_code redis_pool_use(struct redis_pool *pool, const char *world, struct hm_error *err)
{
    if (pool->world[0] != '\0') /* the files were read again */
        return strcmp(pool->world, world) == 0 ? HM_OK : refuse(pool, other_world, err);
    slot_break(&pool->slots[0]);
    snprintf(pool->world, sizeof pool->world, "%s", world);
    return slot_connect(pool, &pool->slots[0], err);
}

void redis_pool_close(struct redis_pool *pool)
{
    if (pool == NULL)
        return;
    for (size_t i = 0; i < CONNECTIONS; i++)
        slot_break(&pool->slots[i]);
    for (int i = 0; i < REDIS_SCRIPTS; i++)
        free(pool->scripts[i].text);
    stream_trust_free(pool->trust);
    redis_url_fini(&pool->url);
    pthread_mutex_destroy(&pool->lock);
    pthread_cond_destroy(&pool->freed);
    free(pool);
}
