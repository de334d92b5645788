/* Markdown as GitHub and GitLab show it. All texts stay texts: they cannot become markup, a link or
 * a mention of a person. */
#ifndef SUPPORT_MARKDOWN_H
#define SUPPORT_MARKDOWN_H

#include "support/buf.h"
#include <stddef.h>

/* Appends text on one line; what a terminal must not see is escaped (escape_terminal()). */
void markdown_text(struct buf *out, const char *text);

/* The same, and the end of the paragraph or heading. */
void markdown_paragraph(struct buf *out, const char *text);

/* At most @most bytes of it, and "..." if there are more. */
void markdown_cut(struct buf *out, const char *text, size_t most);

/* The same as code within a line. */
void markdown_code(struct buf *out, const char *text);

/* Appends a block of commands. @text may have lines. */
void markdown_commands(struct buf *out, const char *text);

#endif
