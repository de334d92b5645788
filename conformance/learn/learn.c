#include "learn/learn.h"
#include "learn/learn_try.h"
#include "support/file.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BAD_REQUEST = 400,
    UNAUTHORIZED = 401,
    FORBIDDEN = 403,
    NOT_FOUND = 404,
    OK = 200,
    CREATED = 201,
    FUTURE_MOST_S = 86400, /* [J7] the most that a profile can contain */
    FUTURE_TRIES_MAX = 60
};

static void told(struct learned *learned, const char *value, const char *why)
{
    snprintf(learned->value, sizeof learned->value, "%s", value);
    snprintf(learned->why, sizeof learned->why, "%s", why);
}

static void told_status(struct learned *learned, const char *value, int status)
{
    char why[LEARNED_WHY_TEXT];

    snprintf(why, sizeof why, status > 0 ? "answered with %d" : "no answer", status);
    told(learned, value, why);
}

static void told_by_status(struct learned *learned, const char *accepted, const char *refused,
                           int status)
{
    const bool is_refused = status / 100 == 4 && status != UNAUTHORIZED;

    told_status(learned, status / 100 == 2 ? accepted : is_refused ? refused : "", status);
}

static enum hm_code learn_body(struct learned *learned, struct learner *learner,
                               const char *request, const char *accepted, const char *refused,
                               struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct trial trial;

    TRY(learner_try(learner, &trial, request, NULL, err));
    told_by_status(learned, accepted, refused, trial.status);
out:
    return code;
}

static enum hm_code learn_media_type(struct learned *learned, struct learner *learner,
                                     struct hm_error *err)
{
    return learn_body(learned, learner, "{\"headers\":{\"Content-Type\":\"text/plain\"}}", "accept",
                      "reject", err);
}

static enum hm_code learn_phone_format(struct learned *learned, struct learner *learner,
                                       struct hm_error *err)
{
    return learn_body(learned, learner,
                      "{\"body\":{\"channel_type\":\"phone\",\"channel_id\":\"+$phone\"}}", "warn",
                      "reject", err);
}

static enum hm_code learn_empty_value(struct learned *learned, struct learner *learner,
                                      struct hm_error *err)
{
    return learn_body(learned, learner,
                      "{\"body\":{\"channel_type\":\"\",\"channel_id\":\"$email\"}}", "accept",
                      "reject", err);
}

static enum hm_code learn_unknown_member(struct learned *learned, struct learner *learner,
                                         struct hm_error *err)
{
    return learn_body(
        learned, learner,
        "{\"body\":{\"channel_type\":\"email\",\"channel_id\":\"$email\",\"note\":\"x\"}}", "warn",
        "reject", err);
}

static enum hm_code learn_unknown_contact(struct learned *learned, struct learner *learner,
                                          struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct trial trial;

    TRY(learner_try(learner, &trial, "{\"contact_id\":\"07070707-0000-4000-8000-000000000707\"}",
                    NULL, err));
    told_status(learned,
                trial.status == NOT_FOUND     ? "404"
                : trial.status == BAD_REQUEST ? "400"
                : trial.status == FORBIDDEN   ? "403"
                                              : "",
                trial.status);
out:
    return code;
}

static enum hm_code learn_success_status(struct learned *learned, struct learner *learner,
                                         struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct trial trial;

    TRY(learner_try(learner, &trial, NULL, NULL, err));
    told_status(learned,
                trial.status == OK        ? "200"
                : trial.status == CREATED ? "201"
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
        told_status(learned, "", first.status);
    } else if (second.status / 100 == 2) {
        snprintf(why, sizeof why, "a list of %zu channel%s, then of %zu", first.channels,
                 first.channels == 1 ? "" : "s", second.channels);
        told(learned,
             second.channels == first.channels       ? "keep"
             : second.channels == first.channels + 1 ? "append"
                                                     : "",
             why);
    } else {
        told_by_status(learned, "", "reject", second.status);
    }
out:
    return code;
}

static enum hm_code learn_token(struct learned *learned, struct learner *learner, const char *token,
                                const char *accepted, const char *refused, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    enum token_fate fate;
    struct trial trial;

    TRY(learner_try_token(learner, &fate, &trial, token, err));
    told_status(learned,
                fate == TOKEN_ACCEPTED  ? accepted
                : fate == TOKEN_REFUSED ? refused
                                        : "",
                trial.status);
out:
    return code;
}

