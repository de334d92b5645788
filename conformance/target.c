#include "target.h"
#include "message.h"
#include "try.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    CONTROL_CONNECT_MS = 5000,
    CONTROL_TIMEOUT_MS = 10000,
    CONTROL_BYTES_MAX = 1024 * 1024,
    CONTROL_URL_MAX = 4096,
    HTTP_OK = 200
};

bool target_is_ours(const struct target *target)
{
    return target->kind != TARGET_FOREIGN;
}

int64_t target_now(const struct target *target)
{
    return target->stands_still ? target->clock_s : (int64_t)time(NULL) + target->clock_s;
}

const char *target_policy(const struct target *target, const char *name)
{
    return json_string_value(json_object_get(target->policy, name));
}

void target_fini(struct target *target)
{
    free(target->base_url);
    free(target->version);
    names_fini(&target->names);
    json_decref(target->policy);
    memset(target, 0, sizeof *target);
}

/* GETs a path of the control plane. *body: the answer's object, a new reference, or NULL where
 * there is none. HM_NOT_SENT: nothing answers. */
static enum hm_code control_get(json_t **body, const struct target *target,
                                struct http_session *session, const char *path,
                                struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct buf url;
    struct http_answer answer = { .status = 0 };
    struct http_request request = {
        .method = "GET",
        .connect_timeout_ms = CONTROL_CONNECT_MS,
        .timeout_ms = CONTROL_TIMEOUT_MS,
        .answer_bytes_max = CONTROL_BYTES_MAX,
    };

    *body = NULL;
    buf_init(&url, CONTROL_URL_MAX);
    buf_printf(&url, "%s%s", target->base_url, path);
    request.url = buf_text(&url);
    TRY(http_send(session, &request, &answer, err));
    if (answer.outcome == HTTP_NOT_SENT)
        TRY(hm_error_set(err, HM_NOT_SENT, "%s", answer.reason));
    if (answer.outcome == HTTP_ANSWERED && answer.status == HTTP_OK)
        *body = json_loadb(buf_text(&answer.body), answer.body.length, 0, NULL);
    if (*body && !json_is_object(*body)) {
        json_decref(*body);
        *body = NULL;
    }
out:
    http_answer_fini(&answer);
    buf_fini(&url);
    return code;
}

enum hm_code target_read_policy(struct target *target, struct http_session *session,
                                struct hm_error *err)
{
    enum hm_code code = HM_OK;
    json_t *body = NULL;

    TRY(control_get(&body, target, session, "/_mock/policy", err));
    target->policy = json_incref(json_object_get(body, "policy"));
out:
    json_decref(body);
    return code;
}

/* Is it our mock? One whose control plane is off says no more than that, so it is foreign. */
static bool health_read(struct target *target, json_t *health)
{
    json_t *now = json_object_get(health, "now");
    const char *clock = json_string_value(json_object_get(health, "clock"));
    const char *version = json_string_value(json_object_get(health, "version"));

    if (json_integer_value(json_object_get(health, "v")) != 1 || !json_is_integer(now) || !clock)
        return false;
    target->kind = TARGET_OUR_MOCK;
    target->stands_still = strcmp(clock, "frozen") == 0;
    target->clock_s = json_integer_value(now);
    if (!target->stands_still)
        target->clock_s -= (int64_t)time(NULL);
    target->version = version ? strdup(version) : NULL;
    return true;
}

enum hm_code target_look(struct target *target, struct http_session *session, char *base_url,
                         bool is_loopback, const struct json_file *world, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    json_t *health = NULL;
    struct hm_error why;

    memset(target, 0, sizeof *target);
    target->kind = TARGET_FOREIGN;
    target->base_url = base_url;
    if (is_loopback)
        TRY(control_get(&health, target, session, "/_mock/health", err));
    if (health && health_read(target, health))
        TRY(target_read_policy(target, session, err));
    target->is_local = is_loopback;
    if (target_is_ours(target)) {
        TRY(names_from_world(&target->names, world, "the default world", err));
        target->has_world_names = names_agree_with_environment(&target->names);
        if (!target->has_world_names)
            names_fini(&target->names);
    }
    if (!target->has_world_names && names_from_environment(&target->names, &why) != HM_OK)
        TRY(hm_error_set(err, why.code, "%s: %s", base_url, why.text));
out:
    json_decref(health);
    if (code != HM_OK) {
        target->base_url = NULL;
        target_fini(target);
    }
    return code;
}

/* On a foreign target the siblings of the operation are real: nothing else that writes is sent. */
static bool is_harmless(const struct step *step)
{
    static const char *const methods[] = { "POST", "GET", "HEAD", "OPTIONS" };
    const char *method = step_text(step, "method");
    size_t i;

    for (i = 0; method && i < sizeof methods / sizeof *methods; i++) {
        if (strcmp(method, methods[i]) == 0)
            return true;
    }
    return false;
}

/* What a file asks of the mock that it is run against. */
static void file_lacks(struct buf *reason, const struct target *target,
                       const struct case_file *file)
{
    if (target->kind == TARGET_STARTED)
        return;
    if (file->mock_arguments[0])
        buf_printf(reason, "needs a mock started with %s", file->mock_arguments[0]);
    else if (strcmp(file->world, "default") != 0 && target->has_world_names)
        buf_printf(reason, "needs a mock started with world %s", file->world);
}

static void step_lacks(struct buf *reason, const struct target *target, const struct step *step)
{
    enum { MISSING_TEXT = 200 };
    struct buf missing;

    if (!target_is_ours(target) && !is_harmless(step)) {
        buf_puts(reason, "not sent to a foreign target, which may have more operations than ours");
        return;
    }
    buf_init(&missing, MISSING_TEXT);
    message_missing(&missing, step, &target->names);
    if (missing.length > 0)
        buf_printf(reason, "needs %s, which %s does not name", buf_text(&missing),
                   target->names.origin);
    buf_fini(&missing);
}

void target_lacks(struct buf *reason, const struct target *target, const struct test_case *test)
{
    size_t i;

    file_lacks(reason, target, test->file);
    if (reason->length == 0 && (test->needs & NEED_OWN_MOCK) && target->kind != TARGET_STARTED)
        buf_puts(reason, "needs a mock that is started for the run");
    if (reason->length == 0 && (test->needs & NEED_LOOPBACK) && !target->is_local)
        buf_puts(reason, "needs a target on this machine");
    if (reason->length == 0 && (test->needs & NEED_CLOCK) && !target->stands_still)
        buf_puts(reason, "needs a clock that stands still");
    for (i = 0; i < test->step_count && reason->length == 0; i++)
        step_lacks(reason, target, &test->steps[i]);
}
