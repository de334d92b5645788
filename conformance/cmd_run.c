#include "commands.h"
#include "report.h"
#include "run.h"
#include "stop.h"
#include "try.h"
#include "verdict.h"
#include <string.h>

int cmd_run(const struct verb_call *call)
{
    enum hm_code code = HM_OK;
    const struct suite_options *options = call->options;
    const struct fixtures from = { options->fixtures };
    const struct run_options run_options = {
        .targets = { options->base_url, options->mock, options->is_live, from },
        .rate = options->rate,
        .budget = options->budget,
        .is_strict = options->is_strict,
    };
    struct catalog catalog;
    struct run run;
    struct verdict verdict = { .exit_code = EXIT_GOOD };
    struct hm_error err;

    memset(&catalog, 0, sizeof catalog);
    memset(&run, 0, sizeof run);
    stop_install();
    TRY(catalog_load(&catalog, &from, &err));
    TRY(catalog_choose(&catalog, &options->only, &options->skip, &err));
    TRY(run_cases(&run, &catalog, &run_options, &err));
    verdict_make(&verdict, &run);
    if (options->format == 0)
        report_text(stdout, &run, &verdict);
    else
        report_tap(stdout, &run, &verdict);
out:
    run_fini(&run);
    catalog_fini(&catalog);
    return code == HM_OK ? verdict.exit_code : program_fail_error(call->program, &err);
}
