#include "play/message.h"
#include "support/buf.h"
#include "verb_listing.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_BYTES_MAX = 512 * 1024, VERSION = 1 };

/* Each makes a new reference, NULL where memory is short; jansson passes a NULL on, so that the
 * whole document is NULL then. */

static json_t *text_make(struct buf *text)
{
    json_t *made = buf_ok(text) ? json_stringn(buf_text(text), text->length) : NULL;

    buf_fini(text);
    return made;
}

static json_t *path_make(const struct step *step, const struct listing *listing)
{
    struct buf text;

    buf_init(&text, TEXT_BYTES_MAX);
    listing_path(&text, step, listing);
    return text_make(&text);
}

/* Adds body, its marks as they stand, or, where that is no UTF-8, body_hex; nothing for none. */
static bool body_add(json_t *object, const struct step *step)
{
    const char *hex = step_text(step, "body_hex");
    struct buf text;
    bool has_body;

    if (hex)
        return json_object_set_new(object, "body_hex", json_string(hex)) == 0;
    buf_init(&text, TEXT_BYTES_MAX);
    has_body = message_body(&text, step, NULL);
    if (has_body)
        return json_object_set_new(object, "body", text_make(&text)) == 0;
    buf_fini(&text);
    return true;
}

static json_t *step_make(const struct test_case *test, size_t number, const struct listing *listing)
{
    const struct step *step = &test->steps[number];
    const char *method = step_text(step, "method");
    json_t *object =
        json_pack("{s:s, s:o}", "method", method ? method : "", "path", path_make(step, listing));
    bool is_whole = object && body_add(object, step);

    if (is_whole && number < test->together)
        is_whole = json_object_set_new(object, "together", json_true()) == 0;
    if (is_whole && step->wait_s > 0)
        is_whole = json_object_set_new(object, "wait_s", json_integer(step->wait_s)) == 0;
    if (is_whole)
        return object;
    json_decref(object);
    return NULL;
}

static json_t *steps_make(const struct test_case *test, const struct listing *listing)
{
    json_t *steps = json_array();

    for (size_t i = 0; i < test->step_count && steps; i++) {
        if (json_array_append_new(steps, step_make(test, i, listing)) != 0) {
            json_decref(steps);
            steps = NULL;
        }
    }
    return steps;
}

/* As a case file names them. */
static json_t *needs_make(const struct test_case *test)
{
    json_t *needs = json_array();

    for (size_t i = 0; case_need_names[i] && needs; i++) {
        if (!(test->needs & 1U << i))
            continue;
        if (json_array_append_new(needs, json_string(case_need_names[i])) != 0) {
            json_decref(needs);
            needs = NULL;
        }
    }
    return needs;
}

static json_t *arguments_make(const struct test_case *test)
{
    json_t *arguments = json_array();

    for (size_t i = 0; test->file->mock_arguments[i] && arguments; i++) {
        if (json_array_append_new(arguments, json_string(test->file->mock_arguments[i])) != 0) {
            json_decref(arguments);
            arguments = NULL;
        }
    }
    return arguments;
}

static json_t *reason_make(const struct test_case *test, size_t number,
                           const struct listing *listing)
{
    struct buf text;

    buf_init(&text, TEXT_BYTES_MAX);
    listing_reason(&text, test, number, listing);
    if (buf_ok(&text) && text.length == 0) {
        buf_fini(&text);
        return json_null();
    }
    return text_make(&text);
}

static json_t *case_make(const struct test_case *test, size_t number, const struct listing *listing)
{
    const struct clause *clause = test->file->clause;
    const char source[] = { clause_source_letter(clause->source), '\0' };

    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "id", test->id, "says",
                     test->says, "file", test->file->stem, "clause", clause->id, "source", source,
                     "world", test->file->world, "mock", arguments_make(test), "needs",
                     needs_make(test), "steps", steps_make(test, listing), "skipped",
                     reason_make(test, number, listing));
}

static json_t *cases_make(const struct catalog *catalog, const struct listing *listing)
{
    json_t *cases = json_array();

    for (size_t i = 0; i < catalog->chosen_count && cases; i++) {
        if (json_array_append_new(cases, case_make(catalog->chosen[i], i, listing)) != 0) {
            json_decref(cases);
            cases = NULL;
        }
    }
    return cases;
}

static json_t *plan_json(const struct listing *listing)
{
    const struct plan *plan = listing->plan;

    if (!plan)
        return json_null();
    return json_pack("{s:I, s:I, s:I, s:I, s:I}", "cases", (json_int_t)plan->case_count, "requests",
                     (json_int_t)plan->request_count, "writes", (json_int_t)plan->write_count,
                     "left_out", (json_int_t)plan->left_out, "budget", (json_int_t)listing->budget);
}

bool list_print_json(const struct catalog *catalog, const struct listing *listing)
{
    json_t *root = json_pack("{s:i, s:s?, s:o, s:o}", "v", VERSION, "base_url", listing->base_url,
                             "cases", cases_make(catalog, listing), "plan", plan_json(listing));
    char *text = root ? json_dumps(root, JSON_COMPACT) : NULL;

    json_decref(root);
    if (!text)
        return false;
    printf("%s\n", text);
    free(text);
    return true;
}