static enum hm_code learn_fractional_iat(struct learned *learned, struct learner *learner,
                                         struct hm_error *err)
{
    return learn_token(learned, learner, "{\"claims\":{\"iat\":{\"offset\":-1.5}}}", "warn",
                       "reject", err);
}

static enum hm_code learn_typ(struct learned *learned, struct learner *learner,
                              struct hm_error *err)
{
    return learn_token(learned, learner, "{\"header\":{\"typ\":null}}", "warn", "reject", err);
}

static enum hm_code learn_legacy_key(struct learned *learned, struct learner *learner,
                                     struct hm_error *err)
{
    if (learner->target->names.legacy_key == NULL) {
        told(learned, "", "the target file has no legacy_key");
        return HM_OK;
    }
    return learn_token(learned, learner, "{\"authorization\":\"Bearer {LEGACY}\"}", "accept",
                       "reject", err);
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
        told(learned, "", "each try would be a write");
        return HM_OK;
    }
    for (; (most - least > 1 || confirmed < 2) && tries < FUTURE_TRIES_MAX; tries++) {
        int64_t ahead_s = most - least > 1 ? least + (most - least) / 2 : most;

        TRY(future_try(learner, &fate, &ahead_s, err));
        if (fate == TOKEN_UNTOLD) {
            told(learned, "", "the answers do not show it");
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
        told(learned, "", "accepted more than a day ahead, which a profile cannot contain");
    else if (confirmed < 2)
        told(learned, "", "the edge moves");
    else
        told(learned, value, "the last second ahead that is accepted");
out:
    return code;
}

static const struct {
    const char *policy;
    enum hm_code (*learn)(struct learned *learned, struct learner *learner, struct hm_error *err);
} lessons[] = {
    { "media-type", learn_media_type },           { "fractional-iat", learn_fractional_iat },
    { "future-iat", learn_future_iat },           { "typ", learn_typ },
    { "legacy-key", learn_legacy_key },           { "phone-format", learn_phone_format },
    { "empty-value", learn_empty_value },         { "unknown-member", learn_unknown_member },
    { "unknown-contact", learn_unknown_contact }, { "duplicate-channel", learn_duplicate_channel },
    { "success-status", learn_success_status },
};

enum hm_code learn(struct learning *learning, const struct clauses *clauses,
                   const struct target *target, struct player *player, struct marks *marks,
                   struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct learner learner = { .target = target, .player = player };

    memset(learning, 0, sizeof *learning);
    learner.marks.run = marks;
    TRY(learner_calibrate(&learner, err));
    for (size_t i = 0; i < clauses->count && learning->count < LEARNED_MAX; i++) {
        if (clauses->at[i].policy == NULL)
            continue;
        struct learned *learned = &learning->at[learning->count++];
        learned->clause = &clauses->at[i];
        told(learned, "", "no request can show it");
        for (size_t lesson = 0; lesson < sizeof lessons / sizeof *lessons; lesson++) {
            if (strcmp(lessons[lesson].policy, clauses->at[i].policy) == 0)
                TRY(lessons[lesson].learn(learned, &learner, err));
        }
    }
out:
    return code;
}

enum hm_code learning_write(const struct learning *learning, const char *path, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    json_t *policy = json_object();
    json_t *profile = policy != NULL ? json_pack("{s:i, s:O}", "v", 1, "policy", policy) : NULL;
    char *text = NULL;
    struct buf lines;

    buf_init(&lines, (size_t)LEARNED_MAX * LEARNED_WHY_TEXT);
    for (size_t i = 0; i < learning->count; i++) {
        if (*learning->at[i].value && json_object_set_new(policy, learning->at[i].clause->policy,
                                                          json_string(learning->at[i].value)) != 0)
            TRY(no_memory(err));
    }
    text = profile != NULL ? json_dumps(profile, JSON_INDENT(2)) : NULL;
    if (text == NULL)
        TRY(no_memory(err));
    buf_printf(&lines, "%s\n", text);
    TRY(file_write(path, buf_text(&lines), lines.length, err));
out:
    free(text);
    buf_fini(&lines);
    json_decref(profile);
    json_decref(policy);
    return code;
}
