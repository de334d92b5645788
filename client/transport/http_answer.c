#include "transport/http_answer.h"

#include "support/span.h"

void http_answer_fini(struct http_answer *answer)
{
    buf_fini(&answer->headers);
    buf_fini(&answer->body);
}

bool http_answer_header(const struct http_answer *answer, const char *name, size_t nth,
                        const char **value, size_t *length)
{
    struct span rest = { buf_text(&answer->headers), answer->headers.length };
    size_t name_length = strlen(name);

    while (rest.length > 0) {
        const char *next = memchr(rest.at, '\n', rest.length);
        struct span line = { rest.at, (size_t)(next - 1 - rest.at) }; /* without CR LF */

        rest = span_skip(rest, line.length + 2);
        if (!span_starts_nocase(line, name) || line.length == name_length ||
            line.at[name_length] != ':' || nth-- > 0)
            continue;
        line = span_trim_ows(span_skip(line, name_length + 1));
        *value = line.at;
        *length = line.length;
        return true;
    }
    return false;
}
