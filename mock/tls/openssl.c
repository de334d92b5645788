#include "tls/openssl.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>

const char *openssl_version(void)
{
    return OpenSSL_version(OPENSSL_FULL_VERSION_STRING);
}

const char *openssl_reason_of(unsigned long number)
{
    OPENSSL_init_ssl(OPENSSL_INIT_LOAD_SSL_STRINGS, NULL);
    const char *reason = ERR_reason_error_string(number);

    return reason == NULL ? "unknown reason" : reason;
}

const char *openssl_reason(void)
{
    unsigned long number = ERR_get_error();

    ERR_clear_error();
    return openssl_reason_of(number);
}

size_t openssl_request(int fd, const char *request, char *answer, size_t capacity)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    SSL *ssl = ctx == NULL ? NULL : SSL_new(ctx);
    char name[] = "localhost"; /* the macro below casts a const away */
    size_t got = 0, sent, part;

    if (ssl != NULL && SSL_set_fd(ssl, fd) == 1 && SSL_set_tlsext_host_name(ssl, name) == 1 &&
        SSL_connect(ssl) == 1 && SSL_write_ex(ssl, request, strlen(request), &sent) == 1) {
        while (got + 1 < capacity && SSL_read_ex(ssl, answer + got, capacity - 1 - got, &part) == 1)
            got += part;
    }
    answer[got] = '\0';
    SSL_free(ssl);
    SSL_CTX_free(ctx);
    ERR_clear_error();
    return got;
}
