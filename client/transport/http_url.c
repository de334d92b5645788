/* Base URLs are read here and strictly, rather than by a library, so that no two parsers can differ
 * about where a token is sent. */
#include "transport/http_url.h"

#include "support/no_memory.h"
#include "support/quoted.h"
#include "support/span.h"
#include "support/text.h"
#include "support/try.h"
#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

enum { PORT_MAX = 65535, PORT_DIGITS_MAX = 5 };

/* The parts of a URL. An absent port has at == NULL. */
struct url_parts {
    struct span scheme, host, port, path;
};

bool http_host_is_loopback(const char *host, size_t length)
{
    char text[INET6_ADDRSTRLEN];
    struct in_addr v4;
    struct in6_addr v6;

    if (length >= 2 && host[0] == '[' && host[length - 1] == ']') {
        host++;
        length -= 2;
    }
    if (length == 0 || length >= sizeof text)
        return false;
    memcpy(text, host, length);
    text[length] = '\0';
    if (strcasecmp(text, "localhost") == 0)
        return true;
    if (inet_pton(AF_INET, text, &v4) == 1)
        return (ntohl(v4.s_addr) >> 24) == 127;
    return inet_pton(AF_INET6, text, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

static bool is_made_of(struct span text, const char *others)
{
    for (size_t i = 0; i < text.length; i++) {
        if (!isalnum((unsigned char)text.at[i]) &&
            (text.at[i] == '\0' || strchr(others, text.at[i]) == NULL))
            return false;
    }
    return true;
}

static bool is_host(struct span host)
{
    char text[INET6_ADDRSTRLEN];
    struct in6_addr v6;

    if (host.length == 0)
        return false;
    if (host.at[0] != '[')
        return is_made_of(host, "-._");
    if (host.length < 4 || host.length - 2 >= sizeof text)
        return false;
    memcpy(text, host.at + 1, host.length - 2);
    text[host.length - 2] = '\0';
    return inet_pton(AF_INET6, text, &v6) == 1;
}

static bool is_port(struct span port)
{
    char text[PORT_DIGITS_MAX + 1];
    int64_t number;

    if (port.length == 0 || port.length > PORT_DIGITS_MAX || !isdigit((unsigned char)port.at[0]))
        return false;
    memcpy(text, port.at, port.length);
    text[port.length] = '\0';
    return text_to_int64(&number, text, 1, PORT_MAX);
}

static struct span span_to(const char *from, const char *to)
{
    return (struct span){ from, (size_t)(to - from) };
}

/* authority = host [ ":" port ]; the host is an IPv6 address in brackets or has no colon. */
static void split_authority(struct url_parts *parts, struct span authority)
{
    const char *end = authority.at + authority.length;
    const char *bracket = memchr(authority.at, ']', authority.length);
    const char *from = bracket != NULL ? bracket : authority.at;
    const char *colon = memchr(from, ':', (size_t)(end - from));

    parts->host = span_to(authority.at, colon != NULL ? colon : end);
    if (colon != NULL)
        parts->port = span_to(colon + 1, end);
}

static bool ends_with(struct span text, const char *end)
{
    size_t length = strlen(end);

    return text.length >= length && span_is_nocase(span_skip(text, text.length - length), end);
}

/* The text is not quoted while it may contain a password, or be a key. */
static enum hm_code split(struct url_parts *parts, const char *text, struct hm_error *err)
{
    static const char *const hosts[] = { "api.heymarket.com", "localhost:8580", "127.0.0.1:8580",
                                         NULL };
    const char *authority = strstr(text, "://");
    struct span rest;

    memset(parts, 0, sizeof *parts);
    if (strchr(text, '@') != NULL)
        return hm_error_set(err, HM_BAD_ARGUMENT,
                            "the base URL must not contain a user name or password");
    if (authority == NULL)
        return hm_error_set(err, HM_BAD_ARGUMENT,
                            "the base URL %s has no scheme: write https://host or http://host:port",
                            word_shown(text, hosts).text);
    parts->scheme = span_to(text, authority);
    authority += 3;
    if (strpbrk(authority, "?#") != NULL)
        return hm_error_set(err, HM_BAD_ARGUMENT,
                            "the base URL %s has a query or a fragment: leave it out",
                            quoted(text, strlen(text)).text);
    rest = (struct span){ authority, strcspn(authority, "/") };
    split_authority(parts, rest);
    parts->path = (struct span){ authority + rest.length, strlen(authority + rest.length) };
    while (ends_with(parts->path, "/"))
        parts->path.length--;
    return HM_OK;
}

static enum hm_code judge(const struct url_parts *parts, const char *text, struct hm_error *err)
{
    struct quoted shown = quoted(text, strlen(text));

    if (!span_is_nocase(parts->scheme, "http") && !span_is_nocase(parts->scheme, "https"))
        return hm_error_set(err, HM_BAD_ARGUMENT,
                            "the base URL %s must begin with http:// or https://", shown.text);
    if (!is_host(parts->host))
        return hm_error_set(err, HM_BAD_ARGUMENT, "the base URL %s has no valid host", shown.text);
    if (parts->port.at != NULL && !is_port(parts->port))
        return hm_error_set(err, HM_BAD_ARGUMENT, "the base URL %s has no valid port: 1 to %d",
                            shown.text, PORT_MAX);
    if (!is_made_of(parts->path, "/-._~!$&'()*+,;=:%"))
        return hm_error_set(err, HM_BAD_ARGUMENT,
                            "the base URL %s has an invalid character in its path", shown.text);
    if (ends_with(parts->path, "/v1") || ends_with(parts->path, "/v2"))
        return hm_error_set(err, HM_BAD_ARGUMENT,
                            "the base URL %s ends in /%.2s: leave that out, the path "
                            "/v2/contact/... is appended to it",
                            shown.text, parts->path.at + parts->path.length - 2);
    return HM_OK;
}

enum hm_code http_base_url(char **out, bool *is_loopback, bool *is_plaintext, const char *text,
                           struct hm_error *err)
{
    struct url_parts parts;
    enum hm_code code = split(&parts, text, err);

    *out = NULL;
    if (code == HM_OK)
        code = judge(&parts, text, err);
    if (code != HM_OK)
        return code;
    *out = strndup(text, (size_t)(parts.path.at + parts.path.length - text));
    if (*out == NULL)
        return no_memory(err);
    *is_loopback = http_host_is_loopback(parts.host.at, parts.host.length);
    *is_plaintext = parts.scheme.length == 4;
    return HM_OK;
}
