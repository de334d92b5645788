/* Where to listen: --listen or --tls-listen PORT, HOST:PORT or [V6]:PORT. */
#ifndef MOCK_HTTP_LISTENER_H
#define MOCK_HTTP_LISTENER_H

#include "support/options.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>

enum { LISTENER_ADDRESS_TEXT = 64, LISTENER_URL_TEXT = 96, LISTENER_DEFAULT_PORT = 8580 };

struct listener {
    char host[LISTENER_ADDRESS_TEXT]; /* a numeric address, without brackets */
    bool is_ipv6;
    bool is_loopback;
    bool is_tls;
    bool is_by_name; /* PORT or localhost:PORT was given */
    int port;        /* 0 until the server has chosen one */
    int reserved_fd; /* keeps the port until the server has it; -1: none */
};

/* returns HM_OK; HM_BAD_ARGUMENT with what was expected */
HM_MUST_USE enum hm_code listener_parse(struct listener *listener, const char *text, bool is_tls,
                                        struct hm_error *err);

/* "127.0.0.1:8580", "[::1]:8580". */
void listener_address(char out[LISTENER_URL_TEXT], const struct listener *listener);

/* "http://127.0.0.1:8580". Over TLS it is "https://localhost:8443" for 127.0.0.1, ::1, 0.0.0.0 and
 * ::, as our certificates have no address. For any other it is "https://192.0.2.7:8443", which
 * needs a certificate of the user's own, or a client that resolves api.heymarket.com to it. */
void listener_url(char out[LISTENER_URL_TEXT], const struct listener *listener);

/* All listeners of a mock: those of --listen, then those of --tls-listen, or where there is neither
 * @by_default without TLS. `localhost` may resolve to ::1 first, so a TLS listener given by name
 * listens on 127.0.0.1 and, where the system has it, on ::1, with the same port.
 *
 * listeners   listeners_free() it, also after a failure
 * returns     HM_OK; HM_BAD_ARGUMENT (not an address); HM_BAD_INPUT (no port is free);
 *             HM_NO_MEMORY */
HM_MUST_USE enum hm_code listeners_take(struct listener **listeners, size_t *count,
                                        const struct option_texts *plain,
                                        const struct option_texts *tls, const char *by_default,
                                        struct hm_error *err);

/* Gives up the reserved ports: the server has them. */
void listeners_release(struct listener *listeners, size_t count);

/* NULL is fine. */
void listeners_free(struct listener *listeners, size_t count);

/* Fills err from civetweb's complaint when it could not listen: "cannot bind to 127.0.0.1:8080: 98
 * (Address already in use)". Returns HM_BAD_INPUT. */
HM_MUST_USE enum hm_code listener_explain(const char *complaint, struct hm_error *err);

#endif
