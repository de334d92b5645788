/* Replacements for an application's personal data: fictional phone numbers (NXX 555 01xx),
 * addresses at example.com, and made-up names. The same value has the same stand-in for the whole
 * recording, wherever it is: in bodies, paths, header fields and messages.
 *
 * UUIDs, numbers of channels, contacts and teams, and times stay. */
#ifndef SUITE_RECORD_STAND_INS_H
#define SUITE_RECORD_STAND_INS_H

#include "support/buf.h"
#include "support/span.h"
#include <stdbool.h>
#include <stddef.h>

/* Beyond this many values of a recording, one stand-in serves all that are new. */
enum { STAND_INS_MAX = 50000 };

struct stand_ins {
    struct stand_in *by_value;
    size_t phones, emails, others; /* how many were made */
    bool is_full;
};

/* A zeroed struct is empty. */
void stand_ins_fini(struct stand_ins *stand_ins);

/* Appends @text, in which each phone number, address and known value is replaced. */
void stand_ins_text(struct buf *out, struct stand_ins *stand_ins, struct span text);

/* The same for a path or a query: what is percent-encoded is read, and written again, encoded. */
void stand_ins_path(struct buf *out, struct stand_ins *stand_ins, struct span path);

/* The replaced value of one of the contract's members, channel_id above all, whatever it looks
 * like. A phone number keeps its form: with or without a leading +, E.164 or not [B4]. */
void stand_ins_value(struct buf *out, struct stand_ins *stand_ins, const char *member,
                     struct span value);

/* Has a member of that name a number, an address or a name as its whole value? */
bool is_personal_member(const char *member);

/* Is it a phone number that was replaced before? */
bool stand_ins_know_phone(const struct stand_ins *stand_ins, const char *digits);

#endif
