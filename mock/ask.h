/* One request to a mock that is running, for the verbs that ask or change one. */
#ifndef MOCK_ASK_H
#define MOCK_ASK_H

#include "mock_options.h"
#include "support/options.h"

enum { ASK_URL_TEXT = 256, ASK_ANSWER_BYTES_MAX = 4 * 1024 * 1024 };

/* Which mock, and which of its worlds. */
struct ask_where {
    char url[ASK_URL_TEXT];     /* "http://127.0.0.1:8580" */
    char control[ASK_URL_TEXT]; /* ask_main_control, or "/_mock/sandboxes/ID" */
};

/* The control plane of the mock itself. */
extern const char ask_main_control[];

/* Takes them from a base URL or a control URL. False: it is neither. */
bool ask_where_read(struct ask_where *where, const char *url);

/* The same from --url, else the first line of --port-file, else HEYMARKET_MOCK_CONTROL_URL where it
 * is on HEYMARKET_MOCK_URL, else HEYMARKET_MOCK_URL, else http://127.0.0.1:8580. Returns 0, or the
 * exit code after it said what is wrong. */
int ask_find(struct ask_where *where, const struct program *program,
             const struct ask_options *options);

struct ask_answer {
    int status;       /* 0: there is no answer; -1: it is not HTTP */
    const char *body; /* borrowed from @text */
    char *text;       /* owned */
};

/* Asks for @path of the control plane, such as "/health". The certificate of an https URL is not
 * verified: ask only loopback addresses over TLS for what is relied on. Returns 0, or the exit code
 * after it said what is wrong. ask_fini() it in any case. */
int ask(struct ask_answer *answer, const struct program *program, const struct ask_where *where,
        const char *method, const char *path, const char *body);

/* Says that the status is not the expected one, and why. Returns EXIT_FELL_SHORT. */
int ask_refused(const struct program *program, const struct ask_where *where,
                const struct ask_answer *answer);
void ask_fini(struct ask_answer *answer);

#endif
