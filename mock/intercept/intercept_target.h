/* What `run --intercept` leads to the mock. */
#ifndef MOCK_INTERCEPT_INTERCEPT_TARGET_H
#define MOCK_INTERCEPT_INTERCEPT_TARGET_H

#define INTERCEPT_NAME "api.heymarket.com"
enum { INTERCEPTED_PORT = 443, INTERCEPTED_CLEAR_PORT = 80 };

/* What the name means to the command: an address for documentation (RFC 5737), so no host has it.
 */
#define INTERCEPT_ADDRESS "192.0.2.1"

#endif
