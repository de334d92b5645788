/* Where addresses lead. */
#include "intercept/address_map.h"

#include "tests/unit.h"
#include <arpa/inet.h>

enum { HTTPS = 40443, HTTP = 40080, NAMES = 40053, NAMES_TCP = 40153 };

static struct address_map map = {
    .https_port = HTTPS, .http_port = HTTP, .names_udp = NAMES, .names_tcp = NAMES_TCP
};

static int map_set(void **state)
{
    inet_pton(AF_INET, "192.0.2.1", &map.address);
    return 0;
}

/* Fills an address of a host and a port, as a program would. */
static socklen_t fill(union address *address, const char *host, int port)
{
    memset(address, 0, sizeof *address);
    if (inet_pton(AF_INET, host, &address->ip4.sin_addr) == 1) {
        address->any.sa_family = AF_INET;
        address->ip4.sin_port = htons((in_port_t)port);
    } else {
        address->any.sa_family = AF_INET6;
        address->ip6.sin6_port = htons((in_port_t)port);
        assert_int_equal(inet_pton(AF_INET6, host, &address->ip6.sin6_addr), 1);
    }
    return address_length(address);
}

TEST(leads_addresses)
{
    static const struct {
        const char *host;
        int port;
        bool is_datagram;
        enum address_verdict verdict, with_network; /* and where the rest of the network is kept */
        int moved_port;
    } rows[] = {
        { "192.0.2.1", 443, false, ADDRESS_MOVES, ADDRESS_MOVES, HTTPS },
        { "192.0.2.1", 80, false, ADDRESS_MOVES, ADDRESS_MOVES, HTTP },
        { "::ffff:192.0.2.1", 443, false, ADDRESS_MOVES, ADDRESS_MOVES, HTTPS },
        { "192.0.2.1", 443, true, ADDRESS_IS_REFUSED, ADDRESS_IS_REFUSED, 0 },
        { "192.0.2.1", 8443, false, ADDRESS_IS_REFUSED, ADDRESS_IS_REFUSED, 0 },
        { "192.0.2.2", 443, false, ADDRESS_IS_REFUSED, ADDRESS_PASSES, 0 },
        { "198.51.100.7", 53, true, ADDRESS_MOVES, ADDRESS_MOVES, NAMES },
        { "198.51.100.7", 53, false, ADDRESS_MOVES, ADDRESS_MOVES, NAMES_TCP },
        { "127.0.0.53", 53, true, ADDRESS_MOVES, ADDRESS_MOVES, NAMES },
        { "2001:db8::1", 53, true, ADDRESS_MOVES, ADDRESS_MOVES, NAMES },
        { "198.51.100.7", 5353, true, ADDRESS_IS_REFUSED, ADDRESS_PASSES, 0 },
        { "198.51.100.7", 443, false, ADDRESS_IS_REFUSED, ADDRESS_PASSES, 0 },
        { "2001:db8::1", 443, false, ADDRESS_IS_REFUSED, ADDRESS_PASSES, 0 },
        { "224.0.0.251", 5353, true, ADDRESS_IS_REFUSED, ADDRESS_PASSES, 0 },
        { "127.0.0.1", 443, false, ADDRESS_PASSES, ADDRESS_PASSES, 0 },
        { "127.200.0.9", 5432, false, ADDRESS_PASSES, ADDRESS_PASSES, 0 },
        { "0.0.0.0", 5432, false, ADDRESS_PASSES, ADDRESS_PASSES, 0 },
        { "::1", 443, false, ADDRESS_PASSES, ADDRESS_PASSES, 0 },
        { "::", 443, false, ADDRESS_PASSES, ADDRESS_PASSES, 0 },
        { "::ffff:127.0.0.1", 443, false, ADDRESS_PASSES, ADDRESS_PASSES, 0 },
        { "::127.0.0.1", 443, false, ADDRESS_IS_REFUSED, ADDRESS_PASSES, 0 },
        { "10.1.2.3", 5432, false, ADDRESS_PASSES, ADDRESS_PASSES, 0 }, /* allowed */
        { "::ffff:10.1.2.3", 5432, false, ADDRESS_PASSES, ADDRESS_PASSES, 0 },
        { "10.1.2.3", 5433, false, ADDRESS_IS_REFUSED, ADDRESS_PASSES, 0 },
        { "2001:db8::5", 5432, false, ADDRESS_PASSES, ADDRESS_PASSES, 0 },
        { "203.0.113.7", 443, false, ADDRESS_MOVES, ADDRESS_MOVES, HTTPS }, /* named */
        { "::ffff:203.0.113.7", 443, false, ADDRESS_MOVES, ADDRESS_MOVES, HTTPS },
        { "203.0.113.7", 80, false, ADDRESS_MOVES, ADDRESS_MOVES, HTTP },
        { "203.0.113.7", 443, true, ADDRESS_IS_REFUSED, ADDRESS_IS_REFUSED, 0 },
        { "203.0.113.7", 22, false, ADDRESS_IS_REFUSED, ADDRESS_PASSES, 0 },
        { "2001:db8::7", 443, false, ADDRESS_MOVES, ADDRESS_MOVES, HTTPS },
        { "2001:db8::7", 8443, false, ADDRESS_IS_REFUSED, ADDRESS_PASSES, 0 },
        { "127.0.0.9", 443, false, ADDRESS_MOVES, ADDRESS_MOVES, HTTPS },
        { "127.0.0.9", 80, false, ADDRESS_PASSES, ADDRESS_PASSES, 0 },
        { "127.0.0.9", 5432, false, ADDRESS_PASSES, ADDRESS_PASSES, 0 },
    };
    static union address allowed[2], named[3]; /* the next tests have the map, too */

    fill(&allowed[0], "10.1.2.3", 5432);
    fill(&allowed[1], "2001:db8::5", 5432);
    map.allowed = allowed;
    map.allowed_count = 2;
    fill(&named[0], "203.0.113.7", 0);
    fill(&named[1], "2001:db8::7", 0);
    fill(&named[2], "127.0.0.9", 0);
    map.named = named;
    map.named_count = 3;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        union address asked, moved;
        socklen_t length = fill(&asked, rows[i].host, rows[i].port);

        print_message("%s %d\n", rows[i].host, rows[i].port);
        map.keeps_network = true;
        assert_int_equal(address_judge(&map, &asked, length, rows[i].is_datagram, &moved),
                         rows[i].with_network);
        map.keeps_network = false;
        assert_int_equal(address_judge(&map, &asked, length, rows[i].is_datagram, &moved),
                         rows[i].verdict);
        if (rows[i].verdict == ADDRESS_MOVES) {
            union address expected;

            fill(&expected, asked.any.sa_family == AF_INET ? "127.0.0.1" : "::ffff:127.0.0.1",
                 rows[i].moved_port);
            assert_true(address_is(&moved, &expected));
        }
    }
}

