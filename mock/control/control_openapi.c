#include "control/control_openapi.h"

#include "control/control.h"

const struct embedded_file *openapi_document(void)
{
    return fixture_built_in("openapi.json");
}

static enum step_result openapi_answer(struct exchange *x)
{
    const struct embedded_file *document = openapi_document();

    return exchange_answer(x, 200, (const char *)document->data, document->length, "");
}

const struct operation op_openapi = { .is_control = true,
                                      .steps = { control_read, openapi_answer } };
