#include "record/recorded_lessons.h"
#include "cases/case_operation.h"
#include "play/channels.h"
#include <stdio.h>
#include <string.h>

enum { UNAUTHORIZED = 401, NOT_FOUND = 404 };

static void learn_value(struct learning *learning, const char *policy, const char *value,
                        const struct recorded *x)
{
    for (size_t i = 0; i < learning->count; i++) {
        struct learned *learned = &learning->at[i];

        if (strcmp(learned->clause->policy, policy) != 0 || *learned->value != '\0')
            continue;
        snprintf(learned->value, sizeof learned->value, "%s", value);
        snprintf(learned->why, sizeof learned->why, "%s was answered with %d", x->name,
                 x->trip.answer.status);
    }
}

/* A choice that a request with this one mistake, and no other, shows. */
struct lesson {
    enum hm_mistake mistake;
    const char *policy;
    const char *accepted;
    const char *refused;
};

static const struct lesson lessons[] = {
    { HM_T5_MEDIA_TYPE, "media-type", "accept", "reject" },
    { HM_J4_IAT_FRACTIONAL, "fractional-iat", "warn", "reject" },
    { HM_J9_TYP_MISSING, "typ", "warn", "reject" },
    { HM_J9_TYP_UNEXPECTED, "typ", "warn", "reject" },
    { HM_B4_PHONE_NOT_E164, "phone-format", "warn", "reject" },
    { HM_B4_PHONE_LEADING_PLUS, "phone-format", "warn", "reject" },
    { HM_B5_VALUE_EMPTY, "empty-value", "accept", "reject" },
    { HM_B6_MEMBER_UNKNOWN, "unknown-member", "warn", "reject" },
};

static void mistake_take(struct learning *learning, const struct recorded *x)
{
    const struct hm_findings *token = &x->token_findings;
    const struct hm_findings *body = &x->body_findings;
    const bool is_body = body->count == 1;
    const int status = x->trip.answer.status;
    const bool is_refused = status == (is_body ? 400 : UNAUTHORIZED) || (is_body && status == 415);

    if (token->count + body->count != 1 || x->has_other_secret ||
        (!recorded_is_accepted(x) && !is_refused))
        return;
    /* A 401 may also be about a signature that was not checked here. */
    if (!is_body && is_refused && !x->is_token_known)
        return;
    for (size_t i = 0; i < sizeof lessons / sizeof *lessons; i++) {
        if (lessons[i].mistake == (is_body ? body : token)->at[0].mistake)
            learn_value(learning, lessons[i].policy,
                        is_refused ? lessons[i].refused : lessons[i].accepted, x);
    }
}

/* [B8] The channel was in the list that was seen last, and nothing has changed since. */
static void duplicate_take(struct learning *learning, const struct recorded *x,
                           const struct recorded_contacts *contacts)
{
    const size_t before = channel_times(x->known, x->trip.message.sent);
    const size_t after = channel_times(x->trip.body, x->trip.message.sent);

    if (before == 0 || x->body_findings.count > 0 || recorded_contacts_have_changed(contacts, x))
        return;
    if (x->trip.answer.status == 400)
        learn_value(learning, "duplicate-channel", "reject", x);
    else if (recorded_is_accepted(x) && after == before)
        learn_value(learning, "duplicate-channel", "keep", x);
    else if (recorded_is_accepted(x) && after == before + 1)
        learn_value(learning, "duplicate-channel", "append", x);
}

/* [U4 X2] */
static void shape_take(struct learning *learning, const struct recorded *x)
{
    const bool is_update = recorded_calls(x, OPERATION_CHANNEL_UPDATE);
    const char *text = json_string_value(x->trip.body);

    if (json_is_array(x->trip.body))
        learn_value(learning, is_update ? "update-answer" : "delete-answer", "list", x);
    else if (is_update && json_is_object(x->trip.body))
        learn_value(learning, "update-answer", "channel", x);
    else if (!is_update && text != NULL && strcmp(text, "ok") == 0)
        learn_value(learning, "delete-answer", "ok", x);
    else if (!is_update && x->trip.answer.body.length == 0)
        learn_value(learning, "delete-answer", "empty", x);
}

void recorded_lessons_take(struct learning *learning, const struct recorded *x,
                           const struct recorded_contacts *contacts)
{
    const int status = x->trip.answer.status;
    const bool is_correct = x->token_findings.count + x->body_findings.count == 0;

    if (x->call.row == NULL || x->was_refused_here || x->trip.answer.outcome != HTTP_ANSWERED)
        return;
    mistake_take(learning, x);
    if (recorded_calls(x, OPERATION_CHANNEL_CREATE)) {
        if (status == 200 || status == 201)
            learn_value(learning, "success-status", status == 200 ? "200" : "201", x);
        else if (status == NOT_FOUND && is_correct && x->known == NULL)
            learn_value(learning, "unknown-contact", "404", x);
        duplicate_take(learning, x, contacts);
    }
    if (operation_changes(x->call.row) && recorded_is_accepted(x))
        shape_take(learning, x);
    if (recorded_calls(x, OPERATION_CHANNEL_LIST) && recorded_is_accepted(x))
        learn_value(learning, "channel-list", "serve", x);
    /* Not the answer to an unknown contact: this one has a list. */
    if (recorded_calls(x, OPERATION_CHANNEL_GET) && is_correct && json_is_array(x->known) &&
        (status == NOT_FOUND || status == 400))
        learn_value(learning, "channel-absent", status == 400 ? "400" : "404", x);
}
