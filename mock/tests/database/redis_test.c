/* What several mocks have in common in a real Redis, and what becomes of it when answers are lost
 * or Redis is away. */
#include "database/database.h"
#include "database/database_kinds.h"
#include "support/monotonic.h"
#include "support/platform.h"
#include "tests/database/redis_server.h"
#include "tests/unit.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#define S     INT64_C(1000000)
#define WORLD "0a0a0a0a-0000-4000-8000-000000000001"

enum { ANSWER_BYTES = 4096, TRIES = 200, THREADS = 4, AWAY_MS = 1000, LINE_BYTES = 256 };

/* Passes bytes on between the mock and Redis, and loses some. */
enum loss { LOSE_NOTHING, LOSE_THE_ANSWER, LOSE_THE_REQUEST };

struct relay {
    int listening, to_port;
    _Atomic(enum loss) next; /* for the next bytes of the mock; then nothing */
    char url[64];
};

static struct redis_server server;

static int connect_to(int port)
{
    const struct sockaddr_in address = { .sin_family = AF_INET,
                                         .sin_port = htons((unsigned short)port),
                                         .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = platform_stream_socket(AF_INET);

    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* The answer to a line that is typed. */
static const char *type(const char *line)
{
    static char answer[ANSWER_BYTES];
    int fd = connect_to(server.port);
    ssize_t got;

    assert_int_equal(send(fd, line, strlen(line), 0), strlen(line));
    got = recv(fd, answer, sizeof answer - 1, 0);
    assert_true(got > 0);
    answer[got] = '\0';
    close(fd);
    return answer;
}

static bool pass_on(int from, int to)
{
    char bytes[ANSWER_BYTES];
    ssize_t got = recv(from, bytes, sizeof bytes, 0);

    return got > 0 && send(to, bytes, (size_t)got, 0) == got;
}

struct link {
    struct relay *relay;
    int client;
};

static void *link_run(void *context)
{
    struct link *link = context;
    struct relay *relay = link->relay;
    int redis = connect_to(relay->to_port);
    struct pollfd ends[] = { { .fd = link->client, .events = POLLIN },
                             { .fd = redis, .events = POLLIN } };
    enum loss loss = LOSE_NOTHING;
    bool goes_on = true;

    while (goes_on && poll(ends, 2, -1) > 0) {
        if (ends[0].revents != 0) {
            loss = atomic_exchange(&relay->next, LOSE_NOTHING);
            goes_on = loss != LOSE_THE_REQUEST && pass_on(link->client, redis);
        }
        if (goes_on && ends[1].revents != 0)
            goes_on = loss != LOSE_THE_ANSWER && pass_on(redis, link->client);
    }
    close(redis);
    close(link->client);
    free(link);
    return NULL;
}

static void *relay_run(void *context)
{
    struct relay *relay = context;
    int client;

    while ((client = accept(relay->listening, NULL, NULL)) >= 0) {
        struct link *link = malloc(sizeof *link);
        pthread_t thread;

        *link = (struct link){ relay, client };
        assert_int_equal(pthread_create(&thread, NULL, link_run, link), 0);
        pthread_detach(thread);
    }
    return NULL;
}

static void relay_start(struct relay *relay, pthread_t *thread)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof address;

    *relay = (struct relay){ .listening = platform_stream_socket(AF_INET), .to_port = server.port };
    assert_int_equal(bind(relay->listening, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(relay->listening, 8), 0);
    assert_int_equal(getsockname(relay->listening, (struct sockaddr *)&address, &size), 0);
    snprintf(relay->url, sizeof relay->url, "redis://127.0.0.1:%d", ntohs(address.sin_port));
    assert_int_equal(pthread_create(thread, NULL, relay_run, relay), 0);
}

static void relay_end(struct relay *relay, pthread_t thread)
{
    shutdown(relay->listening, SHUT_RDWR);
    pthread_join(thread, NULL);
    close(relay->listening);
}

static struct database *opened(const char *url)
{
    struct database *database;
    struct hm_error err = { 0 };

    if (database_open(&database, url, &err) != HM_OK)
        fail_msg("%s", err.text);
    return database;
}

static struct database_key key_of(unsigned char first)
{
    return (struct database_key){ .world = WORLD, .epoch = 1, .uuid = { first } };
}

static int64_t matched(struct database *database, int64_t generation)
{
    struct database_fault rule = { .index = 0 };

    assert_int_equal(database->kind->faults_counts(database, WORLD, generation, &rule, 1),
                     DATABASE_DONE);
    return rule.matched;
}

static enum database_result count_once(struct database *database, int64_t generation, size_t *due)
{
    struct database_fault rule = { .index = 0, .nth = 1, .times = 1 };

    return database->kind->faults_count(database, WORLD, generation, &rule, 1, due);
}

static int server_setup(void **state)
{
    if (server.pid == 0 && !redis_server_start(&server, true))
        skip();
    type("FLUSHALL\r\n");
    return 0;
}

static int server_teardown(void **state)
{
    if (server.pid != 0)
        redis_server_end(&server);
    return 0;
}

EACH_TEST_WITHIN(server_setup, NULL)
ALL_TESTS_WITHIN(NULL, server_teardown)

TEST(a_change_whose_answer_or_request_is_lost_is_made_once)
{
    static struct relay relay; /* its threads may end after the test */
    const struct database_key key = key_of(1);
    struct database *database;
    pthread_t thread;
    uint64_t version = 0;
    size_t due;

    relay_start(&relay, &thread);
    database = opened(relay.url);
    for (int64_t i = 1; i <= 20; i++) {
        const enum loss loss = i % 3 == 0   ? LOSE_THE_ANSWER
                               : i % 3 == 1 ? LOSE_THE_REQUEST
                                            : LOSE_NOTHING;
        const uint64_t before = version;

        atomic_store(&relay.next, loss);
        assert_int_equal(count_once(database, 7, &due), DATABASE_DONE);
        assert_int_equal(due, i == 1 ? 0 : 1);
        assert_int_equal(matched(database, 7), i);
        atomic_store(&relay.next, loss);
        assert_int_equal(database->kind->list_write(database, &key, "[{}", 3, &version),
                         DATABASE_DONE);
        assert_true(version == before + 1 || before == 0);
    }
    database_close(database);
    relay_end(&relay, thread);
}

TEST(a_list_is_written_only_over_the_version_that_was_read)
{
    struct database *one = opened(server.url), *other = opened(server.url);
    const struct database_key key = key_of(1), of_another = key_of(2);
    uint64_t version = 0, stale = 0, none = 0;
    int64_t id = 100, id_of_other = 100;
    struct buf text;

    buf_init(&text, LINE_BYTES);
    assert_int_equal(one->kind->list_read(one, &key, &text, &version, &id), DATABASE_SAME);
    assert_int_equal(other->kind->list_read(other, &key, &text, &stale, &id_of_other),
                     DATABASE_SAME);
    assert_int_equal(id, 100);
    assert_int_equal(id_of_other, 101);
    assert_int_equal(one->kind->list_write(one, &key, "[1", 2, &version), DATABASE_DONE);
    assert_int_equal(other->kind->list_write(other, &key, "[2", 2, &stale), DATABASE_CONFLICT);
    assert_int_equal(other->kind->list_read(other, &key, &text, &stale, NULL), DATABASE_DONE);
    assert_string_equal(buf_text(&text), "[1");
    assert_int_equal(other->kind->list_write(other, &key, "[1,2", 4, &stale), DATABASE_DONE);
    assert_int_equal(one->kind->list_read(one, &of_another, &text, &none, NULL), DATABASE_SAME);
    buf_fini(&text);
    database_close(one);
    database_close(other);
}

struct asker {
    struct database *database;
    int due;
};

static void *ask_often(void *context)
{
    struct asker *asker = context;
    size_t due;

    for (int i = 0; i < TRIES; i++) {
        assert_int_equal(count_once(asker->database, 8, &due), DATABASE_DONE);
        asker->due += due == 0;
    }
    return NULL;
}

TEST(a_rule_for_one_time_is_carried_out_once_by_all)
{
    struct database *one = opened(server.url), *other = opened(server.url);
    struct asker askers[THREADS];
    pthread_t threads[THREADS];
    int due = 0;

    for (int i = 0; i < THREADS; i++) {
        askers[i] = (struct asker){ i % 2 == 0 ? one : other, 0 };
        assert_int_equal(pthread_create(&threads[i], NULL, ask_often, &askers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        due += askers[i].due;
    }
    assert_int_equal(due, 1);
    assert_int_equal(matched(one, 8), THREADS * TRIES);
    database_close(one);
    database_close(other);
}

TEST(the_first_due_rule_has_its_turn)
{
    struct database *database = opened(server.url);
    struct database_fault rules[] = { { .index = 3, .nth = 2, .times = 1 },
                                      { .index = 5, .nth = 0, .times = 0 } };
    static const size_t expected[] = { 1, 0, 1, 1 };
    size_t due;

    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        assert_int_equal(database->kind->faults_count(database, WORLD, 9, rules, 2, &due),
                         DATABASE_DONE);
        assert_int_equal(due, expected[i]);
    }
    assert_int_equal(database->kind->faults_counts(database, WORLD, 9, rules, 2), DATABASE_DONE);
    assert_int_equal(rules[0].matched, 4);
    assert_int_equal(rules[0].done, 1);
    assert_int_equal(rules[1].done, 3);
    database_close(database);
}

/* The same figures as for the window in memory: operation/limit_test.c. */
TEST(the_rate_limit_is_one_for_all)
{
    static const struct {
        int64_t at_us, wait_s;
    } calls[] = { { 100 * S, 0 },     { 110 * S, 0 },     { 120 * S, 0 }, { 121 * S, 39 },
                  { 159 * S + 1, 1 }, { 160 * S - 1, 1 }, { 160 * S, 0 }, { 161 * S, 9 },
                  { 50 * S, 9 + 1 },  { 60 * S, 0 } };
    struct database *databases[] = { opened(server.url), opened(server.url) };
    int64_t wait_s;

    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        struct database *database = databases[i % 2];

        assert_int_equal(
            database->kind->limit_admit(database, WORLD, 1, 0, calls[i].at_us, 3, &wait_s),
            DATABASE_DONE);
        if (wait_s != calls[i].wait_s)
            fail_msg("call %zu: waits %d s", i, (int)wait_s);
    }
    assert_int_equal(
        databases[0]->kind->limit_admit(databases[0], WORLD, 1, 1, 161 * S, 3, &wait_s),
        DATABASE_DONE);
    assert_int_equal(wait_s, 0);
    database_close(databases[0]);
    database_close(databases[1]);
}

TEST(away_is_said_at_once_and_back_is_noticed)
{
    struct database *database = opened(server.url);
    const struct database_key key = key_of(1);
    char why[DATABASE_WHY_BYTES];
    uint64_t version = 0;
    int64_t began_ms;

    assert_int_equal(database->kind->list_write(database, &key, "[1", 2, &version), DATABASE_DONE);
    assert_false(database->kind->why(database, why));
    redis_server_kill(&server);
    /* The first call finds a broken connection, and cannot know. */
    assert_int_not_equal(database->kind->list_write(database, &key, "[1,2", 4, &version),
                         DATABASE_DONE);
    began_ms = monotonic_ms();
    for (int i = 0; i < 100; i++)
        assert_int_equal(database->kind->list_write(database, &key, "[1,2", 4, &version),
                         DATABASE_AWAY);
    assert_true(monotonic_ms() - began_ms < AWAY_MS);
    assert_true(database->kind->why(database, why));
    assert_non_null(strstr(why, "refused"));
    redis_server_again(&server);
    for (;;) {
        enum database_result result =
            database->kind->list_write(database, &key, "[1,2", 4, &version);

        if (result == DATABASE_DONE)
            break;
        assert_int_equal(result, DATABASE_AWAY);
        monotonic_sleep_until(monotonic_ms() + 10);
        assert_true(monotonic_ms() - began_ms < 20000);
    }
    assert_false(database->kind->why(database, why));
    database_close(database);
}

TEST(what_is_stored_by_something_else_is_refused)
{
    static const struct {
        const char *line, *complaint;
    } others[] = {
        { "SET heymarket-mock:meta x\r\n", "cannot be used" },
        { "HSET heymarket-mock:meta format 999\r\n", "another version" },
    };
    struct database *database;
    struct hm_error err;

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        type("FLUSHALL\r\n");
        type(others[i].line);
        assert_int_equal(database_open(&database, server.url, &err), HM_BAD_INPUT);
        assert_non_null(strstr(err.text, others[i].complaint));
    }
    type("FLUSHALL\r\n");
    database = opened(server.url);
    assert_int_equal(database->kind->world_check(database, "one", &err), HM_OK);
    assert_int_equal(database->kind->world_check(database, "two", &err), HM_BAD_INPUT);
    assert_non_null(strstr(err.text, "another world"));
    assert_int_equal(database->kind->world_check(database, "one", &err), HM_OK);
    database_close(database);
    database = opened(server.url);
    assert_int_equal(database->kind->world_check(database, "two", &err), HM_BAD_INPUT);
    assert_non_null(strstr(err.text, "another world"));
    database_close(database);
}

TEST(a_prefix_makes_two_of_one_database)
{
    char url[sizeof server.url + 32];
    struct database *one = opened(server.url), *other;

    snprintf(url, sizeof url, "%s/0?prefix=team-b", server.url);
    other = opened(url);
    for (int i = 0; i < 2; i++) {
        struct database_document document = { .epoch = 1 };
        struct database *database = i == 0 ? one : other;

        buf_init(&document.text, LINE_BYTES);
        buf_puts(&document.text, "{}");
        assert_int_equal(database->kind->document_write(database, WORLD, &document), DATABASE_DONE);
        assert_int_equal(database->kind->document_write(database, WORLD, &document), DATABASE_DONE);
        document.version--;
        assert_int_equal(database->kind->document_write(database, WORLD, &document),
                         DATABASE_CONFLICT);
        buf_fini(&document.text);
    }
    database_close(one);
    database_close(other);
}

static bool note_world(void *context, const char *world, const struct database_document *document)
{
    struct buf *seen = context;

    buf_printf(seen, "%s=%s;", world, buf_text(&document->text));
    return true;
}

TEST(worlds_are_listed_and_dropped)
{
    struct database *database = opened(server.url);
    struct database_document document = { .epoch = 1 };
    struct buf seen;

    buf_init(&document.text, LINE_BYTES);
    buf_init(&seen, LINE_BYTES);
    buf_puts(&document.text, "{}");
    assert_int_equal(database->kind->document_write(database, WORLD, &document), DATABASE_DONE);
    assert_int_equal(database->kind->worlds(database, note_world, &seen), DATABASE_DONE);
    assert_string_equal(buf_text(&seen), WORLD "={};");
    assert_int_equal(database->kind->world_drop(database, WORLD), DATABASE_DONE);
    assert_int_equal(database->kind->world_drop(database, WORLD), DATABASE_DONE);
    assert_int_equal(database->kind->document_read(database, WORLD, &document), DATABASE_DONE);
    assert_int_equal(document.version, DATABASE_FRESH);
    buf_fini(&document.text);
    buf_fini(&seen);
    database_close(database);
}

TEST(the_password_is_needed_and_never_shown)
{
    static const char right[] = "correct horse/@:battery";
    char line[LINE_BYTES], url[LINE_BYTES];
    struct database *database;
    struct hm_error err;

    type("CONFIG SET requirepass \"correct horse/@:battery\"\r\n");
    assert_int_equal(database_open(&database, server.url, &err), HM_BAD_INPUT);
    assert_non_null(strstr(err.text, "NOAUTH"));
    snprintf(url, sizeof url, "redis://:wrong-secret@127.0.0.1:%d", server.port);
    assert_int_equal(database_open(&database, url, &err), HM_BAD_INPUT);
    assert_non_null(strstr(err.text, "WRONGPASS"));
    assert_null(strstr(err.text, "wrong-secret"));
    snprintf(url, sizeof url, "redis://:correct%%20horse%%2F%%40%%3Abattery@127.0.0.1:%d/3",
             server.port);
    database_close(opened(url));
    snprintf(url, sizeof url, "redis://default:correct%%20horse/@:battery@127.0.0.1:%d",
             server.port);
    assert_int_equal(database_open(&database, url, &err), HM_BAD_ARGUMENT);
    assert_null(strstr(err.text, "battery"));
    setenv("HEYMARKET_MOCK_REDIS_PASSWORD", right, 1);
    database_close(opened(server.url));
    unsetenv("HEYMARKET_MOCK_REDIS_PASSWORD");
    snprintf(line, sizeof line, "AUTH \"%s\"\r\nCONFIG SET requirepass \"\"\r\n", right);
    type(line);
}

TEST(a_wrong_url_is_refused_with_what_is_wrong)
{
    static const char *const wrong[][2] = {
        { "redis:6379", "begins with" },
        { "redis://:secret@", "host is missing" },
        { "redis://secret@host", "before the @" },
        { "redis://host:port", "port" },
        { "redis://host:0", "port" },
        { "redis://host:65536", "port" },
        { "redis://host/one", "number of a database" },
        { "redis://host/0?ssl=yes", "prefix=TEXT" },
        { "redis://host/0?prefix=", "prefix=TEXT" },
        { "redis://host/0?prefix=a*", "prefix=TEXT" },
        { "redis://[::1", "]" },
    };
    struct database *database;
    struct hm_error err;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(database_open(&database, wrong[i][0], &err), HM_BAD_ARGUMENT);
        if (strstr(err.text, wrong[i][1]) == NULL || strstr(err.text, "secret") != NULL)
            fail_msg("%s: %s", wrong[i][0], err.text);
    }
}
