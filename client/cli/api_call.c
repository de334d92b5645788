#include "cli/api_call.h"

#include "cli/print.h"
#include "cli/print_channel.h"
#include "contract/credentials.h"
#include "support/ca_file.h"
#include "support/environment.h"
#include "support/try.h"
#include <stdlib.h>

enum { SECOND_MS = 1000 };

int api_failure(const struct verb_call *call, const struct hm_error *err)
{
    const struct api_options *options = call->options;
    int exit_code = exit_code_of(err->code);

    if (options->is_json) {
        int printed = print_json(error_json(err));

        return printed == EXIT_GOOD ? exit_code : printed;
    }
    program_fail_error(call->program, err);
    if (err->attempts > 0)
        print_error_details(stderr, err);
    return exit_code;
}

enum hm_code api_client(struct hm_client **client, const struct api_options *options,
                        struct hm_error *err)
{
    enum hm_code code;
    struct credentials credentials = { 0, NULL };
    const char *base_url = options->base_url;
    struct hm_client_options given = {
        .connect_timeout_ms = options->connect_timeout_s * SECOND_MS,
        .timeout_ms = options->timeout_s * SECOND_MS,
        .allows_plaintext = options->allows_plaintext,
    };

    TRY(credentials_load(&credentials, options->secret_file, true, err));
    credentials_fill(&given, &credentials);
    if (base_url == NULL)
        base_url = environment_text(VARIABLE_BASE_URL);
    given.base_url = base_url != NULL ? base_url : HM_LIVE_BASE_URL;
    TRY(ca_file_choose(&given.ca_file, options->ca_file, given.base_url, err));
    TRY(hm_client_new(client, &given, err));
out:
    credentials_fini(&credentials);
    return code;
}
