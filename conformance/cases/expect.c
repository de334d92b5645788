#include "cases/expect.h"
#include "cases/shape.h"
#include "support/try.h"
#include <heymarket/finding.h>
#include <string.h>

enum { STATUS_LEAST = 100, STATUS_MOST = 599 };

static const char *const only_choices[] = { "mock", NULL };
static const char *const match_choices[] = { "uuid", "json", "http-date", NULL };
static const char *const body_choices[] = { "array", "object", "json", "empty", NULL };
static const char *const type_choices[] = { "string", "integer", "array", "object", NULL };
static const char *const sent_choices[] = { "sent", NULL };

static bool is_status(const json_t *value)
{
    const char *text = json_string_value(value);

    if (text != NULL)
        return strlen(text) == 3 && text[0] >= '1' && text[0] <= '5' && strcmp(text + 1, "xx") == 0;
    return json_is_integer(value) && json_integer_value(value) >= STATUS_LEAST &&
           json_integer_value(value) <= STATUS_MOST;
}

static enum hm_code status_check(const struct json_node *node, struct hm_error *err)
{
    bool is_good = !json_is_array(node->value) || json_array_size(node->value) > 0;
    size_t i;
    const json_t *element;

    if (!json_is_array(node->value))
        is_good = is_status(node->value);
    json_array_foreach (node->value, i, element)
        is_good = is_good && is_status(element);
    return is_good
               ? HM_OK
               : json_complain(node, err, "expected a status such as 401, \"4xx\" or [200, 201]");
}

static enum hm_code pointer_check(const struct json_node *node, struct hm_error *err)
{
    const char *text = json_string_value(node->value);

    return text == NULL || !*text || *text == '/'
               ? HM_OK
               : json_complain(node, err, "found \"%.60s\", expected a JSON pointer such as /0/id",
                               text);
}

const char *expect_hint(const json_t *hint, size_t number)
{
    return json_string_value(json_is_array(hint) ? json_array_get(hint, number)
                             : number == 0       ? hint
                                                 : NULL);
}

static enum hm_code hint_check(const struct json_node *node, struct hm_error *err)
{
    enum hm_mistake mistake;
    const char *text;

    if (json_is_array(node->value) && expect_hint(node->value, 0) == NULL)
        return json_complain(node, err, "found no text in the list, expected codes of findings");
    for (size_t i = 0; (text = expect_hint(node->value, i)) != NULL; i++) {
        if (!hm_mistake_find(&mistake, NULL, text))
            return json_complain(node, err, "found \"%.60s\", expected the code of a finding",
                                 text);
    }
    return HM_OK;
}

static enum hm_code policy_check(const struct json_node *node, struct hm_error *err)
{
    const char *name;
    json_t *value;

    json_object_foreach (node->value, name, value) {
        struct json_node member = json_node_member(node, name);

        if (!json_is_string(value))
            return json_complain_type(&member, err, "a string");
    }
    return HM_OK;
}

static const struct shape channel_shape[] = {
    { .member = "channel_type", .types = SHAPE_STRING, .is_required = true },
    { .member = "channel_id", .types = SHAPE_STRING, .is_required = true },
    { .member = NULL },
};

static const struct shape grows_shape[] = {
    { .member = "since", .types = SHAPE_INTEGER, .is_required = true },
    { .member = "by", .types = SHAPE_INTEGER, .is_required = true },
    { .member = NULL },
};

