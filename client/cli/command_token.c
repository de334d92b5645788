#include "cli/command_token.h"

#include "cli/print.h"
#include "cli/token_input.h"
#include "cli/token_verdict.h"
#include "contract/credentials.h"
#include "contract/hmac.h"
#include "contract/mask_environment.h"
#include "contract/mask_write.h"
#include "support/escape.h"
#include "support/no_memory.h"
#include "support/text.h"
#include "support/try.h"
#include "support/wall_clock.h"
#include <heymarket/token.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION = 1, TEXT_BYTES_MAX = 64 * 1024 };
#define NOW_UNSET INT64_MIN

#define FIELD(member) offsetof(struct token_options, member)
#define SECRET_FILE                                                                                \
    TEXT_ROW("--secret-file", "FILE", secret_file,                                                 \
             "JSON: {\"v\":1,\"secrets\":[{\"id\":...,\"key\":...}]}; the first secret signs, "    \
             "all verify (default: the environment)")
#define JSON FLAG_ROW("--json", is_json, "Print one JSON object.")

const struct option token_sign_options[] = {
    TEXT_ROW("--iat", "TIME", iat,
             "Value of iat: Unix seconds, or +SECONDS or -SECONDS relative to now (default: now)"),
    SECRET_FILE,
    JSON,
    { .name = NULL },
};

const struct option token_inspect_options[] = {
    JSON,
    { .name = NULL },
};

const struct option token_verify_options[] = {
    INTEGER_ROW("--now", "UNIX", now, 0, INT64_MAX,
                "Check the token as of this time, in Unix seconds (default: now)"),
    FLAG_ROW("--unsigned", is_unsigned, "Check everything except the signature. Needs no secret."),
    SECRET_FILE,
    JSON,
    { .name = NULL },
};

void token_defaults(void *options)
{
    struct token_options *given = options;

    given->now = NOW_UNSET;
}

/* "+5" and "-5" count from now. */
static enum hm_code read_iat(int64_t *iat, const char *text, struct hm_error *err)
{
    static const int64_t most_offset_s = (int64_t)1000 * 366 * 24 * 3600;
    int64_t number;

    *iat = wall_clock_s();
    if (text == NULL)
        return HM_OK;
    if (*text == '+' || *text == '-') {
        if (text_to_int64(&number, text, -most_offset_s, most_offset_s)) {
            *iat += number;
            return HM_OK;
        }
    } else if (text_to_int64(iat, text, INT64_MIN, INT64_MAX)) {
        return HM_OK;
    }
    return hm_error_set(err, HM_BAD_INPUT,
                        "--iat: found '%.24s', expected Unix seconds, +SECONDS or -SECONDS", text);
}

static int print_token(const char *token, const struct token_options *options, const char *id,
                       int64_t iat)
{
    if (options->is_json)
        return print_json(json_pack("{s:i, s:s, s:o, s:I}", "v", VERSION, "token", token,
                                    "secret_id", json_text(id, strlen(id)), "iat",
                                    (json_int_t)iat));
    puts(token);
    return EXIT_GOOD;
}

int token_sign(const struct verb_call *call)
{
    const struct token_options *options = call->options;
    enum hm_code code;
    struct hm_error err;
    struct credentials credentials = { 0, NULL };
    char *token = NULL;
    int64_t iat = 0;
    int exit_code = EXIT_GOOD;

    TRY(read_iat(&iat, options->iat, &err));
    TRY(credentials_load(&credentials, options->secret_file, true, &err));
    TRY(credentials_sign(&token, &credentials, iat, &err));
    exit_code = print_token(token, options, credentials.at[0].id, iat);
out:
    if (code != HM_OK)
        exit_code = program_fail_error(call->program, &err);
    secret_wipe(token);
    credentials_fini(&credentials);
    return exit_code;
}

/* A part that was found to be a JSON object, as a new reference. One that has a key of the
 * environment is shown without it. */
static json_t *part_json(const char *text, size_t bytes, const struct masking *masking)
{
    static const size_t flags = JSON_ALLOW_NUL;
    json_t *part = json_loadb(text, bytes, flags, NULL), *masked;

    if (part == NULL)
        part = json_loadb(text, bytes, flags | JSON_DECODE_INT_AS_REAL, NULL);
    if (mask_is_clean(masking, text, bytes))
        return part;
    masked = mask_copy(masking, part);
    json_decref(part);
    return masked;
}

