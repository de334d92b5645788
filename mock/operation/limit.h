/* The rate limit [E4]: how many requests of each secret are admitted in any 60 seconds, by the
 * mock's clock. Each secret has its own lock. */
#ifndef MOCK_OPERATION_LIMIT_H
#define MOCK_OPERATION_LIMIT_H

#include "database/database.h"
#include <heymarket/error.h>
#include <stddef.h>
#include <stdint.h>

struct limit;

enum { LIMIT_WINDOW_S = 60, LIMIT_MOST = 1000000 };

/* @keys: the number of secrets and legacy keys; each has its own window. */
HM_MUST_USE enum hm_code limit_new(struct limit **limit, size_t keys, int64_t requests,
                                   struct hm_error *err);

/* A limit like @limit that has admitted nothing yet. NULL stays NULL. */
HM_MUST_USE enum hm_code limit_fresh(struct limit **fresh, const struct limit *limit,
                                     struct hm_error *err);

/* Adds a reference and returns it; drops a reference, the last one frees it. NULL is fine. */
struct limit *limit_hold(struct limit *limit);
void limit_free(struct limit *limit);

/* Admits a request of key @key at @now_us and returns 0, or returns the seconds to wait, rounded
 * up. A request that is not admitted does not count. After the clock was set back, admitted
 * requests keep their age. Safe for threads. */
int64_t limit_admit(struct limit *limit, size_t key, int64_t now_us);

/* Where it counts; may be set before it is shared between threads. */
struct database_counts *limit_shared(struct limit *limit);

/* Asks where it counts; *wait_s is what limit_admit() returns. HM_NOT_SENT, HM_OUTCOME_UNKNOWN: the
 * database is away. */
HM_MUST_USE enum hm_code limit_ask(struct limit *limit, size_t key, int64_t now_us,
                                   int64_t *wait_s);

/* How many requests it admits in a window. */
size_t limit_requests(const struct limit *limit);

#endif
