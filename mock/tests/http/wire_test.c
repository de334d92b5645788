/* Raw bytes to the real program, and its answers: the rows of wire_cases.json [T1-T8 J1 B1 B2 B7].
 * A connection that stays open is used for a good request, which shows that no byte of a body is
 * taken for the next request. */
#include "support/text.h"
#include "support/uuid.h"
#include "tests/harness.h"
#include "tests/unit.h"

#include <jansson.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
enum {
    REQUEST_BYTES_MAX = 1024 * 1024,
    IDS_MAX = 2048,
    WHY_BYTES = 512,
    HEADER_BYTES = 128,
    HUGE_HEAD_BYTES = 200 * 1024
};

#define BODY "{\"channel_type\":\"email\",\"channel_id\":\"w@example.com\"}"
#define GOOD                                                                                       \
    "POST /v2/contact/{EMPTY}/channel HTTP/1.1\r\nHost: localhost\r\n"                             \
    "Authorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\nContent-Length: "          \
    "53\r\n\r\n" BODY

static struct harness mock;

/* Every X-Request-Id so far: no two may be the same. [T4] */
static struct {
    char at[IDS_MAX][UUID_TEXT];
    size_t count;
} ids;

static bool id_is_new(const char *id)
{
    if (!uuid_is_valid(id, strlen(id)))
        return false;
    for (size_t i = 0; i < ids.count; i++) {
        if (strcmp(ids.at[i], id) == 0)
            return false;
    }
    if (ids.count < IDS_MAX)
        memcpy(ids.at[ids.count++], id, UUID_TEXT);
    return true;
}

/* Lines that many cases use, by name. */
static const struct {
    const char *name, *line;
} lines[] = {
    { "{line}", "POST /v2/contact/{ADA}/channel HTTP/1.1" },
    { "{host}", "Host: localhost" },
    { "{auth}", "Authorization: Bearer {TOKEN}" },
    { "{json}", "Content-Type: application/json" },
    { "{length}", "Content-Length: 53" },
    { "{chunked}", "Transfer-Encoding: chunked" },
    { "{BODY}", BODY },
};
enum { LINE_COUNT = sizeof lines / sizeof lines[0] };

static size_t number(const json_t *row, const char *name)
{
    return (size_t)json_integer_value(json_object_get(row, name));
}

static void fill(struct buf *out, char c, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_putc(out, c);
}

static bool starts(const char *at, const char *end, const char *name)
{
    return (size_t)(end - at) >= strlen(name) && memcmp(at, name, strlen(name)) == 0;
}

static void repeat(struct buf *out, const json_t *row, const char *name);

/* Replaces the name at @at; returns the length of the name, 0: there is none. */
static size_t name_add(struct buf *out, const json_t *row, const char *at, const char *end)
{
    for (size_t n = 0; n < LINE_COUNT; n++) {
        if (starts(at, end, lines[n].name)) {
            buf_puts(out, lines[n].line);
            return strlen(lines[n].name);
        }
    }
    if (starts(at, end, "{pad}"))
        fill(out, 'p', number(row, "path_bytes"));
    else if (starts(at, end, "{PORT}"))
        buf_printf(out, "%d", mock.port);
    else if (starts(at, end, "{UNITS}"))
        repeat(out, row, "unit");
    else if (starts(at, end, "{STINU}"))
        repeat(out, row, "tinu");
    else if (end - at >= 5 && at[1] == 'x' && at[4] == '}' && hex_value(at[2]) >= 0 &&
             hex_value(at[3]) >= 0)
        buf_putc(out, (char)(hex_value(at[2]) * 16 + hex_value(at[3])));
    else
        return 0;
    return (size_t)((const char *)memchr(at, '}', (size_t)(end - at)) - at) + 1;
}

/* Appends text with its {names} replaced: {xFF} is a byte, {UNITS} the row's unit, repeated,
 * {STINU} what closes them, {pad} path_bytes letters. */
static void text_add(struct buf *out, const json_t *row, const char *text, size_t length)
{
    for (const char *at = text, *end = text + length; at < end;) {
        size_t taken = *at == '{' ? name_add(out, row, at, end) : 0;

        if (taken == 0)
            buf_putc(out, *at++);
        at += taken;
    }
}

