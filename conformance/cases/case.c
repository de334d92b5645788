#include "cases/case.h"
#include "cases/layer.h"
#include "cases/shape.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <stdlib.h>
#include <string.h>

enum { TOGETHER_MAX = 32, WAIT_S_MAX = 60 };

static const struct shape file_shape[] = {
    { .member = "$schema", .types = SHAPE_STRING },
    { .member = "clause", .types = SHAPE_STRING, .is_required = true },
    { .member = "title", .types = SHAPE_STRING, .is_required = true },
    { .member = "world", .types = SHAPE_STRING },
    { .member = "mock", .types = SHAPE_TEXTS },
    { .member = "needs", .types = SHAPE_ARRAY },
    { .member = "request", .types = SHAPE_OBJECT },
    { .member = "token", .types = SHAPE_OBJECT },
    { .member = "cases", .types = SHAPE_ARRAY, .is_required = true },
    { .member = NULL },
};

static const struct shape case_shape[] = {
    { .member = "id", .types = SHAPE_STRING, .is_required = true },
    { .member = "says", .types = SHAPE_STRING, .is_required = true },
    { .member = "needs", .types = SHAPE_ARRAY },
    { .member = "excused_by", .types = SHAPE_STRING },
    { .member = "request", .types = SHAPE_OBJECT },
    { .member = "token", .types = SHAPE_OBJECT },
    { .member = "expect", .types = SHAPE_ARRAY },
    { .member = "alone", .types = SHAPE_TRUE },
    { .member = "by_date", .types = SHAPE_TRUE },
    { .member = "together", .types = SHAPE_TRUE | SHAPE_INTEGER },
    { .member = "steps", .types = SHAPE_ARRAY },
    { .member = NULL },
};

static const struct shape step_shape[] = {
    { .member = "request", .types = SHAPE_OBJECT },
    { .member = "token", .types = SHAPE_OBJECT },
    { .member = "wait_s", .types = SHAPE_INTEGER },
    { .member = "expect", .types = SHAPE_ARRAY, .is_required = true },
    { .member = NULL },
};

const char *const case_need_names[] = { "clock", "mock", "world", "loopback", NULL };

/* The layers that those of a step are laid over. */
struct below {
    json_t *request;
    json_t *token;
};

/* Sets @result to a copy of @below with member @name of @node laid over it. */
static enum hm_code layer_read(json_t **result, enum layer_kind kind, json_t *below,
                               const struct json_node *node, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const struct json_node layer =
        json_node_member(node, kind == LAYER_REQUEST ? "request" : "token");

    if (layer.value != NULL)
        TRY(layer_check(kind, &layer, err));
    *result = layer_over(kind, below, layer.value);
    if (*result == NULL)
        code = no_memory(err);
out:
    return code;
}

static enum hm_code layers_read(struct below *result, const struct below *below,
                                const struct json_node *node, struct hm_error *err)
{
    enum hm_code code = HM_OK;

    TRY(layer_read(&result->request, LAYER_REQUEST, below->request, node, err));
    TRY(layer_read(&result->token, LAYER_TOKEN, below->token, node, err));
out:
    return code;
}

static void below_fini(struct below *below)
{
    json_decref(below->request);
    json_decref(below->token);
}

static enum hm_code needs_read(unsigned *needs, const struct json_node *node, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const struct json_node list = json_node_member(node, "needs");
    size_t name;

    if (list.value != NULL)
        *needs = 0;
    for (size_t i = 0; i < json_array_size(list.value); i++) {
        struct json_node element = json_node_element(&list, i);

        TRY(shape_check_choice(&element, case_need_names, err));
        for (name = 0; case_need_names[name] != NULL &&
                       strcmp(json_string_value(element.value), case_need_names[name]) != 0;)
            name++;
        *needs |= 1U << name;
    }
out:
    return code;
}

