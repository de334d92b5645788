#include "contract/mask_write.h"

#include "support/escape.h"
#include "support/json_text.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NUMBER_BYTES = 40, NUMBER_COST = 8, MARKS_COST = 3, EXACT_DIGITS = 15 };

static const double exact_most = 9007199254740992.0; /* 2^53 */

static void placeholder_write(struct buf *out, const struct mask_hit *hit)
{
    if (hit->kind == MASK_KEY)
        buf_puts(out, "<known key>");
    else if (hit->kind == MASK_SIGNATURE)
        buf_puts(out, "<signature>");
    else
        buf_printf(out, "<token of %zu characters>", hit->length);
}

/* At most @most bytes, cut between characters. */
static size_t whole_characters(const char *text, size_t length, size_t most)
{
    if (length <= most)
        return length;
    while (most > 0 && ((unsigned char)text[most] & 0xC0) == 0x80)
        most--;
    return most;
}

/* Appends the masked text and subtracts what was shown of it from *left. False: it was cut. */
static bool text_write(struct buf *out, const struct masking *masking, struct span text,
                       size_t *left, mask_piece_fn *piece)
{
    struct mask_search search;
    struct mask_hit hit;
    size_t at = 0, searched = text.length, end = text.length;
    bool is_whole = true;

    if (text.length <= *left && mask_is_clean(masking, text.at, text.length)) {
        piece(out, text.at, text.length);
        *left -= text.length;
        return true;
    }
    if (searched > *left && searched - *left > MASK_REACH) {
        end = *left; /* more is not shown, even if much of it is masked */
        searched = end + MASK_REACH;
    }
    mask_search_begin(&search, masking, text.at, searched);
    do {
        size_t shown, most = at < end ? end - at : 0;

        hit = mask_search_next(&search);
        shown = whole_characters(text.at + at, hit.at - at, most < *left ? most : *left);
        piece(out, text.at + at, shown);
        *left -= shown;
        is_whole = shown == hit.at - at;
        if (is_whole && hit.kind != MASK_NOTHING)
            placeholder_write(out, &hit);
        at = hit.at + hit.length;
    } while (is_whole && hit.kind != MASK_NOTHING);
    return is_whole && at == text.length;
}

static void piece_as_it_is(struct buf *out, const char *text, size_t length)
{
    buf_add(out, text, length);
}

bool mask_write_text(struct buf *out, const struct masking *masking, struct span text, size_t most,
                     mask_piece_fn *piece)
{
    bool is_whole = text_write(out, masking, text, &most, piece == NULL ? piece_as_it_is : piece);

    if (!is_whole)
        buf_puts(out, "...");
    return is_whole;
}

struct quoted mask_quoted(const struct masking *masking, const char *value, size_t length)
{
    struct quoted out = { "" };
    struct buf text;

    buf_init(&text, (size_t)2 * QUOTED_TEXT);
    mask_write_text(&text, masking, (struct span){ value, length }, QUOTED_BYTES_MAX,
                    escape_terminal);
    snprintf(out.text, sizeof out.text, "\"%.*s\"", QUOTED_TEXT - 3, buf_text(&text));
    buf_fini(&text);
    return out;
}

/* Appends @text as a JSON string, masked, and subtracts what was written from *left; beyond that
 * the text is cut, between characters. False: it was cut. */
static bool string_write(struct buf *out, const struct masking *masking, const char *text,
                         size_t length, size_t *left)
{
    bool is_whole;

    buf_putc(out, '"');
    is_whole = text_write(out, masking, (struct span){ text, length }, left, json_text_piece);
    buf_putc(out, '"');
    return is_whole;
}

struct writer {
    struct buf *out;
    const struct masking *masking;
    size_t left;
    bool is_whole;           /* nothing was left out */
    bool hides_long_numbers; /* one of them may be a key */
};

static void spend(struct writer *w, size_t cost)
{
    w->left -= cost < w->left ? cost : w->left;
}

/* Are there more digits than a double keeps, whatever stands between them? Then a key of digits
 * could be what it was made of. */
static bool is_long_number(const char *text)
{
    size_t digits = 0;

    for (; *text != '\0' && *text != 'e'; text++)
        digits += *text >= '0' && *text <= '9';
    return digits > EXACT_DIGITS;
}

