#include "tls/trust_env.h"

#include "store/clock.h"
#include "support/ca_file.h"
#include "support/try.h"
#include "tls/jks.h"
#include "tls/trust_source.h"
#include <stdio.h>
#include <string.h>

enum {
    BUNDLE_BYTES_MAX = 16 * 1024 * 1024, /* of PEM; a system's roots are 0.2 MiB */
    WGETRC_BYTES_MAX = 1024 * 1024,
    PHP_INI_BYTES_MAX = 4096
};

struct trust {
    const struct trust_chain *chain;
    struct environment *environment;
    struct trust_dir *dir;
    const char *base;             /* the bundle that is used now; NULL: there is none */
    char ca[TRUST_PATH_TEXT];     /* only our root */
    char bundle[TRUST_PATH_TEXT]; /* that bundle and our root */
};

/* A variable that names a file of certificates. A row comes before the rows whose variables it also
 * reads, so that it finds their old values. */
static const struct row {
    const char *name;
    const char *or_name; /* its reader's second choice; NULL: SSL_CERT_FILE */
    bool is_extra;       /* its certificates are added to the reader's own */
    bool is_only_if_set; /* otherwise its reader uses another of the table */
} rows[] = {
    { "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", false, false },
    { "CURL_CA_BUNDLE", NULL, false, false },
    { "GIT_SSL_CAINFO", NULL, false, false },
    { "PERL_LWP_SSL_CA_FILE", NULL, false, false },
    { "NODE_EXTRA_CA_CERTS", NULL, true, false },
    { "DENO_CERT", NULL, true, false },
    { "AWS_CA_BUNDLE", NULL, false, true },
    { "PIP_CERT", NULL, false, true },
    { "NIX_SSL_CERT_FILE", NULL, false, true },
    { "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", NULL, false, true },
    { "SSL_CERT_FILE", NULL, false, false },
};

/* NULL: not set, or empty. */
static const char *find(const struct trust *trust, const char *name)
{
    const char *value = name == NULL ? NULL : environment_find(trust->environment, name);

    return value == NULL || *value == '\0' ? NULL : value;
}

/* Writes the certificates of @source, and our root, to a new file. */
static enum hm_code bundle_write(char path[TRUST_PATH_TEXT], const struct trust *trust,
                                 const char *name, const char *source, struct hm_error *err)
{
    struct buf pem;
    enum hm_code code;

    buf_init(&pem, BUNDLE_BYTES_MAX);
    TRY(trust_source_read(&pem, source, err));
    buf_puts(&pem, trust_root_pem(trust->chain));
    TRY(trust_dir_write(path, trust->dir, name, &pem, err));
out:
    buf_fini(&pem);
    return code;
}

/* The bundle is kept, as others need it. */
static enum hm_code base_write(struct trust *trust, struct hm_error *err)
{
    struct buf *bundle = &trust->dir->bundle;
    enum hm_code code;

    buf_init(bundle, BUNDLE_BYTES_MAX);
    TRY(trust_source_read(bundle, trust->base, err));
    buf_puts(bundle, trust_root_pem(trust->chain));
    TRY(trust_dir_write(trust->bundle, trust->dir, "bundle.pem", bundle, err));
    if (trust->base == NULL || stat(trust->base, &trust->dir->base) != 0)
        trust->dir->base.st_ino = 0;
out:
    return code;
}

/* Sets the variable to a file with the certificates that it names now, and our root. */
static enum hm_code row_set(struct trust *trust, const struct row *row, struct hm_error *err)
{
    const char *own = find(trust, row->name);
    const char *source = own != NULL ? own : find(trust, row->or_name);
    const char *file = row->is_extra && source == NULL ? trust->ca : trust->bundle;
    char path[TRUST_PATH_TEXT], name[64];
    enum hm_code code = HM_OK;

    if (own == NULL && row->is_only_if_set)
        return HM_OK;
    if (source != NULL && (trust->base == NULL || strcmp(source, trust->base) != 0)) {
        snprintf(name, sizeof name, "%s.pem", row->name);
        TRY(bundle_write(path, trust, name, source, err));
        file = path;
    }
    environment_set(trust->environment, row->name, file);
out:
    return code;
}

/* Appends our directory to those that are set. */
static enum hm_code directory_set(struct trust *trust, struct hm_error *err)
{
    const char *old = find(trust, "SSL_CERT_DIR");
    char directory[TRUST_PATH_TEXT], path[TRUST_PATH_TEXT], name[64];
    enum hm_code code;

    if (old == NULL)
        return HM_OK;
    TRY(trust_dir_sub(directory, trust->dir, "certs", err));
    snprintf(name, sizeof name, "certs/%s", trust_root_file(trust->chain));
    TRY(bundle_write(path, trust, name, NULL, err));
    environment_put(trust->environment, "SSL_CERT_DIR=%s:%s", old, directory);
out:
    return code;
}

