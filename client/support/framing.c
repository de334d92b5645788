#include "support/framing.h"

#include "support/text.h"
#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

enum { PORT_MAX = 65535, CONTENT_LENGTH_DIGITS_MAX = 18 /* fits an int64_t */ };

static enum field_kind kind_of(const char *name)
{
    static const struct {
        const char *name;
        enum field_kind kind;
    } known[] = {
        { "Authorization", FIELD_AUTHORIZATION },
        { "Content-Type", FIELD_CONTENT_TYPE },
        { "Content-Length", FIELD_CONTENT_LENGTH },
        { "Connection", FIELD_CONNECTION },
        { "Expect", FIELD_EXPECT },
        { "Host", FIELD_HOST },
        { "Origin", FIELD_ORIGIN },
        { "Sec-Fetch-Site", FIELD_SEC_FETCH_SITE },
        { "Access-Control-Request-Method", FIELD_PREFLIGHT },
        { "Upgrade", FIELD_UPGRADE },
        { "X-Mock-Expect", FIELD_MOCK_EXPECT },
        { "Last-Event-ID", FIELD_LAST_EVENT_ID },
        { "Transfer-Encoding", FIELD_TRANSFER_ENCODING },
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (text_equal_nocase(name, known[i].name))
            return known[i].kind;
    }
    return FIELD_OTHER;
}

void framing_add_field(struct framing_head *head, const char *name, const char *value)
{
    head->fields[head->field_count++] = (struct framing_field){ name, value, kind_of(name) };
}

static const char *end_of(const char *text)
{
    return text + strlen(text);
}

/* RFC 9110 section 5.6.2 */
static bool is_token(const char *text)
{
    static const char others[] = "!#$%&'*+-.^_`|~";

    for (const char *at = text; *at != '\0'; at++) {
        if (!isalnum((unsigned char)*at) && *at != '-' && strchr(others, *at) == NULL)
            return false;
    }
    return *text != '\0';
}

/* One space between the three parts of the request line, nothing else. */
static bool is_request_line_plain(const struct framing_head *head)
{
    const char *target_end = head->query == NULL ? end_of(head->uri) : end_of(head->query);

    return head->uri == end_of(head->method) + 1 &&
           (head->query == NULL || head->query == end_of(head->uri) + 1) &&
           head->version == target_end + 1 + strlen("HTTP/");
}

/* Only whitespace between a name's NUL and its value: no second colon, no space before the first.
 */
static bool is_gap_empty(const struct framing_field *field)
{
    for (const char *at = end_of(field->name) + 1; at < field->value; at++) {
        if (*at != ' ' && *at != '\t')
            return false;
    }
    return true;
}

/* Does every name begin right after the line end before it? This finds bare line feeds, folded
 * lines and everything else that civetweb skipped. */
static bool are_lines_whole(const struct framing_head *head)
{
    const char *line_end = end_of(head->version);

    for (int i = 0; i < head->field_count; i++) {
        const struct framing_field *field = &head->fields[i];

        if (field->name != line_end + 2 || !is_token(field->name) || !is_gap_empty(field))
            return false;
        line_end = end_of(field->value);
    }
    return true;
}

/* Does the head end where the last field ends? This finds fields that were dropped. */
static bool is_end_reached(const struct framing_head *head)
{
    static const char after_fields[4] = { 0, 0, '\r', 0 };
    static const char after_none[4] = { 0, 0, 0, 0 };
    const char *last =
        head->field_count == 0 ? head->version : head->fields[head->field_count - 1].value;

    return memcmp(end_of(last), head->field_count == 0 ? after_none : after_fields, 4) == 0;
}

static size_t head_bytes(const struct framing_head *head)
{
    const char *last =
        head->field_count == 0 ? head->version : head->fields[head->field_count - 1].value;

    return (size_t)(end_of(last) - head->method) + 4;
}

/* The only field of that kind, or NULL; counts all of them. */
static const char *only_field(const struct framing_head *head, enum field_kind kind, int *count)
{
    const char *value = NULL;

    *count = 0;
    for (int i = 0; i < head->field_count; i++) {
        if (head->fields[i].kind == kind) {
            value = head->fields[i].value;
            ++*count;
        }
    }
    return value;
}

/* Digits, then optional whitespace. */
static bool content_length_read(int64_t *length, const char *text)
{
    size_t digits = strspn(text, "0123456789");

    *length = 0;
    if (digits == 0 || digits > CONTENT_LENGTH_DIGITS_MAX ||
        text[digits + strspn(text + digits, " \t")] != '\0')
        return false;
    for (size_t i = 0; i < digits; i++)
        *length = *length * 10 + (text[i] - '0');
    return true;
}

