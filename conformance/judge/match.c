#include "judge/match.h"
#include <stdlib.h>
#include <string.h>

void match_init(struct match *match)
{
    match->verdict = MATCH_HOLDS;
    match->others = 0;
    buf_init(&match->expected, MATCH_TEXT_MAX);
    buf_init(&match->actual, MATCH_TEXT_MAX);
}

void match_fini(struct match *match)
{
    buf_fini(&match->expected);
    buf_fini(&match->actual);
}

void match_append(struct buf *out, const struct round_trip *trip, json_t *value)
{
    char *text = value != NULL ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;

    if (text != NULL)
        round_trip_quote(out, trip, text, strlen(text));
    else
        buf_puts(out, "nothing");
    free(text);
}
