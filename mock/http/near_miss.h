/* What is probably meant by a request whose path or method the mock does not have [T6]. */
#ifndef MOCK_HTTP_NEAR_MISS_H
#define MOCK_HTTP_NEAR_MISS_H

#include <stdbool.h>

/* How a path differs from the nearest one that exists: "the base URL ends in /v1". A static string;
 * NULL: no path is similar. */
const char *near_path(const char *method, const char *path);

/* What is probably meant by a method that the path does not have, likewise. */
const char *near_method(const char *method, const char *path);

/* Is it a call that the vendor's reference has, and this mock has not? */
bool vendor_has(const char *method, const char *path);

#endif
