#include "contract/channel_answer.h"

#include "contract/mask_write.h"
#include "contract/rfc3339.h"
#include "support/json_node.h"
#include "support/no_memory.h"
#include "support/text.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* [R2] The three integers; the last two are the contact's, the same in every element [R8]. */
static const struct integer_member {
    const char *name;
    size_t offset;
    bool is_shared;
} integers[] = {
    { "id", offsetof(struct hm_channel, id), false },
    { "team_id", offsetof(struct hm_channel, team_id), true },
    { "contact_id", offsetof(struct hm_channel, contact_id), true },
};
enum { INTEGER_COUNT = sizeof integers / sizeof integers[0] };

/* [R2] The six strings; two may be absent [R9], two are times [R5]. */
static const struct string_member {
    const char *name;
    size_t offset;
    bool is_optional;
    bool is_time;
} strings[] = {
    { "channel_type", offsetof(struct hm_channel, channel_type), false, false },
    { "channel_id", offsetof(struct hm_channel, channel_id), false, false },
    { "info_channel", offsetof(struct hm_channel, info_channel), true, false },
    { "channel_handle", offsetof(struct hm_channel, channel_handle), true, false },
    { "created", offsetof(struct hm_channel, created), false, true },
    { "updated", offsetof(struct hm_channel, updated), false, true },
};
enum { STRING_COUNT = sizeof strings / sizeof strings[0] };

/* What is known of an answer while its elements are judged. */
struct judge {
    struct answer_breaches *breaches;
    const struct masking *masking;
    bool is_list; /* otherwise the answer is one channel, and its members have no index */
    struct {
        bool is_known;
        size_t index; /* of its element */
        int64_t value;
    } shared[INTEGER_COUNT]; /* [R8] */
    struct {
        size_t count;
        size_t first;
    } absent[STRING_COUNT]; /* [R9] */
};

/* The JSON pointer of a member (RFC 6901). */
struct pointer {
    char text[48];
};

static struct pointer pointer_to(const struct judge *judge, size_t index, const char *name)
{
    struct pointer pointer;

    if (judge->is_list)
        snprintf(pointer.text, sizeof pointer.text, "/%zu/%s", index, name);
    else
        snprintf(pointer.text, sizeof pointer.text, "/%s", name);
    return pointer;
}

static void integer_check(struct judge *judge, const json_t *element, size_t index, size_t which)
{
    const char *name = integers[which].name;
    const struct pointer at = pointer_to(judge, index, name);
    const json_t *value = json_object_get(element, name);
    int64_t number;

    if (!answer_integer(&number, value)) {
        answer_breach_add(judge->breaches, "R2", "%s is %s, an integer was expected", at.text,
                          answer_not_integer(value));
    } else if (integers[which].is_shared && !judge->shared[which].is_known) {
        judge->shared[which].is_known = true;
        judge->shared[which].index = index;
        judge->shared[which].value = number;
    } else if (integers[which].is_shared && number != judge->shared[which].value) {
        answer_breach_add(
            judge->breaches, "R8",
            "%s is %" PRId64 " and /%zu/%s is %" PRId64 ", the same in all elements was expected",
            at.text, number, judge->shared[which].index, name, judge->shared[which].value);
    }
}

static void string_check(struct judge *judge, const json_t *element, size_t index, size_t which)
{
    const struct pointer at = pointer_to(judge, index, strings[which].name);
    const json_t *value = json_object_get(element, strings[which].name);

    if (value == NULL && strings[which].is_optional) {
        if (judge->absent[which].count++ == 0)
            judge->absent[which].first = index;
    } else if (!json_is_string(value)) {
        answer_breach_add(judge->breaches, "R2", "%s is %s, a string was expected", at.text,
                          value == NULL ? "absent" : json_type_name(value));
    } else if (strings[which].is_time &&
               !rfc3339_read(NULL, json_string_value(value), json_string_length(value))) {
        answer_breach_add(
            judge->breaches, "R5",
            "%s is %s, an RFC 3339 time such as \"2024-04-16T00:00:00Z\" was expected", at.text,
            mask_quoted(judge->masking, json_string_value(value), json_string_length(value)).text);
    }
}

