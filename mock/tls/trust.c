#include "tls/trust.h"

#include "contract/hmac.h"
#include "support/buf.h"
#include "support/file.h"
#include "support/no_memory.h"
#include "support/try.h"
#include "tls/openssl.h"
#include "tls/trust_make.h"
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    CERT_FILE_BYTES_MAX = 1024 * 1024,
    KEY_FILE_BYTES_MAX = 64 * 1024,
    ROOT_PEM_BYTES_MAX = 64 * 1024,
    ROOT_FILE_TEXT = 16
};

struct trust_chain {
    EVP_PKEY *key; /* of the leaf; no other is kept */
    X509 *leaf;
    STACK_OF(X509) * between; /* sent after the leaf, in this order */
    X509 *root;               /* NULL: not known */
    struct buf root_pem;
    char root_file[ROOT_FILE_TEXT];
    struct certificates_making making;
};

/* An empty one; NULL: out of memory. */
static struct trust_chain *chain_empty(void)
{
    struct trust_chain *chain = calloc(1, sizeof *chain);

    if (chain == NULL)
        return NULL;
    buf_init(&chain->root_pem, ROOT_PEM_BYTES_MAX);
    chain->between = sk_X509_new_null();
    if (chain->between == NULL) {
        trust_chain_free(chain);
        chain = NULL;
    }
    return chain;
}

/* Adds to those that are sent after the leaf; takes the certificate over. */
static enum hm_code between_add(struct trust_chain *chain, X509 *cert, struct hm_error *err)
{
    if (sk_X509_push(chain->between, cert) > 0)
        return HM_OK;
    X509_free(cert);
    return no_memory(err);
}

/* Takes what the thread has made. */
static enum hm_code made_take(struct trust_chain *chain, struct hm_error *err)
{
    struct made_certificates *made = &chain->making.made;
    enum hm_code code = HM_OK;

    certificates_end(&chain->making);
    if (made->key == NULL)
        return HM_OK;
    chain->key = made->key;
    chain->leaf = made->leaf;
    chain->root = made->root;
    if (made->intermediate != NULL)
        code = between_add(chain, made->intermediate, err);
    *made = (struct made_certificates){ 0 };
    return code;
}

void trust_chain_free(struct trust_chain *chain)
{
    if (chain == NULL)
        return;
    made_take(chain, NULL);
    EVP_PKEY_free(chain->key);
    X509_free(chain->leaf);
    sk_X509_pop_free(chain->between, X509_free);
    X509_free(chain->root);
    buf_fini(&chain->root_pem);
    free(chain);
}

/* Fills root_pem and root_file from the root. */
static enum hm_code root_describe(struct trust_chain *chain, struct hm_error *err)
{
    BIO *pem = BIO_new(BIO_s_mem());
    char *text;

    if (pem != NULL && PEM_write_bio_X509(pem, chain->root) == 1) {
        long length = BIO_get_mem_data(pem, &text);

        buf_add(&chain->root_pem, text, (size_t)length);
    }
    BIO_free(pem);
    snprintf(chain->root_file, sizeof chain->root_file, "%08lx.0",
             X509_subject_name_hash(chain->root));
    return chain->root_pem.length > 0 ? HM_OK : no_memory(err);
}

/* A client that offers protocols, but not ours, gets an alert. */
static int protocol_choose(SSL *ssl, const unsigned char **out, unsigned char *out_length,
                           const unsigned char *offered, unsigned offered_length, void *data)
{
    static const unsigned char http_1_1[] = "\x08http/1.1";
    unsigned char *chosen;

    (void)ssl;
    (void)data;
    if (SSL_select_next_proto(&chosen, out_length, http_1_1, sizeof http_1_1 - 1, offered,
                              offered_length) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

bool trust_chain_serve(const struct trust_chain *chain, void *ssl_ctx)
{
    static const unsigned char session_context[] = "heymarket-mock";

    SSL_CTX_set_alpn_select_cb(ssl_ctx, protocol_choose, NULL);
    return SSL_CTX_use_cert_and_key(ssl_ctx, chain->leaf, chain->key, chain->between, 1) == 1 &&
           SSL_CTX_set_min_proto_version(ssl_ctx, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_session_id_context(ssl_ctx, session_context, sizeof session_context - 1) ==
               1;
}

const char *trust_root_pem(const struct trust_chain *chain)
{
    return chain->root == NULL ? NULL : buf_text(&chain->root_pem);
}

const char *trust_root_file(const struct trust_chain *chain)
{
    return chain->root_file;
}

enum hm_code trust_chain_begin(struct trust_chain **chain, struct hm_error *err)
{
    enum hm_code code;

    *chain = chain_empty();
    if (*chain == NULL)
        return no_memory(err);
    code = certificates_begin(&(*chain)->making, err);
    if (code != HM_OK) {
        trust_chain_free(*chain);
        *chain = NULL;
    }
    return code;
}

enum hm_code trust_chain_end(struct trust_chain *chain, struct hm_error *err)
{
    enum hm_code code = HM_OK;

    if (chain->making.stack == NULL)
        goto out;
    TRY(made_take(chain, err));
    if (chain->making.code != HM_OK)
        TRY(hm_error_set(err, chain->making.code, "%s", chain->making.err.text));
    TRY(root_describe(chain, err));
out:
    return code;
}

/* Otherwise OpenSSL would ask for the passphrase at the terminal. */
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
        if (chain->leaf == NULL)
            chain->leaf = cert;
        else
            TRY(between_add(chain, cert, err));
    }
    if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
        TRY(hm_error_set(err, HM_BAD_INPUT, "%s: found a certificate that cannot be read: %s", path,
                         openssl_reason()));
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
    buf_reserve(&file, KEY_FILE_BYTES_MAX); /* growing would leave copies of the key */
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

/* The key must be the leaf's; the file often begins with another certificate. */
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
    return hm_error_set(err, HM_BAD_INPUT,
                        "%s: found a key that does not belong to the certificate in %s", key_path,
                        cert_path);
}

/* A self-signed certificate is what clients have to trust. It need not be sent, unless it is the
 * leaf. */
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
    return chain->root == NULL ? HM_OK : root_describe(chain, err);
}

/* OpenSSL judges the certificate now, not at the first handshake. */
static enum hm_code serve_check(const struct trust_chain *chain, const char *cert_path,
                                struct hm_error *err)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    enum hm_code code = HM_OK;

    if (ctx == NULL)
        code = no_memory(err);
    else if (!trust_chain_serve(chain, ctx))
        code = hm_error_set(err, HM_BAD_INPUT, "%s: OpenSSL rejects this certificate: %s",
                            cert_path, openssl_reason());
    SSL_CTX_free(ctx);
    return code;
}

enum hm_code trust_chain_load(struct trust_chain **chain, const char *cert_path,
                              const char *key_path, struct hm_error *err)
{
    enum hm_code code;

    *chain = chain_empty();
    if (*chain == NULL)
        return no_memory(err);
    TRY(certificates_read(*chain, cert_path, err));
    TRY(key_read(*chain, key_path, err));
    TRY(key_check(*chain, cert_path, key_path, err));
    TRY(root_take(*chain, err));
    TRY(serve_check(*chain, cert_path, err));
out:
    if (code != HM_OK) {
        trust_chain_free(*chain);
        *chain = NULL;
    }
    return code;
}
