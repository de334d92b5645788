#include "cli/command_channel.h"

#include "cli/api_call.h"
#include "cli/print.h"
#include "cli/print_channel.h"
#include "contract/channel_rules.h"
#include "support/text.h"
#include "support/try.h"
#include "transport/client_handle.h"
#include "transport/operation_call.h"
#include <string.h>

#define TYPE_OPTION                                                                                \
    TEXT_ROW("--type", "TYPE", type,                                                               \
             "channel_type: phone, email, facebook or another type (required)")

const struct option channel_write_options[] = {
    TYPE_OPTION,
    TEXT_ROW("--id", "VALUE", id,
             "channel_id: phone number, address or account; a phone number is E.164 digits without "
             "the leading + (required)"),
    API_OPTIONS,
};

const struct option channel_type_options[] = {
    TYPE_OPTION,
    API_OPTIONS,
};

const struct option channel_list_options[] = {
    API_OPTIONS,
};

/* One command. */
struct command {
    bool has_type, has_id; /* options that are required */
    enum operation_id operation;
    const char *done;         /* what was done */
    const char *before_count; /* words before the number of channels */
    bool may_lack_list;       /* an answer without channels says nothing of their number [X2] */
};

/* Warnings do not keep the request from being sent. */
static void print_warnings(const struct program *program, const struct api_options *options)
{
    static const struct channel_policy policy = CHANNEL_POLICY_DEFAULT;
    struct channel_values values = { options->type, options->id,
                                     options->type != NULL ? strlen(options->type) : 0,
                                     options->id != NULL ? strlen(options->id) : 0 };
    struct hm_findings findings = { .count = 0 };

    channel_values_check(&values, &policy, &findings);
    for (size_t i = 0; i < findings.count; i++) {
        const struct hm_mistake_row *row = hm_mistake_row(findings.at[i].mistake);

        if (findings.at[i].severity == HM_WARNS)
            program_fail(program, 0, "warning: %s %s: %s", row->clause, row->code,
                         findings.at[i].message);
    }
}

static int print_success(const struct command *command, const struct api_options *options,
                         const struct hm_channel_list *list, const struct masking *masking)
{
    if (options->is_json)
        return print_json(channels_json(list, masking));
    fputs(command->done, stdout);
    if (!command->may_lack_list || list->count > 0)
        printf("%s%zu channel%s", command->before_count, list->count, plural(list->count));
    printf(" (status %d%s%s)\n", list->status, list->request_id[0] != '\0' ? ", request " : "",
           list->request_id);
    if (list->count > 0) {
        putchar('\n');
        print_channels(stdout, list, options->type, options->id, masking);
    }
    return EXIT_GOOD;
}

/* Wrong values are reported by the library. */
static enum hm_code required(const struct command *command, const struct api_options *options,
                             struct hm_error *err)
{
    const bool lacks_type = command->has_type && options->type == NULL;

    if (!lacks_type && !(command->has_id && options->id == NULL))
        return HM_OK;
    return hm_error_set(err, HM_BAD_ARGUMENT, "%s is missing; expected %s",
                        lacks_type ? "--type" : "--id",
                        command->has_id ? "--type TYPE --id VALUE, such as --type phone "
                                          "--id 14155551234"
                                        : "--type TYPE, such as --type phone");
}

static int run(const struct command *command, const struct verb_call *call)
{
    const struct api_options *options = call->options;
    const struct operation_values values = { call->argv[0], options->type, options->id };
    enum hm_code code;
    struct hm_error err;
    struct hm_client *client = NULL;
    struct hm_channel_list list = { .count = 0 };
    struct client_masking masking = { .token = NULL };
    int exit_code = EXIT_GOOD;

    TRY(required(command, options, &err));
    TRY(api_client(&client, options, &err));
    print_warnings(call->program, options);
    TRY(operation_call_channels(&list, client, command->operation, &values, &err));
    TRY(client_masking_now(&masking, client, &err));
    exit_code = print_success(command, options, &list, &masking.masking);
out:
    if (code != HM_OK)
        exit_code = api_failure(call, &err);
    client_masking_fini(&masking);
    hm_channel_list_fini(&list);
    hm_client_free(client);
    return exit_code;
}

int channel_create(const struct verb_call *call)
{
    static const struct command create = {
        true, true, OPERATION_CHANNEL_CREATE, "created: ", "the contact now has ", false
    };

    return run(&create, call);
}

int channel_get(const struct verb_call *call)
{
    static const struct command get = { true, false, OPERATION_CHANNEL_GET, "found: ", "", false };

    return run(&get, call);
}

int channel_list(const struct verb_call *call)
{
    static const struct command list = {
        false, false, OPERATION_CHANNEL_LIST, "", "the contact has ", false
    };

    return run(&list, call);
}

/* The answer may have only the channel that was changed [U4]. */
int channel_update(const struct verb_call *call)
{
    static const struct command update = {
        true, true, OPERATION_CHANNEL_UPDATE, "updated: ", "the response has ", false
    };

    return run(&update, call);
}

int channel_delete(const struct verb_call *call)
{
    static const struct command remove = {
        true, false, OPERATION_CHANNEL_DELETE, "deleted", "; the contact now has ", true
    };

    return run(&remove, call);
}
