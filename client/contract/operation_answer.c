#include "contract/operation_answer.h"

#include "contract/channel_answer.h"
#include "contract/inbox_answer.h"
#include "contract/mask_write.h"
#include "support/try.h"
#include <string.h>

static const char *expected_of(enum answer_form form)
{
    switch (form) {
    case ANSWER_CHANNEL:
        return "an object";
    case ANSWER_CHANNEL_OR_ALL:
        return "an array or an object";
    default:
        return "an array";
    }
}

static bool has_form(const json_t *root, enum answer_form form)
{
    switch (form) {
    case ANSWER_CHANNEL:
        return json_is_object(root);
    case ANSWER_CHANNEL_OR_ALL:
        return json_is_array(root) || json_is_object(root);
    default:
        return json_is_array(root);
    }
}

/* [R3 G2 U2] channel_get compares the type exactly, as its path is compared [G5]. */
static enum hm_code value_check(json_t *root, const struct operation *operation,
                                const struct operation_values *values,
                                const struct masking *masking, struct answer_breaches *breaches,
                                struct hm_error *err)
{
    struct hm_channel_list list = { .count = 0 };
    enum hm_code code = channel_answer_take(&list, json_incref(root), err);

    if (code != HM_OK)
        return code;
    if (operation->form == ANSWER_CHANNEL) {
        const char *type = list.at[0].channel_type;

        if (strcmp(type, values->type) != 0)
            answer_breach_add(breaches, operation->value_clause,
                              "/channel_type is %s, the type that was asked for was expected",
                              mask_quoted(masking, type, strlen(type)).text);
    } else if (!channel_list_holds(&list, values->type, values->id)) {
        answer_breach_add(breaches, operation->value_clause,
                          strcmp(operation->method, "POST") == 0
                              ? "the list does not contain the new channel"
                              : "the answer does not contain the channel with its new value");
    }
    hm_channel_list_fini(&list);
    return HM_OK;
}

/* A deletion is answered in many ways; only a list of channels is judged [X2]. */
static enum hm_code anything_check(json_t **root, const struct operation_answer *answer,
                                   const struct masking *masking, struct answer_breaches *breaches,
                                   struct hm_error *err)
{
    struct answer_breaches ignored = { .count = 0 };
    enum hm_code code =
        answer_parse(root, answer->body, answer->length, "X2", "an array", &ignored, err);

    if (code != HM_OK || !json_is_array(*root))
        return code;
    answer_media_type_check(answer->content_type, masking, breaches);
    channels_check(*root, masking, breaches);
    return HM_OK;
}

static enum hm_code form_check(json_t **root, const struct operation *operation,
                               const struct operation_values *values,
                               const struct operation_answer *answer, const struct masking *masking,
                               struct answer_breaches *breaches, struct hm_error *err)
{
    enum hm_code code;
    const char *clause = operation->form_clause, *expected = expected_of(operation->form);

    answer_media_type_check(answer->content_type, masking, breaches);
    TRY(answer_parse(root, answer->body, answer->length, clause, expected, breaches, err));
    if (*root == NULL)
        goto out;
    if (!has_form(*root, operation->form))
        answer_form_breach(*root, clause, expected, masking, breaches);
    else if (operation->form == ANSWER_INBOXES)
        inboxes_check(*root, breaches);
    else
        channels_check(*root, masking, breaches);
    if (has_form(*root, operation->form) && operation->value_clause != NULL && values != NULL)
        TRY(value_check(*root, operation, values, masking, breaches, err));
out:
    return code;
}

enum hm_code operation_answer_check(json_t **root, const struct operation *operation,
                                    const struct operation_values *values,
                                    const struct operation_answer *answer,
                                    const struct masking *masking, struct answer_breaches *breaches,
                                    struct hm_error *err)
{
    json_t *parsed = NULL;
    enum hm_code code;

    breaches->count = 0;
    breaches->total = 0;
    code = operation->form == ANSWER_ANYTHING
               ? anything_check(&parsed, answer, masking, breaches, err)
               : form_check(&parsed, operation, values, answer, masking, breaches, err);
    if (root != NULL && code == HM_OK && has_form(parsed, operation->form)) {
        *root = parsed;
    } else {
        json_decref(parsed);
        if (root != NULL)
            *root = NULL;
    }
    return code;
}
