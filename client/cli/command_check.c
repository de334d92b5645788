#include "cli/command_check.h"

#include "cli/api_call.h"
#include "cli/print.h"
#include "cli/print_channel.h"
#include "cli/token_verdict.h"
#include "contract/hmac.h"
#include "contract/mask_write.h"
#include "support/escape.h"
#include "support/json_node.h"
#include "support/json_text.h"
#include "support/no_memory.h"
#include "support/try.h"
#include "support/wall_clock.h"
#include "transport/client_handle.h"
#include <heymarket/inbox.h>
#include <inttypes.h>
#include <string.h>

enum { VERSION = 1, LINE_BYTES_MAX = 64 * 1024, NAME_BYTES_MAX = 256, INBOXES_NAMED_MAX = 10 };

const struct option check_options[] = {
    API_OPTIONS,
};

/* What is wrong, in the words of the line and of --json. */
struct diagnosis {
    const char *words; /* "wrong clock" */
    const char *name;  /* "wrong_clock" */
    char text[160];    /* more about it; "" */
};

/* Would a token that is signed now be refused only for its times, by the server's clock? The
 * signature is not judged, so any secret does. */
static enum hm_code is_clock_wrong(bool *is_wrong, int64_t now, int64_t server_time,
                                   struct hm_error *err)
{
    enum hm_code code;
    char *token = NULL;
    struct hm_secrets *none = NULL;
    struct hm_verdict verdict;

    *is_wrong = false;
    TRY(hm_secrets_new(&none, err));
    TRY(hm_token_sign(&token, "any", "any", now, err));
    TRY(verdict_reach(&verdict, token, strlen(token), false, none, true, server_time, err));
    *is_wrong = !verdict.is_good;
out:
    secret_wipe(token);
    hm_secrets_free(none);
    return code;
}

/* A 401. The mock names the clause; any other server tells its time by Date. */
static enum hm_code diagnose_refusal(struct diagnosis *diagnosis, const struct hm_error *found,
                                     struct hm_error *err)
{
    enum hm_code code = HM_OK;
    int64_t now = wall_clock_s();
    bool is_wrong =
        strcmp(found->clause, "J6") == 0 || strcmp(found->clause, "J7") == 0; /* as the mock says */

    if (!is_wrong && found->server_time != 0)
        TRY(is_clock_wrong(&is_wrong, now, found->server_time, err));
    if (is_wrong) {
        diagnosis->words = "wrong clock";
        diagnosis->name = "wrong_clock";
        if (found->server_time != 0)
            snprintf(diagnosis->text, sizeof diagnosis->text,
                     "this computer's clock is %s %s than the server's: set it and check again: ",
                     duration((double)now > (double)found->server_time
                                  ? (double)now - (double)found->server_time
                                  : (double)found->server_time - (double)now)
                         .text,
                     now > found->server_time ? "later" : "earlier");
    } else if (found->server_time == 0 && found->mistake[0] == '\0') {
        diagnosis->words = "wrong secret or clock";
        diagnosis->name = "credentials_refused";
        snprintf(diagnosis->text, sizeof diagnosis->text,
                 "the response has no Date to compare the clocks by: ");
    } else {
        diagnosis->words = "wrong secret";
        diagnosis->name = "wrong_secret";
    }
out:
    return code;
}

/* @has_inboxes: the answer shows some, so it is surely one of the API. */
static enum hm_code diagnose(struct diagnosis *diagnosis, const struct hm_error *found,
                             bool has_inboxes, struct hm_error *err)
{
    *diagnosis = (struct diagnosis){ .text = "" };
    switch (found->code) {
    case HM_CREDENTIALS_REFUSED:
        return diagnose_refusal(diagnosis, found, err);
    case HM_NOT_SENT:
        diagnosis->words = found->is_untrusted ? "certificate not believed" : "not reachable";
        diagnosis->name = found->is_untrusted ? "certificate_not_believed" : "not_reachable";
        break;
    case HM_OUTCOME_UNKNOWN:
        diagnosis->words = "not reachable";
        diagnosis->name = "not_reachable";
        break;
    case HM_RATE_LIMITED:
        diagnosis->words = "rate limited";
        diagnosis->name = "rate_limited";
        break;
    case HM_BAD_ANSWER: /* a 2xx of the API: the credentials were accepted [N2] */
        diagnosis->words = has_inboxes ? "good credentials, wrong response" : "wrong response";
        diagnosis->name = "bad_answer";
        snprintf(diagnosis->text, sizeof diagnosis->text, "%s",
                 has_inboxes ? "" : "check that the base URL is that of the API: ");
        break;
    default:
        diagnosis->words = "not checked";
        diagnosis->name = hm_code_name(found->code);
        break;
    }
    return HM_OK;
}

