/* A mock of our own beside the suite: started on a free port with a clock that stands still,
 * stopped at the end. It dies with us, however we die. */
#ifndef SUITE_TARGET_MOCK_PROCESS_H
#define SUITE_TARGET_MOCK_PROCESS_H

#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mock_process;

struct mock_options {
    const char *program;          /* path, or a name to look for on PATH */
    const char *world_file;       /* path */
    const char *const *arguments; /* further ones; ends with NULL */
    int64_t now;                  /* where its clock stands */
    bool is_real_time;            /* or it runs, with the system's */
    const char *folder;           /* for its port file and what it says */
    size_t number;                /* tells it from others in that folder */
};

/* The program to start: @given, else our own program's neighbour, else the name alone, which is
 * then looked for on PATH. @program: free() it. */
HM_MUST_USE enum hm_code mock_program_find(char **program, const char *given, struct hm_error *err);

/* Starts it and waits until it listens.
 * returns HM_OK; HM_BAD_INPUT: it cannot be started, or refused its arguments; HM_INTERNAL: it died
 * or does not listen; both with what it said. HM_NO_MEMORY */
HM_MUST_USE enum hm_code mock_start(struct mock_process **process,
                                    const struct mock_options *options, struct hm_error *err);

/* "http://127.0.0.1:41234". Borrowed. */
const char *mock_base_url(const struct mock_process *process);

/* Tells it to stop. mock_free() then waits for it; so several stop at the same time. */
void mock_stop(struct mock_process *process);

/* Waits for its end. HM_INTERNAL: it ended otherwise than well, with what it said. NULL is fine. */
enum hm_code mock_free(struct mock_process *process, struct hm_error *err);

#endif
