#include "fault/vary.h"

#include "fault/vary_body.h"
#include "http/delivery.h"
#include "operation/exchange.h"
#include "support/buf.h"
#include <stdio.h>
#include <string.h>

enum { SLOW_MS = 300, NAMES_BYTES_MAX = 1024, CHUNK_BYTES = 61, STATUS_OK_LEAST = 200 };

enum variation {
    VARY_CHARSET,
    VARY_CHUNKED,
    VARY_CLOSE,
    VARY_HEADER_CASE,
    VARY_PLAIN_ERRORS,
    VARY_SLOW,
    VARY_FIRST_OF_BODY, /* those from here on rewrite the list */
    VARY_UNKNOWN_MEMBERS = VARY_FIRST_OF_BODY,
    VARY_SPARSE,
    VARY_NEWEST_FIRST,
    VARY_MEMBER_ORDER,
    VARY_FRACTIONS,
    VARY_OFFSETS,
    VARY_ESCAPED,
    VARY_INDENTED,
    VARY_COUNT
};

static const struct {
    const char *name;
    const char *clause;
    const char *says;
} rows[VARY_COUNT] = {
    [VARY_CHARSET] = { "charset", "R6", "Content-Type has a charset" },
    [VARY_CHUNKED] = { "chunked", "R6", "the body comes in chunks, without Content-Length" },
    [VARY_CLOSE] = { "close", "T8", "every answer closes its connection" },
    [VARY_HEADER_CASE] = { "header-case", "T4", "names of header fields are in lower case" },
    [VARY_PLAIN_ERRORS] = { "plain-errors", "E6", "the body of an error is plain text" },
    [VARY_SLOW] = { "slow", "T1", "every answer takes 300 ms longer" },
    [VARY_UNKNOWN_MEMBERS] = { "unknown-members", "R2", "channels have members that are news" },
    [VARY_SPARSE] = { "sparse", "R9", "info_channel and channel_handle are left out" },
    [VARY_NEWEST_FIRST] = { "newest-first", "R4", "the list begins with the newest channel" },
    [VARY_MEMBER_ORDER] = { "member-order", "R2", "members come in the order of the alphabet" },
    [VARY_FRACTIONS] = { "fractions", "R5", "times have fractions of a second" },
    [VARY_OFFSETS] = { "offsets", "R5", "times have a numeric offset" },
    [VARY_ESCAPED] = { "escaped", "R6", "letters beyond ASCII and slashes are escaped" },
    [VARY_INDENTED] = { "indented", "R6", "the JSON is indented" },
};

enum hm_code vary_add(unsigned *set, const char *name, struct hm_error *err)
{
    struct buf names;
    enum hm_code code;

    for (unsigned i = 0; i < VARY_COUNT; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            *set |= 1U << i;
            return HM_OK;
        }
    }
    buf_init(&names, NAMES_BYTES_MAX);
    for (unsigned i = 0; i < VARY_COUNT; i++)
        buf_printf(&names, "%s%s", i == 0 ? "" : ", ", rows[i].name);
    code =
        hm_error_set(err, HM_BAD_ARGUMENT, "--vary %s: expected one of %s", name, buf_text(&names));
    buf_fini(&names);
    return code;
}

void vary_list(FILE *out)
{
    for (unsigned i = 0; i < VARY_COUNT; i++)
        fprintf(out, "%-16s  %-3s  %s\n", rows[i].name, rows[i].clause, rows[i].says);
}

static bool varies(const struct exchange *x, enum variation variation)
{
    return (x->mock->variations & 1U << variation) != 0;
}

/* The new body; false: it stays as it is. */
static bool body_rewrite(struct buf *out, const struct exchange *x, const char *body, size_t length)
{
    struct vary_body how = {
        .has_unknown_members = varies(x, VARY_UNKNOWN_MEMBERS),
        .is_sparse = varies(x, VARY_SPARSE),
        .is_newest_first = varies(x, VARY_NEWEST_FIRST),
        .is_sorted = varies(x, VARY_MEMBER_ORDER),
        .has_fractions = varies(x, VARY_FRACTIONS),
        .has_offsets = varies(x, VARY_OFFSETS),
        .is_escaped = varies(x, VARY_ESCAPED),
        .is_indented = varies(x, VARY_INDENTED),
    };

    if (x->status >= 300) {
        if (!varies(x, VARY_PLAIN_ERRORS) || length == 0)
            return false;
        buf_puts(out, "refused\n");
        return true;
    }
    return x->mock->variations >> VARY_FIRST_OF_BODY != 0 &&
           vary_body_write(out, body, length, &how);
}

