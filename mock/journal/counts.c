#include "journal/counts.h"

#include "exchange/exchange.h"
#include "fault/fault.h"
#include <heymarket/token.h>
#include <stdlib.h>
#include <string.h>

const struct age_range token_age_ranges[TOKEN_AGE_RANGES] = {
    { INT64_MIN, 0, "in the future" },
    { 0, 2, "fresh, under 2 s" },
    { 2, 10, "2 to 10 s" },
    { 10, 60, "10 s to 1 min" },
    { 60, 120, "1 to 2 min" },
    { 120, 180, "2 to 3 min" },
    { 180, 240, "3 to 4 min" },
    { 240, HM_TOKEN_LIFE_S, "4 to 5 min" },
    { HM_TOKEN_LIFE_S, INT64_MAX, "expired, 5 min or more" },
};

static void add_one(atomic_ullong *count)
{
    atomic_fetch_add_explicit(count, 1, memory_order_relaxed);
}

static void add_finding(struct finding_count *count, const struct hm_finding *finding)
{
    char *none = NULL, *message;

    if (atomic_fetch_add_explicit(&count->times[finding->severity], 1, memory_order_relaxed) > 0)
        return;
    message = strdup(finding->message);
    if (message != NULL &&
        !atomic_compare_exchange_strong(&count->message[finding->severity], &none, message))
        free(message);
}

bool mistake_is_unmatched(enum hm_mistake mistake)
{
    return strcmp(hm_mistake_row(mistake)->clause, "T6") == 0;
}

/* Returns whether there was a warning. */
static bool add_findings(struct counts *counts, const struct hm_findings *findings)
{
    bool has_warning = false, is_unmatched = false;

    for (size_t i = 0; i < findings->count; i++) {
        enum hm_mistake mistake = findings->at[i].mistake;

        add_finding(&counts->findings[mistake], &findings->at[i]);
        has_warning = has_warning || findings->at[i].severity == HM_WARNS;
        is_unmatched = is_unmatched || mistake_is_unmatched(mistake);
    }
    if (is_unmatched)
        add_one(&counts->unmatched);
    return has_warning;
}

void token_ages_add(struct token_ages *ages, double age_s, bool is_good)
{
    size_t range = 0;

    while (range + 1 < TOKEN_AGE_RANGES && age_s >= (double)token_age_ranges[range].to_s)
        range++;
    atomic_fetch_add_explicit(&ages->uses[range], 1, memory_order_relaxed);
    if (is_good && age_s > 0) {
        long long age = (long long)age_s;
        long long oldest = atomic_load_explicit(&ages->oldest_good_s, memory_order_relaxed);

        while (age > oldest && !atomic_compare_exchange_weak(&ages->oldest_good_s, &oldest, age))
            ;
    }
}

unsigned long long token_ages_uses(const struct token_ages *ages)
{
    unsigned long long sum = 0;

    for (size_t i = 0; i < TOKEN_AGE_RANGES; i++)
        sum += atomic_load(&ages->uses[i]);
    return sum;
}

static void figures_add(struct figures *figures, bool is_accepted, bool is_refused, bool is_warned)
{
    add_one(&figures->requests);
    if (is_accepted)
        add_one(&figures->accepted);
    if (is_refused)
        add_one(&figures->refused);
    if (is_warned)
        add_one(&figures->warned);
}

void counts_add(struct counts *counts, const struct exchange *x)
{
    bool is_fault = x->fault != NULL && fault_makes_answer(x->fault);
    bool is_refusal = x->answer.status >= 400 && x->answer.status < 500;
    bool is_accepted =
        x->answer.status >= 200 && x->answer.status < 300 && x->answer.delivery == DELIVER_WHOLE;
    bool is_main = x->sandbox == &x->mock->main, is_warned;

    if (x->is_other) {
        add_one(&counts->others);
        return;
    }
    add_one(&counts->requests);
    if (x->answer.status >= 0 && x->answer.status < STATUSES)
        add_one(&counts->statuses[x->answer.status]);
    if (is_accepted)
        add_one(&counts->accepted);
    else if (is_refusal)
        add_one(&counts->refused);
    if (is_fault)
        add_one(&counts->faults);
    else if (x->answer.status == 429)
        add_one(&counts->limited);
    else if (is_refusal)
        add_one(x->is_expected ? &counts->expected : &counts->at_fault);
    is_warned = !x->is_expected && add_findings(counts, &x->findings);
    if (is_warned)
        add_one(&counts->warned);
    if (x->verdict.has_iat)
        token_ages_add(&counts->ages, x->verdict.age_s, x->verdict.is_good);
    if (x->has_team && !x->verdict.is_legacy && is_main)
        busiest_add(&counts->busiest, (size_t)x->verdict.secret, x->started_us);
    if (is_main)
        return;
    figures_add(&x->sandbox->figures, is_accepted, is_refusal, is_warned);
    figures_add(&x->mock->beside, is_accepted, is_refusal, is_warned);
}

static unsigned long long left(atomic_ullong *of_all, atomic_ullong *beside)
{
    unsigned long long without = atomic_load(beside), all = atomic_load(of_all);

    return all > without ? all - without : 0;
}

struct figures_shown counts_figures(struct sandbox *sandbox, struct mock *mock)
{
    struct figures *figures = &sandbox->figures, *beside = &mock->beside;
    struct counts *all = mock->counts;

    if (sandbox != &mock->main)
        return (
            struct figures_shown){ atomic_load(&figures->requests), atomic_load(&figures->accepted),
                                   atomic_load(&figures->refused), atomic_load(&figures->warned) };
    return (struct figures_shown){ left(&all->requests, &beside->requests),
                                   left(&all->accepted, &beside->accepted),
                                   left(&all->refused, &beside->refused),
                                   left(&all->warned, &beside->warned) };
}

void counts_fini(struct counts *counts)
{
    for (size_t i = 0; i < HM_MISTAKE_COUNT; i++) {
        free(atomic_exchange(&counts->findings[i].message[HM_REFUSES], NULL));
        free(atomic_exchange(&counts->findings[i].message[HM_WARNS], NULL));
    }
    busiest_fini(&counts->busiest);
}

size_t counts_findings(struct finding_sum sums[FINDING_SUMS_MAX], struct counts *counts)
{
    size_t count = 0;

    for (int severity = HM_REFUSES; severity <= HM_WARNS; severity++) {
        for (size_t i = 0; i < HM_MISTAKE_COUNT; i++) {
            struct finding_count *kind = &counts->findings[i];
            unsigned long long times = atomic_load(&kind->times[severity]);
            const char *message = atomic_load(&kind->message[severity]);

            if (times > 0)
                sums[count++] =
                    (struct finding_sum){ (enum hm_mistake)i, (enum hm_severity)severity, times,
                                          message == NULL ? hm_mistake_row((enum hm_mistake)i)->cure
                                                          : message };
        }
    }
    return count;
}
