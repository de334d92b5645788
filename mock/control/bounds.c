#include "control/bounds.h"

#include "support/try.h"
#include <inttypes.h>

enum hm_code bounds_read(struct bounds *bounds, const struct json_node *object,
                         struct hm_error *err)
{
    struct json_node exactly = json_node_member(object, "exactly");
    struct json_node least = json_node_member(object, "at_least");
    struct json_node most = json_node_member(object, "at_most");
    enum hm_code code;

    *bounds = (struct bounds){ most.value == NULL ? 1 : 0, -1 };
    TRY(json_get_integer(object, "at_least", JSON_OPTIONAL, 0, INT64_MAX, &bounds->least, err));
    TRY(json_get_integer(object, "at_most", JSON_OPTIONAL, 0, INT64_MAX, &bounds->most, err));
    if (most.value != NULL && bounds->most < bounds->least)
        TRY(json_complain(&most, err, "at_most is less than at_least"));
    if (exactly.value == NULL)
        goto out;
    if (least.value != NULL || most.value != NULL)
        TRY(json_complain(&exactly, err, "exactly cannot be combined with at_least or at_most"));
    TRY(json_get_integer(object, "exactly", JSON_OPTIONAL, 0, INT64_MAX, &bounds->most, err));
    bounds->least = bounds->most;
out:
    return code;
}

bool bounds_hold(const struct bounds *bounds, int64_t least, int64_t most)
{
    return least >= bounds->least && (bounds->most < 0 || most <= bounds->most);
}

bool bounds_fail(const struct bounds *bounds, int64_t least, int64_t most)
{
    return most < bounds->least || (bounds->most >= 0 && least > bounds->most);
}

void bounds_describe(struct buf *out, const struct bounds *bounds)
{
    if (bounds->most < 0)
        buf_printf(out, "at least %" PRId64, bounds->least);
    else if (bounds->least == bounds->most)
        buf_printf(out, "exactly %" PRId64, bounds->least);
    else if (bounds->least == 0)
        buf_printf(out, "at most %" PRId64, bounds->most);
    else
        buf_printf(out, "%" PRId64 " to %" PRId64, bounds->least, bounds->most);
}

void bounds_write(struct buf *out, const struct bounds *bounds)
{
    buf_printf(out, ",\"at_least\":%" PRId64, bounds->least);
    if (bounds->most >= 0)
        buf_printf(out, ",\"at_most\":%" PRId64, bounds->most);
}
