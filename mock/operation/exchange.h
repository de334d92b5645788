/* One request on its way: what came, what was found, what goes out. It travels the road, a step at
 * a time; a worker thread has one and uses it again and again. */
#ifndef MOCK_OPERATION_EXCHANGE_H
#define MOCK_OPERATION_EXCHANGE_H

#include "contract/channel_rules.h"
#include "contract/token_memory.h"
#include "http/request.h"
#include "journal/exchange_json.h"
#include "mock.h"
#include "operation/route.h"
#include "store/channel_list.h"
#include "store/clock.h"
#include "support/buf.h"
#include "support/text.h"
#include <heymarket/finding.h>
#include <heymarket/token.h>
#include <jansson.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ANSWER_OUT_BYTES_MAX = CHANNEL_LIST_BYTES_MAX + 64 * 1024,
    ANSWER_SPARE_BYTES = 512,     /* for the answer that needs no memory */
    ANSWER_KEPT_BYTES = 64 * 1024 /* a longer answer's memory is given back */
};

/* Where the body comes from. */
struct body_source {
    void *from;
    /* Up to @length bytes: fewer when the body ends or stalls, 0 at its end, -1 when its framing is
     * broken. errno is ETIMEDOUT after a client that was too slow, else as it was. */
    int (*read)(void *from, char *buf, size_t length);
    /* Sends 100 Continue. */
    void (*go_on)(void *from);
};

/* How the answer goes out. */
enum delivery {
    DELIVER_WHOLE,
    DELIVER_TRUNCATED, /* the head and half of the body, then the end */
    DELIVER_GARBAGE,   /* bytes that are no HTTP */
    DELIVER_RESET,     /* nothing, and a TCP reset */
    DELIVER_STALL      /* nothing, for as long as the client waits */
};

/* A body that is sent from where it stands, behind the answer's other bytes. */
struct answer_lent {
    const char *bytes; /* NULL: all of the answer is in one piece */
    size_t length;
    const char *rest; /* a few more bytes, behind them */
};

struct fault;

struct exchange {
    atomic_uint_least32_t next; /* in exchange_pool.c */
    struct mock *mock;
    struct state *state; /* the mock's, as it was when the request began; held */

    /* What came. */
    struct request request;
    struct body_source source;
    char request_id[UUID_TEXT]; /* [T4] */
    struct uuid_stock uuids;    /* for those to come */
    int64_t started_us;         /* monotonic */
    int64_t now_s;              /* the clock's time, for judging the token */

    /* On its way. */
    struct route_match route;
    struct hm_findings findings;
    struct hm_verdict verdict;
    struct token_memory *token_memory; /* the connection's; NULL: none */
    bool has_team;                     /* the token was good */
    size_t team;
    struct buf body; /* as read */
    bool body_was_read;
    json_t *body_json;            /* owned; NULL where no tree was needed */
    struct channel_values values; /* of the body or of its tree */
    char contact_uuid[UUID_TEXT]; /* "" until the path's id is known to be one */
    struct contact *contact;
    struct channel_view channels;      /* of the contact, after the write */
    int64_t retry_after_s;             /* 0: no such header */
    const struct fault *fault_to_come; /* due once the write is done; of the state */
    const struct fault *fault;         /* the one that was carried out */

    /* What goes out. */
    int status; /* 0: not answered yet, or the answer was lost to a fault */
    bool must_close;
    enum delivery delivery;
    struct buf scratch;
    struct buf out;
    const char *answer; /* head and body; borrowed from @out or @spare */
    size_t answer_length;
    struct answer_lent lent;
    char spare[ANSWER_SPARE_BYTES];
    char date[CLOCK_HTTP_DATE_TEXT]; /* of second date_s */
    int64_t date_s;
    int64_t took_us; /* up to the answer, its sending not counted */
    struct exchange_memory memory;
};

/* Allocates nothing. */
void exchange_init(struct exchange *x, struct mock *mock);
void exchange_fini(struct exchange *x);

/* NULL: out of memory. */
struct exchange *exchange_new(struct mock *mock);
void exchange_free(struct exchange *x);

/* Forgets the request before, keeps the memory, and draws a request id. */
void exchange_begin(struct exchange *x);

/* Lets go of what only this request needed. */
void exchange_release(struct exchange *x);

/* Walks the road: afterwards there is an answer, counted and in the journal. */
void exchange_run(struct exchange *x);

/* Is it for the control plane, once it is routed? Such are not counted, kept or logged. */
bool exchange_is_control(const struct exchange *x);

/* Answers what never became a request that could be routed: broken framing [T8], a time limit. The
 * connection is closed. @mistake and @what become the finding. */
void exchange_refuse(struct exchange *x, int status, enum hm_mistake mistake, const char *what);

/* After the answer was sent: logs. */
void exchange_end(struct exchange *x);

#endif
