#include "tests/unit.h"
#include "tls/handshake.h"

TEST(a_usual_reason_is_explained)
{
    static const struct {
        const char *complaint, *reason, *says;
    } rows[] = {
        { "sslize error: error:0A000418:SSL routines::tlsv1 alert unknown ca",
          "tlsv1 alert unknown ca", "--tls-ca-out FILE writes, with SSL_CERT_FILE" },
        { "sslize error: error:0A000412:SSL routines::sslv3 alert bad certificate",
          "sslv3 alert bad certificate", "a host name that is not in it" },
        { "sslize error: error:0A000415:SSL routines::sslv3 alert certificate expired",
          "sslv3 alert certificate expired", "the client's clock" },
        { "sslize error: error:0A00009C:SSL routines::http request", "http request", "plain HTTP" },
        { "sslize error: error:0A000102:SSL routines::unsupported protocol", "unsupported protocol",
          "TLS 1.2" },
        { "sslize error: something else", "unknown reason", "most likely" },
        { "sslize error: ", "unknown reason", "most likely" },
    };
    struct buf out;

    buf_init(&out, HANDSHAKE_CURE_BYTES_MAX);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct handshakes handshakes = { 0 };

        assert_true(handshake_has_failed(rows[i].complaint));
        handshake_note(&handshakes, rows[i].complaint, -1);
        assert_string_equal(handshake_reason(&handshakes), rows[i].reason);
        buf_clear(&out);
        handshake_cure(&out, handshake_reason(&handshakes), false);
        assert_non_null(strstr(buf_text(&out), rows[i].says));
    }
    buf_fini(&out);
}

TEST(a_client_that_has_the_variables_gets_another_cure)
{
    struct buf out;

    buf_init(&out, HANDSHAKE_CURE_BYTES_MAX);
    handshake_cure(&out, "tlsv1 alert unknown ca", true);
    assert_non_null(strstr(buf_text(&out), "--ca-file"));
    assert_null(strstr(buf_text(&out), "NODE_EXTRA_CA_CERTS"));
    buf_clear(&out);
    handshake_cure(&out, "http request", true);
    assert_null(strstr(buf_text(&out), "--ca-file"));
    buf_fini(&out);
}

TEST(a_client_that_hangs_up_is_no_failure)
{
    assert_false(handshake_has_failed("SSL syscall error 104"));
    assert_false(handshake_has_failed("cannot bind to 127.0.0.1:80: 98 (Address already in use)"));
}

TEST(failures_are_counted_whatever_the_log_is)
{
    struct handshakes handshakes = { 0 };

    handshake_note(&handshakes, "sslize error: a", -1);
    handshake_note(&handshakes, "sslize error: b", -1);
    assert_int_equal(handshakes_failed(&handshakes), 2);
}