/* A body's integers are parsed as reals; up to 2^53 they are shown as integers again. A key may
 * consist of digits. */
static void number_write(struct writer *w, const json_t *value)
{
    char text[NUMBER_BYTES], digits[NUMBER_BYTES];
    double number = json_number_value(value);
    size_t length = 0;

    if (json_is_integer(value))
        snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (number == floor(number) && fabs(number) < exact_most)
        snprintf(text, sizeof text, "%.0f", number);
    else
        snprintf(text, sizeof text, "%.17g", number);
    for (const char *at = text; *at != '\0'; at++) { /* a key may have become 1.2345e+19 */
        if (*at != '.')
            digits[length++] = *at;
    }
    if (!mask_is_clean(w->masking, digits, length) ||
        !mask_is_clean(w->masking, text, strlen(text)))
        buf_puts(w->out, "\"<known key>\"");
    else
        buf_puts(w->out, w->hides_long_numbers && is_long_number(text) ? "\"<number>\"" : text);
    spend(w, NUMBER_COST);
}

/* A name that must not be shown, or is too long, becomes a number, so that names stay distinct. */
static void name_write(struct writer *w, const char *name, size_t length, size_t index)
{
    if (length <= MASK_NAME_BYTES_MAX && mask_is_clean(w->masking, name, length))
        json_text_string(w->out, name, length);
    else
        buf_printf(w->out, "\"<member %zu>\"", index + 1);
    buf_putc(w->out, ':');
    spend(w, length + MARKS_COST);
}

static void value_write(struct writer *w, json_t *value, int depth);

static bool goes_on(struct writer *w, size_t index)
{
    if (w->left == 0) {
        w->is_whole = false;
        return false;
    }
    if (index > 0)
        buf_putc(w->out, ',');
    return true;
}

static void object_write(struct writer *w, json_t *object, int depth)
{
    size_t index = 0;

    buf_putc(w->out, '{');
    for (void *at = json_object_iter(object); at != NULL && goes_on(w, index);
         at = json_object_iter_next(object, at)) {
        name_write(w, json_object_iter_key(at), json_object_iter_key_len(at), index++);
        value_write(w, json_object_iter_value(at), depth + 1);
    }
    buf_putc(w->out, '}');
}

static void array_write(struct writer *w, json_t *array, int depth)
{
    buf_putc(w->out, '[');
    for (size_t i = 0; i < json_array_size(array) && goes_on(w, i); i++)
        value_write(w, json_array_get(array, i), depth + 1);
    buf_putc(w->out, ']');
}

static void value_write(struct writer *w, json_t *value, int depth)
{
    spend(w, MARKS_COST);
    if (depth >= MASK_DEPTH_MAX && (json_is_object(value) || json_is_array(value))) {
        buf_puts(w->out, json_is_object(value) ? "{}" : "[]");
        w->is_whole = false;
        return;
    }
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        object_write(w, value, depth);
        break;
    case JSON_ARRAY:
        array_write(w, value, depth);
        break;
    case JSON_STRING:
        if (!string_write(w->out, w->masking, json_string_value(value), json_string_length(value),
                          &w->left))
            w->is_whole = false;
        break;
    case JSON_INTEGER:
    case JSON_REAL:
        number_write(w, value);
        break;
    case JSON_TRUE:
        buf_puts(w->out, "true");
        break;
    case JSON_FALSE:
        buf_puts(w->out, "false");
        break;
    case JSON_NULL:
        buf_puts(w->out, "null");
        break;
    }
}

bool mask_write_value(struct buf *out, const struct masking *masking, json_t *value,
                      struct span source, size_t *left)
{
    struct writer w = { out, masking, *left, true,
                        !mask_is_clean(masking, source.at, source.length) };

    value_write(&w, value, 0);
    *left = w.left;
    return w.is_whole;
}

json_t *mask_copy(const struct masking *masking, json_t *value)
{
    size_t left = SIZE_MAX;
    struct buf text;
    json_t *copy = NULL;

    buf_init(&text, SIZE_MAX / 2);
    if (value != NULL && mask_write_value(&text, masking, value, (struct span){ "", 0 }, &left) &&
        buf_ok(&text))
        copy = json_loadb(buf_text(&text), text.length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    buf_fini(&text);
    return copy;
}
