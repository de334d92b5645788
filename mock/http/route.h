/* The table of routes: method and path -> operation [T1 T6]. Paths are matched as sent, segment by
 * segment, after percent-decoding; nothing is normalised. */
#ifndef MOCK_HTTP_ROUTE_H
#define MOCK_HTTP_ROUTE_H

#include "exchange/exchange.h"

enum route_result {
    ROUTE_FOUND,
    ROUTE_NO_PATH,   /* 404 */
    ROUTE_NO_METHOD, /* 405; the match holds what is allowed */
    ROUTE_BAD_PATH   /* 400: a bad escape, '#', '\' or an encoded NUL; an encoded slash where no
                        channel type is */
};

enum route_result route_find(struct route_match *match, const char *method, const char *path);

/* The same for the path below that of a sandbox, "/journal": finds what each world has of the
 * control plane. */
enum route_result route_find_below(struct route_match *match, const char *method, const char *path);

/* Is it a URL of another server, which a client sends to a proxy (RFC 9112 section 3.2.2)? */
bool route_is_whole_url(const char *path);

/* Does every percent-escape stand for a character? Only then may a path be matched. */
bool route_is_sound(const char *path);

/* Does a sound path match "/word/{}/word"? {} matches any segment, a second one any
 * that is not empty. */
bool route_fits(const char *pattern, const char *path);

/* Is a sound path one of the API, or would any path be it if letter case did not matter? */
enum route_nearness { ROUTE_IS_NO_PATH, ROUTE_IS_PATH, ROUTE_IS_PATH_IN_OTHER_CASE };
enum route_nearness route_nearness(const char *path);

#endif
