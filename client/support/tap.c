#include "support/tap.h"

#include "support/escape.h"
#include <stdarg.h>
#include <string.h>

enum { LINE_BYTES_MAX = 512 * 1024 };

void tap_begin(FILE *out, size_t count)
{
    fprintf(out, "TAP version 14\n1..%zu\n", count);
}

void tap_point(FILE *out, size_t number, bool is_ok, const char *directive, const char *reason,
               const char *format, ...)
{
    struct buf plain, safe;
    va_list ap;

    buf_init(&plain, LINE_BYTES_MAX);
    buf_init(&safe, LINE_BYTES_MAX);
    va_start(ap, format);
    buf_vprintf(&plain, format, ap);
    va_end(ap);
    escape_tap(&safe, buf_text(&plain), plain.length);
    if (directive != NULL) {
        buf_printf(&safe, " # %s ", directive);
        escape_tap(&safe, reason, strlen(reason));
    }
    fprintf(out, "%s %zu - %s\n", is_ok ? "ok" : "not ok", number, buf_text(&safe));
    buf_fini(&plain);
    buf_fini(&safe);
}

static void print_line(FILE *out, const char *before, const char *text, size_t length)
{
    struct buf safe;

    buf_init(&safe, LINE_BYTES_MAX);
    escape_terminal(&safe, text, length);
    fprintf(out, "%s%s\n", before, buf_text(&safe));
    buf_fini(&safe);
}

void tap_line(FILE *out, const char *before, const char *text)
{
    print_line(out, before, text, strlen(text));
}

void tap_scalar(FILE *out, const char *indent, const char *key, const char *text)
{
    struct buf safe;

    buf_init(&safe, LINE_BYTES_MAX);
    escape_terminal(&safe, text, strlen(text));
    fprintf(out, "%s%s: '", indent, key);
    for (const char *c = buf_text(&safe); *c != '\0'; c++)
        fputs(*c == '\'' ? "''" : (const char[]){ *c, '\0' }, out);
    fputs("'\n", out);
    buf_fini(&safe);
}

void tap_block(FILE *out, const char *indent, const char *key, const char *text)
{
    fprintf(out, "%s%s: |\n", indent, key);
    for (size_t length; *text != '\0'; text += length + (text[length] == '\n')) {
        length = strcspn(text, "\n");
        fputs(indent, out);
        print_line(out, "  ", text, length);
    }
}
