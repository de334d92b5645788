#include "tls/trust_env.h"

#include "support/ca_file.h"
#include "support/file.h"
#include "tests/failing_memory.h"
#include "tests/temporary.h"
#include "tests/unit.h"
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_TEXT = 512, FILE_BYTES_MAX = 1024 * 1024 };

/* A place for the files of a test, made once; TMPDIR of every environment. */
static char work[TEMPORARY_PATH];
static struct trust_chain *chain;

static int prepare(void **state)
{
    if (!temporary_folder(work))
        return -1;
    return trust_chain_begin(&chain, NULL) == HM_OK && trust_chain_end(chain, NULL) == HM_OK ? 0
                                                                                             : -1;
}

static int clean(void **state)
{
    trust_chain_free(chain);
    return rmdir(work); /* each test has removed its own */
}

/* A file under `work`; its path until the next call with the same slot. */
static const char *file_make(int slot, const char *name, const char *content)
{
    static char paths[4][PATH_TEXT];

    snprintf(paths[slot], PATH_TEXT, "%s/%s", work, name);
    assert_int_equal(file_write(paths[slot], content, strlen(content), NULL), HM_OK);
    return paths[slot];
}

/* An environment in which the variables are set, and their files. */
struct trust_env {
    struct environment environment, before;
    struct trust_dir dir;
};

/* All of the variables, as run sets them. */
static enum hm_code all_set(struct environment *environment, struct trust_dir *dir)
{
    enum hm_code code = trust_env_set_most(environment, dir, chain, NULL);

    if (code == HM_OK)
        code = trust_env_set_java(environment, dir, NULL);
    if (code != HM_OK)
        trust_dir_remove(dir);
    return code;
}

static void trust_env_free(struct trust_env *trust)
{
    trust_dir_remove(&trust->dir);
    environment_fini(&trust->environment);
    environment_fini(&trust->before);
    free(trust);
}

/* The value of a variable that was set; NULL: it was not. */
static const char *setting(const struct trust_env *trust, const char *name)
{
    const char *value = environment_find(&trust->environment, name);
    const char *before = environment_find(&trust->before, name);

    return value != NULL && before != NULL && strcmp(value, before) == 0 ? NULL : value;
}

/* How often the file holds the text. */
static int count_in(const char *path, const char *text)
{
    struct buf content;
    int count = 0;

    buf_init(&content, FILE_BYTES_MAX);
    assert_int_equal(file_read(&content, path, NULL), HM_OK);
    for (const char *at = buf_text(&content); (at = strstr(at, text)) != NULL; at++)
        count++;
    buf_fini(&content);
    return count;
}

static bool has_root(const char *path)
{
    return count_in(path, trust_root_pem(chain)) == 1;
}

/* Of a command whose environment has TMPDIR, and @more. */
static struct trust_env *made_under(const char *directory, const char *const *more)
{
    struct trust_env *trust = calloc(1, sizeof *trust);

    assert_non_null(trust);
    environment_set(&trust->environment, "TMPDIR", directory);
    environment_set(&trust->before, "TMPDIR", directory);
    for (; more != NULL && *more != NULL; more++) {
        environment_put(&trust->environment, "%s", *more);
        environment_put(&trust->before, "%s", *more);
    }
    assert_int_equal(all_set(&trust->environment, &trust->dir), HM_OK);
    assert_false(trust->environment.is_broken);
    return trust;
}

static struct trust_env *made(const char *const *more)
{
    return made_under(work, more);
}

static struct trust_env *made_with(const char *name, const char *value)
{
    char text[2 * PATH_TEXT];
    const char *const more[] = { text, NULL };

    snprintf(text, sizeof text, "%s=%s", name, value);
    return made(more);
}

TEST(every_bundle_has_the_systems_roots_and_ours)
{
    static const char *const names[] = { "SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE",
                                         "GIT_SSL_CAINFO", "PERL_LWP_SSL_CA_FILE" };
    const char *system = ca_file_system();
    struct trust_env *trust = made(NULL);

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *path = setting(trust, names[i]);

        assert_non_null(path);
        assert_true(has_root(path));
        assert_int_equal(
            count_in(path, "-----BEGIN CERTIFICATE-----"),
            1 + (system == NULL ? 0 : count_in(system, "-----BEGIN CERTIFICATE-----")));
    }
    trust_env_free(trust);
}

