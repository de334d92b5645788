#include "journal/journal_capture.h"

#include "contract/base64url.h"
#include "contract/mask_write.h"
#include "contract/redact.h"
#include "contract/secrets.h"
#include "contract/token_members.h"
#include "exchange/exchange.h"
#include "exchange/finding_text.h"
#include "fault/fault.h"
#include "journal/journal.h"
#include "store/store.h"
#include "support/escape.h"
#include "support/json_text.h"
#include "support/uuid.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    PLAIN_BYTES_MAX = 512,
    AGE_SHOWN_MOST_S = 1000000000,
    ENTRY_BYTES_STEP = 256,   /* sizes are rounded up, so that one entry's memory suits the next */
    ENTRY_BYTES_SPARED = 1024 /* more than this is not wasted on an entry */
};

/* Decodes the next base64url segment of a token and moves *at after its dot. */
static bool segment_take(struct span *decoded, unsigned char *bytes, const char **at,
                         const char *end)
{
    const char *dot = memchr(*at, '.', (size_t)(end - *at));
    size_t length = dot == NULL ? 0 : (size_t)(dot - *at);

    if (length == 0 || base64url_decoded_max(length) > PLAIN_BYTES_MAX ||
        base64url_decode(bytes, &decoded->length, *at, length) != BASE64URL_OK)
        return false;
    decoded->at = (const char *)bytes;
    *at = dot + 1;
    return true;
}

/* Header and claims of a plain token, which nearly all are, are shown as they are. False: something
 * in them may have to be masked. */
static bool plain_token_write(struct buf *out, const struct masking *masking, const char *value,
                              size_t length, const struct hm_secrets *secrets)
{
    unsigned char header_bytes[PLAIN_BYTES_MAX], claims_bytes[PLAIN_BYTES_MAX];
    struct token_header header_members;
    struct token_claims claims_members;
    struct span header, claims;
    const char *at = value + 7, *end = value + length;

    if (length < 7 || strncasecmp(value, "Bearer ", 7) != 0 ||
        !segment_take(&header, header_bytes, &at, end) ||
        !segment_take(&claims, claims_bytes, &at, end) ||
        !header_read_plain(&header_members, &header) ||
        !claims_read_plain(&claims_members, &claims) ||
        (claims_members.iss.kind != MEMBER_ABSENT &&
         !uuid_is_valid(claims_members.iss.text.at, claims_members.iss.text.length) &&
         secrets_find(secrets, claims_members.iss.text.at, claims_members.iss.text.length) ==
             NULL) ||
        !mask_is_clean(masking, claims.at, claims.length))
        return false;
    buf_puts(out, ",\"header\":");
    buf_add(out, header.at, header.length);
    buf_puts(out, ",\"claims\":");
    buf_add(out, claims.at, claims.length);
    return true;
}

static void tree_write(struct buf *out, const struct masking *masking, const char *name,
                       json_t *tree)
{
    size_t left = SIZE_MAX;

    buf_puts(out, name);
    if (tree == NULL)
        buf_puts(out, "null");
    else
        mask_write_value(out, masking, tree, (struct span){ "", 0 }, &left);
    json_decref(tree);
}

static void token_write(struct buf *out, const struct masking *masking, const char *value,
                        size_t length, const struct hm_secrets *secrets)
{
    json_t *header, *claims;

    if (value != NULL && plain_token_write(out, masking, value, length, secrets))
        return;
    token_redact(&header, &claims, value, length, secrets);
    tree_write(out, masking, ",\"header\":", header);
    tree_write(out, masking, ",\"claims\":", claims);
}

/* What is shown of the token is remembered for the next request with the same token. */
static void token_take(struct exchange *x)
{
    struct exchange_memory *memory = &x->memory;
    const struct masking *masking = exchange_masking(x);
    const char *value = private_open(x->request.authorization);

    if (memory->token.length > 0)
        return;
    buf_clear(&memory->token);
    token_write(&memory->token, masking, value, value == NULL ? 0 : x->request.authorization_length,
                store_secrets(x->state->store));
    if (!buf_ok(&memory->token))
        memory->serial = 0; /* to be tried again */
}

