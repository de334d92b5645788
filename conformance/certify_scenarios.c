#include "certify.h"

#include "buf.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* [E5] "after a short wait": less is none. */
static const double short_wait_s = 0.05;
/* [E4] The same for waits in a row, by their number: one may be short, where chance decides it. */
static const double backed_off_s[] = { 0, 0.01, 0.04, 0.1 };
/* [E4] A clock's tick and the way home are not held against a client. */
static const double tolerance_s = 0.05;
static const double retry_after_s = 2.0; /* as the scenario has it */

__attribute__((format(printf, 3, 4))) static void
conclude(struct certify_verdict *verdict, enum certify_result result, const char *format, ...)
{
    va_list ap;

    verdict->result = result;
    va_start(ap, format);
    (void)vsnprintf(verdict->says, sizeof verdict->says, format, ap);
    va_end(ap);
}

static json_t *exchange_at(const struct observation *seen, size_t at)
{
    return json_array_get(seen->exchanges, at);
}

static size_t exchange_count(const struct observation *seen)
{
    return json_array_size(seen->exchanges);
}

static int status_of(const json_t *exchange)
{
    return (int)json_integer_value(json_object_get(exchange, "status"));
}

static bool is_accepted(const json_t *exchange)
{
    return status_of(exchange) >= 200 && status_of(exchange) < 300;
}

static bool is_faulted(const json_t *exchange)
{
    return json_is_object(json_object_get(exchange, "fault"));
}

static double begun_s(const json_t *exchange)
{
    return (double)json_integer_value(json_object_get(exchange, "at_us")) / 1e6;
}

static double ended_s(const json_t *exchange)
{
    return begun_s(exchange) + (double)json_integer_value(json_object_get(exchange, "us")) / 1e6;
}

/* The same write: contact and body. */
static bool is_same_write(const json_t *a, const json_t *b)
{
    return json_equal(json_object_get(a, "contact"), json_object_get(b, "contact")) &&
           json_equal(json_object_get(a, "body"), json_object_get(b, "body"));
}

static bool is_in_one_run(const json_t *a, const json_t *b)
{
    return json_equal(json_object_get(a, "run"), json_object_get(b, "run"));
}

static size_t count_writes(const struct observation *seen, const json_t *like)
{
    size_t count = 0;

    for (size_t i = 0; i < exchange_count(seen); i++)
        count +=
            is_same_write(exchange_at(seen, i), like) && is_in_one_run(exchange_at(seen, i), like);
    return count;
}

static const json_t *first_faulted(const struct observation *seen)
{
    for (size_t i = 0; i < exchange_count(seen); i++) {
        if (is_faulted(exchange_at(seen, i)))
            return exchange_at(seen, i);
    }
    return NULL;
}

/* The first finding of that severity, as "J5 secret-key-alone". */
static const json_t *find_finding(const json_t *exchange, const char *severity)
{
    const json_t *findings = json_object_get(exchange, "findings");

    for (size_t i = 0; i < json_array_size(findings); i++) {
        const json_t *finding = json_array_get(findings, i);
        const char *is = json_string_value(json_object_get(finding, "severity"));

        if (is && strcmp(is, severity) == 0)
            return finding;
    }
    return NULL;
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text ? text : "";
}

/* What holds for every scenario; true: nothing more is to be said. */
static bool conclude_early(struct certify_verdict *verdict, const struct observation *seen)
{
    if (seen->is_late)
        conclude(verdict, CERTIFY_FAILED, "the command did not end in time");
    else if (exchange_count(seen) == 0)
        conclude(verdict, CERTIFY_UNSEEN, "it sent no request");
    else
        return false;
    return true;
}

/* Quotes the first refusal or warning of several requests. */
static bool conclude_findings(struct certify_verdict *verdict, const struct observation *seen,
                              const char *severity, enum certify_result result)
{
    const json_t *first = NULL;
    size_t count = 0;

    for (size_t i = 0; i < exchange_count(seen); i++) {
        const json_t *finding = find_finding(exchange_at(seen, i), severity);

        count += finding != NULL;
        first = first ? first : finding;
    }
    if (!first)
        return false;
    conclude(verdict, result, "%zu of %zu requests %s: %s %s: %s", count, exchange_count(seen),
             severity, text_of(first, "clause"), text_of(first, "code"), text_of(first, "message"));
    return true;
}