static void repeat(struct buf *out, const json_t *row, const char *name)
{
    const json_t *unit = json_object_get(row, name);

    for (size_t i = 0; i < number(row, "times"); i++)
        text_add(out, row, json_string_value(unit), json_string_length(unit));
}

static void body_add(struct buf *out, const json_t *row)
{
    const json_t *text = json_object_get(row, "body");
    size_t padded = number(row, "body_bytes"), chunk = number(row, "chunk_bytes");
    struct buf body;

    buf_init(&body, REQUEST_BYTES_MAX);
    if (padded > 0)
        fill(&body, ' ', padded - strlen(BODY));
    if (text != NULL)
        text_add(&body, row, json_string_value(text), json_string_length(text));
    if (chunk == 0)
        buf_add(out, buf_text(&body), body.length);
    for (size_t at = 0; chunk > 0 && at < body.length; at += chunk) {
        size_t size = body.length - at < chunk ? body.length - at : chunk;

        buf_printf(out, "%zx\r\n%.*s\r\n", size, (int)size, body.data + at);
    }
    buf_puts(out, chunk > 0 ? "0\r\n\r\n" : "");
    buf_fini(&body);
}

/* A request that is good except for its body or its target. */
static void around_json(struct buf *out, const json_t *row)
{
    const json_t *to = json_object_get(row, "to"), *text = json_object_get(row, "json");
    struct buf body;

    buf_init(&body, REQUEST_BYTES_MAX);
    if (text != NULL)
        text_add(&body, row, json_string_value(text), json_string_length(text));
    if (to == NULL)
        buf_puts(out, lines[0].line);
    else
        text_add(out, row, json_string_value(to), json_string_length(to));
    buf_printf(out, "%s\r\nHost: localhost\r\n", to == NULL ? "" : " HTTP/1.1");
    buf_printf(out,
               "Authorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\n"
               "Content-Length: %zu\r\n\r\n",
               body.length);
    buf_add(out, buf_text(&body), body.length);
    buf_fini(&body);
}

/* The bytes that a row sends. */
static void request_build(struct buf *out, const json_t *row)
{
    const json_t *raw = json_object_get(row, "raw"), *head = json_object_get(row, "head");
    size_t i;
    json_t *line;

    if (raw != NULL) {
        text_add(out, row, json_string_value(raw), json_string_length(raw));
        return;
    }
    if (head == NULL) {
        around_json(out, row);
        return;
    }
    json_array_foreach (head, i, line) {
        text_add(out, row, json_string_value(line), json_string_length(line));
        buf_puts(out, "\r\n");
    }
    if (number(row, "field_bytes") > 0) {
        buf_puts(out, "X-Pad: ");
        fill(out, 'x', number(row, "field_bytes"));
        buf_puts(out, "\r\n");
    }
    for (size_t n = 0; n < number(row, "fields"); n++)
        buf_printf(out, "X-%zu: v\r\n", n);
    buf_puts(out, "\r\n");
    body_add(out, row);
}

static bool send_expanded(int fd, const char *text, size_t length)
{
    size_t expanded_length;
    char *expanded = harness_expand(&mock, text, length, &expanded_length);
    bool is_sent = expanded != NULL && harness_send(fd, expanded, expanded_length);

    free(expanded);
    return is_sent;
}

static bool good_request_is_answered(int fd)
{
    struct reply answer;
    bool is_good;

    if (!send_expanded(fd, GOOD, sizeof GOOD - 1))
        return false;
    harness_read(fd, &answer, true);
    is_good = answer.status == 200 && id_is_new(answer.request_id);
    reply_fini(&answer);
    return is_good;
}

