#include "exchange/request.h"
#include "http/listener.h"
#include "tests/unit.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

TEST(takes_ports_hosts_and_both_families)
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

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct listener listener;
        char url[LISTENER_URL_TEXT];

        assert_int_equal(listener_parse(&listener, rows[i].text, false, NULL), HM_OK);
        listener_url(url, &listener);
        assert_string_equal(url, rows[i].url);
        assert_int_equal(listener.is_loopback, rows[i].is_loopback);
    }
}

TEST(refuses_what_is_no_address)
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

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct hm_error err = { 0 };
        struct listener listener;

        assert_int_equal(listener_parse(&listener, bad[i], false, &err), HM_BAD_ARGUMENT);
        assert_non_null(strstr(err.text, "expected PORT, IPV4:PORT"));
    }
}

TEST(https_urls_name_localhost_where_that_leads_to_them)
{
    static const struct {
        const char *text, *url;
        bool is_by_name;
    } rows[] = {
        { "8443", "https://localhost:8443", true },
        { "localhost:8443", "https://localhost:8443", true },
        { "127.0.0.1:8443", "https://localhost:8443", false },
        { "[::1]:8443", "https://localhost:8443", false },
        { "0.0.0.0:8443", "https://localhost:8443", false },
        { "[::]:8443", "https://localhost:8443", false },
        { "127.0.0.2:8443", "https://127.0.0.2:8443", false },
        { "192.0.2.7:8443", "https://192.0.2.7:8443", false },
        { "[2001:db8::1]:8443", "https://[2001:db8::1]:8443", false },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct listener listener;
        char url[LISTENER_URL_TEXT];

        assert_int_equal(listener_parse(&listener, rows[i].text, true, NULL), HM_OK);
        listener_url(url, &listener);
        assert_string_equal(url, rows[i].url);
        assert_int_equal(listener.is_by_name, rows[i].is_by_name);
    }
}

/* Can a socket be bound to ::1 here? */
static bool has_ipv6(void)
{
    struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    int fd = socket(AF_INET6, SOCK_STREAM, 0);
    bool has = fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof address) == 0;

    if (fd >= 0)
        close(fd);
    return has;
}

static struct option_texts texts(const char **at)
{
    struct option_texts made = { 0, at };

    while (at != NULL && at[made.count] != NULL)
        made.count++;
    return made;
}

TEST(a_tls_listener_by_name_is_on_both_loopbacks_with_one_port)
{
    const char *tls_at[] = { "0", "127.0.0.1:0", "localhost:0", NULL };
    struct option_texts plain = texts(NULL), tls = texts(tls_at);
    const size_t each = has_ipv6() ? 2 : 1;
    struct listener *listeners = NULL;
    size_t count = 0;

    assert_int_equal(listeners_take(&listeners, &count, &plain, &tls, "8580", NULL), HM_OK);
    assert_int_equal(count, 2 * each + 1);
    assert_true(listeners[0].is_tls && listeners[0].port > 0);
    assert_string_equal(listeners[0].host, "127.0.0.1");
    assert_string_equal(listeners[each - 1].host, each == 2 ? "::1" : "127.0.0.1");
    assert_int_equal(listeners[each - 1].port, listeners[0].port);
    assert_true(listeners[each - 1].reserved_fd >= 0);
    assert_int_equal(listeners[each].port, 0); /* left for the server to choose */
    assert_int_not_equal(listeners[each + 1].port, listeners[0].port);
    listeners_release(listeners, count);
    assert_int_equal(listeners[0].reserved_fd, -1);
    listeners_free(listeners, count);
}

TEST(the_default_is_for_those_who_say_nothing)
{
    const char *some[] = { "127.0.0.1:9", NULL };
    struct option_texts none = texts(NULL), given = texts(some);
    const struct {
        const struct option_texts *plain, *tls;
        int ports[2];
        size_t count;
    } rows[] = {
        { &none, &none, { 8580, 0 }, 1 },
        { &given, &none, { 9, 0 }, 1 },
        { &none, &given, { 9, 0 }, 1 },
        { &given, &given, { 9, 9 }, 2 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct listener *listeners = NULL;
        size_t count = 0;

        assert_int_equal(
            listeners_take(&listeners, &count, rows[i].plain, rows[i].tls, "8580", NULL), HM_OK);
        assert_int_equal(count, rows[i].count);
        for (size_t k = 0; k < rows[i].count && k < 2; k++)
            assert_int_equal(listeners[k].port, rows[i].ports[k]);
        assert_int_equal(listeners[count - 1].is_tls, rows[i].tls->count > 0);
        listeners_free(listeners, count);
    }
}

TEST(a_bad_tls_address_is_called_by_its_option)
{
    const char *bad[] = { "nowhere", NULL };
    struct option_texts none = texts(NULL), tls = texts(bad);
    struct hm_error err = { 0 };
    struct listener *listeners = NULL;
    size_t count = 0;

    assert_int_equal(listeners_take(&listeners, &count, &none, &tls, "8580", &err),
                     HM_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, "--tls-listen nowhere: expected PORT"));
    listeners_free(listeners, count);
}

TEST(explains_a_failure_in_our_own_words)
{
    static const struct {
        const char *complaint, *says;
    } rows[] = {
        { "cannot bind to 127.0.0.1:8080: 98 (Address already in use)",
          "cannot listen on 127.0.0.1:8080: Address already in use: end the program that listens "
          "there, or choose another port; port 0 selects a free one" },
        { "cannot bind to IPv6 [::1]:8080: 98 (Address already in use)",
          "cannot listen on [::1]:8080: Address already in use: end the program that listens "
          "there, or choose another port; port 0 selects a free one" },
        { "cannot bind to IPv6 [::1]:8443s: 98 (Address already in use)",
          "cannot listen on [::1]:8443: Address already in use: end the program that listens "
          "there, or choose another port; port 0 selects a free one" },
        { "Too many worker threads", "cannot start the server: Too many worker threads" },
        { "cannot bind to", "cannot start the server: cannot bind to" },
        { "cannot bind to (x)", "cannot start the server: cannot bind to (x)" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hm_error err = { 0 };

        assert_int_equal(listener_explain(rows[i].complaint, &err), HM_BAD_INPUT);
        assert_string_equal(err.text, rows[i].says);
    }
}

TEST(knows_loopback_addresses)
{
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