static bool is_line(const char *line, const char *name)
{
    return strncmp(line, name, strlen(name)) == 0;
}

static void line_write(struct buf *out, const struct exchange *x, const char *line, size_t length)
{
    size_t name = varies(x, VARY_HEADER_CASE) ? strcspn(line, ":\r") : 0;

    for (size_t i = 0; i < name; i++)
        buf_putc(out, (char)(line[i] >= 'A' && line[i] <= 'Z' ? line[i] - 'A' + 'a' : line[i]));
    buf_add(out, line + name, length - name);
    buf_puts(out, "\r\n");
}

static void type_write(struct buf *out, const struct exchange *x)
{
    const char *type =
        x->status >= 300 && varies(x, VARY_PLAIN_ERRORS) ? "text/plain" : "application/json";
    char line[64];

    snprintf(line, sizeof line, "Content-Type: %s%s", type,
             varies(x, VARY_CHARSET) ? "; charset=utf-8" : "");
    line_write(out, x, line, strlen(line));
}

static void length_write(struct buf *out, const struct exchange *x, size_t length, bool is_chunked)
{
    char line[64];

    if (is_chunked)
        snprintf(line, sizeof line, "Transfer-Encoding: chunked");
    else
        snprintf(line, sizeof line, "Content-Length: %zu", length);
    line_write(out, x, line, strlen(line));
}

/* The status line stays; Content-Type and Content-Length are made anew. */
static void head_rewrite(struct buf *out, const struct exchange *x, const char *head,
                         const char *end, size_t body_length, bool is_chunked)
{
    bool is_first = true;

    while (head < end) {
        size_t length = strcspn(head, "\r");

        if (is_line(head, "Content-Type:"))
            type_write(out, x);
        else if (is_line(head, "Content-Length:"))
            length_write(out, x, body_length, is_chunked);
        else if (is_first || !is_line(head, "Connection:") || !x->must_close) {
            if (is_first) {
                buf_add(out, head, length);
                buf_puts(out, "\r\n");
            } else {
                line_write(out, x, head, length);
            }
        }
        is_first = false;
        head += length + 2;
    }
    if (x->must_close)
        line_write(out, x, "Connection: close", strlen("Connection: close"));
    buf_puts(out, "\r\n");
}

static void chunks_write(struct buf *out, const char *body, size_t length)
{
    while (length > 0) {
        size_t piece = length < CHUNK_BYTES ? length : CHUNK_BYTES;

        buf_printf(out, "%zx\r\n", piece);
        buf_add(out, body, piece);
        buf_puts(out, "\r\n");
        body += piece;
        length -= piece;
    }
    buf_puts(out, "0\r\n\r\n");
}

static bool is_head(const struct exchange *x)
{
    return x->request.method != NULL && strcmp(x->request.method, "HEAD") == 0;
}

static void rewrite(struct exchange *x, const char *end)
{
    const char *body = end + 4;
    size_t length = x->answer_length - (size_t)(body - x->answer);
    bool is_chunked = varies(x, VARY_CHUNKED) && !x->request.is_http_1_0 && !is_head(x);
    struct buf out, changed;

    buf_init(&out, ANSWER_OUT_BYTES_MAX);
    buf_init(&changed, ANSWER_OUT_BYTES_MAX);
    if (body_rewrite(&changed, x, body, length)) {
        body = buf_text(&changed);
        length = changed.length;
    }
    head_rewrite(&out, x, x->answer, end + 2, length, is_chunked);
    if (is_chunked)
        chunks_write(&out, body, length);
    else
        buf_add(&out, body, length);
    if (buf_ok(&out) && buf_ok(&changed)) {
        buf_fini(&x->out);
        x->out = out;
        x->answer = x->out.data;
        x->answer_length = x->out.length;
    } else {
        buf_fini(&out); /* as it was, then */
    }
    buf_fini(&changed);
}

void vary_answer(struct exchange *x)
{
    const char *end = x->answer == x->out.data ? strstr(x->answer, "\r\n\r\n") : NULL;

    if (end == NULL || x->status < STATUS_OK_LEAST)
        return;
    if (varies(x, VARY_SLOW))
        (void)delivery_wait(&x->request, &x->mock->is_stopping, SLOW_MS);
    x->must_close = x->must_close || varies(x, VARY_CLOSE);
    rewrite(x, end);
}
