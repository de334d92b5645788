/* Answers whose status, headers or body are wrong. */
#include "misbehave_row.h"

#include <stdio.h>
#include <string.h>

ANSWER(status)
{
    (void)x;
    shape->status = row->status;
}

/* With row->text as the body. */
ANSWER(body)
{
    (void)x;
    if (row->status != 0)
        shape->status = row->status;
    shape->body = row->text;
    shape->length = strlen(row->text);
    shape->rest = "";
}

ANSWER(media_type)
{
    (void)x;
    shape->content_type = row->text;
}

ANSWER(without_id)
{
    (void)x;
    (void)row;
    shape->request_id = NULL;
}

ANSWER(id_text)
{
    (void)x;
    shape->request_id = row->text;
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
    shape->request_id = misbehaving->kept_id;
}

ANSWER(id_of_contact)
{
    (void)row;
    if (x->contact_uuid[0] != '\0')
        shape->request_id = x->contact_uuid;
}
