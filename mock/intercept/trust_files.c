#include "intercept/trust_files.h"

#include "store/clock.h"
#include "support/ca_file.h"
#include "support/file.h"
#include "support/try.h"
#include "tls/jks.h"
#include "tls/trust_source.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* In which programs look for a certificate by OpenSSL's name of it, or read all. */
static const char *const directories[] = {
    "/etc/ssl/certs", "/etc/pki/tls/certs",      /* Fedora, RHEL */
    "/etc/pki/ca-trust/source/anchors",          /* the same, for p11-kit */
    "/etc/ca-certificates/trust-source/anchors", /* Arch, for p11-kit */
};

static const char *const bundles[] = {
    "/etc/ssl/certs/ca-certificates.crt",                /* Debian, Alpine */
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", /* Fedora, RHEL */
    "/etc/pki/tls/certs/ca-bundle.crt",                  /* the same, older */
    "/etc/pki/tls/cert.pem",
    "/etc/ca-certificates/extracted/tls-ca-bundle.pem", /* Arch */
    "/etc/ssl/ca-bundle.pem",                           /* SUSE */
    "/var/lib/ca-certificates/ca-bundle.pem",
    "/etc/ssl/cert.pem", /* Alpine */
};

/* Java's stores that a system keeps for all of its Javas. */
static const char *const stores[] = {
    "/etc/ssl/certs/java/cacerts",
    "/etc/pki/ca-trust/extracted/java/cacerts",
    "/etc/pki/java/cacerts",
    "/etc/ca-certificates/extracted/java-cacerts.jks",
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* The entries of a directory stay where they are: its place is taken by one with links to them. */
static const char original[] = ".heymarket-mock-original";

struct work {
    struct mounts *mounts;
    const struct intercept_trust *trust;
};

/* A link like entry @name of @from; to that entry, if it is none itself. */
static bool link_make(int directory, int from, const char *name)
{
    char target[MOUNTS_PATH_TEXT];
    ssize_t length = readlinkat(from, name, target, sizeof target - 1);

    if (length >= 0)
        target[length] = '\0';
    else
        snprintf(target, sizeof target, "%s/%s", original, name);
    return symlinkat(target, directory, name) == 0;
}

static bool links_make(const char *directory, const char *from)
{
    DIR *entries = opendir(from);
    int to = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC), number;
    const struct dirent *entry;
    bool is_made = entries != NULL && to >= 0;

    while (is_made && (entry = readdir(entries)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            is_made = link_make(to, dirfd(entries), entry->d_name);
    }
    number = errno;
    if (entries != NULL)
        closedir(entries);
    if (to >= 0)
        close(to);
    errno = number;
    return is_made;
}

/* Another certificate may have the name already: then the next number is ours. */
static enum hm_code root_add(const char *directory, const struct intercept_trust *trust,
                             struct hm_error *err)
{
    enum { NUMBERS = 10 };
    char path[MOUNTS_PATH_TEXT + 64];
    struct stat there;
    int i = 0;

    do
        snprintf(path, sizeof path, "%s/%.*s.%d", directory, (int)strcspn(trust->root_file, "."),
                 trust->root_file, i++);
    while (lstat(path, &there) == 0 && i < NUMBERS);
    return file_write_as(path, trust->root_pem, strlen(trust->root_pem), 0644, err);
}

static enum hm_code directory_mount(struct work *work, const char *target, struct hm_error *err)
{
    char *real = realpath(target, NULL), path[MOUNTS_PATH_TEXT], inner[MOUNTS_PATH_TEXT + 64];
    enum hm_code code = HM_OK;

    if (real == NULL || access(real, R_OK | X_OK) != 0)
        goto out;
    if (!mounts_directory(path, work->mounts))
        TRY(mounts_complain(real, err));
    snprintf(inner, sizeof inner, "%s/%s", path, original);
    if (mkdir(inner, 0755) != 0 || !mounts_bind(real, inner) || !links_make(path, real))
        TRY(mounts_complain(real, err));
    TRY(root_add(path, work->trust, err));
    if (!mounts_bind(path, real))
        TRY(mounts_complain(real, err));
out:
    free(real);
    return code;
}

/* The file that a path leads to, if it can be read and has not been replaced already: several paths
 * may be links to one file. free() it. NULL: there is none. */
static char *file_of(const char *path, const struct work *work, bool *is_there)
{
    char *real = realpath(path, NULL);

    *is_there = real != NULL && access(real, R_OK) == 0;
    if (*is_there && !mounts_has(work->mounts, real))
        return real;
    free(real);
    return NULL;
}

static enum hm_code bundle_mount(struct work *work, const char *target, struct hm_error *err)
{
    const struct stat *base = &work->trust->directory->base;
    bool is_there;
    char *real = file_of(target, work, &is_there);
    struct stat there;
    struct buf pem;
    enum hm_code code = HM_OK;

    buf_init(&pem, MOUNTS_FILE_BYTES_MAX);
    if (real == NULL)
        goto out;
    if (stat(real, &there) == 0 && there.st_ino == base->st_ino && there.st_dev == base->st_dev) {
        TRY(mounts_file(work->mounts, real, &work->trust->directory->bundle, err));
        goto out;
    }
    TRY(trust_source_read(&pem, real, err));
    buf_puts(&pem, work->trust->root_pem);
    TRY(mounts_file(work->mounts, real, &pem, err));
out:
    buf_fini(&pem);
    free(real);
    return code;
}

/* A store of another format gives way to one of what the system trusts, whose bundle has our root
 * already, if there is one. */
static enum hm_code store_write(struct buf *out, const struct buf *before, const struct work *work,
                                struct hm_error *err)
{
    static const struct clock real_time = { 0 };
    const int64_t now_ms = clock_now_us(&real_time) / 1000;
    const char *root = work->trust->root_pem, *bundle = ca_file_system();
    struct buf pem;
    enum hm_code code;

    buf_init(&pem, MOUNTS_FILE_BYTES_MAX);
    if (jks_is(before)) {
        TRY(jks_extend(out, before, root, strlen(root), now_ms, err));
        goto out;
    }
    TRY(trust_source_read(&pem, bundle, err));
    if (bundle == NULL)
        buf_puts(&pem, root);
    TRY(jks_write(out, buf_text(&pem), pem.length, now_ms, err));
out:
    buf_fini(&pem);
    return code;
}

/* A Java store in the place of another. *is_there is false if there is none. */
static enum hm_code store_mount(struct work *work, const char *target, bool *is_there,
                                struct hm_error *err)
{
    char *real = file_of(target, work, is_there);
    struct buf before, after;
    enum hm_code code = HM_OK;

    buf_init(&before, MOUNTS_FILE_BYTES_MAX);
    buf_init(&after, MOUNTS_FILE_BYTES_MAX);
    if (real == NULL)
        goto out;
    TRY(file_read(&before, real, err));
    TRY(store_write(&after, &before, work, err));
    TRY(mounts_file(work->mounts, real, &after, err));
out:
    buf_fini(&before);
    buf_fini(&after);
    free(real);
    return code;
}

/* The store of the Java in @home: a JDK, or an older one with a JRE in it. */
static enum hm_code home_mount(struct work *work, const char *home, bool *is_there,
                               struct hm_error *err)
{
    static const char *const places[] = { "lib/security/cacerts", "jre/lib/security/cacerts" };
    char path[MOUNTS_PATH_TEXT];
    enum hm_code code = HM_OK;

    *is_there = false;
    for (size_t i = 0; i < COUNT(places) && !*is_there; i++) {
        snprintf(path, sizeof path, "%s/%s", home, places[i]);
        TRY(store_mount(work, path, is_there, err));
    }
out:
    return code;
}

/* The folder of the Java whose program is @java, ".../bin/java"; free() it. NULL: not to be seen.
 */
static char *home_of(const char *java)
{
    char *real = realpath(java, NULL);

    for (int i = 0; i < 2 && real != NULL; i++) {
        char *slash = strrchr(real, '/');

        if (slash != NULL)
            *slash = '\0';
    }
    return real;
}

/* *is_covered: every Java of the environment has a store that was replaced. */
static enum hm_code java_mount(struct work *work, const struct environment *environment,
                               bool *is_covered, struct hm_error *err)
{
    const char *home = environment_find(environment, "JAVA_HOME");
    bool has_home = home != NULL && *home != '\0', is_there = false;
    char java[MOUNTS_PATH_TEXT], *other = NULL;
    enum hm_code code = HM_OK;

    *is_covered = true;
    for (size_t i = 0; i < COUNT(stores); i++)
        TRY(store_mount(work, stores[i], &is_there, err));
    if (has_home) {
        TRY(home_mount(work, home, &is_there, err));
        *is_covered = is_there;
    }
    if (trust_source_java(java, sizeof java, environment)) {
        other = home_of(java);
        is_there = false;
        if (other != NULL)
            TRY(home_mount(work, other, &is_there, err));
        *is_covered = *is_covered && is_there;
    }
out:
    free(other);
    return code;
}

static enum hm_code own_file_mount(struct work *work, const char *path, struct hm_error *err)
{
    struct buf pem;
    enum hm_code code;

    buf_init(&pem, MOUNTS_FILE_BYTES_MAX);
    TRY(file_read(&pem, path, err));
    if (strstr(buf_text(&pem), "-----BEGIN ") == NULL)
        TRY(hm_error_set(err, HM_BAD_INPUT,
                         "--trust-file %s: found no certificate in PEM, expected a bundle", path));
    TRY(bundle_mount(work, path, err));
out:
    buf_fini(&pem);
    return code;
}

static enum hm_code all_mount(struct trust_mounting *mounting, struct hm_error *err)
{
    struct work work = { .mounts = &mounting->mounts, .trust = &mounting->trust };
    const struct option_texts *files = mounting->files;
    enum hm_code code = HM_OK;

    for (size_t i = 0; i < COUNT(directories); i++)
        TRY(directory_mount(&work, directories[i], err));
    for (size_t i = 0; i < COUNT(bundles); i++)
        TRY(bundle_mount(&work, bundles[i], err));
    TRY(java_mount(&work, mounting->environment, &mounting->has_all_javas, err));
    for (size_t i = 0; i < files->count; i++)
        TRY(own_file_mount(&work, files->at[i], err));
out:
    return code;
}

static void *thread_run(void *data)
{
    struct trust_mounting *mounting = data;

    if (mounting->trust.root_pem != NULL)
        mounting->code = all_mount(mounting, &mounting->err);
    mounts_end(&mounting->mounts);
    return NULL;
}

enum hm_code trust_files_begin(struct trust_mounting *mounting, struct hm_error *err)
{
    int failure = pthread_create(&mounting->thread, NULL, thread_run, mounting);

    mounting->is_running = failure == 0;
    return failure == 0
               ? HM_OK
               : hm_error_set(err, HM_INTERNAL, "cannot start a thread: %s", strerror(failure));
}

enum hm_code trust_files_end(struct trust_mounting *mounting, struct hm_error *err)
{
    if (!mounting->is_running)
        return HM_OK;
    pthread_join(mounting->thread, NULL);
    mounting->is_running = false;
    return mounting->code == HM_OK ? HM_OK
                                   : hm_error_set(err, mounting->code, "%s", mounting->err.text);
}

static void list_add(struct buf *out, const char *path)
{
    if (access(path, R_OK) == 0)
        buf_printf(out, "%s%s", out->length > 0 ? ", " : "", path);
}

void trust_files_list(struct buf *out, const struct environment *environment)
{
    char java[MOUNTS_PATH_TEXT];

    for (size_t i = 0; i < COUNT(directories); i++)
        list_add(out, directories[i]);
    for (size_t i = 0; i < COUNT(bundles); i++)
        list_add(out, bundles[i]);
    for (size_t i = 0; i < COUNT(stores); i++)
        list_add(out, stores[i]);
    if (trust_source_java(java, sizeof java, environment)) {
        char *home = home_of(java);

        if (home != NULL) {
            snprintf(java, sizeof java, "%s/lib/security/cacerts", home);
            list_add(out, java);
        }
        free(home);
    }
}
