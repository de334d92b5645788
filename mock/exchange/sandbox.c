#include "exchange/sandbox.h"

#include <stdio.h>

void sandbox_path(char out[SANDBOX_PATH_TEXT], const struct sandbox *sandbox)
{
    const bool is_main = sandbox->id[0] == '\0';

    snprintf(out, SANDBOX_PATH_TEXT, "/_mock%s%s", is_main ? "" : "/sandboxes/", sandbox->id);
}

void sandbox_hold(struct sandbox *sandbox)
{
    if (sandbox->end != NULL)
        atomic_fetch_add_explicit(&sandbox->holders, 1, memory_order_relaxed);
}

void sandbox_release(struct sandbox *sandbox)
{
    if (sandbox->end != NULL &&
        atomic_fetch_sub_explicit(&sandbox->holders, 1, memory_order_acq_rel) == 1)
        sandbox->end(sandbox);
}

void sandbox_note(struct sandbox *sandbox, unsigned changes)
{
    for (unsigned i = 0; changes >> i != 0; i++) {
        if ((changes >> i & 1) != 0)
            atomic_fetch_add_explicit(&sandbox->changes[i], 1, memory_order_relaxed);
    }
}
