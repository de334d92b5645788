#include "run/aftermath.h"
#include "cases/layer.h"
#include "play/repeat.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <stdlib.h>

void aftermath_repeat(struct suite_run *run, struct result *result, const struct target *target,
                      size_t last)
{
    const struct repeat repeat = suite_run_repeat(run, target);
    struct case_marks marks = { .run = &run->marks };
    struct round_trip *trips = calloc(result->test->step_count, sizeof *trips);
    struct buf text;

    buf_init(&text, REPEAT_BYTES_MAX);
    for (size_t i = 0; trips != NULL && i <= last; i++)
        trips[i].was_tried =
            message_make(&trips[i].message, &result->test->steps[i], target->base_url,
                         &target->names, &marks, target_now(target), NULL) == HM_OK;
    if (trips != NULL)
        repeat_write(&text, &repeat, result->test, trips, last);
    free(result->repeat);
    result->repeat = buf_take(&text);
    for (size_t i = 0; trips != NULL && i <= last; i++)
        round_trip_fini(&trips[i]);
    free(trips);
}

/* Asks for the list of a contact, which only a write can do. */
static enum hm_code list_get(struct suite_run *run, const char *contact, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct case_marks marks = { .run = &run->marks };
    struct step step = { .request = layer_base(LAYER_REQUEST), .token = layer_base(LAYER_TOKEN) };
    struct round_trip trip = { .was_tried = false };

    if (step.request == NULL || step.token == NULL ||
        json_object_set_new(step.request, "contact", json_string(contact)) != 0)
        TRY(no_memory(err));
    TRY(play_step(&trip, &step, "last", &run->targets.named, &run->player, &marks, err));
    if (!written_note_list(&run->written, &trip, "the last request", &run->marks))
        TRY(no_memory(err));
out:
    round_trip_fini(&trip);
    json_decref(step.request);
    json_decref(step.token);
    return code;
}

static void breach_keep(void *context, const struct written_breach *breach)
{
    struct suite_run *run = context;

    if (run->options.baseline != NULL)
        baseline_apply(run->options.baseline, breach->result, run->options.is_strict);
    if (breach->result->repeat == NULL)
        aftermath_repeat(run, breach->result, breach->target, breach->step);
}

enum hm_code aftermath_judge(struct suite_run *run, struct hm_error *err)
{
    static const char *const contacts[] = { "ada", "empty", "crowded" };
    enum hm_code code = HM_OK;
    const bool lists = run->stop == STOP_NONE && run->targets.is_named && !run->targets.is_live &&
                       written_has_refused(&run->written);

    player_begin(&run->player, NULL, "last");
    for (size_t i = 0; lists && i < sizeof contacts / sizeof *contacts; i++) {
        if (names_contact(&run->targets.named.names, contacts[i]) != NULL)
            TRY(list_get(run, contacts[i], err));
    }
    transcript_add(&run->transcript, run->player.records);
    written_judge(&run->written, &run->catalog->clauses, breach_keep, run);
out:
    return code;
}
