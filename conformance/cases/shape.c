#include "cases/shape.h"
#include "support/buf.h"
#include "support/try.h"
#include <string.h>

enum { MEMBERS_MAX = 32, EXPECTED_TEXT = 200 };

static bool is_texts(const json_t *value)
{
    size_t i;
    const json_t *element;

    json_array_foreach (value, i, element) {
        if (!json_is_string(element))
            return false;
    }
    return json_array_size(value) > 0;
}

static unsigned type_of(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_NULL:
        return SHAPE_NULL;
    case JSON_TRUE:
        return SHAPE_TRUE;
    case JSON_FALSE:
        return SHAPE_FALSE;
    case JSON_INTEGER:
        return json_integer_value(value) < 0 ? SHAPE_NEGATIVE : SHAPE_INTEGER;
    case JSON_REAL:
        return SHAPE_REAL;
    case JSON_STRING:
        return SHAPE_STRING;
    case JSON_ARRAY:
        return is_texts(value) ? SHAPE_ARRAY | SHAPE_TEXTS : SHAPE_ARRAY;
    case JSON_OBJECT:
        return SHAPE_OBJECT;
    }
    return 0;
}

/* "a string, an object or null" */
static void append_types(struct buf *out, unsigned types)
{
    static const struct {
        unsigned types;
        const char *name;
    } names[] = {
        { SHAPE_STRING, "a string" },
        { SHAPE_INTEGER | SHAPE_NEGATIVE | SHAPE_REAL, "a number" },
        { SHAPE_INTEGER | SHAPE_NEGATIVE, "an integer" },
        { SHAPE_INTEGER, "an integer of at least 0" },
        { SHAPE_BOOL, "true or false" },
        { SHAPE_TRUE, "true" },
        { SHAPE_FALSE, "false" },
        { SHAPE_ARRAY, "an array" },
        { SHAPE_TEXTS, "a list of strings" },
        { SHAPE_OBJECT, "an object" },
        { SHAPE_NULL, "null" },
    };

    for (size_t i = 0; i < sizeof names / sizeof *names && types; i++) {
        if ((types & names[i].types) != names[i].types)
            continue;
        types &= ~names[i].types;
        if (out->length > 0)
            buf_puts(out, types ? ", " : " or ");
        buf_puts(out, names[i].name);
    }
}

static void append_choices(struct buf *out, const char *const *choices)
{
    for (size_t i = 0; choices[i] != NULL; i++) {
        if (i > 0)
            buf_puts(out, choices[i + 1] != NULL ? ", " : " or ");
        buf_printf(out, "\"%s\"", choices[i]);
    }
}

enum hm_code shape_check_choice(const struct json_node *node, const char *const *choices,
                                struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct buf expected;
    const char *text = json_string_value(node->value);

    for (size_t i = 0; text != NULL && choices[i] != NULL; i++) {
        if (strcmp(text, choices[i]) == 0)
            return HM_OK;
    }
    buf_init(&expected, EXPECTED_TEXT);
    append_choices(&expected, choices);
    code = text != NULL
               ? json_complain(node, err, "found \"%.60s\", expected %s", text, buf_text(&expected))
               : json_complain_type(node, err, buf_text(&expected));
    buf_fini(&expected);
    return code;
}

enum hm_code shape_check_value(const struct json_node *node, const struct shape *shape,
                               struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct buf expected;

    buf_init(&expected, EXPECTED_TEXT);
    if (!(type_of(node->value) & shape->types)) {
        append_types(&expected, shape->types);
        TRY(json_complain_type(node, err, buf_text(&expected)));
    }
    if (shape->choices != NULL && json_is_string(node->value))
        TRY(shape_check_choice(node, shape->choices, err));
    if (shape->members != NULL && json_is_object(node->value))
        TRY(shape_check(node, shape->members, NULL, err));
    if (shape->check != NULL)
        TRY(shape->check(node, err));
out:
    buf_fini(&expected);
    return code;
}

static enum hm_code members_check(const struct json_node *object, const struct shape *shapes,
                                  struct hm_error *err)
{
    enum hm_code code = HM_OK;

    for (size_t i = 0; shapes[i].member != NULL; i++) {
        struct json_node member = json_node_member(object, shapes[i].member);

        if (member.value != NULL)
            TRY(shape_check_value(&member, &shapes[i], err));
        else if (shapes[i].is_required)
            TRY(json_complain(object, err, "required member \"%s\" is missing", shapes[i].member));
    }
out:
    return code;
}

enum hm_code shape_check(const struct json_node *object, const struct shape *shapes,
                         const struct shape *common, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const char *allowed[MEMBERS_MAX + 1] = { NULL };
    size_t count = 0;

    for (size_t i = 0; shapes[i].member != NULL && count < MEMBERS_MAX; i++)
        allowed[count++] = shapes[i].member;
    for (size_t i = 0; common != NULL && common[i].member != NULL && count < MEMBERS_MAX; i++)
        allowed[count++] = common[i].member;
    TRY(json_expect_object(object, allowed, err));
    TRY(members_check(object, shapes, err));
    if (common != NULL)
        TRY(members_check(object, common, err));
out:
    return code;
}

const char *member_text(const json_t *object, const char *member)
{
    return json_string_value(json_object_get(object, member));
}
