#include "tls/handshake.h"

#include "tls/openssl.h"
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

static const char prefix[] = "sslize error: ";

/* Part of OpenSSL's reason, and its cause. The last row is for all others. */
static const struct row {
    const char *reason, *meaning;
    bool is_distrust; /* the client needs the root */
} rows[] = {
    { "unknown ca", "the client does not trust the certificate", true },
    { "certificate expired", "the certificate is not valid at the time of the client's clock",
      false },
    { "certificate",
      "the client does not trust the certificate, or used a host name that is not in it", true },
    { "unexpected eof",
      "the client closed the connection; some clients do that if they do not trust the certificate",
      true },
    { "http request", "the client sent plain HTTP to an HTTPS port", false },
    { "unsupported protocol", "the client does not support TLS 1.2 or later", false },
    { "no application protocol", "the client does not offer HTTP/1.1", false },
    { "", "most likely the client does not trust the certificate", true },
};

/* What to do about distrust if nothing is set yet, and if all variables are set. */
static const char give_root[] =
    ": give it the root certificate that --tls-ca-out FILE writes, with SSL_CERT_FILE, "
    "CURL_CA_BUNDLE, REQUESTS_CA_BUNDLE, NODE_EXTRA_CA_CERTS, "
    "JAVA_TOOL_OPTIONS=-Djavax.net.ssl.trustStore=FILE.jks "
    "or its own option (run --tls sets all of them, and keeps what was trusted before)";
static const char give_file[] =
    ": it ignores the variables that are set, as programs with libcurl do; pass "
    "\"$SSL_CERT_FILE\" with its own option, such as --ca-file";

bool handshake_has_failed(const char *complaint)
{
    return strncmp(complaint, prefix, sizeof prefix - 1) == 0;
}

/* OpenSSL's number in the complaint; 0: there is none. */
static unsigned long number_of(const char *complaint)
{
    static const char error[] = "error:";
    const char *text = complaint + sizeof prefix - 1;

    return strncmp(text, error, sizeof error - 1) == 0 ? strtoul(text + sizeof error - 1, NULL, 16)
                                                       : 0;
}

unsigned long long handshakes_failed(const struct handshakes *handshakes)
{
    return atomic_load(&handshakes->failed);
}

const char *handshake_reason(const struct handshakes *handshakes)
{
    return openssl_reason_of(atomic_load(&handshakes->error));
}

static const struct row *row_of(const char *reason)
{
    const struct row *row = rows;

    while (strstr(reason, row->reason) == NULL)
        row++;
    return row;
}

bool handshake_is_distrust(const char *reason)
{
    return row_of(reason)->is_distrust;
}

void handshake_cure(struct buf *out, const char *reason, bool has_variables)
{
    const struct row *row = row_of(reason);

    buf_puts(out, row->meaning);
    if (row->is_distrust)
        buf_puts(out, has_variables ? give_file : give_root);
}

json_t *handshakes_json(const struct handshakes *handshakes, bool has_variables)
{
    unsigned long long failed = handshakes_failed(handshakes);
    const char *reason = handshake_reason(handshakes);
    struct buf cure;
    json_t *object;

    if (failed == 0)
        return json_null();
    buf_init(&cure, HANDSHAKE_CURE_BYTES_MAX);
    handshake_cure(&cure, reason, has_variables);
    object = json_pack("{sI,ss,ss}", "count", (json_int_t)failed, "last_reason", reason, "cure",
                       buf_text(&cure));
    buf_fini(&cure);
    return object;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): OpenSSL says so */
static int on_client_hello(SSL *ssl, int *alert, void *data)
{
    struct handshakes *handshakes = data;

    (void)alert;
    atomic_fetch_add(&handshakes->begun, 1);
    handshakes->watch->on_start(handshakes->watch->data, SSL_get_fd(ssl));
    return SSL_CLIENT_HELLO_SUCCESS;
}

void handshakes_watch(struct handshakes *handshakes, void *ssl_ctx)
{
    if (handshakes->watch != NULL)
        SSL_CTX_set_client_hello_cb(ssl_ctx, on_client_hello, handshakes);
}

void handshake_note(struct handshakes *handshakes, const char *complaint, int fd)
{
    atomic_fetch_add(&handshakes->failed, 1);
    atomic_store(&handshakes->error, number_of(complaint));
    if (handshakes->watch != NULL)
        handshakes->watch->on_failure(handshakes->watch->data, fd);
}
