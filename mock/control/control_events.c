#include "control/control_events.h"

#include "control/control.h"
#include "control/viewers.h"
#include <stdio.h>
#include <string.h>

enum { SENTENCE_TEXT = 96, RETRY_AFTER_S = 5 };

static enum step_result too_many(struct exchange *x)
{
    char sentence[SENTENCE_TEXT];

    snprintf(sentence, sizeof sentence,
             "%d viewers watch already, which is as many as there may be: close another page",
             VIEWERS_MAX);
    exchange_complain(x, 503, sentence);
    x->answer.retry_after_s = RETRY_AFTER_S;
    return STEP_ANSWERED;
}

/* The id of the last event that the client has; NULL: it has none. A page that begins a new stream
 * cannot set the header. */
static const char *last_event_id(const struct exchange *x)
{
    static const char name[] = "after=";
    const char *header = private_open(x->request.last_event_id);
    const char *query = private_open(x->request.query);

    return header == NULL && query != NULL && strncmp(query, name, strlen(name)) == 0
               ? query + strlen(name)
               : header;
}

static enum step_result events_answer(struct exchange *x)
{
    struct viewer *viewer = x->mock->viewers == NULL
                                ? NULL
                                : viewer_new(x->mock->viewers, x->sandbox, last_event_id(x));

    if (viewer == NULL)
        return too_many(x);
    answer_set_stream(
        &x->answer, 200,
        &(struct answer_stream){ .from = viewer, .end = viewer_free, .take = viewer_take });
    x->answer.content_type = "text/event-stream";
    x->answer.fields = "\r\nCache-Control: no-store\r\nX-Accel-Buffering: no"
                       "\r\nX-Content-Type-Options: nosniff"
                       "\r\nCross-Origin-Resource-Policy: same-origin";
    return STEP_ANSWERED;
}

const struct operation op_events = { .is_control = true, .steps = { control_read, events_answer } };
