/* doctor: every token in a file, judged. */
#ifndef CLI_COMMAND_DOCTOR_H
#define CLI_COMMAND_DOCTOR_H

#include "support/options.h"

struct doctor_options {
    const char *secret_file;
    int64_t now;
    bool is_unsigned;
    bool is_json;
};
extern const struct option doctor_options[];

void doctor_defaults(void *options);

/* Returns an exit code. */
int doctor(const struct verb_call *call);

#endif
