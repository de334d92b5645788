#include "contract/key_slips.h"

#include "contract/hmac.h"
#include "support/text.h"
#include <stdio.h>

/* What each character is replaced with by people and by programs that read pictures; Cyrillic (and
 * a few Greek) letters look exactly like the Latin ones. Separated by spaces. */
static const struct {
    char meant;
    const char *alike;
} look_alikes[] = {
    { '0', "O o \xD0\x9E" },
    { 'O', "0 o \xD0\x9E" },
    { 'o', "0 O \xD0\xBE" },
    { '1', "l I i" },
    { 'l', "1 I i" },
    { 'I', "l 1 \xD0\x86" },
    { 'i', "1 l \xD1\x96" },
    { '5', "S" },
    { 'S', "5 \xD0\x85" },
    { 's', "\xD1\x95" },
    { '8', "B" },
    { 'B', "8 \xD0\x92" },
    { '2', "Z" },
    { 'Z', "2 \xCE\x96" },
    { '6', "b G" },
    { 'b', "6" },
    { 'G', "6" },
    { '9', "g q" },
    { 'g', "9 q" },
    { 'q', "9 g" },
    { 'a', "\xD0\xB0" },
    { 'c', "\xD1\x81" },
    { 'e', "\xD0\xB5" },
    { 'j', "\xD1\x98" },
    { 'p', "\xD1\x80" },
    { 'x', "\xD1\x85" },
    { 'y', "\xD1\x83" },
    { 'A', "\xD0\x90" },
    { 'C', "\xD0\xA1" },
    { 'E', "\xD0\x95" },
    { 'H', "\xD0\x9D" },
    { 'J', "\xD0\x88" },
    { 'K', "\xD0\x9A" },
    { 'M', "\xD0\x9C" },
    { 'N', "\xCE\x9D" },
    { 'P', "\xD0\xA0" },
    { 'T', "\xD0\xA2" },
    { 'X', "\xD0\xA5" },
    { 'Y', "\xD0\xA3" },
    { '-', "\xE2\x80\x93 \xE2\x80\x91" },
};

/* Dashes (hyphen, non-breaking hyphen, figure dash, en dash, em dash, minus, small and full-width
 * hyphen) that programs for text put in place of all hyphens, and the no-break space for all
 * spaces.
 */
static const struct {
    char meant;
    const char *alike, *name;
} all_alike[] = {
    { '-', "\xE2\x80\x93", "en dashes (U+2013)" },
    { '-', "\xE2\x80\x91", "non-breaking hyphens (U+2011)" },
    { '-', "\xE2\x80\x90", "hyphens U+2010" },
    { '-', "\xE2\x88\x92", "minus signs (U+2212)" },
    { '-', "\xE2\x80\x94", "em dashes (U+2014)" },
    { '-', "\xE2\x80\x92", "figure dashes (U+2012)" },
    { '-', "\xEF\xBC\x8D", "full-width hyphens (U+FF0D)" },
    { '-', "\xEF\xB9\xA3", "small hyphens (U+FE63)" },
    { ' ', "\xC2\xA0", "no-break spaces (U+00A0)" },
};

static const struct {
    const char *text, *name;
    enum hm_mistake mistake;
} invisible[] = {
    { "\xE2\x80\x8B", "a zero-width space (U+200B)", HM_J5_SECRET_INVISIBLE_CHARACTER },
    { "\xC2\xAD", "a soft hyphen (U+00AD)", HM_J5_SECRET_INVISIBLE_CHARACTER },
    { "\xC2\xA0", "a no-break space (U+00A0)", HM_J5_SECRET_INVISIBLE_CHARACTER },
    { " ", "a space", HM_J5_SECRET_WHITESPACE },
    { "\n", "a line break", HM_J5_SECRET_WHITESPACE },
    { "\xE2\x80\x8D", "a zero-width joiner (U+200D)", HM_J5_SECRET_INVISIBLE_CHARACTER },
    { "\xE2\x80\x8C", "a zero-width non-joiner (U+200C)", HM_J5_SECRET_INVISIBLE_CHARACTER },
    { "\xEF\xBB\xBF", "a byte-order mark (U+FEFF)", HM_J5_SECRET_INVISIBLE_CHARACTER },
    { "\xE2\x81\xA0", "a word joiner (U+2060)", HM_J5_SECRET_INVISIBLE_CHARACTER },
    { "\xE2\x80\x8E", "a left-to-right mark (U+200E)", HM_J5_SECRET_INVISIBLE_CHARACTER },
};

enum {
    LOOK_ALIKES = sizeof look_alikes / sizeof look_alikes[0],
    ALL_ALIKE = sizeof all_alike / sizeof all_alike[0],
    INVISIBLE = sizeof invisible / sizeof invisible[0],
    MADE_TEXT = 120
};

struct slips {
    unsigned char text[SLIP_SECRET_MAX]; /* ID||KEY */
    size_t length, id_length;
    key_try_fn *try;
    void *context;
    bool is_over;
};

