/* One line per request, to stderr. */
#ifndef MOCK_JOURNAL_LOG_H
#define MOCK_JOURNAL_LOG_H

#include "exchange/exchange.h"

/* Writes the line of an exchange that is done, in the format of mock->log. A line that stderr
 * cannot take is lost. */
void log_exchange(struct exchange *x);

/* Writes any other line in the same way. */
void log_line(const char *line, size_t length);

/* Appends the line without writing it. */
void log_text(struct buf *out, struct exchange *x, int64_t us);
void log_json(struct buf *out, struct exchange *x, int64_t us);

#endif
