/* The answer to a request. It stays a struct until answer_write() makes bytes of it: steps fill it
 * in; faults, --misbehave and --vary change its members. */
#ifndef MOCK_EXCHANGE_ANSWER_H
#define MOCK_EXCHANGE_ANSWER_H

#include "fault/fault.h"
#include "store/channel_list.h"
#include "store/clock.h"
#include "support/buf.h"
#include "support/span.h"
#include <heymarket/finding.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ANSWER_OUT_BYTES_MAX = CHANNEL_LIST_BYTES_MAX + 64 * 1024,
    ANSWER_SPARE_BYTES = 512,       /* for the answer that needs no memory */
    ANSWER_KEPT_BYTES = 16 * 1024,  /* longer buffers are freed after the answer */
    ANSWER_PIECE_BYTES = 16 * 1024, /* of a body that is made while it is sent */
    ANSWER_PARTS = 3,
    KEEP_ALIVE_S = 4 /* for clients: less than KEEP_ALIVE_TIMEOUT_MS */
};

/* What a step of a body that is made while it is sent came to. */
enum answer_step { ANSWER_MORE, ANSWER_END, ANSWER_BROKEN };

/* A body that is made while it is sent. */
struct answer_stream {
    enum answer_step (*next)(void *from, struct buf *out);
    void (*end)(void *from);
    void *from; /* NULL: there is none */

    /* NULL; or, instead of next(): takes over @from and the client's connection once the head was
     * sent. */
    void (*take)(void *from, int connection);
};

struct answer_part {
    const char *at;
    size_t length;
};

struct answer {
    /* The head. */
    int status;                         /* 0: none yet, or lost to a fault */
    const char *content_type;           /* NULL: left out [R6] */
    const char *request_id;             /* NULL: left out [T4] */
    const char *allow;                  /* sent with a 405 [T6]; "": left out */
    const struct hm_findings *findings; /* as X-Mock-Finding; NULL: left out */
    const char *fields;                 /* more of them, each as "\r\nName: value"; "": none */
    int64_t retry_after_s;              /* 0: left out [E4] */
    int64_t now_s;                      /* for Date */
    bool has_charset;
    bool has_lower_case_names; /* of header fields */
    bool is_for_http_1_0;      /* has no chunks */
    bool must_close;

    /* The body: text in three pieces, a tree, or a stream. Borrowed until the answer was sent. */
    const char *lead, *body, *rest;
    size_t length;     /* of @body */
    json_t *tree;      /* owned; not NULL: it is the body */
    size_t json_flags; /* for writing the tree */
    struct answer_stream stream;
    bool is_stream_over, is_stream_broken;
    bool is_chunked;
    bool is_for_head; /* the head alone is sent */

    enum delivery delivery;
    int delay_ms;

    /* What answer_write() made: the parts, in order, are the bytes to send. */
    struct answer_part parts[ANSWER_PARTS];
    size_t head;      /* bytes of the first part before the body */
    struct buf text;  /* a body made for this answer; until then memory to work in */
    struct buf bytes; /* the head, and a body that is not too long to copy */
    char spare[ANSWER_SPARE_BYTES];
    char date[CLOCK_HTTP_DATE_TEXT]; /* of second date_s */
    int64_t date_s;
};

/* Allocates nothing. */
void answer_init(struct answer *answer);
void answer_fini(struct answer *answer);

/* Empties a released one for the next request. @request_id is borrowed. */
void answer_begin(struct answer *answer, const char *request_id);

/* Frees the tree and long buffers, and ends the stream. */
void answer_release(struct answer *answer);

/* Fills in a JSON body of two pieces, of which the second may be "". Both are borrowed. */
void answer_set(struct answer *answer, int status, const char *body, size_t length,
                const char *rest);

/* Puts @lead before the body, borrowed too. */
void answer_set_lead(struct answer *answer, const char *lead);

/* Fills in a JSON body that @stream makes; takes it over, also when it is never read. A body that
 * fits into one piece is sent like every other. */
void answer_set_stream(struct answer *answer, int status, const struct answer_stream *stream);

/* Fills in an error [E6]. Its message is @message, or made of the sorted findings where that is
 * NULL, or else the reason phrase. @is_terse: the reason phrase in any case, and no findings. */
void answer_set_error(struct answer *answer, int status, const char *message,
                      const struct hm_findings *findings, bool is_terse);

/* Nothing is answered any more; @delivery says what happens instead. */
void answer_lose(struct answer *answer, enum delivery delivery);

/* The body as a tree, to be changed or replaced in answer->tree; NULL: it is not JSON, or out of
 * memory. */
json_t *answer_tree(struct answer *answer);

/* Makes the bytes to send. Without memory for them the answer becomes a 500 that closes. */
void answer_write(struct answer *answer);

/* Once written: is the body sent from where it is, so that it must stay until then? */
bool answer_lends_body(const struct answer *answer);

/* Once written: the body, or its greatest part where it is sent from where it is; "" if it is sent
 * in chunks, or if there is no body. */
struct span answer_body(const struct answer *answer);

/* Once the parts were sent: makes those that follow. False: there are none, or is_stream_broken and
 * the client must not take the answer for a whole one. */
bool answer_go_on(struct answer *answer);

#endif
