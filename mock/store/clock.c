#include "store/clock.h"

#include "support/text.h"
#include <string.h>
#include <time.h>

enum { US_PER_S = 1000000 };

enum hm_code clock_parse(struct clock *clock, const char *spec, struct hm_error *err)
{
    *clock = (struct clock){ .kind = CLOCK_IS_REAL };
    if (spec == NULL || strcmp(spec, "real") == 0)
        return HM_OK;
    if (spec[0] == '@' && spec[1] >= '0' && spec[1] <= '9' &&
        text_to_int64(&clock->seconds, spec + 1, 0, CLOCK_LATEST_S)) {
        clock->kind = CLOCK_IS_FROZEN;
        return HM_OK;
    }
    if ((spec[0] == '+' || spec[0] == '-') &&
        text_to_int64(&clock->seconds, spec, -CLOCK_OFFSET_MOST_S, CLOCK_OFFSET_MOST_S)) {
        clock->kind = CLOCK_IS_OFFSET;
        return HM_OK;
    }
    return hm_error_set(err, HM_BAD_ARGUMENT,
                        "--clock %s: expected real, +SECONDS, -SECONDS, or @UNIX, such as "
                        "+301 or @1713225600",
                        spec);
}

int64_t clock_now_us(const struct clock *clock)
{
    struct timespec now;

    if (clock->kind == CLOCK_IS_FROZEN)
        return clock->seconds * US_PER_S;
    clock_gettime(CLOCK_REALTIME, &now);
    return (now.tv_sec + clock->seconds) * US_PER_S + now.tv_nsec / 1000;
}

int64_t clock_now_s(const struct clock *clock)
{
    int64_t us = clock_now_us(clock);

    return us >= 0 ? us / US_PER_S : -((-us + US_PER_S - 1) / US_PER_S);
}

/* Merges the two oldest entries. */
static void oldest_merge(struct clock *clock)
{
    struct clock_elapse *oldest = clock->elapses, *second = clock->elapses + 1;

    second->seconds += oldest->seconds;
    if (second->until_s < oldest->until_s)
        second->until_s = oldest->until_s;
    clock->elapse_count--;
    memmove(oldest, second, clock->elapse_count * sizeof *oldest);
}

void clock_elapse(struct clock *clock, int64_t seconds)
{
    int64_t now_s = clock_now_s(clock);

    if (clock->elapse_count == CLOCK_ELAPSES_MAX)
        oldest_merge(clock);
    clock->elapses[clock->elapse_count++] = (struct clock_elapse){ now_s, seconds };
    if (clock->kind == CLOCK_IS_FROZEN && clock->seconds < CLOCK_LATEST_S)
        clock->seconds++;
}

int64_t clock_elapsed_s(const struct clock *clock, double iat)
{
    int64_t passed_s = 0;

    for (size_t i = 0; i < clock->elapse_count; i++) {
        if (iat < (double)clock->elapses[i].until_s + 1)
            passed_s += clock->elapses[i].seconds;
    }
    return passed_s;
}

bool clock_is_past_elapses(const struct clock *clock)
{
    int64_t now_s = clock_now_s(clock);

    for (size_t i = 0; i < clock->elapse_count; i++) {
        if (now_s <= clock->elapses[i].until_s)
            return false;
    }
    return true;
}

const char *clock_kind_name(const struct clock *clock)
{
    static const char *const names[] = { "real", "offset", "frozen" };

    return names[clock->kind];
}

static struct tm utc(int64_t unix_s)
{
    time_t t = (time_t)unix_s;
    struct tm parts;

    memset(&parts, 0, sizeof parts);
    gmtime_r(&t, &parts);
    return parts;
}

void clock_utc(char out[CLOCK_UTC_TEXT], int64_t unix_s)
{
    struct tm parts = utc(unix_s);

    strftime(out, CLOCK_UTC_TEXT, "%Y-%m-%dT%H:%M:%SZ", &parts);
}

/* The program never calls setlocale(), so the names are English. */
void clock_http_date(char out[CLOCK_HTTP_DATE_TEXT], int64_t unix_s)
{
    struct tm parts = utc(unix_s);

    strftime(out, CLOCK_HTTP_DATE_TEXT, "%a, %d %b %Y %H:%M:%S GMT", &parts);
}
