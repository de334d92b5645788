/* Fuzz target: an answer of each operation is judged and read. What is judged good can be read, and
 * has the form that was expected; no breach quotes a control character. */
#include "fuzz/fuzz.h"

#include "contract/channel_answer.h"
#include "contract/inbox_answer.h"
#include "contract/operation_answer.h"
#include <string.h>

static void breaches_check(const struct answer_breaches *breaches)
{
    must(breaches->count <= ANSWER_BREACHES_MAX && breaches->count <= breaches->total);
    for (size_t i = 0; i < breaches->count; i++) {
        must(breaches->at[i].clause[0] != '\0');
        for (const char *c = breaches->at[i].text; *c != '\0'; c++)
            must((unsigned char)*c >= ' ');
    }
}

/* Every string of the lists is there to be read. */
static void channels_read(json_t *root)
{
    struct hm_channel_list list;
    size_t bytes = 0;

    must(channel_answer_take(&list, root, NULL) == HM_OK);
    for (size_t i = 0; i < list.count; i++)
        bytes += strlen(list.at[i].channel_type) + strlen(list.at[i].updated);
    must(bytes < SIZE_MAX);
    hm_channel_list_fini(&list);
}

static void inboxes_read(json_t *root, bool is_good)
{
    struct hm_inbox_list list;

    must(inbox_answer_take(&list, root, NULL) == HM_OK);
    must(!is_good || list.count == json_array_size(root));
    for (size_t i = 0; i < list.count; i++) {
        must(list.at[i].name != NULL && list.at[i].phone != NULL);
        for (size_t j = 0; j < list.at[i].phone_count; j++)
            must(list.at[i].phones[j] != NULL);
    }
    hm_inbox_list_fini(&list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct operation_values values = { NULL, "phone", "14155551234" };
    struct operation_answer answer = { "application/json", (const char *)data, size };

    for (enum operation_id id = 0; id < OPERATION_COUNT; id++) {
        struct answer_breaches breaches;
        json_t *root;
        bool is_good;

        must(operation_answer_check(&root, operation_row(id), &values, &answer, NULL, &breaches,
                                    NULL) == HM_OK);
        breaches_check(&breaches);
        is_good = answer_breach_first(&breaches) == NULL;
        must(root != NULL || !is_good || id == OPERATION_CHANNEL_DELETE);
        if (id == OPERATION_INBOX_LIST)
            inboxes_read(root, is_good);
        else
            channels_read(root);
    }
    return 0;
}
