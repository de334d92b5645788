/* Times that are not Unix seconds: other units and other epochs, recognised by the moment that they
 * mean, which is near the current time [J4]. */
#ifndef CONTRACT_IAT_UNIT_H
#define CONTRACT_IAT_UNIT_H

#include <stdbool.h>
#include <stdint.h>

struct iat_reading {
    const char *unit; /* "minutes since 1970" */
    double unit_s;    /* seconds in one of them; 0: the digits of a date */
    double unix_s;    /* the moment that the number means */
};

/* Reads @value as the unit in which it means a moment at most two days from @now. False: it is
 * none, or it may well be Unix seconds. */
bool iat_reading_find(struct iat_reading *reading, double value, int64_t now);

/* Is it so small that it counts from a start, and nothing else that means a moment within 100 days?
 */
bool iat_is_uptime(double value, int64_t now);

#endif
