/* TLS for the test server: the one file of the tests that knows libssl. */
#ifndef TEST_TLS_H
#define TEST_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* A key and a certificate for 127.0.0.1 that is its own root; the root is also in a file. */
struct test_tls_identity;

/* NULL: it cannot be made. */
struct test_tls_identity *test_tls_identity_new(void);
void test_tls_identity_free(struct test_tls_identity *identity);

/* The PEM file of the root; borrowed, removed with the identity. */
const char *test_tls_ca_file(const struct test_tls_identity *identity);

/* A connection's server side. NULL: no handshake. */
struct test_tls;
struct test_tls *test_tls_accept(struct test_tls_identity *identity, int socket);
void test_tls_free(struct test_tls *tls);

/* Bytes are there that the socket does not show any more. */
bool test_tls_has_more(const struct test_tls *tls);
ssize_t test_tls_read(struct test_tls *tls, void *out, size_t size);
ssize_t test_tls_write(struct test_tls *tls, const void *data, size_t length);

#endif
