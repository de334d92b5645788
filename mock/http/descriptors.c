#include "http/descriptors.h"

#include "http/server.h"
#include <sys/resource.h>

int descriptors_raise(int threads, size_t listener_count)
{
    const rlim_t besides = DESCRIPTORS_BESIDES + (rlim_t)listener_count;
    const rlim_t wanted = besides + (rlim_t)threads + CONNECTION_QUEUE;
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return threads;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
            getrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur >= besides + (rlim_t)threads)
        return threads;
    return limit.rlim_cur > besides ? (int)(limit.rlim_cur - besides) : 1;
}
