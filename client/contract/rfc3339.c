/* RFC 3339 §5.6 date-time [R5]. */
#include "contract/channel_answer.h"

#include <string.h>
#include <time.h>

/* A text that is read from the left; a failure stays. */
struct scan {
    const char *at;
    const char *end;
    bool failed;
};

static bool accept_one_of(struct scan *scan, const char *characters)
{
    if (scan->failed || scan->at == scan->end || *scan->at == '\0' ||
        strchr(characters, *scan->at) == NULL)
        return false;
    scan->at++;
    return true;
}

static void expect_one_of(struct scan *scan, const char *characters)
{
    if (!accept_one_of(scan, characters))
        scan->failed = true;
}

static int number(struct scan *scan, int digits, int least, int most)
{
    int value = 0;

    for (; digits > 0; digits--) {
        if (scan->failed || scan->at == scan->end || *scan->at < '0' || *scan->at > '9') {
            scan->failed = true;
            return 0;
        }
        value = value * 10 + (*scan->at++ - '0');
    }
    if (value < least || value > most)
        scan->failed = true;
    return value;
}

static int days_of(int month, int year)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && is_leap);
}

static void full_date(struct scan *scan, struct tm *date)
{
    int year, month;

    year = number(scan, 4, 0, 9999);
    expect_one_of(scan, "-");
    month = number(scan, 2, 1, 12);
    expect_one_of(scan, "-");
    date->tm_year = year - 1900;
    date->tm_mon = month - 1;
    if (!scan->failed)
        date->tm_mday = number(scan, 2, 1, days_of(month, year));
}

/* Minutes east of UTC. */
static int offset(struct scan *scan)
{
    int sign, hours, minutes;

    if (accept_one_of(scan, "Zz"))
        return 0;
    sign = accept_one_of(scan, "-") ? -1 : 1;
    if (sign == 1)
        expect_one_of(scan, "+");
    hours = number(scan, 2, 0, 23);
    expect_one_of(scan, ":");
    minutes = number(scan, 2, 0, 59);
    return sign * (hours * 60 + minutes);
}

/* The offset is taken off, so that what is left is UTC; fractions are rounded down. */
static void full_time(struct scan *scan, struct tm *date)
{
    enum { DAY_MINUTES = 24 * 60 };
    int hour, minute, second, east;

    hour = number(scan, 2, 0, 23);
    expect_one_of(scan, ":");
    minute = number(scan, 2, 0, 59);
    expect_one_of(scan, ":");
    second = number(scan, 2, 0, 60);
    if (accept_one_of(scan, ".")) {
        expect_one_of(scan, "0123456789");
        while (accept_one_of(scan, "0123456789")) {
        }
    }
    east = offset(scan);
    if (second == 60 && (hour * 60 + minute - east + DAY_MINUTES) % DAY_MINUTES != DAY_MINUTES - 1)
        scan->failed = true; /* leap seconds come at 23:59:60 UTC */
    date->tm_hour = hour;
    date->tm_min = minute - east;
    date->tm_sec = second;
}

bool rfc3339_read(int64_t *unix_s, const char *text, size_t length)
{
    struct scan scan = { text, text + length, false };
    struct tm date = { .tm_mday = 1 };

    full_date(&scan, &date);
    expect_one_of(&scan, "Tt");
    full_time(&scan, &date);
    if (scan.failed || scan.at != scan.end)
        return false;
    if (unix_s != NULL)
        *unix_s = (int64_t)timegm(&date);
    return true;
}

bool is_rfc3339(const char *text, size_t length)
{
    return rfc3339_read(NULL, text, length);
}
