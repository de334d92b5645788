#include "listener.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* cmocka wants those before it. */
#include <cmocka.h>

static void takes_ports_hosts_and_both_families(void **state)
{
    static const struct {
        const char *text, *url;
        bool is_loopback;
    } rows[] = {
        { "8580", "http://127.0.0.1:8580", true },
        { "0", "http://127.0.0.1:0", true },
        { "127.0.0.1:80", "http://127.0.0.1:80", true },
        { "127.1.2.3:80", "http://127.1.2.3:80", true },
        { "localhost:80", "http://127.0.0.1:80", true },
        { "LOCALHOST:80", "http://127.0.0.1:80", true },
        { "0.0.0.0:65535", "http://0.0.0.0:65535", false },
        { "[::1]:80", "http://[::1]:80", true },
        { "[0:0:0:0:0:0:0:1]:80", "http://[::1]:80", true },
        { "[::]:80", "http://[::]:80", false },
        { "[::ffff:127.0.0.1]:80", "http://[::ffff:127.0.0.1]:80", true },
        { "[2001:DB8::1]:80", "http://[2001:db8::1]:80", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct listener listener;
        char url[LISTENER_URL_TEXT];

        assert_int_equal(listener_parse(&listener, rows[i].text, false, NULL), HM_OK);
        listener_url(url, &listener);
        assert_string_equal(url, rows[i].url);
        assert_int_equal(listener.is_loopback, rows[i].is_loopback);
    }
}

static void refuses_what_is_no_address(void **state)
{
    static const char *const bad[] = { "",
                                       ":",
                                       ":80",
                                       "80:",
                                       "-1",
                                       "65536",
                                       "+80",
                                       " 80",
                                       "80 ",
                                       "example.com:80",
                                       "1.2.3:80",
                                       "1.2.3.4",
                                       "1.2.3.4.5:80",
                                       "256.1.1.1:80",
                                       "::1:80",
                                       "[::1]",
                                       "[::1]80",
                                       "[::1:80",
                                       "[]:80",
                                       "[1.2.3.4]:80",
                                       "http://127.0.0.1:80",
                                       "127.0.0.1:80,127.0.0.1:81",
                                       "80s",
                                       "[fe80::1%eth0]:80" };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct hm_error err = { 0 };
        struct listener listener;

        assert_int_equal(listener_parse(&listener, bad[i], false, &err), HM_BAD_ARGUMENT);
        assert_non_null(strstr(err.text, "expected PORT, IPV4:PORT"));
    }
}

static void explains_a_failure_in_our_own_words(void **state)
{
    static const struct {
        const char *complaint, *says;
    } rows[] = {
        { "cannot bind to 127.0.0.1:8080: 98 (Address already in use)",
          "cannot listen on 127.0.0.1:8080: Address already in use" },
        { "cannot bind to IPv6 [::1]:8080: 98 (Address already in use)",
          "cannot listen on [::1]:8080: Address already in use" },
        { "Too many worker threads", "cannot start the server: Too many worker threads" },
        { "cannot bind to", "cannot start the server: cannot bind to" },
        { "cannot bind to (x)", "cannot start the server: cannot bind to (x)" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hm_error err = { 0 };

        assert_int_equal(listener_explain(rows[i].complaint, &err), HM_BAD_INPUT);
        assert_string_equal(err.text, rows[i].says);
    }
}

static void knows_loopback_addresses(void **state)
{
    (void)state;
    assert_true(is_loopback_address("127.0.0.1"));
    assert_true(is_loopback_address("127.255.255.255"));
    assert_true(is_loopback_address("::1"));
    assert_true(is_loopback_address("::ffff:127.0.0.1"));
    assert_false(is_loopback_address("128.0.0.1"));
    assert_false(is_loopback_address("::ffff:10.0.0.1"));
    assert_false(is_loopback_address("::2"));
    assert_false(is_loopback_address("localhost"));
    assert_false(is_loopback_address(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_ports_hosts_and_both_families),
        cmocka_unit_test(refuses_what_is_no_address),
        cmocka_unit_test(explains_a_failure_in_our_own_words),
        cmocka_unit_test(knows_loopback_addresses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