static bool slips_start(struct slips *slips, const char *id, const char *key, key_try_fn *try,
                        void *context)
{
    size_t id_length = strlen(id), key_length = strlen(key);

    *slips = (struct slips){ .id_length = id_length, .try = try, .context = context };
    if (id_length + 2 + key_length > sizeof slips->text)
        return false;
    memcpy(slips->text, id, id_length);
    memcpy(slips->text + id_length, "||", 2);
    memcpy(slips->text + id_length + 2, key, key_length);
    slips->length = id_length + 2 + key_length;
    return true;
}

/* Bytes of the character at @at; 0: it is one of the two pipes. */
static size_t character(const struct slips *slips, size_t at)
{
    size_t bytes = utf8_sequence((const char *)slips->text + at, slips->length - at);

    if (at == slips->id_length || at == slips->id_length + 1)
        return 0;
    return bytes > 0 ? bytes : 1;
}

/* "character 5 of the key" */
static const char *place_of(char out[MADE_TEXT], const struct slips *slips, size_t at)
{
    bool is_in_id = at < slips->id_length;
    size_t number = 1;

    for (size_t i = is_in_id ? 0 : slips->id_length + 2; i < at; i++)
        number += (slips->text[i] & 0xC0U) != 0x80U;
    (void)snprintf(out, MADE_TEXT, "character %zu of the %s", number, is_in_id ? "ID" : "key");
    return out;
}

/* Tries the text with @put in place of @removed bytes at @at. */
static void try_edit(struct slips *slips, size_t at, size_t removed, struct span put,
                     enum hm_mistake mistake, const char *made)
{
    unsigned char bytes[SLIP_SECRET_MAX + 8];
    size_t rest = slips->length - at - removed;

    memcpy(bytes, slips->text, at);
    memcpy(bytes + at, put.at, put.length);
    memcpy(bytes + at + put.length, slips->text + at + removed, rest);
    slips->is_over = !slips->try(slips->context, bytes, at + put.length + rest, mistake, made);
    bytes_wipe(bytes, sizeof bytes);
}

static void try_lost_and_doubled(struct slips *slips)
{
    char place[MADE_TEXT], made[MADE_TEXT];
    size_t bytes;

    for (size_t at = 0; at < slips->length && !slips->is_over; at += bytes > 0 ? bytes : 1) {
        bytes = character(slips, at);
        if (bytes == 0)
            continue;
        (void)snprintf(made, sizeof made, "ID||KEY without %s", place_of(place, slips, at));
        try_edit(slips, at, bytes, (struct span){ "", 0 }, HM_J5_SECRET_CHARACTER_LOST, made);
        if (slips->is_over)
            break;
        (void)snprintf(made, sizeof made, "ID||KEY with %s doubled", place_of(place, slips, at));
        try_edit(slips, at, 0, (struct span){ (const char *)slips->text + at, bytes },
                 HM_J5_SECRET_CHARACTER_DOUBLED, made);
    }
}

/* The next of the texts that are separated by spaces; empty after the last. */
static struct span next_alike(const char **list)
{
    struct span text = { *list, strcspn(*list, " ") };

    *list += text.length + ((*list)[text.length] == ' ');
    return text;
}

static const char *alike_of(unsigned char meant)
{
    for (size_t i = 0; i < LOOK_ALIKES; i++) {
        if ((unsigned char)look_alikes[i].meant == meant)
            return look_alikes[i].alike;
    }
    return "";
}

static void try_look_alikes(struct slips *slips)
{
    char place[MADE_TEXT], made[MADE_TEXT];

    for (size_t at = 0; at < slips->length && !slips->is_over; at++) {
        const char *list = character(slips, at) > 0 ? alike_of(slips->text[at]) : "";

        (void)snprintf(made, sizeof made, "ID||KEY with %s replaced by one that looks like it",
                       place_of(place, slips, at));
        for (struct span text = next_alike(&list); text.length > 0 && !slips->is_over;
             text = next_alike(&list))
            try_edit(slips, at, 1, text, HM_J5_SECRET_LOOK_ALIKE, made);
    }
}

static void try_all_alike(struct slips *slips)
{
    for (size_t i = 0; i < ALL_ALIKE && !slips->is_over; i++) {
        unsigned char bytes[3 * SLIP_SECRET_MAX];
        char made[MADE_TEXT];
        size_t length = 0;

        if (memchr(slips->text, all_alike[i].meant, slips->length) == NULL)
            continue;
        for (size_t at = 0; at < slips->length; at++) {
            size_t put = strlen(all_alike[i].alike);

            if (slips->text[at] == (unsigned char)all_alike[i].meant) {
                memcpy(bytes + length, all_alike[i].alike, put);
                length += put;
            } else {
                bytes[length++] = slips->text[at];
            }
        }
        (void)snprintf(made, sizeof made, "ID||KEY with %s in place of all %s", all_alike[i].name,
                       all_alike[i].meant == '-' ? "hyphens" : "spaces");
        slips->is_over = !slips->try(slips->context, bytes, length, HM_J5_SECRET_LOOK_ALIKE, made);
        bytes_wipe(bytes, length);
    }
}

