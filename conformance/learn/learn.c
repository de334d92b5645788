#include "learn/learn.h"
#include "learn/learn_try.h"
#include "support/json_file.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FUTURE_MOST_S = 86400, /* [J7] the most that a profile can contain */
    FUTURE_TRIES_MAX = 60
};

/* @value "": unknown. */
static void learned_set(struct learned *learned, const char *value, const char *why)
{
    snprintf(learned->value, sizeof learned->value, "%s", value);
    snprintf(learned->why, sizeof learned->why, "%s", why);
}

static void learned_set_status(struct learned *learned, const char *value, int status)
{
    char why[LEARNED_WHY_TEXT];

    snprintf(why, sizeof why, status > 0 ? "answered with %d" : "no answer", status);
    learned_set(learned, value, why);
}

/* A choice that one request shows: by its status, or by whether it or its token is accepted. */
struct lesson {
    const char *policy;
    const char *request;  /* patch of the default request; NULL: none */
    const char *token;    /* patch of the default token; NULL: the request is tried */
    const char *accepted; /* value; NULL: the status itself is the value */
    const char *refused;  /* value; with accepted NULL: the statuses that are values */
};

static const struct lesson lessons[] = {
    { "media-type", "{\"headers\":{\"Content-Type\":\"text/plain\"}}", NULL, "accept", "reject" },
    { "phone-format", "{\"body\":{\"channel_type\":\"phone\",\"channel_id\":\"+$phone\"}}", NULL,
      "warn", "reject" },
    /* A channel without a type could not be deleted. */
    { "empty-value", "{\"body\":{\"channel_type\":\"$type\",\"channel_id\":\"\"}}", NULL, "accept",
      "reject" },
    { "unknown-member",
      "{\"body\":{\"channel_type\":\"email\",\"channel_id\":\"$email\",\"note\":\"x\"}}", NULL,
      "warn", "reject" },
    { "fractional-iat", NULL, "{\"claims\":{\"iat\":{\"offset\":-1.5}}}", "warn", "reject" },
    { "typ", NULL, "{\"header\":{\"typ\":null}}", "warn", "reject" },
    { "legacy-key", NULL, "{\"authorization\":\"Bearer {LEGACY}\"}", "accept", "reject" },
    { "unknown-contact", "{\"contact_id\":\"07070707-0000-4000-8000-000000000707\"}", NULL, NULL,
      "400 403 404" },
    { "success-status", NULL, NULL, NULL, "200 201" },
    { "channel-list", "{\"operation\":\"channel_list\"}", NULL, "serve", "404" },
};

static enum hm_code lesson_learn(struct learned *learned, struct learner *learner,
                                 const struct lesson *lesson, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    enum token_fate fate = TOKEN_UNKNOWN;
    struct trial trial;
    char status[4] = "";

    if (lesson->token != NULL) {
        TRY(learner_try_token(learner, &fate, &trial, lesson->token, err));
    } else {
        TRY(learner_try(learner, &trial, lesson->request, NULL, err));
        if (lesson->accepted == NULL && trial.status >= 100 && trial.status <= 999)
            snprintf(status, sizeof status, "%d", trial.status);
        else if (trial.status / 100 == 2)
            fate = TOKEN_ACCEPTED;
        else if (is_refusal(trial.status))
            fate = TOKEN_REFUSED;
    }
    if (lesson->accepted == NULL)
        learned_set_status(learned, strstr(lesson->refused, status) != NULL ? status : "",
                           trial.status);
    else
        learned_set_status(learned,
                           fate == TOKEN_ACCEPTED  ? lesson->accepted
                           : fate == TOKEN_REFUSED ? lesson->refused
                                                   : "",
                           trial.status);
out:
    return code;
}

static enum hm_code learn_duplicate_channel(struct learned *learned, struct learner *learner,
                                            struct hm_error *err)
{
    static const char same[] =
        "{\"body\":{\"channel_type\":\"email\",\"channel_id\":\"$email:1\"}}";
    enum hm_code code = HM_OK;
    struct trial first;
    struct trial second;
    char why[LEARNED_WHY_TEXT];

    TRY(learner_try(learner, &first, same, NULL, err));
    TRY(learner_try(learner, &second, same, NULL, err));
    if (first.status / 100 != 2) {
        learned_set_status(learned, "", first.status);
    } else if (second.status / 100 == 2) {
        snprintf(why, sizeof why, "the channel is in the list %zu times, then %zu times",
                 first.held, second.held);
        learned_set(learned,
                    first.held != 1    ? ""
                    : second.held == 1 ? "keep"
                    : second.held == 2 ? "append"
                                       : "",
                    why);
    } else {
        learned_set_status(learned, is_refusal(second.status) ? "reject" : "", second.status);
    }
out:
    return code;
}

