/* What the channel commands print. */
#ifndef CLI_PRINT_CHANNEL_H
#define CLI_PRINT_CHANNEL_H

#include "contract/mask.h"
#include <heymarket/channel.h>
#include <jansson.h>
#include <stdio.h>

/* A contact's list as a table; the channels that are (type, id) are marked; none if
 * one of the two is NULL. The server may repeat
 * in its texts what it was sent: they are masked. */
void print_channels(FILE *out, const struct hm_channel_list *list, const char *type, const char *id,
                    const struct masking *masking);

/* {v,status,request_id,attempts,channels}, masked; a new reference; NULL: out of memory. */
json_t *channels_json(const struct hm_channel_list *list, const struct masking *masking);

/* The members of an error besides its text: code, clause, request id, written, attempts. */
void print_error_details(FILE *out, const struct hm_error *err);

/* {v,error:{code,clause,mistake,status,request_id,message,written,attempts}}; a new reference;
 * NULL: out of memory. */
json_t *error_json(const struct hm_error *err);

#endif
