#include "verb_list.h"
#include "cases/catalog.h"
#include "cases/shape.h"
#include "judge/judge.h"
#include "recipe/message.h"
#include "report/output.h"
#include "report/reports.h"
#include "run/plan.h"
#include "suite_options.h"
#include "support/buf.h"
#include "support/escape.h"
#include "support/json_text.h"
#include "support/no_memory.h"
#include "support/tap.h"
#include "support/text.h"
#include "support/try.h"
#include "target/targets.h"
#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { LINE_BYTES_MAX = 512 * 1024, BODY_SHOWN_MAX = 160 };

/* How a list is printed, and for which target. */
struct list_view {
    const struct target *target; /* NULL: mocks would be started */
    const struct plan *plan;     /* NULL: no budget */
    size_t budget;               /* of the plan */
    bool is_tap;
    const char *indent;   /* before the lines of a case */
    const char *base_url; /* NULL: only paths are printed */
};

/* The contact by name, and how its UUID is written: {ada}, {ada, upper}. */
static void append_contact(struct buf *out, const struct step *step)
{
    const char *contact = step_text(step, "contact");
    const char *form = step_text(step, "contact_form");

    if (step_text(step, "contact_id") != NULL)
        buf_puts(out, step_text(step, "contact_id"));
    else
        buf_printf(out, "{%s%s%s}", contact != NULL ? contact : "", form != NULL ? ", " : "",
                   form != NULL ? form : "");
}

static void append_path(struct buf *out, const struct step *step, const struct list_view *view)
{
    struct buf contact;

    buf_init(&contact, LINE_BYTES_MAX);
    append_contact(&contact, step);
    buf_puts(out, view->base_url != NULL ? view->base_url : "");
    message_path(out, step, buf_text(&contact), NULL);
    buf_fini(&contact);
}

/* "POST /v2/contact/{ada}/channel  {...}" */
static void append_step(struct buf *out, const struct step *step, const struct list_view *view)
{
    struct buf body;

    buf_init(&body, LINE_BYTES_MAX);
    buf_printf(out, "%s ", step_text(step, "method") != NULL ? step_text(step, "method") : "");
    append_path(out, step, view);
    if (message_body(&body, step, NULL))
        buf_printf(out, "  %.*s%s", BODY_SHOWN_MAX, buf_text(&body),
                   body.length > BODY_SHOWN_MAX ? "..." : "");
    buf_fini(&body);
}

static void append_needs(struct buf *out, const struct test_case *test)
{
    const char *use;

    if (strcmp(test->file->world, "default") != 0)
        buf_printf(out, ", world %s", test->file->world);
    for (size_t i = 0; test->file->mock_arguments[i] != NULL; i++)
        buf_printf(out, "%s%s", i == 0 ? ", a mock with " : " ", test->file->mock_arguments[i]);
    if (test->needs & NEED_CLOCK)
        buf_puts(out, ", a stopped clock");
    if (test->needs & NEED_LOOPBACK)
        buf_puts(out, ", a target on this machine");
    if (test->needs & NEED_MOCK)
        buf_puts(out, ", our mock");
    if (test->needs & NEED_WORLD)
        buf_puts(out, ", our mock with its own world");
    for (size_t i = 0; i < test->step_count; i++) {
        use = member_text(test->steps[i].token, "use");
        if (use != NULL && strcmp(use, "first") != 0) {
            buf_printf(out, ", secret %s", use);
            return;
        }
    }
}

static void print_line(const char *indent, const struct buf *text)
{
    fputs(indent, stdout);
    print_safe(stdout, buf_text(text), text->length);
    putchar('\n');
}

static void print_title(const struct test_case *test)
{
    const struct clause *clause = test->file->clause;
    struct buf line;

    buf_init(&line, LINE_BYTES_MAX);
    buf_printf(&line, "%s  [%s %c]  %s", test->id, clause->id, clause_source_letter(clause->source),
               test->says);
    print_line("", &line);
    buf_fini(&line);
}

/* Skipped, so that a list is not mistaken for a passed run. */
static void print_point(const struct test_case *test, size_t number)
{
    tap_point(stdout, number, true, "SKIP", "listed, nothing is sent", "%s %s", test->id,
              test->says);
}

