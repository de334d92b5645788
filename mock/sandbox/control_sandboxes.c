#include "sandbox/control_sandboxes.h"

#include "control/control.h"
#include "control/control_env.h"
#include "database/database.h"
#include "sandbox/sandbox_kept.h"
#include "sandbox/sandboxes.h"
#include "store/state_sync.h"
#include "store/store.h"
#include "support/json_text.h"
#include "support/no_memory.h"
#include "support/try.h"
#include "support/wall_clock.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { UNMET_BYTES_MAX = 16 * 1024 };

static void shown_write(struct buf *out, const struct sandbox_shown *shown)
{
    char created[CLOCK_UTC_TEXT], expires[CLOCK_UTC_TEXT];

    clock_utc(created, shown->created_s);
    clock_utc(expires, shown->created_s + shown->ttl_s);
    buf_printf(out,
               "\"id\":\"%s\",\"created\":\"%s\",\"expires\":\"%s\",\"ttl_s\":%" PRId64
               ",\"requests\":%llu",
               shown->id, created, expires, shown->ttl_s, shown->requests);
}

/* {"world":{...},"ttl_s":600}, both optional. */
static enum hm_code record_read(struct sandbox_record *record, const struct json_node *body,
                                struct hm_error *err)
{
    static const char *const allowed[] = { "v", "world", "ttl_s", NULL };
    struct json_node world;
    int64_t version;
    enum hm_code code;

    TRY(json_expect_object(body, allowed, err));
    TRY(json_get_integer(body, "v", JSON_OPTIONAL, 1, 1, &version, err));
    TRY(json_get_integer(body, "ttl_s", JSON_OPTIONAL, 1, SANDBOX_TTL_S_MOST, &record->ttl_s, err));
    TRY(json_get_object(body, "world", JSON_OPTIONAL, &world, err));
    if (world.value == NULL)
        goto out;
    record->world = json_dumps(world.value, JSON_COMPACT);
    if (record->world == NULL)
        TRY(no_memory(err));
out:
    return code;
}

static void contacts_write(struct buf *out, const struct store *store)
{
    const char *comma = "";
    char uuid[UUID_TEXT];

    buf_puts(out, ",\"contacts\":{");
    for (const struct contact_name *name = store_first_name(store); name != NULL;
         name = contact_name_after(name), comma = ",") {
        contact_uuid(uuid, name->contact);
        buf_puts(out, comma);
        json_text_puts(out, name->name);
        buf_printf(out, ":\"%s\"", uuid);
    }
    buf_putc(out, '}');
}

/* Its world is made to see that it is good, and to show it; the sandbox makes its own when it is
 * used. */
static enum step_result post_answer(struct exchange *x)
{
    struct sandbox made = { .id = "" };
    struct sandbox_shown shown = { 0 };
    struct sandbox_record record;
    struct json_file file = { 0 };
    struct hm_error err = { 0 };
    struct state *state = NULL;
    bool is_kept = false;
    char path[SANDBOX_PATH_TEXT];
    struct json_node root;
    struct buf *out;
    enum hm_code code;

    TRY(sandbox_record_draw(&record, &err));
    record.created_s = wall_clock_s();
    TRY(control_body_parse(&file, x, &err));
    root = json_node_root(&file);
    TRY(record_read(&record, &root, &err));
    TRY(sandbox_world_load(&state, &record, &x->mock->main.slot, &err));
    shown.created_s = record.created_s;
    shown.ttl_s = record.ttl_s;
    memcpy(shown.id, record.id, sizeof shown.id);
    memcpy(made.id, record.id, sizeof made.id);
    TRY(sandbox_kept_add(x->mock, &record, state, &err));
    is_kept = true;
    TRY(sandboxes_add(x->mock->sandboxes, &record, state->store, &err));
    sandbox_path(path, &made);
    out = control_begin(x);
    is_kept = false;
    buf_putc(out, ',');
    shown_write(out, &shown);
    env_write(out, x, path, state->store);
    contacts_write(out, state->store);
out:
    if (is_kept && sandbox_kept_drop(x->mock, made.id, NULL) != HM_OK)
        code = HM_INTERNAL;
    sandbox_record_fini(&record);
    state_release(state);
    json_file_fini(&file);
    return code == HM_OK ? control_answer(x, 201) : control_fail(x, &err);
}

