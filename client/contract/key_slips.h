/* What goes wrong with single characters when ID||KEY is copied or typed: one is lost, doubled,
 * replaced by one that looks like it, or an invisible one is added. Messages name the place, never
 * the characters. */
#ifndef CONTRACT_KEY_SLIPS_H
#define CONTRACT_KEY_SLIPS_H

#include "contract/key_mistakes.h"
#include "support/span.h"

enum { SLIP_SECRET_MAX = 256 }; /* a longer signing secret has too many places */

/* Calls @try with each ID||KEY that has one such slip, until it returns false. The first function
 * has all but the invisible characters. */
void key_slips_try(const char *id, const char *key, key_try_fn *try, void *context);
void key_slips_try_invisible(const char *id, const char *key, key_try_fn *try, void *context);

enum slip { SLIP_NONE, SLIP_LOST, SLIP_DOUBLED, SLIP_LOOK_ALIKE, SLIP_INVISIBLE };

/* The slip that makes @text of the ID @meant; *place counts its characters from 1. SLIP_LOOK_ALIKE
 * and SLIP_INVISIBLE: there may be several, the first is named. SLIP_NONE: it is not one of these.
 */
enum slip slip_of(const char *meant, struct span text, size_t *place);

#endif