static void append_reason(struct buf *out, const struct test_case *test, size_t number,
                          const struct list_view *view)
{
    if (view->target != NULL && !judge_has_say(test, view->target))
        buf_puts(out, "only about our mock");
    else if (view->target != NULL)
        target_lacks(out, view->target, test);
    if (out->length == 0 && view->plan != NULL && !view->plan->has_room[number])
        buf_puts(out, "budget: no more writes may be accepted");
}

static void print_reason(const struct test_case *test, size_t number, const struct list_view *view)
{
    enum { REASON_TEXT = 1024 };
    struct buf reason;

    buf_init(&reason, REASON_TEXT);
    append_reason(&reason, test, number, view);
    if (reason.length > 0)
        printf("%sskipped: %s\n", view->indent, buf_text(&reason));
    buf_fini(&reason);
}

static void print_details(const struct test_case *test, const struct list_view *view)
{
    struct buf line;

    buf_init(&line, LINE_BYTES_MAX);
    for (size_t i = 0; i < test->step_count; i++) {
        buf_clear(&line);
        buf_puts(&line, i < test->together ? "together: " : "");
        if (test->steps[i].wait_s > 0)
            buf_printf(&line, "%d s later: ", (int)test->steps[i].wait_s);
        append_step(&line, &test->steps[i], view);
        print_line(view->indent, &line);
    }
    buf_clear(&line);
    append_needs(&line, test);
    if (line.length > 0)
        printf("%sneeds %s\n", view->indent, buf_text(&line) + strlen(", "));
    buf_fini(&line);
}

static void print_list(const struct catalog *catalog, const struct list_view *view)
{
    if (view->is_tap)
        tap_begin(stdout, catalog->chosen_count);
    for (size_t i = 0; i < catalog->chosen_count; i++) {
        if (view->is_tap)
            print_point(catalog->chosen[i], i + 1);
        else
            print_title(catalog->chosen[i]);
        print_details(catalog->chosen[i], view);
        print_reason(catalog->chosen[i], i, view);
    }
    if (!view->is_tap)
        printf("%zu case%s\n", catalog->chosen_count, plural(catalog->chosen_count));
}

static void print_sum(const struct plan *plan, size_t budget, bool is_tap, bool keeps)
{
    enum { SUM_TEXT = 400 };
    struct buf sum;

    buf_init(&sum, SUM_TEXT);
    plan_describe(&sum, plan, budget, keeps);
    printf("%s%s\n", is_tap ? "# " : "", buf_text(&sum));
    buf_fini(&sum);
}

/* Returns a new reference; NULL if out of memory. jansson passes a NULL on, so the whole
 * document is then NULL. */

static json_t *text_make(struct buf *text)
{
    json_t *made = buf_ok(text) ? json_stringn(buf_text(text), text->length) : NULL;

    buf_fini(text);
    return made;
}

static json_t *path_make(const struct step *step, const struct list_view *view)
{
    struct buf text;

    buf_init(&text, LINE_BYTES_MAX);
    append_path(&text, step, view);
    return text_make(&text);
}

/* Adds "body" with its marks, or "body_hex" if it is not UTF-8, or nothing. */
static bool body_add(json_t *object, const struct step *step)
{
    const char *hex = step_text(step, "body_hex");
    struct buf text;

    if (hex != NULL)
        return json_object_set_new(object, "body_hex", json_string(hex)) == 0;
    buf_init(&text, LINE_BYTES_MAX);
    bool has_body = message_body(&text, step, NULL);
    if (has_body)
        return json_object_set_new(object, "body", text_make(&text)) == 0;
    buf_fini(&text);
    return true;
}

static json_t *step_make(const struct test_case *test, size_t number, const struct list_view *view)
{
    const struct step *step = &test->steps[number];
    const char *method = step_text(step, "method");
    json_t *object = json_pack("{s:s, s:o}", "method", method != NULL ? method : "", "path",
                               path_make(step, view));
    bool is_whole = object != NULL && body_add(object, step);

    if (is_whole && number < test->together)
        is_whole = json_object_set_new(object, "together", json_true()) == 0;
    if (is_whole && step->wait_s > 0)
        is_whole = json_object_set_new(object, "wait_s", json_integer(step->wait_s)) == 0;
    if (is_whole)
        return object;
    json_decref(object);
    return NULL;
}

static json_t *steps_make(const struct test_case *test, const struct list_view *view)
{
    json_t *steps = json_array();

    for (size_t i = 0; i < test->step_count; i++)
        steps = json_list_add(steps, step_make(test, i, view));
    return steps;
}