/* A path of a route with a UUID and without an escape: all of it may be shown. */
static bool is_path_plain(const struct exchange *x)
{
    return x->contact_uuid[0] != '\0' && x->sandbox->misbehaving == NULL &&
           private_is_set(x->request.path) && strchr(private_open(x->request.path), '%') == NULL;
}

static void path_write(struct buf *out, struct exchange *x)
{
    const struct masking *masking = exchange_masking(x);
    const char *path = !private_is_set(x->request.path) ? "-" : private_open(x->request.path);

    if (is_path_plain(x) && mask_is_clean(masking, path, strlen(path)))
        buf_puts(out, path);
    else
        request_show_path(out, private_text(path), x->request.query, masking);
}

/* JSON as JSON; anything else as a string, in which bytes that are not text are \xNN. @tree NULL:
 * it is not JSON. Returns whether it is whole. */
static bool content_write(struct buf *out, struct exchange *x, json_t *tree, struct span text)
{
    const struct masking *masking = &x->memory.masking;
    size_t left = EXCHANGE_BODY_BYTES_MAX;
    struct buf *work = &x->memory.work;
    bool is_whole;

    if (tree != NULL)
        return mask_write_value(out, masking, tree, text, &left);
    buf_clear(work);
    is_whole = mask_write_text(work, masking, text, EXCHANGE_BODY_BYTES_MAX, escape_terminal);
    json_text_string(out, buf_text(work), work->length);
    return is_whole;
}

/* null: the body was not read. Returns whether it is whole. */
static bool body_write(struct buf *out, struct exchange *x)
{
    const struct masking *masking = &x->memory.masking;

    if (x->body_json == NULL && x->values.type != NULL && x->values.id != NULL) {
        /* Read without a tree, so it has no escapes. */
        if (x->body.length <= EXCHANGE_BODY_BYTES_MAX &&
            mask_is_clean(masking, x->body.data, x->body.length)) {
            buf_add(out, x->body.data, x->body.length);
            return true;
        }
        x->body_json = json_loadb(x->body.data, x->body.length, 0, NULL);
        if (x->body_json == NULL)
            out->status = BUF_NO_MEMORY;
    }
    if (x->body_json == NULL && !x->body_was_read) {
        buf_puts(out, "null");
        return true;
    }
    return content_write(out, x, x->body_json, (struct span){ buf_text(&x->body), x->body.length });
}

/* What only the page shows: how old the token was when it was judged, and the answer. It costs
 * time, so nothing is written while no page is open, and little while very many requests come. */
static void watched_write(struct buf *out, struct exchange *x)
{
    const struct span body = answer_body(&x->answer);
    json_t *tree = NULL;
    bool is_whole;

    if (!x->mock->keeps_answers &&
        (atomic_load_explicit(&x->mock->answers_left, memory_order_relaxed) <= 0 ||
         atomic_fetch_sub_explicit(&x->mock->answers_left, 1, memory_order_relaxed) <= 0))
        return;
    if (x->verdict.has_iat && fabs(x->verdict.age_s) < AGE_SHOWN_MOST_S)
        buf_printf(out, ",\"age_s\":%.0f", floor(x->verdict.age_s));
    if (body.length <= ANSWER_KEPT_BYTES)
        tree = json_loadb(body.at, body.length, JSON_DECODE_ANY, NULL);
    buf_puts(out, ",\"answer\":");
    is_whole = content_write(out, x, tree, body);
    buf_printf(out, ",\"answer_truncated\":%s", is_whole ? "false" : "true");
    json_decref(tree);
}

/* Ends a text and notes where the next one begins. */
static void text_end(struct buf *texts, size_t *next)
{
    buf_putc(texts, '\0');
    *next = texts->length;
}

