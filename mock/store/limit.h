/* The rate limit [E4]: so many admitted requests in any 60 seconds for each secret, by the mock's
 * clock. Each secret has a lock of its own. */
#ifndef MOCK_STORE_LIMIT_H
#define MOCK_STORE_LIMIT_H

#include <heymarket/error.h>
#include <stddef.h>
#include <stdint.h>

struct limit;

enum { LIMIT_WINDOW_S = 60, LIMIT_MOST = 1000000 };

/* @keys: how many secrets and legacy keys there are, each with a window of its own. */
HM_MUST_USE enum hm_code limit_new(struct limit **limit, size_t keys, int64_t requests,
                                   struct hm_error *err);

/* One that is like @limit and has admitted nothing yet. NULL stays NULL. */
HM_MUST_USE enum hm_code limit_fresh(struct limit **fresh, const struct limit *limit,
                                     struct hm_error *err);

/* Takes part in holding it and returns it; gives up a hold, the last one frees it. NULL is fine. */
struct limit *limit_hold(struct limit *limit);
void limit_free(struct limit *limit);

/* Admits a request of key @key at @now_us and returns 0, or returns the seconds to wait, rounded
 * up; a request that is not admitted does not count. When the clock was set back, what was admitted
 * counts as if it had been just as long ago by the new one. Safe for threads. */
int64_t limit_admit(struct limit *limit, size_t key, int64_t now_us);

/* How many requests it admits in a window. */
size_t limit_requests(const struct limit *limit);

#endif