/* The channels of this type are those that learning creates, changes and deletes. */
#define OWN               "$type:1"
#define CREATE_OWN(Email) "{\"body\":{\"channel_type\":\"" OWN "\",\"channel_id\":\"" Email "\"}}"

/* [G3] Two channels of one type: which one is meant? They stay for what is learned next. */
static enum hm_code learn_several(struct learned *learned, struct learner *learner,
                                  struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct trial first;
    struct trial second;
    struct trial trial;

    TRY(learner_try(learner, &first, CREATE_OWN("$email:11"), NULL, err));
    TRY(learner_try(learner, &second, CREATE_OWN("$email:12"), NULL, err));
    learner->has_own = first.status / 100 == 2 && second.status / 100 == 2;
    TRY(learner_try(learner, &trial, "{\"operation\":\"channel_get\",\"type\":\"" OWN "\"}", NULL,
                    err));
    learner->can_get = trial.status / 100 == 2;
    const char *oldest = marks_kept(&learner->marks, "$email:11");
    const char *newest = marks_kept(&learner->marks, "$email:12");
    learned_set_status(learned,
                       !learner->has_own || !learner->can_get                    ? ""
                       : newest != NULL && strcmp(trial.channel_id, newest) == 0 ? "newest"
                       : oldest != NULL && strcmp(trial.channel_id, oldest) == 0 ? "oldest"
                                                                                 : "",
                       trial.status);
out:
    return code;
}

/* [G4] What a type gets that the contact does not have. */
static enum hm_code learn_absent(struct learned *learned, struct learner *learner,
                                 struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct trial trial;

    TRY(learner_try(learner, &trial, "{\"operation\":\"channel_get\",\"type\":\"$type\"}", NULL,
                    err));
    learned_set_status(learned,
                       !learner->can_get     ? ""
                       : trial.status == 404 ? "404"
                       : trial.status == 400 ? "400"
                                             : "",
                       trial.status);
out:
    return code;
}

/* [U4 X2] What an update and a deletion are answered with; @values by enum trial_body. */
static enum hm_code learn_answer(struct learned *learned, struct learner *learner,
                                 const char *request, const char *const values[],
                                 struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct trial trial;
    const char *value;

    if (!learner->has_own) {
        learned_set(learned, "", "no channel could be created for it");
        return HM_OK;
    }
    TRY(learner_try(learner, &trial, request, NULL, err));
    value = trial.status / 100 == 2 ? values[trial.body] : NULL;
    learned_set_status(learned, value != NULL ? value : "", trial.status);
out:
    return code;
}

static enum hm_code learn_update_answer(struct learned *learned, struct learner *learner,
                                        struct hm_error *err)
{
    static const char *const values[BODY_OBJECT + 1] = {
        [BODY_ARRAY] = "list", [BODY_OBJECT] = "channel"
    };

    return learn_answer(learned, learner,
                        "{\"operation\":\"channel_update\",\"body\":{\"channel_type\":\"" OWN
                        "\",\"channel_id\":\"$email:13\"}}",
                        values, err);
}

static enum hm_code learn_delete_answer(struct learned *learned, struct learner *learner,
                                        struct hm_error *err)
{
    static const char *const values[BODY_OBJECT + 1] = {
        [BODY_NONE] = "empty", [BODY_STRING] = "ok", [BODY_ARRAY] = "list"
    };

    return learn_answer(learned, learner, "{\"operation\":\"channel_delete\",\"type\":\"" OWN "\"}",
                        values, err);
}

/* Is a token accepted whose iat is *ahead_s seconds ahead of the target's clock? *ahead_s
 * becomes the exact difference, by the answer's Date. */
static enum hm_code future_try(struct learner *learner, enum token_fate *fate, int64_t *ahead_s,
                               struct hm_error *err)
{
    enum hm_code code = HM_OK;
    char token[80];
    struct trial trial;
    const int64_t iat = learner_now(learner) + *ahead_s;

    snprintf(token, sizeof token, "{\"claims\":{\"iat\":%lld}}", (long long)iat);
    TRY(learner_try_token(learner, fate, &trial, token, err));
    if (trial.has_date)
        *ahead_s = iat - trial.date_s;
out:
    return code;
}

/* [J7] The greatest leeway that is accepted: by halving, then to the second. The last second is
 * tried twice, because the clock may advance between the verdict and the answer's Date. */
