/* client: runs the scenarios of certify/ against a command. */
#ifndef SUITE_VERB_CLIENT_H
#define SUITE_VERB_CLIENT_H

#include "support/options.h"
#include "support/report_dir.h"
#include <stdbool.h>
#include <stdint.h>

struct client_options {
    struct option_texts scenarios;
    const char *mock;
    struct report_place report;
    int format;
    int64_t timeout_s;
    bool is_strict;
};
extern const struct option client_options_table[];
void client_defaults(void *options);
int cmd_client(const struct verb_call *call);

#endif
