#include "openapi.h"

#include "control/control_openapi.h"
#include <stdio.h>

/* program_main() finds out whether it could be written. */
int openapi_run(const struct verb_call *call)
{
    const struct embedded_file *document = openapi_document();

    (void)call;
    fwrite(document->data, 1, document->length, stdout);
    return EXIT_GOOD;
}
