#include "support/json_scan.h"
#include "support/span.h"
#include "support/text.h"

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

    while (scan->at < scan->length && is_one_of(scan->text[scan->at], " \t\r\n"))
        scan->at++;
    token.at = scan->at;
    if (scan->at >= scan->length)
        return token;
    text = scan->text + scan->at;
    left = scan->length - scan->at;
    if (is_one_of(*text, "{}[]:,")) {
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

size_t json_values_count(const char *text, size_t length)
{
    const char *at = text, *end = at + length;
    bool is_in_string = false;
    size_t count = 0;

    for (; at < end; at++) {
        if (is_in_string && *at == '\\')
            at++;
        else if (*at == '"')
            is_in_string = !is_in_string;
        else if (!is_in_string && (*at == '[' || *at == '{' || *at == ','))
            count++;
    }
    return count;
}
