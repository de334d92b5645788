#include "sandbox/sandboxes.h"

#include "contract/secrets.h"
#include "control/expected.h"
#include "journal/counts.h"
#include "journal/journal.h"
#include "operation/limit.h"
#include "store/store.h"
#include "support/monotonic.h"
#include "tests/stage.h"
#include "tests/unit.h"
#include <jansson.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif
#include <pthread.h>
#include <sched.h>
#include <time.h>
#include <unistd.h>

enum { KEPT = 100, TEXT = 80, CALL = 512, WHOLE_BYTES_MAX = 65536 };

static char url[] = "http://127.0.0.1:8580";
static char *urls[] = { url, NULL };

static int setup(void **state)
{
    struct stage *stage;

    if (stage_setup(state) != 0)
        return -1;
    stage = *state;
    atomic_store(&stage->mock.urls, urls);
    stage->mock.main.journal = journal_new(KEPT);
    return stage->mock.main.journal == NULL ||
                   expected_new(&stage->mock.main.expected, NULL) != HM_OK
               ? -1
               : 0;
}

static int teardown(void **state)
{
    struct stage *stage = *state;

    expected_free(stage->mock.main.expected);
    stage->mock.main.expected = NULL;
    return stage_teardown(state);
}

EACH_TEST_WITHIN(setup, teardown)

/* What POST /_mock/sandboxes answers. */
struct made {
    char id[TEXT], secret_id[TEXT], key[TEXT], second_id[TEXT], second_key[TEXT];
    char contact[TEXT], empty[TEXT], other[TEXT], url[2 * TEXT];
};

static void take(char *out, size_t size, json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    snprintf(out, size, "%s", text == NULL ? "" : text);
}

static struct made made_of(json_t *answer)
{
    json_t *env = json_object_get(answer, "env");
    struct made made = { 0 };

    take(made.id, TEXT, answer, "id");
    take(made.secret_id, TEXT, env, "HEYMARKET_API_SECRET_ID");
    take(made.key, TEXT, env, "HEYMARKET_API_SECRET_KEY");
    take(made.second_id, TEXT, env, "HEYMARKET_SECOND_SECRET_ID");
    take(made.second_key, TEXT, env, "HEYMARKET_SECOND_SECRET_KEY");
    take(made.contact, TEXT, env, "HEYMARKET_CONTACT_ID");
    take(made.empty, TEXT, env, "HEYMARKET_EMPTY_CONTACT_ID");
    take(made.other, TEXT, env, "HEYMARKET_OTHER_TEAM_CONTACT_ID");
    take(made.url, sizeof made.url, env, "HEYMARKET_MOCK_CONTROL_URL");
    json_decref(answer);
    return made;
}

static struct made make(struct stage *stage, const char *body)
{
    int status = stage_call(stage, "POST", "/_mock/sandboxes", body);

    if (status != 201)
        fprintf(stderr, "%s\n", stage_body(stage));
    assert_int_equal(status, 201);
    return made_of(json_loads(stage_body(stage), 0, NULL));
}

static const char *path_of(const char *contact)
{
    static char path[CALL];

    snprintf(path, sizeof path, "/v2/contact/%s/channel", contact);
    return path;
}

/* Runs a request to add a channel, signed with these; NULL: without a token. */
static int send(struct stage *stage, const char *contact, const char *id, const char *key,
                const char *channel)
{
    char body[CALL];

    snprintf(body, sizeof body, "{\"channel_type\":\"email\",\"channel_id\":\"%s\"}", channel);
    stage_request(stage, "POST", path_of(contact), body);
    if (id != NULL) {
        stage_sign(stage, id, key, STAGE_NOW);
    } else {
        stage->x->request.authorization = private_text(NULL);
        stage->x->request.authorization_count = 0;
    }
    return stage_run(stage);
}

/* A call of the control plane of a sandbox. */
static int call(struct stage *stage, const struct made *made, const char *method, const char *rest,
                const char *body)
{
    char path[CALL];

    snprintf(path, sizeof path, "/_mock/sandboxes/%s/%s", made->id, rest);
    return stage_call(stage, method, path, body);
}

/* The sandbox; release it. */
static struct sandbox *find(struct stage *stage, enum sandbox_name kind, const char *text)
{
    struct sandbox *sandbox = NULL;

