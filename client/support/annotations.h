/* Annotations: lines that GitHub Actions reads from the output of a job and shows beside its result
 * ("workflow commands"). Written only where GITHUB_ACTIONS is true. */
#ifndef SUPPORT_ANNOTATIONS_H
#define SUPPORT_ANNOTATIONS_H

#include "support/uuid.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum annotation_level {
    ANNOTATION_ERROR,
    ANNOTATION_WARNING,
    ANNOTATION_NOTICE,
    ANNOTATION_LEVELS
};

/* GitHub shows this many of a level for a step. */
enum { ANNOTATIONS_MAX = 10 };

struct annotations {
    size_t count[ANNOTATION_LEVELS];
};

/* Does GitHub Actions read our output? */
bool annotations_are_read(void);

/* Writes one to standard error, if it is read and shown. Neither text can end its line or begin
 * another command. @message: cut if it is long. */
void annotate(struct annotations *annotations, enum annotation_level level, const char *title,
              const char *message);

/* Between these two GitHub takes nothing that is written to @out as a command, so that texts of
 * others can be quoted. @pause: zeroed, the same for both. */
struct annotation_pause {
    char token[UUID_TEXT];
};
void annotations_pause(FILE *out, struct annotation_pause *pause);
void annotations_resume(FILE *out, const struct annotation_pause *pause);

#endif