static void print_part(const char *name, const json_t *part)
{
    char *text = json_dumps(part, JSON_COMPACT);
    struct buf safe;

    buf_init(&safe, TEXT_BYTES_MAX);
    if (text != NULL)
        escape_terminal(&safe, text, strlen(text));
    printf("%-10s %s\n", name, buf_text(&safe));
    buf_fini(&safe);
    free(text);
}

static void print_iat(const json_t *claims)
{
    const json_t *iat = json_object_get(claims, "iat");
    double value = json_number_value(iat);
    double age_s = (double)wall_clock_s() - value;
    struct buf time;

    if (!json_is_number(iat) || !has_utc(value))
        return;
    buf_init(&time, TEXT_BYTES_MAX);
    append_utc(&time, (int64_t)value);
    printf("%-10s %s, %s\n", "signed", buf_text(&time), ago(age_s).text);
    buf_fini(&time);
}

static int print_inspected(const struct hm_token *token, bool is_json,
                           const struct masking *masking)
{
    json_t *header = part_json(token->header, token->header_bytes, masking);
    json_t *claims = part_json(token->claims, token->claims_bytes, masking);

    if (is_json)
        return print_json(json_pack("{s:i, s:o, s:o, s:I}", "v", VERSION, "header", header,
                                    "claims", claims, "signature_bytes",
                                    (json_int_t)token->signature_bytes));
    print_part("header", header);
    print_part("claims", claims);
    print_iat(claims);
    printf("%-10s %zu byte%s, not checked\n", "signature", token->signature_bytes,
           plural(token->signature_bytes));
    json_decref(header);
    json_decref(claims);
    return EXIT_GOOD;
}

int token_inspect(const struct verb_call *call)
{
    const struct token_options *options = call->options;
    enum hm_code code;
    struct hm_error err;
    struct token_input input;
    struct hm_token token = { .header = NULL };
    struct mask *mask = mask_new_of_environment();
    struct masking masking = { .mask = NULL };
    int exit_code = EXIT_GOOD;

    code = token_input_read(&input, call, &err);
    if (code != HM_OK) {
        mask_free(mask);
        return program_fail_error(call->program, &err);
    }
    token_input_strip_scheme(&input);
    TRY(hm_token_inspect(&token, input.value, input.length, &err));
    masking.mask = mask;
    if (mask == NULL)
        TRY(no_memory(&err));
    exit_code = print_inspected(&token, options->is_json, &masking);
out:
    if (code != HM_OK)
        exit_code = program_fail_error(call->program, &err);
    mask_free(mask);
    hm_token_fini(&token);
    token_input_fini(&input);
    return exit_code;
}

static int print_judged(const struct hm_verdict *verdict, const struct hm_secrets *secrets,
                        bool is_json)
{
    int printed = EXIT_GOOD;

    if (is_json)
        printed = print_json(verdict_json(json_pack("{s:i}", "v", VERSION), verdict, secrets));
    else
        verdict_print(stdout, verdict, secrets);
    return printed == EXIT_GOOD && !verdict->is_good ? EXIT_FELL_SHORT : printed;
}

int token_verify(const struct verb_call *call)
{
    const struct token_options *options = call->options;
    enum hm_code code;
    struct hm_error err;
    struct hm_secrets *secrets = NULL;
    struct token_input input = { .is_header = false };
    struct hm_verdict verdict;
    int exit_code = EXIT_GOOD;

    TRY(verdict_secrets(&secrets, options->secret_file, options->is_unsigned, &err));
    TRY(token_input_read(&input, call, &err));
    TRY(verdict_reach(&verdict, input.value, input.length, input.is_header, secrets,
                      options->is_unsigned,
                      options->now != NOW_UNSET ? options->now : wall_clock_s(), &err));
    exit_code = print_judged(&verdict, secrets, options->is_json);
out:
    if (code != HM_OK)
        exit_code = program_fail_error(call->program, &err);
    token_input_fini(&input);
    hm_secrets_free(secrets);
    return exit_code;
}
