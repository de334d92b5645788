#include "recipe/marks.h"
#include "support/span.h"
#include "support/uuid.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    AREA_CODES = 800, /* NXX: 200 to 999 */
    AREA_CODE_LEAST = 200,
    LINES = 100, /* 01xx: reserved for fiction */
    TEXT_BYTES_MAX = 1024 * 1024
};

static const char email_mark[] = "$email";
static const char phone_mark[] = "$phone";
static const char type_mark[] = "$type";

bool marks_are_in(const char *text)
{
    return strstr(text, email_mark) != NULL || strstr(text, phone_mark) != NULL ||
           marks_have_type(text);
}

bool marks_have_type(const char *text)
{
    return strstr(text, type_mark) != NULL;
}

bool marks_init(struct marks *marks)
{
    char uuid[UUID_TEXT];

    memset(marks, 0, sizeof *marks);
    if (!uuid_new(uuid))
        return false;
    memcpy(marks->run, uuid, MARK_RUN_TEXT - 1);
    marks->first_phone = (unsigned)strtoul(marks->run, NULL, 16) % (AREA_CODES * LINES);
    marks->phones = marks->first_phone;
    return true;
}

static bool has_address(const struct marks *marks, const char *text)
{
    char start[MARK_TEXT];
    const int length = snprintf(start, sizeof start, "hm-%s-", marks->run);

    while (*text && strncasecmp(text, start, (size_t)length) != 0)
        text++;
    return *text;
}

static unsigned digits_value(const char *digits, size_t count)
{
    unsigned value = 0;

    for (size_t i = 0; i < count; i++)
        value = value * 10 + (unsigned)(digits[i] - '0');
    return value;
}

/* Only its digits count. */
static bool has_number(const struct marks *marks, const char *text)
{
    enum { BEFORE = 3, AFTER = 2, DIGITS_MAX = 64 };
    static const char middle[] = "55501";
    const unsigned made = atomic_load(&marks->phones) - marks->first_phone;
    char digits[DIGITS_MAX];
    size_t count = 0;
    bool is_made = false;

    for (; *text && count < sizeof digits - 1; text++) {
        if (*text >= '0' && *text <= '9')
            digits[count++] = *text;
    }
    digits[count] = '\0';
    for (const char *at = strstr(digits, middle); at != NULL && !is_made;
         at = strstr(at + 1, middle)) {
        if (at - digits < BEFORE || strlen(at) < sizeof middle - 1 + AFTER)
            continue;
        const unsigned area = digits_value(at - BEFORE, BEFORE);
        const unsigned line = digits_value(at + sizeof middle - 1, AFTER);
        const unsigned nth = (area - AREA_CODE_LEAST) * LINES + line + AREA_CODES * LINES;

        is_made =
            area >= AREA_CODE_LEAST && (nth - marks->first_phone - 1) % (AREA_CODES * LINES) < made;
    }
    return is_made;
}

