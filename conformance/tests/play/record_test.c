#include "tests/suite_test.h"

#include "play/record.h"

static const char token[] = "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiI3NGY4MGE3NyJ9.c2lnbmF0dXJlLW9mLWl0";

/* A made-up round trip; the answer contains every secret. */
struct bench {
    struct round_trip trip;
    struct step step;
    struct names names;
    struct hm_secrets *no_secrets;
    char authorization[128];
};

static int bench_setup(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);

    *state = bench;
    if (bench == NULL || hm_secrets_new(&bench->no_secrets, NULL) != HM_OK)
        return -1;
    bench->names.secrets[SECRET_FIRST].key = private_copy(TEST_KEY);
    if (names_mask(&bench->names, NULL) != HM_OK)
        return -1;
    bench->step.request = json_pack("{s:s}", "method", "POST");
    struct message *message = &bench->trip.message;
    message->step = &bench->step;
    message->names = &bench->names;
    buf_init(&message->url, 1024);
    buf_puts(&message->url, "http://x/y");
    (void)snprintf(bench->authorization, sizeof bench->authorization, "Bearer %s", token);
    message->authorization.count = 1;
    message->authorization.at[0] = strdup(bench->authorization);
    message->header_count = 1;
    message->headers[0].name = "Authorization";
    message->headers[0].value = message->authorization.at[0];
    bench->trip.was_tried = true;
    bench->trip.answer.status = 400;
    buf_init(&bench->trip.answer.headers, 4096);
    buf_init(&bench->trip.answer.body, (size_t)4 * RECORD_BODY_BYTES_MAX);
    return 0;
}

static int bench_teardown(void **state)
{
    struct bench *bench = *state;

    round_trip_fini(&bench->trip);
    names_fini(&bench->names);
    json_decref(bench->step.request);
    hm_secrets_free(bench->no_secrets);
    free(bench);
    return 0;
}

static char *recorded(struct bench *bench)
{
    const struct record_place place = { NULL, "probe", 1, 1713225600123 };
    json_t *record = record_make(&bench->trip, &place, bench->no_secrets);
    char *text = json_dumps(record, JSON_COMPACT);

    json_decref(record);
    assert_non_null(text);
    return text;
}

TEST(hides_tokens_keys_and_cookies)
{
    struct bench *bench = *state;
    struct buf *body = &bench->trip.answer.body;

    buf_printf(body, "%s|%s||%s|%s|x", token, TEST_ID, TEST_KEY, strchr(token, '.') + 1);
    buf_puts(&bench->trip.answer.headers,
             "X-Echo: Bearer eyJhbGciOiJIUzI1NiJ9\r\nset-cookie: session=1234\r\n");
    char *text = recorded(bench);
    assert_null(strstr(text, "c2lnbmF0dXJlLW9mLWl0"));
    assert_null(strstr(text, "eyJ"));
    assert_null(strstr(text, TEST_KEY));
    assert_null(strstr(text, "1234\""));
    assert_non_null(strstr(text, "\"body\":\"<token of 66 characters>|" TEST_ID
                                 "||<known key>|<token of 45 characters>|x\""));
    assert_non_null(strstr(text, "\"headers\":[\"Authorization: Bearer "
                                 "<token of 66 characters>\"]"));
    assert_non_null(strstr(text, "\"time\":\"2024-04-16T00:00:00.123Z\""));
    free(text);
}

TEST(makes_utf8_of_any_bytes)
{
    struct bench *bench = *state;

    buf_add(&bench->trip.answer.body, "a\0b\xFF\n", 5);
    char *text = recorded(bench);
    assert_non_null(strstr(text, "\"body\":\"a\\u0000b\\\\xFF\\n\",\"body_bytes\":5,"
                                 "\"body_truncated\":false"));
    free(text);
}

TEST(cuts_long_bodies_but_no_secret_in_two)
{
    struct bench *bench = *state;
    struct buf *body = &bench->trip.answer.body;

    while (body->length < RECORD_BODY_BYTES_MAX - 10)
        buf_putc(body, 'x');
    buf_puts(body, TEST_KEY);
    buf_puts(body, "0123456789tail");
    char *text = recorded(bench);
    assert_null(strstr(text, "cPQku7"));
    assert_null(strstr(text, "tail"));
    assert_non_null(strstr(text, "xx<known key>0123456789...\",\"body_bytes\":"));
    assert_non_null(strstr(text, "\"body_truncated\":true"));
    free(text);
}

TEST(shows_nothing_if_there_is_too_much_to_hide)
{
    struct bench *bench = *state;
    struct message *message = &bench->trip.message;
    struct buf many;

    buf_init(&many, 4096);
    for (size_t i = 0; i < 70; i++)
        buf_puts(&many, "abcdefghijklmnopqrst.");
    free(message->authorization.at[0]);
    message->authorization.at[0] = buf_take(&many);
    message->headers[0].value = message->authorization.at[0];
    assert_non_null(message->authorization.at[0]);
    buf_puts(&bench->trip.answer.body, "anything");
    char *text = recorded(bench);
    assert_null(strstr(text, "abcdefghijkl"));
    assert_non_null(strstr(text, "\"body\":\"<hidden>\""));
    free(text);
}

EACH_TEST_WITHIN(bench_setup, bench_teardown)