/* Judges an answer; "" is good. */
static void answer_judge(char why[WHY_BYTES], const json_t *row, const struct reply *answer)
{
    const char *finding = json_string_value(json_object_get(row, "finding"));
    const char *says = json_string_value(json_object_get(row, "says"));
    int expected = (int)number(row, "status");
    const char *methods = json_string_value(json_object_get(row, "allow"));
    char header[HEADER_BYTES], allow[HEADER_BYTES];
    size_t length = 0;
    const char *type = reply_header(answer, "Content-Type", &length);

    snprintf(allow, sizeof allow, "Allow: %s", methods == NULL ? "POST, PUT" : methods);
    snprintf(header, sizeof header, "X-Mock-Finding: %s", finding == NULL ? "" : finding);
    if (answer->status != expected)
        snprintf(why, WHY_BYTES, "status %d, expected %d: %.300s", answer->status, expected,
                 buf_text(&answer->body));
    else if (expected == 0)
        return;
    else if (!id_is_new(answer->request_id))
        snprintf(why, WHY_BYTES, "X-Request-Id '%s' is no new UUID", answer->request_id);
    else if (type == NULL || strncmp(type, "application/json", length) != 0)
        snprintf(why, WHY_BYTES, "Content-Type is not application/json");
    else if (finding != NULL && !reply_has(answer, header))
        snprintf(why, WHY_BYTES, "no %s in %.300s", header, buf_text(&answer->head));
    else if (reply_has(answer, "Access-Control-Allow-Origin: *") ||
             reply_header(answer, "Access-Control-Allow-Methods", &length) != NULL)
        snprintf(why, WHY_BYTES, "there is CORS in it");
    else if (says != NULL && strstr(buf_text(&answer->body), says) == NULL)
        snprintf(why, WHY_BYTES, "no '%s' in %.300s", says, buf_text(&answer->body));
    else if (expected == 405 && !reply_has(answer, allow))
        snprintf(why, WHY_BYTES, "405 without %s", allow);
}

static void connection_judge(char why[WHY_BYTES], const json_t *row, const struct reply *answer,
                             int fd)
{
    bool is_closed = strcmp(json_string_value(json_object_get(row, "then")), "closed") == 0;

    if (is_closed && answer->status != 0 && !reply_has(answer, "Connection: close"))
        snprintf(why, WHY_BYTES, "closed without Connection: close");
    else if (!is_closed && reply_has(answer, "Connection: close"))
        snprintf(why, WHY_BYTES, "Connection: close, expected to stay open");
    else if (is_closed && !harness_is_closed(fd))
        snprintf(why, WHY_BYTES, "there are bytes after the answer, expected the end");
    else if (!is_closed && !good_request_is_answered(fd))
        snprintf(why, WHY_BYTES, "a good request after it was not answered");
}

static void row_test(void **state)
{
    const json_t *row = *state;
    char why[WHY_BYTES] = "";
    struct reply answer;
    struct buf request;
    int fd = harness_connect(&mock);

    buf_init(&request, REQUEST_BYTES_MAX);
    request_build(&request, row);
    send_expanded(fd, buf_text(&request), request.length);
    harness_read(fd, &answer, true);
    answer_judge(why, row, &answer);
    if (why[0] == '\0')
        connection_judge(why, row, &answer, fd);
    reply_fini(&answer);
    buf_fini(&request);
    close(fd);
    if (why[0] != '\0')
        fail_msg("%s: %s", json_string_value(json_object_get(row, "id")), why);
}

/* HEAD has the head of an answer and no body, so the next answer follows at once. [T6] */
static void head_is_answered_without_a_body(void **state)
{
    static const char head[] = "HEAD /v2/contact/{ADA}/channel HTTP/1.1\r\nHost: x\r\n\r\n";
    int fd = harness_connect(&mock);
    struct reply answer;
    bool next_is_good;

    send_expanded(fd, head, sizeof head - 1);
    harness_read(fd, &answer, false);
    next_is_good = good_request_is_answered(fd);
    close(fd);
    assert_int_equal(answer.status, 405);
    assert_true(reply_has(&answer, "Allow: POST, PUT"));
    assert_true(id_is_new(answer.request_id));
    assert_true(next_is_good);
    reply_fini(&answer);
}

#define CHUNKED                                                                                    \
    "POST /v2/contact/{ADA}/channel HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"      \
    "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"                         \
    "35;a=b\r\n" BODY "\r\n0\r\nX-T: 1\r\n\r\n"
#define UNKNOWN "GET /nope HTTP/1.1\r\nHost: x\r\n\r\n"
#define REQUEST_WITHIN                                                                             \
    "POST /nope HTTP/1.1\r\nHost: x\r\nContent-Length: 39\r\n\r\n"                                 \
    "GET /_mock/health HTTP/1.1\r\nHost: x\r\n\r\n"
#define WRONG_METHOD                                                                               \
    "PATCH /v2/contact/{ADA}/channel HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n!"
#define TWO_HOSTS "GET /nope HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"

