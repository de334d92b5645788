/* Viewers of the page: what they get, who is dropped, and that the number of places is kept. Time
 * is made to pass. */
#include "control/viewers.h"

#include "support/monotonic.h"
#include "tests/stage.h"
#include "tests/unit.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

enum { KEPT = STAGE_KEPT, WAIT_MS = 10000, TEXT_BYTES_MAX = 4 * 1024 * 1024, LONG_ID_BYTES = 3000 };

#define EMAIL "{\"channel_type\":\"email\",\n\r\"channel_id\":\"j@example.com\"}"

static atomic_int passed_ms;

int64_t __real_monotonic_ms(void); /* NOLINT(bugprone-reserved-identifier) */
int64_t __wrap_monotonic_ms(void); /* NOLINT(bugprone-reserved-identifier) */
int64_t __wrap_monotonic_ms(void)  /* NOLINT(bugprone-reserved-identifier) */
{
    return __real_monotonic_ms() + atomic_load(&passed_ms);
}

/* A viewer's own side. */
struct screen {
    int fd;
    struct buf text; /* that came */
};

static int setup(void **state)
{
    struct stage *stage;

    signal(SIGPIPE, SIG_IGN);
    if (stage_setup_journal(state) != 0)
        return -1;
    stage = *state;
    stage->mock.viewers = viewers_new(&stage->mock);
    return stage->mock.viewers == NULL ? -1 : 0;
}

static int teardown(void **state)
{
    struct stage *stage = *state;

    viewers_free(stage->mock.viewers);
    return stage_teardown(state);
}

static void post(struct stage *stage, const char *body)
{
    stage_request(stage, "POST", STAGE_PATH(STAGE_ADA), body);
    assert_int_equal(stage_run(stage), 200);
}

/* GET /_mock/events; the viewer watches from then on. */
static void watch(struct screen *screen, struct stage *stage, const char *last)
{
    struct answer_stream *stream = &stage->x->answer.stream;
    const int small = 4096;
    int ends[2];

    buf_init(&screen->text, TEXT_BYTES_MAX);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    screen->fd = ends[0];
    setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
    stage_control(stage, "GET", "/_mock/events", NULL);
    stage->x->request.last_event_id = private_text(last);
    assert_int_equal(stage_run(stage), 200);
    assert_non_null(stream->from);
    stream->take(stream->from, ends[1]);
    stream->from = NULL;
}

static void screen_fini(struct screen *screen)
{
    close(screen->fd);
    buf_fini(&screen->text);
}

/* Reads until @text has come @times, or the other side has ended. */
static bool reads(struct screen *screen, const char *text, int times)
{
    struct pollfd poll_in = { .fd = screen->fd, .events = POLLIN };
    const int64_t end_ms = __real_monotonic_ms() + WAIT_MS;
    char bytes[4096];
    ssize_t count;

    while (__real_monotonic_ms() < end_ms) {
        const char *at = buf_text(&screen->text);
        int found = 0;

        while ((at = strstr(at, text)) != NULL && ++found < times)
            at++;
        if (found == times)
            return true;
        if (poll(&poll_in, 1, WAIT_MS) != 1)
            return false;
        count = read(screen->fd, bytes, sizeof bytes);
        if (count <= 0)
            return false;
        buf_add(&screen->text, bytes, (size_t)count);
    }
    return false;
}

static bool has_ended(struct screen *screen)
{
    struct pollfd poll_in = { .fd = screen->fd, .events = POLLIN };
    char bytes[4096];

    while (poll(&poll_in, 1, WAIT_MS) == 1) {
        if (read(screen->fd, bytes, sizeof bytes) <= 0)
            return true;
    }
    return false;
}

/* Nothing is read meanwhile. */
static bool is_dropped(const struct screen *screen)
{
    struct pollfd poll_end = { .fd = screen->fd, .events = 0 };

    return poll(&poll_end, 1, WAIT_MS) == 1;
}

