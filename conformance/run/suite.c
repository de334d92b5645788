#include "run/suite.h"
#include "run/family.h"
#include "support/monotonic.h"
#include "support/no_memory.h"
#include "support/try.h"
#include "support/wall_clock.h"
#include "target/pace.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLOW_MS = 100, JOBS_SLOW = 16 };

void suite_run_stop(struct suite_run *run, enum stop_kind kind, const char *text)
{
    if (run->stop != STOP_NONE)
        return;
    run->stop = kind;
    traffic_close(&run->traffic, kind == STOP_UNANSWERED);
    snprintf(run->stop_text, sizeof run->stop_text, "%s", text);
}

struct repeat suite_run_repeat(const struct suite_run *run, const struct target *target)
{
    const struct targets_options *given = &run->options.targets;

    return (struct repeat){ .target = target,
                            .fixtures = run->catalog->from.dir,
                            .tls = &given->tls,
                            .target_file = given->file,
                            .base_url = given->base_url };
}

bool suite_run_ended_at_first(const struct suite_run *run)
{
    return run->stop >= STOP_NOT_REACHABLE && run->stop <= STOP_REFUSED;
}

bool suite_run_is_interrupted(struct suite_run *run)
{
    char text[HM_ERROR_TEXT];

    if (stop_signal() == SIGALRM) {
        snprintf(text, sizeof text, "the %lld s of --timeout are over",
                 (long long)run->options.timeout_s);
        suite_run_stop(run, STOP_TIMEOUT, text);
    } else if (stop_signal() != 0) {
        suite_run_stop(run, STOP_SIGNAL, "the run was interrupted");
    }
    return stop_signal() != 0;
}

/* How many cases are played at the same time, by default more if the target answers slowly. */
static size_t jobs_choose(const struct suite_run *run, int64_t answer_ms)
{
    if (run->options.jobs > 0)
        return (size_t)run->options.jobs;
    if (run->options.targets.is_live)
        return 1;
    return answer_ms >= SLOW_MS ? JOBS_SLOW : JOBS_DEFAULT;
}

/* Finds out which operations a foreign target has, if a case needs others than the first. */
static enum hm_code operations_look(struct suite_run *run, const struct asker *asker,
                                    struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct target *target = &run->targets.named;
    const size_t length = strlen(run->target_text);
    struct buf names;

    buf_init(&names, HM_ERROR_TEXT);
    if (target_is_ours(target) || !family_is_used(run->catalog))
        goto out;
    TRY(family_look(&target->lacks, asker, !run->targets.is_live, err));
    family_write(&names, target->lacks);
    run->has_part = family_is_part(target->lacks);
    if (names.length > 0)
        snprintf(run->target_text + length, sizeof run->target_text - length,
                 ", which does not have %s", buf_text(&names));
out:
    buf_fini(&names);
    return code;
}

/* Sends a named target the first request. If it is not accepted, the run stops. */
static enum hm_code first_send(struct suite_run *run, struct hm_error *err)
{
    static const enum stop_kind stops[] = {
        [FIRST_NOT_SENT] = STOP_NOT_REACHABLE,  [FIRST_NO_ANSWER] = STOP_NO_ANSWER,
        [FIRST_CREDENTIALS] = STOP_CREDENTIALS, [FIRST_OTHER_RULE] = STOP_OTHER_RULE,
        [FIRST_REFUSED] = STOP_REFUSED,
    };
    const struct asker asker = { &run->targets.named, &run->player, &run->marks, &run->written };
    const int64_t start_ms = monotonic_ms();
    enum hm_code code = HM_OK;
    struct first_request first;

    player_begin(&run->player, NULL, "probe");
    TRY(first_request_send(&first, run->catalog, &asker, run->options.probes_writes, err));
    run->jobs = jobs_choose(run, monotonic_ms() - start_ms);
    if (suite_run_is_interrupted(run))
        goto out;
    if (first.outcome == FIRST_ACCEPTED) {
        TRY(operations_look(run, &asker, err));
        goto out;
    }
    suite_run_stop(run, stops[first.outcome], first.text);
    run->broken = first.broken;
    if (first.broken != NULL)
        catalog_choose_also(run->catalog, first.broken);
out:
    transcript_add(&run->transcript, run->player.records);
    return code;
}

/* The target's name in the reports. */
static void target_describe(struct suite_run *run)
{
    const struct target *target = &run->targets.named;
    const char *kind = target->kind == TARGET_OUR_MOCK ? "our mock, heymarket-mock "
                       : run->targets.is_live          ? "a live target"
                                                       : "a foreign target";

    run->is_ours = !run->targets.is_named || target_is_ours(target);
    if (!run->targets.is_named) {
        run->target_kind = "started-mock";
        snprintf(run->target_text, sizeof run->target_text, "our mock, started for the run (%s)",
                 run->targets.mock_program);
        return;
    }
    run->target_kind = target->kind == TARGET_OUR_MOCK ? "mock"
                       : run->targets.is_live          ? "live"
                                                       : "foreign";
    snprintf(run->target_url, sizeof run->target_url, "%s", target->base_url);
    snprintf(run->target_version, sizeof run->target_version, "%s",
             target->version != NULL ? target->version : "");
    snprintf(run->target_text, sizeof run->target_text, "%s, %s%s", target->base_url, kind,
             target->version != NULL ? target->version : "");
}