/* Requests of all kinds, in one segment or byte by byte, are answered one by one, in order; what
 * follows a refused head is not. */
static void pipelined_requests_are_answered_in_order(void **state)
{
    static const char all[] =
        GOOD UNKNOWN CHUNKED REQUEST_WITHIN GOOD WRONG_METHOD GOOD TWO_HOSTS GOOD;
    static const int expected[] = { 200, 404, 200, 404, 200, 405, 200, 400 };
    enum { ANSWERS = sizeof expected / sizeof expected[0] };
    size_t length;
    char *text = harness_expand(&mock, all, sizeof all - 1, &length);

    for (size_t step = 1; step <= length; step += length - 1) {
        int fd = harness_connect(&mock), got[ANSWERS];
        bool is_closed;

        for (size_t at = 0; at < length; at += step)
            harness_send(fd, text + at, step);
        for (size_t i = 0; i < ANSWERS; i++) {
            struct reply answer;

            harness_read(fd, &answer, true);
            got[i] = id_is_new(answer.request_id) ? answer.status : -1;
            reply_fini(&answer);
        }
        is_closed = harness_is_closed(fd);
        close(fd);
        for (size_t i = 0; i < ANSWERS; i++)
            assert_int_equal(got[i], expected[i]);
        assert_true(is_closed);
    }
    free(text);
}

static void one_connection_serves_a_hundred_requests(void **state)
{
    int fd = harness_connect(&mock);
    int good = 0;

    while (good < 100 && good_request_is_answered(fd))
        good++;
    close(fd);
    assert_int_equal(good, 100);
}

#define EXPECTING(auth)                                                                            \
    "POST /v2/contact/{ADA}/channel HTTP/1.1\r\nHost: x\r\n" auth                                  \
    "Content-Type: application/json\r\nContent-Length: 53\r\nExpect: 100-continue\r\n\r\n"

/* 100 Continue comes before the body is sent, and the answer after it. */
static void continue_is_said_to_who_waits_for_it(void **state)
{
    static const char head[] = EXPECTING("Authorization: Bearer {TOKEN}\r\n");
    int fd = harness_connect(&mock);
    struct reply go_on, answer;
    bool next_is_good;

    send_expanded(fd, head, sizeof head - 1);
    harness_read(fd, &go_on, false);
    harness_send(fd, BODY, sizeof BODY - 1);
    harness_read(fd, &answer, true);
    next_is_good = good_request_is_answered(fd);
    close(fd);
    assert_int_equal(go_on.status, 100);
    assert_int_equal(answer.status, 200);
    assert_true(next_is_good);
    reply_fini(&go_on);
    reply_fini(&answer);
}

/* No 100 Continue for a body that will not be read. */
static void no_continue_before_a_refusal(void **state)
{
    static const char head[] = EXPECTING("");
    int fd = harness_connect(&mock);
    struct reply answer;
    bool is_closed;

    send_expanded(fd, head, sizeof head - 1);
    harness_read(fd, &answer, true);
    is_closed = harness_is_closed(fd);
    close(fd);
    assert_int_equal(answer.status, 401);
    assert_true(reply_has(&answer, "Connection: close"));
    assert_true(is_closed);
    reply_fini(&answer);
}

/* A body that ends too soon is 400, and the connection with it. [B2] */
static void body_cut_by_the_client_is_400(void **state)
{
    static const char cut[] = "POST /v2/contact/{ADA}/channel HTTP/1.1\r\nHost: x\r\n"
                              "Authorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\n"
                              "Content-Length: 54\r\n\r\n" BODY;
    int fd = harness_connect(&mock);
    struct reply answer;

    send_expanded(fd, cut, sizeof cut - 1);
    shutdown(fd, SHUT_WR);
    harness_read(fd, &answer, true);
    close(fd);
    assert_int_equal(answer.status, 400);
    assert_true(reply_has(&answer, "X-Mock-Finding: B2 body-truncated"));
    assert_true(reply_has(&answer, "Connection: close"));
    reply_fini(&answer);
}

