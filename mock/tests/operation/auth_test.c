/* One engine, one verdict: the library, the mock's doctor and a real request judge every vector of
 * fixtures/tokens and every Authorization header of the cases [J1] alike. */
#include "http/dispatch.h"
#include "store/state_sync.h"
#include "store/store.h"
#include "store/world.h"
#include "support/fixture.h"
#include "tests/stage.h"
#include "tests/unit.h"

#define BODY "{\"channel_type\":\"email\",\"channel_id\":\"one@example.com\"}"

enum { VALUE_BYTES_MAX = 16 * 1024, CODES_TEXT = 1024 };

static const struct fixtures source = { HM_SOURCE "/fixtures" };

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* The mock gets a world with these secrets: two to a team, as a team has at most [J10]. */
static void use_secrets(struct stage *stage, const json_t *secrets)
{
    json_t *teams = json_array(), *world;
    struct json_file file = { 0 };
    struct state *loaded = state_new();
    char *text;
    size_t i;
    const json_t *entry;

    assert_non_null(loaded);
    json_array_foreach (secrets, i, entry) {
        if (i % 2 == 0)
            json_array_append_new(teams, json_pack("{s:i, s:s+, s:[]}", "team_id", (int)i + 1,
                                                   "name", "Team ", i == 0 ? "A" : "B", "secrets"));
        json_array_append_new(json_object_get(json_array_get(teams, i / 2), "secrets"),
                              json_deep_copy(entry));
    }
    world = json_pack("{s:o}", "teams", teams);
    text = json_dumps(world, 0);
    assert_non_null(text);
    assert_int_equal(json_file_parse(&file, "world", text, strlen(text), NULL), HM_OK);
    loaded->clock = (struct clock){ .kind = CLOCK_IS_FROZEN, .seconds = STAGE_NOW };
    assert_int_equal(world_read(&loaded->store, &file, NULL), HM_OK);
    assert_int_equal(state_reload(&stage->mock.main.slot, loaded, NULL), HM_OK);
    json_file_fini(&file);
    json_decref(world);
    free(text);
}

static void add_code(char codes[CODES_TEXT], const char *clause, const char *code,
                     const char *severity)
{
    size_t length = strlen(codes);

    if (clause[0] == 'J' && strcmp(clause, "J11") != 0)
        snprintf(codes + length, CODES_TEXT - length, "%s %s %s; ", clause, code, severity);
}

static void codes_of(char codes[CODES_TEXT], const struct hm_findings *findings)
{
    codes[0] = '\0';
    for (size_t i = 0; i < findings->count; i++) {
        const struct hm_mistake_row *row = hm_mistake_row(findings->at[i].mistake);

        add_code(codes, row->clause, row->code,
                 findings->at[i].severity == HM_REFUSES ? "refused" : "warned");
    }
}

static void codes_of_doctor(char codes[CODES_TEXT], struct stage *stage, const char *value,
                            bool *is_good)
{
    json_t *body = json_pack("{s:s?}", "authorization", value);
    char *text = json_dumps(body, 0);
    json_t *verdict, *findings;
    size_t i;
    const json_t *finding;

    assert_non_null(text);
    assert_int_equal(stage_call(stage, "POST", "/_mock/doctor", text), 200);
    verdict = json_loads(stage_body(stage), 0, NULL);
    assert_non_null(verdict);
    *is_good = strcmp(text_of(verdict, "verdict"), "good") == 0;
    codes[0] = '\0';
    findings = json_object_get(verdict, "findings");
    json_array_foreach (findings, i, finding) {
        add_code(codes, text_of(finding, "clause"), text_of(finding, "code"),
                 text_of(finding, "severity"));
    }
    json_decref(verdict);
    json_decref(body);
    free(text);
}

static int codes_of_request(char codes[CODES_TEXT], struct stage *stage, const char *value)
{
    struct request *request = &stage->x->request;

    stage_request(stage, "POST", STAGE_PATH(STAGE_ADA), BODY);
    request->authorization = private_text(value);
    request->authorization_length = value != NULL ? strlen(value) : 0;
    request->authorization_count = value != NULL;
    stage_run(stage);
    codes_of(codes, &stage->x->findings);
    return stage->x->answer.status;
}