TEST(extra_certificates_are_ours_alone)
{
    struct trust_env *trust = made(NULL);

    assert_int_equal(count_in(setting(trust, "NODE_EXTRA_CA_CERTS"), "-----BEGIN"), 1);
    assert_true(has_root(setting(trust, "NODE_EXTRA_CA_CERTS")));
    assert_true(has_root(setting(trust, "DENO_CERT")));
    trust_env_free(trust);
}

TEST(some_are_set_only_where_they_are_set_already)
{
    static const char *const names[] = { "AWS_CA_BUNDLE", "PIP_CERT", "NIX_SSL_CERT_FILE",
                                         "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", "SSL_CERT_DIR" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct trust_env *trust = made(NULL);

        assert_null(setting(trust, names[i]));
        trust_env_free(trust);
        trust = made_with(names[i], ""); /* empty is unset */
        assert_null(setting(trust, names[i]));
        trust_env_free(trust);
        trust = made_with(names[i], "/nonexistent");
        assert_non_null(setting(trust, names[i]));
        trust_env_free(trust);
    }
}

TEST(what_a_variable_named_before_is_kept)
{
    static const struct {
        const char *set, *read;
    } rows[] = {
        { "SSL_CERT_FILE", "SSL_CERT_FILE" },
        { "SSL_CERT_FILE", "CURL_CA_BUNDLE" },
        { "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE" },
        { "SSL_CERT_FILE", "GIT_SSL_CAINFO" },
        { "CURL_CA_BUNDLE", "CURL_CA_BUNDLE" },
        { "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE" }, /* requests looks at both */
        { "REQUESTS_CA_BUNDLE", "REQUESTS_CA_BUNDLE" },
        { "GIT_SSL_CAINFO", "GIT_SSL_CAINFO" },
        { "PERL_LWP_SSL_CA_FILE", "PERL_LWP_SSL_CA_FILE" },
        { "NODE_EXTRA_CA_CERTS", "NODE_EXTRA_CA_CERTS" },
        { "DENO_CERT", "DENO_CERT" },
        { "AWS_CA_BUNDLE", "AWS_CA_BUNDLE" },
        { "PIP_CERT", "PIP_CERT" },
        { "NIX_SSL_CERT_FILE", "NIX_SSL_CERT_FILE" },
        { "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH" },
    };
    const char *old = file_make(0, "old.pem", "the user's own"); /* no line break at the end */

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct trust_env *trust = made_with(rows[i].set, old);
        const char *path = setting(trust, rows[i].read);

        assert_string_not_equal(path, old);
        assert_int_equal(count_in(path, "the user's own\n-----BEGIN"), 1);
        assert_true(has_root(path));
        trust_env_free(trust);
    }
    assert_int_equal(count_in(old, "the user's own"), 1);
    unlink(old);
}

TEST(one_variable_does_not_change_another)
{
    const char *old = file_make(0, "old.pem", "the user's own\n");
    struct trust_env *trust = made_with("CURL_CA_BUNDLE", old);

    assert_int_equal(count_in(setting(trust, "SSL_CERT_FILE"), "the user's own"), 0);
    assert_int_equal(count_in(setting(trust, "GIT_SSL_CAINFO"), "the user's own"), 0);
    assert_int_equal(count_in(setting(trust, "NODE_EXTRA_CA_CERTS"), "the user's own"), 0);
    trust_env_free(trust);
    unlink(old);
}

TEST(a_file_that_is_not_there_is_as_before)
{
    struct trust_env *trust = made_with("SSL_CERT_FILE", "/nonexistent/ca.pem");

    assert_int_equal(count_in(setting(trust, "SSL_CERT_FILE"), "-----BEGIN"), 1);
    assert_true(has_root(setting(trust, "SSL_CERT_FILE")));
    trust_env_free(trust);
    trust = made_with("SSL_CERT_FILE", "-"); /* not standard input */
    assert_true(has_root(setting(trust, "SSL_CERT_FILE")));
    trust_env_free(trust);
}

