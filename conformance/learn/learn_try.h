/* One request of the learner's, and what is to be told from its answer. */
#ifndef SUITE_LEARN_LEARN_TRY_H
#define SUITE_LEARN_LEARN_TRY_H

#include "play/player.h"
#include "recipe/marks.h"
#include "target/target.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum token_fate { TOKEN_ACCEPTED, TOKEN_REFUSED, TOKEN_UNTOLD };

struct learner {
    const struct target *target; /* borrowed */
    struct player *player;       /* borrowed */
    struct case_marks marks;
    bool is_calibrated; /* a bad body tells a good token from a bad one */
    int bad_body;       /* what a good token with a bad body is answered */
    bool has_skew;
    int64_t skew_s; /* of the target's Date against our clock */
};

struct trial {
    int status;      /* 0: no answer, or nothing was sent */
    size_t channels; /* of the list that was answered */
    bool has_date;
    int64_t date_s; /* Unix */
};

/* Sends the right request with two patches, JSON text as in a case file, laid over it; NULL: none.
 */
HM_MUST_USE enum hm_code learner_try(struct learner *learner, struct trial *trial,
                                     const char *request, const char *token, struct hm_error *err);

/* Finds out whether bad bodies tell tokens apart here. */
HM_MUST_USE enum hm_code learner_calibrate(struct learner *learner, struct hm_error *err);

/* What becomes of a token. */
HM_MUST_USE enum hm_code learner_try_token(struct learner *learner, enum token_fate *fate,
                                           struct trial *trial, const char *token,
                                           struct hm_error *err);

/* The target's time as far as it is known, Unix seconds. Where it shows no Date, our own, right
 * after a second has begun. */
int64_t learner_now(const struct learner *learner);

#endif
