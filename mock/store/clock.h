/* The one clock object: what time the mock says it is. Nothing else reads the time of day.
 *
 * Moved or stopped by it: token ages, `created`, `Date`, the rate limit, times in the log.
 * Durations and time limits are real, by support/monotonic.h. */
#ifndef MOCK_STORE_CLOCK_H
#define MOCK_STORE_CLOCK_H

#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

enum clock_kind { CLOCK_IS_REAL, CLOCK_IS_OFFSET, CLOCK_IS_FROZEN };

enum { CLOCK_UTC_TEXT = 24, CLOCK_HTTP_DATE_TEXT = 32 };

/* The last moment that has a four-digit year, and how far the clock may be moved. */
#define CLOCK_LATEST_S      INT64_C(253402300799)
#define CLOCK_OFFSET_MOST_S (INT64_C(100) * 366 * 86400)

enum {
    CLOCK_ELAPSE_MOST_S = 366 * 86400, /* at once */
    CLOCK_ELAPSES_MAX = 32             /* kept apart; beyond that the two oldest become one */
};

/* Time that has passed only for what was signed up to a moment. */
struct clock_elapse {
    int64_t until_s; /* for an iat up to the end of this second */
    int64_t seconds;
};

/* A value: copied with the state, and not changed once threads can see it. A zeroed one is real. */
struct clock {
    enum clock_kind kind;
    int64_t seconds; /* the offset, or the time at which it stands */
    size_t elapse_count;
    struct clock_elapse elapses[CLOCK_ELAPSES_MAX]; /* oldest first */
};

/* Sets it from "real", "+SECONDS", "-SECONDS" or "@UNIX"; NULL is "real".
 * returns HM_OK; HM_BAD_ARGUMENT with what was expected */
HM_MUST_USE enum hm_code clock_parse(struct clock *clock, const char *spec, struct hm_error *err);

/* Unix time by this clock, rounded down to seconds; in microseconds. */
int64_t clock_now_s(const struct clock *clock);
int64_t clock_now_us(const struct clock *clock);

/* Time passes for what is already signed: tokens with an iat up to the present second are judged
 * @seconds (1 to CLOCK_ELAPSE_MOST_S) older from now on, those signed later as they are. A clock
 * that stands still moves one second on, so that there is a later. Several add up. Where two had to
 * become one, a token signed between them is judged older than it need be, never younger. */
void clock_elapse(struct clock *clock, int64_t seconds);

/* By how much a token with this iat is older than it says; 0: not at all. */
int64_t clock_elapsed_s(const struct clock *clock, double iat);

/* Has the second after the last clock_elapse() begun? A token signed now is judged as it is. */
bool clock_is_past_elapses(const struct clock *clock);

/* "real", "offset", "frozen". */
const char *clock_kind_name(const struct clock *clock);

/* Unix seconds as RFC 3339 UTC [R5], "2024-04-16T00:00:00Z"; as an HTTP date (RFC 9110 §5.6.7). */
void clock_utc(char out[CLOCK_UTC_TEXT], int64_t unix_s);
void clock_http_date(char out[CLOCK_HTTP_DATE_TEXT], int64_t unix_s);

#endif
