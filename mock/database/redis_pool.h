/* The connections of a mock to its Redis, which threads take in turn, and the scripts.
 *
 * While Redis is away calls fail at once; from time to time one of them tries again. A script that
 * changes something is carried out once, also when its answer is lost and it is sent again: see
 * redis/session.lua. Safe for threads. */
#ifndef MOCK_DATABASE_REDIS_POOL_H
#define MOCK_DATABASE_REDIS_POOL_H

#include "database/redis_connection.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>

/* The files of redis/, without those that begin the others. */
enum redis_script {
    REDIS_DOCUMENT_WRITE,
    REDIS_FAULTS_COUNT,
    REDIS_LIMIT_ADMIT,
    REDIS_LIST_WRITE,
    REDIS_SCRIPTS
};

enum redis_outcome {
    REDIS_ANSWERED,
    REDIS_AWAY, /* nothing was done */
    REDIS_LOST  /* it is unknown whether it was done: the answer is lost, and Redis is away since */
};

struct redis_pool;

/* Connects, and checks that what is stored is of this version of the mock, or that nothing is. The
 * pool takes @url over, also after a failure. HM_NOT_SENT: away; HM_BAD_INPUT: refused, or it holds
 * something else; HM_NO_MEMORY */
HM_MUST_USE enum hm_code redis_pool_open(struct redis_pool **pool, struct redis_url *url,
                                         struct hm_error *err);

/* Checks from now on that what is stored is of this world, or that nothing is: the first time,
 * which is before threads use the pool. Later no other world is possible. Fails likewise. */
HM_MUST_USE enum hm_code redis_pool_use(struct redis_pool *pool, const char *world,
                                        struct hm_error *err);
void redis_pool_close(struct redis_pool *pool); /* NULL is accepted */

const struct redis_url *redis_pool_url(const struct redis_pool *pool);

/* Sends a command that changes nothing that matters, if need be again. After REDIS_ANSWERED
 * freeReplyObject() the reply, which is no error. */
HM_MUST_USE enum redis_outcome
redis_pool_ask(struct redis_pool *pool, const struct redis_command *command, redisReply **reply);

/* Runs a script that changes something. @arguments: the @keys keys after the session, then the
 * arguments after the connection and the number. Its answer, a text, is cut to fit. */
HM_MUST_USE enum redis_outcome redis_pool_change(struct redis_pool *pool, enum redis_script script,
                                                 int keys, const struct redis_command *arguments,
                                                 char *answer, size_t size);

/* Was it away when it was asked last? @reason, without a secret, says why it was away last. */
bool redis_pool_is_away(struct redis_pool *pool, char *reason, size_t size);

#endif