static enum hm_code step_read(struct test_case *test, const struct below *below,
                              const struct json_node *node, const struct json_node *expect,
                              const struct clauses *clauses, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct step *step = &test->steps[test->step_count];
    struct below merged = { NULL, NULL };

    TRY(layers_read(&merged, below, node, err));
    step->expect_count = json_array_size(expect->value);
    step->expects = calloc(step->expect_count + 1, sizeof *step->expects);
    if (step->expects == NULL)
        TRY(no_memory(err));
    TRY(expects_read(step->expects, expect, clauses, test->file->clause, test->step_count, err));
    TRY(json_get_integer(node, "wait_s", JSON_OPTIONAL, 1, WAIT_S_MAX, &step->wait_s, err));
    if (step->wait_s > 0 && test->step_count == 0)
        TRY(json_complain(node, err, "the first step cannot wait"));
    test->wait_s += step->wait_s;
    step->request = json_incref(merged.request);
    step->token = json_incref(merged.token);
    test->step_count++;
out:
    if (code != HM_OK)
        free(step->expects);
    below_fini(&merged);
    return code;
}

/* A case without "steps" has one step: itself. */
static enum hm_code steps_read(struct test_case *test, const struct below *below,
                               const struct json_node *node, const struct clauses *clauses,
                               struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct below merged = { NULL, NULL };
    const struct json_node list = json_node_member(node, "steps");
    struct json_node expect = json_node_member(node, "expect");
    size_t count = json_array_size(list.value);

    if ((list.value == NULL) == (expect.value == NULL))
        TRY(json_complain(node, err, "found %s, expected one of \"expect\" and \"steps\"",
                          list.value != NULL ? "both" : "neither"));
    if (list.value != NULL && count == 0)
        TRY(json_complain(&list, err, "expected at least one step"));
    test->steps = calloc(count + 1, sizeof *test->steps);
    if (test->steps == NULL)
        TRY(no_memory(err));
    if (list.value == NULL)
        TRY(step_read(test, below, node, &expect, clauses, err));
    if (list.value != NULL)
        TRY(layers_read(&merged, below, node, err));
    for (size_t i = 0; i < count; i++) {
        struct json_node element = json_node_element(&list, i);

        expect = json_node_member(&element, "expect");
        TRY(shape_check(&element, step_shape, NULL, err));
        TRY(step_read(test, &merged, &element, &expect, clauses, err));
    }
out:
    below_fini(&merged);
    return code;
}

static enum hm_code together_read(struct test_case *test, const struct json_node *node,
                                  struct hm_error *err)
{
    const struct json_node together = json_node_member(node, "together");

    if (together.value == NULL)
        return HM_OK;
    test->together = json_is_true(together.value) ? test->step_count
                                                  : (size_t)json_integer_value(together.value);
    if (test->together < 2 || test->together > test->step_count || test->together > TOGETHER_MAX)
        return json_complain(&together, err,
                             "expected true or a number of steps, at least 2 and at most %d",
                             TOGETHER_MAX);
    for (size_t i = 0; i < test->together; i++) {
        if (test->steps[i].wait_s > 0)
            return json_complain(&together, err,
                                 "a step that is sent at the same time as others cannot wait");
    }
    return HM_OK;
}

/* Its first two steps show what a refused and an accepted token get. */
static enum hm_code by_date_read(struct test_case *test, const struct json_node *node,
                                 struct hm_error *err)
{
    const struct json_node by_date = json_node_member(node, "by_date");

    test->by_date = by_date.value != NULL;
    for (size_t i = 0; i < test->step_count; i++) {
        const bool can_tell = test->by_date && i >= BY_DATE_FIRST;

        for (size_t j = 0; j < test->steps[i].expect_count && !can_tell; j++) {
            if (test->steps[i].expects[j].kind == EXPECT_TOKEN)
                return json_complain(node, err,
                                     "\"token\" is expected only from step %d on of a case with "
                                     "\"by_date\"",
                                     BY_DATE_FIRST + 1);
        }
    }
    if (test->by_date &&
        (test->step_count <= BY_DATE_FIRST || test->together > 0 || test->wait_s > 0))
        return json_complain(&by_date, err,
                             "expected at least %d steps, without \"together\" and \"wait_s\"",
                             BY_DATE_FIRST + 1);
    return HM_OK;
}

