#include "target/targets.h"
#include "contract/variables.h"
#include "support/buf.h"
#include "support/environment.h"
#include "support/file.h"
#include "support/no_memory.h"
#include "support/try.h"
#include "support/wall_clock.h"
#include "target/folder.h"
#include "target/mock_control.h"
#include "target/mock_process.h"
#include "target/target_file.h"
#include "transport/http_url.h"
#include <stdlib.h>
#include <string.h>

enum { PATH_BYTES_MAX = 4096 };

struct started_mock {
    struct target target;
    struct mock_process *process;
    const char *world;            /* borrowed from the case file */
    const char *const *arguments; /* the same */
};

enum hm_code targets_place(struct target_place *place, const char *base_url, const char *file,
                           struct hm_error *err)
{
    enum hm_code code = HM_OK;
    char *from_file = NULL;
    bool unused;

    memset(place, 0, sizeof *place);
    if (file != NULL)
        TRY(target_file_read(&place->names, &from_file, file, err));
    if (base_url == NULL)
        base_url = from_file != NULL ? from_file : environment_text(VARIABLE_BASE_URL);
    if (base_url == NULL && file != NULL)
        TRY(hm_error_set(err, HM_BAD_INPUT,
                         "%s has no \"base_url\", and neither --base-url nor " VARIABLE_BASE_URL
                         " gives one",
                         file));
    if (base_url != NULL)
        TRY(http_base_url(&place->base_url, &place->is_loopback, &unused, base_url, err));
out:
    free(from_file);
    if (code != HM_OK)
        target_place_fini(place);
    return code;
}

enum hm_code world_load(struct json_file *world, const struct fixtures *from, const char *name,
                        struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct buf path;

    buf_init(&path, PATH_BYTES_MAX);
    buf_printf(&path, "worlds/%s.json", name);
    if (!buf_ok(&path))
        TRY(hm_error_set(err, HM_BAD_INPUT, "the name of the world is too long"));
    TRY(fixture_load(world, from, buf_text(&path), err));
out:
    buf_fini(&path);
    return code;
}

static enum hm_code named_init(struct targets *targets, struct target_place *place,
                               struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct json_file world = { .root = NULL };

    TRY(world_load(&world, &targets->from, "default", err));
    targets->is_named = true;
    TRY(target_look(&targets->named, targets->session, place, &world, err));
    TRY(target_try_control(&targets->named, targets->session, err));
    targets->before.policy = json_incref(targets->named.policy);
    targets->before.stands_still = targets->named.stands_still;
    targets->before.clock_s = targets->named.clock_s;
out:
    json_file_fini(&world);
    return code;
}

enum hm_code targets_guess(struct target *target, struct target_place *place,
                           const struct fixtures *from, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct json_file world = { .root = NULL };

    memset(target, 0, sizeof *target);
    target->kind = TARGET_FOREIGN;
    target->base_url = place->base_url;
    target->is_local = place->is_loopback;
    target->names = place->names;
    memset(place, 0, sizeof *place);
    if (target->names.secrets[SECRET_FIRST].id != NULL ||
        names_from_environment(&target->names, NULL) == HM_OK)
        goto out;
    TRY(world_load(&world, from, "default", err));
    TRY(names_from_world(&target->names, &world, "the default world", err));
out:
    json_file_fini(&world);
    return code;
}

enum hm_code targets_init(struct targets *targets, struct http_session *session,
                          const struct targets_options *options, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct target_place place = { 0 };

    memset(targets, 0, sizeof *targets);
    targets->from = options->from;
    targets->session = session;
    targets->is_live = options->is_live;
    targets->policy_defaults = json_incref(options->policy_defaults);
    targets->now = wall_clock_s();
    TRY(targets_place(&place, options->base_url, options->file, err));
    if (place.base_url != NULL && options->mock != NULL)
        TRY(hm_error_set(err, HM_BAD_ARGUMENT,
                         "--mock is for a run without a target, but %s is given", place.base_url));
    if (place.base_url == NULL && options->gateway->count > 0)
        TRY(hm_error_set(err, HM_BAD_ARGUMENT,
                         "--header needs a target: give it with --base-url or --target"));
    if (place.base_url == NULL && options->is_live)
        TRY(hm_error_set(err, HM_BAD_ARGUMENT,
                         "--live needs a target: give it with --base-url or --target"));
    if (place.base_url != NULL && !place.is_loopback && !options->is_live)
        TRY(hm_error_set(err, HM_BAD_ARGUMENT, "%s is not loopback: %s; add --live to run it",
                         place.base_url, options->forecast));
    if (place.base_url != NULL)
        TRY(named_init(targets, &place, err));
    targets->named.is_patient = options->is_slow;
    targets->named.is_left_clean = options->is_left_clean;
    targets->named.names.gateway = options->gateway;
    if (targets->is_named && options->gateway->count > 0)
        TRY(names_mask(&targets->named.names, err));
    if (!targets->is_named)
        TRY(mock_program_find(&targets->mock_program, options->mock, err));
out:
    target_place_fini(&place);
    return code;
}

