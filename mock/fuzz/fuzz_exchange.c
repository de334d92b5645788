/* Fuzz target: requests, one after the other, to a new mock for each input. A record separator,
 * 0x1E, separates them; each is a method, a space, a target, a line feed and the body. They have a
 * good token and are JSON, unless header fields follow the target, each after a tab. They may call
 * the control plane, so its queries, verification, fault rules, clock and doctor are covered too.
 *
 * Every answer is complete: a status line, header lines without control characters, the length of
 * the body, a JSON body; and it has no key of the world that was not sent.
 */
#define _GNU_SOURCE /* memmem(); NOLINT(bugprone-reserved-identifier) */
#include "fuzz/fuzz.h"

#include "http/fields.h"
#include "journal/journal.h"
#include "operation/limit.h"
#include "sandbox/sandboxes.h"
#include "tests/stage.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SEPARATOR = 0x1E, KEPT = 8, ADMITTED = 6, KEYS = 4 };

/* Of the sandbox that is there when an input names it. */
#define SANDBOX "1d000000-0000-4000-8000-000000000000"

/* Parts of the world's keys: one that is too long to be sent by chance, and one of
 * MASK_PREFIX_BYTES, which is always masked. */
static const char key_part[] = "FakeKeyOf";
static const char *const masked_parts[] = { "FakeKeyOfTeamOne", "FakeKeyOfTeamTwo" };

static bool has_part(const void *bytes, size_t length, const char *part)
{
    return length > 0 && memmem(bytes, length, part, strlen(part)) != NULL;
}

/* CR only before LF, no other control character. */
static void head_check(const char *head, const char *end)
{
    for (const char *at = head; at < end; at++) {
        bool is_line_end = *at == '\r' && at[1] == '\n';

        must((unsigned char)*at >= ' ' || is_line_end);
        at += is_line_end ? 1 : 0;
    }
}

static void answer_check(const struct exchange *x)
{
    static const char field[] = "\r\nContent-Length: ";
    const char *head = x->answer.parts[0].at, *end = strstr(head, "\r\n\r\n");
    const char *said = strstr(head, field);
    size_t length;
    json_t *body;

    must(end != NULL && strncmp(head, "HTTP/1.1 ", 9) == 0);
    head_check(head, end);
    length = x->answer.parts[0].length - (size_t)(end + 4 - head);
    if (length == 0)
        return;
    must(said != NULL && said < end && strtoumax(said + sizeof field - 1, NULL, 10) == length);
    body = json_loadb(end + 4, length, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY,
                      NULL);
    must(body != NULL);
    json_decref(body);
}

/* Reads the header fields after the target, in place of the usual ones; modifies the text. */
static void request_fields(struct stage *stage, char *fields)
{
    struct request *request = &stage->x->request;
    struct framing_head head = { .version = "1.1" };

    request->authorization = request->content_type = private_text(NULL);
    request->authorization_count = request->authorization_length = 0;
    for (char *next; fields != NULL && head.field_count < HEADERS_MAX; fields = next) {
        char *colon = strchr(fields, ':');

        next = strchr(fields, '\t');
        if (next != NULL)
            *next++ = '\0';
        if (colon == NULL || (next != NULL && colon >= next))
            continue;
        *colon++ = '\0';
        framing_add_field(&head, fields, colon + strspn(colon, " "));
    }
    fields_take(request, &head);
}

/* Makes a request of @text, which is modified, and runs it. */
static void request_run(struct stage *stage, struct token_memory *memory, char *text, size_t length,
                        bool is_key_sent)
{
    char *body = memchr(text, '\n', length), *target = strchr(text, ' '), *query, *fields;

    if (body == NULL || target == NULL || target > body ||
        memchr(text, '\0', (size_t)(body - text)))
        return;
    *body++ = '\0';
    *target++ = '\0';
    fields = strchr(target, '\t');
    if (fields != NULL)
        *fields++ = '\0';
    query = strchr(target, '?');
    if (query != NULL)
        *query++ = '\0';
    stage_request(stage, text, target, NULL);
    stage->body = body;
    stage->body_length = length - (size_t)(body - text);
    stage->x->request.content_length = (int64_t)stage->body_length;
    stage->x->request.query = private_text(query);
    stage->x->token_memory = memory;
    if (fields != NULL)
        request_fields(stage, fields);
    (void)stage_run(stage);
    findings_check(&stage->x->findings);
    if (stage->x->answer.delivery == DELIVER_WHOLE)
        answer_check(stage->x);
    for (size_t i = 0; i < sizeof masked_parts / sizeof masked_parts[0]; i++)
        must(is_key_sent || !has_part(stage->x->answer.parts[0].at,
                                      stage->x->answer.parts[0].length, masked_parts[i]));
    dispatch_end(stage->x);
}

static void sandbox_add(struct stage *stage)
{
    struct sandbox_record record = { .id = SANDBOX, .ttl_s = SANDBOX_TTL_S_MOST };
    struct state *state;

    record.created_s = time(NULL);
    must(sandbox_world_load(&state, &record, &stage->mock.main.slot, NULL) == HM_OK);
    must(sandboxes_add(stage->mock.sandboxes, &record, state->store, NULL) == HM_OK);
    state_release(state);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct token_memory memory = { 0 };
    struct stage *stage = NULL;
    char *text = malloc(size + 1);
    bool is_key_sent = has_part(data, size, key_part);

    must(text != NULL && stage_setup((void **)&stage) == 0);
    must(limit_new(&stage->mock.main.slot.initial->limit, KEYS, ADMITTED, NULL) == HM_OK);
    memcpy(text, data, size);
    text[size] = '\0';
    stage->mock.main.journal = journal_new(KEPT);
    stage->mock.is_stopping = true; /* no request waits */
    if (has_part(data, size, &SANDBOX[2]))
        sandbox_add(stage);
    for (size_t at = 0, length; at < size; at += length + 1) {
        const char *end = memchr(text + at, SEPARATOR, size - at);

        length = end == NULL ? size - at : (size_t)(end - (text + at));
        text[at + length] = '\0';
        request_run(stage, &memory, text + at, length, is_key_sent);
    }
    stage_teardown((void **)&stage);
    free(text);
    return 0;
}
