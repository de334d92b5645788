#include "record/recorder.h"
#include "contract/mask.h"
#include "record/recorded_judge.h"
#include "record/recorded_lessons.h"
#include "record/recorded_line.h"
#include "support/no_memory.h"
#include "support/try.h"
#include "support/wall_clock.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct recorded_kept {
    struct recorded_kept *next;
    struct test_case as_case;
    char name[RECORDED_NAME_TEXT];
    struct result result;
};

enum hm_code recorder_init(struct recorder *recorder, const struct fixtures *from,
                           struct hm_error *err)
{
    enum hm_code code;

    pthread_mutex_init(&recorder->lock, NULL);
    recorder->target.kind = TARGET_FOREIGN;
    TRY(clauses_load(&recorder->clauses, from, err));
    learning_init(&recorder->learning, &recorder->clauses, "no call of the application shows it");
    recorder->names.mask = mask_new(recorder->secrets);
    if (recorder->names.mask == NULL)
        TRY(no_memory(err));
out:
    return code;
}

void recorder_fini(struct recorder *recorder)
{
    struct recorded_kept *next;

    for (struct recorded_kept *kept = recorder->kept; kept != NULL; kept = next) {
        next = kept->next;
        result_fini(&kept->result);
        free(kept);
    }
    findings_fini(&recorder->findings);
    stand_ins_fini(&recorder->stand_ins);
    recorded_contacts_fini(&recorder->contacts);
    request_ids_fini(&recorder->ids);
    clauses_fini(&recorder->clauses);
    names_fini(&recorder->names);
    pthread_mutex_destroy(&recorder->lock);
}

void recorder_begin(struct recorder *recorder, struct recorded *x)
{
    pthread_mutex_lock(&recorder->lock);
    x->number = ++recorder->begun;
    x->sent_at_ms = wall_clock_ms();
    x->trip.message.names = &recorder->names;
    recorded_read(x);
    recorded_contacts_begin(&recorder->contacts, x);
    pthread_mutex_unlock(&recorder->lock);
}

/* Counts the mistakes of the application, with stand-ins in the first message of each. */
static void mistakes_count(struct recorder *recorder, const struct hm_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct hm_finding *finding = &findings->at[i];
        struct buf text;

        if (recorder->mistakes[finding->mistake]++ > 0)
            continue;
        buf_init(&text, RECORDED_LINE_BYTES_MAX);
        stand_ins_text(&text, &recorder->stand_ins,
                       (struct span){ finding->message, strlen(finding->message) });
        strncat(recorder->mistake_texts[finding->mistake], buf_text(&text), HM_FINDING_TEXT - 1);
        buf_fini(&text);
    }
}

/* Adds what is wrong with the answer; the result is kept if it shows something new. */
static void findings_take(struct recorder *recorder, struct recorded *x)
{
    const size_t before = recorder->findings.count;
    struct recorded_kept *kept;

    if (x->result.grade < GRADE_WARNED)
        return;
    if (before >= RECORDER_FINDINGS_MAX) {
        recorder->findings_left_out++;
        return;
    }
    kept = calloc(1, sizeof *kept);
    if (kept == NULL) {
        recorder->is_out_of_memory = true;
        return;
    }
    kept->result = x->result;
    memset(&x->result, 0, sizeof x->result);
    memcpy(kept->name, x->name, sizeof kept->name);
    kept->as_case.id = kept->name;
    kept->result.test = &kept->as_case;
    if (!findings_add(&recorder->findings, &kept->result))
        recorder->is_out_of_memory = true;
    if (recorder->findings.count > before) {
        kept->next = recorder->kept;
        recorder->kept = kept;
    } else {
        result_fini(&kept->result);
        free(kept);
    }
}

static void line_put(struct recorder *recorder, const struct recorded *x)
{
    struct buf line;
    size_t at = 0;

    buf_init(&line, RECORDED_LINE_BYTES_MAX);
    if (!recorded_line_write(&line, x, &recorder->stand_ins, recorder->secrets)) {
        recorder->is_out_of_memory = true;
        line.length = 0;
    }
    while (at < line.length && recorder->line_fd >= 0 && recorder->write_error == 0) {
        const ssize_t count = write(recorder->line_fd, line.data + at, line.length - at);

        if (count < 0 && errno != EINTR)
            recorder->write_error = errno;
        at += count > 0 ? (size_t)count : 0;
    }
    buf_fini(&line);
}

static void count(struct recorder *recorder, const struct recorded *x)
{
    recorder->ended++;
    recorder->others += x->call.row == NULL;
    recorder->not_sent += !x->was_refused_here && x->trip.answer.outcome == HTTP_NOT_SENT;
    if (x->was_refused_here || !round_trip_is_answered(&x->trip))
        recorder->unanswered++;
    else if (round_trip_is_accepted(&x->trip))
        recorder->accepted++;
    else if (x->trip.answer.status >= 400)
        recorder->refused++;
}

void recorder_end(struct recorder *recorder, struct recorded *x)
{
    const struct judge judge = { &recorder->clauses, &recorder->target, &recorder->ids, true };
    struct hm_error err;
    bool is_whole = true;

    round_trip_parse(&x->trip);
    if (recorded_diagnose(x, recorder->secrets, &err) != HM_OK)
        is_whole = false;
    pthread_mutex_lock(&recorder->lock);
    recorded_judge(x, &judge, &recorder->contacts);
    recorded_lessons_take(&recorder->learning, x, &recorder->contacts);
    recorded_contacts_end(&recorder->contacts, x);
    line_put(recorder, x);
    is_whole = recorded_remarks_replace(x, &recorder->stand_ins) && is_whole;
    count(recorder, x);
    mistakes_count(recorder, &x->token_findings);
    mistakes_count(recorder, &x->body_findings);
    recorder->is_out_of_memory =
        recorder->is_out_of_memory || !is_whole || x->result.grade == GRADE_BROKEN;
    findings_take(recorder, x);
    pthread_mutex_unlock(&recorder->lock);
}
