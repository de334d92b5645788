#include "contract/inbox_answer.h"

#include "support/json_node.h"
#include "support/no_memory.h"
#include <stdlib.h>

/* Owns what the inboxes of a list point to. */
struct storage {
    json_t *root;        /* the strings */
    int64_t *members;    /* of all inboxes */
    const char **phones; /* of all inboxes */
};

enum kind { INTEGER, STRING, INTEGERS, STRINGS };

/* [N1] */
static const struct {
    const char *name;
    enum kind kind;
    bool is_optional;
} members[] = {
    { "id", INTEGER, false },       { "name", STRING, false },    { "team", INTEGER, false },
    { "members", INTEGERS, false }, { "phones", STRINGS, false }, { "phone", STRING, true },
};

static bool is_of(const json_t *value, enum kind kind)
{
    int64_t number;

    if (kind == INTEGER)
        return answer_integer(&number, value);
    return kind == STRING ? json_is_string(value) : json_is_array(value);
}

static const char *name_of(enum kind kind)
{
    static const char *const names[] = { "an integer", "a string", "an array of integers",
                                         "an array of strings" };

    return names[kind];
}

static const char *found(const json_t *value, enum kind kind)
{
    if (value == NULL || kind == INTEGER)
        return answer_not_integer(value);
    return json_type_name(value);
}

/* The first wrong item of an array is enough. */
static void items_check(const json_t *array, enum kind kind, size_t index, const char *name,
                        struct answer_breaches *breaches)
{
    enum kind of_item = kind == INTEGERS ? INTEGER : STRING;

    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *item = json_array_get(array, i);

        if (!is_of(item, of_item)) {
            answer_breach_add(breaches, "N1", "/%zu/%s/%zu is %s, %s was expected", index, name, i,
                              found(item, of_item), name_of(of_item));
            return;
        }
    }
}

static void inbox_check(const json_t *inbox, size_t index, struct answer_breaches *breaches)
{
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const json_t *value = json_object_get(inbox, members[i].name);
        enum kind kind = members[i].kind;

        if (value == NULL && members[i].is_optional)
            continue;
        if (!is_of(value, kind))
            answer_breach_add(breaches, "N1", "/%zu/%s is %s, %s was expected", index,
                              members[i].name, found(value, kind), name_of(kind));
        else if (kind == INTEGERS || kind == STRINGS)
            items_check(value, kind, index, members[i].name, breaches);
    }
}

void inboxes_check(const json_t *root, struct answer_breaches *breaches)
{
    for (size_t index = 0; index < json_array_size(root); index++) {
        const json_t *inbox = json_array_get(root, index);

        if (json_is_object(inbox))
            inbox_check(inbox, index, breaches);
        else
            answer_breach_add(breaches, "N1", "/%zu is %s, an object was expected", index,
                              json_type_name(inbox));
    }
}

static const char *string_of(const json_t *inbox, const char *name)
{
    const char *text = json_string_value(json_object_get(inbox, name));

    return text != NULL ? text : "";
}

static int64_t integer_of(const json_t *value)
{
    int64_t number = 0;

    answer_integer(&number, value);
    return number;
}

/* Appends the inbox's arrays to the storage, which has room for them. */
static void inbox_read(struct hm_inbox *inbox, const json_t *from, int64_t **members_end,
                       const char ***phones_end)
{
    const json_t *ids = json_object_get(from, "members"), *phones = json_object_get(from, "phones");

    inbox->id = integer_of(json_object_get(from, "id"));
    inbox->team = integer_of(json_object_get(from, "team"));
    inbox->name = string_of(from, "name");
    inbox->phone = string_of(from, "phone");
    inbox->members = *members_end;
    inbox->phones = *phones_end;
    inbox->member_count = json_array_size(ids);
    inbox->phone_count = json_array_size(phones);
    for (size_t i = 0; i < inbox->member_count; i++)
        *(*members_end)++ = integer_of(json_array_get(ids, i));
    for (size_t i = 0; i < inbox->phone_count; i++) {
        const char *phone = json_string_value(json_array_get(phones, i));

        *(*phones_end)++ = phone != NULL ? phone : "";
    }
}

/* How many items the arrays of all inboxes have. */
static size_t items_of(const json_t *root, const char *name)
{
    size_t count = 0;

    for (size_t i = 0; i < json_array_size(root); i++)
        count += json_array_size(json_object_get(json_array_get(root, i), name));
    return count;
}

enum hm_code inbox_answer_take(struct hm_inbox_list *list, json_t *root, struct hm_error *err)
{
    size_t size = json_array_size(root); /* 0: it is not an array */
    struct storage *storage = calloc(1, sizeof *storage);
    int64_t *members_end;
    const char **phones_end;

    list->count = 0;
    list->at = NULL;
    list->storage = storage;
    if (storage == NULL) {
        json_decref(root);
        return no_memory(err);
    }
    storage->root = root;
    storage->members = calloc(items_of(root, "members") + 1, sizeof *storage->members);
    storage->phones = calloc(items_of(root, "phones") + 1, sizeof *storage->phones);
    list->at = calloc(size + 1, sizeof *list->at);
    if (storage->members == NULL || storage->phones == NULL || list->at == NULL) {
        hm_inbox_list_fini(list);
        return no_memory(err);
    }
    members_end = storage->members;
    phones_end = storage->phones;
    for (size_t i = 0; i < size; i++) {
        const json_t *inbox = json_array_get(root, i);

        if (json_is_object(inbox))
            inbox_read(&list->at[list->count++], inbox, &members_end, &phones_end);
    }
    return HM_OK;
}

void hm_inbox_list_fini(struct hm_inbox_list *list)
{
    struct storage *storage = list->storage;

    if (storage != NULL) {
        json_decref(storage->root);
        free(storage->members);
        free(storage->phones);
    }
    free(storage);
    free(list->at);
    list->count = 0;
    list->at = NULL;
    list->storage = NULL;
}
