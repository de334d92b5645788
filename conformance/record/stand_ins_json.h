/* Stand-ins in JSON: in values, in the names of members, and in numbers. */
#ifndef SUITE_RECORD_STAND_INS_JSON_H
#define SUITE_RECORD_STAND_INS_JSON_H

#include "record/stand_ins.h"
#include <jansson.h>

/* A copy of a JSON value; a new reference. NULL: out of memory, or deeper than 32 levels. */
json_t *stand_ins_copy(struct stand_ins *stand_ins, json_t *value);

#endif
