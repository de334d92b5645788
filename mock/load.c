#include "load.h"

#include "database/database.h"
#include "fault/fault_read.h"
#include "operation/limit.h"
#include "store/state_sync.h"
#include "store/store.h"
#include "store/world.h"
#include "support/fixture.h"
#include "support/json_file.h"
#include "support/no_memory.h"
#include "support/try.h"

enum { PROFILE_BYTES_MAX = 1024 * 1024 };

static const char default_world[] = "worlds/default.json";

static enum hm_code profile_take(struct policy *policy, const char *path, struct hm_error *err)
{
    struct json_file file = { 0 };
    struct json_node root;
    enum hm_code code;

    TRY(json_file_load(&file, path, PROFILE_BYTES_MAX, err));
    root = json_node_root(&file);
    TRY(policy_read(policy, &root, JSON_REQUIRED, err));
out:
    json_file_fini(&file);
    return code;
}

/* Weakest first: built-in, profiles, strict, set. */
static enum hm_code policy_take(struct policy *policy, const struct serve_options *options,
                                struct hm_error *err)
{
    enum hm_code code = HM_OK;

    for (size_t i = 0; i < options->profiles.count; i++)
        TRY(profile_take(policy, options->profiles.at[i], err));
    if (options->is_strict)
        policy_be_strict(policy);
    for (size_t i = 0; i < options->settings.count; i++)
        TRY(policy_set(policy, options->settings.at[i], err));
out:
    return code;
}

/* Those of the command line come first. */
static enum hm_code faults_load(struct state *state, const struct serve_options *options,
                                const struct json_file *world, struct hm_error *err)
{
    enum hm_code code;

    TRY(faults_new(&state->faults, err));
    for (size_t i = 0; i < options->faults.count; i++)
        TRY(faults_add(state->faults, state->store, options->faults.at[i], err));
    if (world->root != NULL)
        TRY(world_faults_read(state->faults, state->store, world, err));
out:
    return code;
}

/* The world file; nothing is loaded if none was named and @source keeps a world. */
static enum hm_code world_load(struct json_file *file, const struct serve_options *options,
                               const struct state_source *source, struct hm_error *err)
{
    struct fixtures fixtures = { options->fixtures };
    bool is_kept = false;
    enum hm_code code;

    if (options->world != NULL)
        return json_file_load(file, options->world, WORLD_BYTES_MAX, err);
    if (source != NULL)
        TRY(world_is_kept(&is_kept, source->database, err));
    if (!is_kept)
        TRY(fixture_load(file, &fixtures, default_world, err));
out:
    return code;
}

static enum hm_code world_take(struct state *state, const struct serve_options *options,
                               struct state_source *source, struct hm_error *err)
{
    struct json_file file = { 0 }, faults = { 0 };
    enum hm_code code;

    if (source != NULL && source->database == NULL)
        source = NULL;
    TRY(world_load(&file, options, source, err));
    if (source == NULL)
        TRY(world_read(&state->store, &file, err));
    else
        TRY(world_kept_read(&state->store, &faults, &source->changes, source->database,
                            file.root == NULL ? NULL : &file, err));
    TRY(faults_load(state, options, source == NULL ? &file : &faults, err));
    if (options->rate_limit > 0)
        TRY(limit_new(&state->limit,
                      store_secret_count(state->store) + store_legacy_count(state->store),
                      options->rate_limit, err));
out:
    json_file_fini(&file);
    json_file_fini(&faults);
    return code;
}

enum hm_code state_load(struct state **state, const struct serve_options *options,
                        struct hm_error *err)
{
    return state_load_from(state, options, NULL, err);
}

enum hm_code state_load_from(struct state **state, const struct serve_options *options,
                             struct state_source *source, struct hm_error *err)
{
    struct state *loaded = state_new();
    enum hm_code code;

    *state = NULL;
    if (loaded == NULL)
        return no_memory(err);
    TRY(clock_parse(&loaded->clock, options->clock, err));
    TRY(policy_take(&loaded->policy, options, err));
    TRY(world_take(loaded, options, source, err));
    *state = loaded;
    loaded = NULL;
out:
    state_release(loaded);
    return code;
}

/* What the options name, and the state that they made. */
struct override {
    const struct serve_options *options;
    const struct state *initial;
};

static enum hm_code override(struct state *edited, void *context, struct hm_error *err)
{
    const struct override *with = context;
    const struct serve_options *options = with->options;
    enum hm_code code;

    if (options->clock != NULL)
        edited->clock = with->initial->clock;
    if (options->rate_limit > 0) {
        limit_free(edited->limit);
        edited->limit = NULL;
        TRY(limit_fresh(&edited->limit, with->initial->limit, err));
    }
    if (options->faults.count > 0) {
        faults_free(edited->faults);
        edited->faults = NULL;
        TRY(faults_fresh(&edited->faults, with->initial->faults, err));
    }
    TRY(policy_take(&edited->policy, options, err));
out:
    return code;
}

enum hm_code state_override(struct state_slot *slot, const struct serve_options *options,
                            struct hm_error *err)
{
    struct override with = { .options = options };
    struct state *initial, *changed;
    enum hm_code code;

    if (slot->database == NULL || slot->database->kind->is_shared)
        return HM_OK;
    initial = state_take_initial(slot);
    with.initial = initial;
    code = state_change(slot, override, &with, &changed, err);
    if (code == HM_OK)
        state_release(changed);
    state_release(initial);
    return code;
}
