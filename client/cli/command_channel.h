/* channel create. */
#ifndef CLI_COMMAND_CHANNEL_H
#define CLI_COMMAND_CHANNEL_H

#include "support/options.h"

struct channel_options {
    const char *type;
    const char *id;
    const char *secret_file;
    const char *base_url;
    const char *ca_file;
    int64_t connect_timeout_s;
    int64_t timeout_s;
    bool allows_plaintext;
    bool is_json;
};
extern const struct option channel_create_options[];

/* Returns an exit code. */
int channel_create(const struct verb_call *call);

#endif
