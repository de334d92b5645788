#include "contract/iat_unit.h"

#include <math.h>
#include <stddef.h>

enum {
    DAY_S = 86400,
    NEAR_S = 2 * DAY_S, /* a local time is off by 14 hours, a token may be looked at a day later */
    NOT_FAR_S = 400 * DAY_S,
    STALE_S = 100 * DAY_S, /* a number that meant a moment before that is rather an uptime */
    UPTIME_MAX_S = 2 * 365 * DAY_S
};

static const struct {
    const char *unit;
    double unit_s, epoch_s; /* the epoch in Unix seconds */
} units[] = {
    { "minutes since 1970", 60, 0 },
    { "hours since 1970", 3600, 0 },
    { "days since 1970", 86400, 0 },
    { "days since 1899-12-30, as spreadsheets count them", 86400, -2209161600 },
    { "days since 1904, as spreadsheets with the 1904 date system count them", 86400, -2082844800 },
    { "Julian days", 86400, -210866760000 },
    { "modified Julian days", 86400, -3506716800 },
    { "seconds since 2001, as Apple counts them", 1, 978307200 },
    { "milliseconds since 2001", 1e-3, 978307200 },
    { "seconds since 2000", 1, 946684800 },
    { "seconds since 1980-01-06, as GPS counts them", 1, 315964800 },
    { "seconds since 1904, as Mac OS 9 counted them", 1, -2082844800 },
    { "seconds since 1900, as NTP counts them", 1, -2208988800 },
    { "seconds since 1601, as Windows counts them", 1, -11644473600 },
    { "milliseconds since 1601, as Windows counts them", 1e-3, -11644473600 },
    { "seconds since the year 1, as .NET counts them", 1, -62135596800 },
    { "milliseconds since the year 1, as .NET counts them", 1e-3, -62135596800 },
    { ".NET's ticks of 100 ns since the year 1", 1e-7, -62135596800 },
    { "Windows file time, 100 ns since 1601", 1e-7, -11644473600 },
    { "units of 100 ns since 1970", 1e-7, 0 },
    { "tenths of a second since 1970", 0.1, 0 },
    { "hundredths of a second since 1970", 0.01, 0 },
};

/* Days from 1970-01-01 to a date of the Gregorian calendar. */
static int64_t days_to(int64_t year, int64_t month, int64_t day)
{
    int64_t from_march = (month + 9) % 12;
    int64_t years = year - (month <= 2);

    return years * 365 + years / 4 - years / 100 + years / 400 + (153 * from_march + 2) / 5 + day -
           1 - 719468;
}

/* The two digits of @value above its last @below ones. */
static int64_t two_digits(int64_t value, int64_t below)
{
    return value / below % 100;
}

/* YYYYMMDD, YYYYMMDDhhmm or YYYYMMDDhhmmss. */
static bool read_digits(double *unix_s, double value)
{
    int64_t digits;

    if (value != floor(value) || value < 19700101 || value > 99991231235959)
        return false;
    digits = (int64_t)value;
    if (digits < 100000000)
        digits *= 1000000;
    else if (digits >= 100000000000 && digits < 1000000000000)
        digits *= 100;
    if (digits < 19700101000000)
        return false;

    int64_t month = two_digits(digits, 100000000), day = two_digits(digits, 1000000);
    int64_t hour = two_digits(digits, 10000), minute = two_digits(digits, 100);
    int64_t second = digits % 100;

    *unix_s = (double)(days_to(digits / 10000000000, month, day) * 86400 + hour * 3600 +
                       minute * 60 + second);
    return month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 24 && minute < 60 &&
           second < 60;
}

/* The reading that is nearest to @now, if it is at most @near_s away. */
static bool read_near(struct iat_reading *reading, double value, double now, double near_s)
{
    double unix_s;

    *reading = (struct iat_reading){ NULL, 0, 0 };
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        unix_s = units[i].epoch_s + value * units[i].unit_s;
        if (fabs(unix_s - now) > near_s)
            continue;
        near_s = fabs(unix_s - now);
        *reading = (struct iat_reading){ units[i].unit, units[i].unit_s, unix_s };
    }
    if (reading->unit == NULL && read_digits(&unix_s, value) && fabs(unix_s - now) <= near_s)
        *reading = (struct iat_reading){ "the digits of a date", 0, unix_s };
    return reading->unit != NULL;
}

bool iat_reading_find(struct iat_reading *reading, double value, int64_t now)
{
    return fabs((double)now - value) > NOT_FAR_S && read_near(reading, value, (double)now, NEAR_S);
}

bool iat_is_uptime(double value, int64_t now)
{
    struct iat_reading other;

    return value > 0 && value < UPTIME_MAX_S && !read_near(&other, value, (double)now, STALE_S);
}
