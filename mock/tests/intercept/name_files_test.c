#include "intercept/name_files.h"

#include "tests/unit.h"

typedef void (*changer)(struct buf *out, const char *before);

static void check(changer change, const char *before, const char *after)
{
    struct buf out;

    buf_init(&out, 4096);
    change(&out, before);
    assert_string_equal(buf_text(&out), after);
    buf_fini(&out);
}

#define OURS "192.0.2.1 api.heymarket.com\n"

TEST(a_hosts_file_has_the_name_once)
{
    check(name_files_hosts, "", OURS);
    check(name_files_hosts, "127.0.0.1 localhost\n\n# a comment",
          OURS "127.0.0.1 localhost\n\n# a comment\n");
    check(name_files_hosts,
          "1.2.3.4 api.heymarket.com\n::1\tx API.Heymarket.COM y\n5.6.7.8 api.heymarket.com#why\n",
          OURS);
    check(name_files_hosts, "1.2.3.4 eu.api.heymarket.com\n1.2.3.4 api.heymarket.com.example\n",
          OURS "1.2.3.4 eu.api.heymarket.com\n1.2.3.4 api.heymarket.com.example\n");
    check(name_files_hosts, "1.2.3.4 db # not api.heymarket.com\r\n#1.2.3.4 api.heymarket.com\n",
          OURS "1.2.3.4 db # not api.heymarket.com\r\n#1.2.3.4 api.heymarket.com\n");
}

TEST(a_hosts_file_has_addresses_of_the_name)
{
    static const char text[] =
        "127.0.0.1 localhost\n198.51.100.7 api.heymarket.com\n"
        "#198.51.100.8 api.heymarket.com\n\t2001:db8::7 x API.heymarket.com\n"
        "fe80::1%lo api.heymarket.com\n1.2.3 api.heymarket.com\n"
        "198.51.100.9 api.heymarket.com.example\napi.heymarket.com\n"
        "203.0.113.7 api.heymarket.com";
    static const char *const expected[] = { "198.51.100.7", "2001:db8::7", "fe80::1",
                                            "203.0.113.7" };
    union address found[8];

    assert_int_equal(name_files_addresses(found, 8, text), 4);
    for (size_t i = 0; i < 4; i++) {
        char host[ADDRESS_TEXT_SIZE];

        assert_int_equal(address_host(&found[i], host), 0);
        assert_string_equal(host, expected[i]);
    }
    assert_int_equal(name_files_addresses(found, 2, text), 2);
    assert_int_equal(name_files_addresses(found, 8, ""), 0);
}

TEST(only_the_sources_of_hosts_change)
{
    check(name_files_switch, "", "hosts: files dns\n");
    check(name_files_switch,
          "passwd: files systemd\nhosts: files resolve [!UNAVAIL=return] dns\n  "
          "hosts:\tmdns4\nnetworks: files",
          "passwd: files systemd\nnetworks: files\nhosts: files dns\n");
}
