#include "certify/certify_scenarios.h"
#include "certify/certify_family.h"
#include "contract/variables.h"
#include "support/text.h"
#include <string.h>

static void judge_signs(struct certify_verdict *verdict, const struct certify_seen *seen)
{
    if (seen->is_late || seen_count(seen) == 0) {
        seen_conclude(verdict, CERTIFY_FAILED,
                      seen->is_late
                          ? "the command did not end in time"
                          : "no request arrived: the base URL is in " VARIABLE_BASE_URL ", the "
                            "secret in " VARIABLE_SECRET_ID " and " VARIABLE_SECRET_KEY ", "
                            "the contact in " VARIABLE_CONTACT_ID);
        return;
    }
    if (seen_conclude_findings(verdict, seen, "refused", "", CERTIFY_FAILED) ||
        seen_conclude_findings(verdict, seen, "warned", "", CERTIFY_WARNED))
        return;
    if (seen->exit_codes[0] != 0)
        seen_conclude(verdict, CERTIFY_WARNED,
                      "every request was accepted, but the command exits with %d",
                      seen->exit_codes[0]);
    else
        seen_conclude(verdict, CERTIFY_PASSED, "%zu request%s, all accepted", seen_count(seen),
                      plural(seen_count(seen)));
}

/* [J10] */
static void judge_rotation(struct certify_verdict *verdict, const struct certify_seen *seen)
{
    if (seen_conclude_early(verdict, seen))
        return;
    if (seen_conclude_findings(verdict, seen, "refused", "J", CERTIFY_FAILED))
        return;
    seen_conclude(verdict, CERTIFY_PASSED, "it signed with the given secret");
}

static bool is_expired(const json_t *exchange)
{
    return strcmp(finding_text(seen_finding(exchange, "refused"), "code"), "expired") == 0;
}

/* Requests after the first token had expired. */
struct renewals {
    size_t requests;
    size_t expired;
    size_t renewed; /* of the expired: sent again at once with a good token */
};

/* The journal does not keep the body of a request with a bad token. So an accepted request
 * counts as the repetition of one that was refused before it in the same run. */
static struct renewals renewals_of(const struct certify_seen *seen)
{
    struct renewals renewals = { .requests = 0 };
    size_t pending = 0;

    for (size_t i = seen->elapsed_from; i < seen_count(seen); i++) {
        const json_t *exchange = seen_at(seen, i);

        if (i > 0 && !seen_is_in_one_run(exchange, seen_at(seen, i - 1)))
            pending = 0;
        renewals.requests++;
        if (is_expired(exchange)) {
            renewals.expired++;
            pending++;
        } else if (seen_is_accepted(exchange) && pending > 0) {
            renewals.renewed++;
            pending--;
        }
    }
    return renewals;
}

/* Did a run end worse than in the first scenario? A token that was signed just before the clock
 * moved is not the integration's fault, so its first run may fail. */
static bool has_suffered(const struct certify_seen *seen)
{
    bool is_excused = false;

    for (size_t i = 0; i < seen->elapsed_from; i++)
        is_excused = is_excused || is_expired(seen_at(seen, i));
    for (size_t i = is_excused ? 1 : 0; i < seen->runs; i++) {
        if (seen->exit_codes[i] != 0 && seen->usual_exit_code == 0)
            return true;
    }
    return false;
}

/* [J6] */
static void judge_renews(struct certify_verdict *verdict, const struct certify_seen *seen)
{
    struct renewals renewals = renewals_of(seen);

    if (seen_conclude_early(verdict, seen))
        return;
    if (!seen->has_elapsed || renewals.requests == 0)
        seen_conclude(verdict, CERTIFY_UNSEEN,
                      "no request arrived after the first token had expired");
    else if (renewals.expired > renewals.renewed || (renewals.expired > 0 && has_suffered(seen)))
        seen_conclude(verdict, CERTIFY_FAILED,
                      "%zu of %zu requests had a token that was over five minutes old: sign a new "
                      "token for each request, or keep a token for less than five minutes",
                      renewals.expired, renewals.requests);
    else if (renewals.expired > 0)
        seen_conclude(
            verdict, CERTIFY_WARNED,
            "it signed a new token only after a refusal: %zu request%s had to be repeated",
            renewals.expired, plural(renewals.expired));
    else
        seen_conclude(verdict, CERTIFY_PASSED,
                      "%zu request%s after the first token had expired, each with a new token",
                      renewals.requests, plural(renewals.requests));
}

