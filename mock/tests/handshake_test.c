#include "handshake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* cmocka wants those before it. */
#include <cmocka.h>

static void a_usual_reason_is_explained(void **state)
{
    static const struct {
        const char *complaint, *starts, *says;
    } rows[] = {
        { "sslize error: error:0A000418:SSL routines::tlsv1 alert unknown ca",
          "heymarket-mock: a TLS handshake failed (tlsv1 alert unknown ca): ",
          "--tls-ca-out FILE" },
        { "sslize error: error:0A000412:SSL routines::sslv3 alert bad certificate",
          "heymarket-mock: a TLS handshake failed (sslv3 alert bad certificate): ", "localhost" },
        { "sslize error: error:0A00009C:SSL routines::http request",
          "heymarket-mock: a TLS handshake failed (http request): ", "plain HTTP" },
        { "sslize error: error:0A000102:SSL routines::unsupported protocol",
          "heymarket-mock: a TLS handshake failed (unsupported protocol): ", "1.1" },
        { "sslize error: something else",
          "heymarket-mock: a TLS handshake failed (something else)\n", "\n" },
        { "sslize error: ", "heymarket-mock: a TLS handshake failed ()\n", "\n" },
    };
    struct buf out;

    (void)state;
    buf_init(&out, 1024);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        buf_clear(&out);
        handshake_explain(&out, rows[i].complaint);
        assert_true(handshake_has_failed(rows[i].complaint));
        assert_int_equal(strncmp(buf_text(&out), rows[i].starts, strlen(rows[i].starts)), 0);
        assert_non_null(strstr(buf_text(&out), rows[i].says));
        assert_int_equal(out.data[out.length - 1], '\n');
    }
    buf_fini(&out);
}

static void a_client_that_hangs_up_is_no_failure(void **state)
{
    (void)state;
    assert_false(handshake_has_failed("SSL syscall error 104"));
    assert_false(handshake_has_failed("cannot bind to 127.0.0.1:80: 98 (Address already in use)"));
}

static void failures_are_counted_whatever_the_log_is(void **state)
{
    struct mock mock = { .log = LOG_NONE };

    (void)state;
    handshake_note(&mock, "sslize error: a");
    handshake_note(&mock, "sslize error: b");
    assert_int_equal(mock.handshakes_failed, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_usual_reason_is_explained),
        cmocka_unit_test(a_client_that_hangs_up_is_no_failure),
        cmocka_unit_test(failures_are_counted_whatever_the_log_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
