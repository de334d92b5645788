/* The verbs of heymarket-conformance. */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "catalog.h"
#include "options.h"

struct suite_options {
    const char *base_url;
    const char *mock;
    const char *fixtures;
    struct option_texts only;
    struct option_texts skip;
    int format;
    bool is_strict;
    bool is_live;
    int64_t rate;
    int64_t budget;
    int64_t step;
};

extern const struct option run_options_table[];
extern const struct option list_options_table[];
extern const struct option token_options_table[];

void suite_defaults(void *options);
void suite_options_fini(void *options);

/* Each returns the exit code. */
int cmd_run(const struct verb_call *call);
int cmd_list(const struct verb_call *call);
int cmd_token(const struct verb_call *call);

#endif
