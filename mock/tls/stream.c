#include "tls/stream.h"

#include "support/monotonic.h"
#include "support/no_memory.h"
#include "support/platform.h"
#include "support/try.h"
#include "tls/openssl.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HOST_BYTES_MAX = 1025 }; /* NUL included */

struct stream_trust {
    SSL_CTX *ctx;
};

struct stream {
    int fd;
    SSL *ssl; /* NULL: plain */
};

enum hm_code stream_trust_new(struct stream_trust **trust, struct hm_error *err)
{
    *trust = calloc(1, sizeof **trust);
    if (*trust == NULL)
        return no_memory(err);
    (*trust)->ctx = SSL_CTX_new(TLS_client_method());
    if ((*trust)->ctx != NULL &&
        SSL_CTX_set_min_proto_version((*trust)->ctx, TLS1_2_VERSION) == 1 &&
        SSL_CTX_set_default_verify_paths((*trust)->ctx) == 1) {
        SSL_CTX_set_verify((*trust)->ctx, SSL_VERIFY_PEER, NULL);
        return HM_OK;
    }
    stream_trust_free(*trust);
    *trust = NULL;
    return hm_error_set(err, HM_INTERNAL, "TLS cannot be used: %s", openssl_reason());
}

void stream_trust_free(struct stream_trust *trust)
{
    if (trust != NULL)
        SSL_CTX_free(trust->ctx);
    free(trust);
}

/* Waits until @fd is ready for @events. False: the time is up. */
static bool wait_for(int fd, short events, int64_t end_ms)
{
    struct pollfd waiting = { .fd = fd, .events = events };
    int64_t left_ms;
    int ready;

    do {
        left_ms = end_ms - monotonic_ms();
        if (left_ms <= 0)
            return false;
        ready = poll(&waiting, 1, left_ms > INT_MAX ? INT_MAX : (int)left_ms);
    } while (ready == 0 || (ready < 0 && errno == EINTR));
    return ready > 0;
}

/* A socket connected to the address; -1: see errno. */
static int connect_to(const struct addrinfo *address, int64_t end_ms)
{
    const int on = 1;
    int fd = platform_stream_socket(address->ai_family);
    int reason = 0;
    socklen_t size = sizeof reason;

    if (fd < 0)
        return -1;
    if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0 ||
        connect(fd, address->ai_addr, address->ai_addrlen) != 0)
        reason = errno;
    if (reason == EINPROGRESS) {
        reason = ETIMEDOUT;
        if (wait_for(fd, POLLOUT, end_ms) &&
            getsockopt(fd, SOL_SOCKET, SO_ERROR, &reason, &size) != 0)
            reason = errno;
    }
    if (reason == 0) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        return fd;
    }
    close(fd);
    errno = reason;
    return -1;
}

static enum hm_code connect_any(int *fd, const char *host, const char *port, int64_t end_ms,
                                struct hm_error *err)
{
    const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV };
    struct addrinfo *found, *at;
    int failure = getaddrinfo(host, port, &hints, &found);

    *fd = -1;
    if (failure != 0)
        return hm_error_set(err, HM_NOT_SENT, "%s: %s", host, gai_strerror(failure));
    for (at = found; at != NULL && *fd < 0; at = at->ai_next)
        *fd = connect_to(at, end_ms);
    failure = errno;
    freeaddrinfo(found);
    return *fd >= 0 ? HM_OK
                    : hm_error_set(err, HM_NOT_SENT, "%s:%s: %s", host, port, strerror(failure));
}

/* After a call of SSL that did not succeed: may it be made again? */
static bool may_go_on(const struct stream *stream, int result, int64_t end_ms)
{
    switch (SSL_get_error(stream->ssl, result)) {
    case SSL_ERROR_WANT_READ:
        return wait_for(stream->fd, POLLIN, end_ms);
    case SSL_ERROR_WANT_WRITE:
        return wait_for(stream->fd, POLLOUT, end_ms);
    default:
        return false;
    }
}

