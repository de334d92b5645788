#include "intercept/asked.h"

#include "support/buf.h"
#include <stdlib.h>
#include <string.h>

enum { ASKED_FIRST = 16 };

void asked_init(struct asked *asked)
{
    *asked = (struct asked){ .count = 0 };
    pthread_mutex_init(&asked->lock, NULL);
}

void asked_fini(struct asked *asked)
{
    free(asked->at);
    asked->at = NULL;
    asked->count = asked->capacity = 0;
    pthread_mutex_destroy(&asked->lock);
}

static void name_write(char out[ASKED_NAME_TEXT], const char *name, size_t length)
{
    size_t at = 0;

    if (length > 0 && name[length - 1] == '.')
        length--;
    for (size_t i = 0; i < length && at < ASKED_NAME_TEXT - 1; i++) {
        const unsigned char c = (unsigned char)name[i];

        if (c > ' ' && c < 0x7f && c != '\\') {
            out[at++] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        } else if (at + 4 < ASKED_NAME_TEXT) {
            out[at++] = '\\';
            out[at++] = (char)('0' + c / 100);
            out[at++] = (char)('0' + c / 10 % 10);
            out[at++] = (char)('0' + c % 10);
        } else {
            break;
        }
    }
    out[at] = '\0';
}

/* Makes room for one more. False: there are enough, or memory ran out. */
static bool has_room(struct asked *asked)
{
    const size_t capacity = asked->capacity == 0 ? ASKED_FIRST : asked->capacity * 2;
    struct asked_host *grown;

    if (asked->count < asked->capacity)
        return true;
    if (asked->count == ASKED_MAX)
        return false;
    grown = realloc(asked->at, capacity * sizeof *grown);
    if (grown == NULL)
        return false;
    asked->at = grown;
    asked->capacity = capacity;
    return true;
}

void asked_note(struct asked *asked, const char *name, size_t length, int port,
                enum asked_result result)
{
    struct asked_host host = { .port = port, .result = result, .times = 1 };
    size_t i = 0;

    name_write(host.name, name, length);
    pthread_mutex_lock(&asked->lock);
    while (i < asked->count && (asked->at[i].port != port || asked->at[i].result != result ||
                                strcmp(asked->at[i].name, host.name) != 0))
        i++;
    if (i < asked->count)
        asked->at[i].times++;
    else if (has_room(asked))
        asked->at[asked->count++] = host;
    else
        asked->more++;
    pthread_mutex_unlock(&asked->lock);
}

unsigned long long asked_times(struct asked *asked, enum asked_result result)
{
    unsigned long long times = 0;

    pthread_mutex_lock(&asked->lock);
    for (size_t i = 0; i < asked->count; i++) {
        if (asked->at[i].result == result)
            times += asked->at[i].times;
    }
    pthread_mutex_unlock(&asked->lock);
    return times;
}

unsigned long long asked_times_of(struct asked *asked, const char *name, int port)
{
    unsigned long long times = 0;

    pthread_mutex_lock(&asked->lock);
    for (size_t i = 0; i < asked->count; i++) {
        if (asked->at[i].port == port && strcmp(asked->at[i].name, name) == 0)
            times += asked->at[i].times;
    }
    pthread_mutex_unlock(&asked->lock);
    return times;
}

json_t *asked_json(struct asked *asked)
{
    static const char *const results[ASKED_RESULTS] = { "mock", "allowed", "refused" };
    json_t *list = json_array();

    pthread_mutex_lock(&asked->lock);
    for (size_t i = 0; i < asked->count; i++) {
        const struct asked_host *host = &asked->at[i];

        json_array_append_new(
            list, json_pack("{ss,so,ss,sI}", "host", host->name, "port",
                            host->port == 0 ? json_null() : json_integer(host->port), "result",
                            results[host->result], "times", (json_int_t)host->times));
    }
    pthread_mutex_unlock(&asked->lock);
    return list;
}