static void set_clock(struct stage *stage, int64_t now)
{
    char body[64];

    snprintf(body, sizeof body, "{\"now\":%lld}", (long long)now);
    assert_int_equal(stage_call(stage, "PUT", "/_mock/clock", body), 200);
}

/* Returns 1 if the three differ. */
static int compare(struct stage *stage, const char *name, const char *value, int64_t now)
{
    char library[CODES_TEXT], doctor[CODES_TEXT], request[CODES_TEXT];
    struct state *state = state_take(&stage->mock.main.slot);
    struct hm_verdict verdict;
    bool is_good;
    int status;
    enum hm_code code = hm_authorization_verify(&verdict, value, value != NULL ? strlen(value) : 0,
                                                store_secrets(state->store), NULL, now, NULL);

    assert_true(code == HM_OK || code == HM_TOKEN_REFUSED);
    codes_of(library, &verdict.findings);
    state_release(state);
    codes_of_doctor(doctor, stage, value, &is_good);
    status = codes_of_request(request, stage, value);
    if (strcmp(library, doctor) == 0 && strcmp(library, request) == 0 &&
        verdict.is_good == is_good && verdict.is_good == (status != 401))
        return 0;
    print_error("%s:\n  library %s\n  doctor  %s\n  request %d %s\n", name, library, doctor, status,
                request);
    return 1;
}

STAGE_TEST(every_vector_has_one_verdict)
{
    static const char *const names[] = { "tokens/published.json", "tokens/mistakes.json",
                                         "tokens/shapes.json" };
    static char value[VALUE_BYTES_MAX];
    struct stage *stage = *state;
    int differences = 0, count = 0;

    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
        struct json_file file = { 0 };
        size_t i;
        const json_t *vector;

        assert_int_equal(fixture_load(&file, &source, names[n], NULL), HM_OK);
        use_secrets(stage, json_object_get(file.root, "secrets"));
        json_array_foreach (json_object_get(file.root, "vectors"), i, vector) {
            const char *token = text_of(vector, "token");
            int64_t now = json_integer_value(json_object_get(vector, "now"));

            snprintf(value, sizeof value, "%s%s", token != NULL ? "Bearer " : "",
                     token != NULL ? token : text_of(vector, "authorization"));
            set_clock(stage, now);
            differences += compare(stage, text_of(vector, "name"), value, now);
            count++;
        }
        json_file_fini(&file);
    }
    assert_int_equal(differences, 0);
    assert_true(count > 1000);
}

/* The text with the token in place of every {token}. */
static const char *filled(char value[VALUE_BYTES_MAX], const char *form, const char *token)
{
    size_t length = 0;

    for (const char *at = form; *at != '\0' && length + strlen(token) < VALUE_BYTES_MAX - 1;) {
        bool is_token = strncmp(at, "{token}", 7) == 0;

        length += (size_t)snprintf(value + length, VALUE_BYTES_MAX - length, "%.*s",
                                   is_token ? (int)strlen(token) : 1, is_token ? token : at);
        at += is_token ? 7 : 1;
    }
    value[length] = '\0';
    return value;
}

STAGE_TEST(every_form_of_the_header_has_one_verdict)
{
    static const char key[] = "FakeKeyOfTeamOneFakeKeyOfTeamOne";
    static char value[VALUE_BYTES_MAX];
    struct stage *stage = *state;
    struct json_file file = { 0 };
    char *token;
    int differences = 0, count = 0;
    size_t i;
    const json_t *entry;

    assert_int_equal(fixture_load(&file, &source, "cases/token/J1-authorization.json", NULL),
                     HM_OK);
    assert_int_equal(
        hm_token_sign(&token, "11111111-1111-4111-8111-111111111111", key, STAGE_NOW, NULL), HM_OK);
    json_array_foreach (json_object_get(file.root, "cases"), i, entry) {
        const json_t *form = json_object_get(json_object_get(entry, "token"), "authorization");

        if (!json_is_string(form) && !json_is_null(form))
            continue; /* steps, or two headers */
        differences += compare(
            stage, text_of(entry, "id"),
            json_is_null(form) ? NULL : filled(value, json_string_value(form), token), STAGE_NOW);
        count++;
    }
    free(token);
    json_file_fini(&file);
    assert_int_equal(differences, 0);
    assert_true(count > 20);
}
