/* POST /v2/contact/{contactID}/channel [T1 T2 T3]. */
#include "contract/channel_answer.h"
#include "contract/channel_rules.h"
#include "contract/contact_id.h"
#include "support/no_memory.h"
#include "support/text.h"
#include "support/try.h"
#include "support/uuid.h"
#include "transport/answer_error.h"
#include "transport/client_call.h"
#include <heymarket/channel.h>
#include <stdlib.h>
#include <string.h>

static void set_clause(struct hm_error *err, const char *clause)
{
    if (err != NULL)
        memcpy(err->clause, clause, strlen(clause) + 1);
}

/* What the rules refuse is not sent; what they warn of is. */
static enum hm_code rules_check(const char *contact, const char *type, const char *id,
                                struct hm_error *err)
{
    static const struct channel_policy policy = CHANNEL_POLICY_DEFAULT;
    struct channel_values values = { type, id, strlen(type), strlen(id) };
    struct hm_findings findings = { .count = 0 };
    const struct hm_finding *refusal;

    contact_id_check(contact, strlen(contact), &findings); /* [T3] */
    channel_values_check(&values, &policy, &findings);     /* [B1-B5] */
    hm_findings_sort(&findings);
    refusal = hm_findings_refusal(&findings);
    return refusal == NULL ? HM_OK : hm_finding_error(err, HM_BAD_ARGUMENT, refusal);
}

static enum hm_code text_check(const char *text, const char *name, struct hm_error *err)
{
    size_t good = utf8_prefix(text, strlen(text));

    if (text[good] == '\0')
        return HM_OK;
    hm_error_set(err, HM_BAD_ARGUMENT, "%s is not valid UTF-8: byte %zu is invalid", name,
                 good + 1);
    set_clause(err, "B1");
    return HM_BAD_ARGUMENT;
}

/* {"channel_type":TYPE,"channel_id":ID} [B1] */
static enum hm_code body_encode(char **body, const char *type, const char *id, struct hm_error *err)
{
    enum hm_code code;
    json_t *object = NULL;

    *body = NULL;
    TRY(text_check(type, "channel_type", err));
    TRY(text_check(id, "channel_id", err));
    object = json_pack("{s:s, s:s}", "channel_type", type, "channel_id", id);
    if (object != NULL)
        *body = json_dumps(object, JSON_COMPACT);
    if (*body == NULL)
        code = no_memory(err);
out:
    json_decref(object);
    return code;
}

static enum hm_code path_of(char **path, const char *contact, struct hm_error *err)
{
    char uuid[UUID_TEXT];
    struct buf text;

    uuid_lower(uuid, contact);
    buf_init(&text, (size_t)2 * UUID_TEXT);
    buf_printf(&text, "/v2/contact/%s/channel", uuid);
    *path = buf_take(&text);
    return *path != NULL ? HM_OK : no_memory(err);
}

/* Equal, except for what a server may normalise: letter case, and the + of a number [B4]. */
static bool is_same(const char *sent, const char *listed)
{
    return text_equal_nocase(sent + (*sent == '+'), listed + (*listed == '+'));
}

/* [R3] */
static bool holds(const struct hm_channel_list *list, const char *type, const char *id)
{
    for (size_t i = 0; i < list->count; i++) {
        if (is_same(type, list->at[i].channel_type) && is_same(id, list->at[i].channel_id))
            return true;
    }
    return false;
}

static enum hm_code refuse_answer(struct hm_error *err, int status, const char *clause,
                                  const char *text)
{
    hm_error_set(err, HM_BAD_ANSWER,
                 "the server answered %d, so the write was done, but the answer breaks the "
                 "contract: %s",
                 status, text);
    set_clause(err, clause);
    return HM_BAD_ANSWER;
}

/* After a 2xx the write was done, whatever is wrong with the answer. */
static enum hm_code answer_read(struct hm_channel_list *list, const struct http_answer *answer,
                                const char *type, const char *id, const struct masking *masking,
                                struct hm_error *err)
{
    enum hm_code code;
    struct answer_breaches breaches;
    const struct answer_breach *breach;
    json_t *root = NULL;
    const char *value;
    size_t length;
    char *content_type = NULL;

    if (http_answer_header(answer, "Content-Type", 0, &value, &length)) {
        content_type = strndup(value, length);
        if (content_type == NULL)
            return no_memory(err);
    }
    code = channel_answer_check(&root, content_type, buf_text(&answer->body), answer->body.length,
                                masking, &breaches, err);
    free(content_type);
    if (code == HM_OK)
        code = channel_answer_take(list, root, err);
    if (code != HM_OK)
        return code;
    breach = channel_answer_breach(&breaches);
    if (breach != NULL)
        return refuse_answer(err, answer->status, breach->clause, breach->text);
    if (!holds(list, type, id))
        return refuse_answer(err, answer->status, "R3",
                             "the list does not contain the new channel");
    return HM_OK;
}

enum hm_code hm_channel_create(struct hm_channel_list *list, struct hm_client *client,
                               const char *contact, const char *type, const char *id,
                               struct hm_error *err)
{
    enum hm_code code;
    int attempts = 0;
    char *path = NULL, *body = NULL;
    struct http_answer answer = { .status = 0 };
    struct client_masking masking = { .token = NULL };
    struct client_request request = { .method = "POST", .answer_bytes_max = ANSWER_BYTES_MAX };

    memset(list, 0, sizeof *list);
    if (contact == NULL || type == NULL || id == NULL)
        return hm_error_set(err, HM_BAD_ARGUMENT, "a contact, a type and an id are required");
    TRY(rules_check(contact, type, id, err));
    TRY(body_encode(&body, type, id, err));
    TRY(path_of(&path, contact, err));
    request.path = path;
    request.body = body;
    request.body_length = strlen(body);
    TRY(client_call(client, &request, &answer, &attempts, &masking, err));
    list->status = answer.status;
    list->attempts = attempts;
    answer_request_id(list->request_id, &answer, &masking.masking);
    code = answer_read(list, &answer, type, id, &masking.masking, err);
    if (code != HM_OK && err != NULL) {
        err->status = answer.status;
        err->attempts = attempts;
        err->written = HM_WRITTEN_YES;
        memcpy(err->request_id, list->request_id, sizeof err->request_id);
    }
out:
    client_masking_fini(&masking);
    http_answer_fini(&answer);
    free(path);
    free(body);
    return code;
}
