#include "operation/reply.h"

#include "fault/misbehave_list.h"
#include "operation/absent.h"
#include "store/store.h"
#include <heymarket/error.h>

enum step_result reply_list(struct exchange *x, int status)
{
    size_t length;
    const char *text = channel_view_text(&x->channels, &length);

    exchange_answer(x, status, text, length, "]");
    misbehave_list(x);
    return STEP_ANSWERED;
}

enum step_result reply_channel(struct exchange *x)
{
    size_t length;
    const char *text = channel_view_text(&x->channels, &length);

    exchange_answer(x, 200, text + x->channel.at, x->channel.length, "");
    misbehave_list(x);
    return STEP_ANSWERED;
}

static enum step_result refuse_duplicate(struct exchange *x)
{
    hm_findings_add(&x->findings, HM_B8_CHANNEL_EXISTS,
                    "the contact already has a channel with this type and id");
    return exchange_refuse(x, 400);
}

enum step_result reply_outcome(struct exchange *x, enum hm_code code)
{
    switch (code) {
    case HM_OK:
        return STEP_NEXT;
    case HM_BAD_ARGUMENT:
        return absent_refuse(x);
    case HM_REFUSED:
        return refuse_duplicate(x);
    default:
        return exchange_away(x, code);
    }
}
