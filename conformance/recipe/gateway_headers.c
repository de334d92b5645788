#include "recipe/gateway_headers.h"
#include "support/no_memory.h"
#include "support/platform.h"
#include "support/span.h"
#include "support/try.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The cases set these, right or wrong, or HTTP does; ends with NULL. */
static const char *const reserved[] = {
    "Authorization",
    "Host",
    "Content-Type",
    "Content-Length",
    "Transfer-Encoding",
    "Accept",
    "Connection",
    "Keep-Alive",
    "TE",
    "Trailer",
    "Upgrade",
    "Expect",
    "Origin",
    "X-Request-Id",
    "Proxy-Authorization",
    "Proxy-Connection",
    NULL,
};

static bool is_reserved(struct span name)
{
    static const char prefix[] = "Access-Control-";

    if (name.length >= sizeof prefix - 1 && strncasecmp(name.at, prefix, sizeof prefix - 1) == 0)
        return true;
    for (size_t i = 0; reserved[i] != NULL; i++) {
        if (span_is_nocase(name, reserved[i]))
            return true;
    }
    return false;
}

/* A token (RFC 9110 section 5.6.2). */
static bool is_name(struct span name)
{
    static const char marks[] = "!#$%&'*+-.^_`|~";

    for (size_t i = 0; i < name.length; i++) {
        const char c = name.at[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              (c != '\0' && strchr(marks, c) != NULL)))
            return false;
    }
    return name.length > 0;
}

static bool is_value(struct span value)
{
    for (size_t i = 0; i < value.length; i++) {
        const unsigned char c = (unsigned char)value.at[i];

        if ((c < ' ' && c != '\t') || c == 0x7f)
            return false;
    }
    return value.length > 0;
}

static enum hm_code header_read(struct gateway_header *header, const char *text,
                                struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const char *colon = strchr(text, ':');
    const struct span name = { text, colon != NULL ? (size_t)(colon - text) : 0 };
    struct span value = { text, 0 };

    if (colon != NULL)
        value = span_trim_ows((struct span){ colon + 1, strlen(colon + 1) });
    if (!is_name(name) || !is_value(value))
        TRY(hm_error_set(err, HM_BAD_ARGUMENT,
                         "--header: expected NAME:VALUE, with a name as in RFC 9110 and a value "
                         "without control characters"));
    if (is_reserved(name))
        TRY(hm_error_set(err, HM_BAD_ARGUMENT,
                         "--header %.*s: the cases send this field themselves, or HTTP needs it",
                         (int)name.length, name.at));
    header->name = strndup(name.at, name.length);
    header->value = strndup(value.at, value.length);
    if (header->name == NULL || header->value == NULL)
        TRY(no_memory(err));
out:
    return code;
}

enum hm_code gateway_headers_read(struct gateway_headers *headers, const char *const *texts,
                                  size_t count, struct hm_error *err)
{
    enum hm_code code = HM_OK;

    memset(headers, 0, sizeof *headers);
    headers->at = calloc(count + 1, sizeof *headers->at);
    if (headers->at == NULL)
        TRY(no_memory(err));
    for (; headers->count < count; headers->count++)
        TRY(header_read(&headers->at[headers->count], texts[headers->count], err));
out:
    return code;
}

void gateway_headers_fini(struct gateway_headers *headers)
{
    for (size_t i = 0; i < headers->count; i++) {
        platform_erase(headers->at[i].value, strlen(headers->at[i].value));
        free(headers->at[i].name);
        free(headers->at[i].value);
    }
    free(headers->at);
    memset(headers, 0, sizeof *headers);
}

bool gateway_headers_have(const struct gateway_headers *headers, const char *value)
{
    for (size_t i = 0; headers != NULL && i < headers->count; i++) {
        if (headers->at[i].value == value)
            return true;
    }
    return false;
}

void gateway_header_variable(struct buf *out, const char *name)
{
    for (; *name; name++) {
        const bool is_letter = (*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z');
        const bool is_digit = *name >= '0' && *name <= '9';

        buf_putc(out, (char)(!is_letter && !is_digit        ? '_'
                             : *name >= 'a' && *name <= 'z' ? *name - 'a' + 'A'
                                                            : *name));
    }
}
