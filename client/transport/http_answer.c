#include "transport/http.h"

#include <string.h>
#include <strings.h>

void http_answer_fini(struct http_answer *answer)
{
    buf_fini(&answer->headers);
    buf_fini(&answer->body);
}

static bool is_field(const char *line, size_t length, const char *name)
{
    size_t name_length = strlen(name);

    return length > name_length && line[name_length] == ':' &&
           strncasecmp(line, name, name_length) == 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

bool http_answer_header(const struct http_answer *answer, const char *name, size_t nth,
                        const char **value, size_t *length)
{
    const char *line = buf_text(&answer->headers);
    const char *end = line + answer->headers.length;

    while (line < end) {
        const char *next = memchr(line, '\n', (size_t)(end - line));
        const char *stop = next - 1; /* every line was given its CR LF */

        if (is_field(line, (size_t)(stop - line), name) && nth-- == 0) {
            line += strlen(name) + 1;
            while (line < stop && is_blank(*line))
                line++;
            while (line < stop && is_blank(stop[-1]))
                stop--;
            *value = line;
            *length = (size_t)(stop - line);
            return true;
        }
        line = next + 1;
    }
    return false;
}
