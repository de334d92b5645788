#include "journal/token_ages.h"

#include <heymarket/token.h>

const struct age_range token_age_ranges[TOKEN_AGE_RANGES] = {
    { INT64_MIN, 0, "in the future" },
    { 0, 2, "fresh, under 2 s" },
    { 2, 10, "2 to 10 s" },
    { 10, 60, "10 s to 1 min" },
    { 60, 120, "1 to 2 min" },
    { 120, 180, "2 to 3 min" },
    { 180, 240, "3 to 4 min" },
    { 240, HM_TOKEN_LIFE_S, "4 to 5 min" },
    { HM_TOKEN_LIFE_S, INT64_MAX, "dead, 5 min and over" },
};

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
