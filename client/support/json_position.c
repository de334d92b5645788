#include "support/json_position.h"
#include "support/text.h"
#include <string.h>

bool json_is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '+' || c == '.' || c == '_';
}

/* Bytes of the string whose opening quote is the first of @text. */
static size_t string_length(const char *text, size_t length)
{
    size_t i = 1;

    while (i < length && text[i] != '"' && text[i] != '\n')
        i += text[i] == '\\' && i + 1 < length && text[i + 1] != '\n' ? 2 : 1;
    return i < length && text[i] == '"' ? i + 1 : i;
}

struct json_token json_scan_next(struct json_scan *scan)
{
    struct json_token token = { JSON_TOKEN_END, 0, 0 };
    const char *text;
    size_t left;

    while (scan->at < scan->length && json_is_one_of(scan->text[scan->at], " \t\r\n"))
        scan->at++;
    token.at = scan->at;
    if (scan->at >= scan->length)
        return token;
    text = scan->text + scan->at;
    left = scan->length - scan->at;
    if (json_is_one_of(*text, "{}[]:,")) {
        token.kind = JSON_TOKEN_MARK;
        token.length = 1;
    } else if (*text == '"') {
        token.kind = JSON_TOKEN_STRING;
        token.length = string_length(text, left);
    } else if (is_word_byte(*text)) {
        token.kind = JSON_TOKEN_WORD;
        while (token.length < left && is_word_byte(text[token.length]))
            token.length++;
    } else {
        token.kind = JSON_TOKEN_STRAY;
        token.length = utf8_sequence(text, left);
        if (token.length == 0)
            token.length = 1;
    }
    scan->at += token.length;
    return token;
}

struct json_place json_place_at(const char *text, size_t offset)
{
    struct json_place place = { 1, 1 };

    for (size_t i = 0; i < offset; i++) {
        place.column++;
        if (text[i] == '\n') {
            place.line++;
            place.column = 1;
        }
    }
    return place;
}

static bool is_mark(const struct json_scan *scan, struct json_token token, char mark)
{
    return token.kind == JSON_TOKEN_MARK && scan->text[token.at] == mark;
}

/* Moves behind the value that begins with @token. */
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

size_t json_node_depth(const struct json_node *node)
{
    size_t depth = 0;

    for (; node->parent != NULL; node = node->parent)
        depth++;
    return depth;
}

const struct json_node *json_node_ancestor(const struct json_node *node, size_t depth)
{
    for (size_t here = json_node_depth(node); here > depth; here--)
        node = node->parent;
    return node;
}

size_t json_node_offset(const struct json_node *node, enum json_spot spot)
{
    const struct json_file *file = node->file;
    struct json_scan scan = { file->text, file->length, 0 };
    size_t depth = json_node_depth(node);
    size_t value_at = json_scan_next(&scan).at, key_at = value_at;

    for (size_t i = 1; i <= depth; i++) {
        const struct json_node *child = json_node_ancestor(node, i);
        size_t parent_at = value_at;

        scan.at = parent_at;
        if (child->value == NULL || !find_child(&scan, child, &key_at, &value_at))
            return parent_at;
    }
    return spot == JSON_SPOT_KEY ? key_at : value_at;
}
