#include "tls/jks.h"

#include "support/no_memory.h"
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <string.h>

enum {
    VERSION = 2,
    TRUSTED_CERTIFICATE = 2,
    VERSION_AT = 4, /* after the magic number */
    COUNT_AT = 8,
    HEADER_BYTES = 12,
    DIGEST_BYTES = 20,
    ALIAS_TEXT = 32
};

static const uint32_t magic = 0xFEEDFEED;

/* Appends the lowest @bytes of a number, most significant first. */
static void number_add(struct buf *out, uint64_t number, int bytes)
{
    while (bytes-- > 0)
        buf_putc(out, (char)(unsigned char)(number >> (8 * bytes)));
}

/* Length in two bytes, then the text. */
static void text_add(struct buf *out, const char *text)
{
    size_t length = strlen(text);

    number_add(out, length, 2);
    buf_add(out, text, length);
}

static void entry_add(struct buf *out, unsigned number, const void *der, size_t length,
                      int64_t now_ms)
{
    char alias[ALIAS_TEXT];

    snprintf(alias, sizeof alias, "heymarket-mock-%u", number);
    number_add(out, TRUSTED_CERTIFICATE, 4);
    text_add(out, alias);
    number_add(out, (uint64_t)now_ms, 8);
    text_add(out, "X.509");
    number_add(out, length, 4);
    buf_add(out, der, length);
}

/* Adds entries to the @count that are there. Returns how many there are then. */
static unsigned entries_add(struct buf *out, BIO *pem, unsigned count, int64_t now_ms)
{
    char *name, *header;
    unsigned char *der;
    long length;

    while (PEM_read_bio(pem, &name, &header, &der, &length) == 1) {
        if (strcmp(name, PEM_STRING_X509) == 0 || strcmp(name, PEM_STRING_X509_OLD) == 0)
            entry_add(out, ++count, der, (size_t)length, now_ms);
        OPENSSL_free(name);
        OPENSSL_free(header);
        OPENSSL_free(der);
    }
    ERR_clear_error();
    return count;
}

/* SHA-1 of the password in UTF-16BE, a salt, and the store. */
static bool digest_add(struct buf *out, size_t start)
{
    static const char salt[] = "\0c\0h\0a\0n\0g\0e\0i\0t"
                               "Mighty Aphrodite";
    unsigned char digest[DIGEST_BYTES];
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool is_done = ctx != NULL && EVP_DigestInit_ex(ctx, EVP_sha1(), NULL) == 1 &&
                   EVP_DigestUpdate(ctx, salt, sizeof salt - 1) == 1 &&
                   EVP_DigestUpdate(ctx, out->data + start, out->length - start) == 1 &&
                   EVP_DigestFinal_ex(ctx, digest, NULL) == 1;

    EVP_MD_CTX_free(ctx);
    if (is_done)
        buf_add(out, digest, sizeof digest);
    return is_done && buf_ok(out);
}

static enum hm_code finish(struct buf *out, size_t start, unsigned count, const char *pem,
                           size_t length, int64_t now_ms, struct hm_error *err)
{
    BIO *source = BIO_new_mem_buf(pem, (int)length);

    if (source == NULL)
        return no_memory(err);
    count = entries_add(out, source, count, now_ms);
    BIO_free(source);
    for (size_t i = 0; i < 4 && buf_ok(out); i++)
        out->data[start + COUNT_AT + i] = (char)(unsigned char)(count >> (8 * (3 - i)));
    return buf_ok(out) && digest_add(out, start) ? HM_OK : no_memory(err);
}

enum hm_code jks_write(struct buf *out, const char *pem, size_t length, int64_t now_ms,
                       struct hm_error *err)
{
    const size_t start = out->length;

    number_add(out, magic, 4);
    number_add(out, VERSION, 4);
    number_add(out, 0, 4); /* the count is not known yet */
    return finish(out, start, 0, pem, length, now_ms, err);
}

static uint32_t number_at(const char *bytes)
{
    uint32_t number = 0;

    for (size_t i = 0; i < 4; i++)
        number = number << 8 | (unsigned char)bytes[i];
    return number;
}

bool jks_is(const struct buf *store)
{
    return store->length >= HEADER_BYTES + DIGEST_BYTES && number_at(store->data) == magic &&
           number_at(store->data + VERSION_AT) == VERSION;
}

enum hm_code jks_extend(struct buf *out, const struct buf *store, const char *pem, size_t length,
                        int64_t now_ms, struct hm_error *err)
{
    const size_t start = out->length;

    buf_add(out, store->data, store->length - DIGEST_BYTES);
    return finish(out, start, number_at(store->data + COUNT_AT), pem, length, now_ms, err);
}
