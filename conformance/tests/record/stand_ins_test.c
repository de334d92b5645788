/* Replacements for personal data: consistent, in every place, in the form that the value had. */
#include "record/stand_ins_json.h"
#include "tests/unit.h"

enum { TEXT = 4096 };

typedef void write_fn(struct buf *out, struct stand_ins *stand_ins, struct span text);

static void expect(struct stand_ins *stand_ins, write_fn *write, const char *text,
                   const char *wanted)
{
    struct buf out;

    buf_init(&out, TEXT);
    write(&out, stand_ins, (struct span){ text, strlen(text) });
    assert_string_equal(buf_text(&out), wanted);
    buf_fini(&out);
}

TEST(in_texts)
{
    struct stand_ins s = { 0 };

    expect(&s, stand_ins_text, "", "");
    expect(&s, stand_ins_text, "tel:+14155551234, 14155551234 or +1 (415) 555-1234.",
           "tel:+12005550100, 12005550100 or +1-200-555-0100.");
    expect(&s, stand_ins_text, "call (415) 555-1234", "call 1-200-555-0101");
    expect(&s, stand_ins_text, "from=ada@corp.org;to=<ada@corp.org>, bob%40corp.org!",
           "from=person1@example.com;to=<person1@example.com>, person2@example.com!");
    /* What looks like one and is none. */
    static const char *const kept[] = { "74f80a77-9b3f-44ac-b3ad-ab68cfb548fa",
                                        "00000000-0000-4000-8000-000000000001",
                                        "2024-04-16T00:00:00Z",
                                        "2024-04-16 00:00",
                                        "192.168.100.200",
                                        "id 510001, status 404",
                                        "a@ @b",
                                        "12345678901234567890",
                                        "libheymarket/0.1.0" };
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        expect(&s, stand_ins_text, kept[i], kept[i]);
    stand_ins_fini(&s);
}

TEST(in_paths)
{
    struct stand_ins s = { 0 };

    expect(&s, stand_ins_path, "/v2/x/%2B14155551234?to=ada%40corp.org&api_key=abc&n=a%20b",
           "/v2/x/%2B12005550100?to=person1%40example.com&api_key=<hidden>&n=a%20b");
    expect(&s, stand_ins_path, "/v2/contact/ada0ada0-1815-4000-8000-00000000ada0/channel/%",
           "/v2/contact/ada0ada0-1815-4000-8000-00000000ada0/channel/%");
    stand_ins_fini(&s);
}

/* A long text without a sign takes time in proportion to its length. */
TEST(long_texts_are_quick)
{
    enum { LONG = 4 * 1024 * 1024 };
    struct stand_ins s = { 0 };
    char *text = malloc(LONG);
    struct buf out;

    assert_non_null(text);
    for (size_t i = 0; i < LONG; i++)
        text[i] = i % 2 == 0 ? 'a' : '.';
    buf_init(&out, LONG);
    stand_ins_text(&out, &s, (struct span){ text, LONG });
    assert_int_equal(out.length, LONG);
    assert_memory_equal(out.data, text, LONG);
    buf_fini(&out);
    free(text);
    stand_ins_fini(&s);
}

static void expect_json(struct stand_ins *stand_ins, const char *text, const char *wanted)
{
    json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
    json_t *copy = stand_ins_copy(stand_ins, value);
    char *shown;

    assert_non_null(copy);
    shown = json_dumps(copy, JSON_COMPACT | JSON_ENCODE_ANY);
    assert_string_equal(shown, wanted);
    free(shown);
    json_decref(copy);
    json_decref(value);
}

TEST(in_json)
{
    struct stand_ins s = { 0 };

    expect_json(&s, "[{\"id\":510001,\"channel_id\":\"14155551234\",\"channel_handle\":\"Ada\"}]",
                "[{\"id\":510001,\"channel_id\":\"12005550100\",\"channel_handle\":\"text1\"}]");
    /* The same values elsewhere: nested, as a number, as a name, and in a message. */
    expect_json(&s, "{\"a\":{\"b\":[\"to 14155551234 of Ada\",14155551234]},\"ada@corp.org\":true}",
                "{\"a\":{\"b\":[\"to 12005550100 of text1\",12005550100]},"
                "\"person1@example.com\":true}");
    /* The form stays, for the rules of B4 and B5. */
    expect_json(&s, "{\"channel_id\":\"+14155551234\"}", "{\"channel_id\":\"+12005550100\"}");
    expect_json(&s, "{\"channel_id\":\"\"}", "{\"channel_id\":\"\"}");
    expect_json(&s, "{\"channel_id\":\"0415555123\"}", "{\"channel_id\":\"012005550101\"}");
    expect_json(&s, "{\"channel_id\":\"12345\"}", "{\"channel_id\":\"1-200-555-0102\"}");
    expect_json(&s, "{\"channel_id\":\"grace.hopper\"}", "{\"channel_id\":\"text2\"}");
    expect_json(&s, "{\"first_name\":\"Ada\",\"phones\":[\"14155551234\"],\"token\":\"abc\"}",
                "{\"first_name\":\"text1\",\"phones\":[\"12005550100\"],\"token\":\"<hidden>\"}");
    expect_json(&s, "[null,true,1.5,-3,9007199254740991]", "[null,true,1.5,-3,9007199254740991]");
    stand_ins_fini(&s);
}

TEST(deep_json_is_refused)
{
    struct stand_ins s = { 0 };
    json_t *value = json_integer(1);

    for (int i = 0; i < 40; i++)
        value = json_pack("[o]", value);
    assert_null(stand_ins_copy(&s, value));
    assert_null(stand_ins_copy(&s, NULL));
    json_decref(value);
    stand_ins_fini(&s);
}

TEST(memory_is_bounded)
{
    struct stand_ins s = { 0 };
    struct buf out;
    char address[64];

    buf_init(&out, TEXT);
    for (int i = 0; i < STAND_INS_MAX + 10; i++) {
        buf_clear(&out);
        snprintf(address, sizeof address, "a%d@corp.org", i);
        stand_ins_text(&out, &s, (struct span){ address, strlen(address) });
    }
    assert_string_equal(buf_text(&out), "person@example.com");
    assert_true(s.is_full);
    buf_fini(&out);
    expect(&s, stand_ins_text, "a0@corp.org", "person1@example.com");
    stand_ins_fini(&s);
}