/* The last id that came. */
static void last_id(char id[64], const struct screen *screen)
{
    const char *at = buf_text(&screen->text), *found = "";

    while ((at = strstr(at, "\nid: ")) != NULL)
        found = at += 5;
    snprintf(id, 64, "%.*s", (int)strcspn(found, "\n"), found);
}

/* The data of the last exchange that came; json_decref() it. */
static json_t *last_exchange(const struct screen *screen)
{
    const char *at = buf_text(&screen->text), *found = NULL;

    while ((at = strstr(at, "\nevent: exchange\n")) != NULL)
        found = at++;
    assert_non_null(found);
    found = strstr(found, "data: ") + 6;
    return json_loadb(found, strcspn(found, "\n"), JSON_ALLOW_NUL, NULL);
}

TEST(an_exchange_is_one_line_with_its_cure_and_its_repetition)
{
    static char url[] = "http://0.0.0.0:1";
    static char *urls[] = { url, NULL };
    struct stage *stage = *state;
    struct screen screen;
    json_t *exchange;
    const char *curl;

    atomic_store(&stage->mock.urls, urls);
    post(stage, EMAIL);
    watch(&screen, stage, NULL);
    assert_true(reads(&screen, "event: exchange", 1));
    assert_non_null(strstr(buf_text(&screen.text), "event: hello\ndata: {\"v\":1,\"started\":\""));
    assert_non_null(strstr(buf_text(&screen.text), "\"resumed\":false,"));
    stage_request(stage, "POST", STAGE_PATH(STAGE_ADA), "{\"channel_type\":\"it's <b>\"}");
    assert_int_equal(stage_run(stage), 400);
    assert_true(reads(&screen, "\"n\":1,", 1) && reads(&screen, "\n\n", 4));
    exchange = last_exchange(&screen);
    assert_non_null(exchange);
    assert_int_equal(json_integer_value(json_object_get(exchange, "status")), 400);
    assert_int_equal(json_array_size(json_object_get(exchange, "findings")),
                     json_array_size(json_object_get(exchange, "cures")));
    assert_true(json_array_size(json_object_get(exchange, "cures")) > 0);
    curl = json_string_value(json_object_get(exchange, "curl"));
    assert_non_null(curl);
    assert_non_null(strstr(curl, "Authorization: Bearer $(heymarket token sign)\""));
    assert_non_null(strstr(curl, " -X POST 'http://127.0.0.1:1/v2/"));
    assert_non_null(strstr(curl, "--data-raw '{\"channel_type\":\"it'\\''s <b>\"}'"));
    json_decref(exchange);
    stage_request(stage, "GET", "http://another.example/x", "");
    assert_int_equal(stage_run(stage), 404);
    assert_true(reads(&screen, "\"n\":2,", 1) && reads(&screen, "\n\n", 5));
    exchange = last_exchange(&screen);
    assert_true(json_is_null(json_object_get(exchange, "curl"))); /* not a request of this server */
    json_decref(exchange);
    screen_fini(&screen);
}

TEST(one_who_comes_back_gets_what_it_has_missed)
{
    struct stage *stage = *state;
    struct screen screen;
    char id[64];

    post(stage, EMAIL);
    watch(&screen, stage, NULL);
    assert_true(reads(&screen, "\"n\":0,", 1) && reads(&screen, "\n\n", 2));
    last_id(id, &screen);
    screen_fini(&screen);
    post(stage, EMAIL);
    watch(&screen, stage, id);
    assert_true(reads(&screen, "\"n\":1,", 1));
    assert_non_null(strstr(buf_text(&screen.text), "\"resumed\":true,"));
    assert_null(strstr(buf_text(&screen.text), "\"n\":0,"));
    assert_null(strstr(buf_text(&screen.text), "event: lost"));
    screen_fini(&screen);
    for (int i = 0; i < KEPT + 2; i++)
        post(stage, EMAIL);
    watch(&screen, stage, id); /* saw 0; 4 to 13 are there */
    assert_true(reads(&screen, "\"n\":13,", 1));
    assert_non_null(strstr(buf_text(&screen.text), "event: lost\ndata: {\"count\":3}\n\n"));
    assert_non_null(strstr(buf_text(&screen.text), "\"n\":4,"));
    assert_null(strstr(buf_text(&screen.text), "\"n\":3,"));
    screen_fini(&screen);
}

