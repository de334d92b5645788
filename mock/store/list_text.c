#include "store/list_text.h"

#include "contract/channel_rules.h"
#include "support/buf.h"
#include "support/try.h"
#include <jansson.h>

static enum hm_code channel_read(struct channel_list *list, json_t *channel, struct buf *scratch)
{
    struct channel_values values;
    struct channel_fields fields = { .values = &values };
    json_int_t id, team_id, contact_id;

    if (json_unpack(channel, "{s:I,s:I,s:I,s:s%,s:s%,s:s,s:s,s:s,s:s}", "id", &id, "team_id",
                    &team_id, "contact_id", &contact_id, "channel_type", &values.type,
                    &values.type_length, "channel_id", &values.id, &values.id_length,
                    "info_channel", &fields.info_channel, "channel_handle", &fields.channel_handle,
                    "created", &fields.created, "updated", &fields.updated) != 0)
        return HM_BAD_INPUT;
    fields.id = id;
    fields.team_id = team_id;
    fields.contact_id = contact_id;
    return channel_list_append(list, &fields, scratch);
}

enum hm_code list_text_read(struct channel_list **list, const char *text, size_t length)
{
    struct channel_list *made = channel_list_new();
    json_t *tree = NULL, *channel;
    struct buf scratch;
    enum hm_code code = made == NULL ? HM_NO_MEMORY : HM_OK;
    size_t i;

    *list = NULL;
    buf_init(&scratch, CHANNEL_LIST_BYTES_MAX);
    TRY(code);
    if (length > 0) {
        buf_add(&scratch, text, length);
        buf_putc(&scratch, ']');
        tree = json_loadb(buf_text(&scratch), scratch.length, JSON_ALLOW_NUL, NULL);
        TRY(json_is_array(tree) ? HM_OK : HM_BAD_INPUT);
    }
    json_array_foreach (tree, i, channel) {
        TRY(channel_read(made, channel, &scratch));
    }
    *list = made;
    made = NULL;
out:
    json_decref(tree);
    buf_fini(&scratch);
    channel_list_free(made);
    return code;
}
