/* Answers whose status, headers or body are wrong. */
#include "fault/misbehave_row.h"

#include <stdio.h>
#include <string.h>

ANSWER(status)
{
    x->answer.status = row->status;
}

/* With row->text as the body. */
ANSWER(body)
{
    if (row->status != 0)
        x->answer.status = row->status;
    x->answer.body = row->text;
    x->answer.length = strlen(row->text);
    x->answer.rest = "";
}

ANSWER(media_type)
{
    x->answer.content_type = row->text;
}

ANSWER(without_id)
{
    (void)row;
    x->answer.request_id = NULL;
}

ANSWER(id_text)
{
    x->answer.request_id = row->text;
}

/* The id of the first answer, for all. */
ANSWER(same_id)
{
    struct misbehaving *misbehaving = x->mock->misbehaving;

    (void)row;
    pthread_mutex_lock(&misbehaving->lock);
    if (misbehaving->kept_id[0] == '\0')
        snprintf(misbehaving->kept_id, sizeof misbehaving->kept_id, "%s", x->request_id);
    pthread_mutex_unlock(&misbehaving->lock);
    x->answer.request_id = misbehaving->kept_id;
}

ANSWER(id_of_contact)
{
    (void)row;
    if (x->contact_uuid[0] != '\0')
        x->answer.request_id = x->contact_uuid;
}

/* The id of the connection's first answer, by the client's port. */
ANSWER(id_of_connection)
{
    (void)row;
    snprintf(x->request_id, sizeof x->request_id, "c0000000-0000-4000-8000-%012d",
             x->request.peer_port);
    x->answer.request_id = x->request_id;
}

ANSWER(id_cut)
{
    (void)row;
    x->request_id[8] = '\0';
    x->answer.request_id = x->request_id;
}

/* The answer before, whosever it was; one that is too long is not kept. */
ANSWER(previous)
{
    struct misbehaving *misbehaving = x->mock->misbehaving;
    size_t rest = strlen(x->answer.rest);
    char *before = misbehaving->kept_answer;

    (void)row;
    buf_clear(&x->body); /* judged already; a journal shows this in its place */
    pthread_mutex_lock(&misbehaving->lock);
    buf_add(&x->body, before, misbehaving->kept_length);
    if (x->answer.length + rest <= KEPT_ANSWER_BYTES) {
        memcpy(before, x->answer.body, x->answer.length);
        memcpy(before + x->answer.length, x->answer.rest, rest);
        misbehaving->kept_length = x->answer.length + rest;
    }
    pthread_mutex_unlock(&misbehaving->lock);
    if (x->body.length == 0)
        return;
    x->answer.body = buf_text(&x->body);
    x->answer.length = x->body.length;
    x->answer.rest = "";
}
