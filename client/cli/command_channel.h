/* channel create, get, list, update, delete. */
#ifndef CLI_COMMAND_CHANNEL_H
#define CLI_COMMAND_CHANNEL_H

#include "support/options.h"

/* For a struct api_options. */
extern const struct option channel_write_options[]; /* of create and update */
extern const struct option channel_type_options[];  /* of get and delete */
extern const struct option channel_list_options[];

/* Each returns an exit code. */
int channel_create(const struct verb_call *call);
int channel_get(const struct verb_call *call);
int channel_list(const struct verb_call *call);
int channel_update(const struct verb_call *call);
int channel_delete(const struct verb_call *call);

#endif
