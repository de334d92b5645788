/* Fuzz target: what a client sends to the proxy of --intercept=proxy. Host and port are within it,
 * and consist of what they may. */
#include "fuzz/fuzz.h"

#include "intercept/head_server.h"
#include "intercept/proxy.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = malloc(size); /* exactly, so that a read past the end is seen */
    const size_t length = size > 0 && bytes != NULL
                              ? head_length((struct span){ memcpy(bytes, data, size), size })
                              : 0;

    must(size == 0 || bytes != NULL);
    must(length <= size && (length == 0 || bytes[length - 1] == '\n'));
    if (length > 0) {
        struct span method, target, host;
        int port;

        head_line_read(&method, &target, (struct span){ bytes, length });
        if (proxy_target_read(&host, &port, method, target)) {
            must(port >= 1 && port <= 65535);
            must(host.length > 0 && host.at >= target.at &&
                 host.at + host.length <= target.at + target.length);
            for (size_t i = 0; i < host.length; i++)
                must(host.at[i] > ' ' && host.at[i] < 0x7f && host.at[i] != '/');
            must(!host_is_subdomain(host) || !host_is_intercepted(host));
        }
    }
    free(bytes);
    return 0;
}