/* Returns whether the body is whole. */
static bool texts_write(struct buf *texts, size_t at[ENTRY_TEXTS], struct exchange *x)
{
    bool is_whole;

    buf_clear(texts);
    token_take(x);
    at[ENTRY_METHOD] = 0;
    request_show_method(texts, x->request.method, &x->memory.masking);
    text_end(texts, &at[ENTRY_PATH]);
    path_write(texts, x);
    text_end(texts, &at[ENTRY_FINDINGS]);
    findings_write_json(texts, &x->findings);
    text_end(texts, &at[ENTRY_TOKEN]);
    buf_add(texts, buf_text(&x->memory.token), x->memory.token.length);
    text_end(texts, &at[ENTRY_BODY]);
    is_whole = body_write(texts, x);
    text_end(texts, &at[ENTRY_FAULT]);
    fault_write(texts, x->fault, exchange_masking(x));
    text_end(texts, &at[ENTRY_WATCHED]);
    watched_write(texts, x);
    return is_whole;
}

bool journal_entry_fill(struct journal_entry *entry, struct exchange *x)
{
    const struct buf *texts = &x->memory.texts;
    size_t at[ENTRY_TEXTS];
    bool is_body_whole = texts_write(&x->memory.texts, at, x);

    if (!buf_ok(texts) || !buf_ok(&x->memory.token))
        return false;
    *entry = (struct journal_entry){
        .has_team = x->has_team,
        .is_body_whole = is_body_whole,
        .time_s = x->now_s,
        .at_us = x->started_us - x->mock->started_us,
        .us = x->took_us,
        .team_id = x->has_team ? store_team_id(x->state->store, x->team) : 0,
        .status = x->answer.status,
        .operation = x->route.name,
        .mistake_count = x->findings.count,
    };
    memcpy(entry->request_id, x->request_id, sizeof entry->request_id);
    memcpy(entry->sandbox, x->sandbox->id, sizeof entry->sandbox);
    if (mask_is_clean(exchange_masking(x), x->contact_uuid, strlen(x->contact_uuid)))
        memcpy(entry->contact, x->contact_uuid, sizeof entry->contact);
    for (size_t i = 0; i < ENTRY_TEXTS; i++)
        entry->text[i] = texts->data + at[i];
    for (size_t i = 0; i < x->findings.count; i++)
        entry->mistakes[i] = (unsigned short)x->findings.at[i].mistake;
    return true;
}

/* Memory of an entry that left the journal, or new memory. */
static struct journal_entry *entry_alloc(struct exchange *x, size_t bytes)
{
    struct journal_entry *entry = x->memory.spare;

    x->memory.spare = NULL;
    if (entry != NULL && entry->bytes >= bytes && entry->bytes <= bytes + ENTRY_BYTES_SPARED)
        return entry;
    free(entry);
    bytes += ENTRY_BYTES_STEP - bytes % ENTRY_BYTES_STEP;
    entry = malloc(bytes);
    if (entry != NULL)
        entry->bytes = bytes;
    return entry;
}

/* A copy of @filled with texts of its own. NULL: out of memory. */
static struct journal_entry *entry_new(struct exchange *x, const struct journal_entry *filled)
{
    const struct buf *texts = &x->memory.texts;
    struct journal_entry *entry = entry_alloc(x, sizeof *entry + texts->length + 1);
    size_t bytes;

    if (entry == NULL)
        return NULL;
    bytes = entry->bytes;
    *entry = *filled;
    entry->keys = mask_keys_hold(store_mask(x->state->store));
    memcpy(entry->texts, texts->data, texts->length + 1);
    entry->bytes = bytes;
    for (size_t i = 0; i < ENTRY_TEXTS; i++)
        entry->text[i] = entry->texts + (filled->text[i] - texts->data);
    return entry;
}

static void capture(struct exchange *x, struct journal *journal)
{
    struct journal_entry *entry = NULL;
    struct journal_entry filled;

    if (journal == NULL)
        return;
    if (journal_keeps(journal) && journal_entry_fill(&filled, x))
        entry = entry_new(x, &filled);
    free(x->memory.spare);
    x->memory.spare = journal_put(journal, entry);
}

void journal_capture(struct exchange *x)
{
    capture(x, x->sandbox->journal);
    if (x->sandbox != &x->mock->main)
        capture(x, x->mock->beside_journal);
}
