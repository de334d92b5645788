/* The hosts that the command of `run --intercept` asked for: names looked up, and targets that a
 * proxy or a supervised connect() was given. Each once, the first ones only. Safe for threads. */
#ifndef MOCK_INTERCEPT_ASKED_H
#define MOCK_INTERCEPT_ASKED_H

#include <jansson.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

enum {
    ASKED_MAX = 256,          /* hosts that are kept */
    ASKED_NAME_TEXT = 253 + 1 /* the longest name that DNS has, and a NUL */
};

/* What became of it. */
enum asked_result {
    ASKED_OURS,    /* it was led to the mock */
    ASKED_ALLOWED, /* it may be reached: --allow-host, --intercept=keep-network */
    ASKED_REFUSED,
    ASKED_RESULTS
};

struct asked_host {
    char name[ASKED_NAME_TEXT]; /* lower case, without a last dot; a longer one is cut */
    int port;                   /* 0: only the name was asked for */
    enum asked_result result;
    unsigned long long times;
};

struct asked {
    pthread_mutex_t lock; /* of what follows */
    struct asked_host *at;
    size_t count, capacity;
    unsigned long long more; /* times of hosts that are not kept */
};

void asked_init(struct asked *asked);
void asked_fini(struct asked *asked);

/* Counts one. @name may have any bytes: what is not a printable ASCII character is written as the
 * \DDD of RFC 1035, section 5.1. */
void asked_note(struct asked *asked, const char *name, size_t length, int port,
                enum asked_result result);

/* How many times hosts with this result were asked for. */
unsigned long long asked_times(struct asked *asked, enum asked_result result);

/* How many times this host, in lower case, with this port. */
unsigned long long asked_times_of(struct asked *asked, const char *name, int port);

/* [{"host":"db.example","port":5432,"result":"refused","times":2},...] in the order of the first
 * time; port is null where only the name was asked for. A new reference. */
json_t *asked_json(struct asked *asked);

#endif
