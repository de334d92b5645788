#include "transport/http_tls.h"

#include "support/ca_file.h"
#include "support/file.h"
#include "support/platform.h"
#include "support/try.h"
#include <string.h>

enum { PEM_BYTES_MAX = 1 << 20 };

static enum hm_code pem_read(struct buf *pem, const char *path, const char *label,
                             struct hm_error *err)
{
    enum hm_code code;

    buf_init(pem, PEM_BYTES_MAX);
    TRY(file_read(pem, path, err));
    if (strstr(buf_text(pem), label) == NULL)
        TRY(hm_error_set(err, HM_BAD_INPUT, "%s: found no \"%s\", expected a PEM file", path,
                         label));
out:
    return code;
}

enum hm_code http_pems_read(struct http_pems *pems, const struct http_tls *tls,
                            struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const char *key_file = tls->key_file != NULL ? tls->key_file : tls->cert_file;

    if (tls->key_file != NULL && tls->cert_file == NULL)
        TRY(hm_error_set(err, HM_BAD_ARGUMENT, "--key needs the certificate of the key: --cert"));
    if (tls->ca_file != NULL)
        TRY(ca_file_read(&pems->roots, tls->ca_file, err));
    if (tls->cert_file != NULL) {
        TRY(pem_read(&pems->cert, tls->cert_file, "BEGIN CERTIFICATE", err));
        TRY(pem_read(&pems->key, key_file, "PRIVATE KEY", err));
    }
    /* OpenSSL would ask for the passphrase on the terminal. */
    if (tls->cert_file != NULL && strstr(buf_text(&pems->key), "ENCRYPTED") != NULL)
        TRY(hm_error_set(err, HM_BAD_INPUT,
                         "%s: found a key with a passphrase, expected one without: openssl pkey "
                         "-in FILE removes it",
                         key_file));
out:
    return code;
}

void http_pems_fini(struct http_pems *pems)
{
    if (pems->key.data != NULL)
        platform_erase(pems->key.data, pems->key.length);
    if (pems->cert.data != NULL)
        platform_erase(pems->cert.data, pems->cert.length); /* it may have the key in it */
    buf_fini(&pems->roots);
    buf_fini(&pems->cert);
    buf_fini(&pems->key);
}