bool marks_made(const struct marks *marks, const char *text)
{
    return has_address(marks, text) || has_number(marks, text);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

void marks_first_type(char text[MARK_TEXT], const struct marks *marks)
{
    snprintf(text, MARK_TEXT, "hm-%s-t0000", marks->run);
}

bool marks_made_type(const struct marks *marks, const char *text)
{
    char start[MARK_TEXT];
    const int length = snprintf(start, sizeof start, "hm-%s-t", marks->run);

    return strncasecmp(text, start, (size_t)length) == 0;
}

/* The length of a number 1NXX55501xx at the start of @text; 0: something else. */
static size_t number_length(const char *text, size_t length)
{
    static const char form[] = "1dddddddddd";
    enum { MIDDLE = 4, NUMBER = sizeof form - 1 };

    if (length < NUMBER || text[0] != '1' || memcmp(text + MIDDLE, "55501", 5) != 0 ||
        (length > NUMBER && is_digit(text[NUMBER])))
        return 0;
    for (size_t i = 1; i < NUMBER; i++) {
        if (!is_digit(text[i]))
            return 0;
    }
    return NUMBER;
}

bool marks_are_a_number(const char *text)
{
    const size_t length = strlen(text);

    return length > 0 && number_length(text, length) == length;
}

bool marks_are_of_other_run(const struct marks *marks, const char *text)
{
    enum { START = 3, AFTER_RUN = START + MARK_RUN_TEXT - 1 };

    return strncasecmp(text, "hm-", START) == 0 &&
           strspn(text + START, "0123456789abcdefABCDEF") == MARK_RUN_TEXT - 1 &&
           text[AFTER_RUN] == '-' && strncasecmp(text + START, marks->run, MARK_RUN_TEXT - 1) != 0;
}

/* The length of an address of this run at the start of @text; 0: something else. */
static size_t address_length(const struct marks *marks, const char *text, size_t length)
{
    static const char end[] = "@example.com";
    char start[MARK_TEXT];
    size_t digits = (size_t)snprintf(start, sizeof start, "hm-%s-", marks->run);

    if (length < digits || strncasecmp(text, start, digits) != 0)
        return 0;
    while (digits < length && is_digit(text[digits]))
        digits++;
    if (digits >= MARK_TEXT - sizeof end || length - digits < sizeof end - 1 ||
        strncasecmp(text + digits, end, sizeof end - 1) != 0)
        return 0;
    return digits + sizeof end - 1;
}

size_t marks_find(const struct marks *marks, const char **text, const char *end)
{
    bool is_in_number = false;
    size_t found = 0;

    for (; *text < end; (*text)++) {
        const size_t length = (size_t)(end - *text);

        found = **text == '1' && !is_in_number   ? number_length(*text, length)
                : **text == 'h' || **text == 'H' ? address_length(marks, *text, length)
                                                 : 0;
        if (found > 0)
            break;
        is_in_number = is_digit(**text);
    }
    return found;
}

static void value_make(char text[MARK_TEXT], char kind, struct marks *run)
{
    if (kind == type_mark[1]) {
        snprintf(text, MARK_TEXT, "hm-%s-t%04u", run->run, atomic_fetch_add(&run->types, 1) + 1);
    } else if (kind == email_mark[1]) {
        snprintf(text, MARK_TEXT, "hm-%s-%u@example.com", run->run,
                 atomic_fetch_add(&run->emails, 1) + 1);
    } else {
        const unsigned number = (atomic_fetch_add(&run->phones, 1) + 1) % (AREA_CODES * LINES);

        snprintf(text, MARK_TEXT, "1%03u55501%02u", AREA_CODE_LEAST + number / LINES,
                 number % LINES);
    }
}

/* The length of the mark at the start of @text, with its number; 0: no mark. */
static size_t mark_length(const char *text, size_t length)
{
    static const struct span marks[] = { { email_mark, sizeof email_mark - 1 },
                                         { phone_mark, sizeof phone_mark - 1 },
                                         { type_mark, sizeof type_mark - 1 } };
    size_t name = 0;
    size_t digits;

    for (size_t i = 0; i < sizeof marks / sizeof *marks && name == 0; i++) {
        if (length >= marks[i].length && memcmp(text, marks[i].at, marks[i].length) == 0)
            name = marks[i].length;
    }
    if (name == 0 || length == name || text[name] != ':')
        return name;
    for (digits = name + 1;
         digits < length && digits < MARK_TEXT - 1 && text[digits] >= '0' && text[digits] <= '9';)
        digits++;
    return digits > name + 1 ? digits : name;
}

static void append_value(struct buf *out, const char *mark, size_t length, struct case_marks *marks)
{
    const bool is_numbered = memchr(mark, ':', length) != NULL;
    char text[MARK_TEXT];
    size_t i;

    for (i = 0; i < marks->count; i++) {
        if (strlen(marks->kept[i].name) == length && memcmp(marks->kept[i].name, mark, length) == 0)
            break;
    }
    if (i < marks->count) {
        buf_puts(out, marks->kept[i].text);
        return;
    }
    value_make(text, mark[1], marks->run);
    buf_puts(out, text);
    if (is_numbered && length < MARK_TEXT && marks->count < MARKS_KEPT_MAX) {
        memcpy(marks->kept[marks->count].name, mark, length);
        marks->kept[marks->count].name[length] = '\0';
        memcpy(marks->kept[marks->count].text, text, sizeof text);
        marks->count++;
    }
}

const char *marks_kept(const struct case_marks *marks, const char *name)
{
    for (size_t i = 0; i < marks->count; i++) {
        if (strcmp(marks->kept[i].name, name) == 0)
            return marks->kept[i].text;
    }
    return NULL;
}

void marks_expand(struct buf *out, const char *text, size_t length, struct case_marks *marks)
{
    buf_puts(out, "");
    for (size_t i = 0; i < length;) {
        size_t mark = mark_length(text + i, length - i);

        if (mark > 0)
            append_value(out, text + i, mark, marks);
        else
            buf_putc(out, text[i]);
        i += mark > 0 ? mark : 1;
    }
}

static json_t *string_expand(json_t *value, struct case_marks *marks)
{
    struct buf text;
    json_t *expanded = NULL;

    buf_init(&text, TEXT_BYTES_MAX);
    marks_expand(&text, json_string_value(value), json_string_length(value), marks);
    if (buf_ok(&text))
        expanded = json_stringn(buf_text(&text), text.length);
    buf_fini(&text);
    return expanded;
}

json_t *marks_expand_json(json_t *value, struct case_marks *marks)
{
    json_t *member;
    const char *key;
    size_t i;
    bool is_done = true;

    if (json_is_string(value))
        return string_expand(value, marks);
    json_t *copy = json_copy(value);
    if (json_is_object(copy)) {
        json_object_foreach (value, key, member)
            is_done =
                json_object_set_new(copy, key, marks_expand_json(member, marks)) == 0 && is_done;
    } else if (json_is_array(copy)) {
        json_array_foreach (value, i, member)
            is_done = json_array_set_new(copy, i, marks_expand_json(member, marks)) == 0 && is_done;
    }
    if (is_done)
        return copy;
    json_decref(copy);
    return NULL;
}