enum hm_code suite_run_begin(struct suite_run *run, struct catalog *catalog,
                             const struct suite_run_options *options, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const struct target *unused;
    json_t *defaults = NULL;

    memset(run, 0, sizeof *run);
    run->catalog = catalog;
    run->options = *options;
    run->started_s = wall_clock_s();
    run->start_ms = monotonic_ms();
    stop_after((unsigned)options->timeout_s);
    if (!marks_init(&run->marks))
        TRY(hm_error_set(err, HM_INTERNAL, "cannot get random bytes from the system"));
    const size_t budget = options->targets.is_live ? (size_t)options->budget : SIZE_MAX;
    const size_t reserve = plan_cleanup_reserve(budget, options->keeps_channels);
    traffic_init(&run->traffic, options->targets.is_live ? options->rate : 0,
                 plan_limit(budget, reserve));
    run->traffic.stops_at_5xx = options->targets.is_live;
    run->jobs = jobs_choose(run, 0);
    TRY(transcript_init(&run->transcript, run->options.keeps_records, err));
    TRY(http_session_new(&run->session, &run->options.targets.tls, err));
    run->options.targets.policy_defaults = defaults = clauses_defaults(&catalog->clauses);
    if (defaults == NULL)
        TRY(no_memory(err));
    TRY(targets_init(&run->targets, run->session, &run->options.targets, err));
    target_describe(run);
    run->player.session = run->session;
    run->player.tls = &run->options.targets.tls;
    run->player.traffic = &run->traffic;
    run->player.no_secrets = run->transcript.no_secrets;
    if (run->targets.is_named)
        TRY(first_send(run, err));
    else
        TRY(targets_find(&unused, &run->targets, run->catalog->chosen[0], err));
    if (run->targets.is_live &&
        !plan_make(&run->plan, run->catalog, &run->targets.named, budget,
                   (size_t)(run->options.learns ? LEARN_WRITES_MAX : 0) + reserve))
        TRY(no_memory(err));
out:
    run->options.targets.policy_defaults = NULL; /* the targets have it */
    json_decref(defaults);
    return code;
}

/* Ends the use of the target; keeps what went wrong with a mock. */
static void target_release(struct suite_run *run)
{
    struct hm_error err;

    if (targets_fini(&run->targets, &err) != HM_OK)
        snprintf(run->mock_text, sizeof run->mock_text, "%s", err.text);
    http_session_free(run->session);
    run->session = NULL;
}

/* Were all cases of the catalog chosen, and was none left out? */
static bool is_whole(const struct suite_run *run)
{
    return run->stop == STOP_NONE && run->result_count == catalog_case_total(run->catalog) &&
           run->plan.left_out == 0;
}

/* Applies the baseline to the run as a whole, and groups the remarks. */
static enum hm_code findings_gather(struct suite_run *run, struct hm_error *err)
{
    if (run->options.baseline != NULL)
        baseline_finish(run->options.baseline, run->results, run->result_count, is_whole(run));
    return findings_make(&run->findings, run->results, run->result_count) ? HM_OK : no_memory(err);
}

enum hm_code suite_run_learn(struct suite_run *run, struct hm_error *err)
{
    enum hm_code code = HM_OK;

    player_begin(&run->player, NULL, "learn");
    if (!run->options.learns || run->stop != STOP_NONE || !run->targets.is_named)
        goto out;
    TRY(targets_restore(&run->targets, false, err));
    TRY(learn(&run->learning, &run->catalog->clauses, &run->targets.named, &run->player,
              &run->marks, err));
out:
    transcript_add(&run->transcript, run->player.records);
    return code;
}

enum hm_code suite_run_end(struct suite_run *run, struct hm_error *err)
{
    enum hm_code code = HM_OK;

    target_release(run);
    run->time_ms = monotonic_ms() - run->start_ms;
    TRY(findings_gather(run, err));
out:
    return code;
}

void suite_run_fini(struct suite_run *run)
{
    target_release(run);
    findings_fini(&run->findings);
    for (size_t i = 0; i < run->result_count; i++)
        result_fini(&run->results[i]);
    free(run->results);
    request_ids_fini(&run->ids);
    written_fini(&run->written);
    player_fini(&run->player);
    traffic_fini(&run->traffic);
    plan_fini(&run->plan);
    transcript_fini(&run->transcript);
    memset(run, 0, sizeof *run);
}
