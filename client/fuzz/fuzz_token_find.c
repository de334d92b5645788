/* Fuzz target: the doctor's finder. */
#include "token_find.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct found_tokens found;

    if (token_find(&found, (const char *)data, size, NULL) != HM_OK)
        abort();
    for (size_t i = 0; i < found.count; i++) {
        if (found.at[i].length > size || found.at[i].text[found.at[i].length] != '\0')
            abort();
    }
    found_tokens_fini(&found);
    return 0;
}
