/* The verb record: forwards an application's calls to a real server, and judges and keeps them. */
#ifndef SUITE_VERB_RECORD_H
#define SUITE_VERB_RECORD_H

#include "support/options.h"
#include <stdbool.h>
#include <stdint.h>

struct record_options {
    int64_t port;
    const char *target;
    const char *record;
    const char *world;
    const char *profile;
    const char *report;
    const char *port_file;
    const char *secret_file;
    const char *ca_file;
    const char *cert_file;
    const char *key_file;
    int64_t timeout_s;
    bool is_live;
    bool is_strict;
};

extern const struct option record_options_table[];

void record_defaults(void *options);
int cmd_record(const struct verb_call *call);

#endif