    assert_int_equal(sandboxes_find(&sandbox, stage->mock.sandboxes, kind, text, strlen(text)),
                     HM_OK);
    return sandbox;
}

static size_t kept(struct journal *journal)
{
    struct journal_view view;
    size_t count;

    assert_true(journal_view_take(&view, journal));
    count = view.count;
    journal_view_fini(&view);
    return count;
}

static size_t kept_in(struct stage *stage, const struct made *made)
{
    struct sandbox *sandbox = find(stage, SANDBOX_ID, made->id);
    size_t count = kept(sandbox->journal);

    sandbox_release(sandbox);
    return count;
}

static int alive(const struct stage *stage)
{
    return (int)sandboxes_count(stage->mock.sandboxes);
}

/* Whose contact and whose secret lead to which world. */
TEST(a_request_belongs_to_the_world_of_its_secret_or_contact)
{
    enum whose { NOBODY, MAIN, A, B };
    static const struct {
        enum whose secret, contact, world;
        int status;
    } rows[] = {
        { MAIN, MAIN, MAIN, 200 }, { A, A, A, 200 },
        { B, B, B, 200 },          { A, MAIN, A, 404 },
        { A, B, A, 404 },          { MAIN, A, MAIN, 404 },
        { NOBODY, A, A, 401 },     { NOBODY, MAIN, MAIN, 401 },
    };
    struct stage *stage = *state;
    const struct made made[] = { make(stage, "{}"), make(stage, "") };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct made *secret = rows[i].secret < A ? NULL : &made[rows[i].secret - A];
        const char *contact = rows[i].contact < A ? STAGE_ADA : made[rows[i].contact - A].contact;
        const size_t before[] = { 0, kept(stage->mock.main.journal), kept_in(stage, &made[0]),
                                  kept_in(stage, &made[1]) };

        assert_int_equal(send(stage, contact,
                              rows[i].secret == NOBODY ? NULL
                              : secret == NULL         ? "11111111-1111-4111-8111-111111111111"
                                                       : secret->secret_id,
                              secret == NULL ? "FakeKeyOfTeamOneFakeKeyOfTeamOne" : secret->key,
                              "a@b.example"),
                         rows[i].status);
        for (int world = MAIN; world <= B; world++) {
            const size_t now =
                world == MAIN ? kept(stage->mock.main.journal) : kept_in(stage, &made[world - A]);

            assert_int_equal(now - before[world], rows[i].world == (enum whose)world);
        }
    }
}

TEST(a_path_leads_to_a_sandbox_also_where_nothing_answers_it)
{
    static const struct {
        const char *method, *format;
        int status;
    } rows[] = {
        { "GET", "/v2/contacts/%s/channel", 404 },
        { "PATCH", "/v2/contact/%s/channel", 405 },
        { "GET", "/%s", 404 },
    };
    struct stage *stage = *state;
    const struct made made = make(stage, "{}");
    char path[CALL];

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(path, sizeof path, rows[i].format, made.empty);
        assert_int_equal(stage_call(stage, rows[i].method, path, NULL), rows[i].status);
        assert_int_equal(kept_in(stage, &made), i + 1);
    }
    assert_int_equal(kept(stage->mock.main.journal), 0);
}

TEST(a_secret_of_one_sandbox_does_not_open_another)
{
    struct stage *stage = *state;
    const struct made a = make(stage, "{}"), b = make(stage, "{}");

    assert_int_equal(send(stage, a.contact, a.secret_id, b.key, "a@b.example"), 401);
    assert_int_equal(send(stage, a.contact, a.secret_id, a.second_key, "a@b.example"), 401);
    assert_int_equal(send(stage, a.contact, a.second_id, a.second_key, "a@b.example"), 200);
    assert_int_equal(send(stage, a.other, a.secret_id, a.key, "a@b.example"), 403);
    assert_int_equal(send(stage, a.empty, a.secret_id, a.key, "a@b.example"), 200);
    assert_int_equal(kept_in(stage, &b), 0);
}

