/* Times of answers, fixtures and logs [R5]. */
#ifndef CONTRACT_RFC3339_H
#define CONTRACT_RFC3339_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads an RFC 3339 date-time (section 5.6; fractions and numeric offsets allowed) as Unix seconds,
 * rounded down. @unix_s may be NULL. False: it is not one. */
bool rfc3339_read(int64_t *unix_s, const char *text, size_t length);

#endif
