/* What channels in a 2xx answer must be [R1 R2 R5 R6 R8 R9]. The client makes its error of it, and
 * the suite judges every 2xx by it. */
#ifndef CONTRACT_CHANNEL_ANSWER_H
#define CONTRACT_CHANNEL_ANSWER_H

#include "contract/answer_breaches.h"
#include <heymarket/channel.h>
#include <heymarket/error.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { ANSWER_BYTES_MAX = 16 * 1024 * 1024 }; /* an answer is read up to here */

/* Judges an array of channels, or one channel that is an object, by its members [R2 R5 R8 R9]. */
void channels_check(const json_t *root, const struct masking *masking,
                    struct answer_breaches *breaches);

/* Fills count, at and storage of the list from a parsed body, an array or one channel, as far as it
 * can be read, and takes ownership of @root, which may be NULL. Elements that are not objects are
 * left out; a member of the wrong type is 0 or ""; a string ends at its first NUL. returns HM_OK,
 * HM_NO_MEMORY */
HM_MUST_USE enum hm_code channel_answer_take(struct hm_channel_list *list, json_t *root,
                                             struct hm_error *err);

/* Has it a channel of that type, and with that channel_id (NULL: any)? Letter case and the + of a
 * number may differ. [R3 U2] */
bool channel_list_holds(const struct hm_channel_list *list, const char *type, const char *id);

#endif
