/* The doctor's finder: what people paste, and the tokens in it. */
#include "contract/token_find.h"
#include "tests/unit.h"

#define T   "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJhIn0.c2ln"
#define U   "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJiIn0.c2ln"
#define BIG "Bearer " T

static const struct {
    const char *input;
    const char *found; /* the texts, each ended by '|' */
    const char *where; /* of the first */
    const char *sent;  /* of the first */
} rows[] = {
    /* The whole input. */
    { T, T "|", "the whole input", "" },
    { "  " T "\n", T "|", "the whole input", "" },
    { "\xEF\xBB\xBF" T "\r\n", T "|", "the whole input", "" },
    { "Bearer " T, "Bearer " T "|", "the whole input", "" },
    { "Bearer \"" T "\"", "Bearer \"" T "\"|", "the whole input", "" },
    { "bearer Bearer " T, "bearer Bearer " T "|", "the whole input", "" },
    { "JWT " T, "JWT " T "|", "the whole input", "" },
    { "undefined", "undefined|", "the whole input", "" },
    { "[object Promise]", "[object Promise]|", "the whole input", "" },
    { "Bearer [object Promise]", "Bearer [object Promise]|", "the whole input", "" },
    { "TOKEN=" T, T "|", "line 1, a bare token", "" },
    { "Bearer=" T, "Bearer=" T "|", "the whole input", "" },
    { "Bearer <" T ">", "Bearer <" T ">|", "the whole input", "" },
    { "{" T "}", "{" T "}|", "the whole input", "" },
    { "[Bearer " T "]", "[Bearer " T "]|", "the whole input", "" },
    { "Bearer: " T, "Bearer: " T "|", "the whole input", "" },
    { "[\"" T "\"]", T "|", "/0", "" },
    { "", "", "", "" },
    { " \n\t\n", "", "", "" },
    { "there is no token in this sentence", "", "", "" },
    { "the bearer of this letter\nis well", "", "", "" },

    /* Header lines and command lines. */
    { "Authorization: Bearer " T, BIG "|", "line 1, an Authorization header", "" },
    { "authorization:Bearer " T "\n", BIG "|", "line 1, an Authorization header", "" },
    { "Authorization: \"Bearer " T "\"", "\"Bearer " T "\"|", "line 1, an Authorization header",
      "" },
    { "Authorization: " T, T "|", "line 1, an Authorization header", "" },
    { "Authorization: Bearer {" T "}", "Bearer {" T "}|", "line 1, an Authorization header", "" },
    { "Authorization: Bearer undefined", "Bearer undefined|", "line 1, an Authorization header",
      "" },
    { "POST / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " T "\r\n\r\n{}", BIG "|",
      "line 3, an Authorization header", "" },
    { "> POST /v2 HTTP/1.1\n> Authorization: Bearer " T
      "\n> \n< HTTP/1.1 401 Unauthorized\n< Date: Sun, 22 Nov 2026 20:00:00 GMT\n",
      BIG "|", "line 2, an Authorization header", "Sun, 22 Nov 2026 20:00:00 GMT" },
    { "* [HTTP/2] [1] [authorization: Bearer " T "]\n> authorization: Bearer " T, BIG "|",
      "line 1, an Authorization header", "" },
    { "curl -H 'Authorization: Bearer " T "' https://x/v2", BIG "|",
      "line 1, an Authorization header", "" },
    { "curl -H \"authorization: Bearer " T "\" \\\n  -d '{}'", BIG "|",
      "line 1, an Authorization header", "" },
    { "headers['Authorization'] = 'Bearer " T "';", BIG "|", "line 1, an Authorization header",
      "" },
    { "{'Authorization': 'Bearer " T "', 'x': 1}", BIG "|", "line 1, an Authorization header", "" },
    { "\"Authorization\" => \"Bearer " T "\"", BIG "|", "line 1, an Authorization header", "" },
    { "{\n  headers: {\n    Authorization: 'Bearer " T "',\n    Accept: '*/*'\n", BIG "|",
      "line 3, an Authorization header", "" },
    { "Authorization: 'Bearer " T "',\nAccept: '*/*'\n", BIG "|", "line 1, an Authorization header",
      "" },
    { "x\n    Authorization: 'Bearer " T "'\n  }\n", BIG "|", "line 2, an Authorization header",
      "" },
    { "headers={b'authorization': b'Bearer " T "'}", BIG "|", "line 1, an Authorization header",
      "" },
    { "[(b'host', b'x'), (b'authorization', b'Bearer " T "'), (b'a', b'b')]", BIG "|",
      "line 1, an Authorization header", "" },
    { "Authorization: Bearer b'" T "'", "Bearer b'" T "'|", "line 1, an Authorization header", "" },
    { "map[Authorization:[Bearer " T "] Accept:[*/*]]", BIG "|", "line 1, an Authorization header",
      "" },
    { "Authorization: [object Object]", "[object Object]|", "line 1, an Authorization header", "" },
    { "level=info authorization=Bearer " T " status=401", BIG "|",
      "line 1, an Authorization header", "" },
    { "Authorization: Bearer ***redacted***\n", "", "", "" },
    { "X-Authorization: Bearer " T, BIG "|", "line 1, a bearer credential", "" },

    /* Logs. */
    { "20:00:01 DEBUG sent auth=Bearer " T " status=401", BIG "|", "line 1, a bearer credential",
      "" },
    { "20:00:01 DEBUG token=" T "; 20 ms", T "|", "line 1, a bare token", "" },
    { "the first is " T ", the second is " U ".", T "|" U "|", "line 1, a bare token", "" },
    { "once " T " and again " T " here", T "|", "line 1, a bare token", "" },
    { "cut: eyJhbGciOiJIUzI1NiJ9... and eyJhbGciOiJIUzI1NiJ9 alone", "", "", "" },
    { "one\n{\"time\":\"2026-11-22T20:00:00Z\",\"headers\":{\"authorization\":\"Bearer " T
      "\"}}\n{\"msg\":\"sent " U "\"}\n",
      BIG "|" U "|", "line 2, /headers/authorization", "2026-11-22T20:00:00Z" },

    /* JSON. */
    { "{\"token\":\"" T "\"}", T "|", "/token", "" },
    { "{\"a\":[{\"Authorization\":[\"Bearer " T "\"]}]}", BIG "|", "/a/0/Authorization", "" },
    { "{\"log\":{\"entries\":[{\"startedDateTime\":\"2026-11-22T20:00:00.5+01:00\",\"request\":{"
      "\"headers\":[{\"name\":\"Host\",\"value\":\"x\"},{\"name\":\"Authorization\",\"value\":"
      "\"Bearer " T "\"}]}}]}}",
      BIG "|", "/log/entries/0/request/headers/1/value", "2026-11-22T20:00:00.5+01:00" },
    { "{\"cmd\":\"curl -H 'Authorization: Bearer " T "' x\"}", BIG "|", "/cmd", "" },
    { "{\"nothing\":[1,2,{}]}", "", "", "" },
};

