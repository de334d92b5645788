/* Where to listen: --listen PORT, HOST:PORT or [V6]:PORT. */
#ifndef LISTENER_H
#define LISTENER_H

#include <heymarket/error.h>
#include <stdbool.h>

enum { LISTENER_ADDRESS_TEXT = 64, LISTENER_URL_TEXT = 96, LISTENER_DEFAULT_PORT = 8580 };

struct listener {
    char host[LISTENER_ADDRESS_TEXT]; /* a numeric address, without brackets */
    bool is_ipv6;
    bool is_loopback;
    int port; /* 0 until the server has chosen one */
};

/* returns HM_OK; HM_BAD_ARGUMENT with what was expected */
HM_MUST_USE enum hm_code listener_parse(struct listener *listener, const char *text,
                                        struct hm_error *err);

/* "127.0.0.1:8580", "[::1]:8580". */
void listener_address(char out[LISTENER_URL_TEXT], const struct listener *listener);

/* "http://127.0.0.1:8580". */
void listener_url(char out[LISTENER_URL_TEXT], const struct listener *listener);

/* Fills err with what civetweb complained of when it could not listen, "cannot bind to
 * 127.0.0.1:8080: 98 (Address already in use)", in our own words. Returns HM_BAD_INPUT. */
HM_MUST_USE enum hm_code listener_explain(const char *complaint, struct hm_error *err);

/* Is it a numeric address on the loopback interface, IPv4 mapped into IPv6 included? */
bool is_loopback_address(const char *text);

#endif
