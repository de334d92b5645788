#include "contract/mask_write.h"

#include "support/json_text.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NUMBER_BYTES = 40, NUMBER_COST = 8, MARKS_COST = 3 };

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

bool mask_write_string(struct buf *out, const struct masking *masking, const char *text,
                       size_t length, size_t *left)
{
    size_t at = 0;
    bool is_whole = true;

    buf_putc(out, '"');
    while (at < length && is_whole) {
        struct mask_hit hit = mask_find(masking, text, length, at);
        size_t piece = whole_characters(text + at, hit.at - at, *left);

        json_text_piece(out, text + at, piece);
        *left -= piece;
        is_whole = piece == hit.at - at;
        if (is_whole && hit.kind != MASK_NOTHING)
            placeholder_write(out, &hit);
        at = hit.at + hit.length;
    }
    buf_putc(out, '"');
    return is_whole;
}

struct writer {
    struct buf *out;
    const struct masking *masking;
    size_t left;
    bool is_whole; /* nothing was left out */
};

static bool is_shown(const struct writer *w, const char *text, size_t length)
{
    return mask_find(w->masking, text, length, 0).kind == MASK_NOTHING;
}

static void spend(struct writer *w, size_t cost)
{
    w->left -= cost < w->left ? cost : w->left;
}

/* A body's integers are parsed as reals; up to 2^53 they are shown as integers again. A key may
 * consist of digits. */
static void number_write(struct writer *w, const json_t *value)
{
    char text[NUMBER_BYTES];
    double number = json_number_value(value);

    if (json_is_integer(value))
        snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (number == floor(number) && fabs(number) < exact_most)
        snprintf(text, sizeof text, "%.0f", number);
    else
        snprintf(text, sizeof text, "%.17g", number);
    if (is_shown(w, text, strlen(text)))
        buf_puts(w->out, text);
    else
        buf_puts(w->out, "\"<known key>\"");
    spend(w, NUMBER_COST);
}

/* A name that must not be shown, or is too long, becomes a number, so that names stay distinct. */
static void name_write(struct writer *w, const char *name, size_t length, size_t index)
{
    if (length <= MASK_NAME_BYTES_MAX && is_shown(w, name, length))
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
        if (!mask_write_string(w->out, w->masking, json_string_value(value),
                               json_string_length(value), &w->left))
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

bool mask_write_value(struct buf *out, const struct masking *masking, json_t *value, size_t *left)
{
    struct writer w = { out, masking, *left, true };

    value_write(&w, value, 0);
    *left = w.left;
    return w.is_whole;
}