/* Members that every entry may have. */
static const struct shape common_shape[] = {
    { .member = "clause", .types = SHAPE_STRING },
    { .member = "policy", .types = SHAPE_OBJECT, .check = policy_check },
    { .member = "only", .types = SHAPE_STRING, .choices = only_choices },
    { .member = "lenient", .types = SHAPE_TRUE },
    { .member = "observed", .types = SHAPE_TRUE },
    { .member = NULL },
};
static const struct shape status_shape[] = {
    { .member = "status",
      .types = SHAPE_INTEGER | SHAPE_STRING | SHAPE_ARRAY,
      .is_required = true,
      .check = status_check },
    { .member = NULL },
};
static const struct shape header_shape[] = {
    { .member = "header", .types = SHAPE_STRING, .is_required = true },
    { .member = "is", .types = SHAPE_STRING },
    { .member = "has", .types = SHAPE_STRING },
    { .member = "matches", .types = SHAPE_STRING, .choices = match_choices },
    { .member = "absent", .types = SHAPE_TRUE },
    { .member = "differs_from", .types = SHAPE_INTEGER },
    { .member = NULL },
};
static const struct shape body_shape[] = {
    { .member = "body", .types = SHAPE_STRING, .is_required = true, .choices = body_choices },
    { .member = NULL },
};
static const struct shape at_shape[] = {
    { .member = "at", .types = SHAPE_STRING, .is_required = true, .check = pointer_check },
    { .member = "is", .types = SHAPE_ANY },
    { .member = "type", .types = SHAPE_STRING, .choices = type_choices },
    { .member = "absent", .types = SHAPE_TRUE },
    { .member = "differs_from", .types = SHAPE_INTEGER },
    { .member = NULL },
};
static const struct shape holds_shape[] = {
    { .member = "holds",
      .types = SHAPE_STRING | SHAPE_OBJECT,
      .is_required = true,
      .choices = sent_choices,
      .members = channel_shape },
    { .member = "times", .types = SHAPE_INTEGER },
    { .member = "if_shown", .types = SHAPE_TRUE },
    { .member = NULL },
};
static const struct shape keeps_shape[] = {
    { .member = "keeps", .types = SHAPE_INTEGER, .is_required = true },
    { .member = NULL },
};
static const struct shape entry_grows_shape[] = {
    { .member = "grows", .types = SHAPE_OBJECT, .is_required = true, .members = grows_shape },
    { .member = NULL },
};
static const struct shape same_as_shape[] = {
    { .member = "same_as", .types = SHAPE_INTEGER, .is_required = true },
    { .member = "at", .types = SHAPE_STRING, .is_required = true, .check = pointer_check },
    { .member = "of", .types = SHAPE_STRING, .check = pointer_check },
    { .member = NULL },
};
static const char *const token_choices[] = { "accepted", "refused", NULL };
static const struct shape token_shape[] = {
    { .member = "token", .types = SHAPE_STRING, .is_required = true, .choices = token_choices },
    { .member = NULL },
};
static const struct shape hint_shape[] = {
    { .member = "hint",
      .types = SHAPE_STRING | SHAPE_NULL | SHAPE_ARRAY,
      .is_required = true,
      .check = hint_check },
    { .member = NULL },
};

/* The order matters: an entry with "same_as" also has "at". */
static const struct {
    enum expect_kind kind;
    const char *member;
    const struct shape *shape;
    const char *other_step[3]; /* the members that lead to the step to compare with */
} kinds[] = {
    { EXPECT_STATUS, "status", status_shape, { NULL } },
    { EXPECT_HEADER, "header", header_shape, { "differs_from", NULL } },
    { EXPECT_BODY, "body", body_shape, { NULL } },
    { EXPECT_SAME_AS, "same_as", same_as_shape, { "same_as", NULL } },
    { EXPECT_AT, "at", at_shape, { "differs_from", NULL } },
    { EXPECT_HOLDS, "holds", holds_shape, { NULL } },
    { EXPECT_KEEPS, "keeps", keeps_shape, { "keeps", NULL } },
    { EXPECT_GROWS, "grows", entry_grows_shape, { "grows", "since" } },
    { EXPECT_TOKEN, "token", token_shape, { NULL } },
    { EXPECT_HINT, "hint", hint_shape, { NULL } },
};
enum { KIND_COUNT = sizeof kinds / sizeof *kinds };