static void members_check(struct judge *judge, const json_t *element, size_t index)
{
    for (size_t which = 0; which < INTEGER_COUNT; which++)
        integer_check(judge, element, index, which);
    for (size_t which = 0; which < STRING_COUNT; which++)
        string_check(judge, element, index, which);
}

/* [R9] One warning for each member. */
static void absent_check(const struct judge *judge, size_t count)
{
    for (size_t which = 0; which < STRING_COUNT; which++) {
        const char *name = strings[which].name;

        if (judge->absent[which].count > 0 && judge->is_list)
            answer_breach_add(judge->breaches, "R9",
                              "%s is absent from %zu of %zu elements, the first is /%zu", name,
                              judge->absent[which].count, count, judge->absent[which].first);
        else if (judge->absent[which].count > 0)
            answer_breach_add(judge->breaches, "R9", "%s is absent", name);
    }
}

void channels_check(const json_t *root, const struct masking *masking,
                    struct answer_breaches *breaches)
{
    struct judge judge = { .breaches = breaches,
                           .masking = masking,
                           .is_list = json_is_array(root) };
    size_t count = judge.is_list ? json_array_size(root) : 1;

    for (size_t index = 0; index < count; index++) {
        const json_t *element = judge.is_list ? json_array_get(root, index) : root;

        if (json_is_object(element))
            members_check(&judge, element, index);
        else
            answer_breach_add(breaches, "R2", "/%zu is %s, an object was expected", index,
                              json_type_name(element));
    }
    absent_check(&judge, count);
}

static void channel_read(struct hm_channel *channel, const json_t *element)
{
    for (size_t i = 0; i < INTEGER_COUNT; i++) {
        int64_t *to = (int64_t *)(void *)((char *)channel + integers[i].offset);

        *to = 0;
        answer_integer(to, json_object_get(element, integers[i].name));
    }
    for (size_t i = 0; i < STRING_COUNT; i++) {
        const char **to = (const char **)(void *)((char *)channel + strings[i].offset);
        const char *text = json_string_value(json_object_get(element, strings[i].name));

        *to = text != NULL ? text : "";
    }
}

enum hm_code channel_answer_take(struct hm_channel_list *list, json_t *root, struct hm_error *err)
{
    size_t size = json_is_object(root) ? 1 : json_array_size(root); /* 0: neither */

    list->count = 0;
    list->at = NULL;
    list->storage = root;
    if (size == 0)
        return HM_OK;
    list->at = calloc(size, sizeof *list->at);
    if (list->at == NULL) {
        hm_channel_list_fini(list);
        return no_memory(err);
    }
    for (size_t i = 0; i < size; i++) {
        const json_t *element = json_is_object(root) ? root : json_array_get(root, i);

        if (json_is_object(element))
            channel_read(&list->at[list->count++], element);
    }
    return HM_OK;
}

void hm_channel_list_fini(struct hm_channel_list *list)
{
    free(list->at);
    json_decref(list->storage);
    list->count = 0;
    list->at = NULL;
    list->storage = NULL;
}

/* Equal, except for what a server may normalise: letter case, and the + of a number [B4]. */
static bool is_same(const char *sent, const char *listed)
{
    return text_equal_nocase(sent + (*sent == '+'), listed + (*listed == '+'));
}

bool channel_list_holds(const struct hm_channel_list *list, const char *type, const char *id)
{
    for (size_t i = 0; i < list->count; i++) {
        if (is_same(type, list->at[i].channel_type) &&
            (id == NULL || is_same(id, list->at[i].channel_id)))
            return true;
    }
    return false;
}
