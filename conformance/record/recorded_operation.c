#include "record/recorded_operation.h"
#include <stddef.h>

static const struct operation_row rows[] = {
    { "channel_create", "POST", "/v2/contact/{contact}/channel", SHAPE_LIST, EFFECT_ADDS, true },
    { "channel_get", "GET", "/v2/contact/{contact}/channel/{type}", SHAPE_CHANNEL, EFFECT_NONE,
      false },
    { "channel_update", "PUT", "/v2/contact/{contact}/channel", SHAPE_LIST_OR_CHANNEL,
      EFFECT_CHANGES, true },
    { "channel_delete", "DELETE", "/v2/contact/{contact}/channel/{type}", SHAPE_OPEN,
      EFFECT_REMOVES, false },
    { "channel_list", "GET", "/v2/contact/{contact}/channels", SHAPE_LIST, EFFECT_NONE, false },
    { "inbox_list", "GET", "/v1/inboxes", SHAPE_INBOXES, EFFECT_NONE, false },
};

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
        if (span_is(part, "{contact}"))
            call->contact = segment;
        else if (span_is(part, "{type}"))
            call->type = segment;
        else if (part.length != segment.length || memcmp(part.at, segment.at, part.length) != 0)
            return false;
    }
    return wanted.length == 0 && path.length == 0;
}

void operation_find(struct operation_call *call, const char *method, struct span path)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        *call = (struct operation_call){ .row = &rows[i] };
        if (strcmp(rows[i].method, method) == 0 && is_path(call, rows[i].path, path))
            return;
    }
    *call = (struct operation_call){ .row = NULL };
}
