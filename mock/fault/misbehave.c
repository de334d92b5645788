#include "fault/misbehave_row.h"

#include "store/store.h"
#include "support/no_memory.h"
#include <stdlib.h>
#include <string.h>

static const struct misbehaviour *row_find(const char *name)
{
    for (size_t i = 0; i < misbehaviour_count; i++) {
        if (strcmp(misbehaviours[i].name, name) == 0)
            return &misbehaviours[i];
    }
    return NULL;
}

static enum hm_code complain_of_name(const char *name, struct hm_error *err)
{
    const char **names = calloc(misbehaviour_count + 1, sizeof *names);
    const char *nearest;

    if (names == NULL)
        return no_memory(err);
    for (size_t i = 0; i < misbehaviour_count; i++)
        names[i] = misbehaviours[i].name;
    nearest = text_nearest(name, names);
    hm_error_set(err, HM_BAD_ARGUMENT, "--misbehave %.60s: unknown%s%s; list prints them all", name,
                 nearest == NULL ? "" : ", the nearest is ", nearest == NULL ? "" : nearest);
    free(names);
    return HM_BAD_ARGUMENT;
}

enum hm_code misbehaving_new(struct misbehaving **misbehaving, const char *name,
                             struct hm_error *err)
{
    const struct misbehaviour *row = row_find(name);

    *misbehaving = NULL;
    if (row == NULL)
        return complain_of_name(name, err);
    *misbehaving = calloc(1, sizeof **misbehaving);
    if (*misbehaving == NULL)
        return no_memory(err);
    (*misbehaving)->row = row;
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

const char *misbehaving_name(const struct misbehaving *misbehaving)
{
    return misbehaving->row->name;
}

void misbehaving_warn(const struct misbehaving *misbehaving)
{
    if (misbehaving != NULL)
        fprintf(stderr, "heymarket-mock: warning: it misbehaves on purpose, %s: %s [%s]\n",
                misbehaving->row->name, misbehaving->row->sentence, misbehaving->row->clause);
}

bool misbehave_is_list(const char *name)
{
    return name != NULL && strcmp(name, "list") == 0;
}

void misbehave_print(FILE *out)
{
    size_t widest = 0;

    for (size_t i = 0; i < misbehaviour_count; i++) {
        size_t length = strlen(misbehaviours[i].name);

        widest = length > widest ? length : widest;
    }
    for (size_t i = 0; i < misbehaviour_count; i++)
        fprintf(out, "%-*s  %-3s  %s\n", (int)widest, misbehaviours[i].name,
                misbehaviours[i].clause, misbehaviours[i].sentence);
}

bool misbehave_is_due(struct exchange *x)
{
    struct misbehaving *misbehaving = x->mock->misbehaving;
    unsigned long long met = atomic_fetch_add(&misbehaving->met, 1);

    switch (misbehaving->row->when) {
    case ALWAYS:
        return true;
    case ON_KEPT_CONNECTION:
        return x->request.is_reused;
    case FROM_SECOND_ON:
        return met > 0;
    case EVERY_OTHER:
        return met % 2 == 1;
    }
    return true;
}

/* Is the finding's clause or code among the words? @only_first: is it the first of them? */
static bool is_named(const struct hm_finding *finding, const char *words, bool only_first)
{
    const struct hm_mistake_row *row = hm_mistake_row(finding->mistake);

    while (*words != '\0') {
        size_t length = strcspn(words, " ");

        if ((strlen(row->code) == length && memcmp(row->code, words, length) == 0) ||
            (strlen(row->clause) == length && memcmp(row->clause, words, length) == 0))
            return true;
        if (only_first)
            return false;
        words += length + strspn(words + length, " ");
    }
    return false;
}

/* Is all that was refused forgiven, and the thing itself among it? */
static bool is_forgivable(const struct hm_findings *findings, const char *forgives)
{
    bool has_first = false;

    for (size_t i = 0; i < findings->count; i++) {
        if (findings->at[i].severity == HM_WARNS)
            continue;
        if (!is_named(&findings->at[i], forgives, false))
            return false;
        has_first = has_first || is_named(&findings->at[i], forgives, true);
    }
    return has_first;
}

static void refusals_drop(struct hm_findings *findings)
{
    size_t kept = 0;

    for (size_t i = 0; i < findings->count; i++) {
        if (findings->at[i].severity == HM_WARNS)
            findings->at[kept++] = findings->at[i];
    }
    findings->count = kept;
}

/* What the step would have found out of a good request. */
static void step_complete(struct exchange *x, enum seam at)
{
    const struct store *store = x->state->store;

    if (at == SEAM_TOKEN) {
        if (x->verdict.secret < 0 || (size_t)x->verdict.secret >= store_secret_count(store) ||
            x->request.authorization_count != 1)
            x->verdict.secret = 0;
        x->verdict.is_legacy = false;
        x->team = store_secret_team(store, (size_t)x->verdict.secret);
        x->has_team = true;
    }
    if (at == SEAM_CONTACT_ID)
        contact_uuid(x->contact_uuid, store_contact_at(store, 0));
    if (at == SEAM_BODY && x->values.type == NULL) {
        x->values.type = "email";
        x->values.type_length = strlen(x->values.type);
    }
    if (at == SEAM_BODY && x->values.id == NULL) {
        x->values.id = "";
        x->values.id_length = 0;
    }
}

static enum step_result forgive(struct exchange *x, enum seam at)
{
    refusals_drop(&x->findings);
    x->answer.status = 0;
    x->answer.retry_after_s = 0;
    step_complete(x, at);
    return STEP_NEXT;
}

enum step_result misbehave_step(struct exchange *x, enum seam at, enum step_result result)
{
    const struct misbehaviour *row = x->mock->misbehaving->row;

    if (row->seam != at)
        return result;
    if (row->hit == hit_let_in_before && result == STEP_NEXT)
        (void)row->hit(x, row);
    if (row->forgives != NULL && result == STEP_ANSWERED) {
        return is_forgivable(&x->findings, row->forgives) &&
                       (row->hit == NULL || row->hit(x, row)) && misbehave_is_due(x)
                   ? forgive(x, at)
                   : result;
    }
    if (row->forgives == NULL && result == STEP_NEXT && row->hit(x, row) && misbehave_is_due(x))
        return exchange_refuse(x, row->status);
    return result;
}

enum hm_code misbehave_write(struct exchange *x)
{
    const struct misbehaviour *row = x->mock->misbehaving->row;

    return row->write != NULL && misbehave_is_due(x) ? row->write(x, row) : HM_BAD_ARGUMENT;
}

void misbehave_list(struct exchange *x)
{
    const struct misbehaviour *row = x->mock->misbehaving->row;

    if (row->list != NULL && (row->write != NULL || misbehave_is_due(x)) &&
        answer_tree(&x->answer) != NULL)
        x->answer.tree = row->list(x, row, x->answer.tree);
}

void misbehave_answer(struct exchange *x)
{
    const struct misbehaviour *row = x->mock->misbehaving->row;
    int status = x->answer.status;
    bool is_of_class =
        row->from == 0 || status == row->from || (row->from < 10 && status / 100 == row->from);

    if (row->answer != NULL && is_of_class && !exchange_is_control(x) && misbehave_is_due(x))
        row->answer(x, row);
}
