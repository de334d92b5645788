/* A growing byte buffer with a fixed limit. It remembers its first failure, so a writer appends
 * without checks and asks once, at the end, whether everything fitted. */
#ifndef SUPPORT_BUF_H
#define SUPPORT_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum buf_status { BUF_OK, BUF_TOO_LONG, BUF_NO_MEMORY };

struct buf {
    char *data; /* always NUL-terminated once something was appended; NULL before that */
    size_t length;
    size_t capacity;
    size_t ceiling; /* bytes, the terminating NUL not counted */
    enum buf_status status;
};

/* Makes an empty buffer. Allocates nothing. */
void buf_init(struct buf *b, size_t ceiling_bytes);

/* Frees the bytes; the buffer is empty and usable again. A zeroed struct is fine. */
void buf_fini(struct buf *b);

/* Empties the buffer, keeps its memory, forgets a failure. */
void buf_clear(struct buf *b);

/* Makes room for @bytes more, so that appends up to there cannot fail. */
void buf_reserve(struct buf *b, size_t bytes);

/* Appends. Past the ceiling or out of memory: nothing is appended, b->status says so, and every
 * later append is ignored too. */
static inline void buf_add(struct buf *b, const void *data, size_t bytes);
static inline void buf_putc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *format, va_list ap)
    __attribute__((format(printf, 2, 0)));

/* Here, so that what is known of the bytes, a literal's length above all, is used where they are
 * added. */
static inline void buf_add(struct buf *b, const void *data, size_t bytes)
{
    if (b->capacity - b->length <= bytes) /* always true for an empty buffer */
        buf_reserve(b, bytes);
    if (b->status != BUF_OK)
        return;
    if (bytes > 0)
        memcpy(b->data + b->length, data, bytes);
    b->length += bytes;
    b->data[b->length] = '\0';
}

static inline void buf_putc(struct buf *b, char c)
{
    buf_add(b, &c, 1);
}

static inline void buf_puts(struct buf *b, const char *text)
{
    buf_add(b, text, strlen(text));
}

/* Everything fitted so far. */
static inline bool buf_ok(const struct buf *b)
{
    return b->status == BUF_OK;
}

/* The text so far, "" when empty; borrowed until the next append. */
const char *buf_text(const struct buf *b);

/* Hands the bytes over (free() them) and leaves the buffer empty. NULL after a failure. */
char *buf_take(struct buf *b);

#endif
