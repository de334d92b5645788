#include "support/buf.h"
#include "support/json_file.h"
#include "support/json_position.h"
#include "support/text.h"
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

enum {
    KEY_SHOWN_BYTES = 60,     /* of a member's name within a pointer */
    MESSAGE_BYTES = 16 * 1024 /* before it is cut to HM_ERROR_TEXT */
};

struct json_node json_node_root(const struct json_file *file)
{
    return (struct json_node){ .file = file, .value = file->root };
}

struct json_node json_node_member(const struct json_node *object, const char *key)
{
    return (struct json_node){ .file = object->file,
                               .parent = object,
                               .key = key,
                               .value = json_object_get(object->value, key) };
}

struct json_node json_node_element(const struct json_node *array, size_t index)
{
    return (struct json_node){ .file = array->file,
                               .parent = array,
                               .index = index,
                               .value = json_array_get(array->value, index) };
}

/* RFC 6901, each long name cut. */
static void add_pointer(struct buf *out, const struct json_node *node)
{
    size_t depth = json_node_depth(node);

    if (depth == 0)
        buf_puts(out, "(root)");
    for (size_t i = 1; i <= depth; i++) {
        const struct json_node *step = json_node_ancestor(node, i);

        if (step->key == NULL) {
            buf_printf(out, "/%zu", step->index);
            continue;
        }
        buf_putc(out, '/');
        for (size_t j = 0; step->key[j] != '\0'; j++) {
            if (j >= KEY_SHOWN_BYTES && ((unsigned char)step->key[j] & 0xC0) != 0x80) {
                buf_puts(out, "...");
                break;
            }
            if (step->key[j] == '~')
                buf_puts(out, "~0");
            else if (step->key[j] == '/')
                buf_puts(out, "~1");
            else
                buf_putc(out, step->key[j]);
        }
    }
    buf_puts(out, ": ");
}

static enum hm_code vcomplain(const struct json_node *node, enum json_spot spot,
                              struct hm_error *err, const char *format, va_list ap)
{
    struct buf text;

    buf_init(&text, MESSAGE_BYTES);
    add_pointer(&text, node);
    buf_vprintf(&text, format, ap);
    json_complain_at(node->file, json_node_offset(node, spot), err, buf_text(&text));
    buf_fini(&text);
    return HM_BAD_INPUT;
}

enum hm_code json_complain(const struct json_node *node, struct hm_error *err, const char *format,
                           ...)
{
    enum hm_code code;
    va_list ap;

    va_start(ap, format);
    code = vcomplain(node, JSON_SPOT_VALUE, err, format, ap);
    va_end(ap);
    return code;
}

__attribute__((format(printf, 3, 4))) static enum hm_code
complain_of_key(const struct json_node *node, struct hm_error *err, const char *format, ...)
{
    enum hm_code code;
    va_list ap;

    va_start(ap, format);
    code = vcomplain(node, JSON_SPOT_KEY, err, format, ap);
    va_end(ap);
    return code;
}

enum hm_code json_complain_type(const struct json_node *node, struct hm_error *err,
                                const char *expected)
{
    return json_complain(node, err, "found %s, expected %s", json_type_name(node->value), expected);
}

/* What a getter takes: bits of json_type, and their name. */
struct wanted {
    unsigned types;
    const char *name;
};

static unsigned bit(json_type type)
{
    return 1U << (unsigned)type;
}

/* HM_OK: member->value is of the type wanted, or NULL where it may be. */
static enum hm_code find(const struct json_node *object, const char *key,
                         enum json_presence presence, struct wanted wanted,
                         struct json_node *member, struct hm_error *err)
{
    *member = json_node_member(object, key);
    if (!json_is_object(object->value))
        return json_complain_type(object, err, "an object");
    if (member->value == NULL ? presence == JSON_REQUIRED
                              : (wanted.types & bit(json_typeof(member->value))) == 0)
        return json_complain_type(member, err, wanted.name);
    return HM_OK;
}

enum hm_code json_get_string(const struct json_node *object, const char *key,
                             enum json_presence presence, const char **out, struct hm_error *err)
{
    const struct wanted wanted = { bit(JSON_STRING), "a string" };
    struct json_node member;
    enum hm_code code = find(object, key, presence, wanted, &member, err);

