#include "support/ca_file.h"

#include "support/file.h"
#include "support/try.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CA_FILE_BYTES_MAX = 16 << 20 };

static const char *const system_files[] = {
    "/etc/ssl/certs/ca-certificates.crt", /* Debian, Arch, Gentoo */
    "/etc/pki/tls/certs/ca-bundle.crt",   /* Fedora, RHEL */
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem", /* SUSE */
    "/etc/ssl/cert.pem",      /* Alpine */
};

const char *ca_file_system(void)
{
    for (size_t i = 0; i < sizeof system_files / sizeof system_files[0]; i++) {
        if (access(system_files[i], R_OK) == 0)
            return system_files[i];
    }
    return NULL;
}

enum hm_code ca_file_read(struct buf *pem, const char *path, struct hm_error *err)
{
    enum hm_code code;

    buf_init(pem, CA_FILE_BYTES_MAX);
    TRY(file_read(pem, path, err));
    if (strstr(buf_text(pem), "-----BEGIN ") == NULL)
        TRY(hm_error_set(err, HM_BAD_INPUT, "%s: found no certificate, expected a PEM file", path));
out:
    return code;
}

enum hm_code ca_file_check(const char *path, struct hm_error *err)
{
    struct stat is;
    struct buf pem;
    enum hm_code code = ca_file_read(&pem, path, err);

    buf_fini(&pem);
    if (code == HM_OK && (stat(path, &is) != 0 || !S_ISREG(is.st_mode)))
        code =
            hm_error_set(err, HM_BAD_INPUT,
                         "%s: found a pipe, expected a file that can be read more than once", path);
    return code;
}

enum hm_code ca_file_choose(const char **path, const char *given, const char *url,
                            struct hm_error *err)
{
    static const char *const variables[] = { "CURL_CA_BUNDLE", "SSL_CERT_FILE" };
    static const char https[] = "https:";

    *path = given;
    if (given != NULL)
        return ca_file_check(given, err);
    if (strncasecmp(url, https, sizeof https - 1) != 0)
        return HM_OK;
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        const char *named = getenv(variables[i]);
        struct hm_error why;
        enum hm_code code;

        if (named == NULL || *named == '\0')
            continue;
        *path = named;
        code = ca_file_check(named, &why);
        return code == HM_OK ? code : hm_error_set(err, code, "%s: %s", variables[i], why.text);
    }
    /* libcurl's default is the first, and maybe a folder; one from our tarball knows no other. */
    *path = ca_file_system();
    if (*path == system_files[0])
        *path = NULL;
    return HM_OK;
}
