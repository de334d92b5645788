#include "database/redis.h"

#include "database/redis_pool.h"
#include "support/no_memory.h"
#include "support/platform.h"
#include "support/text.h"
#include "support/try.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEY_BYTES = 320,
    NAME_BYTES = 192,
    NUMBER_BYTES = 24,
    ANSWER_BYTES = 64,
    FAULTS_BYTES_MAX = 64 * 1024,
    FIELD_BYTES = UUID_TEXT + 1,
    US_PER_S = 1000000,
    WINDOW_S = 60
};

struct redis {
    struct database database; /* first */
    struct redis_pool *pool;
};

static struct redis_pool *pool_of(struct database *database)
{
    return ((struct redis *)(void *)database)->pool;
}

/* PREFIX:KIND:NAME */
static const char *key_write(char key[KEY_BYTES], const struct redis_pool *pool, const char *kind,
                             const char *name)
{
    snprintf(key, KEY_BYTES, "%s:%s:%s", redis_pool_url(pool)->prefix, kind, name);
    return key;
}

/* The same, with a NAME of a world and a number; the main world is "main". */
static const char *numbered_key_write(char key[KEY_BYTES], const struct redis_pool *pool,
                                      const char *kind, const char *world, int64_t number)
{
    char name[NAME_BYTES];

    snprintf(name, sizeof name, "%s:%" PRId64, *world == '\0' ? "main" : world, number);
    return key_write(key, pool, kind, name);
}

static const char *world_key_write(char key[KEY_BYTES], const struct redis_pool *pool,
                                   const char *world)
{
    return key_write(key, pool, "world", *world == '\0' ? "main" : world);
}

static const char *number_write(char text[NUMBER_BYTES], int64_t number)
{
    snprintf(text, NUMBER_BYTES, "%" PRId64, number);
    return text;
}

/* The first version is random, so that it is not one of those before everything was deleted. */
static uint64_t version_after(uint64_t before)
{
    uint32_t first = 0;

    if (before != DATABASE_FRESH)
        return before + 1;
    platform_random(&first, sizeof first);
    return ((uint64_t)first << 16) + 1;
}

/* 0 where it is none. */
static int64_t number_read(const redisReply *reply)
{
    return reply->type == REDIS_REPLY_STRING ? strtoll(reply->str, NULL, 10) : 0;
}

static enum database_result result_of(enum redis_outcome outcome)
{
    switch (outcome) {
    case REDIS_ANSWERED:
        return DATABASE_DONE;
    case REDIS_AWAY:
        return DATABASE_AWAY;
    default:
        return DATABASE_UNKNOWN;
    }
}

/* HGET of one field, or HMGET of more. The reply of more is an array of as many. */
static enum database_result fields_read(struct redis_pool *pool, const char *key,
                                        const char *const *fields, size_t count, redisReply **reply)
{
    struct redis_command command;

    redis_command_begin(&command, count == 1 ? "HGET" : "HMGET");
    redis_command_add(&command, key);
    for (size_t i = 0; i < count; i++)
        redis_command_add(&command, fields[i]);
    if (redis_pool_ask(pool, &command, reply) != REDIS_ANSWERED)
        return DATABASE_AWAY;
    if (count == 1 || ((*reply)->type == REDIS_REPLY_ARRAY && (*reply)->elements == count))
        return DATABASE_DONE;
    freeReplyObject(*reply);
    *reply = NULL;
    return DATABASE_AWAY;
}

/* Is the version in this field still @version? Asked first, since it is short and mostly is. */
static enum database_result version_compare(struct redis_pool *pool, const char *key,
                                            const char *field, uint64_t version)
{
    redisReply *reply;
    enum database_result result = fields_read(pool, key, &field, 1, &reply);

    if (result == DATABASE_DONE && (uint64_t)number_read(reply) == version)
        result = DATABASE_SAME;
    freeReplyObject(reply);
    return result;
}

static bool text_read(struct buf *text, const redisReply *reply)
{
    buf_clear(text);
    if (reply->type == REDIS_REPLY_STRING)
        buf_add(text, reply->str, (size_t)reply->len);
    return buf_ok(text);
}

static enum database_result document_read(struct database *database, const char *world,
                                          struct database_document *document)
{
    static const char *const fields[] = { "version", "epoch", "ends", "document" };
    struct redis_pool *pool = pool_of(database);
    enum database_result result;
    char key[KEY_BYTES];
    redisReply *reply;

    world_key_write(key, pool, world);
    result = version_compare(pool, key, fields[0], document->version);
    if (result != DATABASE_DONE)
        return result;
    result = fields_read(pool, key, fields, 4, &reply);
    if (result != DATABASE_DONE)
        return result;
    document->version = (uint64_t)number_read(reply->element[0]);
    document->epoch = number_read(reply->element[1]);
    document->ends_s = number_read(reply->element[2]);
    if (!text_read(&document->text, reply->element[3]))
        result = DATABASE_AWAY;
    freeReplyObject(reply);
    return result;
}

