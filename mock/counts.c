#include "counts.h"

#include "exchange.h"

static void add_one(atomic_ullong *count)
{
    atomic_fetch_add_explicit(count, 1, memory_order_relaxed);
}

void counts_add(struct counts *counts, const struct exchange *x)
{
    bool has_warning = false;

    add_one(&counts->requests);
    if (x->status >= 200 && x->status < 300)
        add_one(&counts->accepted);
    else if (x->status >= 400 && x->status < 500)
        add_one(&counts->refused);
    for (size_t i = 0; i < x->findings.count; i++) {
        add_one(&counts->findings[x->findings.at[i].mistake]);
        has_warning = has_warning || x->findings.at[i].severity == HM_WARNS;
    }
    if (has_warning)
        add_one(&counts->warned);
}
