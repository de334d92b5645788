#include "control/where.h"

#include "contract/channel_rules.h"
#include "contract/mask_write.h"
#include "exchange/exchange.h"
#include "store/store.h"
#include "support/no_memory.h"
#include "support/quoted.h"
#include "support/text.h"
#include "support/try.h"
#include "support/uuid.h"
#include <stdio.h>
#include <string.h>

enum { TREE_BYTES_MAX = 1024 * 1024, FINDING_TEXT_BYTES = 64 };

enum part {
    OF_STATUS,
    OF_METHOD,
    OF_PATH,
    OF_OPERATION,
    OF_CONTACT,
    OF_BODY,
    OF_BODY_MEMBER,
    OF_TEAM,
    OF_TOKEN,
    OF_FINDING,
    OF_FAULT,
    OF_ACCEPTED
};

/* The members that "where" may have. */
struct where_row {
    const char *name;
    enum part part;
    unsigned types;   /* a bit for each of JSON's */
    const char *type; /* the same in words */
};

enum {
    TEXT = 1 << JSON_STRING,
    INTEGER = 1 << JSON_INTEGER,
    TRUTH = 1 << JSON_TRUE | 1 << JSON_FALSE,
    OBJECT = 1 << JSON_OBJECT
};

static const struct where_row rows[] = {
    { "status", OF_STATUS, INTEGER | TEXT, "a status such as 401, or a class such as \"4xx\"" },
    { "method", OF_METHOD, TEXT, "a string" },
    { "path", OF_PATH, TEXT, "a string, in which * stands for anything" },
    { "operation", OF_OPERATION, TEXT, "a string" },
    { "contact", OF_CONTACT, TEXT, "a string" },
    { "channel_type", OF_BODY_MEMBER, TEXT, "a string" },
    { "channel_id", OF_BODY_MEMBER, TEXT, "a string" },
    { "team", OF_TEAM, INTEGER, "an integer" },
    { "secret_id", OF_TOKEN, TEXT, "a string" },
    { "finding", OF_FINDING, TEXT, "a string" },
    { "fault", OF_FAULT, TRUTH, "true or false" },
    { "accepted", OF_ACCEPTED, TRUTH, "true or false" },
    { "body", OF_BODY, OBJECT, "an object" },
};
enum { ROWS = sizeof rows / sizeof rows[0] };

static bool has_type(const struct where_row *row, const json_t *value)
{
    return (row->types >> json_typeof(value) & 1) != 0;
}

/* Entries of the journal are masked, so the expected values are masked in the same way: a secret in
 * them is not shown either, and still matches. */
static enum hm_code tree_take(struct where *where, const struct json_node *node,
                              const struct store *store, struct hm_error *err)
{
    struct masking masking = { .mask = store_mask(store) };
    size_t left = SIZE_MAX;
    struct buf text;
    enum hm_code code = HM_OK;

    buf_init(&text, TREE_BYTES_MAX);
    if (node->value == NULL)
        buf_puts(&text, "{}");
    else if (!mask_write_value(&text, &masking, node->value, (struct span){ "", 0 }, &left))
        TRY(json_complain(node, err, "nested deeper than %d levels", MASK_DEPTH_MAX));
    where->tree = json_loadb(buf_text(&text), text.length, JSON_ALLOW_NUL, NULL);
    if (where->tree == NULL)
        TRY(no_memory(err));
out:
    buf_fini(&text);
    return code;
}

/* Bytes of a member's name that fit into a condition's name, cut between characters. */
static int name_length(const char *member)
{
    const size_t length = strlen(member), most = WHERE_NAME_BYTES - sizeof "body/";

    return (int)(length > most ? utf8_cut(member, most) : length);
}

static enum hm_code condition_add(struct where *where, const struct where_row *row,
                                  const char *member, json_t *expected, struct hm_error *err)
{
    struct condition *condition = &where->at[where->count];

    if (where->count == WHERE_CONDITIONS_MAX)
        return hm_error_set(err, HM_BAD_ARGUMENT, "where: too many conditions (limit %d)",
                            WHERE_CONDITIONS_MAX);
    *condition = (struct condition){ .row = row, .member = member, .expected = expected };
    if (row->part == OF_BODY)
        snprintf(condition->name, sizeof condition->name, "body/%.*s", name_length(member), member);
    else
        snprintf(condition->name, sizeof condition->name, "%s", row->name);
    where->count++;
    return HM_OK;
}

static enum hm_code text_replace(struct where *where, const char *name, const char *text,
                                 struct hm_error *err)
{
    return json_object_set_new(where->tree, name, json_string(text)) == 0 ? HM_OK : no_memory(err);
}

/* Members whose value is not compared as it is. */
static enum hm_code value_read(struct where *where, const struct where_row *row,
                               const struct store *store, struct hm_error *err)
{
    const json_t *value = json_object_get(where->tree, row->name);
    const char *text = json_string_value(value), *operation;
    char number[24], uuid[UUID_TEXT];
    struct buf path;
    enum hm_code code;

    switch (row->part) {
    case OF_STATUS:
        snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return status_range_read(&where->status, text == NULL ? number : text, err);
    case OF_FINDING:
        return mistake_set_read(&where->finding, text, err);
    case OF_PATH:
        buf_init(&path, TREE_BYTES_MAX);
        request_show_path(&path, private_text(text), private_text(NULL), NULL);
        code = text_replace(where, row->name, buf_text(&path), err);
        buf_fini(&path);
        return code;
    case OF_OPERATION:
        return operation_criterion_read(&operation, text, err);
    case OF_CONTACT:
        code = contact_criterion_read(uuid, store, text, err);
        return code == HM_OK ? text_replace(where, row->name, uuid, err) : code;
    default:
        return HM_OK;
    }
}

