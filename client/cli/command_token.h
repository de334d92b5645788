/* token sign, inspect, verify. */
#ifndef CLI_COMMAND_TOKEN_H
#define CLI_COMMAND_TOKEN_H

#include "support/options.h"

struct token_options {
    const char *secret_file;
    const char *iat;
    int64_t now;
    bool is_unsigned;
    bool is_json;
};
extern const struct option token_sign_options[];
extern const struct option token_inspect_options[];
extern const struct option token_verify_options[];

/* Each verb returns an exit code. */
void token_defaults(void *options);
int token_sign(const struct verb_call *call);
int token_inspect(const struct verb_call *call);
int token_verify(const struct verb_call *call);

#endif
