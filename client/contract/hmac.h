/* HMAC, digests, constant-time comparison, wiping: the only user of libcrypto in this part. */
#ifndef CONTRACT_HMAC_H
#define CONTRACT_HMAC_H

#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>

enum hash {
    HASH_SHA256,
    HASH_SHA384,
    HASH_SHA512,
    HASH_SHA1,
    HASH_MD5,
    HASH_SHA224,
    HASH_SHA3_256,
    HASH_COUNT
};
enum { MAC_BYTES_MAX = 64, SHA256_BYTES = 32 };

/* Bytes of a digest. */
size_t hash_bytes(enum hash hash);

/* A key prepared for HMAC with one hash. Any number of threads may use it at once. */
struct hmac_key;

HM_MUST_USE enum hm_code hmac_key_new(struct hmac_key **key, enum hash hash, const void *bytes,
                                      size_t length, struct hm_error *err);
void hmac_key_free(struct hmac_key *key);

/* HMAC of @data (RFC 2104). False: out of memory. */
HM_MUST_USE bool hmac_key_mac(const struct hmac_key *key, const void *data, size_t length,
                              unsigned char mac[MAC_BYTES_MAX]);

/* For HMACs with many keys, one after the other. For one thread. */
struct hmac_scratch;

struct hmac_scratch *hmac_scratch_new(void); /* NULL: out of memory */
void hmac_scratch_free(struct hmac_scratch *scratch);
HM_MUST_USE bool hmac_scratch_mac(struct hmac_scratch *scratch, enum hash hash, const void *key,
                                  size_t key_length, const void *data, size_t length,
                                  unsigned char mac[MAC_BYTES_MAX]);

/* The plain digest of @data. False: out of memory. */
HM_MUST_USE bool hash_digest(enum hash hash, const void *data, size_t length,
                             unsigned char digest[MAC_BYTES_MAX]);

/* Compares in a time that does not depend on the content. */
bool bytes_equal(const void *a, const void *b, size_t length);

/* Overwrites; the compiler cannot leave it out. NULL is fine. */
void bytes_wipe(void *data, size_t length);

/* Wipes and frees a string. NULL is fine. */
void secret_wipe(char *secret);

#endif
