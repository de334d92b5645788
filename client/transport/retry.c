#include "transport/retry.h"

#include <heymarket/client.h>

enum { TOO_MANY_REQUESTS = 429, UNAUTHORIZED = 401 };

/* The most that the wait after an attempt may be. */
static int64_t back_off_ms(const struct retry_pace *pace, int number)
{
    int64_t most = pace->first_ms;

    for (int n = 1; n < number && most < pace->most_ms; n++)
        most *= 2;
    return most < pace->most_ms ? most : pace->most_ms;
}

/* Full jitter: anything between nothing and the most, so that clients that failed together do not
 * come back together. */
static int64_t jitter_ms(int64_t most_ms, uint64_t chance)
{
    return (int64_t)(chance % ((uint64_t)most_ms + 1));
}

struct retry_decision retry_decide(const struct retry_attempt *attempt,
                                   const struct retry_pace *pace)
{
    static const struct retry_decision no = { false, false, 0, "" };
    struct retry_decision again = { true, false, 0, "" };
    bool is_answer = attempt->outcome == HTTP_ANSWERED;

    if (attempt->number >= HM_ATTEMPTS_MAX || attempt->is_untrusted)
        return no;
    if (is_answer && attempt->status == UNAUTHORIZED && attempt->was_token_kept &&
        !attempt->was_signed_anew) {
        again.is_signed_anew = true;
        again.reason = "401 to a kept token";
    } else if (attempt->outcome == HTTP_NOT_SENT ||
               (is_answer && attempt->status == TOO_MANY_REQUESTS)) { /* [E4] */
        again.wait_ms = jitter_ms(back_off_ms(pace, attempt->number), attempt->chance);
        if (again.wait_ms < attempt->retry_after_ms)
            again.wait_ms = attempt->retry_after_ms;
        again.reason = attempt->outcome == HTTP_NOT_SENT ? "not sent" : "429";
    } else {
        return no; /* the write may have been done [E5 E7], or will never be [E1 E3] */
    }
    return again.wait_ms < attempt->time_left_ms ? again : no;
}
