#include "contract/rfc3339.h"

#include "support/span.h"

#define DIGITS "0123456789"

enum { LEAP_DAYS_IN_400 = 97, LEAP_DAYS_BEFORE_1970 = 477 };

/* Takes one of the characters off the front. */
static bool take(struct span *text, const char *characters)
{
    if (text->length == 0 || !is_one_of(*text->at, characters))
        return false;
    *text = span_skip(*text, 1);
    return true;
}

static bool take_number(struct span *text, int digits, int least, int most, int *value)
{
    *value = 0;
    for (; digits > 0; digits--) {
        if (!take(text, DIGITS))
            return false;
        *value = *value * 10 + (text->at[-1] - '0');
    }
    return *value >= least && *value <= most;
}

static int days_of(int month, int year)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && is_leap);
}

/* Minutes east of UTC. */
static bool take_offset(struct span *text, int *east)
{
    int hours, minutes;
    bool is_west;

    *east = 0;
    if (take(text, "Zz"))
        return true;
    is_west = take(text, "-");
    if ((!is_west && !take(text, "+")) || !take_number(text, 2, 0, 23, &hours) ||
        !take(text, ":") || !take_number(text, 2, 0, 59, &minutes))
        return false;
    *east = (is_west ? -1 : 1) * (hours * 60 + minutes);
    return true;
}

/* From the first day of 1970 to that of @year, 0 or later. */
static int days_before(int year)
{
    const int passed = year - 1 + 400; /* 400 years have a whole number of days, and no remainder is
                                          negative */

    return (year - 1970) * 365 + passed / 4 - passed / 100 + passed / 400 -
           (LEAP_DAYS_BEFORE_1970 + LEAP_DAYS_IN_400);
}

bool rfc3339_read(int64_t *unix_s, const char *text, size_t length)
{
    enum { DAY_MINUTES = 24 * 60 };
    struct span rest = { text, length };
    int year, month, day, hour, minute, second, east;

    if (!take_number(&rest, 4, 0, 9999, &year) || !take(&rest, "-") ||
        !take_number(&rest, 2, 1, 12, &month) || !take(&rest, "-") ||
        !take_number(&rest, 2, 1, days_of(month, year), &day) || !take(&rest, "Tt") ||
        !take_number(&rest, 2, 0, 23, &hour) || !take(&rest, ":") ||
        !take_number(&rest, 2, 0, 59, &minute) || !take(&rest, ":") ||
        !take_number(&rest, 2, 0, 60, &second))
        return false;
    if (take(&rest, ".")) {
        if (!take(&rest, DIGITS))
            return false;
        while (take(&rest, DIGITS)) {
        }
    }
    if (!take_offset(&rest, &east) || rest.length > 0)
        return false;
    minute += hour * 60 - east;
    if (second == 60 && (minute + DAY_MINUTES) % DAY_MINUTES != DAY_MINUTES - 1)
        return false; /* leap seconds come at 23:59:60 UTC */
    day += days_before(year) - 1;
    while (--month > 0)
        day += days_of(month, year);
    if (unix_s != NULL)
        *unix_s = ((int64_t)day * DAY_MINUTES + minute) * 60 + second;
    return true;
}