/* The call changes nothing, so without a response it does not matter whether it arrived. */
static int diagnosis_exit_code(const struct hm_error *found)
{
    return exit_code_of(found->code == HM_OUTCOME_UNKNOWN ? HM_NOT_SENT : found->code);
}

static int print_diagnosis(const struct verb_call *call, const struct hm_error *found,
                           bool has_inboxes)
{
    const struct api_options *options = call->options;
    struct diagnosis diagnosis;
    struct hm_error err;
    json_t *object;
    int exit_code = diagnosis_exit_code(found), printed;

    if (diagnose(&diagnosis, found, has_inboxes, &err) != HM_OK)
        return api_failure(call, &err);
    if (!options->is_json) {
        printf("%s: %s%s\n", diagnosis.words, diagnosis.text, found->text);
        return exit_code;
    }
    object = error_json(found);
    if (object != NULL && json_object_set_new(object, "result", json_string(diagnosis.name)) != 0) {
        json_decref(object);
        object = NULL;
    }
    printed = print_json(object);
    return printed == EXIT_GOOD ? exit_code : printed;
}

/* "for team 4821", or all of them; each once. */
static void write_teams(struct buf *out, const struct hm_inbox_list *list)
{
    size_t written = 0;

    for (size_t i = 0; i < list->count; i++) {
        size_t j = 0;

        while (list->at[j].team != list->at[i].team)
            j++;
        if (j < i)
            continue;
        buf_printf(out, "%s%" PRId64, written++ == 0 ? " for team " : " and ", list->at[i].team);
    }
}

static void write_inboxes(struct buf *out, const struct hm_inbox_list *list,
                          const struct masking *masking)
{
    buf_printf(out, ", %zu inbox%s", list->count, list->count == 1 ? "" : "es");
    for (size_t i = 0; i < list->count && i < INBOXES_NAMED_MAX; i++) {
        const char *name = list->at[i].name;

        buf_puts(out, i == 0 ? ": " : ", ");
        mask_write_text(out, masking, (struct span){ name, strlen(name) }, NAME_BYTES_MAX,
                        escape_terminal);
        buf_printf(out, " (%" PRId64 ")", list->at[i].id);
    }
    if (list->count > INBOXES_NAMED_MAX)
        buf_printf(out, " and %zu more", list->count - INBOXES_NAMED_MAX);
}

static int print_good(const struct hm_inbox_list *list, const struct masking *masking)
{
    struct buf line;

    buf_init(&line, LINE_BYTES_MAX);
    write_teams(&line, list);
    write_inboxes(&line, list, masking);
    printf("good: the server accepts the credentials%s\n", buf_text(&line));
    buf_fini(&line);
    return EXIT_GOOD;
}

static json_t *good_json(const struct hm_inbox_list *list, const struct masking *masking)
{
    json_t *inboxes = json_array();

    for (size_t i = 0; i < list->count; i++) {
        const struct hm_inbox *inbox = &list->at[i];
        struct buf name;
        json_t *object;

        buf_init(&name, LINE_BYTES_MAX);
        mask_write_text(&name, masking, (struct span){ inbox->name, strlen(inbox->name) },
                        NAME_BYTES_MAX, escape_bytes);
        object =
            json_pack("{s:I, s:I, s:o}", "id", (json_int_t)inbox->id, "team",
                      (json_int_t)inbox->team, "name", json_text(buf_text(&name), name.length));
        buf_fini(&name);
        inboxes = json_list_add(inboxes, object);
    }
    return json_pack("{s:i, s:s, s:i, s:o, s:i, s:o}", "v", VERSION, "result", "good", "status",
                     list->status, "request_id",
                     json_text(list->request_id, strlen(list->request_id)), "attempts",
                     list->attempts, "inboxes", inboxes);
}

int check(const struct verb_call *call)
{
    const struct api_options *options = call->options;
    enum hm_code code;
    struct hm_error err;
    struct hm_client *client = NULL;
    struct hm_inbox_list list = { .count = 0 };
    struct client_masking masking = { .token = NULL };
    int exit_code = EXIT_GOOD;

    TRY(api_client(&client, options, &err));
    code = hm_inbox_list(&list, client, &err);
    if (code != HM_OK && err.attempts > 0) {
        exit_code = print_diagnosis(call, &err, list.count > 0);
        code = HM_OK;
        goto out;
    }
    TRY(code);
    TRY(client_masking_now(&masking, client, &err));
    exit_code = options->is_json ? print_json(good_json(&list, &masking.masking))
                                 : print_good(&list, &masking.masking);
out:
    if (code != HM_OK)
        exit_code = api_failure(call, &err);
    client_masking_fini(&masking);
    hm_inbox_list_fini(&list);
    hm_client_free(client);
    return exit_code;
}