/* Runs a script that compares versions. */
static enum database_result write_next(struct redis_pool *pool, enum redis_script script, int keys,
                                       const struct redis_command *arguments, uint64_t *version,
                                       uint64_t next)
{
    char answer[ANSWER_BYTES];
    enum database_result result =
        result_of(redis_pool_change(pool, script, keys, arguments, answer, sizeof answer));

    if (result != DATABASE_DONE)
        return result;
    if (strcmp(answer, "done") != 0)
        return DATABASE_CONFLICT;
    *version = next;
    return DATABASE_DONE;
}

static enum database_result document_write(struct database *database, const char *world,
                                           struct database_document *document)
{
    struct redis_pool *pool = pool_of(database);
    const uint64_t next = version_after(document->version);
    char key[KEY_BYTES], lists[KEY_BYTES];
    char before[NUMBER_BYTES], after[NUMBER_BYTES], epoch[NUMBER_BYTES], ends[NUMBER_BYTES];
    struct redis_command command;

    numbered_key_write(lists, pool, "lists", world, 0);
    lists[strlen(lists) - 1] = '\0'; /* the script adds the epoch */
    redis_command_begin(&command, world_key_write(key, pool, world));
    redis_command_add(&command, number_write(before, (int64_t)document->version));
    redis_command_add(&command, number_write(after, (int64_t)next));
    redis_command_add(&command, number_write(epoch, document->epoch));
    redis_command_add_bytes(&command, buf_text(&document->text), document->text.length);
    redis_command_add(&command, number_write(ends, document->ends_s));
    redis_command_add(&command, lists);
    return write_next(pool, REDIS_DOCUMENT_WRITE, 1, &command, &document->version, next);
}

/* Calls @each with the world of a key. False: no more of them. */
static bool world_show(struct database *database, const redisReply *key, database_world_fn each,
                       void *context, enum database_result *result)
{
    const size_t before = strlen(redis_pool_url(pool_of(database))->prefix) + strlen(":world:");
    struct database_document document = { 0 };
    bool goes_on = true;
    const char *world;

    if (key->type != REDIS_REPLY_STRING || (size_t)key->len < before)
        return true;
    world = strcmp(key->str + before, "main") == 0 ? "" : key->str + before;
    buf_init(&document.text, DATABASE_DOCUMENT_BYTES_MAX);
    *result = document_read(database, world, &document);
    if (*result == DATABASE_DONE && document.version != DATABASE_FRESH)
        goes_on = each(context, world, &document);
    buf_fini(&document.text);
    return goes_on && *result != DATABASE_AWAY;
}

static enum database_result worlds(struct database *database, database_world_fn each, void *context)
{
    struct redis_pool *pool = pool_of(database);
    enum database_result result = DATABASE_DONE;
    char pattern[KEY_BYTES], cursor[NUMBER_BYTES] = "0";
    struct redis_command command;
    bool goes_on = true;
    redisReply *reply;

    key_write(pattern, pool, "world", "*");
    do {
        redis_command_begin(&command, "SCAN");
        redis_command_add(&command, cursor);
        redis_command_add(&command, "MATCH");
        redis_command_add(&command, pattern);
        redis_command_add(&command, "COUNT");
        redis_command_add(&command, "1000");
        if (redis_pool_ask(pool, &command, &reply) != REDIS_ANSWERED)
            return DATABASE_AWAY;
        if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 2 ||
            reply->element[0]->type != REDIS_REPLY_STRING) {
            freeReplyObject(reply);
            return DATABASE_AWAY;
        }
        snprintf(cursor, sizeof cursor, "%s", reply->element[0]->str);
        for (size_t i = 0; i < reply->element[1]->elements && goes_on; i++)
            goes_on = world_show(database, reply->element[1]->element[i], each, context, &result);
        freeReplyObject(reply);
    } while (goes_on && strcmp(cursor, "0") != 0);
    return result == DATABASE_AWAY ? DATABASE_AWAY : DATABASE_DONE;
}

static enum database_result world_drop(struct database *database, const char *world)
{
    struct redis_pool *pool = pool_of(database);
    char key[KEY_BYTES], lists[KEY_BYTES];
    struct redis_command command;
    const char *field = "epoch";
    enum database_result result;
    redisReply *reply;

    world_key_write(key, pool, world);
    result = fields_read(pool, key, &field, 1, &reply);
    if (result != DATABASE_DONE)
        return result;
    redis_command_begin(&command, "UNLINK");
    redis_command_add(&command, key);
    redis_command_add(&command,
                      numbered_key_write(lists, pool, "lists", world, number_read(reply)));
    freeReplyObject(reply);
    if (redis_pool_ask(pool, &command, &reply) != REDIS_ANSWERED)
        return DATABASE_AWAY;
    freeReplyObject(reply);
    return DATABASE_DONE;
}