/* Of a mock before a restart, of the future, of nothing. */
TEST(an_unknown_place_is_the_beginning)
{
    static const char *const ids[] = { "00000000-0", "x", "", "-1", "00000000" };
    struct stage *stage = *state;
    struct screen screen;
    char id[64];

    post(stage, EMAIL);
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        watch(&screen, stage, ids[i]);
        assert_true(reads(&screen, "\"n\":0,", 1) && reads(&screen, "\n\n", 2));
        assert_non_null(strstr(buf_text(&screen.text), "\"resumed\":false,"));
        last_id(id, &screen);
        screen_fini(&screen);
    }
    memcpy(id + strlen(id), "999", 4); /* later than any */
    watch(&screen, stage, id);
    assert_true(reads(&screen, "\"n\":0,", 1));
    assert_non_null(strstr(buf_text(&screen.text), "\"resumed\":false,"));
    screen_fini(&screen);
}

TEST(a_cleared_journal_comes_before_what_is_next)
{
    struct stage *stage = *state;
    const char *cleared, *next;
    struct screen screen;

    post(stage, EMAIL);
    watch(&screen, stage, NULL);
    assert_true(reads(&screen, "\"n\":0,", 1));
    assert_int_equal(stage_call(stage, "DELETE", "/_mock/journal", NULL), 200);
    post(stage, EMAIL);
    assert_true(reads(&screen, "\"n\":1,", 1));
    cleared = strstr(buf_text(&screen.text), "event: changed\ndata: {\"what\":[\"journal\"]}\n\n");
    next = strstr(buf_text(&screen.text), "\"n\":1,");
    assert_non_null(cleared);
    assert_true(cleared < next);
    assert_null(strstr(buf_text(&screen.text), "event: lost"));
    screen_fini(&screen);
}

TEST(changes_of_the_control_plane_are_sent)
{
    struct stage *stage = *state;
    struct screen screen;

    watch(&screen, stage, NULL);
    assert_int_equal(stage_call(stage, "PUT", "/_mock/clock", "{\"elapse_s\":301}"), 200);
    assert_int_equal(stage_call(stage, "PUT", "/_mock/policy", "{"), 400);
    assert_true(reads(&screen, "event: changed\ndata: {\"what\":[\"clock\"]}", 1));
    assert_int_equal(stage_call(stage, "POST", "/_mock/reset", "{}"), 200);
    assert_true(reads(&screen,
                      "{\"what\":[\"clock\",\"faults\",\"policy\",\"contacts\",\"sandboxes\","
                      "\"expect\"]}",
                      1));
    assert_int_equal(stage_call(stage, "GET", "/_mock/clock", NULL), 200);
    post(stage, EMAIL);
    assert_true(reads(&screen, "{\"what\":[\"contacts\"]}", 1));
    screen_fini(&screen);
}

TEST(there_are_so_many_places)
{
    struct screen screens[VIEWERS_MAX];
    struct stage *stage = *state;

    for (size_t i = 0; i < VIEWERS_MAX; i++)
        watch(&screens[i], stage, NULL);
    for (size_t i = 0; i < VIEWERS_MAX; i++)
        assert_true(reads(&screens[i], "event: hello", 1));
    assert_int_equal(stage_call(stage, "GET", "/_mock/events", NULL), 503);
    assert_non_null(strstr(stage_head(stage), "Retry-After: 5\r\n"));
    post(stage, EMAIL);
    for (size_t i = 0; i < VIEWERS_MAX; i++)
        assert_true(reads(&screens[i], "\"n\":0,", 1));
    screen_fini(&screens[0]);
    for (int i = 0; i < WAIT_MS; i++) {
        if (stage_call(stage, "HEAD", "/_mock/events", NULL) == 200)
            break;
        poll(NULL, 0, 1);
    }
    exchange_release(stage->x); /* gives the place back */
    watch(&screens[0], stage, NULL);
    assert_true(reads(&screens[0], "\"n\":0,", 1));
    viewers_stop(stage->mock.viewers);
    for (size_t i = 0; i < VIEWERS_MAX; i++) {
        assert_true(has_ended(&screens[i]));
        screen_fini(&screens[i]);
    }
    assert_int_equal(stage_call(stage, "GET", "/_mock/events", NULL), 503);
}

