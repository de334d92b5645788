/* One request and its answer: what came, what was found out, what goes out. Steps take it one after
 * the other; a thread uses one exchange for all its requests. */
#ifndef MOCK_EXCHANGE_EXCHANGE_H
#define MOCK_EXCHANGE_EXCHANGE_H

#include "contract/channel_rules.h"
#include "contract/private_text.h"
#include "contract/token_memory.h"
#include "exchange/answer.h"
#include "exchange/exchange_memory.h"
#include "exchange/mock.h"
#include "exchange/request.h"
#include "store/channel_list.h"
#include "support/buf.h"
#include "support/span.h"
#include "support/uuid.h"
#include <heymarket/finding.h>
#include <heymarket/token.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct exchange;

/* What an exchange needs of its connection. */
struct connection {
    void *from;
    /* Up to @length bytes of the body: fewer when it ends or stalls, 0 at its end, -1 when its
     * framing is broken. errno is ETIMEDOUT after a client that was too slow, else as it was. */
    int (*read)(void *from, char *buf, size_t length);
    /* Sends 100 Continue. */
    void (*go_on)(void *from);
    /* Waits @ms, or until the server stops. False: the client has gone away. */
    bool (*wait)(void *from, int ms);
};

enum step_result { STEP_NEXT, STEP_ANSWERED };
typedef enum step_result (*step_fn)(struct exchange *x);

enum { STEPS_MAX = 3 };

/* What a route leads to. */
struct operation {
    bool is_control;              /* of the control plane: not counted, not logged */
    unsigned changes;             /* what a 2xx of it changed, as sandbox_note() has them */
    step_fn steps[STEPS_MAX + 1]; /* of the control plane: in order, ends with NULL */

    /* An operation of the API goes through operation/steps.c, with these. */
    bool has_contact, has_type; /* in its path */
    bool has_body;              /* with channel_type and channel_id; any other body is ignored */
    step_fn act;                /* reads or writes the store; NULL: nothing */
    step_fn reply;
    bool (*is_absent)(const struct exchange *x); /* a policy takes its path away; NULL: never */
};

enum {
    ROUTE_PARAMETERS = 2,
    ROUTE_PARAMETER_BYTES = 16 * 1024, /* of all of them, as long as a head can be */
    ROUTE_ALLOW_TEXT = 48
};

struct route_match {
    const struct operation *operation; /* of the path; NULL where there is none */
    const char *name;                  /* of the API's operation, "channel_get"; NULL: none */
    char allow[ROUTE_ALLOW_TEXT];      /* after 405: the path's methods, "GET, PUT" */
    struct span parameters[ROUTE_PARAMETERS]; /* each ends with NUL and has no other */
    char bytes[ROUTE_PARAMETER_BYTES];
};

/* Grouped by what the members mean.
 * NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding) */
struct exchange {
    struct mock *mock;
    struct sandbox *sandbox; /* whose request it is; held */
    struct state *state;     /* the sandbox's, as it was when the request began; held */
    enum hm_code kept;       /* HM_OK, or why that is not the newest: see state_refresh() */

    /* What came. */
    struct request request;
    struct connection connection;
    char request_id[UUID_TEXT]; /* [T4] */
    struct uuid_stock uuids;    /* for those to come */
    int64_t started_us;         /* monotonic */
    int64_t now_s;              /* the clock's time, for judging the token */
    int64_t utc_s;              /* what @utc is of */
    char utc[CLOCK_UTC_TEXT];

    /* What was found out. */
    struct private_text below; /* its path after that of a sandbox; NULL: it has none */
    struct route_match route;
    struct hm_findings findings;
    bool has_masking; /* of this request, in @memory */
    size_t settled;   /* findings that exchange_settle() has sorted and masked */
    struct hm_verdict verdict;
    struct token_memory *token_memory; /* the connection's; NULL: none */
    bool has_team;                     /* the token was good */
    size_t team;
    struct buf body; /* as read */
    bool body_was_read;
    json_t *body_json;            /* owned; NULL where no tree was needed */
    struct channel_values values; /* of the body or of its tree; the type may be the path's */
    char contact_uuid[UUID_TEXT]; /* "" until the path's id is known to be one */
    struct contact *contact;
    struct channel_view channels;      /* of the contact, after the write */
    struct channel_slice channel;      /* of them: the one that is meant */
    const struct fault *fault_to_come; /* due once the write is done; of the state */
    const struct fault *fault;         /* the one that was carried out */
    bool is_other;                     /* a call that the mock does not have: not counted */
    bool is_expected;                  /* a refusal that a test wants */

    /* What goes out. */
    struct answer answer;
    int64_t took_us; /* until the answer was ready to send */
    struct exchange_memory memory;
};

/* Allocates nothing. */
void exchange_init(struct exchange *x, struct mock *mock);
void exchange_fini(struct exchange *x);

/* Empties it for a new request, with a new request id; keeps memory. */
void exchange_begin(struct exchange *x);

/* The request belongs to @sandbox, of which it takes over a hold. */
void exchange_move(struct exchange *x, struct sandbox *sandbox);

/* Frees what only this request needed. */
void exchange_release(struct exchange *x);

/* Once it is routed: is it for the control plane? Then it is not counted, kept or logged. */
bool exchange_is_control(const struct exchange *x);

/* The answers of steps: each returns STEP_ANSWERED. */

/* JSON in two pieces, of which the second may be "". Both are borrowed until the exchange ends. */
enum step_result exchange_answer(struct exchange *x, int status, const char *body, size_t length,
                                 const char *rest);

/* An error that says what was found [E6]. */
enum step_result exchange_refuse(struct exchange *x, int status);

/* An error with the caller's message. */
enum step_result exchange_complain(struct exchange *x, int status, const char *message);

/* 503: the database that keeps the state is away, or (HM_OUTCOME_UNKNOWN) went away during a write.
 * For HM_NO_MEMORY and other codes 500. */
enum step_result exchange_away(struct exchange *x, enum hm_code code);

/* The clock's time now, for what is written. Borrowed, until the next call. */
const char *exchange_utc(struct exchange *x);

/* What may not be shown of this request. Borrowed, until the request or its state ends. */
const struct masking *exchange_masking(struct exchange *x);

/* Sorts the findings and masks every secret in them, before headers, body or log are written. */
void exchange_settle(struct exchange *x);

#endif
