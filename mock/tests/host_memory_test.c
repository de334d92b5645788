/* As memory_test.c, but for the start, SIGHUP and the reports of `run`. Each allocation fails once:
 * the result is HM_NO_MEMORY, no file is left, and nothing leaks (AddressSanitizer checks). */
#include "host.h"
#include "journal/journal.h"
#include "load.h"
#include "run/run_report.h"
#include "tests/failing_memory.h"
#include "tests/stage.h"
#include "tests/temporary.h"
#include "tests/unit.h"
#include "tls/trust_store.h"
#include <unistd.h>

enum { ALLOCATIONS_MAX = 5000, PATH_BYTES = TEMPORARY_PATH + 16, JOURNAL_KEPT = 8 };

static char work[TEMPORARY_PATH];
static char world_path[PATH_BYTES], contacts_path[PATH_BYTES], profile_path[PATH_BYTES];
static char pem_path[PATH_BYTES], jks_path[PATH_BYTES];
static char json_path[PATH_BYTES], xml_path[PATH_BYTES], html_path[PATH_BYTES];
static struct stage *stage;

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0)
        abort();
}

static void name(char path[PATH_BYTES], const char *file)
{
    snprintf(path, PATH_BYTES, "%s/%s", work, file);
}

static int prepare(void **state)
{
    if (!temporary_folder(work) || stage_setup(state) != 0)
        return -1;
    stage = *state;
    stage->mock.main.journal = journal_new(JOURNAL_KEPT);
    stage_request(stage, "POST", STAGE_PATH(STAGE_ADA), "{\"channel_type\":\"fax\"}");
    (void)stage_run(stage);
    name(world_path, "world.json");
    name(contacts_path, "more.ndjson");
    name(profile_path, "profile.json");
    name(pem_path, "ca.pem");
    name(jks_path, "ca.jks");
    name(json_path, "report.json");
    name(xml_path, "report.xml");
    name(html_path, "report.html");
    write_text(
        world_path,
        "{\"teams\":[{\"team_id\":1,\"name\":\"One\",\"secrets\":[{\"id\":\"a\",\"key\":\"b\"}],"
        "\"legacy_key\":\"c\",\"contacts_file\":\"more.ndjson\"}],"
        "\"faults\":[{\"contact\":\"ada\",\"status\":500}]}");
    write_text(contacts_path,
               "{\"name\":\"ada\",\"uuid\":\"" STAGE_ADA "\",\"contact_id\":7,\"channels\":[{"
               "\"id\":40,\"team_id\":1,\"contact_id\":7,\"channel_type\":\"phone\","
               "\"channel_id\":\"14155550100\",\"info_channel\":\"\",\"channel_handle\":\"\","
               "\"created\":\"2024-03-01T09:30:00Z\",\"updated\":\"2024-03-01T09:30:00Z\"}]}\n"
               "{\"uuid\":\"" STAGE_BOB "\",\"contact_id\":8}\n");
    write_text(profile_path, "{\"v\":1,\"policy\":{\"typ\":\"reject\",\"future-iat\":\"0\"}}");
    return 0;
}

static int clean(void **state)
{
    const char *const paths[] = { world_path, contacts_path, profile_path, pem_path,
                                  jks_path,   json_path,     xml_path,     html_path };

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        unlink(paths[i]);
    stage_teardown(state);
    return rmdir(work); /* nothing else was left in it */
}

/* All that the options of a start name. */
static enum hm_code load(struct hm_error *err)
{
    static const char *profiles[] = { profile_path };
    static const char *settings[] = { "success-status=201" };
    static const char *rules[] = { "contact=ada,status=429", "abort=reset,nth=2" };
    const struct serve_options options = {
        .world = world_path,
        .profiles = { 1, profiles },
        .settings = { 1, settings },
        .faults = { 2, rules },
        .clock = "@1713225600",
        .rate_limit = 500,
    };
    struct state *loaded = NULL;
    enum hm_code code = state_load(&loaded, &options, err);

    state_release(loaded);
    return code;
}

static enum hm_code make_chain(struct hm_error *err)
{
    struct trust_chain *chain = NULL;
    enum hm_code code = trust_chain_begin(&chain, err);

    if (code == HM_OK)
        code = trust_chain_end(chain, err);
    if (code == HM_OK)
        code = trust_root_write(chain, pem_path, err);
    trust_chain_free(chain);
    return code;
}

static enum hm_code report(struct hm_error *err)
{
    static const char *paths[] = { json_path, xml_path, html_path };
    static char program[] = "npm", argument[] = "test";
    static char *const command[] = { program, argument, NULL };
    const struct run_options options = { .reports = { 3, paths }, .expect = 1 };
    struct outcome outcome = {
        .options = &options, .command = command, .mock = &stage->mock, .has_started = true
    };

    outcome_judge(&outcome);
    return reports_write(&outcome, err);
}

/* The whole program but for its waiting: listeners, HTTPS among them, and their threads. What
 * civetweb has no memory for it explains in its own words: any will do. */
static enum hm_code serve(struct hm_error *err)
{
    static const char *listen[] = { "127.0.0.1:0" };
    const struct serve_options options = {
        .world = world_path,
        .listen = { 1, listen },
        .tls_listen = { 1, listen },
        .clock = "@1713225600",
        .log = LOG_NONE,
        .journal = JOURNAL_KEPT,
        .threads = 4,
    };
    static struct host host;
    enum hm_code code = host_start(&host, &options, "127.0.0.1:0", err);

    host_stop(&host);
    if (code != HM_OK && err->text[0] != '\0')
        code = hm_error_set(err, HM_NO_MEMORY, "out of memory");
    return code;
}

TEST(a_start_survives_each_failed_allocation)
{
    assert_in_range(allocations_survived(serve), 50, 1000);
}

TEST(loading_survives_each_failed_allocation)
{
    assert_in_range(allocations_survived(load), 30, ALLOCATIONS_MAX);
}

TEST(a_chain_survives_each_failed_allocation)
{
    assert_in_range(allocations_survived(make_chain), 4, ALLOCATIONS_MAX);
}

TEST(reports_survive_each_failed_allocation)
{
    assert_in_range(allocations_survived(report), 10, ALLOCATIONS_MAX);
}

ALL_TESTS_WITHIN(prepare, clean)
