#include "database/redis_connection.h"

#include "support/no_memory.h"
#include "support/platform.h"
#include "support/try.h"
#include "tls/stream.h"
#include <stdlib.h>
#include <string.h>

enum { READ_BYTES = 16 * 1024 };

struct redis_connection {
    struct stream *stream;
    redisReader *reader;
};

void redis_command_begin(struct redis_command *command, const char *name)
{
    command->count = 0;
    redis_command_add(command, name);
}

void redis_command_add(struct redis_command *command, const char *text)
{
    redis_command_add_bytes(command, text, strlen(text));
}

void redis_command_add_bytes(struct redis_command *command, const char *bytes, size_t length)
{
    if (command->count == REDIS_WORDS_MAX)
        abort(); /* the commands are ours */
    command->word[command->count] = bytes;
    command->length[command->count++] = length;
}

static redisReply *reply_read(struct redis_connection *connection, int64_t end_ms)
{
    char bytes[READ_BYTES];
    void *reply = NULL;

    for (;;) {
        size_t got;

        if (redisReaderGetReply(connection->reader, &reply) != REDIS_OK)
            return NULL;
        if (reply != NULL)
            return reply;
        got = stream_read(connection->stream, bytes, sizeof bytes, end_ms);
        if (got == 0 || redisReaderFeed(connection->reader, bytes, got) != REDIS_OK)
            return NULL;
    }
}

redisReply *redis_connection_call(struct redis_connection *connection,
                                  const struct redis_command *command, int64_t end_ms)
{
    const char *word[REDIS_WORDS_MAX]; /* hiredis wants an array that it may change */
    redisReply *reply = NULL;
    char *bytes = NULL;
    int length;

    memcpy(word, command->word, sizeof word);
    length = redisFormatCommandArgv(&bytes, command->count, word, command->length);
    if (length < 0)
        return NULL;
    if (stream_write(connection->stream, bytes, (size_t)length, end_ms))
        reply = reply_read(connection, end_ms);
    platform_erase(bytes, (size_t)length); /* it may be the password */
    redisFreeCommand(bytes);
    return reply;
}

bool redis_reply_is_error(const redisReply *reply, const char *word)
{
    const size_t length = strlen(word);

    return reply->type == REDIS_REPLY_ERROR && strncmp(reply->str, word, length) == 0 &&
           (reply->str[length] == ' ' || reply->str[length] == '\0');
}

/* A server that starts, or does not lead, may answer later. */
static bool is_temporary(const redisReply *reply)
{
    return redis_reply_is_error(reply, "LOADING") || redis_reply_is_error(reply, "BUSY") ||
           redis_reply_is_error(reply, "MASTERDOWN") || redis_reply_is_error(reply, "CLUSTERDOWN");
}

/* A step of getting in, which must be answered without an error. */
static enum hm_code step(struct redis_connection *connection, const struct redis_command *command,
                         const struct redis_url *url, int64_t end_ms, struct hm_error *err)
{
    redisReply *reply = redis_connection_call(connection, command, end_ms);
    enum hm_code code = HM_OK;

    if (reply == NULL)
        code = hm_error_set(err, HM_NOT_SENT, "%s: no answer to %s", url->shown, command->word[0]);
    else if (reply->type == REDIS_REPLY_ERROR)
        code = hm_error_set(err, is_temporary(reply) ? HM_NOT_SENT : HM_BAD_INPUT,
                            "%s answers to %s: %s", url->shown, command->word[0], reply->str);
    freeReplyObject(reply);
    return code;
}

static enum hm_code get_in(struct redis_connection *connection, const struct redis_url *url,
                           int64_t end_ms, struct hm_error *err)
{
    struct redis_command command;
    enum hm_code code;

    if (private_is_set(url->password)) {
        redis_command_begin(&command, "AUTH");
        if (url->user[0] != '\0')
            redis_command_add(&command, url->user);
        redis_command_add(&command, private_open(url->password));
        TRY(step(connection, &command, url, end_ms, err));
    }
    redis_command_begin(&command, "SELECT");
    redis_command_add(&command, url->number);
    TRY(step(connection, &command, url, end_ms, err));
    redis_command_begin(&command, "PING"); /* shows whether it is still loading */
    TRY(step(connection, &command, url, end_ms, err));
out:
    return code;
}

enum hm_code redis_connection_open(struct redis_connection **connection,
                                   const struct redis_url *url, const struct stream_trust *trust,
                                   int64_t end_ms, struct hm_error *err)
{
    struct redis_connection *opened = calloc(1, sizeof *opened);
    enum hm_code code = HM_OK;

    *connection = NULL;
    if (opened == NULL || (opened->reader = redisReaderCreate()) == NULL)
        TRY(no_memory(err));
    TRY(stream_open(&opened->stream, url->host, url->port, trust, end_ms, err));
    TRY(get_in(opened, url, end_ms, err));
    *connection = opened;
    opened = NULL;
out:
    redis_connection_close(opened);
    return code;
}

void redis_connection_close(struct redis_connection *connection)
{
    if (connection == NULL)
        return;
    stream_close(connection->stream);
    if (connection->reader != NULL)
        redisReaderFree(connection->reader);
    free(connection);
}
