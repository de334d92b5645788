/* Retry-After (RFC 9110 §10.2.3). */
#include "retry.h"

#include <string.h>

enum { WORDS_MAX = 6, SECOND_MS = 1000, DAY_S = 86400 };
static const int64_t last_second = 253402300799; /* 9999-12-31T23:59:59Z */

/* A date's words: they stand in the same places once blanks, commas and dashes are gone.
 *     Sun 06 Nov 1994 08:49:37 GMT     IMF-fixdate; RFC 850 with two digits for the year
 *     Sun Nov 6 08:49:37 1994          asctime */
struct words {
    struct {
        const char *at;
        size_t length;
    } word[WORDS_MAX];
    size_t count;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void split(struct words *words, const char *text, size_t length)
{
    const char *end = text + length;

    words->count = 0;
    while (text < end) {
        const char *from;

        while (text < end && (*text == ' ' || *text == ',' || *text == '-'))
            text++;
        for (from = text; text < end && *text != ' ' && *text != ',' && *text != '-'; text++) {
        }
        if (text == from)
            break;
        if (words->count == WORDS_MAX) {
            words->count = 0; /* too many: no date */
            return;
        }
        words->word[words->count].at = from;
        words->word[words->count++].length = (size_t)(text - from);
    }
}

/* -1: no number of one to four digits. */
static int number(const struct words *words, size_t index)
{
    const char *at = words->word[index].at;
    size_t length = words->word[index].length;
    int value = 0;

    if (length == 0 || length > 4)
        return -1;
    for (size_t i = 0; i < length; i++) {
        if (!is_digit(at[i]))
            return -1;
        value = value * 10 + (at[i] - '0');
    }
    return value;
}

/* 0 to 11; -1: none. */
static int month(const struct words *words, size_t index)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

    for (size_t i = 0; i < 12; i++) {
        if (words->word[index].length == 3 && memcmp(words->word[index].at, names + 3 * i, 3) == 0)
            return (int)i;
    }
    return -1;
}

/* Seconds of the day from "08:49:37"; -1: none. */
static int time_of_day(const struct words *words, size_t index)
{
    const char *at = words->word[index].at;
    int hour, minute, second;

    if (words->word[index].length != 8 || at[2] != ':' || at[5] != ':')
        return -1;
    for (size_t i = 0; i < 8; i++) {
        if (i % 3 != 2 && !is_digit(at[i]))
            return -1;
    }
    hour = (at[0] - '0') * 10 + (at[1] - '0');
    minute = (at[3] - '0') * 10 + (at[4] - '0');
    second = (at[6] - '0') * 10 + (at[7] - '0');
    if (hour > 23 || minute > 59 || second > 60)
        return -1;
    return hour * 3600 + minute * 60 + second;
}

/* Days from 1970-01-01; a year from 1970 on. */
static int64_t days_since_1970(int year, int month_index, int day)
{
    static const int before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
    int64_t whole = year - 1;
    int64_t leap_days =
        whole / 4 - whole / 100 + whole / 400 - (1969 / 4 - 1969 / 100 + 1969 / 400);
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return (int64_t)(year - 1970) * 365 + leap_days + before[month_index] +
           (is_leap && month_index > 1) + day - 1;
}

/* RFC 9110 §5.6.7: two digits that seem more than 50 years ahead are the last year of that ending.
 */
static int whole_year(int year, size_t digits, int64_t now)
{
    int this_year = 1970 + (int)(now / (365 * (int64_t)DAY_S + DAY_S / 4));

    if (digits != 2)
        return year;
    year += this_year / 100 * 100;
    return year > this_year + 50 ? year - 100 : year;
}

/* Unix seconds of an HTTP date; false: it is none. */
static bool date(int64_t *out, const char *text, size_t length, int64_t now)
{
    struct words words;
    size_t day_at = 1, month_at = 2, year_at = 3, time_at = 4;
    int year, month_index, day, second;

    split(&words, text, length);
    if (words.count == 5) {
        month_at = 1;
        day_at = 2;
        time_at = 3;
        year_at = 4;
    } else if (words.count != 6) {
        return false;
    }
    day = number(&words, day_at);
    month_index = month(&words, month_at);
    year = number(&words, year_at);
    second = time_of_day(&words, time_at);
    if (day < 1 || day > 31 || month_index < 0 || year < 0 || second < 0)
        return false;
    year = whole_year(year, words.word[year_at].length, now);
    if (year < 1970)
        year = 1970; /* has passed anyway */
    *out = days_since_1970(year, month_index, day) * DAY_S + second;
    return true;
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

    while (digits < length && is_digit(value[digits])) {
        int digit = value[digits++] - '0';

        seconds = seconds > (INT64_MAX - digit) / 10 ? INT64_MAX : seconds * 10 + digit;
    }
    if (digits > 0 && digits == length)
        return seconds_to_ms(seconds);
    if (now < 0 || now > last_second || !date(&seconds, value, length, now))
        return RETRY_NO_LOWER_BOUND;
    return seconds_to_ms(seconds - now);
}
