#include "target/target.h"
#include "contract/variables.h"
#include "recipe/marks.h"
#include "recipe/message.h"
#include "support/environment.h"
#include "support/no_memory.h"
#include "support/try.h"
#include "support/wall_clock.h"
#include "target/mock_control.h"
#include "transport/http_url.h"
#include <stdlib.h>
#include <string.h>

bool target_is_ours(const struct target *target)
{
    return target->kind != TARGET_FOREIGN;
}

int64_t target_now(const struct target *target)
{
    return target->stands_still ? target->clock_s : wall_clock_s() + target->clock_s;
}

const char *target_policy(const struct target *target, const char *name)
{
    return json_string_value(json_object_get(target->policy, name));
}

void target_fini(struct target *target)
{
    free(target->base_url);
    free(target->control_url);
    free(target->version);
    names_fini(&target->names);
    json_decref(target->policy);
    memset(target, 0, sizeof *target);
}

enum hm_code target_read_policy(struct target *target, struct http_session *session,
                                struct hm_error *err)
{
    enum hm_code code = HM_OK;
    json_t *body = NULL;

    TRY(mock_control_get(&body, session, target->control_url, "/_mock/policy", err));
    json_decref(target->policy);
    target->policy = json_incref(json_object_get(body, "policy"));
out:
    json_decref(body);
    return code;
}

/* Is it our mock? One without a control plane says no more, so it counts as foreign. */
static bool health_read(struct target *target, json_t *health)
{
    json_t *now = json_object_get(health, "now");
    const char *clock = json_string_value(json_object_get(health, "clock"));
    const char *version = json_string_value(json_object_get(health, "version"));

    if (json_integer_value(json_object_get(health, "v")) != 1 || !json_is_integer(now) ||
        clock == NULL)
        return false;
    target->kind = TARGET_OUR_MOCK;
    target->stands_still = strcmp(clock, "frozen") == 0;
    target->clock_s = json_integer_value(now);
    if (!target->stands_still)
        target->clock_s -= wall_clock_s();
    target->version = version != NULL ? strdup(version) : NULL;
    return true;
}

/* Does the mock with this health listen at @base_url, or was it asked at that address? */
static bool health_lists(json_t *health, const char *control_url, const char *base_url)
{
    json_t *listeners = json_object_get(health, "listeners");
    json_t *one;
    size_t i;

    if (strcmp(control_url, base_url) == 0)
        return true;
    json_array_foreach (listeners, i, one) {
        if (json_is_string(one) && strcmp(json_string_value(one), base_url) == 0)
            return true;
    }
    return false;
}

/* Asks the control plane at @url which mock it belongs to; if it is the target's, takes @url
 * over. */
static enum hm_code control_look(struct target *target, struct http_session *session, char **url,
                                 struct hm_error *err)
{
    enum hm_code code = HM_OK;
    json_t *health = NULL;

    TRY(mock_control_health(&health, session, *url, err));
    if (health != NULL && health_lists(health, *url, target->base_url) &&
        health_read(target, health)) {
        target->control_url = *url;
        *url = NULL;
        TRY(target_read_policy(target, session, err));
    }
out:
    json_decref(health);
    return code;
}

/* Is it our mock? Nothing at a loopback address is an error; nothing at a control plane is not. */
static enum hm_code ownership_look(struct target *target, struct http_session *session,
                                   bool is_loopback, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const char *named = environment_text(VARIABLE_MOCK_URL);
    char *url = NULL;
    struct hm_error why;
    bool unused;

    if (is_loopback) {
        url = strdup(target->base_url);
        if (url == NULL)
            TRY(no_memory(err));
        TRY(control_look(target, session, &url, err));
    }
    if (target_is_ours(target) || named == NULL)
        goto out;
    free(url);
    url = NULL;
    if (http_base_url(&url, &unused, &unused, named, &why) != HM_OK)
        TRY(hm_error_set(err, HM_BAD_INPUT, VARIABLE_MOCK_URL ": %s", why.text));
    code = control_look(target, session, &url, err);
    if (code == HM_NOT_SENT)
        code = HM_OK;
out:
    free(url);
    return code;
}

/* Names come from the target file if there is one. Our mock uses those of its world if nothing
 * in the environment contradicts them. */
