/* A certificate of the user's own: --tls-cert and --tls-key. */
#include "contract/hmac.h"
#include "support/file.h"
#include "support/no_memory.h"
#include "support/try.h"
#include "tls/trust_parts.h"
#include <openssl/err.h>
#include <openssl/pem.h>

enum { CERT_FILE_BYTES_MAX = 1024 * 1024, KEY_FILE_BYTES_MAX = 64 * 1024 };

/* Asked for a passphrase, OpenSSL would wait for one at the terminal. */
/* NOLINTNEXTLINE(readability-non-const-parameter): OpenSSL says so */
static int passphrase_refuse(char *buffer, int capacity, int is_writing, void *was_asked)
{
    (void)buffer;
    (void)capacity;
    (void)is_writing;
    *(bool *)was_asked = true;
    return -1;
}

/* All certificates of the file, in their order: first the leaf. */
static enum hm_code certificates_read(struct trust_chain *chain, const char *path,
                                      struct hm_error *err)
{
    struct buf file;
    BIO *pem = NULL;
    X509 *cert;
    enum hm_code code;

    buf_init(&file, CERT_FILE_BYTES_MAX);
    TRY(file_read(&file, path, err));
    pem = BIO_new_mem_buf(buf_text(&file), (int)file.length);
    if (pem == NULL)
        TRY(no_memory(err));
    while ((cert = PEM_read_bio_X509(pem, NULL, NULL, NULL)) != NULL) {
        if (chain->leaf == NULL) {
            chain->leaf = cert;
        } else if (sk_X509_push(chain->between, cert) == 0) {
            X509_free(cert);
            TRY(no_memory(err));
        }
    }
    if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
        TRY(hm_error_set(err, HM_BAD_INPUT, "%s: found a certificate that cannot be read: %s", path,
                         trust_reason()));
    if (chain->leaf == NULL)
        TRY(hm_error_set(err, HM_BAD_INPUT,
                         "%s: found no certificate, expected PEM (-----BEGIN CERTIFICATE-----)",
                         path));
out:
    ERR_clear_error();
    BIO_free(pem);
    buf_fini(&file);
    return code;
}

static enum hm_code key_read(struct trust_chain *chain, const char *path, struct hm_error *err)
{
    bool is_encrypted = false;
    struct buf file;
    BIO *pem = NULL;
    enum hm_code code;

    buf_init(&file, KEY_FILE_BYTES_MAX);
    buf_reserve(&file, KEY_FILE_BYTES_MAX); /* so that no copy stays behind where it grew */
    TRY(file_read(&file, path, err));
    pem = BIO_new_mem_buf(buf_text(&file), (int)file.length);
    if (pem == NULL)
        TRY(no_memory(err));
    chain->key = PEM_read_bio_PrivateKey(pem, NULL, passphrase_refuse, &is_encrypted);
    if (chain->key == NULL && is_encrypted)
        TRY(hm_error_set(err, HM_BAD_INPUT,
                         "%s: found a key with a passphrase, expected one without", path));
    if (chain->key == NULL)
        TRY(hm_error_set(err, HM_BAD_INPUT,
                         "%s: found no private key, expected PEM (-----BEGIN PRIVATE KEY-----)",
                         path));
out:
    ERR_clear_error();
    BIO_free(pem);
    bytes_wipe(file.data, file.capacity);
    buf_fini(&file);
    return code;
}

/* Does the key belong to the leaf? To another of the file is a mistake often made. */
static enum hm_code key_check(const struct trust_chain *chain, const char *cert_path,
                              const char *key_path, struct hm_error *err)
{
    if (X509_check_private_key(chain->leaf, chain->key) == 1)
        return HM_OK;
    ERR_clear_error();
    for (int i = 0; i < sk_X509_num(chain->between); i++) {
        if (X509_check_private_key(sk_X509_value(chain->between, i), chain->key) == 1)
            return hm_error_set(err, HM_BAD_INPUT,
                                "%s: the certificate of the key in %s is number %d, and must be "
                                "the first",
                                cert_path, key_path, i + 2);
        ERR_clear_error();
    }
    return hm_error_set(err, HM_BAD_INPUT, "%s: found the key of another certificate than %s has",
                        key_path, cert_path);
}

/* A self-signed certificate is what clients have to trust; it need not be sent, unless it is the
 * leaf itself. */
static enum hm_code root_take(struct trust_chain *chain, struct hm_error *err)
{
    if (X509_self_signed(chain->leaf, 0) == 1) {
        X509_up_ref(chain->leaf);
        chain->root = chain->leaf;
    }
    for (int i = sk_X509_num(chain->between) - 1; i >= 0 && chain->root == NULL; i--) {
        if (X509_self_signed(sk_X509_value(chain->between, i), 0) == 1)
            chain->root = sk_X509_delete(chain->between, i);
    }
    ERR_clear_error();
    if (chain->root != NULL && !trust_parts_describe(chain))
        return no_memory(err);
    return HM_OK;
}

/* What OpenSSL thinks of it is found out now, not at the first handshake. */
static enum hm_code rehearse(const struct trust_chain *chain, const char *cert_path,
                             struct hm_error *err)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    enum hm_code code = HM_OK;

    if (ctx == NULL)
        code = no_memory(err);
    else if (!trust_chain_serve(chain, ctx))
        code = hm_error_set(err, HM_BAD_INPUT, "%s: OpenSSL does not take this certificate: %s",
                            cert_path, trust_reason());
    SSL_CTX_free(ctx);
    return code;
}

enum hm_code trust_chain_load(struct trust_chain **chain, const char *cert_path,
                              const char *key_path, struct hm_error *err)
{
    enum hm_code code;

    *chain = trust_parts_new();
    if (*chain == NULL)
        return no_memory(err);
    TRY(certificates_read(*chain, cert_path, err));
    TRY(key_read(*chain, key_path, err));
    TRY(key_check(*chain, cert_path, key_path, err));
    TRY(root_take(*chain, err));
    TRY(rehearse(*chain, cert_path, err));
out:
    if (code != HM_OK) {
        trust_chain_free(*chain);
        *chain = NULL;
    }
    return code;
}
