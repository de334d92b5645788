#include "cli/command_channel.h"

#include "cli/print.h"
#include "cli/print_channel.h"
#include "contract/channel_rules.h"
#include "contract/credentials.h"
#include "contract/variables.h"
#include "support/ca_file.h"
#include "support/try.h"
#include "transport/client_handle.h"
#include <heymarket/channel.h>
#include <heymarket/client.h>
#include <stdlib.h>
#include <string.h>

enum { SECOND_MS = 1000, TIMEOUT_S_MAX = 24 * 3600 };

const struct option channel_create_options[] = {
    { "--type", "TYPE", "channel_type: phone, email, facebook or another type (required)",
      OPTION_TEXT, offsetof(struct channel_options, type), 0, 0, NULL },
    { "--id", "VALUE",
      "channel_id: phone number, address or account; a phone number is E.164 digits without the "
      "leading + (required)",
      OPTION_TEXT, offsetof(struct channel_options, id), 0, 0, NULL },
    { "--base-url", "URL",
      "Base URL of the API, without /v1 or /v2 (default: " VARIABLE_BASE_URL ", "
      "otherwise " HM_LIVE_BASE_URL ")",
      OPTION_TEXT, offsetof(struct channel_options, base_url), 0, 0, NULL },
    { "--secret-file", "FILE",
      "JSON: {\"v\":1,\"secrets\":[{\"id\":...,\"key\":...}]}; the first secret signs (default: "
      "the environment)",
      OPTION_TEXT, offsetof(struct channel_options, secret_file), 0, 0, NULL },
    { "--ca-file", "FILE",
      "Trust only the root certificates in this PEM file (default: the file in CURL_CA_BUNDLE or "
      "SSL_CERT_FILE, otherwise those of the system)",
      OPTION_TEXT, offsetof(struct channel_options, ca_file), 0, 0, NULL },
    { "--connect-timeout", "SECONDS", "Time limit for connecting, including TLS (default 10)",
      OPTION_INTEGER, offsetof(struct channel_options, connect_timeout_s), 1, TIMEOUT_S_MAX, NULL },
    { "--timeout", "SECONDS",
      "Time limit for the whole call, including retries and waits (default 60)", OPTION_INTEGER,
      offsetof(struct channel_options, timeout_s), 1, TIMEOUT_S_MAX, NULL },
    { "--allow-plaintext", NULL, "Allow http:// to another machine.", OPTION_FLAG,
      offsetof(struct channel_options, allows_plaintext), 0, 0, NULL },
    { "--json", NULL, "Print one JSON object, also for an error.", OPTION_FLAG,
      offsetof(struct channel_options, is_json), 0, 0, NULL },
    { .name = NULL },
};

/* Warnings do not keep the request from being sent. */
static void print_warnings(const struct program *program, const struct channel_options *options)
{
    static const struct channel_policy policy = CHANNEL_POLICY_DEFAULT;
    struct channel_values values = { options->type, options->id, strlen(options->type),
                                     strlen(options->id) };
    struct hm_findings findings = { .count = 0 };

    channel_values_check(&values, &policy, &findings);
    for (size_t i = 0; i < findings.count; i++) {
        const struct hm_mistake_row *row = hm_mistake_row(findings.at[i].mistake);

        if (findings.at[i].severity == HM_WARNS)
            program_fail(program, 0, "warning: %s %s: %s", row->clause, row->code,
                         findings.at[i].message);
    }
}

static int print_failure(const struct verb_call *call, const struct hm_error *err)
{
    const struct channel_options *options = call->options;
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

static int print_success(const struct channel_options *options, const struct hm_channel_list *list,
                         const struct masking *masking)
{
    if (options->is_json)
        return print_json(channels_json(list, masking));
    printf("created: the contact now has %zu channel%s (status %d%s%s)\n\n", list->count,
           list->count == 1 ? "" : "s", list->status,
           list->request_id[0] != '\0' ? ", request " : "", list->request_id);
    print_channels(stdout, list, options->type, options->id, masking);
    return EXIT_GOOD;
}

/* Wrong values are reported by the library. */
static enum hm_code required(const struct channel_options *options, struct hm_error *err)
{
    if (options->type != NULL && options->id != NULL)
        return HM_OK;
    return hm_error_set(err, HM_BAD_ARGUMENT,
                        "%s is missing; expected --type TYPE --id VALUE, such as --type phone "
                        "--id 14155551234",
                        options->type == NULL ? "--type" : "--id");
}

static enum hm_code client_of(struct hm_client **client, const struct channel_options *options,
                              const struct credentials *credentials, struct hm_error *err)
{
    enum hm_code code;
    const char *base_url = options->base_url;
    struct hm_client_options given = {
        .secret_id = credentials->at[0].id,
        .secret_key = credentials->at[0].key,
        .connect_timeout_ms = options->connect_timeout_s * SECOND_MS,
        .timeout_ms = options->timeout_s * SECOND_MS,
        .allows_plaintext = options->allows_plaintext,
    };

    if (base_url == NULL) {
        base_url = getenv(VARIABLE_BASE_URL);
        if (base_url != NULL && *base_url == '\0')
            base_url = NULL; /* an empty variable is unset; an empty option is refused */
    }
    given.base_url = base_url != NULL ? base_url : HM_LIVE_BASE_URL;
    TRY(ca_file_choose(&given.ca_file, options->ca_file, given.base_url, err));
    TRY(hm_client_new(client, &given, err));
out:
    return code;
}

int channel_create(const struct verb_call *call)
{
    const struct channel_options *options = call->options;
    enum hm_code code;
    struct hm_error err;
    struct credentials credentials = { 0, NULL };
    struct hm_client *client = NULL;
    struct hm_channel_list list = { .count = 0 };
    struct client_masking masking = { .token = NULL };
    int exit_code = EXIT_GOOD;

    TRY(required(options, &err));
    TRY(credentials_load(&credentials, options->secret_file, true, &err));
    TRY(client_of(&client, options, &credentials, &err));
    print_warnings(call->program, options);
    TRY(hm_channel_create(&list, client, call->argv[0], options->type, options->id, &err));
    TRY(client_masking_now(&masking, client, &err));
    exit_code = print_success(options, &list, &masking.masking);
out:
    if (code != HM_OK)
        exit_code = print_failure(call, &err);
    client_masking_fini(&masking);
    hm_channel_list_fini(&list);
    hm_client_free(client);
    credentials_fini(&credentials);
    return exit_code;
}
