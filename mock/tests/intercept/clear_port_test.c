#include "intercept/clear_port.h"

#include "tests/intercept/echo_server.h"
#include "tests/unit.h"
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

TEST(a_request_is_noted_and_refused)
{
    static const struct {
        const char *request, *answer;
        unsigned long long noted;
    } rows[] = {
        { "GET /v2/inboxes HTTP/1.1\r\nHost: api.heymarket.com\r\n\r\n", "HTTP/1.1 403 ", 1 },
        { "POST / HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc", "HTTP/1.1 403 ", 2 },
        { "GET / HTTP/1.1\n\n", "HTTP/1.1 403 ", 3 },
        { "\x16\x03\x01 hello\n\n", "HTTP/1.1 400 ", 3 },
        { "GET\r\n\r\n", "HTTP/1.1 400 ", 3 },
        { "GET / SIP/2.0\r\n\r\n", "HTTP/1.1 400 ", 3 },
    };
    const struct sockaddr_in here = { .sin_family = AF_INET,
                                      .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct clear_port *port, *other;
    struct sockaddr_in taken = here;
    struct asked asked;
    struct hm_error err;

    asked_init(&asked);
    assert_int_equal(clear_port_start(&port, &here, &asked, &err), HM_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const int fd = echo_connect(clear_port_number(port), false);
        char answer[1024];

        assert_true(fd >= 0);
        assert_int_equal(write(fd, rows[i].request, strlen(rows[i].request)),
                         strlen(rows[i].request));
        assert_true(echo_read(fd, answer, sizeof answer) > 13);
        assert_memory_equal(answer, rows[i].answer, 13);
        assert_int_equal(asked_times_of(&asked, "api.heymarket.com", 80), rows[i].noted);
        close(fd);
    }
    taken.sin_port = htons((uint16_t)clear_port_number(port));
    assert_int_equal(clear_port_start(&other, &taken, &asked, &err), HM_BAD_INPUT);
    assert_non_null(strstr(err.text, "cannot listen on 127.0.0.1:"));
    clear_port_stop(other);
    clear_port_stop(port);
    asked_fini(&asked);
}
