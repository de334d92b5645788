#include "cli/command_doctor.h"

#include "cli/print.h"
#include "cli/token_verdict.h"
#include "contract/channel_answer.h"
#include "contract/hmac.h"
#include "contract/rfc3339.h"
#include "contract/token_find.h"
#include "support/escape.h"
#include "support/file.h"
#include "support/no_memory.h"
#include "support/try.h"
#include "support/wall_clock.h"
#include "transport/http.h"
#include <heymarket/token.h>
#include <string.h>

enum { VERSION = 1 };
#define NOW_UNSET INT64_MIN

#define FIELD(member) offsetof(struct doctor_options, member)

const struct option doctor_options[] = {
    INTEGER_ROW("--now", "UNIX", now, 0, INT64_MAX,
                "Check tokens as of this time, in Unix seconds (default: the time of sending if "
                "the input shows it, otherwise now)"),
    FLAG_ROW("--unsigned", is_unsigned, "Check everything except the signature. Needs no secret."),
    TEXT_ROW("--secret-file", "FILE", secret_file,
             "JSON: {\"v\":1,\"secrets\":[{\"id\":...,\"key\":...}]} (default: the environment)"),
    FLAG_ROW("--json", is_json, "Print one JSON object."),
    { .name = NULL },
};

void doctor_defaults(void *options)
{
    struct doctor_options *given = options;

    given->now = NOW_UNSET;
}

/* One run: what all tokens are judged by, and the results. */
struct consultation {
    const struct doctor_options *options;
    const struct hm_secrets *secrets;
    json_t *tokens; /* with --json */
    size_t count;
    size_t refused;
};

/* The time that was given, the time of sending, or now: a token in yesterday's log must not be
 * called expired because it is read today. */
static int64_t time_to_judge_by(const struct consultation *run, const struct found_token *token,
                                bool *is_sent_time)
{
    int64_t sent;

    *is_sent_time = false;
    if (run->options->now != NOW_UNSET)
        return run->options->now;
    if (rfc3339_read(&sent, token->sent, strlen(token->sent)) ||
        http_date_read(&sent, token->sent, strlen(token->sent))) {
        *is_sent_time = true;
        return sent;
    }
    return wall_clock_s();
}

static void print_report(const struct consultation *run, const struct found_token *token,
                         const struct hm_verdict *verdict, bool is_sent_time)
{
    struct buf where;

    buf_init(&where, (size_t)4 * FOUND_WHERE_TEXT);
    escape_terminal(&where, token->where, strlen(token->where));
    printf("%stoken %zu: %s", run->count > 1 ? "\n" : "", run->count, buf_text(&where));
    if (is_sent_time) {
        buf_clear(&where);
        escape_terminal(&where, token->sent, strlen(token->sent));
        printf(", judged as of %s", buf_text(&where));
    }
    putchar('\n');
    verdict_print(stdout, verdict, run->secrets);
    buf_fini(&where);
}

static enum hm_code examine(struct consultation *run, const struct found_token *token,
                            struct hm_error *err)
{
    enum hm_code code;
    struct hm_verdict verdict;
    bool is_sent_time;
    int64_t now = time_to_judge_by(run, token, &is_sent_time);

    TRY(verdict_reach(&verdict, token->text, token->length, token->is_header_value, run->secrets,
                      run->options->is_unsigned, now, err));
    run->count++;
    run->refused += !verdict.is_good;
    if (run->tokens == NULL) {
        print_report(run, token, &verdict, is_sent_time);
    } else {
        json_t *report = json_pack("{s:o}", "where", json_text(token->where, strlen(token->where)));

        if (json_array_append_new(run->tokens, verdict_json(report, &verdict, run->secrets)) != 0)
            return no_memory(err);
    }
out:
    return code;
}

static enum hm_code examine_all(struct consultation *run, const struct found_tokens *found,
                                struct hm_error *err)
{
    enum hm_code code = HM_OK;

    if (run->options->is_json) {
        run->tokens = json_array();
        if (run->tokens == NULL)
            return no_memory(err);
    }
    for (size_t i = 0; i < found->count; i++)
        TRY(examine(run, &found->at[i], err));
out:
    return code;
}

static int conclude(struct consultation *run, const struct verb_call *call,
                    const struct found_tokens *found)
{
    int judged = run->refused > 0 ? EXIT_FELL_SHORT : EXIT_GOOD;

    if (found->is_cut)
        fprintf(stderr, "%s: found more than %d tokens; only the first ones were checked\n",
                call->program->name, FOUND_TOKENS_MAX);
    if (run->tokens != NULL) {
        json_t *tokens = run->tokens;
        int printed;

        run->tokens = NULL;
        printed = print_json(json_pack("{s:i, s:o}", "v", VERSION, "tokens", tokens));
        return printed == EXIT_GOOD ? judged : printed;
    }
    if (run->count > 1)
        printf("\n%zu tokens, %zu refused\n", run->count, run->refused);
    return judged;
}

int doctor(const struct verb_call *call)
{
    const struct doctor_options *options = call->options;
    struct consultation run = { options, NULL, NULL, 0, 0 };
    const char *path = call->argc > 0 ? call->argv[0] : "-";
    enum hm_code code;
    struct hm_error err;
    struct hm_secrets *secrets = NULL;
    struct found_tokens found = { 0, NULL, false };
    struct buf text;
    int exit_code = EXIT_GOOD;

    buf_init(&text, TOKEN_FIND_BYTES_MAX);
    TRY(verdict_secrets(&secrets, options->secret_file, options->is_unsigned, &err));
    run.secrets = secrets;
    if (strcmp(path, "-") == 0)
        print_waiting();
    TRY(file_read(&text, path, &err));
    TRY(token_find(&found, buf_text(&text), text.length, &err));
    if (found.count == 0) {
        code =
            hm_error_set(&err, HM_BAD_INPUT,
                         "%s: no token found; expected a token, an Authorization header, curl -v "
                         "output, a HAR file or a log",
                         strcmp(path, "-") == 0 ? "standard input" : path);
        goto out;
    }
    TRY(examine_all(&run, &found, &err));
    exit_code = conclude(&run, call, &found);
out:
    if (code != HM_OK)
        exit_code = program_fail_error(call->program, &err);
    json_decref(run.tokens);
    found_tokens_fini(&found);
    bytes_wipe(text.data, text.length);
    buf_fini(&text);
    hm_secrets_free(secrets);
    return exit_code;
}