/* The certificate must be for @host, a name or an address. */
static bool host_is_expected(SSL *ssl, const char *host)
{
    char name[HOST_BYTES_MAX];

    if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) == 1)
        return true;
    if (strlen(host) >= sizeof name)
        return false;
    memcpy(name, host, strlen(host) + 1); /* the macro below casts a const away */
    return SSL_set_tlsext_host_name(ssl, name) == 1 && SSL_set1_host(ssl, host) == 1;
}

static enum hm_code secure(struct stream *stream, const char *host,
                           const struct stream_trust *trust, int64_t end_ms, struct hm_error *err)
{
    int result;

    stream->ssl = SSL_new(trust->ctx);
    if (stream->ssl == NULL || SSL_set_fd(stream->ssl, stream->fd) != 1 ||
        !host_is_expected(stream->ssl, host))
        return no_memory(err);
    SSL_set_mode(stream->ssl, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    do {
        ERR_clear_error();
        result = SSL_connect(stream->ssl);
    } while (result != 1 && may_go_on(stream, result, end_ms));
    if (result == 1)
        return HM_OK;

    const long verdict = SSL_get_verify_result(stream->ssl);

    if (verdict == X509_V_OK) {
        hm_error_set(err, HM_NOT_SENT, "%s: no TLS: %s", host,
                     ERR_peek_error() == 0 ? "the connection ended during the handshake"
                                           : openssl_reason());
    } else {
        hm_error_set(err, HM_NOT_SENT, "%s: the certificate is not trusted: %s", host,
                     X509_verify_cert_error_string(verdict));
        if (err != NULL)
            err->is_untrusted = true;
    }
    ERR_clear_error();
    return HM_NOT_SENT;
}

enum hm_code stream_open(struct stream **stream, const char *host, const char *port,
                         const struct stream_trust *trust, int64_t end_ms, struct hm_error *err)
{
    struct stream *opened = calloc(1, sizeof *opened);
    enum hm_code code;

    *stream = NULL;
    if (opened == NULL)
        return no_memory(err);
    TRY(connect_any(&opened->fd, host, port, end_ms, err));
    if (trust != NULL)
        TRY(secure(opened, host, trust, end_ms, err));
    *stream = opened;
    opened = NULL;
out:
    stream_close(opened);
    return code;
}

bool stream_write(struct stream *stream, const char *bytes, size_t length, int64_t end_ms)
{
    while (length > 0) {
        size_t part = 0;

        if (stream->ssl != NULL) {
            ERR_clear_error();
            if (SSL_write_ex(stream->ssl, bytes, length, &part) != 1 &&
                !may_go_on(stream, 0, end_ms))
                return false;
        } else {
            ssize_t sent = send(stream->fd, bytes, length, 0);

            if (sent < 0 && errno != EINTR &&
                !(errno == EAGAIN && wait_for(stream->fd, POLLOUT, end_ms)))
                return false;
            part = sent < 0 ? 0 : (size_t)sent;
        }
        bytes += part;
        length -= part;
    }
    return true;
}

size_t stream_read(struct stream *stream, char *bytes, size_t capacity, int64_t end_ms)
{
    size_t got = 0;

    if (stream->ssl != NULL) {
        do {
            ERR_clear_error();
        } while (SSL_read_ex(stream->ssl, bytes, capacity, &got) != 1 &&
                 may_go_on(stream, 0, end_ms));
        return got;
    }
    for (;;) {
        ssize_t part = recv(stream->fd, bytes, capacity, 0);

        if (part >= 0)
            return (size_t)part;
        if (errno != EINTR && !(errno == EAGAIN && wait_for(stream->fd, POLLIN, end_ms)))
            return 0;
    }
}

void stream_close(struct stream *stream)
{
    if (stream == NULL)
        return;
    SSL_free(stream->ssl);
    if (stream->fd >= 0)
        close(stream->fd);
    free(stream);
}
