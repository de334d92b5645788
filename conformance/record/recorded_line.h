/* One call as a line of the record: without secrets, tokens and signatures, with stand-ins for
 * personal data. Calls that are not of the contract have method, path and status alone. */
#ifndef SUITE_RECORD_RECORDED_LINE_H
#define SUITE_RECORD_RECORDED_LINE_H

#include "record/recorded.h"
#include "record/stand_ins.h"
#include "support/buf.h"
#include <heymarket/token.h>

enum { RECORDED_BODY_BYTES_MAX = 64 * 1024, RECORDED_LINE_BYTES_MAX = 4 * 1024 * 1024 };

/* Replaces personal data in the remarks of x->result. False: out of memory. */
bool recorded_remarks_replace(struct recorded *x, struct stand_ins *stand_ins);

/* Appends the line, with its line break. False: out of memory. */
bool recorded_line_write(struct buf *out, const struct recorded *x, struct stand_ins *stand_ins,
                         const struct hm_secrets *secrets);

#endif
