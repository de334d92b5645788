#include "support/json_node.h"

#include "support/buf.h"
#include "support/json_scan.h"
#include "support/text.h"
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

enum {
    NAME_SHOWN_MAX = 24,      /* bytes of a member's name within a pointer */
    NAME_SHORT_MAX = 7,       /* too short for a key */
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

static bool is_mark(const struct json_scan *scan, struct json_token token, char mark)
{
    return token.kind == JSON_TOKEN_MARK && scan->text[token.at] == mark;
}

/* Moves past the value that begins with @token. */
static void skip_value(struct json_scan *scan, struct json_token token)
{
    size_t open = 0;

    for (; token.kind != JSON_TOKEN_END; token = json_scan_next(scan)) {
        if (is_mark(scan, token, '{') || is_mark(scan, token, '['))
            open++;
        else if (is_mark(scan, token, '}') || is_mark(scan, token, ']'))
            open--;
        if (open == 0)
            return;
    }
}

/* Is this string token, once decoded, the key? */
static bool is_key(const struct json_scan *scan, struct json_token token, const char *key)
{
    const char *raw = scan->text + token.at;
    json_t *decoded;
    bool same;

    if (memchr(raw, '\\', token.length) == NULL)
        return token.length == strlen(key) + 2 && memcmp(raw + 1, key, token.length - 2) == 0;
    decoded = json_loadb(raw, token.length, JSON_DECODE_ANY, NULL);
    same = json_is_string(decoded) && strcmp(json_string_value(decoded), key) == 0;
    json_decref(decoded);
    return same;
}

/* From the start of an object or array to the child that @node names. False: there is none. */
static bool find_child(struct json_scan *scan, const struct json_node *node, size_t *key_at,
                       size_t *value_at)
{
    struct json_token token = json_scan_next(scan);

    if (!is_mark(scan, token, node->key != NULL ? '{' : '['))
        return false;
    for (size_t i = 0; token.kind != JSON_TOKEN_END; i++) {
        bool found = node->key == NULL && i == node->index;

        token = json_scan_next(scan);
        *key_at = token.at;
        if (node->key != NULL) {
            found = token.kind == JSON_TOKEN_STRING && is_key(scan, token, node->key);
            json_scan_next(scan); /* the colon */
            token = json_scan_next(scan);
        }
        *value_at = token.at;
        if (found)
            return true;
        skip_value(scan, token);
        token = json_scan_next(scan);
        if (!is_mark(scan, token, ','))
            return false;
    }
    return false;
}

static size_t depth_of(const struct json_node *node)
{
    size_t depth = 0;

    for (; node->parent != NULL; node = node->parent)
        depth++;
    return depth;
}

static const struct json_node *ancestor(const struct json_node *node, size_t depth)
{
    for (size_t here = depth_of(node); here > depth; here--)
        node = node->parent;
    return node;
}

enum spot { SPOT_VALUE, SPOT_KEY };

/* Bytes from the start of the text to the node's value, or to the key of a member. For a node
 * without a value: to its nearest ancestor that has one. */
static size_t offset_of(const struct json_node *node, enum spot spot)
{
    const struct json_file *file = node->file;
    struct json_scan scan = { file->text, file->length, 0 };
    size_t depth = depth_of(node);
    size_t value_at = json_scan_next(&scan).at, key_at = value_at;

    for (size_t i = 1; i <= depth; i++) {
        const struct json_node *child = ancestor(node, i);
        size_t parent_at = value_at;

        scan.at = parent_at;
        if (child->value == NULL || !find_child(&scan, child, &key_at, &value_at))
            return parent_at;
    }
    return spot == SPOT_KEY ? key_at : value_at;
}

/* May the name be shown? It is the file's own text, perhaps a key in the wrong place: only what is
 * too short for one is shown, and words of letters, which may be written as in Content-Type. */
static bool is_name_shown(const char *name)
{
    size_t length = strlen(name);

    for (size_t i = 0; i < length && length > NAME_SHORT_MAX; i++) {
        bool is_start = i == 0 || name[i - 1] == '-';

        if (!(name[i] >= 'a' && name[i] <= 'z') && strchr("-_$", name[i]) == NULL &&
            !(is_start && name[i] >= 'A' && name[i] <= 'Z'))
            return false;
    }
    return length <= NAME_SHOWN_MAX;
}

/* From 1. */
static size_t member_number(json_t *object, const char *name)
{
    size_t number = 1;
    const char *other;
    json_t *value;

    json_object_foreach (object, other, value) {
        if (strcmp(other, name) == 0)
            break;
        number++;
    }
    return number;
}

static void add_name(struct buf *out, const struct json_node *node)
{
    if (!is_name_shown(node->key)) {
        buf_printf(out, "<member %zu>", member_number(node->parent->value, node->key));
        return;
    }
    for (const char *at = node->key; *at != '\0'; at++) {
        if (*at == '~')
            buf_puts(out, "~0");
        else if (*at == '/')
            buf_puts(out, "~1");
        else
            buf_putc(out, *at);
    }
}

/* RFC 6901, but for names that may be keys. */
static void add_pointer(struct buf *out, const struct json_node *node)
{
    size_t depth = depth_of(node);

    if (depth == 0)
        buf_puts(out, "(root)");
    for (size_t i = 1; i <= depth; i++) {
        const struct json_node *step = ancestor(node, i);

        buf_putc(out, '/');
        if (step->key == NULL)
            buf_printf(out, "%zu", step->index);
        else
            add_name(out, step);
    }
    buf_puts(out, ": ");
}

size_t json_node_offset(const struct json_node *node)
{
    return offset_of(node, SPOT_VALUE);
}

static enum hm_code vcomplain(const struct json_node *node, enum spot spot, struct hm_error *err,
                              const char *format, va_list ap)
{
    struct buf text;

    buf_init(&text, MESSAGE_BYTES);
    add_pointer(&text, node);
    buf_vprintf(&text, format, ap);
    json_complain_at(node->file, offset_of(node, spot), err, buf_text(&text));
    buf_fini(&text);
    return HM_BAD_INPUT;
}

enum hm_code json_complain(const struct json_node *node, struct hm_error *err, const char *format,
                           ...)
{
    enum hm_code code;
    va_list ap;

    va_start(ap, format);
    code = vcomplain(node, SPOT_VALUE, err, format, ap);
    va_end(ap);
    return code;
}

__attribute__((format(printf, 3, 4))) static enum hm_code
complain_of_key(const struct json_node *node, struct hm_error *err, const char *format, ...)
{
    enum hm_code code;
    va_list ap;

    va_start(ap, format);
    code = vcomplain(node, SPOT_KEY, err, format, ap);
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

static enum hm_code complain_of_unknown(const struct json_node *object, const char *key,
                                        const char *const *allowed, struct hm_error *err)
{
    const struct json_node unknown = json_node_member(object, key);
    const char *nearest = text_nearest(key, allowed);
    enum hm_code code;
    struct buf names;

    if (nearest != NULL)
        return complain_of_key(&unknown, err, "found an unknown member; did you mean \"%s\"?",
                               nearest);
    buf_init(&names, HM_ERROR_TEXT);
    for (size_t i = 0; allowed[i] != NULL; i++)
        buf_printf(&names, "%s%s", i > 0 ? ", " : "", allowed[i]);
    code = complain_of_key(&unknown, err, "found an unknown member, expected %s%s",
                           allowed[0] != NULL ? "one of " : "none", buf_text(&names));
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
            return complain_of_unknown(node, key, allowed, err);
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