/* Changes one, and looks at it, at another and at the main world. */
TEST(what_is_changed_in_one_is_not_changed_elsewhere)
{
    static const struct {
        const char *method, *rest, *body, *shown, *says;
    } rows[] = {
        { "PUT", "clock", "{\"now\":1600000000}", "clock", "1600000000" },
        { "PUT", "policy", "{\"policy\":{\"success-status\":201}}", "policy",
          "\"success-status\":\"201\"" },
        { "PUT", "faults", "[{\"status\":507}]", "faults", "507" },
        { "POST", "expect", "{\"where\":{\"status\":404},\"times\":7}", "expect", "\"times\":7" },
    };
    struct stage *stage = *state;
    const struct made a = make(stage, "{}"), b = make(stage, "{}");
    char path[CALL];

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *paths[] = { a.url, b.url, "http://127.0.0.1:8580/_mock" };

        assert_int_equal(call(stage, &a, rows[i].method, rows[i].rest, rows[i].body), 200);
        for (size_t j = 0; j < 3; j++) {
            struct buf whole;

            snprintf(path, sizeof path, "%s/%s", paths[j] + strlen("http://127.0.0.1:8580"),
                     rows[i].shown);
            assert_int_equal(stage_call(stage, "GET", path, NULL), 200);
            buf_init(&whole, WHOLE_BYTES_MAX);
            for (size_t k = 0; k < ANSWER_PARTS; k++)
                buf_add(&whole, stage->x->answer.parts[k].at, stage->x->answer.parts[k].length);
            while (answer_go_on(&stage->x->answer)) {
                for (size_t k = 0; k < ANSWER_PARTS; k++)
                    buf_add(&whole, stage->x->answer.parts[k].at, stage->x->answer.parts[k].length);
            }
            if ((strstr(buf_text(&whole), rows[i].says) != NULL) != (j == 0))
                fail_msg("%s: %s", path, buf_text(&whole));
            buf_fini(&whole);
        }
    }
    assert_int_equal(call(stage, &a, "POST", "reset", "{}"), 200);
    assert_int_equal(send(stage, a.contact, a.secret_id, a.key, "a@b.example"), 200);
}

/* A reset of the main world and a reload of its files leave sandboxes alone. */
TEST(the_main_world_and_sandboxes_are_reset_apart)
{
    struct stage *stage = *state;
    const struct made made = make(stage, "{}");

    assert_int_equal(send(stage, made.empty, made.secret_id, made.key, "kept@b.example"), 200);
    assert_int_equal(stage_call(stage, "POST", "/_mock/reset", "{}"), 200);
    assert_int_equal(call(stage, &made, "GET", "contacts/empty", NULL), 200);
    assert_true(stage_says(stage, "kept@b.example") ||
                strstr(stage->x->answer.parts[1].at, "kept@b.example") != NULL);
    assert_int_equal(call(stage, &made, "POST", "reset", "{}"), 200);
    assert_int_equal(kept_in(stage, &made), 0);
}

TEST(counts_are_of_all_and_figures_of_one)
{
    struct stage *stage = *state;
    const struct made made = make(stage, "{}");
    struct figures_shown main, one;
    struct sandbox *sandbox;

    send(stage, made.contact, made.secret_id, made.key, "a@b.example");
    send(stage, made.contact, made.secret_id, "wrong", "a@b.example");
    stage_request(stage, "GET", STAGE_PATH(STAGE_ADA) "s", NULL);
    stage_run(stage);
    sandbox = find(stage, SANDBOX_ID, made.id);
    one = counts_figures(sandbox, &stage->mock);
    main = counts_figures(&stage->mock.main, &stage->mock);
    sandbox_release(sandbox);
    assert_int_equal(atomic_load(&stage->counts.requests), 3);
    assert_int_equal(one.requests, 2);
    assert_int_equal(one.accepted, 1);
    assert_int_equal(one.refused, 1);
    assert_int_equal(main.requests, 1);
    assert_int_equal(main.refused, 0);
}

TEST(each_has_its_own_rate_limit)
{
    struct stage *stage = *state;
    struct made a, b;

    assert_int_equal(limit_new(&stage->mock.main.slot.initial->limit, 3, 1, NULL), HM_OK);
    a = make(stage, "{}");
    b = make(stage, "{}");
    assert_int_equal(send(stage, a.contact, a.secret_id, a.key, "a@b.example"), 200);
    assert_int_equal(send(stage, a.contact, a.secret_id, a.key, "c@b.example"), 429);
    assert_int_equal(send(stage, b.contact, b.secret_id, b.key, "a@b.example"), 200);
}