static void judge_signs(struct certify_verdict *verdict, const struct observation *seen)
{
    if (seen->is_late || exchange_count(seen) == 0) {
        conclude(verdict, CERTIFY_FAILED,
                 seen->is_late ? "the command did not end in time"
                               : "no request came: the base URL is in HEYMARKET_API_BASE_URL, the "
                                 "secret in HEYMARKET_API_SECRET_ID and HEYMARKET_API_SECRET_KEY, "
                                 "the contact in HEYMARKET_CONTACT_ID");
        return;
    }
    if (conclude_findings(verdict, seen, "refused", CERTIFY_FAILED) ||
        conclude_findings(verdict, seen, "warned", CERTIFY_WARNED))
        return;
    if (seen->exit_codes[0] != 0)
        conclude(verdict, CERTIFY_WARNED,
                 "every request was accepted, and yet the command exits with %d",
                 seen->exit_codes[0]);
    else
        conclude(verdict, CERTIFY_PASSED, "%zu request%s, all accepted", exchange_count(seen),
                 exchange_count(seen) == 1 ? "" : "s");
}

/* [J10] */
static void judge_rotation(struct certify_verdict *verdict, const struct observation *seen)
{
    if (conclude_early(verdict, seen))
        return;
    if (conclude_findings(verdict, seen, "refused", CERTIFY_FAILED))
        return;
    conclude(verdict, CERTIFY_PASSED, "it signs with the secret that it is given");
}

/* [J6] */
static void judge_renews(struct certify_verdict *verdict, const struct observation *seen)
{
    size_t expired = 0, renewed = 0, later = 0;

    if (conclude_early(verdict, seen))
        return;
    for (size_t i = seen->elapsed_from; i < exchange_count(seen); i++) {
        const json_t *exchange = exchange_at(seen, i);
        const json_t *next = exchange_at(seen, i + 1);
        const char *code = text_of(find_finding(exchange, "refused"), "code");

        later++;
        if (strcmp(code, "expired") == 0) {
            expired++;
            renewed += next && is_accepted(next) && is_same_write(exchange, next);
        }
    }
    if (!seen->has_elapsed || later == 0)
        conclude(verdict, CERTIFY_UNSEEN, "no request came after the first token had died");
    else if (expired > renewed)
        conclude(verdict, CERTIFY_FAILED,
                 "%zu of %zu requests bore a token that was over five minutes old: sign anew for "
                 "each request, or keep a token for less than five minutes",
                 expired, later);
    else if (expired > 0)
        conclude(verdict, CERTIFY_WARNED,
                 "it signs anew only once a token was refused: %zu request%s cost an extra trip",
                 expired, expired == 1 ? "" : "s");
    else
        conclude(verdict, CERTIFY_PASSED,
                 "%zu request%s after the first token had died, each with "
                 "a fresh one",
                 later, later == 1 ? "" : "s");
}

/* [E7] */
static void judge_repeats(struct certify_verdict *verdict, const struct observation *seen)
{
    const json_t *lost = first_faulted(seen);
    size_t writes;

    if (conclude_early(verdict, seen))
        return;
    if (!lost) {
        conclude(verdict, CERTIFY_UNSEEN, "no request came so far that its answer could be lost");
        return;
    }
    writes = count_writes(seen, lost);
    if (writes > seen->usual_writes)
        conclude(verdict, CERTIFY_FAILED,
                 "it sent the write %zu times: the first one was carried out, so the channel is "
                 "made again; an HTTP client that repeats by itself must be told not to",
                 writes);
    else if (seen->exit_codes[0] == 0)
        conclude(verdict, CERTIFY_WARNED,
                 "it did not repeat the write, and exits with 0 though it cannot know the outcome");
    else
        conclude(verdict, CERTIFY_PASSED, "it sent the write once, and exits with %d",
                 seen->exit_codes[0]);
}