static enum hm_code case_read(struct case_file *file, const struct below *below,
                              const struct json_node *node, const struct clauses *clauses,
                              struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct test_case *test = &file->cases[file->case_count++];

    test->file = file;
    test->needs = file->needs;
    TRY(shape_check(node, case_shape, NULL, err));
    test->id = member_text(node->value, "id");
    test->says = member_text(node->value, "says");
    test->excused_by = member_text(node->value, "excused_by");
    test->is_alone = json_object_get(node->value, "alone") != NULL;
    TRY(needs_read(&test->needs, node, err));
    TRY(steps_read(test, below, node, clauses, err));
    TRY(together_read(test, node, err));
    TRY(by_date_read(test, node, err));
out:
    return code;
}

static enum hm_code head_read(struct case_file *file, const struct json_node *root,
                              const struct clauses *clauses, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const struct json_node clause = json_node_member(root, "clause");
    json_t *arguments = json_object_get(root->value, "mock");

    TRY(shape_check(root, file_shape, NULL, err));
    file->clause = clause_find(clauses, json_string_value(clause.value));
    if (file->clause == NULL)
        TRY(json_complain(&clause, err, "found \"%.20s\", expected a clause's id",
                          json_string_value(clause.value)));
    file->title = member_text(root->value, "title");
    file->world = json_object_get(root->value, "world") != NULL ? member_text(root->value, "world")
                                                                : "default";
    file->mock_arguments = calloc(json_array_size(arguments) + 1, sizeof *file->mock_arguments);
    if (file->mock_arguments == NULL)
        TRY(no_memory(err));
    for (size_t i = 0; i < json_array_size(arguments); i++)
        file->mock_arguments[i] = json_string_value(json_array_get(arguments, i));
    TRY(needs_read(&file->needs, root, err));
out:
    return code;
}

static enum hm_code stem_read(struct case_file *file, const char *path, struct hm_error *err)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(name, '.');

    file->stem = strndup(name, dot != NULL ? (size_t)(dot - name) : strlen(name));
    return file->stem != NULL ? HM_OK : no_memory(err);
}

enum hm_code case_file_load(struct case_file **out, const struct fixtures *from, const char *path,
                            const struct clauses *clauses, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct below base = { layer_base(LAYER_REQUEST), layer_base(LAYER_TOKEN) };
    struct below merged = { NULL, NULL };
    struct case_file *file = calloc(1, sizeof *file);

    *out = NULL;
    if (base.request == NULL || base.token == NULL || file == NULL)
        TRY(no_memory(err));
    TRY(stem_read(file, path, err));
    TRY(fixture_load(&file->json, from, path, err));
    struct json_node root = json_node_root(&file->json);
    TRY(head_read(file, &root, clauses, err));
    TRY(layers_read(&merged, &base, &root, err));
    struct json_node list = json_node_member(&root, "cases");
    file->cases = calloc(json_array_size(list.value) + 1, sizeof *file->cases);
    if (file->cases == NULL)
        TRY(no_memory(err));
    for (size_t i = 0; i < json_array_size(list.value); i++) {
        struct json_node element = json_node_element(&list, i);

        TRY(case_read(file, &merged, &element, clauses, err));
    }
    *out = file;
    file = NULL;
out:
    case_file_free(file);
    below_fini(&merged);
    below_fini(&base);
    return code;
}

static void test_case_fini(struct test_case *test)
{
    for (size_t i = 0; i < test->step_count; i++) {
        json_decref(test->steps[i].request);
        json_decref(test->steps[i].token);
        free(test->steps[i].expects);
    }
    free(test->steps);
}

void case_file_free(struct case_file *file)
{
    if (file == NULL)
        return;
    for (size_t i = 0; i < file->case_count; i++)
        test_case_fini(&file->cases[i]);
    free(file->cases);
    free(file->mock_arguments);
    free(file->stem);
    json_file_fini(&file->json);
    free(file);
}

const char *step_text(const struct step *step, const char *member)
{
    return json_string_value(json_object_get(step->request, member));
}

const struct operation *step_operation(const struct step *step)
{
    return operation_of(step_text(step, "method"), step_text(step, "path"));
}
