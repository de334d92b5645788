#include "transport/http_request.h"

#include <string.h>
#include <strings.h>

bool http_request_has(const struct http_request *request, const char *name)
{
    for (size_t i = 0; i < request->header_count; i++) {
        if (strcasecmp(request->headers[i].name, name) == 0)
            return true;
    }
    return false;
}

void http_header_write(struct buf *line, const char *name, const char *value)
{
    if (value == NULL)
        buf_printf(line, "%s:", name);
    else if (value[strspn(value, " \t")] == '\0')
        buf_printf(line, "%s;", name);
    else
        buf_printf(line, "%s: %s", name, value);
}