/* [E5] [E7] */
static void judge_server_error(struct certify_verdict *verdict, const struct observation *seen)
{
    const json_t *before = NULL;
    size_t again = 0;
    double shortest_s = 1e9;

    if (conclude_early(verdict, seen))
        return;
    for (size_t i = 0; i < exchange_count(seen); i++) {
        const json_t *exchange = exchange_at(seen, i);

        if (before && is_same_write(before, exchange) && is_in_one_run(before, exchange)) {
            double wait_s = begun_s(exchange) - ended_s(before);

            again++;
            shortest_s = wait_s < shortest_s ? wait_s : shortest_s;
        }
        before = is_faulted(exchange) ? exchange : NULL;
    }
    if (!first_faulted(seen))
        conclude(verdict, CERTIFY_UNSEEN, "no request came so far that it could fail");
    else if (again > 0 && shortest_s < short_wait_s)
        conclude(verdict, CERTIFY_FAILED, "it tries again %.0f ms after a 500: wait first",
                 shortest_s * 1000);
    else if (again > 0)
        conclude(verdict, CERTIFY_WARNED,
                 "it repeats a write that may have been carried out before the 500: the "
                 "documentation suggests a retry, and the endpoint cannot tell it from a new write "
                 "[E7]");
    else if (seen->exit_codes[0] == 0)
        conclude(verdict, CERTIFY_WARNED, "it exits with 0 after a 500");
    else
        conclude(verdict, CERTIFY_PASSED, "it gives up and exits with %d", seen->exit_codes[0]);
}

/* How long it waited after each 429. */
struct waits {
    size_t count;
    double shortest_s;
    double sum_s;
};

static struct waits waits_of(const struct observation *seen)
{
    struct waits waits = { .shortest_s = 1e9 };
    const json_t *before = NULL;

    for (size_t i = 0; i < exchange_count(seen); i++) {
        const json_t *exchange = exchange_at(seen, i);

        if (before && is_in_one_run(before, exchange)) {
            double wait_s = begun_s(exchange) - ended_s(before);

            waits.count++;
            waits.sum_s += wait_s;
            waits.shortest_s = wait_s < waits.shortest_s ? wait_s : waits.shortest_s;
        }
        before = is_faulted(exchange) ? exchange : NULL;
    }
    return waits;
}

/* What is left to say of a client that waited long enough, where it waited. */
static void conclude_waits(struct certify_verdict *verdict, const struct observation *seen,
                           const struct waits *waits)
{
    bool is_through = is_accepted(exchange_at(seen, exchange_count(seen) - 1));

    if (waits->count > 0 && is_through)
        conclude(verdict, CERTIFY_PASSED, "it waited %.2f s, and got through", waits->sum_s);
    else if (seen->exit_codes[0] == 0)
        conclude(verdict, CERTIFY_FAILED, "it exits with 0, and its last request was refused");
    else
        conclude(verdict, CERTIFY_WARNED, "it gives up after %zu request%s, where waiting would do",
                 exchange_count(seen), exchange_count(seen) == 1 ? "" : "s");
}

static void judge_retry_after(struct certify_verdict *verdict, const struct observation *seen)
{
    struct waits waits = waits_of(seen);

    if (conclude_early(verdict, seen))
        return;
    if (waits.count > 0 && waits.shortest_s < retry_after_s - tolerance_s)
        conclude(verdict, CERTIFY_FAILED,
                 "it came back %.0f ms after a 429, though Retry-After said %.0f s",
                 waits.shortest_s * 1000, retry_after_s);
    else
        conclude_waits(verdict, seen, &waits);
}

static void judge_backs_off(struct certify_verdict *verdict, const struct observation *seen)
{
    struct waits waits = waits_of(seen);
    size_t most = sizeof backed_off_s / sizeof *backed_off_s - 1;

    if (conclude_early(verdict, seen))
        return;
    if (waits.sum_s < backed_off_s[waits.count < most ? waits.count : most])
        conclude(verdict, CERTIFY_FAILED,
                 "it tried again %zu time%s within %.0f ms after a 429, and so adds to the load "
                 "that it was refused for",
                 waits.count, waits.count == 1 ? "" : "s", waits.sum_s * 1000);
    else
        conclude_waits(verdict, seen, &waits);
}

/* [E1-E3] @allowed: repetitions that are reasonable. */
static void judge_stops_after(struct certify_verdict *verdict, const struct observation *seen,
                              size_t allowed)
{
    const json_t *refused = first_faulted(seen);
    size_t writes;

    if (conclude_early(verdict, seen))
        return;
    if (!refused) {
        conclude(verdict, CERTIFY_UNSEEN, "no request came so far that it could be refused");
        return;
    }
    writes = count_writes(seen, refused);
    if (writes > seen->usual_writes + allowed)
        conclude(verdict, CERTIFY_FAILED, "it sent the request %zu times: the %d will not change",
                 writes, status_of(refused));
    else if (seen->exit_codes[0] == 0)
        conclude(verdict, CERTIFY_WARNED, "it stops, and exits with 0 though it was refused");
    else
        conclude(verdict, CERTIFY_PASSED, "it stops, and exits with %d", seen->exit_codes[0]);
}

