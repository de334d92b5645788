#include "baseline.h"
#include "buf.h"
#include "commands.h"
#include "no_memory.h"
#include "plan.h"
#include "report.h"
#include "run.h"
#include "stop.h"
#include "try.h"
#include "verdict.h"
#include <string.h>
#include <time.h>

/* What a target that is not on this machine would be sent, in words; and the cases in the order in
 * which they are. */
static enum hm_code foresee(struct buf *forecast, struct catalog *catalog,
                            const struct suite_options *options, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const struct fixtures from = { options->fixtures };
    const size_t budget = (size_t)suite_budget(options);
    struct target_place place;
    struct target target;
    struct plan plan;

    memset(&target, 0, sizeof target);
    memset(&plan, 0, sizeof plan);
    TRY(targets_place(&place, options->base_url, options->target, err));
    if (!place.base_url || (place.is_loopback && !options->is_live))
        goto out;
    if (!plan_order(catalog))
        TRY(no_memory(err));
    TRY(targets_guess(&target, &place, &from, err));
    if (!plan_make(&plan, catalog, &target, budget, 0))
        TRY(no_memory(err));
    plan_describe(forecast, &plan, budget);
out:
    plan_fini(&plan);
    target_fini(&target);
    target_place_fini(&place);
    return code;
}

int cmd_run(const struct verb_call *call)
{
    enum hm_code code = HM_OK;
    const struct suite_options *options = call->options;
    const struct fixtures from = { options->fixtures };
    struct buf forecast;
    struct run_options run_options = {
        .targets = { options->base_url, options->target, options->mock, options->is_live, NULL,
                     from },
        .rate = options->rate == NOT_GIVEN ? RATE_DEFAULT : options->rate,
        .budget = suite_budget(options),
        .is_strict = options->is_strict,
        .keeps_records = options->report || options->format == REPORT_JSON,
    };
    struct baseline baseline;
    struct catalog catalog;
    struct run run;
    struct verdict verdict = { .exit_code = EXIT_GOOD };
    struct hm_error err;

    memset(&baseline, 0, sizeof baseline);
    memset(&catalog, 0, sizeof catalog);
    memset(&run, 0, sizeof run);
    buf_init(&forecast, HM_ERROR_TEXT);
    stop_install();
    TRY(suite_options_check(options, &err));
    TRY(catalog_load(&catalog, &from, &err));
    TRY(catalog_choose(&catalog, &options->only, &options->skip, &err));
    TRY(foresee(&forecast, &catalog, options, &err));
    run_options.targets.forecast = buf_text(&forecast);
    if (options->baseline) {
        TRY(baseline_load(&baseline, options->baseline, &catalog, (int64_t)time(NULL), &err));
        run_options.baseline = &baseline;
    }
    if (options->report)
        TRY(reports_prepare(options->report, &err));
    TRY(run_cases(&run, &catalog, &run_options, &err));
    verdict_make(&verdict, &run);
    TRY(report_print((enum report_format)options->format, &run, &verdict, &err));
    if (options->report)
        TRY(reports_write(options->report, &run, &verdict, &err));
out:
    run_fini(&run);
    baseline_fini(&baseline);
    catalog_fini(&catalog);
    buf_fini(&forecast);
    return code == HM_OK ? verdict.exit_code : program_fail_error(call->program, &err);
}
