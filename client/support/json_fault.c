#include "support/json_fault.h"
#include <string.h>

/* jansson counts the bytes that it has read. */
struct json_token json_fault_token(const json_error_t *fault, const char *text, size_t length)
{
    struct json_scan scan = { text, length, 0 };
    size_t read_bytes = fault->position > 0 ? (size_t)fault->position : 0;
    bool is_at_end = json_error_code(fault) == json_error_premature_end_of_input;
    struct json_token token = json_scan_next(&scan);

    while (token.kind != JSON_TOKEN_END && (is_at_end || token.at + token.length < read_bytes))
        token = json_scan_next(&scan);
    return token;
}

/* If its first allocation fails, jansson gives no error text. If it cannot copy a string, it
 * reports that string as a syntax error. */
bool json_fault_is_memory(const json_error_t *fault, const char *text, size_t length)
{
    if (fault->text[0] == '\0' || json_error_code(fault) == json_error_out_of_memory)
        return true;
    return (strncmp(fault->text, "invalid token", strlen("invalid token")) == 0 ||
            strncmp(fault->text, "string or", strlen("string or")) == 0) &&
           json_fault_token(fault, text, length).kind == JSON_TOKEN_STRING;
}

const char *json_fault_unquote(json_error_t *fault)
{
    char *near = strstr(fault->text, " near '");

    if (near != NULL)
        *near = '\0';
    return fault->text;
}
