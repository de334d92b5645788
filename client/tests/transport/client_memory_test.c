/* Each allocation of one call of every operation fails once: the first, then the second, until all
 * succeed. Each time there is an error that does not deny a write that may have happened, and
 * nothing leaks (AddressSanitizer checks). The libraries' own allocations do not fail here: the
 * parser of jansson 2.14 does not survive that in an object of nine members. */
#include <heymarket/channel.h>
#include <heymarket/inbox.h>

#include "contract/channel_rules.h"
#include "tests/failing_memory.h"
#include "tests/test_server.h"
#include "tests/unit.h"
#include <jansson.h>

enum { TIMEOUT_MS = 5000, ALLOCATIONS_MAX = 1000 };

#define CONTACT "0e5c2f70-5c5b-4d57-9c3b-1b6c2e1d9a10"
#define CHANNEL                                                                                    \
    "{\"id\":7,\"team_id\":2,\"contact_id\":3,\"channel_type\":\"phone\","                         \
    "\"channel_id\":\"14155551234\",\"info_channel\":\"\",\"channel_handle\":\"\","                \
    "\"created\":\"2024-04-16T00:00:00Z\",\"updated\":\"2024-04-16T00:00:00Z\"}"

typedef enum hm_code call_fn(struct hm_channel_list *list, struct hm_inbox_list *inboxes,
                             struct hm_client *client, struct hm_error *err);

static enum hm_code create(struct hm_channel_list *list, struct hm_inbox_list *inboxes,
                           struct hm_client *client, struct hm_error *err)
{
    (void)inboxes;
    return hm_channel_create(list, client, CONTACT, "phone", "14155551234", err);
}

static enum hm_code get(struct hm_channel_list *list, struct hm_inbox_list *inboxes,
                        struct hm_client *client, struct hm_error *err)
{
    (void)inboxes;
    return hm_channel_get(list, client, CONTACT, "phone", err);
}

static enum hm_code delete (struct hm_channel_list *list, struct hm_inbox_list *inboxes,
                            struct hm_client *client, struct hm_error *err) {
    (void)inboxes; return hm_channel_delete(list, client, CONTACT, "phone", err);
}

static enum hm_code inbox(struct hm_channel_list *list, struct hm_inbox_list *inboxes,
                          struct hm_client *client, struct hm_error *err)
{
    (void)list;
    return hm_inbox_list(inboxes, client, err);
}

static enum hm_code call_once(const char *url, call_fn *call, struct hm_error *err)
{
    struct hm_client_options options = { .base_url = url,
                                         .secret_id = "74f80a77-9b3f-44ac-b3ad-ab68cfb548fa",
                                         .secret_key = "cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK",
                                         .timeout_ms = TIMEOUT_MS };
    struct hm_client *client = NULL;
    struct hm_channel_list list = { .count = 0 };
    struct hm_inbox_list inboxes = { .count = 0 };
    enum hm_code code = hm_client_new(&client, &options, err);

    if (code == HM_OK)
        code = call(&list, &inboxes, client, err);
    hm_channel_list_fini(&list);
    hm_inbox_list_fini(&inboxes);
    hm_client_free(client);
    return code;
}

/* After a failed allocation either nothing was sent, or the error does not deny that it was. */
static bool is_truthful(enum hm_code code, const struct hm_error *err, size_t sent, bool is_safe)
{
    if (is_safe)
        return code == HM_OK || (err->code == code && err->written == HM_WRITTEN_NO);
    switch (code) {
    case HM_NO_MEMORY:
    case HM_INTERNAL:
        return sent == 0 || err->written == HM_WRITTEN_YES;
    case HM_OUTCOME_UNKNOWN:
        return sent == 1 && err->written == HM_WRITTEN_UNKNOWN;
    case HM_BAD_ANSWER:
        return sent == 1 && err->written == HM_WRITTEN_YES;
    default:
        return code == HM_OK;
    }
}

static void assert_truthful(call_fn *call, const char *answer, bool is_safe)
{
    const struct test_turn turn = { .status = 200,
                                    .headers = "Content-Type: application/json\r\n"
                                               "X-Request-Id: id\r\n",
                                    .body = answer };
    struct test_server *server = test_server_start(&turn, 1);
    enum hm_code code = HM_NO_MEMORY;
    int untruthful = -1, n = 0;
    bool has_failed = true;

    for (; n < ALLOCATIONS_MAX && has_failed && untruthful < 0; n++) {
        struct hm_error err = { .code = HM_OK };
        size_t before = test_server_requests(server);

        allocations_left = n;
        code = call_once(test_server_url(server), call, &err);
        has_failed = allocations_left < 0;
        allocations_left = -1;
        /* HM_OK: what failed was not needed, such as words for a complaint. */
        if (!is_truthful(code, &err, test_server_requests(server) - before, is_safe))
            untruthful = n;
    }
    test_server_stop(server);
    assert_int_equal(untruthful, -1);
    assert_int_equal(code, HM_OK);
    assert_in_range(n, 20, ALLOCATIONS_MAX - 1);
}

TEST(a_failed_allocation_is_a_truthful_error)
{
    static const char inboxes[] = "[{\"id\":1,\"name\":\"x\",\"team\":2,\"members\":[3],"
                                  "\"phones\":[\"14155550100\"]}]";

    assert_truthful(create, "[" CHANNEL "]", false);
    assert_truthful(get, CHANNEL, true);
    assert_truthful(delete, "[" CHANNEL "]", false);
    assert_truthful(inbox, inboxes, true);
}

/* A finding may lose words for lack of memory, but not itself. */
TEST(a_failed_allocation_hides_no_finding)
{
    static const char text[] = "{\"channelType\":\"phone\",\"channel_id\":7,\"more\":1}";
    static const struct channel_policy policy = CHANNEL_POLICY_DEFAULT;
    json_t *body = json_loads(text, 0, NULL);
    size_t least = 3;

    for (int n = 0; n < 20; n++) {
        struct hm_findings findings = { .count = 0 };
        struct channel_values values;

        allocations_left = n;
        channel_body_check(&values, body, &policy, &findings);
        allocations_left = -1;
        least = findings.count < least ? findings.count : least;
    }
    json_decref(body);
    assert_int_equal(least, 3);
}
