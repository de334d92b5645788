#include "intercept/name_answer.h"

#include "tests/unit.h"
#include <arpa/inet.h>
#include <jansson.h>

enum { QUERY_BYTES = 1024, TYPE_A = 1, TYPE_AAAA = 28, TYPE_HTTPS = 65, TYPE_ANY = 255 };

static struct known_name known[] = {
    { .name = "api.heymarket.com", .result = ASKED_OURS },
    { .name = "db.example", .result = ASKED_ALLOWED },
    { .name = "db.example", .result = ASKED_ALLOWED },
};
static const size_t known_count = sizeof known / sizeof known[0];

static int addresses_set(void **state)
{
    inet_pton(AF_INET, "192.0.2.1", &known[0].address);
    inet_pton(AF_INET, "10.1.2.3", &known[1].address);
    inet_pton(AF_INET, "10.1.2.4", &known[2].address);
    return 0;
}

/* A query with the id 0x1234. Returns its length. */
static size_t query_make(uint8_t *out, const char *name, unsigned type, bool has_edns)
{
    static const uint8_t head[] = { 0x12, 0x34, 0x01, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
    static const uint8_t edns[] = { 0, 0, 41, 0x04, 0xd0, 0, 0, 0, 0, 0, 4, 0, 10, 0, 0 };
    uint8_t *at = out + sizeof head;

    memcpy(out, head, sizeof head);
    while (*name != '\0') {
        const size_t length = strcspn(name, ".");

        *at++ = (uint8_t)length;
        memcpy(at, name, length);
        at += length;
        name += length + (name[length] == '.');
    }
    *at++ = 0;
    *at++ = (uint8_t)(type >> 8);
    *at++ = (uint8_t)type;
    *at++ = 0;
    *at++ = 1;
    if (has_edns) {
        out[11] = 1;
        memcpy(at, edns, sizeof edns);
        at += sizeof edns;
    }
    return (size_t)(at - out);
}

/* "code count address..." */
static void answer_show(char *out, size_t size, const char *name, unsigned type)
{
    uint8_t query[QUERY_BYTES], answer[NAME_ANSWER_MAX];
    const size_t asked = query_make(query, name, type, false);
    const size_t length = name_answer(answer, query, asked, known, known_count, NULL);
    int at = 0;

    assert_true(length >= asked);
    assert_memory_equal(answer, "\x12\x34\x85", 3); /* an answer, authoritative, RD as asked */
    assert_memory_equal(answer + 12, query + 12, asked - 12);
    at += snprintf(out, size, "%d %d", answer[3] & 0x0f, answer[7]);
    assert_int_equal(length, asked + (size_t)answer[7] * 16);
    for (size_t i = asked; i < length; i += 16) {
        char address[INET_ADDRSTRLEN];

        assert_memory_equal(answer + i, "\xc0\x0c\0\1\0\1", 6);
        inet_ntop(AF_INET, answer + i + 12, address, sizeof address);
        at += snprintf(out + at, size - (size_t)at, " %s", address);
    }
}

TEST(each_name_and_type_has_its_answer)
{
    static const struct {
        const char *name;
        unsigned type;
        const char *answer;
    } rows[] = {
        { "api.heymarket.com", TYPE_A, "0 1 192.0.2.1" },
        { "aPi.HEYmarket.Com", TYPE_A, "0 1 192.0.2.1" },
        { "api.heymarket.com", TYPE_ANY, "0 1 192.0.2.1" },
        { "api.heymarket.com", TYPE_AAAA, "0 0" },
        { "api.heymarket.com", TYPE_HTTPS, "0 0" },
        { "api.heymarket.com", 64, "0 0" },
        { "db.example", TYPE_A, "0 2 10.1.2.3 10.1.2.4" },
        { "db.example", TYPE_AAAA, "0 0" },
        { "eu.api.heymarket.com", TYPE_A, "3 0" },
        { "heymarket.com", TYPE_A, "3 0" },
        { "api.heymarket.com.corp.example", TYPE_A, "3 0" },
        { "", TYPE_A, "3 0" },
        { "www.example", TYPE_HTTPS, "3 0" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char shown[128];

        answer_show(shown, sizeof shown, rows[i].name, rows[i].type);
        assert_string_equal(shown, rows[i].answer);
    }
}

TEST(edns_is_answered_with_edns)
{
    uint8_t query[QUERY_BYTES], answer[NAME_ANSWER_MAX];
    const size_t asked = query_make(query, "api.heymarket.com", TYPE_A, true);
    size_t length = name_answer(answer, query, asked, known, known_count, NULL);

    assert_int_equal(answer[3] & 0x0f, 0);
    assert_int_equal(answer[7], 1);
    assert_int_equal(answer[11], 1);
    assert_memory_equal(answer + length - 11, "\0\0\x29\x04\xd0\0\0\0\0\0\0", 11);

    query[asked - 9] = 1; /* a version that there is not: BADVERS, 16 */
    length = name_answer(answer, query, asked, known, known_count, NULL);
    assert_int_equal(answer[3] & 0x0f, 0);
    assert_int_equal(answer[7], 0);
    assert_memory_equal(answer + length - 11, "\0\0\x29\x04\xd0\1\0\0\0\0\0", 11);
}

/* Sets bytes of a good query, and says the code of the answer; -1: there is none. */
static int code_of(size_t at, int value, size_t cut)
{
    uint8_t query[QUERY_BYTES], answer[NAME_ANSWER_MAX];
    const size_t asked = query_make(query, "api.heymarket.com", TYPE_A, true);
    uint8_t *exact = malloc(asked - cut); /* so that a sanitizer sees what is read past the end */
    size_t length;

    assert_non_null(exact);
    query[at] = (uint8_t)value;
    memcpy(exact, query, asked - cut);
    length = name_answer(answer, exact, asked - cut, known, known_count, NULL);
    free(exact);
    return length == 0 ? -1 : answer[3] & 0x0f;
}

TEST(what_is_malformed_is_refused)
{
    static const struct {
        size_t at;
        size_t cut;
        int value, code;
    } rows[] = {
        { 2, 0, 0x81, -1 }, /* an answer */
        { 2, 0, 0x29, 4 },  /* UPDATE */
        { 5, 0, 0, 1 },     /* no question */
        { 5, 0, 2, 1 },     /* two */
        { 12, 0, 0xc0, 1 }, /* a pointer in the question, to itself */
        { 12, 0, 0x40, 1 }, /* a label of a kind that does not exist */
        { 12, 0, 63, 1 },   /* a label past the end */
        { 33, 0, 1, 5 },    /* class 257 */
        { 7, 0, 1, 1 },     /* an answer record that is not there */
        { 11, 0, 2, 1 },    /* an additional one that is not there */
        { 44, 0, 200, 1 },  /* data past the end */
        { 35, 0, 0xc0, 1 }, /* EDNS0 that is not of the root */
        { 0, 1, 0, 1 },     /* cut in the EDNS0 record's data, */
        { 0, 10, 0, 1 },    /* in its head, */
        { 0, 16, 0, 1 },    /* in the question's class, */
        { 0, 30, 0, 1 },    /* in the name, */
        { 0, 39, 0, -1 },   /* in the header */
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (code_of(rows[i].at, rows[i].value, rows[i].cut) != rows[i].code)
            fail_msg("row %zu: %d", i, code_of(rows[i].at, rows[i].value, rows[i].cut));
    }
}

/* The longest name there is, with the longest labels, and one byte more. */
TEST(the_longest_name_is_read)
{
    char name[300] = "";
    uint8_t query[QUERY_BYTES], answer[NAME_ANSWER_MAX];
    struct asked asked;
    size_t length;

    asked_init(&asked);
    memset(name, 'x', 253);
    name[63] = name[127] = name[191] = '.';
    length = query_make(query, name, TYPE_A, true);
    assert_true(name_answer(answer, query, length, known, known_count, &asked) > 0);
    assert_int_equal(answer[3] & 0x0f, 3);
    assert_int_equal(asked.count, 1);
    assert_string_equal(asked.at[0].name, name);

    name[253] = 'x';
    length = query_make(query, name, TYPE_A, true);
    assert_int_equal(name_answer(answer, query, length, known, known_count, &asked), 12);
    assert_int_equal(answer[3] & 0x0f, 1);
    assert_int_equal(asked.count, 1);
    asked_fini(&asked);
}

TEST(names_that_are_asked_for_are_kept_once)
{
    static const char *const names[] = { "api.heymarket.com",    "API.heymarket.com",
                                         "db.example",           "eu.api.heymarket.com",
                                         "4.3.2.1.in-addr.arpa", "a\x01\\\xff.b" };
    uint8_t query[QUERY_BYTES], answer[NAME_ANSWER_MAX];
    struct asked asked;
    json_t *tree;
    char *text;

    asked_init(&asked);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        name_answer(answer, query, query_make(query, names[i], TYPE_A, false), known, known_count,
                    &asked);
    tree = asked_json(&asked);
    text = json_dumps(tree, JSON_COMPACT);
    assert_string_equal(
        text,
        "[{\"host\":\"api.heymarket.com\",\"port\":null,\"result\":\"mock\",\"times\":2},"
        "{\"host\":\"db.example\",\"port\":null,\"result\":\"allowed\",\"times\":1},"
        "{\"host\":\"eu.api.heymarket.com\",\"port\":null,\"result\":\"refused\",\"times\":1},"
        "{\"host\":\"a\\\\001\\\\092\\\\255.b\",\"port\":null,\"result\":\"refused\","
        "\"times\":1}]");
    assert_int_equal(asked_times(&asked, ASKED_OURS), 2);
    free(text);
    json_decref(tree);
    asked_fini(&asked);
}

TEST(only_so_many_names_are_kept)
{
    struct asked asked;
    char name[600];

    asked_init(&asked);
    for (int i = 0; i < ASKED_MAX + 10; i++) {
        const int length = snprintf(name, sizeof name, "host%d.example.", i);

        asked_note(&asked, name, (size_t)length, 0, ASKED_REFUSED);
    }
    assert_int_equal(asked.count, ASKED_MAX);
    assert_int_equal(asked.more, 10);
    assert_string_equal(asked.at[1].name, "host1.example");
    asked_note(&asked, "host1.example", 13, 0, ASKED_REFUSED);
    asked_note(&asked, "host1.example", 13, 443, ASKED_REFUSED);
    assert_int_equal(asked.at[1].times, 2);
    assert_int_equal(asked.more, 11);
    asked_fini(&asked);

    asked_init(&asked);
    memset(name, 0xfe, sizeof name);
    asked_note(&asked, name, sizeof name, 0, ASKED_REFUSED);
    assert_int_equal(strlen(asked.at[0].name), 252); /* 63 times \254 */
    asked_fini(&asked);
}

ALL_TESTS_WITHIN(addresses_set, NULL)
