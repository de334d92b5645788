#include "operation/absent.h"

#include "contract/mask_write.h"
#include "store/store.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool is_same_nocase(const json_t *value, const struct channel_values *values)
{
    return json_string_length(value) == values->type_length &&
           strncasecmp(json_string_value(value), values->type, values->type_length) == 0;
}

/* Is what was sent as a type the channel's id, as text or number? */
static bool is_id_of(const json_t *channel, const struct channel_values *values)
{
    const json_t *id = json_object_get(channel, "channel_id");
    char number[24];

    snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT,
             json_integer_value(json_object_get(channel, "id")));
    return (json_string_length(id) == values->type_length &&
            memcmp(json_string_value(id), values->type, values->type_length) == 0) ||
           (strlen(number) == values->type_length &&
            memcmp(number, values->type, values->type_length) == 0);
}

/* An e-mail address, or a phone number or another number. */
static bool is_like_an_id(const struct channel_values *values)
{
    size_t i = 0;

    while (i < values->type_length && strchr("+0123456789-. ()", values->type[i]) != NULL)
        i++;
    return i == values->type_length || memchr(values->type, '@', values->type_length) != NULL;
}

static void finding_add(struct exchange *x, enum hm_mistake mistake, const char *what,
                        const char *found)
{
    const struct masking *masking = exchange_masking(x);
    const struct channel_values *values = &x->values;

    hm_findings_add(&x->findings, mistake, "the contact has no channel of the type %s%s%s",
                    mask_quoted(masking, values->type, values->type_length).text, what,
                    found == NULL ? "" : mask_quoted(masking, found, strlen(found)).text);
}

enum step_result absent_refuse(struct exchange *x)
{
    json_t *channels = store_channels(x->state->store, x->contact), *channel;
    const char *of_other_case = NULL, *of_id = NULL;
    size_t i;

    if (channels == NULL)
        return exchange_refuse(x, 500);
    json_array_foreach (channels, i, channel) {
        const json_t *type = json_object_get(channel, "channel_type");

        if (is_same_nocase(type, &x->values))
            of_other_case = json_string_value(type);
        if (is_id_of(channel, &x->values))
            of_id = json_string_value(type);
    }
    if (of_other_case != NULL)
        finding_add(x, HM_G5_TYPE_IN_OTHER_CASE, ", but it has one of the type ", of_other_case);
    else if (of_id != NULL)
        finding_add(x, HM_G5_ID_FOR_TYPE, ", which is the id of its channel of the type ", of_id);
    else if (is_like_an_id(&x->values))
        finding_add(x, HM_G5_ID_FOR_TYPE, ", which looks like an id", NULL);
    else
        finding_add(x, HM_G4_CHANNEL_ABSENT, "", NULL);
    json_decref(channels);
    return exchange_refuse(x, policy_status(&x->state->policy, POLICY_CHANNEL_ABSENT));
}