TEST(finds_what_people_paste)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct found_tokens found;
        char texts[1024] = "";
        char where[FOUND_WHERE_TEXT] = "";
        char sent[FOUND_TIME_TEXT] = "";

        assert_int_equal(token_find(&found, rows[i].input, strlen(rows[i].input), NULL), HM_OK);
        for (size_t t = 0; t < found.count; t++) {
            size_t length = strlen(texts);

            (void)snprintf(texts + length, sizeof texts - length, "%s|", found.at[t].text);
        }
        if (found.count > 0) {
            memcpy(where, found.at[0].where, sizeof where);
            memcpy(sent, found.at[0].sent, sizeof sent);
        }
        found_tokens_fini(&found);
        if (strcmp(texts, rows[i].found) != 0 || strcmp(where, rows[i].where) != 0 ||
            strcmp(sent, rows[i].sent) != 0)
            print_error("row %zu: %s\n", i, rows[i].input);
        assert_string_equal(texts, rows[i].found);
        assert_string_equal(where, rows[i].where);
        assert_string_equal(sent, rows[i].sent);
    }
}

/* As `curl -v ... 2> file` in Windows PowerShell leaves it. */
TEST(reads_utf_16)
{
    static const char line[] = "> Authorization: Bearer " T "\r\n";
    char text[2 * sizeof line];

    for (int i = 0; i < 4; i++) { /* either order of bytes, with a mark and without */
        struct found_tokens found;
        size_t length = 0;

        if (i < 2) {
            text[i] = (char)0xFF;
            text[1 - i] = (char)0xFE;
            length = 2;
        }
        for (size_t at = 0; at + 1 < sizeof line; at++) {
            text[length + (size_t)(i % 2)] = line[at];
            text[length + (size_t)(1 - i % 2)] = '\0';
            length += 2;
        }
        assert_int_equal(token_find(&found, text, length, NULL), HM_OK);
        assert_int_equal(found.count, 1);
        assert_string_equal(found.at[0].text, BIG);
        found_tokens_fini(&found);
    }
}

TEST(survives_deep_json)
{
    enum { DEPTH = 100000 };
    static char deep[DEPTH];
    struct found_tokens found;

    memset(deep, '[', sizeof deep);
    assert_int_equal(token_find(&found, deep, sizeof deep, NULL), HM_OK);
    assert_int_equal(found.count, 0);
    found_tokens_fini(&found);
}

TEST(stops_at_a_thousand_and_says_so)
{
    static char text[64 * (FOUND_TOKENS_MAX + 5)];
    struct found_tokens found;
    size_t length = 0;

    for (int i = 0; i < FOUND_TOKENS_MAX + 5; i++)
        length +=
            (size_t)snprintf(text + length, sizeof text - length, "x eyJhbGciOiJI.eyJ.%d\n", i);
    assert_int_equal(token_find(&found, text, length, NULL), HM_OK);
    assert_int_equal(found.count, FOUND_TOKENS_MAX);
    assert_true(found.is_cut);
    found_tokens_fini(&found);
}
