#include "control/control_contacts.h"

#include "control/control.h"
#include "control/query.h"
#include "store/store.h"
#include "support/json_text.h"
#include "support/text.h"
#include "support/try.h"
#include "support/uuid.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { PAGE_DEFAULT = 100, PAGE_MOST = 1000 };

/* Appends the members that both answers have. @name NULL: it has none. */
static void contact_write(struct buf *out, const struct store *store, const struct contact *contact,
                          const char *name)
{
    char uuid[UUID_TEXT];

    contact_uuid(uuid, contact);
    buf_printf(out, "\"uuid\":\"%s\"", uuid);
    if (name != NULL) {
        buf_puts(out, ",\"name\":");
        json_text_puts(out, name);
    }
    buf_printf(out, ",\"contact_id\":%" PRId64 ",\"team_id\":%" PRId64, contact_integer_id(contact),
               store_team_id(store, contact_team(contact)));
}

static bool page_write(struct buf *out, struct control_list *list)
{
    const struct store *store = list->x->state->store;
    const struct contact_name *name = list->name;
    const char *text = NULL;

    while (name != NULL && contact_place(name->contact) < list->at)
        name = contact_name_after(name);
    if (name != NULL && contact_place(name->contact) == list->at)
        text = name->name;
    list->name = name;
    buf_puts(out, list->comma);
    buf_putc(out, '{');
    contact_write(out, store, store_contact_at(store, list->at), text);
    buf_putc(out, '}');
    return true;
}

static enum hm_code page_read(size_t *offset, size_t *limit, const char *at, struct hm_error *err)
{
    enum hm_code code;
    struct query_pair pair;

    TRY(query_take(&pair, &at, err));
    for (; pair.name[0] != '\0'; code = query_take(&pair, &at, err)) {
        const bool is_limit = strcmp(pair.name, "limit") == 0;
        int64_t number;

        if (code != HM_OK)
            goto out;
        if (!is_limit && strcmp(pair.name, "offset") != 0)
            TRY(hm_error_set(err, HM_BAD_ARGUMENT,
                             "unknown query parameter, expected offset or limit"));
        if (!text_to_int64(&number, pair.value, is_limit ? 1 : 0, is_limit ? PAGE_MOST : INT64_MAX))
            TRY(hm_error_set(err, HM_BAD_ARGUMENT, "%s: expected a number from %d%s", pair.name,
                             is_limit ? 1 : 0, is_limit ? " to 1000" : ""));
        *(is_limit ? limit : offset) = (size_t)number;
    }
out:
    return code;
}

static enum step_result contacts_answer(struct exchange *x)
{
    const struct store *store = x->state->store;
    const size_t count = store_contact_count(store);
    size_t offset = 0, limit = PAGE_DEFAULT;
    struct hm_error err;

    if (page_read(&offset, &limit, private_open(x->request.query), &err) != HM_OK)
        return control_fail(x, &err);

    const size_t begin = offset < count ? offset : count;
    const size_t end = limit < count - begin ? begin + limit : count;
    char path[SANDBOX_PATH_TEXT];
    struct control_list list = {
        .entry = page_write, .at = begin, .end = end, .name = store_first_name(store), .rest = "]"
    };

    sandbox_path(path, x->sandbox);
    if (end < count)
        snprintf(list.rest, sizeof list.rest, "],\"next\":\"%s/contacts?offset=%zu&limit=%zu\"",
                 path, end, limit);
    buf_printf(control_begin(x), ",\"total\":%zu,\"contacts\":[", count);
    return control_answer_list(x, &list);
}

/* Appends channels, masked: a client may have sent a key as an id. */
static void masked_write(struct buf *out, struct exchange *x, const char *text, size_t length)
{
    const size_t begin = out->length;

    buf_add(out, text, length);
    if (buf_ok(out))
        mask_overwrite(exchange_masking(x), out->data + begin, length);
}

static enum step_result contact_answer(struct exchange *x)
{
    struct store *store = x->state->store;
    const struct contact *contact = NULL;
    char uuid[UUID_TEXT];
    struct buf *out;
    const char *text;
    size_t length;

    if (store_uuid_of(uuid, store, x->route.parameters[0].at))
        contact = store_find(store, uuid);
    if (contact == NULL)
        return exchange_complain(
            x, 404, "no contact has this UUID or name; GET /_mock/contacts lists them");
    if (store_view(store, contact, &x->channels) != HM_OK)
        return exchange_refuse(x, 503);
    text = channel_view_text(&x->channels, &length);
    out = control_begin(x);
    buf_putc(out, ',');
    contact_write(out, store, contact, NULL);
    buf_puts(out, ",\"channels\":");
    if (!mask_is_clean(exchange_masking(x), text, length)) {
        masked_write(out, x, text, length);
        length = 0;
    }
    if (!buf_ok(out))
        return exchange_refuse(x, 500);
    /* The list may be long, and is sent from where it is. */
    exchange_answer(x, 200, text, length, "]}");
    answer_set_lead(&x->answer, out->data);
    return STEP_ANSWERED;
}

const struct operation op_contacts = { .is_control = true,
                                       .steps = { control_read, contacts_answer } };
const struct operation op_contact = { .is_control = true,
                                      .steps = { control_read, contact_answer } };
