#include "cases/layer.h"
#include "cases/case_operation.h"
#include "cases/shape.h"
#include "support/try.h"
#include <string.h>

enum { OR_NULL = SHAPE_NULL };

static const char *const contact_forms[] = {
    "upper", "percent-encoded", "braces", "near-first", "near-last", "longer", "shorter", NULL
};
static const char *const type_forms[] = { "raw", "percent-encoded", NULL };
static const char *const connections[] = { "same", "new", NULL };
static const char *const secret_names[] = { "first", "second", "other-team", NULL };
static const char *const parts[] = { "id", "key", "none", NULL };
static const char *const decoders[] = { "hex", "base64", "base64-both", NULL };
static const char *const hashes[] = { "sha384", "sha512", NULL };
static const char *const encodings[] = { "hex", "base64", "hex-base64url", NULL };
static const char *const segment_forms[] = { "padded", "standard-alphabet", NULL };
static const char *const units[] = { "ms", "us", NULL };
static const char *const as_choices[] = { "string", "date", NULL };
static const char *const iss_sources[] = { "key", "signing-secret", NULL };
static const char *const encoders[] = { "hex", "base64", NULL };
static const char *const iss_encoders[] = { "hex", "base64", "percent", NULL };
static const char *const letter_cases[] = { "upper", NULL };
static const char *const secret_cases[] = { "upper", "upper-all", NULL };
static const char *const signed_parts[] = { "header", "claims", NULL };

static enum hm_code path_check(const struct json_node *node, struct hm_error *err)
{
    const char *text = json_string_value(node->value);

    return text == NULL || *text == '/'
               ? HM_OK
               : json_complain(node, err, "found \"%.60s\", expected a path that begins with /",
                               text);
}

static enum hm_code hex_check(const struct json_node *node, struct hm_error *err)
{
    const char *text = json_string_value(node->value);

    return text == NULL ||
                   (strlen(text) % 2 == 0 && strspn(text, "0123456789abcdef") == strlen(text))
               ? HM_OK
               : json_complain(node, err, "expected pairs of the digits 0-9 and a-f");
}

static enum hm_code headers_check(const struct json_node *node, struct hm_error *err)
{
    static const struct shape value = { .types = SHAPE_STRING | SHAPE_TEXTS | SHAPE_NULL };
    enum hm_code code = HM_OK;
    const char *name;
    json_t *unused;

    json_object_foreach (node->value, name, unused) {
        struct json_node member = json_node_member(node, name);

        TRY(shape_check_value(&member, &value, err));
    }
out:
    return code;
}

static const struct shape request_shape[] = {
    { .member = "operation", .types = SHAPE_STRING, .choices = operation_names },
    { .member = "type", .types = SHAPE_STRING | OR_NULL },
    { .member = "type_form", .types = SHAPE_STRING | OR_NULL, .choices = type_forms },
    { .member = "type_pad", .types = SHAPE_INTEGER | OR_NULL },
    { .member = "method", .types = SHAPE_STRING | OR_NULL },
    { .member = "path", .types = SHAPE_STRING | OR_NULL, .check = path_check },
    { .member = "contact", .types = SHAPE_STRING | OR_NULL },
    { .member = "contact_id", .types = SHAPE_STRING | OR_NULL },
    { .member = "contact_form", .types = SHAPE_STRING | OR_NULL, .choices = contact_forms },
    { .member = "headers", .types = SHAPE_OBJECT | OR_NULL, .check = headers_check },
    { .member = "body", .types = SHAPE_ANY },
    { .member = "body_text", .types = SHAPE_STRING | OR_NULL },
    { .member = "body_hex", .types = SHAPE_STRING | OR_NULL, .check = hex_check },
    { .member = "body_pad", .types = SHAPE_INTEGER | OR_NULL },
    { .member = "chunked", .types = SHAPE_BOOL | OR_NULL },
    { .member = "connection", .types = SHAPE_STRING | OR_NULL, .choices = connections },
    { .member = NULL },
};

static const struct shape secret_shape[] = {
    { .member = "part", .types = SHAPE_STRING, .choices = parts },
    { .member = "join", .types = SHAPE_STRING },
    { .member = "swap", .types = SHAPE_TRUE },
    { .member = "prepend", .types = SHAPE_STRING },
    { .member = "append", .types = SHAPE_STRING },
    { .member = "decode", .types = SHAPE_STRING, .choices = decoders },
    { .member = "decode_key", .types = SHAPE_STRING, .choices = decoders },
    { .member = "encode", .types = SHAPE_STRING, .choices = encoders },
    { .member = "encode_key", .types = SHAPE_STRING, .choices = encoders },
    { .member = "case", .types = SHAPE_STRING, .choices = secret_cases },
    { .member = "skip", .types = SHAPE_INTEGER },
    { .member = "cut", .types = SHAPE_INTEGER | SHAPE_NEGATIVE },
    { .member = "key_of", .types = SHAPE_STRING, .choices = secret_names },
    { .member = "text", .types = SHAPE_STRING },
    { .member = "sha256", .types = SHAPE_TRUE },
    { .member = NULL },
};

