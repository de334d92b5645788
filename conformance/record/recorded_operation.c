#include "record/recorded_operation.h"
#include <string.h>

/* The text up to the next slash, which is taken off, too. */
static struct span segment_take(struct span *rest)
{
    const char *slash = memchr(rest->at, '/', rest->length);
    const struct span segment = { rest->at,
                                  slash != NULL ? (size_t)(slash - rest->at) : rest->length };

    *rest = span_skip(*rest, segment.length + (slash != NULL));
    return segment;
}

static bool is_path(struct operation_call *call, const char *template, struct span path)
{
    struct span wanted = { template, strlen(template) };

    while (wanted.length > 0 && path.length > 0) {
        const bool had_slash = memchr(path.at, '/', path.length) != NULL;
        const bool wants_slash = memchr(wanted.at, '/', wanted.length) != NULL;
        const struct span segment = segment_take(&path);
        const struct span part = segment_take(&wanted);

        if (had_slash != wants_slash)
            return false;
        if (span_is(part, "{contactID}"))
            call->contact = segment;
        else if (span_is(part, "{channelType}"))
            call->type = segment;
        else if (part.length != segment.length || memcmp(part.at, segment.at, part.length) != 0)
            return false;
    }
    return wanted.length == 0 && path.length == 0;
}

void operation_find(struct operation_call *call, const char *method, struct span path)
{
    for (unsigned id = 0; id < OPERATION_COUNT; id++) {
        const struct operation *row = operation_row(id);

        *call = (struct operation_call){ .row = row };
        if (strcmp(row->method, method) == 0 && is_path(call, row->path, path))
            return;
    }
    *call = (struct operation_call){ .row = NULL };
}
