#include "tls/trust_store.h"

#include "store/clock.h"
#include "support/file.h"
#include "support/try.h"
#include "tls/jks.h"
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { JKS_BYTES_MAX = 64 * 1024, PATH_TEXT = 4096, MODE_FOR_ALL = 0644 };

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
    const struct clock real = { 0 };
    char beside[PATH_TEXT];
    struct buf jks;
    enum hm_code code;

    if (pem == NULL)
        return hm_error_set(err, HM_BAD_INPUT,
                            "%s: there is no root to write, as the file of --tls-cert holds no "
                            "self-signed certificate",
                            path);
    buf_init(&jks, JKS_BYTES_MAX);
    if (!jks_path(beside, path))
        TRY(hm_error_set(err, HM_BAD_INPUT, "%s: the name is too long", path));
    TRY(jks_write(&jks, pem, strlen(pem), clock_now_us(&real) / 1000, err));
    TRY(public_write(path, pem, strlen(pem), err));
    TRY(public_write(beside, jks.data, jks.length, err));
out:
    buf_fini(&jks);
    return code;
}
