/* The mock's clock, which alone reads the time of day.
 *
 * It can be moved or stopped: token ages, `created`, `Date`, the rate limit, times in the log
 * follow it. Durations and time limits are real, by support/monotonic.h. */
#ifndef MOCK_STORE_CLOCK_H
#define MOCK_STORE_CLOCK_H

#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

enum clock_kind { CLOCK_IS_REAL, CLOCK_IS_OFFSET, CLOCK_IS_FROZEN };

enum { CLOCK_UTC_TEXT = 24, CLOCK_HTTP_DATE_TEXT = 32 };

/* The last second of the year 9999; how far the clock may be moved. */
#define CLOCK_LATEST_S      INT64_C(253402300799)
#define CLOCK_OFFSET_MOST_S (INT64_C(100) * 366 * 86400)

enum {
    CLOCK_ELAPSE_MOST_S = 366 * 86400, /* at once */
    CLOCK_ELAPSES_MAX = 32             /* kept; beyond that the two oldest are merged */
};

/* Time that has passed only for tokens that were signed up to a moment. */
struct clock_elapse {
    int64_t until_s; /* for an iat up to the end of this second */
    int64_t seconds;
};

/* Copied with the state, and not changed once threads can see it. Zeroed: the real clock. */
struct clock {
    enum clock_kind kind;
    int64_t seconds; /* the offset, or the time at which it is frozen */
    size_t elapse_count;
    struct clock_elapse elapses[CLOCK_ELAPSES_MAX]; /* oldest first */
};

/* Sets it from "real", "+SECONDS", "-SECONDS" or "@UNIX"; NULL is "real".
 * returns HM_OK; HM_BAD_ARGUMENT with what was expected */
HM_MUST_USE enum hm_code clock_parse(struct clock *clock, const char *spec, struct hm_error *err);

/* Unix time by this clock, rounded down to seconds; in microseconds. */
int64_t clock_now_s(const struct clock *clock);
int64_t clock_now_us(const struct clock *clock);

/* Time passes for tokens that are already signed: those with an iat up to the present second are
 * judged @seconds (1 to CLOCK_ELAPSE_MOST_S) older from now on, later ones are not. A frozen clock
 * moves on by one second, so that there are later ones. Several elapses add up. After a merge, a
 * token that was signed between the two is judged too old, never too young. */
void clock_elapse(struct clock *clock, int64_t seconds);

/* How much older a token with this iat is than its iat says. */
int64_t clock_elapsed_s(const struct clock *clock, double iat);

/* Has the second after the last clock_elapse() begun, so that it does not apply to new tokens? */
bool clock_is_past_elapses(const struct clock *clock);

/* "real", "offset", "frozen". */
const char *clock_kind_name(const struct clock *clock);

/* Unix seconds as RFC 3339 UTC [R5], "2024-04-16T00:00:00Z"; as an HTTP date (RFC 9110 §5.6.7). */
void clock_utc(char out[CLOCK_UTC_TEXT], int64_t unix_s);
void clock_http_date(char out[CLOCK_HTTP_DATE_TEXT], int64_t unix_s);

#endif
