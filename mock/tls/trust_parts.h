/* Inside of a trust chain; for the trust*.c files alone. */
#ifndef MOCK_TLS_TRUST_PARTS_H
#define MOCK_TLS_TRUST_PARTS_H

#include "tls/trust.h"
#include <openssl/ssl.h>
#include <stdatomic.h>

enum { ROOT_FILE_TEXT = 16 };

struct trust_chain {
    atomic_uint holders;
    EVP_PKEY *key; /* of the leaf; no other is kept */
    X509 *leaf;
    STACK_OF(X509) * between; /* sent behind the leaf, in their order */
    X509 *root;               /* NULL: not known */
    struct buf root_pem;
    char root_file[ROOT_FILE_TEXT];
};

/* An empty one; NULL: out of memory. */
struct trust_chain *trust_parts_new(void);

/* Fills root_pem and root_file from the root. False: out of memory. */
__attribute__((warn_unused_result)) bool trust_parts_describe(struct trust_chain *chain);

/* All our settings but the certificate. False: OpenSSL refuses. */
__attribute__((warn_unused_result)) bool trust_parts_set(SSL_CTX *ctx);

/* What OpenSSL complained of first, "ee key too small"; never NULL. Forgets it. */
const char *trust_reason(void);

#endif
