/* Fuzz target: a method, a line feed, a path. The path in messages has no control character; only
 * existing operations are found; an id that is not a UUID has a finding. [T1 T6 B7] */
#include "fuzz/fuzz.h"

#include "contract/channel_rules.h"
#include "contract/contact_id.h"
#include "http/near_miss.h"
#include "http/route.h"
#include <stdlib.h>
#include <string.h>

enum { SHOWN_BYTES_MAX = 64 * 1024 };

static void route(const char *method, const char *path)
{
    struct hm_findings findings = { 0 };
    struct route_match match;
    struct buf shown;
    enum route_result result = route_find(&match, method, path);

    must(result == ROUTE_NO_PATH ||
         (result == ROUTE_FOUND || result == ROUTE_NO_METHOD) == (match.operation != NULL));
    if (result == ROUTE_FOUND) {
        const struct span *id = &match.parameters[0], *type = &match.parameters[1];

        must(id->length < ROUTE_PARAMETER_BYTES && strlen(id->at) == id->length);
        must(type->length < ROUTE_PARAMETER_BYTES && strlen(type->at) == type->length);
        must(contact_id_check(id->at, id->length, &findings) ==
             (hm_findings_refusal(&findings) == NULL));
        findings_check(&findings);
    }
    (void)near_path(method, path);
    (void)near_method(method, path);
    buf_init(&shown, SHOWN_BYTES_MAX);
    request_show_path(&shown, private_text(path), private_text(NULL), NULL);
    for (size_t i = 0; i < shown.length; i++)
        must((unsigned char)shown.data[i] >= ' ');
    buf_fini(&shown);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), *path;

    must(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    path = strchr(text, '\n');
    if (path != NULL) {
        *path++ = '\0';
        route(text, path);
    }
    free(text);
    return 0;
}
