/* The certificates of the HTTPS listeners: a throw-away chain, made at start, or the user's own. */
#ifndef MOCK_TLS_TRUST_H
#define MOCK_TLS_TRUST_H

#include <heymarket/error.h>
#include <stdbool.h>

struct trust_chain;

/* Begins to make a throw-away chain (see trust_make.h), in a thread. trust_chain_free() it.
 * returns HM_OK; HM_NO_MEMORY, HM_INTERNAL (no thread) */
HM_MUST_USE enum hm_code trust_chain_begin(struct trust_chain **chain, struct hm_error *err);

/* Waits until it is made: only then may it be used. Nothing for any other chain.
 * returns HM_OK, HM_NO_MEMORY, HM_INTERNAL (OpenSSL refuses) */
HM_MUST_USE enum hm_code trust_chain_end(struct trust_chain *chain, struct hm_error *err);

/* Reads --tls-cert, a PEM file with the certificate first and then those that lead to a root, and
 * --tls-key, its private key in PEM without a passphrase.
 * returns HM_OK; HM_BAD_INPUT (a file that cannot be used, a key of another certificate);
 *         HM_NO_MEMORY */
HM_MUST_USE enum hm_code trust_chain_load(struct trust_chain **chain, const char *cert_path,
                                          const char *key_path, struct hm_error *err);

/* Wipes the key, unless an SSL_CTX uses it still. NULL is fine. */
void trust_chain_free(struct trust_chain *chain);

/* Puts certificates, key and our settings into an SSL_CTX, which holds them from then on: TLS 1.2
 * and up, resumption, only HTTP/1.1 by ALPN. False: OpenSSL refuses. */
HM_MUST_USE bool trust_chain_serve(const struct trust_chain *chain, void *ssl_ctx);

/* The root, which clients must trust, in PEM; of a certificate of the user's, the self-signed one
 * in its file. NULL: there is none. Borrowed. */
const char *trust_root_pem(const struct trust_chain *chain);

/* The name by which OpenSSL finds the root in a directory, "5ed36f99.0"; "": there is none. */
const char *trust_root_file(const struct trust_chain *chain);

#endif
