#include "tests/test_tls.h"
#include "tests/temporary.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { LIFE_S = 3600, X509_V3 = 2 };

struct test_tls_identity {
    SSL_CTX *context;
    char ca_file[TEMPORARY_PATH]; /* "": none */
};

struct test_tls {
    SSL *ssl;
};

static bool add_extension(X509 *certificate, int nid, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
    bool is_added = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;

    X509_EXTENSION_free(extension);
    return is_added;
}

static bool fill(X509 *certificate, EVP_PKEY *key)
{
    X509_NAME *name = X509_get_subject_name(certificate);

    return X509_set_version(certificate, X509_V3) == 1 &&
           ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1) == 1 &&
           X509_gmtime_adj(X509_getm_notBefore(certificate), -LIFE_S) != NULL &&
           X509_gmtime_adj(X509_getm_notAfter(certificate), LIFE_S) != NULL &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"test", -1,
                                      -1, 0) == 1 &&
           X509_set_issuer_name(certificate, name) == 1 && X509_set_pubkey(certificate, key) == 1 &&
           add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE") &&
           add_extension(certificate, NID_subject_alt_name, "IP:127.0.0.1") &&
           X509_sign(certificate, key, EVP_sha256()) > 0;
}

static bool write_file(struct test_tls_identity *identity, X509 *certificate)
{
    bool is_written;
    FILE *out = temporary_file(identity->ca_file) ? fopen(identity->ca_file, "w") : NULL;

    if (out == NULL)
        return false;
    is_written = PEM_write_X509(out, certificate) == 1;
    return fclose(out) == 0 && is_written;
}

struct test_tls_identity *test_tls_identity_new(void)
{
    struct test_tls_identity *identity = calloc(1, sizeof *identity);
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    bool is_made = false;

    if (identity != NULL && key != NULL && certificate != NULL) {
        identity->context = SSL_CTX_new(TLS_server_method());
        is_made = identity->context != NULL && fill(certificate, key) &&
                  write_file(identity, certificate) &&
                  SSL_CTX_use_certificate(identity->context, certificate) == 1 &&
                  SSL_CTX_use_PrivateKey(identity->context, key) == 1;
    }
    X509_free(certificate);
    EVP_PKEY_free(key);
    if (is_made)
        return identity;
    test_tls_identity_free(identity);
    return NULL;
}

void test_tls_identity_free(struct test_tls_identity *identity)
{
    if (identity == NULL)
        return;
    if (identity->ca_file[0] != '\0')
        unlink(identity->ca_file);
    SSL_CTX_free(identity->context);
    free(identity);
}

const char *test_tls_ca_file(const struct test_tls_identity *identity)
{
    return identity->ca_file;
}

struct test_tls *test_tls_accept(struct test_tls_identity *identity, int socket)
{
    struct test_tls *tls = calloc(1, sizeof *tls);

    if (tls == NULL)
        return NULL;
    tls->ssl = SSL_new(identity->context);
    if (tls->ssl == NULL || SSL_set_fd(tls->ssl, socket) != 1 || SSL_accept(tls->ssl) != 1) {
        test_tls_free(tls);
        return NULL;
    }
    return tls;
}

void test_tls_free(struct test_tls *tls)
{
    if (tls == NULL)
        return;
    SSL_free(tls->ssl);
    free(tls);
}

bool test_tls_has_more(const struct test_tls *tls)
{
    return SSL_pending(tls->ssl) > 0;
}

ssize_t test_tls_read(struct test_tls *tls, void *out, size_t size)
{
    size_t bytes = 0;

    return SSL_read_ex(tls->ssl, out, size, &bytes) == 1 ? (ssize_t)bytes : -1;
}

ssize_t test_tls_write(struct test_tls *tls, const void *data, size_t length)
{
    size_t bytes = 0;

    return SSL_write_ex(tls->ssl, data, length, &bytes) == 1 ? (ssize_t)bytes : -1;
}