#define WORLD(Secret, Contact)                                                                     \
    "{\"world\":{\"teams\":[{\"team_id\":5,\"name\":\"T\",\"secrets\":[{\"id\":\"" Secret          \
    "\",\"key\":\"OwnKeyOwnKeyOwnKey0001\"}],\"contacts\":[{\"uuid\":\"" Contact                   \
    "\",\"contact_id\":3}]}]}}"
#define OWN "abcdabcd-0000-4000-8000-00000000abcd"

TEST(a_sandbox_may_have_a_world_of_its_own)
{
    struct stage *stage = *state;
    const struct made made = make(stage, WORLD("any text", OWN));

    assert_string_equal(made.secret_id, "any text");
    assert_string_equal(made.contact, OWN);
    assert_int_equal(send(stage, OWN, "any text", "OwnKeyOwnKeyOwnKey0001", "a@b.example"), 200);
    assert_int_equal(send(stage, "ABCDABCD-0000-4000-8000-00000000ABCD", NULL, NULL, "a"), 401);
    assert_int_equal(kept_in(stage, &made), 2);
    assert_int_equal(call(stage, &made, "GET", "contacts/" OWN, NULL), 200);
    assert_null(strstr(stage_body(stage), "OwnKey"));
}

TEST(a_call_that_is_wrong_says_what)
{
    static const struct {
        const char *body;
        int status;
        const char *says;
    } rows[] = {
        { "{\"ttl_s\":0}", 400, "/ttl_s" },
        { "{\"ttl_s\":86401}", 400, "/ttl_s" },
        { "{\"ttl\":5}", 400, "ttl" },
        { "{\"world\":[]}", 400, "/world" },
        { "{\"world\":{}}", 400, "/teams" },
        { "{\"world\":{\"teams\":[{\"contacts_file\":\"/etc/passwd\"}]}}", 400, "contacts_file" },
        { "{\"world\":{\"teams\":[{\"secrets\":[{\"id\":\"a\",\"key\":{\"env\":\"HOME\"}}]}]}}",
          400, "/teams/0/secrets/0/key" },
        { "{\"world\":{\"teams\":[{\"legacy_key\":{\"env\":\"HOME\"}}]}}", 400, "legacy_key" },
        { WORLD("11111111-1111-4111-8111-111111111111", OWN), 409, "secret ID" },
        { WORLD("x", STAGE_ADA), 409, "contact UUID" },
        { WORLD("taken", "abcdabcd-0000-4000-8000-000000000001"), 409, "secret ID taken" },
        { WORLD("y", OWN), 409, "contact UUID " OWN },
    };
    struct stage *stage = *state;

    make(stage, WORLD("taken", OWN));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(stage_call(stage, "POST", "/_mock/sandboxes", rows[i].body),
                         rows[i].status);
        assert_non_null(strstr(stage_body(stage), rows[i].says));
        assert_null(strstr(stage_body(stage), "OwnKey"));
    }
    assert_int_equal(alive(stage), 1);
    stage_control(stage, "POST", "/_mock/sandboxes", "{}");
    stage->x->request.peer = "192.0.2.1";
    stage->mock.control.is_for_all_peers = true;
    assert_int_equal(stage_run(stage), 403);
}

TEST(one_that_has_ended_is_not_there)
{
    static const struct {
        const char *method, *rest;
    } rows[] = {
        { "GET", "" },  { "DELETE", "" },         { "GET", "/health" },      { "PUT", "/clock" },
        { "GET", "/" }, { "POST", "/sandboxes" }, { "GET", "/contacts/ada" }
    };
    struct stage *stage = *state;
    const struct made made = make(stage, "{}"), other = make(stage, "{}");
    char path[CALL];

    assert_int_equal(send(stage, made.contact, made.secret_id, made.key, "a@b.example"), 200);
    snprintf(path, sizeof path, "/_mock/sandboxes/%s", made.contact);
    assert_int_equal(stage_call(stage, "DELETE", path, "{}"), 404); /* not its id */
    snprintf(path, sizeof path, "/_mock/sandboxes/%s", made.id);
    assert_int_equal(stage_call(stage, "DELETE", path, "{}"), 200);
    assert_true(stage_says(stage, "\"requests\":1,\"unmet\":0}"));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(path, sizeof path, "/_mock/sandboxes/%s%s", made.id, rows[i].rest);
        assert_int_equal(stage_call(stage, rows[i].method, path, "{}"), 404);
        assert_true(stage_says(stage, "no sandbox has this id"));
    }
    assert_int_equal(send(stage, made.contact, made.secret_id, made.key, "a@b.example"), 401);
    assert_int_equal(kept(stage->mock.main.journal), 1);
    assert_int_equal(alive(stage), 1);
    assert_int_equal(call(stage, &other, "GET", "health", NULL), 200);
}

