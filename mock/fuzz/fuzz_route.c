/* Fuzz target: a method, a line feed, a path. What is shown of a path has no control character, and
 * no bad path is found. [T1 T6] */
#include "route.h"

#include "channel_rules.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SHOWN_BYTES_MAX = 64 * 1024 };

static void route(const char *method, const char *path)
{
    struct hm_findings findings = { 0 };
    struct route_match match;
    struct buf shown;
    enum route_result result = route_find(&match, method, path);

    if ((result == ROUTE_FOUND || result == ROUTE_NO_METHOD) != (match.operation != NULL) &&
        result != ROUTE_NO_PATH)
        abort();
    if (result == ROUTE_FOUND)
        (void)contact_id_check(match.parameter, match.parameter_length, &findings);
    (void)route_nearest(path);
    buf_init(&shown, SHOWN_BYTES_MAX);
    route_show_path(&shown, path);
    for (size_t i = 0; i < shown.length; i++) {
        if ((unsigned char)shown.data[i] < ' ')
            abort();
    }
    buf_fini(&shown);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), *path;

    if (text == NULL)
        return 0;
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