/* What a repetition of the request can do. */
static const char *harm_of(const json_t *exchange)
{
    if (seen_has_method(exchange, "PUT"))
        return "a change that another program made in between is overwritten";
    if (seen_has_method(exchange, "DELETE"))
        return "another channel of that type can be deleted, too";
    return "the channel was created again";
}

/* [E7] */
static void judge_repeats(struct certify_verdict *verdict, const struct certify_seen *seen)
{
    const json_t *lost = seen_first_faulted(seen);

    if (seen_conclude_early(verdict, seen))
        return;
    if (lost == NULL) {
        seen_conclude(verdict, CERTIFY_UNSEEN,
                      "no such request was accepted, so no answer could be lost");
        return;
    }
    size_t writes = seen_count_same(seen, lost);
    if (writes > seen_usual(seen, lost))
        seen_conclude(verdict, CERTIFY_FAILED,
                      "it sent the write %zu times: the first one was carried out, so %s; turn off "
                      "automatic retries of the HTTP client",
                      writes, harm_of(lost));
    else if (seen_is_read_after(seen, lost))
        seen_conclude(verdict, CERTIFY_PASSED, "it sent the write once, and read the outcome");
    else if (seen->exit_codes[0] == 0)
        seen_conclude(
            verdict, CERTIFY_WARNED,
            "it did not repeat the write, but exited with 0 although it cannot know the outcome");
    else
        seen_conclude(verdict, CERTIFY_PASSED, "it sent the write once, and exited with %d",
                      seen->exit_codes[0]);
}

/* [E1-E3] @allowed: number of repetitions that are reasonable. */
static void judge_stops_after(struct certify_verdict *verdict, const struct certify_seen *seen,
                              size_t allowed)
{
    const json_t *refused = seen_first_faulted(seen);

    if (seen_conclude_early(verdict, seen))
        return;
    if (refused == NULL) {
        seen_conclude(verdict, CERTIFY_UNSEEN,
                      "no valid request arrived, so the refusal of this scenario was not sent");
        return;
    }
    size_t writes = seen_count_same(seen, refused);
    if (writes > seen_usual(seen, refused) + allowed)
        seen_conclude(verdict, CERTIFY_FAILED,
                      "it sent the request %zu times, although a repeated request gets %d again",
                      writes, seen_status(refused));
    else if (seen->exit_codes[0] == 0)
        seen_conclude(verdict, CERTIFY_WARNED,
                      "it stopped, but exited with 0 although it was refused");
    else
        seen_conclude(verdict, CERTIFY_PASSED, "it stopped, and exited with %d",
                      seen->exit_codes[0]);
}

static void judge_stops(struct certify_verdict *verdict, const struct certify_seen *seen)
{
    judge_stops_after(verdict, seen, 0);
}

/* A new token may help, once. */
static void judge_stops_at_401(struct certify_verdict *verdict, const struct certify_seen *seen)
{
    judge_stops_after(verdict, seen, 1);
}

/* The answer is correct, but perhaps not what the integration was written for. */
static void judge_copes(struct certify_verdict *verdict, const struct certify_seen *seen)
{
    if (seen_conclude_early(verdict, seen))
        return;
    size_t writes = seen_count_same(seen, seen_at(seen, 0));
    if (seen->exit_codes[0] != 0 && seen->usual_exit_code == 0)
        seen_conclude(verdict, CERTIFY_FAILED, "it exited with %d although the answer was correct",
                      seen->exit_codes[0]);
    else if (writes > seen_usual(seen, seen_at(seen, 0)))
        seen_conclude(verdict, CERTIFY_FAILED,
                      "it sent the write %zu times although it was answered", writes);
    else
        seen_conclude(verdict, CERTIFY_PASSED, "it handled the answer");
}

/* [E5] "after a short wait": less does not count as a wait. */
static const double short_wait_s = 0.05;
/* [E4] Least sum of the waits, by their number: a single random wait may be short. */
static const double backed_off_s[] = { 0, 0.01, 0.04, 0.1 };
/* [E4] Tolerance for clock resolution and network time. */
static const double tolerance_s = 0.05;
static const double retry_after_s = 2.0; /* as in the scenario */

/* The time between a failed request and its repetition. */
struct waits {
    size_t faults;
    size_t count; /* of repetitions */
    size_t lost;  /* requests that never succeeded */
    double shortest_s;
    double sum_s;
};

static struct waits waits_of(const struct certify_seen *seen)
{
    struct waits waits = { .shortest_s = 1e9 };

