#include "support/buf.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { BUF_FIRST_BYTES = 256 };

void buf_init(struct buf *b, size_t ceiling_bytes)
{
    /* One byte below the type's end, so that a length and its NUL can always be counted. */
    *b = (struct buf){ .ceiling = ceiling_bytes < SIZE_MAX ? ceiling_bytes : SIZE_MAX - 1 };
}

void buf_fini(struct buf *b)
{
    free(b->data);
    *b = (struct buf){ .ceiling = b->ceiling };
}

void buf_clear(struct buf *b)
{
    b->length = 0;
    b->status = BUF_OK;
    if (b->data != NULL)
        b->data[0] = '\0';
}

/* Doubles up to what is needed, the NUL included. */
static bool grow(struct buf *b, size_t needed)
{
    size_t capacity = b->capacity > 0 ? b->capacity : BUF_FIRST_BYTES;
    char *data;

    while (capacity < needed)
        capacity = capacity <= SIZE_MAX / 2 ? capacity * 2 : needed;
    if (capacity > b->ceiling + 1)
        capacity = b->ceiling + 1;
    data = realloc(b->data, capacity);
    if (data == NULL)
        return false;
    if (b->data == NULL)
        data[0] = '\0';
    b->data = data;
    b->capacity = capacity;
    return true;
}

void buf_reserve(struct buf *b, size_t bytes)
{
    if (b->status != BUF_OK)
        return;
    if (bytes > b->ceiling - b->length)
        b->status = BUF_TOO_LONG;
    else if (b->length + bytes + 1 > b->capacity && !grow(b, b->length + bytes + 1))
        b->status = BUF_NO_MEMORY;
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    buf_vprintf(b, format, ap);
    va_end(ap);
}

void buf_vprintf(struct buf *b, const char *format, va_list ap)
{
    va_list again;
    int length;

    va_copy(again, ap);
    length = vsnprintf(NULL, 0, format, ap);
    /* Fails only for what cannot be encoded, or past INT_MAX bytes. */
    if (length < 0) {
        if (b->status == BUF_OK)
            b->status = BUF_TOO_LONG;
    } else {
        buf_reserve(b, (size_t)length);
        if (b->status == BUF_OK) {
            vsnprintf(b->data + b->length, (size_t)length + 1, format, again);
            b->length += (size_t)length;
        }
    }
    va_end(again);
}

const char *buf_text(const struct buf *b)
{
    return b->data != NULL ? b->data : "";
}

char *buf_take(struct buf *b)
{
    char *data;

    buf_reserve(b, 0); /* an empty buffer is handed over as "" */
    if (b->status != BUF_OK)
        return NULL;
    data = b->data;
    *b = (struct buf){ .ceiling = b->ceiling };
    return data;
}
