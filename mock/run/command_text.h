/* A command line for a report: as a shell would read it, without what must not be shown. */
#ifndef MOCK_RUN_COMMAND_TEXT_H
#define MOCK_RUN_COMMAND_TEXT_H

#include "contract/mask.h"
#include "support/buf.h"

enum { COMMAND_WORD_SHOWN_MAX = 400 };

/* Appends one word. A known key and what looks like a token give way to "<N characters>"; a long
 * word is cut. */
void command_word_write(struct buf *out, const char *word, const struct mask *mask);

/* Appends all of them, quoted where a shell needs it. @argv ends with NULL. */
void command_write(struct buf *out, char *const *argv, const struct mask *mask);

#endif
