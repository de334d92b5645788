/* The expectations that speak of the contact's list: holds, keeps, grows [R3 R4]. */
#ifndef SUITE_JUDGE_MATCH_LIST_H
#define SUITE_JUDGE_MATCH_LIST_H

#include "judge/match.h"

void match_holds(struct match *match, const struct expect *expect, const struct exchange *exchange,
                 struct case_marks *marks);
void match_keeps(struct match *match, const struct expect *expect, const struct exchange *before,
                 const struct exchange *exchange);
void match_grows(struct match *match, const struct expect *expect, const struct exchange *before,
                 const struct exchange *exchange);

/* Appends a value as compact JSON, as it may be quoted. */
void append_value(struct buf *out, const struct exchange *exchange, json_t *value);

#endif
