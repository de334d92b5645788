#include "tls/trust.h"

#include "tls/trust_parts.h"
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOT_PEM_BYTES_MAX = 64 * 1024 };

struct trust_chain *trust_parts_new(void)
{
    struct trust_chain *chain = calloc(1, sizeof *chain);

    if (chain == NULL)
        return NULL;
    atomic_init(&chain->holders, 1);
    buf_init(&chain->root_pem, ROOT_PEM_BYTES_MAX);
    chain->between = sk_X509_new_null();
    if (chain->between == NULL) {
        trust_chain_free(chain);
        chain = NULL;
    }
    return chain;
}

void trust_chain_free(struct trust_chain *chain)
{
    if (chain == NULL || atomic_fetch_sub_explicit(&chain->holders, 1, memory_order_acq_rel) != 1)
        return;
    EVP_PKEY_free(chain->key);
    X509_free(chain->leaf);
    sk_X509_pop_free(chain->between, X509_free);
    X509_free(chain->root);
    buf_fini(&chain->root_pem);
    free(chain);
}

bool trust_parts_describe(struct trust_chain *chain)
{
    BIO *pem = BIO_new(BIO_s_mem());
    char *text;
    long length;

    if (pem != NULL && PEM_write_bio_X509(pem, chain->root) == 1) {
        length = BIO_get_mem_data(pem, &text);
        buf_add(&chain->root_pem, text, (size_t)length);
    }
    BIO_free(pem);
    snprintf(chain->root_file, sizeof chain->root_file, "%08lx.0",
             X509_subject_name_hash(chain->root));
    return chain->root_pem.length > 0;
}

const char *trust_reason_of(unsigned long number)
{
    const char *reason;

    OPENSSL_init_ssl(OPENSSL_INIT_LOAD_SSL_STRINGS, NULL);
    reason = ERR_reason_error_string(number);
    return reason == NULL ? "for a reason unknown" : reason;
}

const char *trust_reason(void)
{
    unsigned long number = ERR_get_error();

    ERR_clear_error();
    return trust_reason_of(number);
}

/* A client that offers protocols, but not ours, is told so rather than misunderstood. */
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

bool trust_parts_set(SSL_CTX *ctx)
{
    static const unsigned char session_context[] = "heymarket-mock";

    if (SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) != 1 ||
        SSL_CTX_set_session_id_context(ctx, session_context, sizeof session_context - 1) != 1)
        return false;
    SSL_CTX_set_alpn_select_cb(ctx, protocol_choose, NULL);
    return true;
}

bool trust_chain_serve(const struct trust_chain *chain, void *ssl_ctx)
{
    return SSL_CTX_use_cert_and_key(ssl_ctx, chain->leaf, chain->key, chain->between, 1) == 1 &&
           trust_parts_set(ssl_ctx);
}

const char *trust_root_pem(const struct trust_chain *chain)
{
    return chain->root == NULL ? NULL : buf_text(&chain->root_pem);
}

const char *trust_root_file(const struct trust_chain *chain)
{
    return chain->root_file;
}

const char *trust_library(void)
{
    return OpenSSL_version(OPENSSL_FULL_VERSION_STRING);
}
