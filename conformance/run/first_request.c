#include "run/first_request.h"
#include "cases/layer.h"
#include "contract/variables.h"
#include "run/mirror.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    BAD_REQUEST = 400,
    UNAUTHORIZED = 401,
    FORBIDDEN = 403,
    NOT_FOUND = 404,
    GONE = 410,
    UNSUPPORTED_MEDIA_TYPE = 415,
    CLOCK_APART_S =
        120 /* that may refuse a fresh token: its life is 300 s [J6], less half a tour */
};

#define UNKNOWN_CONTACT "{\"contact_id\":\"07070707-0000-4000-8000-000000000707\","
#define UNROUTED_PATH   "{\"path\":\"/v2/heymarket-conformance-no-such-path\","
#define HARMLESS_BODY   "\"body_text\":\"{}\"}"

/* The answers to two requests are alike: status and media type. */
static bool is_alike(const struct round_trip *left, const struct round_trip *right)
{
    const char *types[2] = { "", "" };
    size_t lengths[2] = { 0, 0 };

    http_answer_header(&left->answer, "Content-Type", 0, &types[0], &lengths[0]);
    http_answer_header(&right->answer, "Content-Type", 0, &types[1], &lengths[1]);
    return round_trip_is_answered(left) && round_trip_is_answered(right) &&
           left->answer.status == right->answer.status && lengths[0] == lengths[1] &&
           memcmp(types[0], types[1], lengths[0]) == 0;
}

/* Is the answer to the first request the same if @request is laid over it? */
static enum hm_code is_same_answer(bool *result, const struct round_trip *first,
                                   const struct asker *asker, const char *request, json_t *token,
                                   struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct round_trip trip;

    TRY(asker_send(&trip, asker, request, token, err));
    *result = is_alike(first, &trip);
out:
    round_trip_fini(&trip);
    return code;
}

/* Is a token with a wrong signature answered in the same way as the right one? Then the target
 * refuses the token, or refuses the request before it looks at the token. */
static enum hm_code is_token_ignored(bool *result, const struct round_trip *first,
                                     const struct asker *asker, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    json_t *right = layer_base(LAYER_TOKEN);
    json_t *flip = json_pack("{s:{s:b}}", "signature", "flip", 1);
    json_t *token = right != NULL && flip != NULL ? layer_over(LAYER_TOKEN, right, flip) : NULL;

    if (token == NULL)
        TRY(no_memory(err));
    TRY(is_same_answer(result, first, asker, ASKER_HARMLESS, token, err));
out:
    json_decref(token);
    json_decref(flip);
    json_decref(right);
    return code;
}

/* Says so if the target's Date is far from the time that the token was made at [J6, J7]. */
static void clock_explain(struct buf *out, const struct round_trip *trip, const struct asker *asker)
{
    int64_t date_s;

    if (!round_trip_date(&date_s, trip))
        return;
    const long long ahead_s = (long long)(date_s - target_now(asker->target));

    if (llabs(ahead_s) >= CLOCK_APART_S)
        buf_printf(
            out,
            "the target's clock (its Date header) is %lld s %s than the clock here, and a token "
            "lives 300 s [J6]: set the clock that is wrong. ",
            llabs(ahead_s), ahead_s > 0 ? "later" : "earlier");
}

static void other_rule_explain(struct buf *out, const struct test_case *test)
{
    const char *mistake = mirror_code(test);

    buf_printf(
        out,
        "this server verifies tokens by another rule: it refuses the right token and accepts "
        "this one: %s%s%s%s [%s]. The contract says: %s ",
        test->says, mistake != NULL ? " (" : "", mistake != NULL ? mistake : "",
        mistake != NULL ? ")" : "", test->file->clause->id, test->file->clause->sentence);
}

static enum hm_code token_explain(struct first_request *first, struct buf *out,
                                  const struct round_trip *trip, const struct catalog *catalog,
                                  const struct asker *asker, bool probes_writes,
                                  struct hm_error *err)
{
    enum hm_code code = HM_OK;
    bool is_blind = false;
    bool is_any_path = false;

    first->outcome = FIRST_CREDENTIALS;
    clock_explain(out, trip, asker);
    if (out->length > 0)
        goto out;
    TRY(mirror_look(&first->broken, &is_blind, catalog, asker, probes_writes, err));
    if (first->broken != NULL) {
        first->outcome = FIRST_OTHER_RULE;
        other_rule_explain(out, first->broken);
    } else {
        buf_puts(out, "either ID and key do not belong to this target, or it does not verify "
                      "tokens as [J1] to [J6] require. ");
        TRY(is_same_answer(&is_any_path, trip, asker, UNROUTED_PATH HARMLESS_BODY, NULL, err));
        if (is_any_path)
            buf_puts(out, "Or a gateway refuses everything: a path that does not exist is answered "
                          "in the same way. ");
        if (is_blind)
            buf_puts(out, "It looks at the body before the token, so only a request that is "
                          "written if it is accepted can show the rule by which it verifies: "
                          "--probe-writes sends such requests. ");
    }
out:
    return code;
}