/* "policy" may only name choices that a clause leaves open. */
static enum hm_code policy_names_check(const struct json_node *entry, const struct clauses *clauses,
                                       struct hm_error *err)
{
    const struct json_node policy = json_node_member(entry, "policy");
    const char *name;
    json_t *value;

    json_object_foreach (policy.value, name, value) {
        struct json_node member = json_node_member(&policy, name);

        if (clause_find_policy(clauses, name) == NULL)
            return json_complain(&member, err, "found \"%.40s\", expected the name of an A clause",
                                 name);
    }
    return HM_OK;
}

/* The clause that the entry names, or by default the file's. */
static enum hm_code clause_read(struct expect *expect, const struct json_node *entry,
                                const struct clauses *clauses, const struct clause *clause,
                                struct hm_error *err)
{
    struct json_node cited = json_node_member(entry, "clause");

    expect->clause =
        cited.value != NULL ? clause_find(clauses, json_string_value(cited.value)) : clause;
    return expect->clause != NULL
               ? HM_OK
               : json_complain(&cited, err, "found \"%.20s\", expected a clause's id",
                               json_string_value(cited.value));
}

/* The step to compare with must be an earlier one, whose answer is known. */
static enum hm_code other_step_read(struct expect *expect, const struct json_node *entry,
                                    const char *const *way, size_t step, struct hm_error *err)
{
    struct json_node outer = json_node_member(entry, way[0]);
    struct json_node inner = outer;

    if (outer.value == NULL)
        return HM_OK;
    if (way[1] != NULL)
        inner = json_node_member(&outer, way[1]);
    json_int_t number = json_integer_value(inner.value);
    if (number < 1 || (size_t)number > step)
        return json_complain(&inner, err,
                             "found step %" JSON_INTEGER_FORMAT ", expected an earlier one "
                             "(this is step %zu, the first is 1)",
                             number, step + 1);
    expect->other_step = (size_t)number - 1;
    return HM_OK;
}

static enum hm_code expect_read(struct expect *expect, const struct json_node *entry,
                                const struct clauses *clauses, const struct clause *clause,
                                size_t step, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    size_t i;

    if (!json_is_object(entry->value))
        TRY(json_complain_type(entry, err, "an object"));
    for (i = 0; i < KIND_COUNT && json_object_get(entry->value, kinds[i].member) == NULL; i++)
        ;
    if (i == KIND_COUNT)
        TRY(json_complain(entry, err,
                          "expected one of status, header, body, at, holds, keeps, grows, same_as, "
                          "token, hint"));
    TRY(shape_check(entry, kinds[i].shape, common_shape, err));
    expect->kind = kinds[i].kind;
    expect->json = entry->value;
    expect->policy = json_object_get(entry->value, "policy");
    expect->is_mock_only =
        expect->kind == EXPECT_HINT || json_object_get(entry->value, "only") != NULL;
    expect->is_observed = json_object_get(entry->value, "observed") != NULL;
    expect->is_lenient = json_object_get(entry->value, "lenient") != NULL;
    TRY(clause_read(expect, entry, clauses, clause, err));
    TRY(policy_names_check(entry, clauses, err));
    if (kinds[i].other_step[0] != NULL)
        TRY(other_step_read(expect, entry, kinds[i].other_step, step, err));
out:
    return code;
}

enum hm_code expects_read(struct expect *expects, const struct json_node *array,
                          const struct clauses *clauses, const struct clause *clause, size_t step,
                          struct hm_error *err)
{
    enum hm_code code = HM_OK;

    if (!json_is_array(array->value) || json_array_size(array->value) == 0)
        TRY(json_complain_type(array, err, "a list of expectations"));
    for (size_t i = 0; i < json_array_size(array->value); i++) {
        struct json_node entry = json_node_element(array, i);

        TRY(expect_read(&expects[i], &entry, clauses, clause, step, err));
    }
out:
    return code;
}