static json_t *needs_make(const struct test_case *test)
{
    json_t *needs = json_array();

    for (size_t i = 0; case_need_names[i] != NULL; i++) {
        if (test->needs & 1U << i)
            needs = json_list_add(needs, json_string(case_need_names[i]));
    }
    return needs;
}

static json_t *arguments_make(const struct test_case *test)
{
    json_t *arguments = json_array();

    for (size_t i = 0; test->file->mock_arguments[i] != NULL; i++)
        arguments = json_list_add(arguments, json_string(test->file->mock_arguments[i]));
    return arguments;
}

static json_t *reason_make(const struct test_case *test, size_t number,
                           const struct list_view *view)
{
    struct buf text;

    buf_init(&text, LINE_BYTES_MAX);
    append_reason(&text, test, number, view);
    if (buf_ok(&text) && text.length == 0) {
        buf_fini(&text);
        return json_null();
    }
    return text_make(&text);
}

static json_t *case_make(const struct test_case *test, size_t number, const struct list_view *view)
{
    const struct clause *clause = test->file->clause;
    const char source[] = { clause_source_letter(clause->source), '\0' };

    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "id", test->id, "says",
                     test->says, "file", test->file->stem, "clause", clause->id, "source", source,
                     "world", test->file->world, "mock", arguments_make(test), "needs",
                     needs_make(test), "steps", steps_make(test, view), "skipped",
                     reason_make(test, number, view));
}

static json_t *cases_make(const struct catalog *catalog, const struct list_view *view)
{
    json_t *cases = json_array();

    for (size_t i = 0; i < catalog->chosen_count; i++)
        cases = json_list_add(cases, case_make(catalog->chosen[i], i, view));
    return cases;
}

static json_t *plan_json(const struct list_view *view)
{
    const struct plan *plan = view->plan;

    if (plan == NULL)
        return json_null();
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "cases", (json_int_t)plan->case_count,
                     "requests", (json_int_t)plan->request_count, "writes",
                     (json_int_t)plan->write_count, "left_out", (json_int_t)plan->left_out,
                     "budget", (json_int_t)view->budget, "cleanup_requests",
                     (json_int_t)plan->cleanup_count);
}

int cmd_list(const struct verb_call *call)
{
    enum hm_code code = HM_OK;
    const struct suite_options *options = call->options;
    const struct fixtures from = { options->fixtures };
    const size_t budget = (size_t)suite_budget(options);
    struct target_place place = { 0 };
    struct target target = { 0 };
    struct plan plan = { 0 };
    struct catalog catalog = { 0 };
    struct hm_error err;
    struct list_view view = { .is_tap = options->format == REPORT_TAP, .budget = budget };
    bool is_live = options->is_live;

    view.indent = view.is_tap ? "# " : "    ";
    TRY(suite_options_check(options, &err));
    TRY(catalog_load(&catalog, &from, &err));
    TRY(catalog_choose(&catalog, &options->only, &options->skip, &err));
    TRY(targets_place(&place, options->base_url, options->target, &err));
    if (is_live && place.base_url == NULL)
        TRY(hm_error_set(&err, HM_BAD_ARGUMENT,
                         "--live needs a target: give it with --base-url or --target"));
    is_live = is_live || (place.base_url != NULL && !place.is_loopback);
    if (is_live && !plan_order(&catalog))
        TRY(no_memory(&err));
    if (place.base_url != NULL) {
        TRY(targets_guess(&target, &place, &from, &err));
        target.is_patient = options->is_slow;
        target.is_left_clean = !options->keeps_channels;
        view.target = &target;
        view.base_url = target.base_url;
    }
    if (is_live && !plan_make(&plan, &catalog, &target, budget,
                              plan_cleanup_reserve(budget, options->keeps_channels)))
        TRY(no_memory(&err));
    view.plan = is_live ? &plan : NULL;
    if (options->format == REPORT_JSON) {
        if (!json_print(json_pack("{s:i, s:s?, s:o, s:o}", "v", 1, "base_url", view.base_url,
                                  "cases", cases_make(&catalog, &view), "plan", plan_json(&view))))
            TRY(no_memory(&err));
        goto out;
    }
    print_list(&catalog, &view);
    if (is_live)
        print_sum(&plan, budget, view.is_tap, options->keeps_channels);
out:
    plan_fini(&plan);
    target_fini(&target);
    target_place_fini(&place);
    catalog_fini(&catalog);
    return code == HM_OK ? EXIT_GOOD : program_fail_error(call->program, &err);
}
