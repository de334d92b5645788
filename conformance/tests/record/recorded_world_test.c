/* From answers to a world: what was there before the application wrote, and nothing else. */
#include "record/recorded_world.h"
#include "tests/unit.h"

#define CONTACT "ada0ada0-1815-4000-8000-00000000ada0"
#define CHANNEL(id, value)                                                                         \
    "{\"id\":" id                                                                                  \
    ",\"team_id\":5,\"contact_id\":7,\"channel_type\":\"email\",\"channel_id\":\"" value           \
    "\",\"created\":\"2024-04-16T00:00:00Z\",\"updated\":\"2024-04-16T00:00:00Z\"}"

/* One call from its begin to its end. */
static void play(struct recorded_contacts *contacts, const char *method, const char *path,
                 const char *sent, int status, const char *answer)
{
    struct recorded *x = calloc(1, sizeof *x);

    assert_non_null(x);
    x->method = method;
    x->target = (struct span){ path, strlen(path) };
    buf_init(&x->trip.message.body, 4096);
    buf_puts(&x->trip.message.body, sent);
    recorded_read(x);
    recorded_contacts_begin(contacts, x);
    x->trip.was_tried = true;
    x->trip.answer.outcome = HTTP_ANSWERED;
    x->trip.answer.status = status;
    x->trip.body = json_loads(answer, JSON_DECODE_ANY, NULL);
    recorded_contacts_end(contacts, x);
    recorded_fini(x);
    free(x);
}

static json_t *world_of(struct recorded_contacts *contacts, struct recorded_world *world)
{
    struct stand_ins stand_ins = { 0 };
    struct hm_error err;

    assert_int_equal(recorded_world_make(world, contacts, &stand_ins, NULL, &err), HM_OK);
    stand_ins_fini(&stand_ins);
    return json_object_get(json_array_get(json_object_get(world->json, "teams"), 0), "contacts");
}

static size_t channels_of(json_t *list, size_t contact)
{
    return json_array_size(json_object_get(json_array_get(list, contact), "channels"));
}

TEST(has_what_was_there_before)
{
    static const char path[] = "/v2/contact/" CONTACT "/channel";
    struct recorded_contacts contacts = { 0 };
    struct recorded_world world;

    play(&contacts, "POST", path, "{\"channel_type\":\"email\",\"channel_id\":\"new@corp.org\"}",
         200, "[" CHANNEL("1", "old@corp.org") "," CHANNEL("2", "new@corp.org") "]");
    play(&contacts, "DELETE", "/v2/contact/" CONTACT "/channel/email", "", 200, "\"ok\"");
    play(&contacts, "GET", "/v2/contact/" CONTACT "/channels", "", 200,
         "[" CHANNEL("1", "old@corp.org") "," CHANNEL("3", "older@corp.org") "]");
    json_t *list = world_of(&contacts, &world);
    assert_int_equal(json_array_size(list), 1);
    assert_int_equal(channels_of(list, 0), 2);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(list, 0), "contact_id")), 7);
    assert_int_equal(world.channels, 2);
    json_decref(world.json);
    recorded_contacts_fini(&contacts);
}

/* A channel that was seen alone gets its place in the first list [L2]; inboxes that break the
 * contract are left out [N1]. */
TEST(has_order_and_inboxes)
{
    struct recorded_contacts contacts = { 0 };
    struct recorded_world world;

    play(&contacts, "GET", "/v2/contact/" CONTACT "/channel/email", "", 200,
         CHANNEL("2", "b@corp.org"));
    play(&contacts, "GET", "/v2/contact/" CONTACT "/channels", "", 200,
         "[" CHANNEL("1", "a@corp.org") "," CHANNEL("2", "b@corp.org") "]");
    play(&contacts, "GET", "/v1/inboxes", "", 200,
         "[{\"id\":1,\"name\":\"Desk\",\"team\":5,\"members\":[2],\"phones\":[\"14157770001\"],"
         "\"x\":1},"
         "{\"id\":1,\"name\":\"Desk\",\"team\":5,\"members\":[],\"phones\":[]},"
         "{\"id\":2,\"name\":\"\",\"team\":5,\"members\":[],\"phones\":[]},"
         "{\"id\":3,\"name\":\"Desk\",\"team\":5,\"members\":[0],\"phones\":[]},7]");
    json_t *list = world_of(&contacts, &world);
    json_t *channels = json_object_get(json_array_get(list, 0), "channels");
    assert_int_equal(json_array_size(channels), 2);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(channels, 0), "id")), 1);
    assert_int_equal(world.inboxes, 1);
    assert_int_equal(world.left_out, 4);
    json_t *inboxes =
        json_object_get(json_array_get(json_object_get(world.json, "teams"), 0), "inboxes");
    assert_int_equal(json_object_size(json_array_get(inboxes, 0)), 5);
    json_decref(world.json);
    recorded_contacts_fini(&contacts);
}

/* A channel that breaks the contract is left out; a second contact of the same contact_id gets
 * another; an empty recording is a world, too. */
TEST(is_always_a_world)
{
    struct recorded_contacts contacts = { 0 };
    struct recorded_world world;

    assert_int_equal(json_array_size(world_of(&contacts, &world)), 0);
    json_decref(world.json);
    play(&contacts, "GET", "/v2/contact/" CONTACT "/channels", "", 200,
         "[" CHANNEL("1", "a@corp.org") ",{\"id\":\"2\"},3," CHANNEL("1", "b@corp.org") "]");
    play(&contacts, "GET", "/v2/contact/11111111-2222-4333-8444-555555555555/channels", "", 200,
         "[" CHANNEL("9", "c@corp.org") "]");
    play(&contacts, "POST", "/v2/contact/31111111-2222-4333-8444-555555555555/channel", "{}", 400,
         "{}");
    json_t *list = world_of(&contacts, &world);
    assert_int_equal(json_array_size(list), 2);
    assert_int_equal(channels_of(list, 0), 1);
    assert_int_equal(world.unseen, 1);
    assert_true(world.left_out >= 1);
    json_decref(world.json);
    recorded_contacts_fini(&contacts);
}

TEST(operations_are_found)
{
    static const struct {
        const char *method, *path, *name;
    } calls[] = {
        { "POST", "/v2/contact/" CONTACT "/channel", "channel_create" },
        { "PUT", "/v2/contact/" CONTACT "/channel", "channel_update" },
        { "GET", "/v2/contact/" CONTACT "/channel/phone", "channel_get" },
        { "DELETE", "/v2/contact/x/channel/a%20b", "channel_delete" },
        { "GET", "/v2/contact/" CONTACT "/channels", "channel_list" },
        { "GET", "/v1/inboxes", "inbox_list" },
        { "POST", "/v2/contact/" CONTACT "/channel/", NULL },
        { "GET", "/v2/contact/" CONTACT "/channel", NULL },
        { "GET", "/v1/inboxes/", NULL },
        { "GET", "/", NULL },
    };

    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        struct operation_call call;

        operation_find(&call, calls[i].method,
                       (struct span){ calls[i].path, strlen(calls[i].path) });
        if (calls[i].name == NULL)
            assert_null(call.row);
        else
            assert_string_equal(call.row->name, calls[i].name);
    }
}
