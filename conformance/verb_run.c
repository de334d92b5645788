#include "verb_run.h"
#include "contract/variables.h"
#include "judge/baseline.h"
#include "learn/learn.h"
#include "report/report_md.h"
#include "report/reports.h"
#include "report/verdict.h"
#include "run/aftermath.h"
#include "run/case_run.h"
#include "run/cleanup.h"
#include "run/plan.h"
#include "run/suite.h"
#include "suite_options.h"
#include "support/buf.h"
#include "support/ca_file.h"
#include "support/environment.h"
#include "support/no_memory.h"
#include "support/try.h"
#include "support/wall_clock.h"
#include "target/pace.h"
#include <stdio.h>

/* Sorts the cases and describes what a target that is not on this machine would be sent. */
static enum hm_code foresee(struct buf *forecast, struct catalog *catalog,
                            const struct suite_options *options, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const struct fixtures from = { options->fixtures };
    const size_t budget = (size_t)suite_budget(options);
    struct target_place place;
    struct target target = { 0 };
    struct plan plan = { 0 };

    TRY(targets_place(&place, options->base_url, options->target, err));
    if (place.base_url == NULL || (place.is_loopback && !options->is_live))
        goto out;
    if (!plan_order(catalog))
        TRY(no_memory(err));
    TRY(targets_guess(&target, &place, &from, err));
    target.is_patient = options->is_slow;
    target.is_left_clean = !options->keeps_channels;
    if (!plan_make(&plan, catalog, &target, budget,
                   (size_t)(options->learn != NULL ? LEARN_WRITES_MAX : 0) +
                       plan_cleanup_reserve(budget, options->keeps_channels)))
        TRY(no_memory(err));
    plan_describe(forecast, &plan, budget, options->keeps_channels);
out:
    plan_fini(&plan);
    target_fini(&target);
    target_place_fini(&place);
    return code;
}

/* The trusted roots for the target's certificate. */
static enum hm_code roots_choose(const char **ca_file, const struct suite_options *options,
                                 struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct target_place place;

    TRY(targets_place(&place, options->base_url, options->target, err));
    code = ca_file_choose(ca_file, options->ca_file, place.base_url != NULL ? place.base_url : "",
                          err);
    target_place_fini(&place);
out:
    return code;
}

/* Writes the profile, and says which values are unknown. */
static enum hm_code profile_write(const struct verb_call *call, const struct suite_run *run,
                                  const char *path, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const struct learning *learning = &run->learning;

    if (learning->count == 0)
        return HM_OK;
    TRY(learning_write(learning, path, err));
    for (size_t i = 0; i < learning->count; i++) {
        const struct learned *learned = &learning->at[i];

        if (!*learned->value)
            fprintf(stderr, "%s: not in %s: %s [%s]: %s\n", call->program->name, path,
                    learned->clause->policy, learned->clause->id, learned->why);
    }
out:
    return code;
}

int cmd_run(const struct verb_call *call)
{
    enum hm_code code = HM_OK;
    const struct suite_options *options = call->options;
    const struct fixtures from = { options->fixtures };
    const size_t budget = (size_t)suite_budget(options);
    const bool is_cmocka =
        options->format == NOT_GIVEN && environment_text("CMOCKA_MESSAGE_OUTPUT") != NULL;
    const enum report_format format =
        options->format == NOT_GIVEN ? REPORT_TEXT : (enum report_format)options->format;
    struct buf forecast;
    struct suite_run_options run_options = {
        .targets = { .base_url = options->base_url,
                     .file = options->target,
                     .mock = options->mock,
                     .tls = { .cert_file = options->cert_file, .key_file = options->key_file },
                     .is_live = options->is_live,
                     .is_slow = options->is_slow,
                     .is_left_clean = !options->keeps_channels,
                     .from = from },
        .rate = options->rate == NOT_GIVEN ? RATE_DEFAULT : options->rate,
        .budget = (int64_t)budget,
        .jobs = options->jobs,
        .timeout_s = options->timeout_s,
        .fails_fast = options->fails_fast,
        .probes_writes = options->probes_writes,
        .keeps_channels = options->keeps_channels,
        .learns = options->learn != NULL,
        .is_strict = suite_is_strict(options),
        .is_verbose = options->is_verbose,
        .min_judged = (size_t)options->min_judged,
        .keeps_records = options->report.dir != NULL || format == REPORT_JSON,
    };
    struct gateway_headers gateway = { 0 };
    struct baseline baseline = { 0 };
    struct catalog catalog = { 0 };
    struct suite_run run = { 0 };
    struct verdict verdict = { .exit_code = EXIT_GOOD };
    struct hm_error err;

    buf_init(&forecast, HM_ERROR_TEXT);
    TRY(suite_options_check(options, &err));
    TRY(catalog_load(&catalog, &from, &err));
    TRY(catalog_choose(&catalog, &options->only, &options->skip, &err));
    TRY(catalog_be_strict(&catalog, &options->strict, &err));
    if (options->learn != NULL && options->base_url == NULL && options->target == NULL &&
        environment_text(VARIABLE_BASE_URL) == NULL)
        TRY(hm_error_set(&err, HM_BAD_ARGUMENT,
                         "--learn needs a target: give it with --base-url or --target"));
    TRY(gateway_headers_read(&gateway, options->headers.at, options->headers.count, &err));
    run_options.targets.gateway = &gateway;
    TRY(roots_choose(&run_options.targets.tls.ca_file, options, &err));
    TRY(foresee(&forecast, &catalog, options, &err));
    run_options.targets.forecast = buf_text(&forecast);
    if (options->baseline != NULL) {
        TRY(baseline_load(&baseline, options->baseline, &catalog, wall_clock_s(), &err));
        run_options.baseline = &baseline;
    }
    if (options->is_live && !options->keeps_channels && plan_cleanup_reserve(budget, false) == 0)
        fprintf(stderr, "%s: warning: %s\n", call->program->name, PLAN_LEAVES);
    if (options->report.dir != NULL)
        TRY(reports_prepare(&options->report, &err));
    stop_install(); /* until here a signal ends the program, also in a folder on a slow mount */
    TRY(suite_run_begin(&run, &catalog, &run_options, &err));
    TRY(case_tests_run(&run, is_cmocka, &err));
    TRY(aftermath_judge(&run, &err));
    TRY(suite_run_learn(&run, &err));
    TRY(cleanup_run(&run, &err));
    TRY(suite_run_end(&run, &err));
    verdict_make(&verdict, &run);
    if (is_cmocka)
        fprintf(stderr, "%s: %s%s%s\n", call->program->name, verdict.word,
                *verdict.detail != '\0' ? ": " : "", verdict.detail);
    else
        TRY(report_print(format, &run, &verdict, &err));
    if (*verdict.warning && (is_cmocka || format != REPORT_TEXT))
        fprintf(stderr, "%s: warning: %s\n", call->program->name, verdict.warning);
    if (options->learn != NULL)
        TRY(profile_write(call, &run, options->learn, &err));
    if (options->report.dir != NULL)
        TRY(reports_write(&options->report, &run, &verdict, &err));
    report_annotate(&run, &verdict);
out:
    suite_run_fini(&run);
    gateway_headers_fini(&gateway);
    baseline_fini(&baseline);
    catalog_fini(&catalog);
    buf_fini(&forecast);
    return code == HM_OK ? verdict.exit_code
                         : stop_exit_code(program_fail_error(call->program, &err));
}
