#include "tls/trust_store.h"

#include "store/clock.h"
#include "support/file.h"
#include "support/try.h"
#include "tls/jks.h"
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { JKS_BYTES_MAX = 64 * 1024, ALIAS_TEXT = 32, PATH_TEXT = 4096, MODE_FOR_ALL = 0644 };

enum hm_code trust_jks(struct buf *out, const char *pem, size_t length, struct hm_error *err)
{
    const struct clock real = { 0 };
    BIO *source = BIO_new_mem_buf(pem, (int)length);
    char *name, *header, alias[ALIAS_TEXT];
    unsigned char *der;
    long der_length;
    struct jks jks;
    bool is_done = source != NULL;

    jks_begin(&jks, out, clock_now_us(&real) / 1000);
    while (is_done && PEM_read_bio(source, &name, &header, &der, &der_length) == 1) {
        if (strcmp(name, PEM_STRING_X509) == 0 || strcmp(name, PEM_STRING_X509_OLD) == 0) {
            snprintf(alias, sizeof alias, "heymarket-mock-%u", jks.count + 1);
            jks_add(&jks, alias, der, (size_t)der_length);
        }
        OPENSSL_free(name);
        OPENSSL_free(header);
        OPENSSL_free(der);
    }
    ERR_clear_error();
    BIO_free(source);
    if (!is_done || !jks_end(&jks))
        return hm_error_set(err, HM_NO_MEMORY, "out of memory for a Java key store");
    return HM_OK;
}

/* The path of the key store beside @path. False: too long. */
static bool jks_path(char out[PATH_TEXT], const char *path)
{
    static const char *const endings[] = { ".pem", ".crt", ".cer" };
    size_t length = strlen(path);
    int written;

    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t ending = strlen(endings[i]);

        if (length > ending && strcmp(path + length - ending, endings[i]) == 0) {
            length -= ending;
            break;
        }
    }
    written = snprintf(out, PATH_TEXT, "%.*s.jks", (int)length, path);
    return written > 0 && written < PATH_TEXT;
}

static enum hm_code public_write(const char *path, const char *bytes, size_t length,
                                 struct hm_error *err)
{
    enum hm_code code = file_write(path, bytes, length, err);

    if (code == HM_OK && chmod(path, MODE_FOR_ALL) != 0)
        code = hm_error_set(err, HM_BAD_INPUT, "%s: cannot be made readable for all", path);
    return code;
}

enum hm_code trust_root_write(const struct trust_chain *chain, const char *path,
                              struct hm_error *err)
{
    const char *pem = trust_root_pem(chain);
    char beside[PATH_TEXT];
    struct buf jks;
    enum hm_code code;

    buf_init(&jks, JKS_BYTES_MAX);
    if (pem == NULL)
        TRY(hm_error_set(err, HM_BAD_INPUT,
                         "%s: there is no root to write, as the file of --tls-cert holds no "
                         "self-signed certificate",
                         path));
    if (!jks_path(beside, path))
        TRY(hm_error_set(err, HM_BAD_INPUT, "%s: the name is too long", path));
    TRY(trust_jks(&jks, pem, strlen(pem), err));
    TRY(public_write(path, pem, strlen(pem), err));
    TRY(public_write(beside, jks.data, jks.length, err));
out:
    buf_fini(&jks);
    return code;
}