/* Makes *id, the first id of the epoch, the next one. One that is lost with its answer is not
 * missed. */
static enum database_result id_take(struct redis_pool *pool, const char *lists, int64_t *id)
{
    static const char script[] =
        "if tonumber(redis.call('HGET', KEYS[1], 'next') or '0') < tonumber(ARGV[1]) then\n"
        "  redis.call('HSET', KEYS[1], 'next', ARGV[1])\n"
        "end\n"
        "return redis.call('HINCRBY', KEYS[1], 'next', 1)";
    enum database_result result = DATABASE_DONE;
    struct redis_command command;
    char first[NUMBER_BYTES];
    redisReply *reply;

    redis_command_begin(&command, "EVAL");
    redis_command_add(&command, script);
    redis_command_add(&command, "1");
    redis_command_add(&command, lists);
    redis_command_add(&command, number_write(first, *id));
    if (redis_pool_ask(pool, &command, &reply) != REDIS_ANSWERED)
        return DATABASE_AWAY;
    if (reply->type == REDIS_REPLY_INTEGER)
        *id = reply->integer - 1;
    else
        result = DATABASE_AWAY;
    freeReplyObject(reply);
    return result;
}

/* The fields of a contact: the letter and the UUID. */
static const char *field_write(char field[FIELD_BYTES], char letter,
                               const unsigned char uuid[UUID_BYTES])
{
    field[0] = letter;
    uuid_write(field + 1, uuid);
    return field;
}

static enum database_result list_read(struct database *database, const struct database_key *key,
                                      struct buf *text, uint64_t *version, int64_t *id)
{
    struct redis_pool *pool = pool_of(database);
    char lists[KEY_BYTES], version_field[FIELD_BYTES], text_field[FIELD_BYTES];
    const char *const fields[] = { field_write(version_field, 'v', key->uuid),
                                   field_write(text_field, 't', key->uuid) };
    enum database_result result = DATABASE_DONE;
    redisReply *reply;

    numbered_key_write(lists, pool, "lists", key->world, key->epoch);
    if (id != NULL)
        result = id_take(pool, lists, id);
    if (result == DATABASE_DONE)
        result = version_compare(pool, lists, fields[0], *version);
    if (result != DATABASE_DONE)
        return result;
    result = fields_read(pool, lists, fields, 2, &reply);
    if (result != DATABASE_DONE)
        return result;
    *version = (uint64_t)number_read(reply->element[0]);
    if (!text_read(text, reply->element[1]))
        result = DATABASE_AWAY;
    freeReplyObject(reply);
    return result;
}

static enum database_result list_write(struct database *database, const struct database_key *key,
                                       const char *text, size_t length, uint64_t *version)
{
    struct redis_pool *pool = pool_of(database);
    const uint64_t next = version_after(*version);
    char lists[KEY_BYTES], world[KEY_BYTES], version_field[FIELD_BYTES], text_field[FIELD_BYTES];
    char before[NUMBER_BYTES], after[NUMBER_BYTES], epoch[NUMBER_BYTES];
    struct redis_command command;

    redis_command_begin(&command, numbered_key_write(lists, pool, "lists", key->world, key->epoch));
    redis_command_add(&command, world_key_write(world, pool, key->world));
    redis_command_add(&command, number_write(epoch, key->epoch));
    redis_command_add(&command, field_write(version_field, 'v', key->uuid));
    redis_command_add(&command, field_write(text_field, 't', key->uuid));
    redis_command_add(&command, number_write(before, (int64_t)*version));
    redis_command_add(&command, number_write(after, (int64_t)next));
    redis_command_add_bytes(&command, text, length);
    return write_next(pool, REDIS_LIST_WRITE, 2, &command, version, next);
}

static enum database_result limit_admit(struct database *database, const char *world,
                                        int64_t generation, size_t secret, int64_t now_us,
                                        int64_t requests, int64_t *wait_s)
{
    struct redis_pool *pool = pool_of(database);
    char name[NAME_BYTES], times[KEY_BYTES], clock[KEY_BYTES];
    char now[NUMBER_BYTES], most[NUMBER_BYTES], window[NUMBER_BYTES], answer[ANSWER_BYTES];
    struct redis_command command;
    enum database_result result;

    snprintf(name, sizeof name, "%s:%zu", *world == '\0' ? "main" : world, secret);
    redis_command_begin(&command, numbered_key_write(times, pool, "times", name, generation));
    redis_command_add(&command, numbered_key_write(clock, pool, "clock", name, generation));
    redis_command_add(&command, number_write(now, now_us));
    redis_command_add(&command, number_write(most, requests));
    redis_command_add(&command, number_write(window, (int64_t)WINDOW_S * US_PER_S));
    result =
        result_of(redis_pool_change(pool, REDIS_LIMIT_ADMIT, 2, &command, answer, sizeof answer));
    *wait_s = (strtoll(answer, NULL, 10) + US_PER_S - 1) / US_PER_S;
    return result;
}

