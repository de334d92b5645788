/* One line a request, to stderr. */
#ifndef MOCK_JOURNAL_LOG_H
#define MOCK_JOURNAL_LOG_H

#include "exchange/exchange.h"

/* Writes the line of an exchange that is done, as mock->log says: for people, or an exchange as
 * JSON without its body. A stderr that is full or closed, or a pipe that nobody reads, is not the
 * request's problem: the line is lost. */
void log_exchange(struct exchange *x);

/* Writes a line that is no exchange's, in the same way. */
void log_line(const char *line, size_t length);

/* Appends the line without writing it. */
void log_text(struct buf *out, struct exchange *x, int64_t us);
void log_json(struct buf *out, struct exchange *x, int64_t us);

#endif
