#include "support/text.h"
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Longer names are never near to anything; keeps text_nearest() on the stack. */
enum { NEAREST_BYTES_MAX = 63 };

static char lower(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c - 'A' + 'a');
    return c;
}

bool text_to_int64(int64_t *value, const char *text, int64_t least, int64_t most)
{
    const char *digits = text + (*text == '+' || *text == '-');
    long long number;

    if (*digits == '\0' || strspn(digits, "0123456789") != strlen(digits))
        return false;
    errno = 0;
    number = strtoll(text, NULL, 10);
    if (errno != 0 || number < least || number > most)
        return false;
    *value = number;
    return true;
}

const signed char hex_values[256] = {
    /* clang-format off */
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, -1, -1, -1, -1, -1, -1,
    -1, 10, 11, 12, 13, 14, 15, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, 10, 11, 12, 13, 14, 15, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    /* clang-format on */
};

bool text_equal_nocase_whole(const char *a, const char *b)
{
    for (size_t i = 0; a[i] == b[i] || lower(a[i]) == lower(b[i]); i++) {
        if (a[i] == '\0')
            return true;
    }
    return false;
}

bool text_lists_word(const char *list, const char *word)
{
    static const char between[] = ", \t";
    size_t length;

    for (list += strspn(list, between); *list != '\0';
         list += length + strspn(list + length, between)) {
        length = strcspn(list, between);
        if (length == strlen(word) && strncasecmp(list, word, length) == 0)
            return true;
    }
    return false;
}

bool text_matches_glob(const char *text, const char *pattern)
{
    const char *star = NULL, *resume = NULL;

    /* After a mismatch the last '*' takes one byte more: no recursion, at worst length squared. */
    while (*text != '\0') {
        if (*pattern == '*') {
            star = ++pattern;
            resume = text;
        } else if (*pattern == '?' || *pattern == *text) {
            pattern++;
            text++;
        } else if (star != NULL) {
            pattern = star;
            text = ++resume;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

static size_t least_of(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Letters to insert, drop, change or swap with their neighbour; case does not count. Both at most
 * NEAREST_BYTES_MAX long. */
static size_t edit_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t rows[3][NEAREST_BYTES_MAX + 1];
    size_t *before = rows[0], *last = rows[1], *now = rows[2], *spare;

    for (size_t j = 0; j <= b_length; j++)
        last[j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        now[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            char x = lower(a[i - 1]), y = lower(b[j - 1]);

            now[j] = least_of(last[j - 1] + (x != y), least_of(last[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && x == lower(b[j - 2]) && y == lower(a[i - 2]))
                now[j] = least_of(now[j], before[j - 2] + 1);
        }
        spare = before;
        before = last;
        last = now;
        now = spare;
    }
    return last[b_length];
}

const char *text_nearest(const char *text, const char *const *names)
{
    const char *nearest = NULL;
    size_t length = strlen(text), least = SIZE_MAX;

    if (length > NEAREST_BYTES_MAX)
        return NULL;
    for (; *names != NULL; names++) {
        size_t name_length = strlen(*names), distance;

        if (name_length > NEAREST_BYTES_MAX)
            continue;
        distance = edit_distance(text, length, *names, name_length);
        if (distance * 3 <= name_length && distance < least) {
            least = distance;
            nearest = *names;
        }
    }
    return nearest;
}

size_t utf8_sequence(const char *text, size_t length)
{
    const unsigned char *s = (const unsigned char *)text;
    unsigned char least = 0x80, most = 0xBF; /* of the second byte */
    size_t bytes;

    if (length == 0)
        return 0;
    if (s[0] < 0x80)
        return 1;
    if (s[0] < 0xC2 || s[0] > 0xF4) /* C0, C1: over-long; above F4: beyond U+10FFFF */
        return 0;
    bytes = s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;
    if (bytes > length)
        return 0;
    if (s[0] == 0xE0)
        least = 0xA0; /* over-long */
    else if (s[0] == 0xED)
        most = 0x9F; /* surrogates */
    else if (s[0] == 0xF0)
        least = 0x90; /* over-long */
    else if (s[0] == 0xF4)
        most = 0x8F; /* beyond U+10FFFF */
    if (s[1] < least || s[1] > most)
        return 0;
    for (size_t i = 2; i < bytes; i++)
        if (s[i] < 0x80 || s[i] > 0xBF)
            return 0;
    return bytes;
}

/* RFC 3339 has four digits for the year. */
static const int64_t first_utc_s = -62167219200; /* 0000-01-01T00:00:00Z */
static const int64_t last_utc_s = 253402300799;  /* 9999-12-31T23:59:59Z */

/* Writes @count decimal digits. */
static void put_digits(char *out, int count, int64_t value)
{
    for (; count > 0; value /= 10)
        out[--count] = (char)('0' + value % 10);
}

bool has_utc(double unix_s)
{
    return unix_s >= (double)first_utc_s && unix_s < (double)last_utc_s + 1;
}

void append_utc(struct buf *out, int64_t unix_s)
{
    enum { DAY_S = 86400, DAYS_IN_400_YEARS = 146097 };
    int64_t days, second, year_of_era, day, month, year;
    char text[] = "0000-00-00T00:00:00Z";

    if (unix_s < first_utc_s || unix_s > last_utc_s) {
        buf_printf(out, "%" PRId64, unix_s);
        return;
    }
    /* Days since 1 March of the year -400, so that leap days end years and nothing is negative.
     * gmtime_r() would take a lock of the whole process. */
    days = (unix_s - first_utc_s) / DAY_S + DAYS_IN_400_YEARS - 60;
    second = (unix_s - first_utc_s) % DAY_S;
    year = days / DAYS_IN_400_YEARS * 400 - 400;
    day = days % DAYS_IN_400_YEARS;
    year_of_era = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    day -= 365 * year_of_era + year_of_era / 4 - year_of_era / 100;
    month = (5 * day + 2) / 153; /* 0: March */
    day = day - (153 * month + 2) / 5 + 1;
    year += year_of_era + (month >= 10);
    month = month < 10 ? month + 3 : month - 9;
    put_digits(text, 4, year);
    put_digits(text + 5, 2, month);
    put_digits(text + 8, 2, day);
    put_digits(text + 11, 2, second / 3600);
    put_digits(text + 14, 2, second / 60 % 60);
    put_digits(text + 17, 2, second % 60);
    buf_add(out, text, sizeof text - 1);
}