static enum hm_code names_choose(struct target *target, struct target_place *place,
                                 const struct json_file *world, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct hm_error why;

    if (target_is_ours(target)) {
        TRY(names_from_world(&target->names, world, "the default world", err));
        target->has_world_names = place->names.secrets[SECRET_FIRST].id != NULL
                                      ? names_agree(&target->names, &place->names)
                                      : names_agree_with_environment(&target->names);
        if (!target->has_world_names)
            names_fini(&target->names);
    }
    if (!target->has_world_names && place->names.secrets[SECRET_FIRST].id != NULL) {
        target->names = place->names;
        memset(&place->names, 0, sizeof place->names);
    } else if (!target->has_world_names && names_from_environment(&target->names, &why) != HM_OK) {
        TRY(hm_error_set(err, why.code, "%s: %s", target->base_url, why.text));
    }
out:
    return code;
}

enum hm_code target_look(struct target *target, struct http_session *session,
                         struct target_place *place, const struct json_file *world,
                         struct hm_error *err)
{
    enum hm_code code = HM_OK;

    memset(target, 0, sizeof *target);
    target->kind = TARGET_FOREIGN;
    target->base_url = place->base_url;
    target->is_local = place->is_loopback;
    TRY(ownership_look(target, session, place->is_loopback, err));
    TRY(names_choose(target, place, world, err));
    place->base_url = NULL;
out:
    if (code != HM_OK) {
        target->base_url = NULL;
        target_fini(target);
    }
    return code;
}

void target_place_fini(struct target_place *place)
{
    free(place->base_url);
    names_fini(&place->names);
    memset(place, 0, sizeof *place);
}

enum hm_code target_try_control(struct target *target, struct http_session *session,
                                struct hm_error *err)
{
    enum hm_code code = HM_OK;

    if (target->control_url == NULL)
        return HM_OK;
    if (target->policy != NULL)
        TRY(mock_control_set_policy(&target->takes_policy, session, target->control_url,
                                    target->policy, err));
    TRY(mock_control_set_clock(&target->takes_clock, session, target->control_url,
                               target->stands_still ? MOCK_CLOCK_NOW : MOCK_CLOCK_AHEAD,
                               target->clock_s, err));
out:
    return code;
}

json_t *arguments_policy(const char *const *arguments)
{
    static const char *const strict[] = { "typ", "phone-format", "unknown-member" };
    json_t *policy = json_object();
    bool is_policy = arguments[0] != NULL;
    char name[32];

    while (is_policy && *arguments != NULL) {
        if (strcmp(*arguments, "--strict") == 0) {
            for (size_t i = 0; i < sizeof strict / sizeof *strict; i++)
                is_policy =
                    is_policy && json_object_set_new(policy, strict[i], json_string("reject")) == 0;
            arguments++;
            continue;
        }
        const char *equals = arguments[1] != NULL ? strchr(arguments[1], '=') : NULL;
        is_policy = strcmp(*arguments, "--set") == 0 && equals != NULL &&
                    (size_t)(equals - arguments[1]) < sizeof name;
        if (is_policy) {
            memcpy(name, arguments[1], (size_t)(equals - arguments[1]));
            name[equals - arguments[1]] = '\0';
            is_policy = json_object_set_new(policy, name, json_string(equals + 1)) == 0;
            arguments += 2;
        }
    }
    if (is_policy)
        return policy;
    json_decref(policy);
    return NULL;
}

/* Does the step change only channels that the run created? Their type is a value of $type. */
static bool changes_own(const struct step *step)
{
    const char *type = step_text(step, "type");
    const struct operation *operation = step_operation(step);
    struct buf body;
    bool is_own;

    if (operation == NULL || !operation_changes(operation))
        return false;
    if (!operation->has_body)
        return type != NULL && marks_have_type(type);
    buf_init(&body, MESSAGE_BODY_BYTES_MAX);
    is_own = message_body(&body, step, NULL) && marks_have_type(buf_text(&body));
    buf_fini(&body);
    return is_own;
}

/* A foreign target may have more operations than are known here, so only these methods are sent,
 * and those that change what the run created. */
static bool is_harmless(const struct step *step)
{
    static const char *const methods[] = { "POST", "GET", "HEAD", "OPTIONS" };
    const char *method = step_text(step, "method");

    for (size_t i = 0; method != NULL && i < sizeof methods / sizeof *methods; i++) {
        if (strcmp(method, methods[i]) == 0)
            return true;
    }
    return changes_own(step);
}

static bool can_be_set(const struct target *target, const struct case_file *file)
{
    json_t *policy = target->takes_policy ? arguments_policy(file->mock_arguments) : NULL;
    const bool can = policy != NULL;

    json_decref(policy);
    return can;
}

