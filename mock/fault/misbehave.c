#include "fault/misbehave.h"

#include "support/no_memory.h"
#include "support/text.h"
#include <stdlib.h>
#include <string.h>

const struct misbehaviour misbehaviours[] = {
#define ROW(Name, Sentence, ...) { .name = (Name), .sentence = (Sentence), __VA_ARGS__ },
#include "fault/misbehave.def"
#include "fault/misbehave_family.def"
#undef ROW
};
const size_t misbehaviour_count = sizeof misbehaviours / sizeof misbehaviours[0];

/* A name begins with its clause. */
static int clause_length(const struct misbehaviour *row)
{
    return (int)strcspn(row->name, "-");
}

static enum hm_code unknown_name(const char *name, struct hm_error *err)
{
    static const char *const names[] = {
#define ROW(Name, ...) (Name),
#include "fault/misbehave.def"
#include "fault/misbehave_family.def"
#undef ROW
        NULL,
    };
    const char *nearest = text_nearest(name, names);

    return hm_error_set(err, HM_BAD_ARGUMENT,
                        "--misbehave %.60s: unknown%s%s; --misbehave list prints the names", name,
                        nearest == NULL ? "" : ", the nearest is ", nearest == NULL ? "" : nearest);
}

enum hm_code misbehaving_new(struct misbehaving **misbehaving, const char *name,
                             struct hm_error *err)
{
    size_t i = 0;

    *misbehaving = NULL;
    while (i < misbehaviour_count && strcmp(misbehaviours[i].name, name) != 0)
        i++;
    if (i == misbehaviour_count)
        return unknown_name(name, err);
    *misbehaving = calloc(1, sizeof **misbehaving);
    if (*misbehaving == NULL)
        return no_memory(err);
    (*misbehaving)->row = &misbehaviours[i];
    pthread_mutex_init(&(*misbehaving)->lock, NULL);
    return HM_OK;
}

void misbehaving_free(struct misbehaving *misbehaving)
{
    if (misbehaving == NULL)
        return;
    pthread_mutex_destroy(&misbehaving->lock);
    free(misbehaving);
}

void misbehaving_warn(const struct misbehaving *misbehaving)
{
    if (misbehaving == NULL)
        return;
    const struct misbehaviour *row = misbehaving->row;

    fprintf(stderr,
            "heymarket-mock: warning: answers are wrong on purpose, --misbehave %s: %s [%.*s]\n",
            row->name, row->sentence, clause_length(row), row->name);
}

static bool is_on(const struct exchange *x, const char *operation)
{
    return x->route.name != NULL && strcmp(x->route.name, operation) == 0;
}

bool misbehaving_writes(const struct misbehaving *misbehaving, const struct exchange *x)
{
    const char *on = misbehaving == NULL ? NULL : misbehaving->row->on;

    return misbehaving != NULL && is_on(x, on == NULL ? "channel_create" : on);
}

bool misbehaving_concerns(const struct misbehaving *misbehaving, const struct exchange *x)
{
    return misbehaving->row->on == NULL || is_on(x, misbehaving->row->on);
}

bool misbehaving_is_due(struct misbehaving *misbehaving, const struct exchange *x)
{
    unsigned long long before = atomic_fetch_add(&misbehaving->met, 1);

    switch (misbehaving->row->when) {
    case ON_KEPT_CONNECTION:
        return x->request.is_reused;
    case FROM_SECOND_ON:
        return before > 0;
    case EVERY_OTHER:
        return before % 2 == 1;
    default:
        return true;
    }
}

void misbehave_print(FILE *out)
{
    size_t widest = 0;

    for (size_t i = 0; i < misbehaviour_count; i++) {
        size_t length = strlen(misbehaviours[i].name);

        widest = length > widest ? length : widest;
    }
    for (size_t i = 0; i < misbehaviour_count; i++) {
        const struct misbehaviour *row = &misbehaviours[i];
        int clause = clause_length(row);

        fprintf(out, "%-*s  %-3.*s  %s\n", (int)widest, row->name, clause, row->name,
                row->sentence);
    }
}
