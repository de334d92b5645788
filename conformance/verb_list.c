#include "judge/judge.h"
#include "play/message.h"
#include "play/plan.h"
#include "report/suite_report.h"
#include "suite_verbs.h"
#include "support/buf.h"
#include "support/no_memory.h"
#include "support/text.h"
#include "support/try.h"
#include "target/targets.h"
#include "verb_listing.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES_MAX = 512 * 1024, SAFE_BYTES_MAX = 4 * LINE_BYTES_MAX, BODY_SHOWN_MAX = 160 };

static const char *text_of(json_t *object, const char *member)
{
    return json_string_value(json_object_get(object, member));
}

/* The contact by name, and how its UUID is written: {ada}, {ada, upper}. */
static void append_contact(struct buf *out, const struct step *step)
{
    const char *contact = step_text(step, "contact");
    const char *form = step_text(step, "contact_form");

    if (step_text(step, "contact_id"))
        buf_puts(out, step_text(step, "contact_id"));
    else
        buf_printf(out, "{%s%s%s}", contact ? contact : "", form ? ", " : "", form ? form : "");
}

void listing_path(struct buf *out, const struct step *step, const struct listing *listing)
{
    struct buf contact;

    buf_init(&contact, LINE_BYTES_MAX);
    append_contact(&contact, step);
    buf_puts(out, listing->base_url ? listing->base_url : "");
    message_path(out, step, buf_text(&contact));
    buf_fini(&contact);
}

/* "POST /v2/contact/{ada}/channel  {...}" */
static void append_step(struct buf *out, const struct step *step, const struct listing *listing)
{
    struct buf body;

    buf_init(&body, LINE_BYTES_MAX);
    buf_printf(out, "%s ", step_text(step, "method") ? step_text(step, "method") : "");
    listing_path(out, step, listing);
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
    for (size_t i = 0; test->file->mock_arguments[i]; i++)
        buf_printf(out, "%s%s", i == 0 ? ", a mock with " : " ", test->file->mock_arguments[i]);
    if (test->needs & NEED_CLOCK)
        buf_puts(out, ", a clock that stands still");
    if (test->needs & NEED_LOOPBACK)
        buf_puts(out, ", a target on this machine");
    if (test->needs & NEED_MOCK)
        buf_puts(out, ", our mock");
    if (test->needs & NEED_WORLD)
        buf_puts(out, ", our mock with its own world");
    for (size_t i = 0; i < test->step_count; i++) {
        use = text_of(test->steps[i].token, "use");
        if (use && strcmp(use, "first") != 0) {
            buf_printf(out, ", secret %s", use);
            return;
        }
    }
}

static void print_safe(const char *indent, const struct buf *text)
{
    struct buf safe;

    buf_init(&safe, SAFE_BYTES_MAX);
    escape_terminal(&safe, buf_text(text), text->length);
    (void)printf("%s%s\n", indent, buf_text(&safe));
    buf_fini(&safe);
}

static void print_title(const struct test_case *test)
{
    const struct clause *clause = test->file->clause;
    struct buf line;

    buf_init(&line, LINE_BYTES_MAX);
    buf_printf(&line, "%s  [%s %c]  %s", test->id, clause->id, clause_source_letter(clause->source),
               test->says);
    print_safe("", &line);
    buf_fini(&line);
}

/* A point that was not run, so that nobody takes a list for a run that passed. */
static void print_point(const struct test_case *test, size_t number)
{
    struct buf says;

    buf_init(&says, LINE_BYTES_MAX);
    escape_tap(&says, test->says, strlen(test->says));
    (void)printf("ok %zu - %s %s # SKIP listed, nothing is sent\n", number, test->id,
                 buf_text(&says));
    buf_fini(&says);
}

void listing_reason(struct buf *out, const struct test_case *test, size_t number,
                    const struct listing *listing)
{
    if (listing->target && !judge_has_say(test, listing->target))
        buf_puts(out, "speaks of our mock only");
    else if (listing->target)
        target_lacks(out, listing->target, test);
    if (out->length == 0 && listing->plan && !listing->plan->has_room[number])
        buf_puts(out, "budget: no room for more accepted writes");
}