static const struct shape signature_shape[] = {
    { .member = "hash", .types = SHAPE_STRING, .choices = hashes },
    { .member = "encoding", .types = SHAPE_STRING, .choices = encodings },
    { .member = "cut", .types = SHAPE_INTEGER },
    { .member = "flip", .types = SHAPE_TRUE | SHAPE_INTEGER },
    { .member = "spare_bits", .types = SHAPE_TRUE },
    { .member = "other_case", .types = SHAPE_TRUE },
    { .member = "none", .types = SHAPE_TRUE },
    { .member = "input_append", .types = SHAPE_STRING },
    { .member = "over", .types = SHAPE_STRING, .choices = signed_parts },
    { .member = NULL },
};

static const struct shape time_shape[] = {
    { .member = "offset", .types = SHAPE_NUMBER, .is_required = true },
    { .member = "unit", .types = SHAPE_STRING, .choices = units },
    { .member = "as", .types = SHAPE_STRING, .choices = as_choices },
    { .member = NULL },
};

static const struct shape iss_shape[] = {
    { .member = "of", .types = SHAPE_STRING, .choices = iss_sources },
    { .member = "id_of", .types = SHAPE_STRING, .choices = secret_names },
    { .member = "prepend", .types = SHAPE_STRING },
    { .member = "append", .types = SHAPE_STRING },
    { .member = "case", .types = SHAPE_STRING, .choices = letter_cases },
    { .member = "cut", .types = SHAPE_INTEGER },
    { .member = "encode", .types = SHAPE_STRING, .choices = iss_encoders },
    { .member = NULL },
};

/* A time is an object with "offset"; any other value is literal. */
static enum hm_code time_check(const struct json_node *node, struct hm_error *err)
{
    return json_object_get(node->value, "offset") != NULL ? shape_check(node, time_shape, NULL, err)
                                                          : HM_OK;
}

static enum hm_code claims_check(const struct json_node *node, struct hm_error *err)
{
    static const struct shape time = { .types = SHAPE_ANY, .check = time_check };
    static const struct shape iss = { .types = SHAPE_ANY, .members = iss_shape };
    static const char *const times[] = { "iat", "exp", "nbf" };
    enum hm_code code = HM_OK;
    struct json_node member = json_node_member(node, "iss");

    if (member.value != NULL)
        TRY(shape_check_value(&member, &iss, err));
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        member = json_node_member(node, times[i]);
        if (member.value != NULL)
            TRY(shape_check_value(&member, &time, err));
    }
out:
    return code;
}

static const struct shape token_shape[] = {
    { .member = "use", .types = SHAPE_STRING | OR_NULL, .choices = secret_names },
    { .member = "secret", .types = SHAPE_OBJECT | OR_NULL, .members = secret_shape },
    { .member = "header", .types = SHAPE_OBJECT | OR_NULL },
    { .member = "header_text", .types = SHAPE_STRING | OR_NULL },
    { .member = "claims", .types = SHAPE_OBJECT | OR_NULL, .check = claims_check },
    { .member = "claims_text", .types = SHAPE_STRING | OR_NULL },
    { .member = "signature", .types = SHAPE_OBJECT | OR_NULL, .members = signature_shape },
    { .member = "tamper", .types = SHAPE_OBJECT | OR_NULL, .check = claims_check },
    { .member = "tamper_header_text", .types = SHAPE_STRING | OR_NULL },
    { .member = "segments",
      .types = SHAPE_STRING | SHAPE_INTEGER | OR_NULL,
      .choices = segment_forms },
    { .member = "authorization", .types = SHAPE_STRING | SHAPE_TEXTS | OR_NULL },
    { .member = NULL },
};

enum hm_code layer_check(enum layer_kind kind, const struct json_node *layer, struct hm_error *err)
{
    return shape_check(layer, kind == LAYER_REQUEST ? request_shape : token_shape, NULL, err);
}