TEST(a_directory_is_read_as_openssl_reads_it)
{
    const char *hashed, *other;
    struct trust_env *trust;
    char directory[PATH_TEXT];

    snprintf(directory, sizeof directory, "%s/dir", work);
    assert_int_equal(mkdir(directory, 0700), 0);
    hashed = file_make(0, "dir/5ed36f99.0", "hashed\n");
    other = file_make(1, "dir/README", "not one\n");
    trust = made_with("REQUESTS_CA_BUNDLE", directory);
    assert_int_equal(count_in(setting(trust, "REQUESTS_CA_BUNDLE"), "hashed\n"), 1);
    assert_int_equal(count_in(setting(trust, "REQUESTS_CA_BUNDLE"), "not one"), 0);
    trust_env_free(trust);
    unlink(hashed);
    unlink(other);
    rmdir(directory);
}

TEST(our_directory_follows_those_that_are_set)
{
    struct trust_env *trust = made_with("SSL_CERT_DIR", "/a:/b");
    const char *value = setting(trust, "SSL_CERT_DIR");
    char path[2 * PATH_TEXT];

    assert_int_equal(strncmp(value, "/a:/b:/", 7), 0);
    snprintf(path, sizeof path, "%s/%s", value + 6, trust_root_file(chain));
    assert_true(has_root(path));
    trust_env_free(trust);
}

TEST(wget_keeps_its_settings)
{
    const char *ca = file_make(0, "old.pem", "the user's own\n");
    const char *rc = file_make(1, ".wgetrc", "tries = 3\nCA-Certificate = ");
    char text[2 * PATH_TEXT], home[2 * PATH_TEXT];
    const char *const more[] = { home, NULL };
    struct trust_env *trust;

    trust = made_with("WGETRC", rc);
    assert_int_equal(count_in(setting(trust, "WGETRC"), "tries = 3\n"), 1);
    assert_int_equal(count_in(setting(trust, "WGETRC"), "\nca_certificate=/"), 1);
    trust_env_free(trust);

    snprintf(text, sizeof text, "tries = 3\n ca-Certificate = %s \r\n", ca);
    rc = file_make(1, ".wgetrc", text);
    snprintf(home, sizeof home, "HOME=%s", work);
    trust = made(more);
    assert_int_equal(count_in(setting(trust, "WGETRC"), "tries = 3\n"), 1);
    snprintf(text, sizeof text, "%.*s/wget.pem",
             (int)(strrchr(setting(trust, "WGETRC"), '/') - setting(trust, "WGETRC")),
             setting(trust, "WGETRC"));
    assert_int_equal(count_in(setting(trust, "WGETRC"), text), 1);
    assert_int_equal(count_in(text, "the user's own\n"), 1);
    assert_true(has_root(text));
    trust_env_free(trust);
    unlink(ca);
    unlink(rc);
}

TEST(php_keeps_its_directories)
{
    struct trust_env *trust = made(NULL);
    const char *value = setting(trust, "PHP_INI_SCAN_DIR");
    char path[2 * PATH_TEXT];

    assert_int_equal(strncmp(value, ":/", 2), 0); /* the built-in one first */
    snprintf(path, sizeof path, "%s/heymarket-mock.ini", value + 1);
    assert_int_equal(count_in(path, "openssl.cafile=\""), 1);
    assert_int_equal(count_in(path, "curl.cainfo=\""), 1);
    assert_int_equal(count_in(path, setting(trust, "SSL_CERT_FILE")), 2);
    trust_env_free(trust);
    trust = made_with("PHP_INI_SCAN_DIR", "/etc/mine:");
    assert_int_equal(strncmp(setting(trust, "PHP_INI_SCAN_DIR"), "/etc/mine::/", 12), 0);
    trust_env_free(trust);
    trust = made_with("PHP_INI_SCAN_DIR", ""); /* no directory at all, not the built-in one */
    assert_int_equal(*setting(trust, "PHP_INI_SCAN_DIR"), '/');
    trust_env_free(trust);
}

