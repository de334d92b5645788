#include "journal/exchange_json.h"

#include "contract/base64url.h"
#include "contract/mask_write.h"
#include "contract/redact.h"
#include "contract/secrets.h"
#include "contract/token_members.h"
#include "exchange/exchange.h"
#include "exchange/finding_text.h"
#include "journal/journal.h"
#include "store/fault.h"
#include "store/store.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { PLAIN_BYTES_MAX = 512 };

/* The next base64url segment of a token, decoded; moves *at behind its dot. */
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

/* A token as nearly all are: header and claims are shown as they stand in it, when they hold
 * nothing but what may be shown. */
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
        mask_find(masking, claims.at, claims.length, 0).kind != MASK_NOTHING)
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
        mask_write_value(out, masking, tree, &left);
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

/* Takes over what the request's token leads to: what is shown of it, and what else must not be
 * shown. Remembered for the next request with the same one. */
static void token_take(struct exchange *x)
{
    struct exchange_memory *memory = &x->memory;
    const struct mask *mask = store_mask(x->state->store);
    const char *value = x->request.authorization;
    size_t length = value == NULL ? 0 : x->request.authorization_length;

    memory->masking.mask = mask;
    if (length > 0 && memory->serial == mask_serial(mask) &&
        length == memory->authorization.length &&
        memcmp(memory->authorization.data, value, length) == 0)
        return;
    buf_clear(&memory->path);
    buf_clear(&memory->token);
    buf_clear(&memory->authorization);
    if (length > 0)
        buf_add(&memory->authorization, value, length);
    if (memory->authorization.length > 0)
        value = memory->authorization.data;
    masking_take_signature(&memory->masking, value, length);
    token_write(&memory->token, &memory->masking, value, length, store_secrets(x->state->store));
    memory->serial =
        memory->authorization.length > 0 && buf_ok(&memory->token) ? mask_serial(mask) : 0;
}

/* "-" where there was no telling. */
static void method_write(struct buf *out, const struct exchange *x)
{
    const char *method = x->request.method == NULL ? "-" : x->request.method;
    size_t length = strnlen(method, METHOD_SHOWN_MAX);

    if (mask_find(&x->memory.masking, method, length, 0).kind == MASK_NOTHING)
        escape_terminal(out, method, length);
    else
        buf_puts(out, "<known key>");
}

/* The path as it is shown, remembered for the next request with the same one. */
static void path_write(struct buf *out, struct exchange *x)
{
    struct exchange_memory *memory = &x->memory;
    const char *path = x->request.path == NULL ? "-" : x->request.path;

    if (memory->path.length == 0 || strcmp(memory->path.data, path) != 0) {
        buf_clear(&memory->shown_path);
        request_show_path(&memory->shown_path, path);
        mask_overwrite(&memory->masking, memory->shown_path.data, memory->shown_path.length);
        buf_clear(&memory->path);
        if (buf_ok(&memory->shown_path))
            buf_puts(&memory->path, path);
    }
    buf_add(out, buf_text(&memory->shown_path), memory->shown_path.length);
}

static void member_write(struct buf *out, const struct masking *masking, const char *name,
                         const char *text, size_t length, size_t *left, bool *is_whole)
{
    buf_puts(out, name);
    if (!mask_write_string(out, masking, text, length, left))
        *is_whole = false;
}

/* The two members that were read without a tree, in their order. */
static bool values_write(struct buf *out, const struct masking *masking,
                         const struct channel_values *values)
{
    size_t left = EXCHANGE_BODY_BYTES_MAX;
    bool is_whole = true, is_type_first = values->type < values->id;

    if (is_type_first)
        member_write(out, masking, "{\"channel_type\":", values->type, values->type_length, &left,
                     &is_whole);
    member_write(out, masking, is_type_first ? ",\"channel_id\":" : "{\"channel_id\":", values->id,
                 values->id_length, &left, &is_whole);
    if (!is_type_first)
        member_write(out, masking, ",\"channel_type\":", values->type, values->type_length, &left,
                     &is_whole);
    buf_putc(out, '}');
    return is_whole;
}

/* Such a body has no escapes: what is not in its text is not in its values. */
static bool is_shown_as_it_came(const struct buf *body, const struct masking *masking)
{
    return body->length <= EXCHANGE_BODY_BYTES_MAX &&
           mask_find(masking, body->data, body->length, 0).kind == MASK_NOTHING;
}

/* JSON as JSON; what is none as a string, in which bytes that are no text are \xNN. A body that
 * nobody read is null. Returns whether it is all there. */
static bool body_write(struct buf *out, struct exchange *x)
{
    const struct masking *masking = &x->memory.masking;
    size_t left = EXCHANGE_BODY_BYTES_MAX;
    struct buf *work = &x->memory.work;

    if (x->body_json != NULL)
        return mask_write_value(out, masking, x->body_json, &left);
    if (x->values.type != NULL && x->values.id != NULL) {
        if (!is_shown_as_it_came(&x->body, masking))
            return values_write(out, masking, &x->values);
        buf_add(out, x->body.data, x->body.length);
        return true;
    }
    if (!x->body_was_read) {
        buf_puts(out, "null");
        return true;
    }
    buf_clear(work);
    escape_terminal(work, buf_text(&x->body), x->body.length);
    return mask_write_string(out, masking, buf_text(work), work->length, &left);
}

enum { TEXTS = 6 };

/* All texts, each with its NUL. Returns whether the body is all there. */
static bool texts_write(struct buf *texts, size_t starts[TEXTS], struct exchange *x)
{
    bool is_whole;

    buf_clear(texts);
    token_take(x);
    starts[0] = texts->length;
    method_write(texts, x);
    buf_putc(texts, '\0');
    starts[1] = texts->length;
    path_write(texts, x);
    buf_putc(texts, '\0');
    starts[2] = texts->length;
    findings_write_json(texts, &x->findings);
    buf_putc(texts, '\0');
    starts[3] = texts->length;
    buf_add(texts, buf_text(&x->memory.token), x->memory.token.length);
    buf_putc(texts, '\0');
    starts[4] = texts->length;
    is_whole = body_write(texts, x);
    buf_putc(texts, '\0');
    starts[5] = texts->length;
    fault_write(texts, x->fault);
    return is_whole;
}

bool exchange_tell(struct journal_entry *told, struct exchange *x)
{
    const struct buf *texts = &x->memory.texts;
    size_t starts[TEXTS];
    bool is_body_whole = texts_write(&x->memory.texts, starts, x);

    if (!buf_ok(texts) || !buf_ok(&x->memory.token))
        return false;
    *told = (struct journal_entry){
        .has_team = x->has_team,
        .is_body_whole = is_body_whole,
        .time_s = x->now_s,
        .at_us = x->started_us - x->mock->started_us,
        .us = x->took_us,
        .team_id = x->has_team ? store_team_id(x->state->store, x->team) : 0,
        .status = x->answer.status,
        .method = texts->data + starts[0],
        .path = texts->data + starts[1],
        .findings = texts->data + starts[2],
        .token = texts->data + starts[3],
        .body = texts->data + starts[4],
        .fault = texts->data + starts[5],
        .mistake_count = x->findings.count,
    };
    memcpy(told->request_id, x->request_id, sizeof told->request_id);
    memcpy(told->contact, x->contact_uuid, sizeof told->contact);
    for (size_t i = 0; i < x->findings.count; i++)
        told->mistakes[i] = (unsigned short)x->findings.at[i].mistake;
    return true;
}