TEST(a_request_under_way_finishes_on_a_sandbox_that_ends)
{
    struct stage *stage = *state;
    const struct made made = make(stage, "{}");
    struct sandbox *sandbox = find(stage, SANDBOX_ANY, made.contact);
    struct sandbox_shown shown;
    size_t unmet;
    struct buf text;

    buf_init(&text, TEXT);
    assert_true(sandboxes_end(&shown, stage->mock.sandboxes, made.id, &text, &unmet));
    buf_fini(&text);
    assert_null(find(stage, SANDBOX_ID, made.id));
    assert_true(atomic_load(&sandbox->has_ended));
    assert_int_equal(kept(sandbox->journal), 0);
    sandbox_release(sandbox);
}

/* Waits for the sweeper, which no request has to wake. */
TEST(its_time_ends_it)
{
    struct stage *stage = *state;
    const struct made brief = make(stage, "{\"ttl_s\":1}"), other = make(stage, "{}");
    const int64_t until_ms = monotonic_ms() + 20000;
    const struct timespec tick = { 0, 10000000 };

    assert_int_equal(send(stage, brief.contact, brief.secret_id, brief.key, "a@b.example"), 200);
    exchange_release(stage->x);
    while (alive(stage) > 1 && monotonic_ms() < until_ms)
        nanosleep(&tick, NULL);
    assert_int_equal(alive(stage), 1);
    assert_null(find(stage, SANDBOX_ID, brief.id));
    assert_int_equal(call(stage, &other, "GET", "health", NULL), 200);
}

TEST(expectations_that_did_not_come_true_are_kept)
{
    struct stage *stage = *state;
    const struct made ended = make(stage, "{}"), living = make(stage, "{}");
    struct buf text;
    char path[CALL];
    bool were_used;

    buf_init(&text, 4096);
    assert_int_equal(sandboxes_unmet(&text, stage->mock.sandboxes, &were_used), 0);
    assert_false(were_used);
    call(stage, &ended, "POST", "expect", "{\"where\":{\"status\":404}}");
    call(stage, &living, "POST", "expect", "{\"where\":{\"status\":403}}");
    snprintf(path, sizeof path, "/_mock/sandboxes/%s", ended.id);
    assert_int_equal(stage_call(stage, "DELETE", path, "{}"), 200);
    assert_true(stage_says(stage, "\"unmet\":1,\"message\":\"sandbox "));
    assert_int_equal(sandboxes_unmet(&text, stage->mock.sandboxes, &were_used), 2);
    assert_true(were_used);
    assert_non_null(strstr(buf_text(&text), ended.id));
    assert_non_null(strstr(buf_text(&text), "{\"status\":403}"));
    buf_fini(&text);
}

/* A key that goes to the wrong world is masked there, whole and in other spellings. */
TEST(keys_are_masked_in_every_world)
{
    struct stage *stage = *state;
    const struct made a = make(stage, "{}"), b = make(stage, "{}");
    struct journal_view view;
    struct sandbox *sandbox;
    char id[CALL];

    snprintf(id, sizeof id, "%s@b.example", a.key);
    send(stage, STAGE_ADA, "11111111-1111-4111-8111-111111111111",
         "FakeKeyOfTeamOneFakeKeyOfTeamOne", id);
    send(stage, STAGE_ADA, "unknown", a.key, a.key);
    send(stage, b.contact, b.secret_id, b.key, id);
    stage_request(stage, "GET", path_of(a.key), NULL);
    stage_run(stage);
    assert_true(journal_view_take(&view, stage->mock.main.journal));
    assert_int_equal(view.count, 3);
    for (size_t i = 0; i < view.count; i++) {
        for (size_t j = 0; j < ENTRY_TEXTS; j++)
            assert_null(strstr(view.at[i]->text[j], a.key + 12));
    }
    journal_view_fini(&view);
    sandbox = find(stage, SANDBOX_ID, b.id);
    assert_true(journal_view_take(&view, sandbox->journal));
    sandbox_release(sandbox);
    assert_int_equal(view.count, 1);
    assert_null(strstr(view.at[0]->text[ENTRY_BODY], a.key + 12));
    assert_string_equal(view.at[0]->sandbox, b.id);
    journal_view_fini(&view);
}

