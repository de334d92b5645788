#include "tls/handshake.h"

#include "tls/openssl.h"
#include <stdlib.h>
#include <string.h>

static const char prefix[] = "sslize error: ";

/* Part of OpenSSL's reason, and what it comes from. The last row is for all others. */
static const struct row {
    const char *reason, *meaning;
    bool is_distrust; /* the client has to be given the root */
} rows[] = {
    { "unknown ca", "the client does not trust the certificate", true },
    { "certificate expired", "by the client's clock the certificate is not valid", false },
    { "certificate",
      "the client does not trust the certificate, or called the mock by a name that is not in it",
      true },
    { "unexpected eof", "the client hung up, as some do that do not trust the certificate", true },
    { "http request", "plain HTTP was sent to an https:// URL's port", false },
    { "unsupported protocol", "the client speaks no TLS that is newer than 1.1", false },
    { "no application protocol", "the client speaks no HTTP/1.1", false },
    { "", "most likely the client does not trust the certificate", true },
};

/* What to do about distrust, by those who have set nothing yet and those for whom all is set. */
static const char give_root[] =
    ": give it the root that --tls-ca-out FILE writes, by SSL_CERT_FILE, CURL_CA_BUNDLE, "
    "REQUESTS_CA_BUNDLE, NODE_EXTRA_CA_CERTS, "
    "JAVA_TOOL_OPTIONS=-Djavax.net.ssl.trustStore=FILE.jks "
    "or its own option (run --tls sets all of them, and keeps what was trusted before)";
static const char give_file[] =
    ": it reads none of the variables that are set, as programs on libcurl do; give it "
    "\"$SSL_CERT_FILE\" by its own option, say --ca-file";

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

void handshake_cure(struct buf *out, const char *reason, bool has_variables)
{
    const struct row *row = rows;

    while (strstr(reason, row->reason) == NULL)
        row++;
    buf_puts(out, row->meaning);
    if (row->is_distrust)
        buf_puts(out, has_variables ? give_file : give_root);
}

void handshake_note(struct handshakes *handshakes, const char *complaint)
{
    atomic_fetch_add(&handshakes->failed, 1);
    atomic_store(&handshakes->error, number_of(complaint));
}