TEST(hides_services_that_answer_for_names)
{
    static const struct {
        const char *path;
        enum address_verdict verdict;
    } rows[] = { { "/var/run/nscd/socket", ADDRESS_IS_HIDDEN },
                 { "/run/nscd/socket", ADDRESS_IS_HIDDEN },
                 { "/run/systemd/resolve/io.systemd.Resolve", ADDRESS_IS_HIDDEN },
                 { "/run/nscdx/socket", ADDRESS_PASSES },
                 { "/run/postgresql/.s.PGSQL.5432", ADDRESS_PASSES } };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        union address asked = { .path = { .sun_family = AF_UNIX } }, moved;
        const size_t length = strlen(rows[i].path);

        memcpy(asked.path.sun_path, rows[i].path, length);
        assert_int_equal(address_judge(&map, &asked,
                                       (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length),
                                       false, &moved),
                         rows[i].verdict);
    }
}

TEST(leaves_to_the_kernel_what_is_no_address)
{
    union address asked, moved;
    const socklen_t length = fill(&asked, "198.51.100.7", 443);

    for (socklen_t shorter = 0; shorter < length; shorter++)
        assert_int_equal(address_judge(&map, &asked, shorter, false, &moved), ADDRESS_PASSES);
    asked.any.sa_family = AF_UNSPEC; /* ends a connection */
    assert_int_equal(address_judge(&map, &asked, length, false, &moved), ADDRESS_PASSES);
    fill(&asked, "2001:db8::1", 443);
    for (socklen_t shorter = 0; shorter < 24; shorter++)
        assert_int_equal(address_judge(&map, &asked, shorter, false, &moved), ADDRESS_PASSES);
    assert_int_equal(address_judge(&map, &asked, 24, false, &moved), ADDRESS_IS_REFUSED);
}

TEST(writes_the_host)
{
    union address address;
    char host[ADDRESS_TEXT_SIZE];

    fill(&address, "::ffff:198.51.100.7", 443);
    assert_int_equal(address_host(&address, host), 443);
    assert_string_equal(host, "198.51.100.7");
    fill(&address, "2001:db8::1", 8443);
    assert_int_equal(address_host(&address, host), 8443);
    assert_string_equal(host, "2001:db8::1");
}

ALL_TESTS_WITHIN(map_set, NULL)