enum { ACTORS = 8, ROUNDS = 12, REQUESTS = 5 };

struct actor {
    struct stage *stage;
    pthread_t thread;
    int faults, number;
};

/* Makes a sandbox, sends requests into it, finds exactly those, and ends it; again and again. */
static void *act(void *from)
{
    struct actor *actor = from;
    struct stage mine = { .mock = { .is_stopping = false } };
    struct mock *mock = &actor->stage->mock;
    char path[CALL];

    mine.x = stage_exchange_new(mock);
    for (int round = 0; round < ROUNDS; round++) {
        struct made made;
        struct sandbox *sandbox = NULL;

        stage_control(&mine, "POST", "/_mock/sandboxes", "{\"ttl_s\":60}");
        actor->faults += stage_run(&mine) != 201;
        made = made_of(json_loads(stage_body(&mine), 0, NULL));
        for (int i = 0; i <= actor->number % REQUESTS; i++) {
            char body[CALL];

            snprintf(path, sizeof path, "/v2/contact/%s/channel", made.empty);
            snprintf(body, sizeof body, "{\"channel_type\":\"email\",\"channel_id\":\"%d@b.io\"}",
                     i);
            stage_request(&mine, "POST", path, body);
            stage_sign(&mine, made.secret_id, made.key, STAGE_NOW);
            actor->faults += stage_run(&mine) != 200;
            dispatch_end(mine.x);
        }
        actor->faults += sandboxes_find(&sandbox, mock->sandboxes, SANDBOX_ID, made.id,
                                        strlen(made.id)) != HM_OK ||
                         sandbox == NULL ||
                         kept(sandbox->journal) != (size_t)(actor->number % REQUESTS) + 1;
        if (sandbox != NULL)
            sandbox_release(sandbox);
        snprintf(path, sizeof path, "/_mock/sandboxes/%s", made.id);
        stage_control(&mine, "DELETE", path, "{}");
        actor->faults += stage_run(&mine) != 200;
    }
    stage_exchange_free(mine.x);
    return NULL;
}

/* Searches with the gate of one world. */
struct searcher {
    pthread_t thread;
    struct recovery_gate *gate;
    const struct secret *secret;
    atomic_int *running, *most;
};

static void *search(void *from)
{
    struct searcher *searcher = from;
    unsigned char token[SHA256_BYTES] = { 0 };
    struct recovery recovery;

    for (int i = 0; i < 50; i++) {
        memcpy(token, &i, sizeof i);
        if (recovery_gate_enter(searcher->gate, searcher->secret, token, &recovery))
            continue;
        int now = atomic_fetch_add(searcher->running, 1) + 1, most = atomic_load(searcher->most);

        while (now > most && !atomic_compare_exchange_weak(searcher->most, &most, now))
            continue;
        for (int pause = 0; pause < 20; pause++)
            sched_yield();
        atomic_fetch_sub(searcher->running, 1);
        recovery_gate_leave(searcher->gate, searcher->secret, token, NULL);
    }
    return NULL;
}

TEST(wrong_tokens_of_all_worlds_together_are_searched_by_few)
{
    enum { WORLDS = 8 };
    struct stage *stage = *state;
    struct searcher searchers[WORLDS];
    struct state *states[WORLDS];
    atomic_int running = 0, most = 0;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    for (int i = 0; i < WORLDS; i++) {
        struct sandbox_record record;
        const struct hm_secrets *secrets;

        assert_int_equal(sandbox_record_draw(&record, NULL), HM_OK);
        assert_int_equal(sandbox_world_load(&states[i], &record, &stage->mock.main.slot, NULL),
                         HM_OK);
        sandbox_record_fini(&record);
        secrets = store_secrets(states[i]->store);
        searchers[i] = (struct searcher){
            .gate = secrets->gate, .secret = secrets->at[0], .running = &running, .most = &most
        };
    }
    for (int i = 0; i < WORLDS; i++)
        assert_int_equal(pthread_create(&searchers[i].thread, NULL, search, &searchers[i]), 0);
    for (int i = 0; i < WORLDS; i++)
        pthread_join(searchers[i].thread, NULL);
    assert_in_range(most, 1, cores > 2 ? cores - 1 : 1);
    for (int i = 0; i < WORLDS; i++)
        state_release(states[i]);
}

