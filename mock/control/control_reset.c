#include "control/control_reset.h"

#include "control/control.h"
#include "control/expected.h"
#include "fault/fault.h"
#include "journal/journal.h"
#include "operation/limit.h"
#include "store/store.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <string.h>

enum part {
    PART_STATE,
    PART_JOURNAL,
    PART_FAULTS,
    PART_CLOCK,
    PART_LIMITS,
    PART_POLICY,
    PART_EXPECT,
    PART_COUNT
};

static const char *const part_names[PART_COUNT] = { "state",  "journal", "faults", "clock",
                                                    "limits", "policy",  "expect" };

/* Sets of parts are bits. */
static bool has_part(unsigned parts, enum part part)
{
    return (parts >> part & 1) != 0;
}

static enum hm_code part_read(unsigned *parts, const struct json_node *name, struct hm_error *err)
{
    const char *text = json_string_value(name->value);

    for (int i = 0; text != NULL && i < PART_COUNT; i++) {
        if (strcmp(text, part_names[i]) == 0) {
            *parts |= 1U << i;
            return HM_OK;
        }
    }
    return json_complain(name, err,
                         "found %s, expected \"state\", \"journal\", \"faults\", \"clock\", "
                         "\"limits\", \"policy\" or \"expect\"",
                         text == NULL ? json_type_name(name->value) : "an unknown name");
}

/* {"what": [...]}; an empty list means all. */
static enum hm_code parts_read(unsigned *parts, const struct json_node *body, struct hm_error *err)
{
    static const char *const allowed[] = { "v", "what", NULL };
    struct json_node what;
    int64_t version;
    enum hm_code code;

    *parts = 0;
    TRY(json_expect_object(body, allowed, err));
    TRY(json_get_integer(body, "v", JSON_OPTIONAL, 1, 1, &version, err));
    TRY(json_get_array(body, "what", JSON_OPTIONAL, &what, err));
    for (size_t i = 0; i < json_array_size(what.value); i++) {
        struct json_node name = json_node_element(&what, i);

        TRY(part_read(parts, &name, err));
    }
    if (*parts == 0)
        *parts = (1U << PART_COUNT) - 1;
out:
    return code;
}

static enum hm_code parts_reset(struct state *edited, const struct state *initial, unsigned parts,
                                struct hm_error *err)
{
    struct store *store;
    struct faults *faults;
    struct limit *limit;
    enum hm_code code = HM_OK;

    if (has_part(parts, PART_STATE)) {
        TRY(store_fresh(&store, initial->store, err));
        store_free(edited->store);
        edited->store = store;
    }
    if (has_part(parts, PART_FAULTS)) {
        TRY(faults_fresh(&faults, initial->faults, err));
        faults_free(edited->faults);
        edited->faults = faults;
    }
    if (has_part(parts, PART_LIMITS)) {
        TRY(limit_fresh(&limit, initial->limit, err));
        limit_free(edited->limit);
        edited->limit = limit;
    }
    if (has_part(parts, PART_CLOCK))
        edited->clock = initial->clock;
    if (has_part(parts, PART_POLICY))
        edited->policy = initial->policy;
out:
    return code;
}

/* Requests wrote to the loaded store, too. Kept for later resets, it would hold all of that for
 * ever, so the fresh one takes its place. */
static enum hm_code initial_refresh(struct state_slot *slot, const struct state *initial,
                                    struct store *fresh, struct hm_error *err)
{
    struct state *next = state_copy(initial);

    if (next == NULL)
        return no_memory(err);
    store_free(next->store);
    next->store = store_hold(fresh);
    state_put_initial(slot, next);
    return HM_OK;
}

struct reset {
    struct state_slot *slot;
    unsigned parts;
};

static enum hm_code reset_state(struct state *edited, void *context, struct hm_error *err)
{
    const struct reset *reset = context;
    struct state *initial = state_take_initial(reset->slot);
    enum hm_code code = parts_reset(edited, initial, reset->parts, err);

    if (code == HM_OK && has_part(reset->parts, PART_STATE))
        code = initial_refresh(reset->slot, initial, edited->store, err);
    state_release(initial);
    return code;
}

static enum hm_code reset(struct exchange *x, unsigned parts, struct hm_error *err)
{
    struct reset reset = { &x->sandbox->slot, parts };
    enum hm_code code = control_apply(x, reset_state, &reset, err);

    if (code != HM_OK)
        return code;
    if (has_part(parts, PART_JOURNAL))
        journal_clear(x->sandbox->journal);
    if (has_part(parts, PART_EXPECT))
        expected_clear(x->sandbox->expected);
    return HM_OK;
}

static enum step_result reset_answer(struct exchange *x)
{
    struct json_file file = { 0 };
    struct json_node body;
    struct hm_error err = { 0 };
    unsigned parts;
    struct buf *out;
    enum hm_code code;

    TRY(control_body_parse(&file, x, &err));
    body = json_node_root(&file);
    TRY(parts_read(&parts, &body, &err));
    TRY(reset(x, parts, &err));
out:
    json_file_fini(&file);
    if (code != HM_OK)
        return control_fail(x, &err);
    out = control_begin(x);
    buf_puts(out, ",\"reset\":");
    for (int i = 0, n = 0; i < PART_COUNT; i++) {
        if (has_part(parts, (enum part)i))
            buf_printf(out, "%s\"%s\"", n++ == 0 ? "[" : ",", part_names[i]);
    }
    buf_putc(out, ']');
    return control_answer(x, 200);
}

const struct operation op_reset = { .is_control = true,
                                    .changes = (1U << TOPICS) - 1,
                                    .steps = { control_write, reset_answer } };
