#include "certify/certify_seen.h"

/* [E5] "after a short wait": less is none. */
static const double short_wait_s = 0.05;
/* [E4] The same for waits in a row, by their number: one may be short, where chance decides it. */
static const double backed_off_s[] = { 0, 0.01, 0.04, 0.1 };
/* [E4] A clock's tick and the way home are not held against a client. */
static const double tolerance_s = 0.05;
static const double retry_after_s = 2.0; /* as the scenario has it */

/* How long it waited before it sent again what had failed. */
struct waits {
    size_t faults;
    size_t count; /* of what was sent again */
    size_t lost;  /* what never got through */
    double shortest_s;
    double sum_s;
};

static struct waits waits_of(const struct observation *seen)
{
    struct waits waits = { .shortest_s = 1e9 };

    for (size_t i = 0; i < seen_count(seen); i++) {
        const json_t *faulted = seen_at(seen, i);
        const json_t *again;

        if (!seen_is_faulted(faulted))
            continue;
        waits.faults++;
        waits.lost += !seen_is_through(seen, i);
        again = seen_retry(seen, i);
        if (again) {
            double wait_s = seen_begun_s(again) - seen_ended_s(faulted);

            waits.count++;
            waits.sum_s += wait_s;
            waits.shortest_s = wait_s < waits.shortest_s ? wait_s : waits.shortest_s;
        }
    }
    return waits;
}

/* [E5] [E7] */
void judge_server_error(struct certify_verdict *verdict, const struct observation *seen)
{
    struct waits waits = waits_of(seen);

    if (seen_conclude_early(verdict, seen))
        return;
    if (waits.faults == 0)
        seen_conclude(verdict, CERTIFY_UNSEEN, "no request came so far that it could fail");
    else if (waits.count > 0 && waits.shortest_s < short_wait_s)
        seen_conclude(verdict, CERTIFY_FAILED, "it tries again %.0f ms after a 500: wait first",
                      waits.shortest_s * 1000);
    else if (waits.count > 0)
        seen_conclude(verdict, CERTIFY_WARNED,
                      "it repeats a write that may have been carried out before the 500: the "
                      "documentation suggests a retry, and the endpoint cannot tell it from a new "
                      "write [E7]");
    else if (seen->exit_codes[0] == 0)
        seen_conclude(verdict, CERTIFY_WARNED, "it exits with 0 after a 500");
    else
        seen_conclude(verdict, CERTIFY_PASSED, "it gives up and exits with %d",
                      seen->exit_codes[0]);
}

/* What is left to say of a client that waited long enough, where it waited. */
static void conclude_waits(struct certify_verdict *verdict, const struct observation *seen,
                           const struct waits *waits)
{
    if (waits->faults == 0)
        seen_conclude(verdict, CERTIFY_UNSEEN,
                      "no request came so far that it could be told to wait");
    else if (waits->lost > 0 && seen->exit_codes[0] == 0)
        seen_conclude(verdict, CERTIFY_FAILED,
                      "it exits with 0, and what was refused with 429 never got through");
    else if (waits->lost > 0 || waits->count == 0)
        seen_conclude(verdict, CERTIFY_WARNED,
                      "it gives up after %zu request%s, where waiting would do", seen_count(seen),
                      seen_count(seen) == 1 ? "" : "s");
    else
        seen_conclude(verdict, CERTIFY_PASSED, "it waited %.2f s, and got through", waits->sum_s);
}

void judge_retry_after(struct certify_verdict *verdict, const struct observation *seen)
{
    struct waits waits = waits_of(seen);

    if (seen_conclude_early(verdict, seen))
        return;
    if (waits.count > 0 && waits.shortest_s < retry_after_s - tolerance_s)
        seen_conclude(verdict, CERTIFY_FAILED,
                      "it came back %.0f ms after a 429, though Retry-After said %.0f s",
                      waits.shortest_s * 1000, retry_after_s);
    else
        conclude_waits(verdict, seen, &waits);
}

void judge_backs_off(struct certify_verdict *verdict, const struct observation *seen)
{
    struct waits waits = waits_of(seen);
    size_t most = sizeof backed_off_s / sizeof *backed_off_s - 1;

    if (seen_conclude_early(verdict, seen))
        return;
    if (waits.sum_s < backed_off_s[waits.count < most ? waits.count : most])
        seen_conclude(verdict, CERTIFY_FAILED,
                      "it tried again %zu time%s within %.0f ms after a 429, and so adds to the "
                      "load that it was refused for",
                      waits.count, waits.count == 1 ? "" : "s", waits.sum_s * 1000);
    else
        conclude_waits(verdict, seen, &waits);
}
