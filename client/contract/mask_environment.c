#include "contract/mask_environment.h"

#include "contract/mask_write.h"
#include "contract/variables.h"
#include "support/escape.h"
#include <stdlib.h>

struct mask *mask_new_of_environment(void)
{
    const char *const keys[] = { getenv(VARIABLE_SECRET_KEY), getenv(VARIABLE_SECOND_SECRET_KEY) };

    return mask_new_of(keys, sizeof keys / sizeof keys[0]);
}

void mask_environment_write(struct buf *out, const char *text, size_t length)
{
    struct mask *mask = mask_new_of_environment();
    const struct masking masking = { .mask = mask };

    if (mask == NULL)
        out->status = BUF_NO_MEMORY;
    else
        mask_write_text(out, &masking, (struct span){ text, length }, length, escape_terminal);
    mask_free(mask);
}
