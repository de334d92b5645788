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
    bool is_by_name; /* PORT or localhost:PORT was given, no address */
    int port;        /* 0 until the server has chosen one */
    int reserved_fd; /* a socket that keeps the port ours until the server has it; -1: none */
};

/* returns HM_OK; HM_BAD_ARGUMENT with what was expected */
HM_MUST_USE enum hm_code listener_parse(struct listener *listener, const char *text, bool is_tls,
                                        struct hm_error *err);

/* "127.0.0.1:8580", "[::1]:8580". */
void listener_address(char out[LISTENER_URL_TEXT], const struct listener *listener);

/* "http://127.0.0.1:8580". Over TLS it is "https://localhost:8443" for 127.0.0.1, ::1 and the two
 * addresses that stand for all, as no certificate of ours bears an address; for any other
 * "https://192.0.2.7:8443", which wants a certificate of the user's own, or a client that is told
 * to find api.heymarket.com there. */
void listener_url(char out[LISTENER_URL_TEXT], const struct listener *listener);

/* All listeners of a mock: those of --listen, then those of --tls-listen, or where neither says
 * anything @by_default without TLS. `localhost` may mean ::1 first, so a TLS listener given by name
 * listens on 127.0.0.1 and, where there is such a thing, on ::1, with the same port.
 *
 * listeners   listeners_free() it
 * returns     HM_OK; HM_BAD_ARGUMENT (an address that is none); HM_BAD_INPUT (no port is free);
 *             HM_NO_MEMORY */
HM_MUST_USE enum hm_code listeners_take(struct listener **listeners, size_t *count,
                                        const struct option_texts *plain,
                                        const struct option_texts *tls, const char *by_default,
                                        struct hm_error *err);

/* Lets go of the reserved ports: the server has them. */
void listeners_release(struct listener *listeners, size_t count);

/* On sockets that the server keeps to itself: a connection on which nothing is said is the system's
 * alone for so long, and holds no thread; what a client does not take fills no more than so many
 * bytes of the system's, which would lend it megabytes until connecting suffers. Best effort. */
void listeners_tune(const struct listener *listeners, size_t count, int silence_s,
                    int unsent_bytes);

/* Ends listening, on sockets that the server keeps to itself: its thread that waits for connections
 * wakes at once, and not when its time is over. */
void listeners_shut(const struct listener *listeners, size_t count);

/* NULL is fine. */
void listeners_free(struct listener *listeners, size_t count);

/* Fills err with what civetweb complained of when it could not listen, "cannot bind to
 * 127.0.0.1:8080: 98 (Address already in use)", in our own words. Returns HM_BAD_INPUT. */
HM_MUST_USE enum hm_code listener_explain(const char *complaint, struct hm_error *err);

#endif
