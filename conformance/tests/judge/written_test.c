#include "tests/suite_test.h"

#include "judge/written.h"

static struct clauses clauses;

static int clauses_setup(void **state)
{
    const struct fixtures from = { HM_SOURCE "/fixtures" };

    return clauses_load(&clauses, &from, NULL) == HM_OK ? 0 : -1;
}

static int clauses_teardown(void **state)
{
    clauses_fini(&clauses);
    return 0;
}

/* One request of the run and its answer. */
struct row {
    const char *body;
    int status;
    const char *answer;
};

struct scene {
    struct row rows[4];
    const char *failed; /* the clause that the second row's case fails; "": none does */
};

#define OLD      "{\"contact_id\":3,\"channel_id\":\"old@x\"}"
#define ONE      "hm-deadbeef-1@example.com"
#define NUMBER   "12025550199"
#define LIST(id) "[" OLD ",{\"contact_id\":3,\"channel_id\":\"" id "\"}]"

static const struct scene scenes[] = {
    /* The first row is the list before. */
    { { { "", 200, "[" OLD "]" }, { ONE, 400, "{}" }, { "", 200, LIST(ONE) } }, "E1" },
    { { { "", 200, "[" OLD "]" }, { ONE, 422, "{}" }, { "", 200, LIST(ONE) } }, "E1" },
    { { { "", 200, "[" OLD "]" }, { ONE, 401, "{}" }, { "", 200, LIST(ONE) } }, "E2" },
    { { { "", 200, "[" OLD "]" }, { ONE, 403, "{}" }, { "", 200, LIST(ONE) } }, "E3" },
    { { { "", 200, "[" OLD "]" }, { "{\"x\":" ONE, 400, "{}" }, { "", 200, LIST(ONE ".copy") } },
      "E1" },
    { { { "", 200, "[" OLD "]" }, { "[" NUMBER "]", 400, "{}" }, { "", 200, LIST(NUMBER) } },
      "E1" },
    /* listed before the answer to the refused request was judged */
    { { { "", 200, LIST(ONE) }, { ONE, 400, "{}" } }, "E1" },
    /* not listed; sent in an accepted request, too; perhaps written */
    { { { "", 200, "[" OLD "]" }, { ONE, 400, "{}" }, { "", 200, "[" OLD "]" } }, "" },
    { { { ONE, 200, LIST(ONE) }, { ONE, 401, "{}" }, { "", 200, LIST(ONE) } }, "" },
    { { { "", 200, "[" OLD "]" }, { ONE, 401, "{}" }, { ONE, 200, LIST(ONE) } }, "" },
    { { { "", 200, "[" OLD "]" }, { ONE, 429, "{}" }, { "", 200, LIST(ONE) } }, "" },
    { { { "", 200, "[" OLD "]" }, { ONE, 500, "{}" }, { "", 200, LIST(ONE) } }, "" },
    /* a number that was there before; an address of another run */
    { { { "", 200, LIST(NUMBER) }, { NUMBER, 400, "{}" }, { "", 200, LIST(NUMBER) } }, "" },
    { { { "", 200, "[" OLD "]" },
        { "hm-00000000-1@example.com", 400, "{}" },
        { "", 200, LIST("hm-00000000-1@example.com") } },
      "" },
};

static void trip_make(struct round_trip *trip, const struct row *row)
{
    memset(trip, 0, sizeof *trip);
    trip->was_tried = true;
    trip->answer.outcome = HTTP_ANSWERED;
    trip->answer.status = row->status;
    buf_init(&trip->message.url, 10);
    buf_init(&trip->message.body, 1000);
    buf_init(&trip->answer.headers, 1000);
    buf_init(&trip->answer.body, 1000);
    buf_puts(&trip->message.body, row->body);
    buf_puts(&trip->answer.body, row->answer);
    round_trip_parse(trip);
}

static void count(void *context, const struct written_breach *breach)
{
    (void)breach;
    (*(size_t *)context)++;
}

/* The clause that the second row's case fails; "": none. */
static const char *judge(const struct scene *scene, struct result results[4])
{
    const struct marks marks = { .run = "deadbeef" };
    const struct test_case test = { .id = "S1-x", .step_count = 1 };
    struct written written = { NULL, NULL };
    size_t breaches = 0;

    for (size_t i = 0; i < 4 && scene->rows[i].body != NULL; i++) {
        struct round_trip trip;

        trip_make(&trip, &scene->rows[i]);
        results[i].test = &test;
        assert_true(written_note(&written, &results[i], NULL, &trip, &marks));
        round_trip_fini(&trip);
    }
    written_judge(&written, &clauses, count, &breaches);
    written_fini(&written);
    assert_int_equal(breaches, results[1].remark_count);
    return breaches > 0 && results[1].remarks != NULL ? results[1].remarks[0].clause->id : "";
}

TEST(fails_the_case_whose_refused_request_is_listed)
{
    size_t failed = 0;

    for (size_t i = 0; i < sizeof scenes / sizeof scenes[0]; i++) {
        struct result results[4] = { { .test = NULL } };
        const char *clause = judge(&scenes[i], results);

        if (strcmp(clause, scenes[i].failed) != 0) {
            print_message("scene %zu: expected \"%s\", found \"%s\"\n", i, scenes[i].failed,
                          clause);
            failed++;
        }
        for (size_t j = 0; j < 4; j++)
            result_fini(&results[j]);
    }
    assert_int_equal(failed, 0);
}

ALL_TESTS_WITHIN(clauses_setup, clauses_teardown)