/* Gives the mock the world as a file, so that it has the same names as the suite. */
static enum hm_code world_file_make(struct buf *path, struct targets *targets,
                                    const struct json_file *world, const char *name,
                                    struct hm_error *err)
{
    if (targets->from.dir != NULL) {
        buf_printf(path, "%s/worlds/%s.json", targets->from.dir, name);
        return buf_ok(path) ? HM_OK : no_memory(err);
    }
    buf_printf(path, "%s/%s.json", targets->folder, name);
    return buf_ok(path) ? file_write(buf_text(path), world->text, world->length, err)
                        : no_memory(err);
}

static enum hm_code started_init(struct started_mock *mock, struct targets *targets,
                                 const struct case_file *file, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct json_file world = { .root = NULL };
    struct buf path;
    struct mock_options options = {
        .program = targets->mock_program,
        .arguments = file->mock_arguments,
        .now = targets->now,
        .folder = targets->folder,
        .number = targets->started_count,
    };

    buf_init(&path, PATH_BYTES_MAX);
    mock->world = file->world;
    mock->arguments = file->mock_arguments;
    TRY(world_load(&world, &targets->from, file->world, err));
    TRY(names_from_world(&mock->target.names, &world, "its world", err));
    TRY(world_file_make(&path, targets, &world, file->world, err));
    options.world_file = buf_text(&path);
    TRY(mock_start(&mock->process, &options, err));
    mock->target.kind = TARGET_STARTED;
    mock->target.stands_still = true;
    mock->target.takes_clock = true;
    mock->target.is_local = true;
    mock->target.has_world_names = true;
    mock->target.clock_s = targets->now;
    mock->target.base_url = strdup(mock_base_url(mock->process));
    mock->target.control_url = strdup(mock_base_url(mock->process));
    if (mock->target.base_url == NULL || mock->target.control_url == NULL)
        TRY(no_memory(err));
    TRY(target_read_policy(&mock->target, targets->session, err));
out:
    json_file_fini(&world);
    buf_fini(&path);
    return code;
}

static bool is_for(const struct started_mock *mock, const struct case_file *file)
{
    size_t i;

    if (strcmp(mock->world, file->world) != 0)
        return false;
    for (i = 0; mock->arguments[i] != NULL && file->mock_arguments[i] != NULL; i++) {
        if (strcmp(mock->arguments[i], file->mock_arguments[i]) != 0)
            return false;
    }
    return mock->arguments[i] == NULL && file->mock_arguments[i] == NULL;
}

/* Sets the policy of the named mock if it differs. */
static enum hm_code policy_set(struct targets *targets, json_t *wanted, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct target *target = &targets->named;
    bool is_done;

    if (json_equal(wanted, target->policy))
        return HM_OK;
    TRY(mock_control_set_policy(&is_done, targets->session, target->control_url, wanted, err));
    if (!is_done)
        TRY(hm_error_set(err, HM_INTERNAL, "the policy of %s can no longer be set",
                         target->control_url));
    json_decref(target->policy);
    target->policy = json_incref(wanted);
out:
    return code;
}

/* Stops the clock of the named mock, or restores it. */
static enum hm_code clock_set(struct targets *targets, bool stands_still, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct target *target = &targets->named;
    const struct target_before *before = &targets->before;
    const int64_t clock_s = stands_still ? target_now(target) : before->clock_s;
    bool is_done;

    if (target->stands_still == stands_still)
        return HM_OK;
    TRY(mock_control_set_clock(&is_done, targets->session, target->control_url,
                               stands_still ? MOCK_CLOCK_NOW : MOCK_CLOCK_AHEAD, clock_s, err));
    if (!is_done)
        TRY(hm_error_set(err, HM_INTERNAL, "the clock of %s can no longer be set",
                         target->control_url));
    target->stands_still = stands_still;
    target->clock_s = clock_s;
out:
    return code;
}