/* Why the length of the body is ambiguous, or NULL. */
static const char *body_framing_read(struct framing *framing, const struct framing_head *head)
{
    int lengths, codings;
    const char *length = only_field(head, FIELD_CONTENT_LENGTH, &lengths);
    const char *coding = only_field(head, FIELD_TRANSFER_ENCODING, &codings);

    *framing = (struct framing){ 0 };
    if (lengths > 1)
        return "there is more than one Content-Length";
    if (codings > 1)
        return "there is more than one Transfer-Encoding";
    if (length != NULL && coding != NULL)
        return "there are both Content-Length and Transfer-Encoding";
    if (length != NULL && !content_length_read(&framing->content_length, length))
        return "the Content-Length is not a plain number of bytes";
    if (coding == NULL)
        return NULL;
    if (!text_equal_nocase(coding, "chunked"))
        return "the Transfer-Encoding is not exactly chunked";
    if (strcmp(head->version, "1.1") != 0)
        return "the body is chunked, but the version is not HTTP/1.1";
    framing->is_chunked = true;
    return NULL;
}

/* The end of a name or an IPv4 address (RFC 3986 section 3.2.2). No comma: it joins two Hosts. */
static const char *name_end(const char *at)
{
    static const char others[] = "-._~!$&'()*+;=";

    while (isalnum((unsigned char)*at) || (*at != '\0' && strchr(others, *at) != NULL) ||
           (*at == '%' && hex_byte(at + 1) >= 0))
        at++;
    return at;
}

/* The end of an IPv6 address in brackets; NULL: it is not one. */
static const char *address_end(const char *at)
{
    size_t length = strcspn(at + 1, "]");
    struct in6_addr address;
    char text[INET6_ADDRSTRLEN];

    if (length >= sizeof text || at[1 + length] != ']')
        return NULL;
    memcpy(text, at + 1, length);
    text[length] = '\0';
    return inet_pton(AF_INET6, text, &address) == 1 ? at + length + 2 : NULL;
}

/* An empty Host is allowed, and so is a colon without a port. */
static bool is_host(const char *text)
{
    const char *at = *text == '[' ? address_end(text) : name_end(text);
    int port = 0;

    if (at == NULL || (at == text && *at == ':'))
        return false;
    if (*at == ':') {
        for (at++; isdigit((unsigned char)*at) && port <= PORT_MAX; at++)
            port = port * 10 + (*at - '0');
    }
    return port <= PORT_MAX && at[strspn(at, " \t")] == '\0';
}

/* Why the Host is ambiguous, or NULL. */
static const char *host_check(const struct framing_head *head)
{
    int hosts;
    const char *host = only_field(head, FIELD_HOST, &hosts);

    if (hosts > 1)
        return "there is more than one Host";
    if (hosts == 0 && strcmp(head->version, "1.1") == 0)
        return "there is no Host header";
    if (host != NULL && !is_host(host))
        return "Host is not HOST or HOST:PORT";
    return NULL;
}

int framing_check(struct framing *framing, const struct framing_head *head, const char **reason)
{
    *framing = (struct framing){ 0 };
    *reason = NULL;
    if (head->field_count > HEADERS_MAX) {
        *reason = "there are more than 63 header fields";
        return 431;
    }
    /* First of all: the other checks read past the last field, and must stay within the buffer. */
    if (head_bytes(head) > HEAD_BYTES_MAX) {
        *reason = "request line and header fields have more than 16 KiB";
        return 431;
    }
    if (!is_request_line_plain(head))
        *reason = "the request line must be three parts separated by single spaces";
    else if (!are_lines_whole(head))
        *reason = "a header line is folded, has no name, has a space before its colon, or ends "
                  "in a bare line feed";
    else if (!is_end_reached(head))
        *reason = "a header line is not NAME: VALUE";
    else
        *reason = body_framing_read(framing, head);
    if (*reason == NULL)
        *reason = host_check(head);
    return *reason == NULL ? 0 : 400;
}

static bool is_method_known(const char *method)
{
    static const char *const known[] = { "GET",  "POST",     "PUT",   "DELETE", "HEAD",
                                         "LOCK", "OPTIONS",  "PATCH", "UNLOCK", "CONNECT",
                                         "COPY", "PROPFIND", "MOVE",  "MKCOL",  "PROPPATCH" };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(method, known[i]) == 0)
            return true;
    }
    return false;
}

bool framing_is_unknown_method(const struct framing_head *head)
{
    return head->method != NULL && head->uri != NULL && head->version != NULL &&
           head->field_count == 0 &&
           (strcmp(head->version, "1.1") == 0 || strcmp(head->version, "1.0") == 0) &&
           head->uri[0] == '/' && is_token(head->method) && !is_method_known(head->method);
}
