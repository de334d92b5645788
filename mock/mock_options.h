/* The command line of heymarket-mock: one table row an option, from which --help is printed. */
#ifndef MOCK_OPTIONS_H
#define MOCK_OPTIONS_H

#include "options.h"
#include <stdbool.h>
#include <stdint.h>

struct serve_options {
    struct option_texts listen;
    struct option_texts profiles;
    struct option_texts settings; /* --set */
    const char *port_file;
    const char *world;
    const char *fixtures;
    const char *clock;
    bool is_strict;
    bool is_terse;
    int log;
    int64_t rate_limit; /* 0: none */
    int64_t threads;
};

struct health_options {
    const char *port_file;
};

extern const struct option serve_option_table[];
extern const struct option health_option_table[];

void serve_options_defaults(void *options);
void serve_options_fini(void *options);

#endif