    if (code != HM_OK || member.value == NULL)
        return code;
    if (strlen(json_string_value(member.value)) != json_string_length(member.value))
        return json_complain(&member, err, "found a string with a NUL in it, expected one without");
    *out = json_string_value(member.value);
    return HM_OK;
}

enum hm_code json_get_integer(const struct json_node *object, const char *key,
                              enum json_presence presence, int64_t least, int64_t most,
                              int64_t *out, struct hm_error *err)
{
    const struct wanted wanted = { bit(JSON_INTEGER), "an integer" };
    struct json_node member;
    enum hm_code code = find(object, key, presence, wanted, &member, err);
    int64_t value;

    if (code != HM_OK || member.value == NULL)
        return code;
    value = json_integer_value(member.value);
    if (value != least && least == most)
        return json_complain(&member, err, "found %" PRId64 ", expected %" PRId64, value, least);
    if (value < least && most == INT64_MAX)
        return json_complain(&member, err, "found %" PRId64 ", expected at least %" PRId64, value,
                             least);
    if (value < least || value > most)
        return json_complain(&member, err,
                             "found %" PRId64 ", expected an integer from %" PRId64 " to %" PRId64,
                             value, least, most);
    *out = value;
    return HM_OK;
}

enum hm_code json_get_bool(const struct json_node *object, const char *key,
                           enum json_presence presence, bool *out, struct hm_error *err)
{
    const struct wanted wanted = { bit(JSON_TRUE) | bit(JSON_FALSE), "true or false" };
    struct json_node member;
    enum hm_code code = find(object, key, presence, wanted, &member, err);

    if (code == HM_OK && member.value != NULL)
        *out = json_is_true(member.value);
    return code;
}

enum hm_code json_get_object(const struct json_node *object, const char *key,
                             enum json_presence presence, struct json_node *out,
                             struct hm_error *err)
{
    const struct wanted wanted = { bit(JSON_OBJECT), "an object" };

    return find(object, key, presence, wanted, out, err);
}

enum hm_code json_get_array(const struct json_node *object, const char *key,
                            enum json_presence presence, struct json_node *out,
                            struct hm_error *err)
{
    const struct wanted wanted = { bit(JSON_ARRAY), "an array" };

    return find(object, key, presence, wanted, out, err);
}

static bool is_among(const char *key, const char *const *names)
{
    while (*names != NULL && strcmp(*names, key) != 0)
        names++;
    return *names != NULL;
}

static enum hm_code complain_of_stranger(const struct json_node *object, const char *key,
                                         const char *const *allowed, struct hm_error *err)
{
    const struct json_node stranger = json_node_member(object, key);
    const char *nearest = text_nearest(key, allowed);
    enum hm_code code;
    struct buf names;

    if (nearest != NULL)
        return complain_of_key(&stranger, err, "found an unknown member, expected \"%s\"?",
                               nearest);
    buf_init(&names, HM_ERROR_TEXT);
    for (size_t i = 0; allowed[i] != NULL; i++)
        buf_printf(&names, "%s%s", i > 0 ? ", " : "", allowed[i]);
    code = complain_of_key(&stranger, err, "found an unknown member, expected one of %s",
                           allowed[0] != NULL ? buf_text(&names) : "none");
    buf_fini(&names);
    return code;
}

enum hm_code json_expect_object(const struct json_node *node, const char *const *allowed,
                                struct hm_error *err)
{
    const char *key;
    json_t *value;

    if (!json_is_object(node->value))
        return json_complain_type(node, err, "an object");
    json_object_foreach (node->value, key, value)
        if (!is_among(key, allowed))
            return complain_of_stranger(node, key, allowed, err);
    return HM_OK;
}

const char *json_type_name(const json_t *value)
{
    if (value == NULL)
        return "nothing";
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "an array";
    case JSON_STRING:
        return "a string";
    case JSON_INTEGER:
        return "an integer";
    case JSON_REAL:
        return "a real number";
    case JSON_TRUE:
        return "true";
    case JSON_FALSE:
        return "false";
    case JSON_NULL:
        return "null";
    }
    return "nothing";
}