json_t *layer_base(enum layer_kind kind)
{
    if (kind == LAYER_REQUEST)
        return json_pack("{s:s, s:s, s:s, s:{s:s, s:s}, s:{s:s, s:s}}", "method",
                         operation_row(OPERATION_CHANNEL_CREATE)->method, "path",
                         operation_row(OPERATION_CHANNEL_CREATE)->path, "contact", "ada", "headers",
                         "Content-Type", "application/json", "Host", LAYER_HOST, "body",
                         "channel_type", "email", "channel_id", "$email");
    return json_pack("{s:s, s:{s:s, s:s}, s:{s:{}, s:{s:i}}, s:s}", "use", "first", "header", "alg",
                     "HS256", "typ", "JWT", "claims", "iss", "iat", "offset", 0, "authorization",
                     "Bearer {token}");
}

/* Removes @key from @target for a null @value, else sets it to a copy of @value. */
static bool member_replace(json_t *target, const char *key, const json_t *value)
{
    if (!json_is_null(value))
        return json_object_set_new(target, key, json_deep_copy(value)) == 0;
    json_object_del(target, key);
    return true;
}

/* Merge patch (RFC 7396): changes the object @target. False: out of memory. */
static bool merge_patch(json_t *target, json_t *patch)
{
    bool is_done = true;
    const char *key;
    json_t *value;

    json_object_foreach (patch, key, value) {
        json_t *old = json_object_get(target, key);

        if (!json_is_object(value)) {
            is_done = is_done && member_replace(target, key, value);
            continue;
        }
        if (!json_is_object(old)) {
            is_done = is_done && json_object_set_new(target, key, json_object()) == 0;
            old = json_object_get(target, key);
        }
        is_done = is_done && merge_patch(old, value);
    }
    return is_done;
}

/* In header and claims a member replaces the one below it as a whole. */
static bool members_replace(json_t *target, json_t *patch)
{
    bool is_done = true;
    const char *key;
    json_t *value;

    json_object_foreach (patch, key, value)
        is_done = is_done && member_replace(target, key, value);
    return is_done;
}

/* A layer that gives a body in one of the three ways removes the other two. */
static void body_choose(json_t *target, json_t *layer)
{
    static const char *const bodies[] = { "body", "body_text", "body_hex" };
    size_t given;

    for (given = 0; given < 3 && json_object_get(layer, bodies[given]) == NULL; given++)
        ;
    for (size_t i = 1; i < 3 && given < 3; i++) {
        if (i != given)
            json_object_del(target, bodies[i]);
    }
}

/* A layer that names an operation sets method and path, and without a body in the request removes
 * what is about it. */
static bool operation_lay(json_t *target, json_t *layer)
{
    const char *name = json_string_value(json_object_get(layer, "operation"));
    const struct operation *operation = name != NULL ? operation_named(name) : NULL;

    if (operation == NULL)
        return true;
    if (!operation->has_body) {
        json_object_del(target, "body");
        json_object_del(target, "body_text");
        json_object_del(target, "body_hex");
        json_object_del(json_object_get(target, "headers"), "Content-Type");
    }
    return json_object_set_new(target, "method", json_string(operation->method)) == 0 &&
           json_object_set_new(target, "path", json_string(operation->path)) == 0;
}

static bool token_lay(json_t *target, json_t *layer)
{
    static const char *const shallow[] = { "header", "claims" };
    json_t *rest = json_copy(layer);
    const json_t *tamper = json_object_get(layer, "tamper");
    bool is_done = rest != NULL;

    for (size_t i = 0; is_done && i < 2; i++) {
        json_t *part = json_object_get(layer, shallow[i]);

        if (!json_is_object(part))
            continue;
        if (!json_is_object(json_object_get(target, shallow[i])))
            is_done = json_object_set_new(target, shallow[i], json_object()) == 0;
        is_done = is_done && members_replace(json_object_get(target, shallow[i]), part);
        json_object_del(rest, shallow[i]);
    }
    if (is_done && tamper != NULL) {
        is_done = member_replace(target, "tamper", tamper);
        json_object_del(rest, "tamper");
    }
    is_done = is_done && merge_patch(target, rest);
    json_decref(rest);
    return is_done;
}

json_t *layer_over(enum layer_kind kind, json_t *below, json_t *layer)
{
    json_t *result = json_deep_copy(below);
    bool is_done = result != NULL;

    if (is_done && layer != NULL && kind == LAYER_REQUEST) {
        body_choose(result, layer);
        is_done = operation_lay(result, layer) && merge_patch(result, layer);
    } else if (is_done && layer != NULL) {
        is_done = token_lay(result, layer);
    }
    if (is_done)
        return result;
    json_decref(result);
    return NULL;
}
