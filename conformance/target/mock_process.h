/* Our mock as a process: started on a free port with a stopped clock, and stopped at the end. It
 * also ends if the suite crashes. */
#ifndef SUITE_TARGET_MOCK_PROCESS_H
#define SUITE_TARGET_MOCK_PROCESS_H

#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mock_process;

struct mock_options {
    const char *program;          /* path, or a name on PATH */
    const char *world_file;       /* path */
    const char *const *arguments; /* ends with NULL */
    int64_t now;                  /* of its clock */
    bool is_real_time;            /* its clock is the system's; now is not used */
    const char *folder;           /* for its port file and output */
    size_t number;                /* unique within the folder */
};

/* The program to start: @given, else heymarket-mock in the folder of this program, else on PATH.
 * @program: free() it. */
HM_MUST_USE enum hm_code mock_program_find(char **program, const char *given, struct hm_error *err);

/* Starts it and waits until it listens.
 * returns HM_OK; HM_BAD_INPUT: it cannot be started, or refused its arguments; HM_INTERNAL: it
 * ended or does not listen; both with its output. HM_NO_MEMORY */
HM_MUST_USE enum hm_code mock_start(struct mock_process **process,
                                    const struct mock_options *options, struct hm_error *err);

/* "http://127.0.0.1:41234". Borrowed. */
const char *mock_base_url(const struct mock_process *process);
const char *mock_control_url(struct mock_process *process); /* base URL and /_mock */

/* Sends SIGTERM. mock_free() waits, so that several can stop at the same time. */
void mock_stop(struct mock_process *process);

/* Waits for its end. HM_INTERNAL: it ended badly; err has its output. @process may be NULL. */
enum hm_code mock_free(struct mock_process *process, struct hm_error *err);

#endif
