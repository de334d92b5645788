/* Reads a file, and never longer than someone wants to wait: the only place where a file is opened
 * for reading.
 *
 * A thread opens and reads it, since a slow mount or a pipe that nobody writes to blocks in open()
 * and read() for as long as it likes. Meanwhile INT, TERM, QUIT, ALRM and (unless it was blocked
 * before) HUP are blocked and looked for; when one of them comes, reading ends with an error, and
 * the signal has its usual effect at reader_close(). */
#ifndef SUPPORT_READER_H
#define SUPPORT_READER_H

#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>

enum { READER_SILENCE_S = 10 }; /* that a pipe may deliver nothing */

struct reader;

/* Begins to read a regular file or a pipe; "-" is standard input, which may be anything. That it
 * cannot be opened is known only to reader_next().
 * returns HM_OK, HM_NO_MEMORY, HM_INTERNAL (no descriptor or thread). reader_close() it */
HM_MUST_USE enum hm_code reader_open(struct reader **reader, const char *path,
                                     struct hm_error *err);

/* The same for a path that may also be a folder, whose entries are then read, each ended by NUL,
 * and is no pipe and no "-". */
HM_MUST_USE enum hm_code reader_open_any(struct reader **reader, const char *path,
                                         struct hm_error *err);

/* After the end: was it a folder? */
bool reader_had_folder(const struct reader *reader);

/* Fills up to @size bytes; *got is 0 at the end.
 * returns HM_OK, HM_BAD_INPUT ("NAME: why") */
HM_MUST_USE enum hm_code reader_next(struct reader *reader, char *piece, size_t size, size_t *got,
                                     struct hm_error *err);
void reader_close(struct reader *reader);

#endif
