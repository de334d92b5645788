#include "contract/hmac.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdlib.h>
#include <string.h>

/* The two digests of RFC 2104, each begun with the key's block: never used themselves but copied.
 * Fetching an algorithm costs far more than the HMAC of a token, and copying an EVP_MAC_CTX as much
 * again. (To begin one anew without a key does not work in OpenSSL 3.0.0 to 3.0.2.) */
struct hmac_key {
    EVP_MD_CTX *inner, *outer;
};

enum { BLOCK_BYTES_MAX = 128 }; /* of SHA-384 and SHA-512 */

static const struct {
    char name[8];
    size_t bytes;
} hashes[HASH_COUNT] = {
    [HASH_SHA256] = { "SHA256", 32 },
    [HASH_SHA384] = { "SHA384", 48 },
    [HASH_SHA512] = { "SHA512", 64 },
    [HASH_SHA1] = { "SHA1", 20 },
};

size_t hash_bytes(enum hash hash)
{
    return hashes[hash].bytes;
}

/* EVP_MAC_init takes no empty key; a zero byte is the same key, as RFC 2104 pads with zeros. */
static const unsigned char no_key[1] = { 0 };

/* A context with hash and key set; NULL: out of memory. */
static EVP_MAC_CTX *context_new(enum hash hash, const void *key, size_t length)
{
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *ctx = mac != NULL ? EVP_MAC_CTX_new(mac) : NULL;
    char digest[sizeof hashes[0].name];
    OSSL_PARAM params[2];

    memcpy(digest, hashes[hash].name, sizeof digest);
    params[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0);
    params[1] = OSSL_PARAM_construct_end();
    if (ctx != NULL &&
        EVP_MAC_init(ctx, length > 0 ? key : no_key, length > 0 ? length : 1, params) != 1) {
        EVP_MAC_CTX_free(ctx);
        ctx = NULL;
    }
    EVP_MAC_free(mac);
    return ctx;
}

/* A digest begun with the key's block, each byte changed by @pad; NULL: out of memory. */
static EVP_MD_CTX *begun_new(const EVP_MD *md, const unsigned char block[BLOCK_BYTES_MAX],
                             unsigned char pad)
{
    unsigned char padded[BLOCK_BYTES_MAX];
    size_t length = (size_t)EVP_MD_get_block_size(md);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();

    for (size_t i = 0; i < length; i++)
        padded[i] = block[i] ^ pad;
    if (ctx != NULL &&
        (EVP_DigestInit_ex2(ctx, md, NULL) != 1 || EVP_DigestUpdate(ctx, padded, length) != 1)) {
        EVP_MD_CTX_free(ctx);
        ctx = NULL;
    }
    OPENSSL_cleanse(padded, sizeof padded);
    return ctx;
}

/* RFC 2104 §2: a key longer than a block is replaced by its digest, a shorter one padded with
 * zeros.
 */
static bool key_begin(struct hmac_key *key, enum hash hash, const void *bytes, size_t length)
{
    EVP_MD *md = EVP_MD_fetch(NULL, hashes[hash].name, NULL);
    unsigned char block[BLOCK_BYTES_MAX] = { 0 };
    bool ok = md != NULL;

    if (ok && length > (size_t)EVP_MD_get_block_size(md))
        ok = EVP_Digest(bytes, length, block, NULL, md, NULL) == 1;
    else if (length > 0 && ok)
        memcpy(block, bytes, length);
    if (ok) {
        key->inner = begun_new(md, block, 0x36);
        key->outer = begun_new(md, block, 0x5C);
    }
    OPENSSL_cleanse(block, sizeof block);
    EVP_MD_free(md);
    return key->inner != NULL && key->outer != NULL;
}

enum hm_code hmac_key_new(struct hmac_key **key, enum hash hash, const void *bytes, size_t length,
                          struct hm_error *err)
{
    struct hmac_key *made = calloc(1, sizeof *made);

    *key = NULL;
    if (made == NULL || !key_begin(made, hash, bytes, length)) {
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
    EVP_MD_CTX_free(key->inner); /* wipes what was made of the key */
    EVP_MD_CTX_free(key->outer);
    free(key);
}

bool hmac_key_mac(const struct hmac_key *key, const void *data, size_t length,
                  unsigned char mac[MAC_BYTES_MAX])
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    unsigned written = 0;
    bool ok =
        ctx != NULL && EVP_MD_CTX_copy_ex(ctx, key->inner) == 1 &&
        EVP_DigestUpdate(ctx, data, length) == 1 && EVP_DigestFinal_ex(ctx, mac, &written) == 1 &&
        EVP_MD_CTX_copy_ex(ctx, key->outer) == 1 && EVP_DigestUpdate(ctx, mac, written) == 1 &&
        EVP_DigestFinal_ex(ctx, mac, &written) == 1;

    EVP_MD_CTX_free(ctx);
    return ok;
}

struct hmac_scratch {
    EVP_MAC_CTX *by_hash[HASH_COUNT]; /* made when first used */
};

struct hmac_scratch *hmac_scratch_new(void)
{
    return calloc(1, sizeof(struct hmac_scratch));
}

void hmac_scratch_free(struct hmac_scratch *scratch)
{
    if (scratch == NULL)
        return;
    for (size_t i = 0; i < HASH_COUNT; i++)
        EVP_MAC_CTX_free(scratch->by_hash[i]);
    free(scratch);
}

bool hmac_scratch_mac(struct hmac_scratch *scratch, enum hash hash, const void *key,
                      size_t key_length, const void *data, size_t length,
                      unsigned char mac[MAC_BYTES_MAX])
{
    EVP_MAC_CTX **ctx = &scratch->by_hash[hash];
    size_t written = 0;

    if (*ctx == NULL)
        *ctx = context_new(hash, key, key_length);
    else if (EVP_MAC_init(*ctx, key_length > 0 ? key : no_key, key_length > 0 ? key_length : 1,
                          NULL) != 1)
        return false;
    return *ctx != NULL && EVP_MAC_update(*ctx, data, length) == 1 &&
           EVP_MAC_final(*ctx, mac, &written, MAC_BYTES_MAX) == 1;
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