/* A head that is too long for all buffers of the server is refused too, as 400 or 431. [T8] */
static void head_of_200_kib_is_refused(void **state)
{
    int fd = harness_connect(&mock);
    struct reply answer;
    struct buf request;

    buf_init(&request, REQUEST_BYTES_MAX);
    buf_puts(&request, "GET /_mock/health HTTP/1.1\r\nHost: x\r\nX-Pad: ");
    fill(&request, 'x', HUGE_HEAD_BYTES);
    buf_puts(&request, "\r\n\r\n");
    harness_send(fd, request.data, request.length);
    harness_read(fd, &answer, true);
    close(fd);
    buf_fini(&request);
    assert_true(answer.status == 431 || answer.status == 400);
    assert_true(id_is_new(answer.request_id));
    reply_fini(&answer);
}

#define LARGE                                                                                      \
    "POST /v2/contact/{ADA}/channel HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"      \
    "Content-Type: application/json\r\nContent-Length: 600000\r\n\r\n"

/* Closing at once would reset a client that still sends, and it might lose the answer. [T7] */
static void refusal_reaches_who_is_still_sending(void **state)
{
    int refused = 0;

    for (int i = 0; i < 10; i++) {
        int fd = harness_connect(&mock);
        struct reply first, second;
        struct buf request;

        buf_init(&request, REQUEST_BYTES_MAX);
        buf_puts(&request, GOOD LARGE);
        fill(&request, ' ', 600000);
        send_expanded(fd, request.data, request.length);
        harness_read(fd, &first, true);
        harness_read(fd, &second, true);
        refused += first.status == 200 && second.status == 413 && harness_is_closed(fd);
        close(fd);
        buf_fini(&request);
        reply_fini(&first);
        reply_fini(&second);
    }
    assert_int_equal(refused, 10);
}

static void ipv6_listener_answers_too(void **state)
{
    bool is_good;
    int fd;

    if (mock.port_v6 == 0)
        skip();
    fd = harness_connect_v6(&mock);
    is_good = fd >= 0 && good_request_is_answered(fd);
    close(fd);
    assert_true(is_good);
}

/* Clients that connect and close without a request leave nothing behind. */
static void silent_connections_do_no_harm(void **state)
{
    bool is_good;
    int fd;

    for (int i = 0; i < 200; i++)
        close(harness_connect(&mock));
    fd = harness_connect(&mock);
    is_good = good_request_is_answered(fd);
    close(fd);
    assert_true(is_good);
}

static int group_setup(void **state)
{
    harness_start(&mock, HARNESS_THREADS);
    return 0;
}

static int group_teardown(void **state)
{
    int status = harness_stop(&mock, SIGTERM);

    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

static const struct CMUnitTest by_hand[] = {
    cmocka_unit_test(head_is_answered_without_a_body),
    cmocka_unit_test(pipelined_requests_are_answered_in_order),
    cmocka_unit_test(one_connection_serves_a_hundred_requests),
    cmocka_unit_test(continue_is_said_to_who_waits_for_it),
    cmocka_unit_test(no_continue_before_a_refusal),
    cmocka_unit_test(body_cut_by_the_client_is_400),
    cmocka_unit_test(head_of_200_kib_is_refused),
    cmocka_unit_test(refusal_reaches_who_is_still_sending),
    cmocka_unit_test(ipv6_listener_answers_too),
    cmocka_unit_test(silent_connections_do_no_harm),
};
enum { BY_HAND_COUNT = sizeof by_hand / sizeof by_hand[0], TESTS_MAX = 1024 };

int main(void)
{
    static struct CMUnitTest tests[TESTS_MAX];
    size_t count = 0, i, j;
    json_error_t fault;
    json_t *root = json_load_file(HM_SOURCE "/mock/tests/wire_cases.json",
                                  JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &fault);
    json_t *group, *row;
    int failed;

    if (root == NULL) {
        fprintf(stderr, "wire_cases.json:%d:%d: %s\n", fault.line, fault.column, fault.text);
        return 2;
    }
    json_array_foreach (json_object_get(root, "groups"), i, group) {
        json_array_foreach (json_object_get(group, "cases"), j, row) {
            if (count < TESTS_MAX - BY_HAND_COUNT)
                tests[count++] =
                    (struct CMUnitTest){ .name = json_string_value(json_object_get(row, "id")),
                                         .test_func = row_test,
                                         .initial_state = row };
        }
    }
    memcpy(tests + count, by_hand, sizeof by_hand);
    failed =
        _cmocka_run_group_tests("wire", tests, count + BY_HAND_COUNT, group_setup, group_teardown);
    json_decref(root);
    return failed;
}