/* Does the case depend on the clock? */
static bool is_timed(const struct test_case *test)
{
    return (test->needs & NEED_CLOCK) || test->wait_s > 0;
}

/* Gives the named mock a policy: its own, or the default values and those that the arguments of a
 * case file set, as a mock has them that is started for the file. */
static enum hm_code named_policy_set(struct targets *targets, const char *const *arguments,
                                     bool is_own, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    json_t *wanted = json_copy(targets->before.policy);
    json_t *policy = arguments_policy(arguments);

    if (wanted == NULL ||
        (!is_own && json_object_update_existing(wanted, targets->policy_defaults) != 0) ||
        (policy != NULL && json_object_update(wanted, policy) != 0))
        TRY(no_memory(err));
    TRY(policy_set(targets, wanted, err));
out:
    json_decref(policy);
    json_decref(wanted);
    return code;
}

/* Prepares the named mock for a case. */
static enum hm_code named_set(struct targets *targets, const struct test_case *test,
                              struct hm_error *err)
{
    enum hm_code code = HM_OK;

    if (targets->named.takes_policy)
        TRY(named_policy_set(targets, test->file->mock_arguments, false, err));
    if (targets->named.takes_clock)
        TRY(clock_set(targets, targets->before.stands_still || is_timed(test), err));
out:
    return code;
}

enum hm_code targets_find(const struct target **target, struct targets *targets,
                          const struct test_case *test, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const struct case_file *file = test->file;
    struct started_mock *mock = NULL;

    *target = &targets->named;
    if (targets->is_named)
        return named_set(targets, test, err);
    for (size_t i = 0; i < targets->started_count; i++) {
        *target = &targets->started[i]->target;
        if (is_for(targets->started[i], file))
            return HM_OK;
    }
    if (targets->started_count == STARTED_MAX)
        return hm_error_set(err, HM_INTERNAL, "the case files need more than %d mocks",
                            STARTED_MAX);
    TRY(folder_make(targets->folder, err));
    mock = calloc(1, sizeof *mock);
    if (mock == NULL)
        TRY(no_memory(err));
    TRY(started_init(mock, targets, file, err));
    targets->started[targets->started_count++] = mock;
    *target = &mock->target;
    mock = NULL;
out:
    if (mock != NULL) {
        mock_stop(mock->process);
        mock_free(mock->process, NULL);
        target_fini(&mock->target);
        free(mock);
    }
    return code;
}

bool targets_allow_others(const struct targets *targets, const struct test_case *test)
{
    const struct target *target = &targets->named;
    json_t *policy = arguments_policy(test->file->mock_arguments);
    const bool has_policy = policy != NULL;
    const bool is_usual = test->file->mock_arguments[0] == NULL;

    json_decref(policy);
    if (!targets->is_named)
        return test->wait_s == 0 && (is_usual || has_policy);
    if (target->takes_policy && has_policy)
        return false;
    return !target->takes_clock ||
           (test->wait_s == 0 && (targets->before.stands_still || !is_timed(test)));
}

enum hm_code targets_restore(struct targets *targets, bool has_defaults, struct hm_error *err)
{
    static const char *const no_arguments[] = { NULL };
    enum hm_code code = HM_OK;

    if (targets->named.takes_policy)
        TRY(named_policy_set(targets, no_arguments, !has_defaults, err));
    if (targets->named.takes_clock)
        TRY(clock_set(targets, targets->before.stands_still, err));
out:
    return code;
}

enum hm_code targets_fini(struct targets *targets, struct hm_error *err)
{
    enum hm_code worst = targets_restore(targets, false, err);

    json_decref(targets->before.policy);
    json_decref(targets->policy_defaults);
    for (size_t i = 0; i < targets->started_count; i++)
        mock_stop(targets->started[i]->process);
    for (size_t i = 0; i < targets->started_count; i++) {
        enum hm_code code = mock_free(targets->started[i]->process, worst == HM_OK ? err : NULL);

        worst = worst == HM_OK ? code : worst;
        target_fini(&targets->started[i]->target);
        free(targets->started[i]);
    }
    folder_remove(targets->folder);
    target_fini(&targets->named);
    free(targets->mock_program);
    memset(targets, 0, sizeof *targets);
    return worst;
}
