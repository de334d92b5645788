#include "database/redis_url.h"

#include "support/no_memory.h"
#include "support/platform.h"
#include "support/text.h"
#include "support/try.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_MOST = 65535, PORT_DEFAULT = 6379 };

static const char expected[] = "--state redis: expected "
                               "redis://[[USER]:PASSWORD@]HOST[:PORT][/N][?prefix=TEXT], or "
                               "rediss:// for TLS; ";

static enum hm_code complain(struct hm_error *err, const char *what)
{
    return hm_error_set(err, HM_BAD_ARGUMENT, "%s%s", expected, what);
}

/* Percent-decoded. False: it does not fit, or is not text. */
static bool decode(char *out, size_t size, const char *at, size_t length)
{
    size_t made = 0;

    for (const char *end = at + length; at < end; at++) {
        int byte = *at == '%' ? hex_byte(at + 1) : (unsigned char)*at;

        if (byte < ' ' || byte == 0x7F || made + 1 >= size)
            return false;
        if (*at == '%')
            at += 2;
        out[made++] = (char)byte;
    }
    out[made] = '\0';
    return true;
}

/* Where the part before the host ends, with its '@'; @after where there is none. */
static const char *login_end(const char *after)
{
    const char *end = after + strcspn(after, "/?");
    const char *at = NULL;

    for (const char *next = after; (next = memchr(next, '@', (size_t)(end - next))) != NULL; next++)
        at = next;
    return at == NULL ? after : at + 1;
}

/* From the URL, else from the environment. */
static enum hm_code login_read(struct redis_url *url, const char *at, const char *end,
                               struct hm_error *err)
{
    char password[REDIS_PASSWORD_BYTES] = "";
    const char *inherited = getenv(REDIS_PASSWORD_VARIABLE);
    const char *colon = memchr(at, ':', (size_t)(end - at));
    enum hm_code code = HM_OK;

    if (end > at &&
        (colon == NULL || !decode(url->user, sizeof url->user, at, (size_t)(colon - at)) ||
         !decode(password, sizeof password, colon + 1, (size_t)(end - 1 - colon - 1))))
        TRY(complain(err, "what is before the @ is not [USER]:PASSWORD, percent-encoded"));
    if (password[0] == '\0' && inherited != NULL)
        url->password = private_copy(inherited);
    else if (password[0] != '\0')
        url->password = private_copy(password);
    if ((password[0] != '\0' || inherited != NULL) && !private_is_set(url->password))
        code = no_memory(err);
out:
    platform_erase(password, sizeof password);
    return code;
}

static enum hm_code host_read(struct redis_url *url, const char *at, size_t length,
                              struct hm_error *err)
{
    const bool is_bracketed = length > 0 && *at == '[';
    const char *host_end = memchr(at, is_bracketed ? ']' : ':', length);
    size_t host_length = host_end == NULL ? length : (size_t)(host_end - at);
    const char *port = at + host_length + (is_bracketed ? 1 : 0);
    char text[sizeof url->port] = "6379";
    int64_t number;

    if (is_bracketed && host_end == NULL)
        return complain(err, "the ] of the host is missing");
    if (port < at + length &&
        (*port != ':' || !decode(text, sizeof text, port + 1, (size_t)(at + length - port - 1))))
        return complain(err, "the port is not a number");
    if (!decode(url->host, sizeof url->host, at + (is_bracketed ? 1 : 0),
                host_length - (is_bracketed ? 1 : 0)) ||
        url->host[0] == '\0')
        return complain(err, "the host is missing or too long");
    if (!text_to_int64(&number, text, 1, NUMBER_MOST))
        return complain(err, "the port is not a number from 1 to 65535");
    snprintf(url->port, sizeof url->port, "%" PRId64, number);
    return HM_OK;
}

/* [/N][?prefix=TEXT] */
static enum hm_code rest_read(struct redis_url *url, const char *at, struct hm_error *err)
{
    static const char prefix[] = "?prefix=";
    const char *query = at + strcspn(at, "?");
    char text[sizeof url->number] = "0";
    int64_t number;

    if (*at == '/' && query > at + 1 &&
        !decode(text, sizeof text, at + 1, (size_t)(query - at - 1)))
        return complain(err, "N is not the number of a database");
    if (!text_to_int64(&number, text, 0, NUMBER_MOST))
        return complain(err, "N is not the number of a database");
    snprintf(url->number, sizeof url->number, "%" PRId64, number);
    snprintf(url->prefix, sizeof url->prefix, "heymarket-mock");
    if (*query == '\0')
        return HM_OK;
    if (strncmp(query, prefix, sizeof prefix - 1) != 0 ||
        !decode(url->prefix, sizeof url->prefix, query + sizeof prefix - 1,
                strlen(query + sizeof prefix - 1)) ||
        url->prefix[0] == '\0' || strpbrk(url->prefix, "*?[]^\\") != NULL)
        return complain(err, "the query is not prefix=TEXT, of at most 63 bytes without *?[]^\\");
    return HM_OK;
}

enum hm_code redis_url_read(struct redis_url *url, const char *text, struct hm_error *err)
{
    const char *after, *host;
    size_t length;
    enum hm_code code;

    *url = (struct redis_url){ .is_secure = strncmp(text, "rediss://", 9) == 0 };
    if (!url->is_secure && strncmp(text, "redis://", 8) != 0)
        return complain(err, "it begins with neither redis:// nor rediss://");
    after = strchr(text, ':') + strlen("://");
    host = login_end(after);
    length = strcspn(host, "/?");
    TRY(login_read(url, after, host, err));
    TRY(host_read(url, host, length, err));
    TRY(rest_read(url, host + length, err));
    snprintf(url->shown, sizeof url->shown,
             strchr(url->host, ':') == NULL ? "%s%s:%s/%s" : "%s[%s]:%s/%s",
             url->is_secure ? "rediss://" : "redis://", url->host, url->port, url->number);
out:
    return code;
}

void redis_url_fini(struct redis_url *url)
{
    private_wipe(&url->password);
}

void redis_url_hide(char *colon)
{
    char *at = colon + strlen("://");
    const char *end = login_end(at);

    for (; at + 1 < end; at++)
        *at = '*';
}