TEST(threads_each_find_exactly_their_own_requests)
{
    struct stage *stage = *state;
    struct actor actors[ACTORS];
    int faults = 0;

    make(stage, "{}");
    exchange_release(stage->x);
    for (int i = 0; i < ACTORS; i++) {
        actors[i] = (struct actor){ .stage = stage, .number = i };
        assert_int_equal(pthread_create(&actors[i].thread, NULL, act, &actors[i]), 0);
    }
    for (int i = 0; i < ACTORS; i++) {
        pthread_join(actors[i].thread, NULL);
        faults += actors[i].faults;
    }
    assert_int_equal(faults, 0);
    assert_int_equal(alive(stage), 1);
    assert_int_equal(kept(stage->mock.main.journal), 0);
}

/* The list goes on in the right place when sandboxes come and go while it is read. */
TEST(the_list_has_each_one_once)
{
    struct stage *stage = *state;
    struct sandbox_shown shown = { 0 }, ended;
    struct made made[4];
    struct buf text;
    size_t unmet;

    buf_init(&text, TEXT);
    for (size_t i = 0; i < 4; i++)
        made[i] = make(stage, "{}");
    for (size_t i = 0; i < 4; i++) {
        assert_true(sandboxes_next(&shown, stage->mock.sandboxes));
        assert_string_equal(shown.id, made[i].id);
        if (i > 0)
            assert_true(sandboxes_end(&ended, stage->mock.sandboxes, made[i].id, &text, &unmet));
    }
    assert_false(sandboxes_next(&shown, stage->mock.sandboxes));
    buf_fini(&text);
}

/* Counted where the C library can do so, and no sanitizer replaces it. */
static size_t allocated(void)
{
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33) && !defined(__SANITIZE_ADDRESS__) &&               \
    !defined(__SANITIZE_THREAD__)
    return mallinfo2().uordblks;
#else
    return 0;
#endif
}

TEST(one_that_is_found_twice_is_there_once)
{
    static const char id[] = "1d000000-0000-4000-8000-000000000000";
    struct stage *stage = *state;

    for (int i = 0; i < 2; i++) {
        struct sandbox_record record = { .created_s = time(NULL), .ttl_s = KEPT };
        struct state *world;

        memcpy(record.id, id, sizeof id);
        assert_int_equal(sandbox_world_load(&world, &record, &stage->mock.main.slot, NULL), HM_OK);
        assert_int_equal(sandboxes_add(stage->mock.sandboxes, &record, world->store, NULL), HM_OK);
        state_release(world);
    }
    assert_int_equal(alive(stage), 1);
}

TEST(ten_thousand_unused_ones_cost_little_and_no_more_are_made)
{
    struct stage *stage = *state;
    const struct made first = make(stage, "{}");
    const size_t before = allocated();
    struct sandbox_record record;
    struct state *world;

    assert_int_equal(sandbox_record_draw(&record, NULL), HM_OK);
    assert_int_equal(sandbox_world_load(&world, &record, &stage->mock.main.slot, NULL), HM_OK);
    for (int i = 1; i < SANDBOXES_MAX; i++) {
        assert_int_equal(sandbox_record_draw(&record, NULL), HM_OK);
        record.created_s = time(NULL);
        assert_int_equal(sandboxes_add(stage->mock.sandboxes, &record, world->store, NULL), HM_OK);
    }
    assert_in_range(allocated() - before, 0, (size_t)SANDBOXES_MAX * 2048);
    assert_int_equal(alive(stage), SANDBOXES_MAX);
    assert_int_equal(stage_call(stage, "POST", "/_mock/sandboxes", "{}"), 409);
    assert_true(stage_says(stage, "there are 10000 sandboxes already"));
    assert_int_equal(call(stage, &first, "GET", "health", NULL), 200);
    state_release(world);
}
