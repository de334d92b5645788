#include "intercept/reach.h"

#include "journal/counts.h"
#include "tests/unit.h"

/* What happened, and what is to be said of it. */
struct row {
    enum intercept_method method;
    enum reach_kind kind;
    unsigned long long requests, begun, failed;
    struct {
        const char *name;
        int port;
        enum asked_result result;
    } asked[2];
    const char *why, *more;
};

static const struct row rows[] = {
    { .method = INTERCEPT_NAMESPACE, .requests = 1, .kind = REACH_ARRIVED, .why = "", .more = "" },
    { .method = INTERCEPT_NAMESPACE,
      .requests = 1,
      .asked = { { "db", 5432, ASKED_REFUSED }, { "api.heymarket.com", 80, ASKED_REFUSED } },
      .kind = REACH_ARRIVED,
      .why = "",
      .more = "CMD called http://api.heymarket.com, so requests were sent in the clear; it must "
              "call https://api.heymarket.com\nCMD also asked for db port 5432, which was refused; "
              "--allow-host HOST:PORT lets CMD reach one\n" },
    { .method = INTERCEPT_NAMESPACE,
      .begun = 2,
      .failed = 2,
      .asked = { { "api.heymarket.com", 80, ASKED_REFUSED } },
      .kind = REACH_DISTRUSTED,
      .why = "most likely the client does not trust the certificate",
      .more = "CMD called http://" },
    { .method = INTERCEPT_NAMESPACE,
      .failed = 1,
      .kind = REACH_SILENT,
      .why = "sent no request",
      .more = "" },
    { .method = INTERCEPT_PROXY,
      .failed = 1,
      .asked = { { "api.heymarket.com", 443, ASKED_OURS } },
      .kind = REACH_DISTRUSTED,
      .why = "most likely",
      .more = "only what came to the proxy is known" },
    { .method = INTERCEPT_CONNECT,
      .asked = { { "api.heymarket.com", 0, ASKED_OURS },
                 { "api.heymarket.com", 80, ASKED_REFUSED } },
      .kind = REACH_IN_THE_CLEAR,
      .why = "CMD called http://api.heymarket.com, so",
      .more = "" },
    { .method = INTERCEPT_PROXY,
      .asked = { { "api.heymarket.com", 8443, ASKED_REFUSED } },
      .kind = REACH_IN_THE_CLEAR,
      .why = "CMD called port 8443 of api.heymarket.com",
      .more = "only what" },
    { .method = INTERCEPT_CONNECT,
      .asked = { { "api.heymarket.com", 0, ASKED_OURS } },
      .kind = REACH_SILENT,
      .why = "looked api.heymarket.com up",
      .more = "" },
    { .method = INTERCEPT_NAMESPACE,
      .begun = 1,
      .kind = REACH_SILENT,
      .why = "sent no request",
      .more = "" },
    { .method = INTERCEPT_NAMESPACE,
      .asked = { { "eu.api.heymarket.com", 0, ASKED_REFUSED }, { "db", 0, ASKED_ALLOWED } },
      .kind = REACH_SUBDOMAIN,
      .why = "below api.heymarket.com",
      .more = "CMD also asked for eu.api.heymarket.com, which was refused\n" },
    { .method = INTERCEPT_NAMESPACE,
      .asked = { { "eu.api.heymarket.com", 0, ASKED_REFUSED }, { "db", 0, ASKED_REFUSED } },
      .kind = REACH_SUBDOMAIN,
      .why = "below api.heymarket.com",
      .more = "which were refused; --allow-host HOST:PORT lets CMD reach one\n" },
    { .method = INTERCEPT_PROXY, .kind = REACH_PROXY_UNUSED, .why = "ignores proxy", .more = "" },
    { .method = INTERCEPT_PROXY,
      .asked = { { "a", 1, ASKED_REFUSED }, { "b", 2, ASKED_REFUSED } },
      .kind = REACH_NEVER_CONNECTED,
      .why = "never connected",
      .more = "CMD also asked for a port 1, b port 2, which were refused" },
    { .method = INTERCEPT_NAMESPACE,
      .kind = REACH_NEVER_CONNECTED,
      .why = "CMD never connected to api.heymarket.com",
      .more = "" },
};

/* @want "": there must be no text. */
static void text_check(size_t row, const struct buf *text, const char *want)
{
    if (*want == '\0' ? text->length > 0 : strstr(buf_text(text), want) == NULL)
        fail_msg("row %zu: %s", row, buf_text(text));
}

static void row_check(size_t number)
{
    const struct row *row = &rows[number];
    const struct option_texts none = { .count = 0 };
    struct intercept *intercept = calloc(1, sizeof *intercept);
    struct counts *counts = calloc(1, sizeof *counts);
    struct mock *mock = calloc(1, sizeof *mock);
    struct environment given = { .count = 0 };
    struct hm_error err;
    struct reach reach;
    json_t *tree;

    if (intercept == NULL || counts == NULL || mock == NULL)
        abort();
    assert_int_equal(beside_init(&intercept->beside, &none, &err), HM_OK);
    environment_init(&given);
    intercept->method = row->method;
    mock->counts = counts;
    atomic_store(&counts->requests, row->requests);
    atomic_store(&mock->handshakes.begun, row->begun);
    atomic_store(&mock->handshakes.failed, row->failed);
    if (row->method != INTERCEPT_PROXY)
        mock->handshakes.watch = &intercept->beside.peers.watch;
    for (size_t i = 0; i < 2 && row->asked[i].name != NULL; i++)
        asked_note(&intercept->beside.asked, row->asked[i].name, strlen(row->asked[i].name),
                   row->asked[i].port, row->asked[i].result);
    reach_judge(&reach, intercept, mock, &given);
    if (reach.kind != row->kind)
        fail_msg("row %zu: %s", number, reach_word(reach.kind));
    text_check(number, &reach.why, row->why);
    text_check(number, &reach.more, row->more);
    tree = reach_json(&reach);
    assert_string_equal(json_string_value(json_object_get(tree, "reach")), reach_word(row->kind));
    assert_int_equal(json_is_null(json_object_get(tree, "message")), *row->why == '\0');
    json_decref(tree);
    reach_fini(&reach);
    beside_fini(&intercept->beside);
    environment_fini(&given);
    free(mock);
    free(counts);
    free(intercept);
}

TEST(each_outcome_has_its_reason)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        row_check(i);
}
