#include "exchange/request.h"

#include "contract/mask_write.h"
#include "support/escape.h"
#include "support/uuid.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

enum {
    METHOD_SHOWN_MAX = 20,
    WORD_BYTES_MAX = 24,
    SHOWN_BYTES_MAX = 256,
    PATH_BYTES_MAX = 1024 * 1024
};

static bool is_word(const char *text, size_t length)
{
    return length <= WORD_BYTES_MAX || uuid_is_valid(text, length);
}

/* The same of a path that is masked already. */
static void masked_path_write(struct buf *out, const char *path)
{
    size_t start = out->length;

    for (const char *at = path; *at != '\0';) {
        size_t length = strcspn(at, "/");

        if (out->length - start > SHOWN_BYTES_MAX) {
            buf_puts(out, "...");
            return;
        }
        if (is_word(at, length))
            escape_terminal(out, at, length);
        else
            buf_printf(out, "<%zu character%s>", length, length == 1 ? "" : "s");
        at += length;
        if (*at == '/') {
            buf_putc(out, '/');
            at++;
        }
    }
}

/* Bytes of the path before a key that contains a question mark, so that it goes on in the query. */
static size_t path_before_key(const char *path, const char *query, const struct masking *masking)
{
    const size_t length = strlen(path);
    struct mask_hit hit = { .kind = MASK_NOTHING };
    struct buf target;

    if (query == NULL || masking == NULL)
        return length;
    buf_init(&target, PATH_BYTES_MAX);
    buf_printf(&target, "%s?%s", path, query);
    do
        hit = mask_find(masking, buf_text(&target), target.length, hit.at + hit.length);
    while (hit.kind != MASK_NOTHING && hit.at + hit.length <= length);
    buf_fini(&target);
    return hit.kind != MASK_NOTHING && hit.at < length ? hit.at : length;
}

void request_show_path(struct buf *out, struct private_text private_path, struct private_text query,
                       const struct masking *masking)
{
    const char *path = private_open(private_path);
    const size_t shown = path_before_key(path, private_open(query), masking);
    struct buf masked;

    buf_init(&masked, PATH_BYTES_MAX);
    mask_write_text(&masked, masking, (struct span){ path, shown }, PATH_BYTES_MAX, NULL);
    if (shown < strlen(path))
        buf_puts(&masked, "<known key>");
    if (buf_ok(&masked))
        masked_path_write(out, buf_text(&masked));
    else
        out->status = masked.status;
    buf_fini(&masked);
}

void request_show_method(struct buf *out, struct private_text method, const struct masking *masking)
{
    const char *text = private_is_set(method) ? private_open(method) : "-";

    mask_write_text(out, masking, (struct span){ text, strlen(text) }, METHOD_SHOWN_MAX,
                    escape_terminal);
}

static bool is_loopback_v4(struct in_addr address)
{
    return ntohl(address.s_addr) >> 24 == 127;
}

bool is_loopback_address(const char *text)
{
    struct in_addr v4;
    struct in6_addr v6;

    if (inet_pton(AF_INET, text, &v4) == 1)
        return is_loopback_v4(v4);
    if (inet_pton(AF_INET6, text, &v6) != 1)
        return false;
    if (IN6_IS_ADDR_V4MAPPED(&v6)) {
        memcpy(&v4, v6.s6_addr + 12, sizeof v4);
        return is_loopback_v4(v4);
    }
    return IN6_IS_ADDR_LOOPBACK(&v6);
}