static void judge_stops(struct certify_verdict *verdict, const struct observation *seen)
{
    judge_stops_after(verdict, seen, 0);
}

/* A fresh token may help once. */
static void judge_stops_at_401(struct certify_verdict *verdict, const struct observation *seen)
{
    judge_stops_after(verdict, seen, 1);
}

/* An answer that is right, though not the one it may have been written against. */
static void judge_copes(struct certify_verdict *verdict, const struct observation *seen)
{
    size_t writes;

    if (conclude_early(verdict, seen))
        return;
    writes = count_writes(seen, exchange_at(seen, 0));
    if (seen->exit_codes[0] != 0 && seen->usual_exit_code == 0)
        conclude(verdict, CERTIFY_FAILED, "it exits with %d, though the answer is right",
                 seen->exit_codes[0]);
    else if (writes > seen->usual_writes)
        conclude(verdict, CERTIFY_FAILED, "it sent the write %zu times, though it was answered",
                 writes);
    else
        conclude(verdict, CERTIFY_PASSED, "it copes");
}

const struct scenario scenarios[] = {
    { .name = "signs",
      .clause = "J5",
      .title = "Every request is signed and made as the contract says",
      .judge = judge_signs },
    { .name = "renews",
      .clause = "J6",
      .title = "A token is not used for longer than it lives",
      .elapses = true,
      .judge = judge_renews },
    { .name = "rotates",
      .clause = "J10",
      .title = "The secret comes from the configuration: another one is taken up",
      .is_rotated = true,
      .judge = judge_rotation },
    { .name = "lost-answer",
      .clause = "E7",
      .title = "A write whose answer was lost is not repeated",
      .arguments = { "--fault", "abort=reset,commit=yes,times=1" },
      .judge = judge_repeats },
    { .name = "cut-answer",
      .clause = "E7",
      .title = "A write whose answer broke off is not repeated",
      .arguments = { "--fault", "abort=truncate,commit=yes,times=1" },
      .judge = judge_repeats },
    { .name = "server-error",
      .clause = "E5",
      .title = "A 500 is not answered with the same request at once",
      .arguments = { "--fault", "status=500,commit=yes,times=1" },
      .judge = judge_server_error },
    { .name = "retry-after",
      .clause = "E4",
      .title = "After a 429 it waits as long as Retry-After says",
      .arguments = { "--fault", "status=429,retry-after=2,times=1" },
      .judge = judge_retry_after },
    { .name = "backs-off",
      .clause = "E4",
      .title = "After a 429 without Retry-After it waits by itself",
      .arguments = { "--fault", "status=429,times=3" },
      .judge = judge_backs_off },
    { .name = "bad-data",
      .clause = "E1",
      .title = "A 400 ends it",
      .arguments = { "--fault", "status=400" },
      .judge = judge_stops },
    { .name = "unauthorized",
      .clause = "E2",
      .title = "A 401 is not met with the same request again and again",
      .arguments = { "--fault", "status=401" },
      .judge = judge_stops_at_401 },
    { .name = "denied",
      .clause = "E3",
      .title = "A 403 ends it",
      .arguments = { "--fault", "status=403" },
      .judge = judge_stops },
    { .name = "first-channel",
      .clause = "R1",
      .title = "It copes with a contact that had no channel",
      .contact = CONTACT_WITH_NONE,
      .judge = judge_copes },
    { .name = "many-channels",
      .clause = "R4",
      .title = "It copes with a contact of 200 channels",
      .contact = CONTACT_WITH_MANY,
      .judge = judge_copes },
    { .name = "created",
      .clause = "R7",
      .title = "It takes 201 for the success that it is",
      .arguments = { "--set", "success-status=201" },
      .judge = judge_copes },
    { .name = "unknown-members",
      .clause = "R2",
      .title = "It copes with members that it does not know",
      .arguments = { "--vary", "unknown-members" },
      .judge = judge_copes },
    { .name = "sparse",
      .clause = "R9",
      .title = "It copes without info_channel and channel_handle",
      .arguments = { "--vary", "sparse" },
      .judge = judge_copes },
    { .name = "chunked",
      .clause = "R6",
      .title = "It copes with a chunked answer, and a charset in Content-Type",
      .arguments = { "--vary", "chunked", "--vary", "charset" },
      .judge = judge_copes },
    { .name = NULL },
};
