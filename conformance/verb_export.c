#include "verb_export.h"
#include "export/export.h"
#include "suite_options.h"
#include "support/text.h"
#include "support/try.h"
#include <stdio.h>

static void sum_print(const struct export_sum *sum, const char *dir)
{
    size_t left_out = 0;

    printf("%s: %zu file%s with %zu case%s, %zu request%s\n", dir, sum->files, plural(sum->files),
           sum->cases, plural(sum->cases), sum->requests, plural(sum->requests));
    for (size_t i = EXPORT_GOES + 1; i < EXPORT_REASON_COUNT; i++)
        left_out += sum->left_out[i];
    if (left_out > 0)
        printf("not exported: %zu case%s\n", left_out, plural(left_out));
    for (size_t i = EXPORT_GOES + 1; i < EXPORT_REASON_COUNT; i++) {
        if (sum->left_out[i] > 0)
            printf("%6zu  %s\n", sum->left_out[i], export_reason_text((enum export_reason)i));
    }
}

int cmd_export(const struct verb_call *call)
{
    enum hm_code code = HM_OK;
    const struct suite_options *options = call->options;
    const struct fixtures from = { options->fixtures };
    const struct export_order order = {
        .format = options->format == NOT_GIVEN ? EXPORT_HURL : (enum export_format)options->format,
        .is_documented = options->is_documented,
        .dir = call->argv[0],
    };
    struct catalog catalog = { 0 };
    struct export_sum sum;
    struct hm_error err;

    TRY(catalog_load(&catalog, &from, &err));
    TRY(catalog_choose(&catalog, &options->only, &options->skip, &err));
    TRY(export_write(&sum, &catalog, &order, &err));
    sum_print(&sum, order.dir);
out:
    catalog_fini(&catalog);
    return code == HM_OK ? EXIT_GOOD : program_fail_error(call->program, &err);
}