/* It does not read; more than the system buffers is to be sent. */
TEST(one_who_does_not_read_is_dropped)
{
    static char body[LONG_ID_BYTES + 64];
    struct stage *stage = *state;
    struct screen slow, other;

    snprintf(body, sizeof body, "{\"channel_type\":\"email\",\"channel_id\":\"%0*d@example.com\"}",
             LONG_ID_BYTES, 0);
    watch(&slow, stage, NULL);
    watch(&other, stage, NULL);
    for (int i = 0; i < 2 * KEPT; i++) {
        char serial[32];

        stage_request(stage, "POST", STAGE_PATH(STAGE_ADA), body);
        stage_run(stage);
        snprintf(serial, sizeof serial, "\"n\":%d,", i);
        if (i % KEPT == KEPT - 1)
            assert_true(reads(&other, serial, 1));
    }
    atomic_fetch_add(&passed_ms, VIEWER_PATIENCE_MS + 1);
    post(stage, EMAIL);
    assert_true(is_dropped(&slow));
    assert_true(reads(&other, "\"n\":20,", 1));
    screen_fini(&slow);
    screen_fini(&other);
}

TEST(silence_is_broken_by_a_comment)
{
    struct stage *stage = *state;
    struct screen screen;

    watch(&screen, stage, NULL);
    assert_true(reads(&screen, "event: ready\ndata: {}\n\n", 1));
    atomic_fetch_add(&passed_ms, VIEWER_SILENCE_MS + 1);
    assert_true(reads(&screen, "\n\n: \n\n", 1));
    atomic_fetch_add(&passed_ms, VIEWER_SILENCE_MS + 1);
    assert_true(reads(&screen, ": \n\n: \n\n", 1));
    screen_fini(&screen);
}

/* A viewer has nothing to say. */
TEST(one_who_speaks_is_dropped)
{
    struct stage *stage = *state;
    struct screen screen;

    watch(&screen, stage, NULL);
    assert_true(reads(&screen, "event: hello", 1));
    assert_int_equal(send(screen.fd, "GET / HTTP/1.1\r\n\r\n", 18, 0), 18);
    assert_true(has_ended(&screen));
    screen_fini(&screen);
}

TEST(no_key_and_no_signature_is_shown)
{
    static const char key[] = "FakeKeyOfTeamOneFakeKeyOfTeamOne";
    struct stage *stage = *state;
    struct screen screen;
    const char *signature;

    watch(&screen, stage, NULL);
    stage_request(stage, "POST", "/v2/contact/FakeKeyOfTeamOneFakeKeyOfTeamOne/channel",
                  "{\"channel_type\":\"FakeKeyOfTeamOneFakeKeyOfTeamOne\",\"channel_id\":\"x\"}");
    stage_run(stage);
    signature = strrchr(stage->authorization, '.') + 1;
    post(stage, "{\"channel_type\":\"email\",\"channel_id\":\"FakeKeyOfTeamOneFakeKeyOfTeamOne\"}");
    assert_true(reads(&screen, "\"n\":1,", 1) && reads(&screen, "\n\n", 4));
    assert_null(strstr(buf_text(&screen.text), key));
    assert_null(strstr(buf_text(&screen.text), signature));
    screen_fini(&screen);
}

EACH_TEST_WITHIN(setup, teardown)
