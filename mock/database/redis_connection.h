/* One connection to a Redis or Valkey: commands and their replies. For one thread at a time.
 * hiredis reads the protocol. */
#ifndef MOCK_DATABASE_REDIS_CONNECTION_H
#define MOCK_DATABASE_REDIS_CONNECTION_H

#include "database/redis_url.h"
#include <heymarket/error.h>
#include <hiredis/hiredis.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stream_trust;
struct redis_connection;

/* The words of a command; borrowed. */
enum { REDIS_WORDS_MAX = 16 };
struct redis_command {
    int count;
    const char *word[REDIS_WORDS_MAX];
    size_t length[REDIS_WORDS_MAX];
};

void redis_command_begin(struct redis_command *command, const char *name);
void redis_command_add(struct redis_command *command, const char *text);
void redis_command_add_bytes(struct redis_command *command, const char *bytes, size_t length);

/* Connects, logs in and selects the database. HM_NOT_SENT: it is away, or not ready; HM_BAD_INPUT:
 * it is there and refuses; HM_NO_MEMORY */
HM_MUST_USE enum hm_code redis_connection_open(struct redis_connection **connection,
                                               const struct redis_url *url,
                                               const struct stream_trust *trust, int64_t end_ms,
                                               struct hm_error *err);
void redis_connection_close(struct redis_connection *connection); /* NULL is accepted */

/* Sends the command and waits for its reply, which may be an error; freeReplyObject() it. NULL:
 * the connection is broken or the time is up, and it is unknown whether the command was carried
 * out; only redis_connection_close() is left. */
redisReply *redis_connection_call(struct redis_connection *connection,
                                  const struct redis_command *command, int64_t end_ms);

/* Is the reply an error that begins with this word, "NOSCRIPT"? */
bool redis_reply_is_error(const redisReply *reply, const char *word);

#endif
