#include "exchange/exchange_memory.h"

#include <heymarket/token.h>
#include <stdlib.h>

void exchange_memory_init(struct exchange_memory *memory)
{
    memory->serial = 0;
    memory->masking = (struct masking){ 0 };
    memory->spare = NULL;
    memory->masking = (struct masking){ 0 };
    buf_init(&memory->authorization, HM_TOKEN_BYTES_MAX);
    buf_init(&memory->token, EXCHANGE_JSON_BYTES_MAX);
    buf_init(&memory->work, EXCHANGE_JSON_BYTES_MAX);
    buf_init(&memory->texts, EXCHANGE_JSON_BYTES_MAX);
}

void exchange_memory_fini(struct exchange_memory *memory)
{
    buf_fini(&memory->authorization);
    buf_fini(&memory->token);
    buf_fini(&memory->work);
    buf_fini(&memory->texts);
    free(memory->spare);
}