    for (size_t i = 0; i < seen_count(seen); i++) {
        const json_t *faulted = seen_at(seen, i);

        if (!seen_is_faulted(faulted))
            continue;
        waits.faults++;
        waits.lost += !seen_is_through(seen, i);
        const json_t *again = seen_retry(seen, i);
        if (again != NULL) {
            double wait_s = seen_begun_s(again) - seen_ended_s(faulted);

            waits.count++;
            waits.sum_s += wait_s;
            waits.shortest_s = wait_s < waits.shortest_s ? wait_s : waits.shortest_s;
        }
    }
    return waits;
}

/* [E5] [E7] */
static void judge_server_error(struct certify_verdict *verdict, const struct certify_seen *seen)
{
    struct waits waits = waits_of(seen);
    const json_t *failed = seen_first_faulted(seen);

    if (seen_conclude_early(verdict, seen))
        return;
    if (failed == NULL)
        seen_conclude(verdict, CERTIFY_UNSEEN,
                      "no such request was valid, so the error of this scenario was not sent");
    else if (waits.count > 0 && waits.shortest_s < short_wait_s)
        seen_conclude(verdict, CERTIFY_FAILED,
                      "it tried again %.0f ms after a %d; it should wait first",
                      waits.shortest_s * 1000, seen_status(failed));
    else if (waits.count > 0)
        seen_conclude(verdict, CERTIFY_WARNED,
                      "it repeated a write that may have been carried out before the %d: the "
                      "documentation suggests a retry, and the endpoint cannot tell it from a new "
                      "write [E7]",
                      seen_status(failed));
    else if (seen_is_read_after(seen, failed))
        seen_conclude(verdict, CERTIFY_PASSED, "it did not repeat it, and read the outcome");
    else if (seen->exit_codes[0] == 0)
        seen_conclude(verdict, CERTIFY_WARNED, "it exited with 0 after a %d", seen_status(failed));
    else
        seen_conclude(verdict, CERTIFY_PASSED, "it gave up and exited with %d",
                      seen->exit_codes[0]);
}

/* The verdict of a client that waited long enough, if it waited. */
static void conclude_waits(struct certify_verdict *verdict, const struct certify_seen *seen,
                           const struct waits *waits)
{
    if (waits->faults == 0)
        seen_conclude(verdict, CERTIFY_UNSEEN,
                      "no valid request arrived that could get the 429 of this scenario");
    else if (waits->lost > 0 && seen->exit_codes[0] == 0)
        seen_conclude(verdict, CERTIFY_FAILED,
                      "it exited with 0, but a request that got 429 was never accepted");
    else if (waits->lost > 0 || waits->count == 0)
        seen_conclude(verdict, CERTIFY_WARNED,
                      "it gave up after %zu request%s; waiting would have been enough",
                      seen_count(seen), plural(seen_count(seen)));
    else
        seen_conclude(verdict, CERTIFY_PASSED, "it waited %.2f s, and was then accepted",
                      waits->sum_s);
}

static void judge_retry_after(struct certify_verdict *verdict, const struct certify_seen *seen)
{
    struct waits waits = waits_of(seen);

    if (seen_conclude_early(verdict, seen))
        return;
    if (waits.count > 0 && waits.shortest_s < retry_after_s - tolerance_s)
        seen_conclude(verdict, CERTIFY_FAILED,
                      "it tried again %.0f ms after a 429 although Retry-After was %.0f s",
                      waits.shortest_s * 1000, retry_after_s);
    else
        conclude_waits(verdict, seen, &waits);
}

static void judge_backs_off(struct certify_verdict *verdict, const struct certify_seen *seen)
{
    struct waits waits = waits_of(seen);
    size_t most = sizeof backed_off_s / sizeof *backed_off_s - 1;

    if (seen_conclude_early(verdict, seen))
        return;
    if (waits.sum_s < backed_off_s[waits.count < most ? waits.count : most])
        seen_conclude(
            verdict, CERTIFY_FAILED,
            "it tried again %zu time%s within %.0f ms after a 429, which only adds to the load",
            waits.count, plural(waits.count), waits.sum_s * 1000);
    else
        conclude_waits(verdict, seen, &waits);
}

