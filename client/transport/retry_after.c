/* Retry-After (RFC 9110 §10.2.3): seconds, or an HTTP date. */
#include "transport/retry.h"

enum { SECOND_MS = 1000 };
static const int64_t last_second = 253402300799; /* 9999-12-31T23:59:59Z */

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
