#include "handshake.h"

#include "log.h"
#include <stddef.h>
#include <string.h>

enum { LINE_BYTES_MAX = 1024 };

static const char prefix[] = "sslize error: ";

/* Part of OpenSSL's reason, and what it comes from. */
static const struct {
    const char *reason, *meaning;
} reasons[] = {
    { "unknown ca", "the client does not trust the certificate: give it the root that "
                    "--tls-ca-out FILE writes" },
    { "bad certificate", "the client does not trust the certificate: give it the root that "
                         "--tls-ca-out FILE writes, and the host name localhost" },
    { "certificate unknown", "the client does not trust the certificate: give it the root that "
                             "--tls-ca-out FILE writes, and the host name localhost" },
    { "unexpected eof", "the client hung up; some do where they do not trust the certificate" },
    { "http request", "plain HTTP was sent to an https:// URL's port" },
    { "unsupported protocol", "the client speaks no TLS that is newer than 1.1" },
    { "no application protocol", "the client speaks no HTTP/1.1" },
};

bool handshake_has_failed(const char *complaint)
{
    return strncmp(complaint, prefix, sizeof prefix - 1) == 0;
}

void handshake_explain(struct buf *out, const char *complaint)
{
    const char *colon = strrchr(complaint, ':');
    const char *reason = colon == NULL ? complaint : colon + 1;

    buf_puts(out, "heymarket-mock: a TLS handshake failed (");
    buf_puts(out, reason + strspn(reason, " "));
    buf_putc(out, ')');
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (strstr(reason, reasons[i].reason) != NULL) {
            buf_puts(out, ": ");
            buf_puts(out, reasons[i].meaning);
            break;
        }
    }
    buf_putc(out, '\n');
}

void handshake_note(struct mock *mock, const char *complaint)
{
    struct buf line;

    atomic_fetch_add(&mock->handshakes_failed, 1);
    if (mock->log != LOG_TEXT)
        return;
    buf_init(&line, LINE_BYTES_MAX);
    handshake_explain(&line, complaint);
    if (buf_ok(&line))
        log_line(line.data, line.length);
    buf_fini(&line);
}
