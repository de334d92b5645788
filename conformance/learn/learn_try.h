/* One request for --learn, and what its answer shows. */
#ifndef SUITE_LEARN_LEARN_TRY_H
#define SUITE_LEARN_LEARN_TRY_H

#include "play/player.h"
#include "recipe/marks.h"
#include "target/target.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum token_fate { TOKEN_ACCEPTED, TOKEN_REFUSED, TOKEN_UNKNOWN };

struct learner {
    const struct target *target; /* borrowed */
    struct player *player;       /* borrowed */
    struct case_marks marks;
    bool is_calibrated; /* a bad body shows whether the token is good */
    int bad_body;       /* the status for a good token with a bad body */
    bool has_own;       /* it created two channels of a type of its own */
    bool can_get;       /* and channel_get answers with one of them */
    bool has_skew;
    int64_t skew_s; /* the target's Date minus our clock */
};

enum trial_body { BODY_OTHER, BODY_NONE, BODY_STRING, BODY_ARRAY, BODY_OBJECT };

struct trial {
    int status;  /* 0: no answer, or nothing was sent */
    size_t held; /* how often the list of the answer has the channel that was sent */
    enum trial_body body;
    char channel_id[MARK_TEXT]; /* of an object; "": none, or too long */
    bool has_date;
    int64_t date_s; /* Unix */
};

/* Sends the default request with two patches (JSON text as in a case file; NULL: none) laid over
 * it. */
HM_MUST_USE enum hm_code learner_try(struct learner *learner, struct trial *trial,
                                     const char *request, const char *token, struct hm_error *err);

/* Does the status refuse the request for another reason than its token or the rate limit? */
bool is_refusal(int status);

/* Finds out whether a bad body shows if the token is good. */
HM_MUST_USE enum hm_code learner_calibrate(struct learner *learner, struct hm_error *err);

/* Finds out whether the token is accepted. */
HM_MUST_USE enum hm_code learner_try_token(struct learner *learner, enum token_fate *fate,
                                           struct trial *trial, const char *token,
                                           struct hm_error *err);

/* The target's time in Unix seconds, as far as it is known. If it sends no Date: our own, just
 * after the start of a second. */
int64_t learner_now(const struct learner *learner);

#endif
