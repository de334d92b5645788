/* How old tokens were when they were used [J6 J12]: tells a client that signs anew from one that
 * keeps its tokens, and how near to their end. By the mock's clock, as the tokens are judged. */
#ifndef MOCK_JOURNAL_TOKEN_AGES_H
#define MOCK_JOURNAL_TOKEN_AGES_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Ages from @from_s up to, not with, @to_s; the outer ones are open. */
struct age_range {
    int64_t from_s, to_s;
    const char *name;
};

enum { TOKEN_AGE_RANGES = 9 };
extern const struct age_range token_age_ranges[TOKEN_AGE_RANGES];

/* Zeroed, it is empty. */
struct token_ages {
    atomic_ullong uses[TOKEN_AGE_RANGES];
    atomic_llong oldest_good_s; /* the oldest token that was still accepted */
};

/* Notes one use. Safe for threads. */
void token_ages_add(struct token_ages *ages, double age_s, bool is_good);

unsigned long long token_ages_uses(const struct token_ages *ages);

#endif
