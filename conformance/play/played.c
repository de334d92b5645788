#include "play/played.h"
#include "support/monotonic.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <stdlib.h>
#include <string.h>

static void trips_clear(struct played *played)
{
    for (size_t i = 0; played->trips != NULL && i < played->test->step_count; i++)
        round_trip_fini(&played->trips[i]);
}

/* Sends the case from its start, with fresh values. */
static enum hm_code send_once(struct played *played, struct player *player, struct marks *marks,
                              bool is_apart)
{
    trips_clear(played);
    memset(&played->marks, 0, sizeof played->marks);
    played->marks.run = marks;
    return play_case(played->trips, played->test, played->target, player, &played->marks, is_apart,
                     &played->err);
}

/* The same until it is neither limited nor interrupted by another case's limit. */
static enum hm_code send_patiently(struct played *played, struct player *player,
                                   struct marks *marks, bool is_apart)
{
    enum hm_code code = HM_OK;

    do
        TRY(send_once(played, player, marks, is_apart));
    while (player->is_stale ||
           player_backs_off(player, played->target, played->trips, played->test->step_count));
out:
    return code;
}

bool played_is_any(const struct played *played, bool (*question)(const struct round_trip *trip))
{
    for (size_t i = 0; i < played->test->step_count; i++) {
        if (question(&played->trips[i]))
            return true;
    }
    return false;
}

void played_send(struct played *played, struct player *player, struct marks *marks)
{
    const int64_t start_ms = monotonic_ms();
    enum hm_code code = HM_OK;

    if (played->purpose != NULL)
        player_begin(player, NULL, played->purpose);
    else
        player_begin(player, played->test, "case");
    played->trips = calloc(played->test->step_count, sizeof *played->trips);
    if (played->trips == NULL)
        TRY(no_memory(&played->err));
    TRY(send_patiently(played, player, marks, false));
    played->is_resent = played_is_any(played, round_trip_is_lost_on_reuse);
    if (played->is_resent)
        TRY(send_patiently(played, player, marks, true));
out:
    played->code = code;
    played->is_spent = player->is_spent;
    played->is_over = player->is_over;
    played->records = player->records; /* not shared with this thread any more */
    player->records = NULL;
    played->time_ms = monotonic_ms() - start_ms;
}

size_t played_bytes(const struct played *played)
{
    size_t bytes = 0;

    for (size_t i = 0; played->trips != NULL && i < played->test->step_count; i++)
        bytes += played->trips[i].answer.headers.length + played->trips[i].answer.body.length;
    return bytes;
}

void played_fini(struct played *played)
{
    trips_clear(played);
    free(played->trips);
    json_decref(played->records);
    memset(played, 0, sizeof *played);
}
