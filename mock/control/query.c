#include "control/query.h"

#include "support/text.h"
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Decodes up to one of @ends, "+" as a space. False: it does not fit, or is not text. */
static bool decode(char *out, size_t size, const char **at, const char *ends)
{
    size_t length = 0;

    for (; **at != '\0' && strchr(ends, **at) == NULL; (*at)++) {
        char c = **at;

        if (c == '%') {
            int byte = hex_byte(*at + 1);

            if (byte < 0)
                return false;
            c = (char)byte;
            *at += 2;
        } else if (c == '+') {
            c = ' ';
        }
        if (length + 1 >= size || (unsigned char)c < 0x20 || c == 0x7F)
            return false;
        out[length++] = c;
    }
    out[length] = '\0';
    return true;
}

enum hm_code query_take(struct query_pair *pair, const char **at, struct hm_error *err)
{
    pair->name[0] = pair->value[0] = '\0';
    while (*at != NULL && **at == '&')
        (*at)++;
    if (*at == NULL || **at == '\0')
        return HM_OK;
    if (!decode(pair->name, sizeof pair->name, at, "=&") || pair->name[0] == '\0')
        return hm_error_set(err, HM_BAD_ARGUMENT,
                            "the query has an empty or invalid parameter name");
    if (**at == '=')
        (*at)++;
    if (!decode(pair->value, sizeof pair->value, at, "&"))
        return hm_error_set(
            err, HM_BAD_ARGUMENT,
            "the value of %s has an invalid percent-escape or a control character, or more "
            "than %d bytes",
            pair->name, QUERY_VALUE_BYTES - 1);
    return HM_OK;
}