static enum hm_code row_read(struct where *where, const struct where_row *row,
                             const struct json_node *node, const struct store *store,
                             struct hm_error *err)
{
    struct json_node member = json_node_member(node, row->name);
    enum hm_code code = HM_OK;
    const char *name;
    json_t *value, *part;

    if (member.value == NULL)
        return HM_OK;
    if (!has_type(row, member.value))
        return json_complain_type(&member, err, row->type);
    TRY(value_read(where, row, store, err));
    value = json_object_get(where->tree, row->name);
    if (row->part != OF_BODY)
        return condition_add(where, row, row->name, value, err);
    json_object_foreach (value, name, part)
        TRY(condition_add(where, row, name, part, err));
out:
    return code;
}

enum hm_code where_read(struct where *where, const struct json_node *node,
                        const struct store *store, struct hm_error *err)
{
    const char *names[ROWS + 1] = { NULL };
    enum hm_code code = HM_OK;

    *where = (struct where){ 0 };
    for (size_t i = 0; i < ROWS; i++)
        names[i] = rows[i].name;
    if (node->value != NULL)
        TRY(json_expect_object(node, names, err));
    TRY(tree_take(where, node, store, err));
    for (size_t i = 0; node->value != NULL && i < ROWS; i++)
        TRY(row_read(where, &rows[i], node, store, err));
out:
    return code;
}

void where_fini(struct where *where)
{
    json_decref(where->tree);
    where->tree = NULL;
}

bool where_is_of_body(const struct condition *condition)
{
    return condition->row->part == OF_BODY || condition->row->part == OF_BODY_MEMBER;
}

static json_t *findings_found(const struct journal_entry *entry)
{
    char text[HM_FINDINGS_MAX * FINDING_TEXT_BYTES] = "";
    size_t length = 0;

    for (size_t i = 0; i < entry->mistake_count; i++) {
        const struct hm_mistake_row *row = hm_mistake_row((enum hm_mistake)entry->mistakes[i]);
        int more = snprintf(text + length, sizeof text - length, "%s%s %s", i == 0 ? "" : ", ",
                            row->clause, row->code);

        length += more > 0 ? (size_t)more : 0;
    }
    return length == 0 ? NULL : json_string(text);
}

json_t *where_found(const struct condition *condition, const struct journal_entry *entry,
                    json_t *tree)
{
    json_t *found = NULL;

    switch (condition->row->part) {
    case OF_BODY:
    case OF_BODY_MEMBER:
        found = json_object_get(json_object_get(tree, "body"), condition->member);
        return json_incref(found); /* null is a value in a body */
    case OF_TOKEN:
        found = json_object_get(json_object_get(tree, "claims"), "iss");
        break;
    case OF_FINDING:
        return findings_found(entry);
    case OF_FAULT:
        return json_boolean(!json_is_null(json_object_get(tree, "fault")));
    case OF_ACCEPTED:
        return json_boolean(entry->status >= 200 && entry->status < 300);
    default:
        found = json_object_get(tree, condition->row->name);
    }
    return found == NULL || json_is_null(found) ? NULL : json_incref(found);
}

/* An object may have more members than are expected; anything else has to be equal. */
static bool is_subset(json_t *expected, json_t *found)
{
    const char *name;
    json_t *value;

    if (json_is_number(expected) && json_is_number(found))
        return json_number_value(expected) == json_number_value(found);
    if (!json_is_object(expected) || !json_is_object(found))
        return json_equal(expected, found) == 1;
    json_object_foreach (expected, name, value) {
        if (!is_subset(value, json_object_get(found, name)))
            return false;
    }
    return true;
}

bool where_agrees(const struct where *where, const struct condition *condition,
                  const struct journal_entry *entry, json_t *found)
{
    switch (condition->row->part) {
    case OF_STATUS:
        return status_range_has(&where->status, entry->status);
    case OF_FINDING:
        return mistake_set_meets(&where->finding, entry);
    case OF_PATH:
        return found != NULL &&
               text_matches_glob(json_string_value(found), json_string_value(condition->expected));
    default:
        return found != NULL && is_subset(condition->expected, found);
    }
}

bool where_matches(const struct where *where, const struct journal_entry *entry, json_t *tree)
{
    bool is_match = true;

    for (size_t i = 0; i < where->count && is_match; i++) {
        json_t *found = where_found(&where->at[i], entry, tree);

        is_match = where_agrees(where, &where->at[i], entry, found);
        json_decref(found);
    }
    return is_match;
}

void where_offer(struct offers *offers)
{
    static const char *const truths[] = { "true", "false", NULL };

    for (int i = 0; i < ROWS; i++) {
        if (!offers_keep_name(offers, rows[i].name))
            continue;
        if (rows[i].types == TRUTH)
            offer_words(offers, truths);
        else if (rows[i].part == OF_OPERATION)
            offer_words(offers, fault_operation_names);
        else if (rows[i].part == OF_FINDING)
            mistake_set_offer(offers);
        else if (strcmp(rows[i].name, "channel_type") == 0)
            offer_words(offers, channel_known_types);
        return;
    }
    for (int i = 0; i < ROWS; i++) {
        if (rows[i].part == OF_BODY)
            offer(offers, "body.", "a member of the body");
        else
            offer_name(offers, rows[i].name, rows[i].type);
    }
}