static enum hm_code not_found_explain(struct buf *out, const struct round_trip *trip,
                                      const struct asker *asker, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    bool is_ignored = false;
    bool is_any_path = false;
    bool is_any_contact = false;

    TRY(is_token_ignored(&is_ignored, trip, asker, err));
    TRY(is_same_answer(&is_any_path, trip, asker, UNROUTED_PATH HARMLESS_BODY, NULL, err));
    TRY(is_same_answer(&is_any_contact, trip, asker, UNKNOWN_CONTACT HARMLESS_BODY, NULL, err));
    if (is_any_path && is_ignored)
        buf_puts(out, "a path that does not exist is answered in the same way: check the base URL "
                      "(is a prefix missing, or too much?). ");
    else if (is_any_contact)
        buf_puts(out, "the token is accepted and the target does not know the contact: "
                      "check " VARIABLE_CONTACT_ID ", or \"ada\" in the target file. ");
    else
        buf_puts(out, "the token is accepted, and an unknown contact is answered otherwise: check "
                      "that the contact belongs to the team of the secret [J11]. ");
out:
    return code;
}

static bool is_web_page(const struct http_answer *answer)
{
    static const char html[] = "text/html";
    const char *value = "";
    size_t length = 0;

    return http_answer_header(answer, "Content-Type", 0, &value, &length) &&
           length >= sizeof html - 1 && strncasecmp(value, html, sizeof html - 1) == 0;
}

static void redirect_explain(struct buf *out, const struct round_trip *trip)
{
    const char *value = "";
    size_t length = 0;

    http_answer_header(&trip->answer, "Location", 0, &value, &length);
    buf_puts(out, "the target redirects, and redirects are not followed: ");
    if (length == 0) {
        buf_puts(out, "there is no Location; check the base URL. ");
        return;
    }
    buf_puts(out, "if this Location is right, change the base URL: ");
    round_trip_quote(out, trip, value, length);
    buf_puts(out, ". ");
}

/* Any other answer than 2xx: the likely cause and what to do. */
static enum hm_code refusal_explain(struct buf *out, const struct round_trip *trip,
                                    const struct asker *asker, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const int status = trip->answer.status;
    bool is_ignored = false;

    if (status / 100 == 3)
        redirect_explain(out, trip);
    else if (status / 100 == 5)
        buf_puts(out, "the target fails, or a gateway does not reach it: look at its log. ");
    else if (is_web_page(&trip->answer))
        buf_puts(out, "the answer is a web page: the base URL is that of a website, a login page "
                      "or a proxy. ");
    else if (status == NOT_FOUND || status == GONE)
        TRY(not_found_explain(out, trip, asker, err));
    else {
        TRY(is_token_ignored(&is_ignored, trip, asker, err));
        buf_puts(out, is_ignored ? "a wrong token is answered in the same way, so the request is "
                                   "refused before the token is looked at: check the base URL, and "
                                   "what a gateway requires. "
                      : status == FORBIDDEN
                          ? "the token is accepted, and the contact is not allowed: check that it "
                            "belongs to the team of the secret [J11]. "
                      : status == UNSUPPORTED_MEDIA_TYPE
                          ? "the token is accepted, and Content-Type: application/json is not "
                            "[T2]. "
                          : "the token is accepted, and a correct body is refused [B1]. ");
    }
out:
    return code;
}

static bool is_json(const struct round_trip *trip)
{
    return trip->body != NULL;
}

/* Decides the outcome of the answered first request. */
static enum hm_code answer_explain(struct first_request *first, struct buf *out,
                                   const struct round_trip *trip, const struct catalog *catalog,
                                   const struct asker *asker, bool probes_writes,
                                   struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const int status = trip->answer.status;
    bool is_ignored = status == UNAUTHORIZED && !is_web_page(&trip->answer);

    if (status / 100 == 2 && (is_json(trip) || !is_web_page(&trip->answer))) {
        first->outcome = FIRST_ACCEPTED;
        return HM_OK;
    }
    first->outcome = FIRST_REFUSED;
    if (status == FORBIDDEN && !is_web_page(&trip->answer))
        TRY(is_token_ignored(&is_ignored, trip, asker, err));
    if (is_ignored)
        TRY(token_explain(first, out, trip, catalog, asker, probes_writes, err));
    else
        TRY(refusal_explain(out, trip, asker, err));
    buf_puts(out, "A correct request was answered with ");
out:
    return code;
}

enum hm_code first_request_send(struct first_request *first, const struct catalog *catalog,
                                const struct asker *asker, bool probes_writes, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct round_trip trip;
    struct buf text;

    memset(first, 0, sizeof *first);
    buf_init(&text, FIRST_REQUEST_TEXT);
    TRY(asker_send(&trip, asker, NULL, NULL, err));
    if (trip.answer.outcome == HTTP_NOT_SENT)
        first->outcome = FIRST_NOT_SENT;
    else if (!round_trip_is_answered(&trip))
        first->outcome = FIRST_NO_ANSWER;
    else
        TRY(answer_explain(first, &text, &trip, catalog, asker, probes_writes, err));
    if (first->outcome != FIRST_ACCEPTED)
        round_trip_describe(&text, &trip);
    if (first->outcome == FIRST_NO_ANSWER && !trip.answer.is_late &&
        strncmp(asker->target->base_url, "http:", 5) == 0)
        buf_puts(&text, "; a server that expects TLS also closes in this way: is the URL meant to "
                        "begin with https://?");
    snprintf(first->text, sizeof first->text, "%s", buf_text(&text));
out:
    round_trip_fini(&trip);
    buf_fini(&text);
    return code;
}
