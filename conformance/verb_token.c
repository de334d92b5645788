#include "verb_token.h"
#include "cases/catalog.h"
#include "contract/variables.h"
#include "recipe/recipe.h"
#include "suite_options.h"
#include "support/ca_file.h"
#include "support/environment.h"
#include "support/text.h"
#include "support/try.h"
#include "target/targets.h"
#include <stdio.h>

static enum hm_code case_find(const struct test_case **test, const struct catalog *catalog,
                              const char *id, int64_t step, struct hm_error *err)
{
    const char *nearest = catalog_nearest(catalog, id);

    *test = catalog_find(catalog, id);
    if (*test == NULL)
        return hm_error_set(err, HM_BAD_ARGUMENT,
                            "there is no case %s%s%s%s; heymarket-conformance list shows all", id,
                            nearest != NULL ? " (did you mean " : "",
                            nearest != NULL ? nearest : "", nearest != NULL ? "?)" : "");
    if ((size_t)step > (*test)->step_count)
        return hm_error_set(err, HM_BAD_ARGUMENT, "case %s has %zu step%s", id, (*test)->step_count,
                            plural((*test)->step_count));
    return HM_OK;
}

/* A case signs all its tokens before it waits. */
static int64_t waited_s(const struct test_case *test, size_t step)
{
    int64_t sum = 0;

    for (size_t i = 0; i < step; i++)
        sum += test->steps[i].wait_s;
    return sum;
}

/* The names and the clock that a run with the same options has. */
static enum hm_code target_find(struct target *target, const struct suite_options *options,
                                const char *world_name, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const struct fixtures from = { options->fixtures };
    struct http_session *session = NULL;
    struct json_file world = { .root = NULL };
    struct target_place place = { 0 };
    struct http_tls tls = { .cert_file = options->cert_file, .key_file = options->key_file };

    TRY(targets_place(&place, options->base_url, options->target, err));
    TRY(world_load(&world, &from, place.base_url != NULL ? "default" : world_name, err));
    if (place.base_url != NULL) {
        TRY(ca_file_choose(&tls.ca_file, options->ca_file, place.base_url, err));
        TRY(http_session_new(&session, &tls, err));
        TRY(target_look(target, session, &place, &world, err));
    } else {
        TRY(names_from_world(&target->names, &world, "its world", err));
        if (!names_agree_with_environment(&target->names)) {
            names_fini(&target->names);
            TRY(names_from_environment(&target->names, err));
        }
    }
out:
    target_place_fini(&place);
    http_session_free(session);
    json_file_fini(&world);
    return code;
}

/* A token that is signed with a secret from a world is refused by any server but a mock, so it must
 * not pass for one that is signed with the user's own secret. */
static void fallback_say(const struct verb_call *call, const struct target *target,
                         const char *world)
{
    const struct suite_options *options = call->options;

    if (options->target != NULL || environment_text(VARIABLE_SECRET_ID) != NULL)
        return;
    fprintf(stderr,
            "%s: note: " VARIABLE_SECRET_ID " and " VARIABLE_SECRET_KEY " are not set, so the "
            "secret of the %s world is used, which only a mock with that world knows\n",
            call->program->name, target->base_url != NULL ? "default" : world);
}

int cmd_token(const struct verb_call *call)
{
    enum hm_code code = HM_OK;
    const struct suite_options *options = call->options;
    const struct fixtures from = { options->fixtures };
    const struct test_case *test;
    struct catalog catalog = { 0 };
    struct target target = { 0 };
    struct authorization authorization = { 0 };
    struct hm_error err;

    TRY(catalog_load(&catalog, &from, &err));
    TRY(case_find(&test, &catalog, call->argv[0], options->step, &err));
    TRY(target_find(&target, options, test->file->world, &err));
    TRY(recipe_make(&authorization, test->steps[options->step - 1].token, &target.names,
                    target_now(&target) - waited_s(test, (size_t)options->step), &err));
    if (authorization.count > 0)
        fallback_say(call, &target, test->file->world);
    for (size_t i = 0; i < authorization.count; i++)
        puts(authorization.at[i]);
    if (authorization.count == 0)
        fprintf(stderr, "%s: case %s sends no Authorization header\n", call->program->name,
                test->id);
out:
    authorization_fini(&authorization);
    target_fini(&target);
    catalog_fini(&catalog);
    return code == HM_OK ? EXIT_GOOD : program_fail_error(call->program, &err);
}