void key_slips_try(const char *id, const char *key, key_try_fn *try, void *context)
{
    struct slips slips;

    if (slips_start(&slips, id, key, try, context)) {
        try_lost_and_doubled(&slips);
        try_all_alike(&slips);
        try_look_alikes(&slips);
    }
    bytes_wipe(&slips, sizeof slips);
}

/* Before each character from @from on, up to and with @until. */
static void try_invisible_in(struct slips *slips, size_t kind, size_t from, size_t until)
{
    struct span put = { invisible[kind].text, strlen(invisible[kind].text) };
    char place[MADE_TEXT], made[MADE_TEXT];
    size_t bytes;

    for (size_t at = from; at <= until && !slips->is_over; at += bytes > 0 ? bytes : 1) {
        bytes = character(slips, at);
        if (bytes > 0)
            (void)snprintf(made, sizeof made, "ID||KEY with %s before %s", invisible[kind].name,
                           place_of(place, slips, at));
        else
            (void)snprintf(made, sizeof made, "ID||KEY with %s %s", invisible[kind].name,
                           at == slips->id_length ? "after the ID" : "between the pipes");
        try_edit(slips, at, 0, put, invisible[kind].mistake, made);
    }
}

/* The ends of ID||KEY are the wraps of key_mistakes.c. The key first: a wrong ID is seen in iss. */
void key_slips_try_invisible(const char *id, const char *key, key_try_fn *try, void *context)
{
    struct slips slips;

    if (slips_start(&slips, id, key, try, context)) {
        size_t key_at = slips.id_length + 2, last = slips.length - 1;

        for (size_t i = 0; i < INVISIBLE; i++) {
            try_invisible_in(&slips, i, key_at, last);
            if (i == 0)
                try_invisible_in(&slips, i, 1, key_at - 1);
        }
        for (size_t i = 1; i < INVISIBLE; i++)
            try_invisible_in(&slips, i, 1, key_at - 1);
    }
    bytes_wipe(&slips, sizeof slips);
}

/* Bytes of the start of @text that look like @meant, which it is not; 0: none do. */
static size_t alike_bytes(char meant, struct span text)
{
    const char *list = alike_of((unsigned char)meant);

    if (text.length > 0 && hex_value(meant) >= 0 && hex_value(text.at[0]) >= 0)
        return 0; /* another ID may have it */
    for (struct span alike = next_alike(&list); alike.length > 0; alike = next_alike(&list)) {
        if (text.length >= alike.length && memcmp(text.at, alike.at, alike.length) == 0)
            return alike.length;
    }
    for (size_t i = 0; i < ALL_ALIKE; i++) {
        if (all_alike[i].meant == meant && span_starts(text, all_alike[i].alike))
            return strlen(all_alike[i].alike);
    }
    return 0;
}

static size_t invisible_bytes(struct span text)
{
    for (size_t i = 0; i < INVISIBLE; i++) {
        if (span_starts(text, invisible[i].text))
            return strlen(invisible[i].text);
    }
    return 0;
}

/* One character less, or one that is there twice. */
static enum slip length_slip(const char *meant, struct span text, size_t *place)
{
    size_t length = strlen(meant), same = 0;

    while (same < length && same < text.length && meant[same] == text.at[same])
        same++;
    *place = same + 1;
    if (text.length + 1 == length &&
        memcmp(meant + same + 1, text.at + same, text.length - same) == 0)
        return SLIP_LOST;
    if (text.length != length + 1 || same == 0 || text.at[same] != text.at[same - 1] ||
        memcmp(meant + same, text.at + same + 1, length - same) != 0)
        return SLIP_NONE;
    *place = same;
    return SLIP_DOUBLED;
}

enum slip slip_of(const char *meant, struct span text, size_t *place)
{
    enum slip found = SLIP_NONE;
    size_t number = 1;
    struct span rest = text;

    for (const char *at = meant; *at != '\0'; at++, number++) {
        size_t added, alike;

        while ((added = invisible_bytes(rest)) > 0) {
            *place = found == SLIP_NONE ? number : *place;
            found = found == SLIP_NONE ? SLIP_INVISIBLE : found;
            rest = span_skip(rest, added);
        }
        if (rest.length > 0 && rest.at[0] == *at) {
            rest = span_skip(rest, 1);
            continue;
        }
        alike = alike_bytes(*at, rest);
        if (alike == 0)
            return length_slip(meant, text, place);
        *place = found == SLIP_NONE ? number : *place;
        found = found == SLIP_NONE ? SLIP_LOOK_ALIKE : found;
        rest = span_skip(rest, alike);
    }
    for (size_t added; (added = invisible_bytes(rest)) > 0; rest = span_skip(rest, added)) {
        *place = found == SLIP_NONE ? number : *place;
        found = found == SLIP_NONE ? SLIP_INVISIBLE : found;
    }
    return rest.length > 0 ? length_slip(meant, text, place) : found;
}
