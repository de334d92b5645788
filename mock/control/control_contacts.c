#include "control/control_contacts.h"

#include "control/control.h"
#include "store/store.h"
#include "support/uuid.h"
#include <inttypes.h>

static enum step_result contact_answer(struct exchange *x)
{
    struct store *store = x->state->store;
    const struct contact *contact = NULL;
    char uuid[UUID_TEXT];
    struct buf *out;
    const char *text;
    size_t length;

    if (uuid_is_valid(x->route.parameter, x->route.parameter_length))
        contact = store_find(store, x->route.parameter);
    if (contact == NULL)
        return exchange_complain(x, 404, "no contact has this UUID");
    store_view(store, contact, &x->channels);
    text = channel_view_text(&x->channels, &length);
    uuid_lower(uuid, x->route.parameter);
    out = control_begin(x);
    buf_printf(out,
               ",\"uuid\":\"%s\",\"contact_id\":%" PRId64 ",\"team_id\":%" PRId64 ",\"channels\":",
               uuid, contact_integer_id(contact), store_team_id(store, contact_team(contact)));
    buf_add(out, text, length);
    buf_putc(out, ']');
    return control_answer(x, 200);
}

const struct operation op_contact = { true, { control_read, contact_answer } };
