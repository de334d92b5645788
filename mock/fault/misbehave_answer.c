#include "fault/misbehave_answer.h"

#include <stdio.h>
#include <string.h>

static void body_set(struct answer *answer, const char *body, size_t length)
{
    answer->body = body;
    answer->length = length;
    answer->rest = "";
}

/* An answer that is too long is not kept. */
static void answer_previous(struct exchange *x, struct misbehaving *misbehaving)
{
    struct answer *answer = &x->answer;
    size_t rest = strlen(answer->rest);
    char *before = misbehaving->kept_answer;

    buf_clear(&x->body); /* checked already; a journal shows this in its place */
    pthread_mutex_lock(&misbehaving->lock);
    buf_add(&x->body, before, misbehaving->kept_length);
    if (answer->length + rest <= KEPT_ANSWER_BYTES) {
        memcpy(before, answer->body, answer->length);
        memcpy(before + answer->length, answer->rest, rest);
        misbehaving->kept_length = answer->length + rest;
    }
    pthread_mutex_unlock(&misbehaving->lock);
    if (x->body.length > 0)
        body_set(answer, buf_text(&x->body), x->body.length);
}

/* The id of the first answer. */
static const char *first_id(struct misbehaving *misbehaving, const char *request_id)
{
    pthread_mutex_lock(&misbehaving->lock);
    if (misbehaving->first_id[0] == '\0')
        snprintf(misbehaving->first_id, sizeof misbehaving->first_id, "%s", request_id);
    pthread_mutex_unlock(&misbehaving->lock);
    return misbehaving->first_id;
}

static void answer_change(struct exchange *x, const struct misbehaviour *row)
{
    struct answer *answer = &x->answer;

    switch (row->answer) {
    case ANSWER_RIGHT:
        return;
    case ANSWER_STATUS:
        answer->status = row->to_status;
        return;
    case ANSWER_BODY:
        if (row->to_status != 0)
            answer->status = row->to_status;
        body_set(answer, row->text, strlen(row->text));
        return;
    case ANSWER_CONTENT_TYPE:
        answer->content_type = row->text;
        return;
    case ANSWER_PREVIOUS_BODY:
        answer_previous(x, x->sandbox->misbehaving);
        return;
    case ANSWER_NO_ID:
        answer->request_id = NULL;
        return;
    case ANSWER_ID:
        answer->request_id = row->text;
        return;
    case ANSWER_FIRST_ID:
        answer->request_id = first_id(x->sandbox->misbehaving, x->request_id);
        return;
    case ANSWER_CONTACT_AS_ID:
        if (x->contact_uuid[0] != '\0')
            answer->request_id = x->contact_uuid;
        return;
    case ANSWER_CONNECTION_AS_ID: /* by the client's port */
        snprintf(x->request_id, sizeof x->request_id, "c0000000-0000-4000-8000-%012d",
                 x->request.peer_port);
        answer->request_id = x->request_id;
        return;
    case ANSWER_SHORT_ID:
        x->request_id[8] = '\0';
        answer->request_id = x->request_id;
        return;
    }
}

void misbehave_answer(struct exchange *x)
{
    struct misbehaving *misbehaving = x->sandbox->misbehaving;

    if (misbehaving == NULL || misbehaving->row->answer == ANSWER_RIGHT || exchange_is_control(x) ||
        !misbehaving_concerns(misbehaving, x))
        return;
    int status = x->answer.status, only = misbehaving->row->status;

    if ((only == 0 || only == status || only == status / 100) && misbehaving_is_due(misbehaving, x))
        answer_change(x, misbehaving->row);
}
