/* The verb `serve`: runs a mock until a signal. */
#ifndef MOCK_SERVE_H
#define MOCK_SERVE_H

#include "mock_options.h"
#include "support/options.h"
#include <signal.h>
#include <stdbool.h>

int serve_run(const struct verb_call *call);

/* Returns at one of @signals, which are blocked, or with 0 when @fd has ended or, if
 * @is_line_enough, has a line. */
int serve_wait(const sigset_t *signals, int fd, bool is_line_enough);

/* Prints what `--misbehave list` or `--vary list` asks for. False: none was asked for. */
bool serve_lists(const struct serve_options *options);

#endif
