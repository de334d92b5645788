#include "http/descriptors.h"

#include "http/server.h"
#include <sys/resource.h>

/* Standard streams, files, and sockets that wait to be closed. */
enum { OTHER_DESCRIPTORS = 32 };

int descriptors_raise(int threads, size_t listener_count)
{
    const rlim_t others = OTHER_DESCRIPTORS + (rlim_t)listener_count;
    const rlim_t wanted = others + (rlim_t)threads + CONNECTION_QUEUE;
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return threads;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
            getrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur >= others + (rlim_t)threads)
        return threads;
    return limit.rlim_cur > others ? (int)(limit.rlim_cur - others) : 1;
}
