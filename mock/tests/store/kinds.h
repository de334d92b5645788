/* The same tests for every kind of --state: a test program's main() runs its group once for each.
 */
#ifndef MOCK_TESTS_STORE_KINDS_H
#define MOCK_TESTS_STORE_KINDS_H

#include "tests/unit.h"

struct database;
struct store;

/* Runs the tests for memory and for each kind that is built in. Returns how many failed. */
int kinds_run(const struct CMUnitTest *tests, size_t count);
#define KINDS_RUN(tests) kinds_run(tests, sizeof(tests) / sizeof((tests)[0]))

/* The database of the present kind; NULL: memory. */
struct database *kinds_database(void);

/* How many of @count calls a test makes: fewer where each is written to a file or over a network.
 */
int kinds_share(int count);

/* Keeps what @store serves in it, as a world of its own, or as @world. Returns the store. */
struct store *kinds_keep(struct store *store);
struct store *kinds_keep_as(struct store *store, const char *world);

#endif