/* wget reads the file of WGETRC instead of ~/.wgetrc, and only one bundle. */
static enum hm_code wget_set(struct trust *trust, struct hm_error *err)
{
    const char *old = find(trust, "WGETRC"), *home = find(trust, "HOME"), *ca;
    char path[TRUST_PATH_TEXT], source[TRUST_PATH_TEXT] = "";
    struct buf text;
    size_t length;
    enum hm_code code;

    buf_init(&text, WGETRC_BYTES_MAX);
    if (old == NULL && home != NULL &&
        snprintf(source, sizeof source, "%s/.wgetrc", home) < (int)sizeof source)
        old = source;
    TRY(trust_source_read(&text, old, err));
    ca = trust_source_of_wgetrc(buf_text(&text), &length);
    snprintf(path, sizeof path, "%s", trust->bundle);
    if (length > 0 && length < sizeof source) {
        snprintf(source, sizeof source, "%.*s", (int)length, ca);
        TRY(bundle_write(path, trust, "wget.pem", source, err));
    }
    buf_printf(&text, "ca_certificate=%s\n", path);
    TRY(trust_dir_write(path, trust->dir, "wgetrc", &text, err));
    environment_set(trust->environment, "WGETRC", path);
out:
    buf_fini(&text);
    return code;
}

/* An empty element means the built-in directory; an empty variable means none at all. */
static enum hm_code php_set(struct trust *trust, struct hm_error *err)
{
    const char *old = environment_find(trust->environment, "PHP_INI_SCAN_DIR");
    char directory[TRUST_PATH_TEXT], path[TRUST_PATH_TEXT];
    struct buf ini;
    enum hm_code code;

    buf_init(&ini, PHP_INI_BYTES_MAX);
    buf_printf(&ini, "openssl.cafile=\"%s\"\ncurl.cainfo=\"%s\"\n", trust->bundle, trust->bundle);
    TRY(trust_dir_sub(directory, trust->dir, "php", err));
    TRY(trust_dir_write(path, trust->dir, "php/heymarket-mock.ini", &ini, err));
    environment_put(trust->environment, "PHP_INI_SCAN_DIR=%s%s%s", old == NULL ? "" : old,
                    old != NULL && *old == '\0' ? "" : ":", directory);
out:
    buf_fini(&ini);
    return code;
}

/* Java prints on stderr that it picked up JAVA_TOOL_OPTIONS, so they are set only if needed. */
static bool has_java(const struct trust *trust)
{
    char java[TRUST_PATH_TEXT];

    return find(trust, "JAVA_HOME") != NULL ||
           trust_source_java(java, sizeof java, trust->environment);
}

/* A store replaces Java's own, so it contains the bundle. If another store was set before, Java
 * would use its type and password for ours. */
enum hm_code trust_env_set_java(struct environment *environment, struct trust_dir *dir,
                                struct hm_error *err)
{
    const struct trust here = { .environment = environment, .dir = dir }, *trust = &here;
    const char *old = find(trust, "JAVA_TOOL_OPTIONS");
    const bool has_store = old != NULL && strstr(old, "javax.net.ssl.trustStore") != NULL;
    const struct clock real = { 0 };
    char path[TRUST_PATH_TEXT];
    struct buf jks;
    enum hm_code code = HM_OK;

    buf_init(&jks, BUNDLE_BYTES_MAX);
    if (dir->path[0] == '\0' || environment->is_broken || !has_java(trust))
        goto out;
    TRY(jks_write(&jks, buf_text(&dir->bundle), dir->bundle.length, clock_now_us(&real) / 1000,
                  err));
    TRY(trust_dir_write(path, trust->dir, "trust.jks", &jks, err));
    environment_put(
        trust->environment, "JAVA_TOOL_OPTIONS=%s%s-Djavax.net.ssl.trustStore=%s%s",
        old == NULL ? "" : old, old == NULL ? "" : " ", path,
        has_store ? " -Djavax.net.ssl.trustStoreType=JKS -Djavax.net.ssl.trustStorePassword=" : "");
out:
    buf_fini(&jks);
    return code;
}

enum hm_code trust_env_set_most(struct environment *environment, struct trust_dir *dir,
                                const struct trust_chain *chain, struct hm_error *err)
{
    struct trust trust = { .chain = chain, .environment = environment, .dir = dir };
    enum hm_code code;

    *dir = (struct trust_dir){ .lock = -1 };
    if (trust_root_pem(chain) == NULL)
        return HM_OK;
    TRY(trust_dir_make(dir, find(&trust, "TMPDIR"), err));
    trust.base = find(&trust, "SSL_CERT_FILE");
    if (trust.base == NULL)
        trust.base = ca_file_system();
    TRY(bundle_write(trust.ca, &trust, "ca.pem", NULL, err));
    TRY(base_write(&trust, err));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        TRY(row_set(&trust, &rows[i], err));
    TRY(directory_set(&trust, err));
    TRY(wget_set(&trust, err));
    TRY(php_set(&trust, err));
out:
    if (code != HM_OK)
        trust_dir_remove(dir);
    return code;
}