/* Faults. */
#define LOST       "abort=reset,commit=yes,times=1"
#define FAILED_500 "status=500,commit=yes,times=1"
#define FAILED_503 "status=503,commit=yes,times=1"
#define OF_CREATE  ",operation=channel_create"
#define OF_UPDATE  ",operation=channel_update"
#define OF_DELETE  ",operation=channel_delete"
#define OF_READS(Fault)                                                                            \
    "--fault", Fault ",operation=channel_get", "--fault", Fault ",operation=channel_list",         \
        "--fault", Fault ",operation=inbox_list"

const struct scenario scenarios[] = {
    { "signs", "J5", "Every request is signed and built as the contract says", judge_signs,
      .method = NULL },
    { "renews", "J6", "No token is used after it has expired", judge_renews, .elapses = true },
    { "rotates", "J10", "The secret comes from the configuration, so a new one is used",
      judge_rotation, .is_rotated = true },
    { "lost-answer", "E7", "A write whose answer was lost is not repeated", judge_repeats,
      .arguments = { "--fault", LOST OF_CREATE } },
    { "lost-later", "E7", "A write whose answer was lost on a reused connection is not repeated",
      judge_repeats, .arguments = { "--fault", LOST ",nth=2" OF_CREATE } },
    { "cut-answer", "E7", "A write whose answer was cut off is not repeated", judge_repeats,
      .arguments = { "--fault", "abort=truncate,commit=yes,times=1" OF_CREATE } },
    { "server-error", "E5", "After a 500 the request is not repeated at once", judge_server_error,
      .arguments = { "--fault", FAILED_500 OF_CREATE } },
    { "update-lost", "E7", "A PUT whose answer was lost is not repeated", judge_repeats,
      .method = "PUT", .arguments = { "--fault", LOST OF_UPDATE } },
    { "update-500", "E5", "After a 500 a PUT is not repeated at once", judge_server_error,
      .method = "PUT", .arguments = { "--fault", FAILED_500 OF_UPDATE } },
    { "update-503", "E7", "After a 503 a PUT is not repeated", judge_server_error, .method = "PUT",
      .arguments = { "--fault", FAILED_503 OF_UPDATE } },
    { "delete-lost", "E7", "A DELETE whose answer was lost is not repeated", judge_repeats,
      .method = "DELETE", .arguments = { "--fault", LOST OF_DELETE } },
    { "delete-500", "E5", "After a 500 a DELETE is not repeated at once", judge_server_error,
      .method = "DELETE", .arguments = { "--fault", FAILED_500 OF_DELETE } },
    { "delete-twice", "X3", "A channel is deleted once", judge_deletes_once, .method = "DELETE",
      .is_of_first = true },
    { "own-channels", "G3", "It updates and deletes only channels that it created in the same run",
      judge_own_channels, .is_of_first = true },
    { "read-lost", "E7", "A GET whose answer was lost may be repeated", judge_reads,
      .method = "GET", .arguments = { OF_READS("abort=reset,times=1") } },
    { "read-503", "E7", "A GET may be repeated after a 503", judge_reads, .method = "GET",
      .arguments = { OF_READS("status=503,times=1") } },
    { "retry-after", "E4", "After a 429 it waits as long as Retry-After says", judge_retry_after,
      .arguments = { "--fault", "status=429,retry-after=2,times=1" } },
    { "backs-off", "E4", "After a 429 without Retry-After it also waits", judge_backs_off,
      .arguments = { "--fault", "status=429,times=3" } },
    { "bad-data", "E1", "A 400 is not repeated", judge_stops,
      .arguments = { "--fault", "status=400" } },
    { "unauthorized", "E2", "After a 401 the request is not repeated again and again",
      judge_stops_at_401, .arguments = { "--fault", "status=401" } },
    { "denied", "E3", "A 403 ends it", judge_stops, .arguments = { "--fault", "status=403" } },
    { "first-channel", "R1", "It handles a contact without channels", judge_copes,
      .contact = CONTACT_WITH_NONE },
    { "many-channels", "R4", "It handles a contact with 200 channels", judge_copes,
      .contact = CONTACT_WITH_MANY },
    { "created", "R7", "It accepts 201 as success", judge_copes,
      .arguments = { "--set", "success-status=201" } },
    { "unknown-members", "R2", "It ignores unknown members", judge_copes,
      .arguments = { "--vary", "unknown-members" } },
    { "sparse", "R9", "It works without info_channel and channel_handle", judge_copes,
      .arguments = { "--vary", "sparse" } },
    { "chunked", "R6", "It reads a chunked answer, and Content-Type with a charset", judge_copes,
      .arguments = { "--vary", "chunked", "--vary", "charset" } },
    { .name = NULL },
};