static enum hm_code learn_future_iat(struct learned *learned, struct learner *learner,
                                     struct hm_error *err)
{
    enum hm_code code = HM_OK;
    enum token_fate fate;
    int64_t least = -1; /* known to be accepted */
    int64_t most = (int64_t)FUTURE_MOST_S + 2;
    int confirmed = 0;
    int tries = 0;
    char value[LEARNED_VALUE_TEXT];

    if (!learner->is_calibrated && !learner->target->is_local) {
        learned_set(learned, "", "each try would create a channel");
        return HM_OK;
    }
    for (; (most - least > 1 || confirmed < 2) && tries < FUTURE_TRIES_MAX; tries++) {
        int64_t ahead_s = most - least > 1 ? least + (most - least) / 2 : most;

        TRY(future_try(learner, &fate, &ahead_s, err));
        if (fate == TOKEN_UNKNOWN) {
            learned_set(learned, "", "cannot be determined from the responses");
            return HM_OK;
        }
        confirmed = fate == TOKEN_REFUSED && most - least == 1 ? confirmed + 1 : 0;
        if (fate == TOKEN_ACCEPTED && ahead_s > least) {
            least = ahead_s;
            most = most > least ? most : least + 1;
        } else if (fate == TOKEN_REFUSED && ahead_s < most && ahead_s > least) {
            most = ahead_s;
        }
    }
    snprintf(value, sizeof value, "%lld", (long long)(least > 0 ? least : 0));
    if (least > FUTURE_MOST_S)
        learned_set(learned, "", "accepted more than a day ahead, which a profile cannot contain");
    else if (confirmed < 2)
        learned_set(learned, "", "the limit differed between tries");
    else
        learned_set(learned, value, "the largest number of seconds in the future that is accepted");
out:
    return code;
}

static enum hm_code clause_learn(struct learned *learned, struct learner *learner,
                                 struct hm_error *err)
{
    static const struct {
        const char *policy;
        enum hm_code (*learn)(struct learned *learned, struct learner *learner,
                              struct hm_error *err);
    } courses[] = {
        { "future-iat", learn_future_iat },       { "duplicate-channel", learn_duplicate_channel },
        { "several-of-type", learn_several },     { "channel-absent", learn_absent },
        { "update-answer", learn_update_answer }, { "delete-answer", learn_delete_answer },
    };
    const char *policy = learned->clause->policy;

    for (size_t i = 0; i < sizeof courses / sizeof *courses; i++) {
        if (strcmp(courses[i].policy, policy) == 0)
            return courses[i].learn(learned, learner, err);
    }
    if (strcmp(policy, "legacy-key") == 0 && !private_is_set(learner->target->names.legacy_key)) {
        learned_set(learned, "", "the target file has no legacy_key");
        return HM_OK;
    }
    for (size_t i = 0; i < sizeof lessons / sizeof *lessons; i++) {
        if (strcmp(lessons[i].policy, policy) == 0)
            return lesson_learn(learned, learner, &lessons[i], err);
    }
    return HM_OK;
}

void learning_init(struct learning *learning, const struct clauses *clauses, const char *why)
{
    memset(learning, 0, sizeof *learning);
    for (size_t i = 0; i < clauses->count && learning->count < LEARNED_MAX; i++) {
        if (clauses->at[i].policy == NULL)
            continue;
        struct learned *learned = &learning->at[learning->count++];
        learned->clause = &clauses->at[i];
        learned_set(learned, "", why);
    }
}

enum hm_code learn(struct learning *learning, const struct clauses *clauses,
                   const struct target *target, struct player *player, struct marks *marks,
                   struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct learner learner = { .target = target, .player = player };

    learning_init(learning, clauses, "cannot be determined by a request");
    learner.marks.run = marks;
    TRY(learner_calibrate(&learner, err));
    for (size_t i = 0; i < learning->count; i++)
        TRY(clause_learn(&learning->at[i], &learner, err));
out:
    return code;
}

enum hm_code learning_write(const struct learning *learning, const char *path, struct hm_error *err)
{
    json_t *profile = json_pack("{s:i, s:{}}", "v", 1, "policy");
    json_t *policy = json_object_get(profile, "policy");

    for (size_t i = 0; i < learning->count; i++) {
        const struct learned *learned = &learning->at[i];

        if (*learned->value && json_object_set_new(policy, learned->clause->policy,
                                                   json_string(learned->value)) != 0) {
            json_decref(profile);
            return no_memory(err);
        }
    }
    return json_file_write(path, profile, err);
}
