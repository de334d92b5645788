#include "support/text.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

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
    while (*a != '\0' && (*a == *b || lower(*a) == lower(*b))) {
        a++;
        b++;
    }
    return *a == *b;
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
