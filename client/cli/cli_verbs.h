/* The verbs: what the table in main.c is made of. A new command is a file beside cmd_token.c, its
 * lines here, and its row there. */
#ifndef CLI_CLI_VERBS_H
#define CLI_CLI_VERBS_H

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
void token_defaults(void *options);
int token_sign(const struct verb_call *call);
int token_inspect(const struct verb_call *call);
int token_verify(const struct verb_call *call);

struct doctor_options {
    const char *secret_file;
    int64_t now;
    bool is_unsigned;
    bool is_json;
};
extern const struct option doctor_options[];
void doctor_defaults(void *options);
int doctor(const struct verb_call *call);

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
int channel_create(const struct verb_call *call);

#endif
