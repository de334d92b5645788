/* One request to a mock that is running, for the verbs that ask or change one. */
#ifndef MOCK_ASK_H
#define MOCK_ASK_H

#include "mock_options.h"
#include "support/options.h"

enum { ASK_URL_TEXT = 256, ASK_ANSWER_BYTES_MAX = 4 * 1024 * 1024 };

/* The mock's base URL: --url, else the first one of --port-file, else HEYMARKET_MOCK_URL, else
 * http://127.0.0.1:8580. Returns 0, or the exit code after it said what is wrong. */
int ask_find(char url[ASK_URL_TEXT], const struct program *program,
             const struct ask_options *options);

struct ask_answer {
    int status;       /* 0: there is no answer; -1: it is not HTTP */
    const char *body; /* borrowed from @text */
    char *text;       /* owned */
};

/* Asks it. The certificate of an https URL is not verified: ask only loopback addresses over TLS
 * for what is relied on. Returns 0, or the exit code after it said what is wrong. ask_fini() it in
 * any case. */
int ask(struct ask_answer *answer, const struct program *program, const char *url,
        const char *method, const char *path, const char *body);
void ask_fini(struct ask_answer *answer);

#endif
