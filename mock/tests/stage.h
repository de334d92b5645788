/* For tests of requests without a socket: a mock of tests/worlds/small.json with a stopped clock,
 * and requests made of strings. */
#ifndef STAGE_H
#define STAGE_H

#include "http/dispatch.h"
#include "journal/counts.h"

#define STAGE_ADA           "ada0ada0-1815-4000-8000-00000000ada0"
#define STAGE_EMPTY         "e0e0e0e0-0000-4000-8000-00000000e0e0"
#define STAGE_BOB           "b0b0b0b0-0000-4000-8000-00000000b0b0"
#define STAGE_PATH(contact) "/v2/contact/" contact "/channel"

enum { STAGE_NOW = 1713225600, STAGE_KEPT = 10 /* exchanges, by the journal */ };

struct stage {
    struct mock mock;
    struct counts counts;
    struct exchange *x;
    char authorization[1024];
    const char *body; /* what the source gives, @body_length bytes of it */
    size_t body_length;
    size_t body_at;
    int go_ons; /* how often 100 Continue was sent */
    int waited_ms;
    bool has_gone; /* the client, when it is waited for */
};

/* Each test has a stage of its own, *state. */
int stage_setup(void **state);
int stage_teardown(void **state);
#define STAGE_TEST(name) TEST_WITHIN(name, stage_setup, stage_teardown)

/* The same, with a journal. */
int stage_setup_journal(void **state);
#define JOURNAL_TEST(name) TEST_WITHIN(name, stage_setup_journal, stage_teardown)

/* An exchange of one's own; NULL: out of memory. */
struct exchange *stage_exchange_new(struct mock *mock);
void stage_exchange_free(struct exchange *x);

/* Begins a request with a good token of team One, JSON, and this body (NULL: none). The caller may
 * change stage->x->request before dispatch_run(). */
void stage_request(struct stage *stage, const char *method, const char *path, const char *body);

/* Signs with these for the request that has begun. */
void stage_sign(struct stage *stage, const char *id, const char *key, int64_t iat);

/* Runs the request and returns the status of the answer. */
int stage_run(struct stage *stage);

/* A call to the control plane, without a token. stage_call() runs it, too, and returns the
 * status. */
void stage_control(struct stage *stage, const char *method, const char *path, const char *body);
int stage_call(struct stage *stage, const char *method, const char *path, const char *body);

/* The bytes of the answer: status line and headers; the body. Borrowed. */
const char *stage_head(const struct stage *stage);
const char *stage_body(const struct stage *stage);

/* Does the answer's body have this text in it? */
bool stage_says(const struct stage *stage, const char *text);

#endif
