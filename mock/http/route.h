/* The table of routes: method and path -> operation [T1 T6]. Paths are matched as sent, segment by
 * segment, after percent-decoding; nothing is normalised. */
#ifndef MOCK_HTTP_ROUTE_H
#define MOCK_HTTP_ROUTE_H

#include "exchange/exchange.h"

enum route_result {
    ROUTE_FOUND,
    ROUTE_NO_PATH,   /* 404 */
    ROUTE_NO_METHOD, /* 405; the match holds what is allowed */
    ROUTE_BAD_PATH   /* 400: a bad escape, an encoded slash or NUL, '#' or '\' */
};

enum route_result route_find(struct route_match *match, const char *method, const char *path);

/* Is it a URL of another server, which a client sends to a proxy (RFC 9112 section 3.2.2)? */
bool route_is_whole_url(const char *path);

/* How @path differs from the nearest path that exists: "the base URL ends in /v1". A static string;
 * NULL: no path is similar. */
const char *route_nearest(const char *path);

#endif
