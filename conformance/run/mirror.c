#include "run/mirror.h"
#include "cases/layer.h"
#include "support/no_memory.h"
#include "support/try.h"
#include "target/pace.h"
#include <string.h>

enum { UNAUTHORIZED = 401, FORBIDDEN = 403, TOO_MANY_REQUESTS = 429, TRIES_MAX = 150 };

/* HS384 and HS512 are both this, and worth a try each. */
static const char many_ways[] = "alg-unsupported";

/* In this order. J13 has few; then the most frequent mistakes. */
static const char *const clauses[] = { "J13", "J5", "J2", "J4", "J1", "J3" };

const char *mirror_code(const struct test_case *test)
{
    const struct step *step = &test->steps[0];
    const char *mistake = NULL;

    for (size_t i = 0; i < step->expect_count && mistake == NULL; i++) {
        if (step->expects[i].kind == EXPECT_HINT)
            mistake = expect_hint(json_object_get(step->expects[i].json, "hint"), 0);
    }
    return mistake;
}

/* Is the case about a wrong token in an otherwise correct first request? */
static bool is_candidate(const struct test_case *test, const struct target *target,
                         json_t *right_request)
{
    const struct step *step = &test->steps[0];
    bool is_refused = false;
    struct buf lacking;

    for (size_t i = 0; i < step->expect_count; i++) {
        if (step->expects[i].kind == EXPECT_STATUS &&
            json_integer_value(json_object_get(step->expects[i].json, "status")) == UNAUTHORIZED)
            is_refused = true;
    }
    if (!is_refused || test->together > 0 || !json_equal(step->request, right_request))
        return false;
    buf_init(&lacking, HM_ERROR_TEXT);
    target_lacks(&lacking, target, test);
    const bool has_all = lacking.length == 0;
    buf_fini(&lacking);
    return has_all;
}

/* The answer shows that the target accepted the token. */
static bool is_past_token(const struct round_trip *trip)
{
    const int status = round_trip_is_answered(trip) ? trip->answer.status : 0;

    return status / 100 == 2 || (status / 100 == 4 && status != UNAUTHORIZED &&
                                 status != FORBIDDEN && status != TOO_MANY_REQUESTS);
}

static bool is_token_refused(const struct round_trip *trip)
{
    return round_trip_is_answered(trip) &&
           (trip->answer.status == UNAUTHORIZED || trip->answer.status == FORBIDDEN);
}

/* @token with a change that no rule accepts: of the signature, or of an ID that is sent without
 * a token. A new reference; NULL: out of memory. */
static json_t *token_spoiled(json_t *token)
{
    const char *value = json_string_value(json_object_get(token, "authorization"));
    json_t *patch = value == NULL || strstr(value, "{token}") != NULL
                        ? json_pack("{s:{s:b}}", "signature", "flip", 1)
                        : json_pack("{s:s}", "authorization", "Bearer 0");
    json_t *spoiled = patch != NULL ? layer_over(LAYER_TOKEN, token, patch) : NULL;

    json_decref(patch);
    return spoiled;
}

/* Is the token refused when its signature is changed? Else the acceptance has another cause. */
static enum hm_code is_proved(bool *result, const struct asker *asker, const char *request,
                              json_t *token, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    json_t *spoiled = token_spoiled(token);
    struct round_trip trip = { .was_tried = false };

    *result = false;
    if (spoiled != NULL)
        TRY(asker_send(&trip, asker, request, spoiled, err));
    *result = is_token_refused(&trip);
out:
    round_trip_fini(&trip);
    json_decref(spoiled);
    return code;
}

/* Tries one wrong token. A recipe that cannot be followed with these names shows nothing. */
static enum hm_code is_accepted(bool *result, const struct asker *asker, const char *request,
                                json_t *token, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct round_trip trip;

    *result = false;
    code = asker_send(&trip, asker, request, token, err);
    if (code == HM_OK && is_past_token(&trip))
        code = is_proved(result, asker, request, token, err);
    round_trip_fini(&trip);
    return code == HM_BAD_INPUT ? HM_OK : code;
}

/* The search. Tokens of the same mistake are tried last, since one of each kind mostly decides. */
struct search {
    const struct catalog *catalog;
    const struct asker *asker;
    const char *request;
    json_t *right_request;
    const struct test_case *tried[TRIES_MAX];
    size_t count;
};

static bool is_tried(const struct search *search, const struct test_case *test, bool is_kind_enough)
{
    const char *mistake = mirror_code(test);

    for (size_t i = 0; i < search->count; i++) {
        const char *other = mirror_code(search->tried[i]);

        if (search->tried[i] == test ||
            (is_kind_enough && mistake != NULL && other != NULL && strcmp(mistake, other) == 0 &&
             strcmp(mistake, many_ways) != 0))
            return true;
    }
    /* Of J1, the form of the header, each case is another way to send the credentials. */
    return is_kind_enough && mistake == NULL && strcmp(test->file->clause->id, "J1") != 0;
}

static enum hm_code file_look(const struct test_case **found, struct search *search,
                              const struct case_file *file, bool is_kind_enough,
                              struct hm_error *err)
{
    enum hm_code code = HM_OK;
    bool is_found = false;

    for (size_t i = 0; i < file->case_count && search->count < TRIES_MAX; i++) {
        const struct test_case *test = &file->cases[i];

        if (stop_signal() != 0)
            goto out;
        if (is_tried(search, test, is_kind_enough) ||
            !is_candidate(test, search->asker->target, search->right_request))
            continue;
        search->tried[search->count++] = test;
        TRY(is_accepted(&is_found, search->asker, search->request, test->steps[0].token, err));
        if (is_found) {
            *found = test;
            goto out;
        }
    }
out:
    return code;
}

static enum hm_code all_look(const struct test_case **found, struct search *search,
                             bool is_kind_enough, struct hm_error *err)
{
    enum hm_code code = HM_OK;

    for (size_t i = 0; i < sizeof clauses / sizeof clauses[0]; i++) {
        for (size_t j = 0; j < search->catalog->file_count && *found == NULL; j++) {
            if (strcmp(search->catalog->files[j]->clause->id, clauses[i]) == 0)
                TRY(file_look(found, search, search->catalog->files[j], is_kind_enough, err));
        }
    }
out:
    return code;
}

enum hm_code mirror_look(const struct test_case **found, bool *is_blind,
                         const struct catalog *catalog, const struct asker *asker, bool may_write,
                         struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct search search = { .catalog = catalog,
                             .asker = asker,
                             .request = may_write ? NULL : ASKER_HARMLESS,
                             .right_request = layer_base(LAYER_REQUEST) };
    struct round_trip trip = { .was_tried = false };

    *found = NULL;
    *is_blind = false;
    if (search.right_request == NULL)
        TRY(no_memory(err));
    if (!may_write) {
        TRY(asker_send(&trip, asker, search.request, NULL, err));
        *is_blind = !is_token_refused(&trip);
    }
    if (!*is_blind)
        TRY(all_look(found, &search, true, err));
    if (!*is_blind && *found == NULL)
        TRY(all_look(found, &search, false, err));
out:
    round_trip_fini(&trip);
    json_decref(search.right_request);
    return code;
}
