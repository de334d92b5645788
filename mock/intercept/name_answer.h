/* The answer to one DNS query (RFC 1035, with EDNS0 of RFC 6891). */
#ifndef MOCK_INTERCEPT_NAME_ANSWER_H
#define MOCK_INTERCEPT_NAME_ANSWER_H

#include "intercept/asked.h"
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Every answer fits into what DNS over UDP may always have. */
enum { NAME_ANSWER_MAX = 512, NAME_ADDRESSES_MAX = 8 };

/* A name that has an address; several rows of one name give it several. */
struct known_name {
    const char *name; /* lower case, without a last dot */
    struct in_addr address;
    enum asked_result result; /* as which it is noted */
};

/* Answers with the addresses of a known name, with none where another type is asked for than A, and
 * with "no such name" (NXDOMAIN) for every other name. What is no query at all gets no answer.
 *
 * asked    where names are noted; reverse look-ups are not. NULL: nowhere
 * returns  bytes of the answer in @out; 0: send none */
size_t name_answer(uint8_t out[NAME_ANSWER_MAX], const uint8_t *bytes, size_t length,
                   const struct known_name *known, size_t known_count, struct asked *asked);

/* Is it a well-formed query for another name than the known ones and those below them? Then another
 * server may be asked. Notes the name as an allowed one. */
bool name_is_foreign(const uint8_t *query, size_t length, const struct known_name *known,
                     size_t known_count, struct asked *asked);

#endif
