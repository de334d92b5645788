#include "target/mock_control.h"
#include "support/buf.h"
#include "support/no_memory.h"
#include "support/try.h"
#include "target/pace.h"
#include <stdlib.h>
#include <string.h>

enum {
    CONTROL_CONNECT_MS = 5000,
    CONTROL_TIMEOUT_MS = 10000,
    CONTROL_BYTES_MAX = 1024 * 1024,
    CONTROL_URL_MAX = 4096,
    HTTP_OK = 200
};

/* One call; @sent may be NULL. *body: the object of a 200, or NULL. @can_stop: a signal ends it. */
static enum hm_code mock_control_call(json_t **body, struct http_session *session,
                                      const char *method, const char *base, const char *path,
                                      json_t *sent, bool can_stop, struct hm_error *err)
{
    static const struct http_header json = { "Content-Type", "application/json" };
    enum hm_code code = HM_OK;
    struct buf url;
    char *text = sent != NULL ? json_dumps(sent, JSON_COMPACT) : NULL;
    struct http_answer answer = { .status = 0 };
    struct http_request request = {
        .method = method,
        .headers = &json,
        .header_count = sent != NULL ? 1 : 0,
        .body = text,
        .body_length = text != NULL ? strlen(text) : 0,
        .connect_timeout_ms = CONTROL_CONNECT_MS,
        .timeout_ms = CONTROL_TIMEOUT_MS,
        .answer_bytes_max = CONTROL_BYTES_MAX,
        .is_cancelled = can_stop ? stop_is_wanted : NULL,
    };

    *body = NULL;
    buf_init(&url, CONTROL_URL_MAX);
    buf_printf(&url, "%s%s", base, path);
    request.url = buf_text(&url);
    if (sent != NULL && text == NULL)
        TRY(no_memory(err));
    TRY(http_send(session, &request, &answer, err));
    if (answer.outcome == HTTP_NOT_SENT)
        TRY(hm_error_set(err, HM_NOT_SENT, "%s: %s", base, answer.reason));
    if (answer.outcome == HTTP_ANSWERED && answer.status == HTTP_OK)
        *body = json_loadb(buf_text(&answer.body), answer.body.length, 0, NULL);
    if (*body != NULL && !json_is_object(*body)) {
        json_decref(*body);
        *body = NULL;
    }
out:
    http_answer_fini(&answer);
    buf_fini(&url);
    free(text);
    return code;
}

enum hm_code mock_control_get(json_t **body, struct http_session *session, const char *url,
                              const char *path, struct hm_error *err)
{
    return mock_control_call(body, session, "GET", url, path, NULL, false, err);
}

enum hm_code mock_control_health(json_t **body, struct http_session *session, const char *url,
                                 struct hm_error *err)
{
    return mock_control_call(body, session, "GET", url, "/_mock/health", NULL, true, err);
}

/* PUTs @sent and frees it. */
static enum hm_code mock_control_put(bool *is_done, struct http_session *session, const char *url,
                                     const char *path, json_t *sent, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    json_t *body = NULL;

    *is_done = false;
    if (sent == NULL)
        TRY(no_memory(err));
    TRY(mock_control_call(&body, session, "PUT", url, path, sent, false, err));
    *is_done = body != NULL;
out:
    json_decref(body);
    json_decref(sent);
    return code;
}

enum hm_code mock_control_set_policy(bool *is_done, struct http_session *session, const char *url,
                                     json_t *policy, struct hm_error *err)
{
    return mock_control_put(is_done, session, url, "/_mock/policy",
                            json_pack("{s:i, s:O}", "v", 1, "policy", policy), err);
}

enum hm_code mock_control_set_clock(bool *is_done, struct http_session *session, const char *url,
                                    const char *how, int64_t seconds, struct hm_error *err)
{
    return mock_control_put(is_done, session, url, "/_mock/clock",
                            strcmp(how, MOCK_CLOCK_AHEAD) == 0 && seconds == 0
                                ? json_pack("{s:b}", "real", 1)
                                : json_pack("{s:I}", how, (json_int_t)seconds),
                            err);
}
