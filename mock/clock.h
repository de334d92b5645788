/* The one clock object: what time the mock says it is. Nothing else reads the time of day.
 *
 * Moved or stopped by it: token ages, `created`, `Date`, the rate limit, times in the log.
 * Durations and time limits are real, by clock_monotonic_us(). */
#ifndef CLOCK_H
#define CLOCK_H

#include <heymarket/error.h>
#include <stdint.h>
#include <time.h>

enum clock_kind { CLOCK_IS_REAL, CLOCK_IS_OFFSET, CLOCK_IS_FROZEN };

enum { CLOCK_UTC_TEXT = 24, CLOCK_HTTP_DATE_TEXT = 32 };

/* Set before threads start, only read afterwards. A zeroed one is real. */
struct clock {
    enum clock_kind kind;
    int64_t seconds; /* the offset, or the time at which it stands */
};

/* Sets it from "real", "+SECONDS", "-SECONDS" or "@UNIX"; NULL is "real".
 * returns HM_OK; HM_BAD_ARGUMENT with what was expected */
HM_MUST_USE enum hm_code clock_parse(struct clock *clock, const char *spec, struct hm_error *err);

/* Unix time by this clock, rounded down to seconds; in microseconds. */
int64_t clock_now_s(const struct clock *clock);
int64_t clock_now_us(const struct clock *clock);

/* "real", "offset", "frozen". */
const char *clock_kind_name(const struct clock *clock);

/* Unix seconds as RFC 3339 UTC [R5], "2024-04-16T00:00:00Z"; as an HTTP date (RFC 9110 §5.6.7). */
void clock_utc(char out[CLOCK_UTC_TEXT], int64_t unix_s);
void clock_http_date(char out[CLOCK_HTTP_DATE_TEXT], int64_t unix_s);

/* Real time since some moment; only differences mean anything. */
int64_t clock_monotonic_us(void);

/* That clock's time so many seconds from now, for pthread_cond_timedwait(). */
struct timespec clock_monotonic_in(int seconds);

#endif
