/* Which roots are believed: the option's, a variable's, the system's. */
#include "support/ca_file.h"
#include "tests/need_proc.h"
#include "tests/temporary.h"

#include <unistd.h>

#define HTTPS "https://api.example"

static char pem[TEMPORARY_PATH];
static const char absent[] = "/nonexistent/ca.pem";
static struct hm_error err;

static int make_pem(void **state)
{
    FILE *out = temporary_file(pem) ? fopen(pem, "w") : NULL;

    return out == NULL || fputs("-----BEGIN CERTIFICATE-----\n", out) < 0 || fclose(out) != 0;
}

static int remove_pem(void **state)
{
    return unlink(pem);
}

static int unset(void **state)
{
    return unsetenv("CURL_CA_BUNDLE") + unsetenv("SSL_CERT_FILE");
}

static const char *chosen(const char *given, const char *url)
{
    const char *path = NULL;

    assert_int_equal(ca_file_choose(&path, given, url, &err), HM_OK);
    return path;
}

static enum hm_code refusal(const char *given)
{
    const char *path;

    return ca_file_choose(&path, given, HTTPS, &err);
}

TEST(uses_the_system_s_roots_by_default)
{
    static const char usual[] =
        "/etc/ssl/certs/ca-certificates.crt"; /* libcurl's default in Debian */
    const char *system = ca_file_system();

    for (int i = 0; i < 2; i++) {
        const char *path = chosen(NULL, HTTPS);

        assert_true(path == NULL ? system == NULL || strcmp(system, usual) == 0 : path == system);
        setenv("CURL_CA_BUNDLE", "", 1);
        setenv("SSL_CERT_FILE", "", 1);
    }
}

TEST(takes_the_option_before_the_variables)
{
    setenv("CURL_CA_BUNDLE", absent, 1);
    assert_string_equal(chosen(pem, HTTPS), pem);
    assert_string_equal(chosen(pem, "http://127.0.0.1"), pem);
}

TEST(takes_the_variables_as_curl_does)
{
    setenv("SSL_CERT_FILE", pem, 1);
    assert_string_equal(chosen(NULL, "HTTPS://api.example"), pem);
    setenv("CURL_CA_BUNDLE", absent, 1);
    assert_int_equal(refusal(NULL), HM_BAD_INPUT);
    assert_non_null(strstr(err.text, "CURL_CA_BUNDLE: /nonexistent/ca.pem: "));
}

TEST(asks_no_variable_where_there_is_no_tls)
{
    setenv("SSL_CERT_FILE", absent, 1);
    assert_null(chosen(NULL, "http://127.0.0.1:8580"));
    assert_null(chosen(NULL, ""));
}

TEST(refuses_what_is_no_pem_file)
{
    NEED_PROC();
    assert_int_equal(refusal(absent), HM_BAD_INPUT);
    assert_int_equal(refusal("/proc/self/status"), HM_BAD_INPUT);
    assert_string_equal(err.text, "/proc/self/status: found no certificate, expected a PEM file");
}

ALL_TESTS_WITHIN(make_pem, remove_pem)
EACH_TEST_WITHIN(unset, unset)