/* The file needs a mock with certain arguments or a certain world. */
static void file_lacks(struct buf *reason, const struct target *target,
                       const struct case_file *file)
{
    if (target->kind == TARGET_STARTED)
        return;
    if (file->mock_arguments[0] != NULL && !can_be_set(target, file)) {
        buf_puts(reason, "needs a mock started with");
        for (size_t i = 0; file->mock_arguments[i] != NULL; i++)
            buf_printf(reason, " %s", file->mock_arguments[i]);
    } else if (strcmp(file->world, "default") != 0 && target->has_world_names) {
        buf_printf(reason, "needs a mock started with world %s", file->world);
    }
}

/* Does the target take an empty channel_type? Of a foreign one that is unknown [B5]. */
static bool takes_empty(const struct target *target, const struct case_file *file)
{
    static const char name[] = "empty-value";
    json_t *policy = target->takes_policy ? arguments_policy(file->mock_arguments) : NULL;
    const char *own = json_string_value(json_object_get(policy, name));
    const char *value = own != NULL ? own : target_policy(target, name);
    const bool takes = value == NULL || strcmp(value, "reject") != 0;

    json_decref(policy);
    return takes;
}

/* Does the step ask for a channel without a type? */
static bool creates_typeless(const struct step *step)
{
    const struct operation *operation = step_operation(step);
    struct buf text;
    bool is_typeless = false;

    buf_init(&text, MESSAGE_BODY_BYTES_MAX);
    if (operation == operation_row(OPERATION_CHANNEL_CREATE) && message_body(&text, step, NULL)) {
        json_t *body = json_loadb(buf_text(&text), text.length, 0, NULL);
        const char *type = json_string_value(json_object_get(body, "channel_type"));

        is_typeless = type != NULL && *type == '\0';
        json_decref(body);
    }
    buf_fini(&text);
    return is_typeless;
}

static void step_lacks(struct buf *reason, const struct target *target,
                       const struct case_file *file, const struct step *step)
{
    enum { MISSING_TEXT = 200 };
    const struct operation *operation = step_operation(step);
    struct buf missing;

    if (operation != NULL && (target->lacks & operation_bit(operation)) != 0) {
        buf_printf(reason, "the target does not have %s", operation->name);
        return;
    }
    if (!target_is_ours(target) && !is_harmless(step)) {
        buf_puts(reason, "not sent to a foreign target, which may have more operations");
        return;
    }
    if (target->is_left_clean && creates_typeless(step) && takes_empty(target, file)) {
        buf_puts(reason, "would create a channel without a type, which no request can delete; "
                         "add --keep to run it");
        return;
    }
    buf_init(&missing, MISSING_TEXT);
    message_missing(&missing, step, &target->names);
    if (missing.length > 0)
        buf_printf(reason, "needs %s, which %s does not name", buf_text(&missing),
                   target->names.origin);
    else if (recipe_unfit(step->token, &target->names) != NULL)
        buf_printf(reason, "needs %s", recipe_unfit(step->token, &target->names));
    buf_fini(&missing);
}

bool target_keys_fit(const struct target *target, const struct test_case *test)
{
    for (size_t i = 0; i < test->step_count; i++) {
        if (recipe_missing(test->steps[i].token, &target->names) == NULL &&
            recipe_unfit(test->steps[i].token, &target->names) != NULL)
            return false;
    }
    return true;
}

/* Time passes by setting a clock, or by waiting. */
static void time_lacks(struct buf *reason, const struct target *target,
                       const struct test_case *test)
{
    if ((test->needs & NEED_CLOCK) && !target->stands_still && !target->takes_clock)
        buf_puts(reason, "needs a stopped clock");
    else if (test->wait_s > 0 && !target->takes_clock && target->stands_still)
        buf_puts(reason, "needs a running clock");
    else if (test->wait_s > 0 && !target->takes_clock && !target->is_patient)
        buf_printf(reason, "waits %d s; add --slow to run it", (int)test->wait_s);
}

void target_lacks(struct buf *reason, const struct target *target, const struct test_case *test)
{
    file_lacks(reason, target, test->file);
    if (reason->length == 0 && (test->needs & NEED_MOCK) && !target_is_ours(target))
        buf_puts(reason, "needs our mock");
    if (reason->length == 0 && (test->needs & NEED_WORLD) && !target->has_world_names)
        buf_puts(reason, "needs our mock with its own world");
    if (reason->length == 0 && (test->needs & NEED_LOOPBACK) && !target->is_local &&
        !target_is_ours(target))
        buf_puts(reason, "needs a target on this machine");
    if (reason->length == 0)
        time_lacks(reason, target, test);
    for (size_t i = 0; i < test->step_count && reason->length == 0; i++)
        step_lacks(reason, target, test->file, &test->steps[i]);
}
