/* Fuzz target: requests on the road, one after the other, a fresh mock for each input. Between two
 * of them stands a record separator, 0x1E; each is a method, a blank, a target, a line feed, and
 * the body. They bear a good token, and may call the control plane: its queries, verification,
 * fault rules, clock and doctor are read here.
 *
 * Every answer is whole: a status line, header lines without a control character, and a JSON body.
 */
#include "../tests/stage.h"
#include "journal.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SEPARATOR = 0x1E, KEPT = 8 };

/* CR only before LF, nothing else below a blank. */
static void head_check(const char *head, const char *end)
{
    for (const char *at = head; at < end; at++) {
        bool is_line_end = *at == '\r' && at[1] == '\n';

        if ((unsigned char)*at < ' ' && !is_line_end)
            abort();
        at += is_line_end ? 1 : 0;
    }
}

static void answer_check(const struct exchange *x)
{
    const char *end = strstr(x->answer, "\r\n\r\n");
    size_t length;
    json_t *body;

    if (end == NULL || strncmp(x->answer, "HTTP/1.1 ", 9) != 0)
        abort();
    head_check(x->answer, end);
    length = x->answer_length - (size_t)(end + 4 - x->answer);
    if (length == 0)
        return;
    body = json_loadb(end + 4, length, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
    if (body == NULL)
        abort();
    json_decref(body);
}

/* Makes a request of @text, which it cuts up, and walks the road with it. */
static void request_run(struct stage *stage, char *text, size_t length)
{
    char *body = memchr(text, '\n', length), *target = strchr(text, ' '), *query;

    if (body == NULL || target == NULL || target > body ||
        memchr(text, '\0', (size_t)(body - text)))
        return;
    *body++ = '\0';
    *target++ = '\0';
    query = strchr(target, '?');
    if (query != NULL)
        *query++ = '\0';
    stage_request(stage, text, target, NULL);
    stage->body = body;
    stage->body_length = length - (size_t)(body - text);
    stage->x->request.content_length = (int64_t)stage->body_length;
    stage->x->request.query = query;
    (void)stage_run(stage);
    if (stage->x->delivery == DELIVER_WHOLE)
        answer_check(stage->x);
    exchange_end(stage->x);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct stage *stage;
    char *text = malloc(size + 1);

    if (text == NULL || stage_setup((void **)&stage) != 0)
        abort();
    memcpy(text, data, size);
    text[size] = '\0';
    stage->mock.journal = journal_new(KEPT);
    stage->mock.is_stopping = true; /* nobody waits */
    for (size_t at = 0, length; at < size; at += length + 1) {
        const char *end = memchr(text + at, SEPARATOR, size - at);

        length = end == NULL ? size - at : (size_t)(end - (text + at));
        text[at + length] = '\0';
        request_run(stage, text + at, length);
    }
    journal_free(stage->mock.journal);
    stage_teardown((void **)&stage);
    free(text);
    return 0;
}
