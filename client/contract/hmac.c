#include "contract/hmac.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

/* The two digests of RFC 2104, each started with the key's block; they are copied for every HMAC.
 * EVP_MAC is not used: fetching it costs far more than the HMAC of a token, copying its context as
 * much again, and it cannot be restarted without a key in OpenSSL 3.0.0 to 3.0.2. */
struct hmac_key {
    EVP_MD_CTX *inner, *outer;
};

enum { BLOCK_BYTES_MAX = 136, INNER_PAD = 0x36, OUTER_PAD = 0x5C };

static const struct {
    char name[16];
    size_t bytes;
} hashes[HASH_COUNT] = {
    [HASH_SHA256] = { "SHA256", 32 },     [HASH_SHA384] = { "SHA384", 48 },
    [HASH_SHA512] = { "SHA512", 64 },     [HASH_SHA1] = { "SHA1", 20 },
    [HASH_MD5] = { "MD5", 16 },           [HASH_SHA224] = { "SHA224", 28 },
    [HASH_SHA3_256] = { "SHA3-256", 32 },
};

size_t hash_bytes(enum hash hash)
{
    return hashes[hash].bytes;
}

/* RFC 2104, section 2: a key longer than a block is replaced by its digest, a shorter one padded
 * with zeros. */
static bool key_block(unsigned char block[BLOCK_BYTES_MAX], const EVP_MD *md, const void *key,
                      size_t length)
{
    memset(block, 0, BLOCK_BYTES_MAX);
    if (length > (size_t)EVP_MD_get_block_size(md))
        return EVP_Digest(key, length, block, NULL, md, NULL) == 1;
    if (length > 0)
        memcpy(block, key, length);
    return true;
}

/* Starts a digest with the key's block, each byte changed by @pad. */
static bool start(EVP_MD_CTX *ctx, const EVP_MD *md, const unsigned char block[BLOCK_BYTES_MAX],
                  unsigned char pad)
{
    unsigned char padded[BLOCK_BYTES_MAX];
    size_t length = (size_t)EVP_MD_get_block_size(md);
    bool ok;

    for (size_t i = 0; i < length; i++)
        padded[i] = block[i] ^ pad;
    ok = EVP_DigestInit_ex2(ctx, md, NULL) == 1 && EVP_DigestUpdate(ctx, padded, length) == 1;
    OPENSSL_cleanse(padded, sizeof padded);
    return ok;
}

static bool finish(EVP_MD_CTX *ctx, const void *data, size_t length, unsigned char *out,
                   unsigned *written)
{
    return EVP_DigestUpdate(ctx, data, length) == 1 && EVP_DigestFinal_ex(ctx, out, written) == 1;
}

static bool key_start(struct hmac_key *key, enum hash hash, const void *bytes, size_t length)
{
    EVP_MD *md = EVP_MD_fetch(NULL, hashes[hash].name, NULL);
    unsigned char block[BLOCK_BYTES_MAX];
    bool ok;

    key->inner = EVP_MD_CTX_new();
    key->outer = EVP_MD_CTX_new();
    ok = md != NULL && key->inner != NULL && key->outer != NULL &&
         key_block(block, md, bytes, length) && start(key->inner, md, block, INNER_PAD) &&
         start(key->outer, md, block, OUTER_PAD);
    OPENSSL_cleanse(block, sizeof block);
    EVP_MD_free(md);
    return ok;
}

enum hm_code hmac_key_new(struct hmac_key **key, enum hash hash, const void *bytes, size_t length,
                          struct hm_error *err)
{
    struct hmac_key *made = calloc(1, sizeof *made);

    *key = NULL;
    if (made == NULL || !key_start(made, hash, bytes, length)) {
        hmac_key_free(made);
        return hm_error_set(err, HM_NO_MEMORY, "OpenSSL cannot make an HMAC key");
    }
    *key = made;
    return HM_OK;
}

void hmac_key_free(struct hmac_key *key)
{
    if (key == NULL)
        return;
    EVP_MD_CTX_free(key->inner); /* wipes what was derived from the key */
    EVP_MD_CTX_free(key->outer);
    free(key);
}

bool hmac_key_mac(const struct hmac_key *key, const void *data, size_t length,
                  unsigned char mac[MAC_BYTES_MAX])
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    unsigned written = 0;
    bool ok = ctx != NULL && EVP_MD_CTX_copy_ex(ctx, key->inner) == 1 &&
              finish(ctx, data, length, mac, &written) &&
              EVP_MD_CTX_copy_ex(ctx, key->outer) == 1 && finish(ctx, mac, written, mac, &written);

    EVP_MD_CTX_free(ctx);
    return ok;
}

struct hmac_scratch {
    EVP_MD_CTX *ctx;
    EVP_MD *by_hash[HASH_COUNT]; /* fetched when first used */
};

struct hmac_scratch *hmac_scratch_new(void)
{
    struct hmac_scratch *made = calloc(1, sizeof *made);

    if (made != NULL && (made->ctx = EVP_MD_CTX_new()) == NULL) {
        free(made);
        return NULL;
    }
    return made;
}

void hmac_scratch_free(struct hmac_scratch *scratch)
{
    if (scratch == NULL)
        return;
    EVP_MD_CTX_free(scratch->ctx);
    for (size_t i = 0; i < HASH_COUNT; i++)
        EVP_MD_free(scratch->by_hash[i]);
    free(scratch);
}

bool hmac_scratch_mac(struct hmac_scratch *scratch, enum hash hash, const void *key,
                      size_t key_length, const void *data, size_t length,
                      unsigned char mac[MAC_BYTES_MAX])
{
    EVP_MD **md = &scratch->by_hash[hash];
    unsigned char block[BLOCK_BYTES_MAX];
    unsigned written = 0;
    bool ok;

    if (*md == NULL)
        *md = EVP_MD_fetch(NULL, hashes[hash].name, NULL);
    ok = *md != NULL && key_block(block, *md, key, key_length) &&
         start(scratch->ctx, *md, block, INNER_PAD) &&
         finish(scratch->ctx, data, length, mac, &written) &&
         start(scratch->ctx, *md, block, OUTER_PAD) &&
         finish(scratch->ctx, mac, written, mac, &written);
    OPENSSL_cleanse(block, sizeof block);
    return ok;
}

bool hash_digest(enum hash hash, const void *data, size_t length,
                 unsigned char digest[MAC_BYTES_MAX])
{
    return EVP_Q_digest(NULL, hashes[hash].name, NULL, data, length, digest, NULL) == 1;
}

bool bytes_equal(const void *a, const void *b, size_t length)
{
    return CRYPTO_memcmp(a, b, length) == 0;
}

void bytes_wipe(void *data, size_t length)
{
    if (data != NULL)
        OPENSSL_cleanse(data, length);
}

void secret_wipe(char *secret)
{
    if (secret == NULL)
        return;
    OPENSSL_cleanse(secret, strlen(secret));
    free(secret);
}