TEST(java_options_are_set_only_if_there_is_java)
{
    static const char *const mine[] = { "JAVA_HOME=/opt/java", "JAVA_TOOL_OPTIONS=-Xmx64m", NULL };
    static const char *const stored[] = {
        "JAVA_HOME=/opt/java",
        "JAVA_TOOL_OPTIONS=-Djavax.net.ssl.trustStore=/x -Djavax.net.ssl.trustStorePassword=p", NULL
    };
    struct trust_env *trust = made_with("PATH", "/nonexistent:");
    const char *java, *value;

    assert_null(setting(trust, "JAVA_TOOL_OPTIONS"));
    trust_env_free(trust);

    java = file_make(0, "java", "#!/bin/sh\n");
    assert_int_equal(chmod(java, 0700), 0);
    trust = made_with("PATH", work);
    value = setting(trust, "JAVA_TOOL_OPTIONS");
    assert_non_null(value);
    assert_int_equal(strncmp(value, "-Djavax.net.ssl.trustStore=/", 28), 0);
    assert_null(strstr(value, "Password"));
    trust_env_free(trust);
    unlink(java);

    trust = made(mine);
    value = setting(trust, "JAVA_TOOL_OPTIONS");
    assert_int_equal(strncmp(value, "-Xmx64m -Djavax.net.ssl.trustStore=/", 36), 0);
    trust_env_free(trust);

    /* A password of another store would be tried on ours. */
    trust = made(stored);
    value = setting(trust, "JAVA_TOOL_OPTIONS");
    assert_non_null(strstr(value, "trustStorePassword=p -Djavax.net.ssl.trustStore=/"));
    assert_non_null(strstr(value, " -Djavax.net.ssl.trustStoreType=JKS"));
    assert_string_equal(strrchr(value, ' '), " -Djavax.net.ssl.trustStorePassword=");
    trust_env_free(trust);
}

TEST(the_files_are_private_and_go_with_the_command)
{
    struct trust_env *trust = made_with("SSL_CERT_DIR", "/etc/ssl/certs");
    char directory[PATH_TEXT];
    struct stat there;

    snprintf(directory, sizeof directory, "%s", setting(trust, "SSL_CERT_FILE"));
    *strrchr(directory, '/') = '\0';
    assert_int_equal(strncmp(directory, work, strlen(work)), 0);
    assert_int_equal(stat(directory, &there), 0);
    assert_int_equal(there.st_mode & 07777, 0700);
    trust_env_free(trust);
    assert_int_equal(stat(directory, &there), -1);
}

TEST(a_name_that_would_need_quotes_is_not_used)
{
    char odd[2 * PATH_TEXT];
    struct trust_env *trust;

    snprintf(odd, sizeof odd, "%s/a b:c", work);
    assert_int_equal(mkdir(odd, 0700), 0);
    trust = made_under(odd, NULL);
    assert_int_equal(strncmp(setting(trust, "SSL_CERT_FILE"), "/tmp/heymarket-mock-", 20), 0);
    trust_env_free(trust);
    rmdir(odd);
}

static bool is_empty(const char *directory)
{
    DIR *entries = opendir(directory);
    int count = 0;

    while (readdir(entries) != NULL)
        count++;
    closedir(entries);
    return count == 2; /* itself and its parent */
}

TEST(an_allocation_that_fails_leaves_nothing_behind)
{
    enum hm_code code = HM_NO_MEMORY;
    bool is_broken = false;
    int failures = 0;

    while (code != HM_OK || is_broken) {
        struct environment environment = { 0 };
        struct trust_dir dir;

        environment_set(&environment, "TMPDIR", work);
        environment_put(&environment, "SSL_CERT_FILE=/nonexistent");
        environment_put(&environment, "SSL_CERT_DIR=/nonexistent");
        environment_put(&environment, "JAVA_HOME=/nonexistent");
        allocations_left = failures++;
        code = all_set(&environment, &dir);
        allocations_left = -1;
        is_broken = environment.is_broken;
        assert_true(code == HM_OK || code == HM_NO_MEMORY);
        assert_true(code == HM_OK || is_empty(work));
        trust_dir_remove(&dir);
        environment_fini(&environment);
    }
    assert_true(failures > 20); /* it was no single one */
    assert_true(is_empty(work));
}

ALL_TESTS_WITHIN(prepare, clean)
