#include "cli/print.h"

#include "support/escape.h"
#include "support/json_text.h"
#include "support/options.h"
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COLUMNS = 80, TEXT_BYTES_MAX = 64 * 1024, JSON_BYTES_MAX = 1 << 30 };

int print_json(json_t *document)
{
    int exit_code = EXIT_GOOD;
    struct buf text;

    buf_init(&text, JSON_BYTES_MAX);
    json_text_tree(&text, document, JSON_COMPACT);
    if (buf_ok(&text)) {
        puts(buf_text(&text));
    } else {
        fputs("heymarket: out of memory\n", stderr);
        exit_code = EXIT_OUR_FAULT;
    }
    buf_fini(&text);
    json_decref(document);
    return exit_code;
}

json_t *json_text(const char *text, size_t length)
{
    json_t *string = json_stringn(text, length);
    struct buf safe;

    if (string != NULL)
        return string;
    buf_init(&safe, TEXT_BYTES_MAX);
    escape_terminal(&safe, text, length);
    if (buf_ok(&safe))
        string = json_string(buf_text(&safe));
    buf_fini(&safe);
    return string;
}

void print_waiting(void)
{
    if (isatty(STDIN_FILENO) == 1)
        fputs("heymarket: reads standard input; Ctrl-D ends it\n", stderr);
}

size_t print_width(const char *text, size_t length)
{
    size_t columns = 0;

    for (size_t i = 0; i < length; i++)
        columns += ((unsigned char)text[i] & 0xC0U) != 0x80U;
    return columns;
}

void print_wrapped(FILE *out, const char *text, size_t column, size_t indent)
{
    bool is_line_empty = true;

    while (*text != '\0') {
        size_t length = strcspn(text, " ");
        size_t columns = print_width(text, length);

        if (!is_line_empty && column + 1 + columns > COLUMNS) {
            fprintf(out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (!is_line_empty) {
            fputc(' ', out);
            column++;
        }
        fwrite(text, 1, length, out);
        column += columns;
        is_line_empty = false;
        text += length;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}

struct duration duration(double seconds)
{
    static const struct {
        int64_t seconds;
        const char *name;
    } units[] = { { 86400, "d" }, { 3600, "h" }, { 60, "min" }, { 1, "s" } };
    static const double beyond = 1e15;
    struct duration out = { "a very long time" };
    int64_t left = seconds < beyond ? (int64_t)seconds : 0;
    size_t unit = 0;

    if (seconds >= beyond)
        return out;
    while (unit < 3 && left < units[unit].seconds)
        unit++;
    snprintf(out.text, sizeof out.text, "%" PRId64 " %s", left / units[unit].seconds,
             units[unit].name);
    left %= units[unit].seconds;
    if (unit < 3 && left >= units[unit + 1].seconds) {
        size_t length = strlen(out.text);

        snprintf(out.text + length, sizeof out.text - length, " %" PRId64 " %s",
                 left / units[unit + 1].seconds, units[unit + 1].name);
    }
    return out;
}

struct duration ago(double seconds)
{
    struct duration out = duration(fabs(seconds));
    size_t length = strlen(out.text);

    if (fabs(seconds) < 1)
        return (struct duration){ "just now" };
    snprintf(out.text + length, sizeof out.text - length, "%s",
             seconds < 0 ? " in the future" : " ago");
    return out;
}
