/* What the HTTPS listeners show for themselves: a throw-away chain, made at start, or a certificate
 * of the user's own. Only the trust*.c files know OpenSSL.
 *
 * The throw-away chain is root -> intermediate -> leaf, all P-256, good from a year ago for two
 * years. The leaf bears the names localhost and api.heymarket.com and no IP address; the
 * intermediate may sign for no other name, and its key and the root's are wiped as soon as they
 * have signed. So whoever trusts the root trusts this one leaf. */
#ifndef MOCK_TLS_TRUST_H
#define MOCK_TLS_TRUST_H

#include "support/buf.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>

enum { TRUST_BUNDLE_BYTES_MAX = 16 * 1024 * 1024 }; /* of PEM; a system's roots are 0.2 MiB */

struct trust_chain;
struct trust_slot;

/* Makes a throw-away chain. The caller wants it free()d by trust_chain_free().
 * returns HM_OK, HM_NO_MEMORY, HM_INTERNAL (OpenSSL refuses) */
HM_MUST_USE enum hm_code trust_chain_new(struct trust_chain **chain, struct hm_error *err);

/* Reads --tls-cert, a PEM file with the certificate first and those that lead from it to a root
 * behind it, and --tls-key, its private key in PEM without a passphrase.
 * returns HM_OK; HM_BAD_INPUT (a file that cannot be used, a key of another certificate);
 *         HM_NO_MEMORY */
HM_MUST_USE enum hm_code trust_chain_load(struct trust_chain **chain, const char *cert_path,
                                          const char *key_path, struct hm_error *err);

/* Gives up a hold; the last one wipes the key. NULL is fine. */
void trust_chain_free(struct trust_chain *chain);

/* Puts certificates, key and our settings into an SSL_CTX: TLS 1.2 and up, resumption, HTTP/1.1
 * alone by ALPN. The SSL_CTX holds what it needs. False: OpenSSL refuses. */
__attribute__((warn_unused_result)) bool trust_chain_serve(const struct trust_chain *chain,
                                                           void *ssl_ctx);

/* Where the chain is kept that is shown, so that another can take its place while handshakes go on:
 * those that began before it end on the old one. @chain is taken over, whatever is returned.
 * NULL: out of memory. */
struct trust_slot *trust_slot_new(struct trust_chain *chain);

/* Once no handshake can begin any more. NULL is fine. */
void trust_slot_free(struct trust_slot *slot);

/* Shows @chain, which is taken over, from now on. Safe for threads. */
void trust_slot_put(struct trust_slot *slot, struct trust_chain *chain);

/* The one that is shown, held for the caller: trust_chain_free() it. Safe for threads. */
struct trust_chain *trust_slot_take(struct trust_slot *slot);

/* As trust_chain_serve(), of whatever chain the slot has when a handshake begins. */
__attribute__((warn_unused_result)) bool trust_slot_serve(struct trust_slot *slot, void *ssl_ctx);

/* What clients must trust, in PEM: the root, of a certificate of the user's the self-signed one in
 * its file. NULL: there is none. Borrowed. */
const char *trust_root_pem(const struct trust_chain *chain);

/* The name by which OpenSSL finds the root in a directory, "5ed36f99.0"; "" where there is none. */
const char *trust_root_file(const struct trust_chain *chain);

/* Writes the root to @path in PEM, and beside it a Java key store: @path with .jks for .pem, .crt
 * or .cer at its end, or else behind it. Both may be read by everybody.
 * returns HM_OK; HM_BAD_INPUT (cannot be written; there is no root); HM_NO_MEMORY */
HM_MUST_USE enum hm_code trust_root_write(const struct trust_chain *chain, const char *path,
                                          struct hm_error *err);

/* Appends a Java key store with every certificate of a PEM text.
 * returns HM_OK, HM_NO_MEMORY (also past the ceiling of @out) */
HM_MUST_USE enum hm_code trust_jks(struct buf *out, const char *pem, size_t length,
                                   struct hm_error *err);

/* Asks something over TLS on a connected socket and reads the answer, or what fits of it. Verifies
 * nothing: it is for a question whose answer is no secret and is not relied upon.
 * returns bytes of the answer, NUL-terminated; 0: there is none */
size_t trust_ask(int fd, const char *request, char *answer, size_t capacity);

/* OpenSSL's words for one of its numbers, "tlsv1 alert unknown ca"; never NULL. A static string. */
const char *trust_reason_of(unsigned long number);

/* OpenSSL's version, of the library that is loaded: "3.0.17". */
const char *trust_library(void);

#endif