static enum database_result faults_count(struct database *database, const char *world,
                                         int64_t generation, struct database_fault *rules,
                                         size_t count, size_t *due)
{
    struct redis_pool *pool = pool_of(database);
    char key[KEY_BYTES], answer[ANSWER_BYTES];
    struct redis_command command;
    enum database_result result = DATABASE_AWAY;
    int64_t place = -1;
    struct buf text;

    buf_init(&text, FAULTS_BYTES_MAX);
    for (size_t i = 0; i < count; i++)
        buf_printf(&text, "%zu:%" PRId64 ":%" PRId64 " ", rules[i].index, rules[i].nth,
                   rules[i].times);
    if (buf_ok(&text)) {
        redis_command_begin(&command, numbered_key_write(key, pool, "faults", world, generation));
        redis_command_add(&command, buf_text(&text));
        result = result_of(
            redis_pool_change(pool, REDIS_FAULTS_COUNT, 1, &command, answer, sizeof answer));
    }
    buf_fini(&text);
    if (result == DATABASE_DONE)
        text_to_int64(&place, answer, 0, (int64_t)count - 1);
    *due = place < 0 ? count : (size_t)place;
    return result;
}

static enum database_result faults_counts(struct database *database, const char *world,
                                          int64_t generation, struct database_fault *rules,
                                          size_t count)
{
    struct redis_pool *pool = pool_of(database);
    struct redis_command command;
    char key[KEY_BYTES];
    redisReply *reply;

    for (size_t i = 0; i < count; i++)
        rules[i].matched = rules[i].done = 0;
    redis_command_begin(&command, "HGETALL");
    redis_command_add(&command, numbered_key_write(key, pool, "faults", world, generation));
    if (redis_pool_ask(pool, &command, &reply) != REDIS_ANSWERED)
        return DATABASE_AWAY;
    for (size_t at = 0; at + 1 < reply->elements; at += 2) {
        const char *field = reply->element[at]->str; /* "m" or "d", and the rule's index */
        const bool is_count = reply->element[at]->type == REDIS_REPLY_STRING && *field != '\0';
        const size_t index = is_count ? strtoul(field + 1, NULL, 10) : SIZE_MAX;

        for (size_t i = 0; i < count; i++) {
            if (rules[i].index == index)
                *(*field == 'm' ? &rules[i].matched : &rules[i].done) =
                    number_read(reply->element[at + 1]);
        }
    }
    freeReplyObject(reply);
    return DATABASE_DONE;
}

static bool why(struct database *database, char reason[DATABASE_WHY_BYTES])
{
    return redis_pool_is_away(pool_of(database), reason, DATABASE_WHY_BYTES);
}

static enum hm_code world_check(struct database *database, const char *digest, struct hm_error *err)
{
    return redis_pool_use(pool_of(database), digest, err);
}

static void close_it(struct database *database)
{
    redis_pool_close(pool_of(database));
    free(database);
}

static enum hm_code open_it(struct database **database, const char *spec, struct hm_error *err)
{
    struct redis *redis = calloc(1, sizeof *redis);
    struct redis_url url = { 0 };
    enum hm_code code;

    *database = NULL;
    if (redis == NULL)
        return no_memory(err);
    TRY(redis_url_read(&url, spec, err));
    redis->database.kind = url.is_secure ? &database_rediss : &database_redis;
    TRY(redis_pool_open(&redis->pool, &url, err));
    /* It is an argument of the program, where others can see it. */
    redis_url_hide(strchr(spec, ':'));
    *database = &redis->database;
    redis = NULL;
out:
    redis_url_fini(&url);
    free(redis);
    return code;
}

#define CALLS                                                                                      \
    .is_shared = true, .open = open_it, .close = close_it, .why = why, .check = why,               \
    .document_read = document_read, .document_write = document_write, .worlds = worlds,            \
    .world_drop = world_drop, .list_read = list_read, .list_write = list_write,                    \
    .limit_admit = limit_admit, .faults_count = faults_count, .faults_counts = faults_counts,      \
    .world_check = world_check

const struct database_kind database_redis = { .name = "redis",
                                              .spec = "redis://[:PASSWORD@]HOST[:PORT][/N]",
                                              CALLS };
const struct database_kind database_rediss = { .name = "rediss",
                                               .spec = "rediss://[:PASSWORD@]HOST[:PORT][/N]",
                                               CALLS };
