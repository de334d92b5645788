/* No secret that is anywhere in a request is in the journal, the log or an answer. */
#include "contract/base64url.h"
#include "journal/journal.h"
#include "journal/log.h"
#include "tests/stage.h"
#include "tests/unit.h"

#define ID     "11111111-1111-4111-8111-111111111111"
#define KEY    "FakeKeyOfTeamOneFakeKeyOfTeamOne"
#define LEGACY "FakeLegacyKeyOfTeamOne0000000001"
#define EMAIL  "{\"channel_type\":\"email\",\"channel_id\":\"j@example.com\"}"

enum { TEXT_BYTES_MAX = 1024 * 1024 };

/* Everything that can be read of what the stage saw, in one text. */
static void all_that_is_shown(struct stage *stage, struct buf *shown)
{
    buf_clear(shown);
    log_text(shown, stage->x, 1);
    log_json(shown, stage->x, 1);
    if (stage->x->answer.status >= 300) /* else it is the contact's channels, as they were sent */
        buf_puts(shown, stage_head(stage));
    stage_call(stage, "GET", "/_mock/journal", NULL);
    buf_puts(shown, stage_body(stage));
    stage_call(
        stage, "POST", "/_mock/verify",
        "{\"where\":{\"contact\":\"ada\",\"channel_id\":\"x\",\"path\":\"y\",\"method\":\"z\","
        "\"body\":{\"m\":1}}}");
    buf_puts(shown, stage_body(stage));
    assert_true(buf_ok(shown));
}

static void assert_hides(const struct buf *shown, const char *secret)
{
    char start[17];

    snprintf(start, sizeof start, "%.16s", secret);
    assert_null(strstr(buf_text(shown), start));
}

/* Puts @secret into each place of a request in turn; nothing may begin like @hidden. */
static void try_everywhere(struct stage *stage, struct buf *shown, const char *secret,
                           const char *hidden)
{
    static const char *const forms[] = {
        "{\"channel_type\":\"%s\",\"channel_id\":\"v\"}",
        "{\"channel_type\":\"email\",\"channel_id\":\"before %s after\"}",
        "{\"channel_type\":\"phone\",\"channel_id\":\"%s\"}",
        "{\"channel_type\":\"email\",\"channel_id\":\"v\",\"%s\":1,\"x%s\":2}",
        "{\"channel_type\":\"email\",\"channel_id\":\"v\",\"m\":[{\"n\":[\"%s\"]}]}",
        "[\"%s\"]",
        "\"%s\"",
        "%s",
        "{\"a\":\"%s",
    };
    char *text = malloc(4096);

    for (size_t i = 0; i < sizeof forms / sizeof forms[0] + 5; i++) {
        size_t form = i < sizeof forms / sizeof forms[0] ? i : 0;

        snprintf(text, 4096, forms[form], secret, secret);
        stage_request(stage, "POST", STAGE_PATH(STAGE_ADA), text);
        if (i == sizeof forms / sizeof forms[0]) {
            stage->x->request.method = private_text(secret);
        } else if (i == sizeof forms / sizeof forms[0] + 1) {
            snprintf(text, 4096, "/v2/contact/%s/channel", secret);
            stage->x->request.path = private_text(text);
        } else if (i == sizeof forms / sizeof forms[0] + 2) {
            snprintf(text, 4096, "key=%s", secret);
            stage->x->request.query = private_text(text);
        } else if (i == sizeof forms / sizeof forms[0] + 3) {
            stage->x->request.content_type = private_text(secret);
        } else if (i == sizeof forms / sizeof forms[0] + 4) {
            snprintf(text, 4096, "Bearer %s", secret);
            stage->x->request.authorization = private_text(text);
            stage->x->request.authorization_length = strlen(text);
        }
        dispatch_run(stage->x);
        all_that_is_shown(stage, shown);
        assert_hides(shown, hidden);
        journal_clear(stage->mock.main.journal);
    }
    free(text);
}

JOURNAL_TEST(no_secret_is_shown_wherever_it_was_put)
{
    struct stage *stage = *state;
    char token[1024];
    struct buf shown;

    buf_init(&shown, TEXT_BYTES_MAX);
    try_everywhere(stage, &shown, KEY, KEY);
    try_everywhere(stage, &shown, LEGACY, LEGACY);
    stage_request(stage, "POST", STAGE_PATH(STAGE_ADA), EMAIL);
    snprintf(token, sizeof token, "%s", stage->authorization + strlen("Bearer "));
    try_everywhere(stage, &shown, strrchr(token, '.') + 1, strrchr(token, '.') + 1);
    try_everywhere(stage, &shown, token, strrchr(token, '.') + 1);
    buf_fini(&shown);
}

/* A key in hex, and in base64, alone and after its ID. */
JOURNAL_TEST(no_encoded_secret_is_shown)
{
    static const char both[] = ID "||" KEY;
    struct stage *stage = *state;
    char text[256];
    struct buf shown;

    buf_init(&shown, TEXT_BYTES_MAX);
    for (size_t i = 0; i < sizeof KEY - 1; i++)
        snprintf(text + 2 * i, 3, "%02x", (unsigned char)KEY[i]);
    try_everywhere(stage, &shown, text, text);
    base64url_encode(text, KEY, sizeof KEY - 1);
    try_everywhere(stage, &shown, text, text);
    base64url_encode(text, both, sizeof both - 1);
    try_everywhere(stage, &shown, text, text + (sizeof ID "||" - 1) * 4 / 3 + 1);
    buf_fini(&shown);
}

/* iss, the names and values of other claims, and of the header. */
JOURNAL_TEST(no_secret_of_a_token_is_shown)
{
    static const char *const ids[] = { KEY, LEGACY, ID "||" KEY };
    struct stage *stage = *state;
    struct buf shown;

    buf_init(&shown, TEXT_BYTES_MAX);
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        stage_request(stage, "POST", STAGE_PATH(STAGE_ADA), EMAIL);
        stage_sign(stage, ids[i], KEY, STAGE_NOW);
        dispatch_run(stage->x);
        all_that_is_shown(stage, &shown);
        assert_hides(&shown, KEY);
        assert_hides(&shown, LEGACY);
        assert_hides(&shown, strrchr(stage->authorization, '.') + 1);
    }
    buf_fini(&shown);
}