/* Why the case would not be run. */
static void print_reason(const struct test_case *test, size_t number, const struct listing *listing)
{
    enum { REASON_TEXT = 1024 };
    struct buf reason;

    buf_init(&reason, REASON_TEXT);
    listing_reason(&reason, test, number, listing);
    if (reason.length > 0)
        (void)printf("%sskipped: %s\n", listing->indent, buf_text(&reason));
    buf_fini(&reason);
}

static void print_details(const struct test_case *test, const struct listing *listing)
{
    struct buf line;

    buf_init(&line, LINE_BYTES_MAX);
    for (size_t i = 0; i < test->step_count; i++) {
        buf_clear(&line);
        buf_puts(&line, i < test->together ? "together: " : "");
        if (test->steps[i].wait_s > 0)
            buf_printf(&line, "%d s later: ", (int)test->steps[i].wait_s);
        append_step(&line, &test->steps[i], listing);
        print_safe(listing->indent, &line);
    }
    buf_clear(&line);
    append_needs(&line, test);
    if (line.length > 0)
        (void)printf("%sneeds %s\n", listing->indent, buf_text(&line) + strlen(", "));
    buf_fini(&line);
}

static void print_list(const struct catalog *catalog, const struct listing *listing)
{
    if (listing->is_tap)
        (void)printf("TAP version 14\n1..%zu\n", catalog->chosen_count);
    for (size_t i = 0; i < catalog->chosen_count; i++) {
        if (listing->is_tap)
            print_point(catalog->chosen[i], i + 1);
        else
            print_title(catalog->chosen[i]);
        print_details(catalog->chosen[i], listing);
        print_reason(catalog->chosen[i], i, listing);
    }
    if (!listing->is_tap)
        (void)printf("%zu case%s\n", catalog->chosen_count, catalog->chosen_count == 1 ? "" : "s");
}

/* The sum, as a line. */
static void print_sum(const struct plan *plan, size_t budget, bool is_tap)
{
    enum { SUM_TEXT = 400 };
    struct buf sum;

    buf_init(&sum, SUM_TEXT);
    plan_describe(&sum, plan, budget);
    (void)printf("%s%s\n", is_tap ? "# " : "", buf_text(&sum));
    buf_fini(&sum);
}

int cmd_list(const struct verb_call *call)
{
    enum hm_code code = HM_OK;
    const struct suite_options *options = call->options;
    const struct fixtures from = { options->fixtures };
    const size_t budget = (size_t)suite_budget(options);
    struct target_place place;
    struct target target;
    struct plan plan;
    struct catalog catalog;
    struct hm_error err;
    struct listing listing = { .is_tap = options->format == REPORT_TAP, .budget = budget };
    bool is_live = options->is_live;

    listing.indent = listing.is_tap ? "# " : "    ";
    memset(&catalog, 0, sizeof catalog);
    memset(&place, 0, sizeof place);
    memset(&target, 0, sizeof target);
    memset(&plan, 0, sizeof plan);
    TRY(suite_options_check(options, &err));
    TRY(catalog_load(&catalog, &from, &err));
    TRY(catalog_choose(&catalog, &options->only, &options->skip, &err));
    TRY(targets_place(&place, options->base_url, options->target, &err));
    if (is_live && !place.base_url)
        TRY(hm_error_set(&err, HM_BAD_ARGUMENT,
                         "--live is for a target: give it by --base-url or --target"));
    is_live = is_live || (place.base_url && !place.is_loopback);
    if (is_live && !plan_order(&catalog))
        TRY(no_memory(&err));
    if (place.base_url) {
        TRY(targets_guess(&target, &place, &from, &err));
        target.is_patient = options->is_slow;
        listing.target = &target;
        listing.base_url = target.base_url;
    }
    if (is_live && !plan_make(&plan, &catalog, &target, budget, 0))
        TRY(no_memory(&err));
    listing.plan = is_live ? &plan : NULL;
    if (options->format == REPORT_JSON) {
        if (!list_print_json(&catalog, &listing))
            TRY(no_memory(&err));
        goto out;
    }
    print_list(&catalog, &listing);
    if (is_live)
        print_sum(&plan, budget, listing.is_tap);
out:
    plan_fini(&plan);
    target_fini(&target);
    target_place_fini(&place);
    catalog_fini(&catalog);
    return code == HM_OK ? EXIT_GOOD : program_fail_error(call->program, &err);
}
