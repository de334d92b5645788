#include "transport/retry.h"

#include "transport/http.h"
#include <heymarket/client.h>

enum { TOO_MANY_REQUESTS = 429, UNAUTHORIZED = 401, REQUEST_TIMEOUT = 408, SECOND_MS = 1000 };

static const int64_t last_second = 253402300799; /* 9999-12-31T23:59:59Z */

/* A random time from 0 to the limit for this attempt ("full jitter"), so that clients that failed
 * together do not come back together. */
static int64_t back_off_ms(const struct retry_pace *pace, int number, uint64_t chance)
{
    int64_t most = pace->first_ms;

    for (int n = 1; n < number && most < pace->most_ms; n++)
        most *= 2;
    if (most > pace->most_ms)
        most = pace->most_ms;
    return (int64_t)(chance % ((uint64_t)most + 1));
}

/* Why the request may be sent again after a wait; NULL: it may not. */
static const char *reason_to_wait(const struct retry_attempt *attempt)
{
    if (attempt->outcome == HTTP_NOT_SENT)
        return "not sent";
    if (attempt->outcome == HTTP_ANSWERED && attempt->status == TOO_MANY_REQUESTS) /* [E4] */
        return "429";
    if (!attempt->is_safe)
        return NULL; /* the write may have been done [E5 E7], or never will be [E1 E3] */
    if (attempt->outcome == HTTP_NO_ANSWER)
        return "no answer";
    if (attempt->outcome != HTTP_ANSWERED)
        return NULL;
    switch (attempt->status) {
    case REQUEST_TIMEOUT:
        return "408";
    case 500:
    case 502:
    case 503:
    case 504:
        return "5xx"; /* [E5] */
    default:
        return NULL;
    }
}

struct retry_decision retry_decide(const struct retry_attempt *attempt,
                                   const struct retry_pace *pace)
{
    static const struct retry_decision no = { false, false, 0, "" };
    struct retry_decision again = { true, false, 0, "" };
    bool is_answer = attempt->outcome == HTTP_ANSWERED;
    int64_t needed_ms = attempt->took_ms;

    if (needed_ms < RETRY_NEEDS_LEAST_MS)
        needed_ms = RETRY_NEEDS_LEAST_MS;
    else if (needed_ms > RETRY_NEEDS_MOST_MS)
        needed_ms = RETRY_NEEDS_MOST_MS;
    if (attempt->number >= HM_ATTEMPTS_MAX || attempt->is_untrusted)
        return no;
    if (is_answer && attempt->status == UNAUTHORIZED && attempt->was_token_kept &&
        !attempt->had_new_token) {
        again.needs_new_token = true;
        again.reason = "401 to a kept token";
    } else if (reason_to_wait(attempt) != NULL) {
        again.wait_ms = back_off_ms(pace, attempt->number, attempt->chance);
        if (again.wait_ms < attempt->retry_after_ms)
            again.wait_ms = attempt->retry_after_ms;
        again.reason = reason_to_wait(attempt);
    } else {
        return no;
    }
    return again.wait_ms + needed_ms < attempt->time_left_ms ? again : no;
}

static int64_t seconds_to_ms(int64_t seconds)
{
    if (seconds < 0)
        return 0;
    return seconds > INT64_MAX / SECOND_MS ? INT64_MAX : seconds * SECOND_MS;
}

int64_t retry_after_ms(const char *value, size_t length, int64_t now)
{
    int64_t seconds = 0;
    size_t digits = 0;

    for (; digits < length && value[digits] >= '0' && value[digits] <= '9'; digits++) {
        int digit = value[digits] - '0';

        seconds = seconds > (INT64_MAX - digit) / 10 ? INT64_MAX : seconds * 10 + digit;
    }
    if (digits > 0 && digits == length)
        return seconds_to_ms(seconds);
    if (now < 0 || now > last_second || !http_date_read(&seconds, value, length))
        return RETRY_NO_LOWER_BOUND;
    return seconds_to_ms(seconds - now);
}
