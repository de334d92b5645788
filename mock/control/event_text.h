/* Events as the viewers of the page get them: text/event-stream, as the HTML standard has it. */
#ifndef MOCK_CONTROL_EVENT_TEXT_H
#define MOCK_CONTROL_EVENT_TEXT_H

#include "journal/journal.h"
#include "support/buf.h"
#include <stdbool.h>
#include <stddef.h>

/* Appends an exchange: the journal's object with more members, the serial number "n", the "cures"
 * of its findings, and "curl", a shell's line that repeats it. Its id is @life and the serial
 * number. */
void event_write_exchange(struct buf *out, const char *life, unsigned long long serial,
                          const struct journal_entry *entry, const char *base_url);

/* Appends that entries have dropped out of the journal unseen. */
void event_write_lost(struct buf *out, unsigned long long count);

/* Appends what has changed, a set of bits 1U << TOPIC_CLOCK and so on; 0: the journal was cleared.
 */
void event_write_changed(struct buf *out, unsigned changes);

/* Appends the first event: @is_resumed means that what follows goes on where the viewer was,
 * @sandbox is its id, "" of the main world. */
void event_write_hello(struct buf *out, const char *life, bool is_resumed, const char *sandbox,
                       const char *base_url);

/* Appends that the viewer has all that there was when it came. */
void event_write_ready(struct buf *out);

/* Is @id that of an exchange of this life? */
bool event_id_read(unsigned long long *serial, const char *id, const char *life);

#endif