static bool entry_write(struct buf *out, struct control_list *list)
{
    struct sandbox_shown shown = { .serial = list->last_serial };

    memcpy(shown.id, list->last_id, sizeof shown.id);
    if (!sandboxes_next(&shown, list->x->mock->sandboxes))
        return false;
    memcpy(list->last_id, shown.id, sizeof shown.id);
    list->last_serial = shown.serial;
    buf_puts(out, list->comma);
    buf_putc(out, '{');
    shown_write(out, &shown);
    buf_putc(out, '}');
    return true;
}

static enum step_result list_answer(struct exchange *x)
{
    enum hm_code code = database_is_shared(x->mock->main.slot.database)
                            ? sandbox_kept_gather(x->mock, NULL)
                            : HM_OK;

    if (code != HM_OK)
        return exchange_away(x, code);
    buf_printf(control_begin(x), ",\"total\":%zu,\"sandboxes\":[",
               sandboxes_count(x->mock->sandboxes));
    return control_answer_list(
        x, &(struct control_list){ .entry = entry_write, .end = SANDBOXES_MAX, .rest = "]" });
}

static enum step_result absent_answer(struct exchange *x)
{
    return exchange_complain(x, 404,
                             "no sandbox has this id: it never existed, was deleted, or its time "
                             "is over; GET /_mock/sandboxes lists those that are there");
}

/* Of one that another mock made, too; also one that another mock ended. */
static enum hm_code id_find(struct exchange *x)
{
    const char *id = x->route.parameters[0].at;
    struct sandbox *sandbox;
    enum hm_code code = sandbox_kept_find(&sandbox, x->mock, SANDBOX_ID, id, strlen(id));

    if (sandbox == NULL)
        return code;
    code = state_refresh(&sandbox->slot, NULL);
    if (code == HM_BAD_ARGUMENT)
        sandbox_kept_end(x->mock, sandbox->id);
    sandbox_release(sandbox);
    return code == HM_BAD_ARGUMENT ? HM_OK : code;
}

static enum step_result get_answer(struct exchange *x)
{
    const enum hm_code code = id_find(x);
    struct sandbox_shown shown;
    struct buf *out;

    if (code != HM_OK)
        return exchange_away(x, code);
    if (!sandboxes_show(&shown, x->mock->sandboxes, x->route.parameters[0].at))
        return absent_answer(x);
    out = control_begin(x);
    buf_putc(out, ',');
    shown_write(out, &shown);
    return control_answer(x, 200);
}

static enum step_result delete_answer(struct exchange *x)
{
    struct sandbox_shown shown;
    size_t unmet_count;
    struct buf unmet, *out;
    const char *id = x->route.parameters[0].at;
    enum hm_code code = id_find(x);
    bool was_there;

    if (code == HM_OK && sandboxes_show(&shown, x->mock->sandboxes, id))
        code = sandbox_kept_drop(x->mock, shown.id, NULL);
    if (code != HM_OK)
        return exchange_away(x, code);
    buf_init(&unmet, UNMET_BYTES_MAX);
    was_there = sandboxes_end(&shown, x->mock->sandboxes, id, &unmet, &unmet_count);
    if (!was_there)
        return absent_answer(x);
    out = control_begin(x);
    buf_putc(out, ',');
    shown_write(out, &shown);
    buf_printf(out, ",\"unmet\":%zu", unmet_count);
    if (unmet_count > 0) {
        buf_puts(out, ",\"message\":");
        json_text_puts(out, buf_text(&unmet));
    }
    buf_fini(&unmet);
    return control_answer(x, 200);
}

const struct operation op_sandboxes_post = { .is_control = true,
                                             .changes = 1U << TOPIC_SANDBOXES,
                                             .steps = { control_write, env_refuse, post_answer } };
const struct operation op_sandboxes_list = { .is_control = true,
                                             .steps = { control_read, list_answer } };
const struct operation op_sandbox_get = { .is_control = true,
                                          .steps = { control_read, get_answer } };
const struct operation op_sandbox_delete = { .is_control = true,
                                             .changes = 1U << TOPIC_SANDBOXES,
                                             .steps = { control_write, delete_answer } };
const struct operation op_sandbox_absent = { .is_control = true,
                                             .steps = { control_read, absent_answer } };
