#include "exchange_json.h"

#include "base64url.h"
#include "exchange.h"
#include "fault.h"
#include "finding.h"
#include "json_text.h"
#include "mask.h"
#include "redact.h"
#include "secrets.h"
#include "store.h"
#include "token_members.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { PLAIN_BYTES_MAX = 512 };

void exchange_memory_init(struct exchange_memory *memory)
{
    memory->time_s = INT64_MIN;
    memory->masked_by = 0;
    memory->spare = NULL;
    buf_init(&memory->path, EXCHANGE_KEPT_BYTES);
    buf_init(&memory->shown_path, EXCHANGE_KEPT_BYTES);
    buf_init(&memory->authorization, HM_TOKEN_BYTES_MAX);
    buf_init(&memory->token, EXCHANGE_JSON_BYTES_MAX);
    buf_init(&memory->work, EXCHANGE_JSON_BYTES_MAX);
    buf_init(&memory->texts, EXCHANGE_JSON_BYTES_MAX);
}

void exchange_memory_fini(struct exchange_memory *memory)
{
    buf_fini(&memory->path);
    buf_fini(&memory->shown_path);
    buf_fini(&memory->authorization);
    buf_fini(&memory->token);
    buf_fini(&memory->work);
    buf_fini(&memory->texts);
    free(memory->spare);
}

static struct masking masking_of(const struct exchange *x)
{
    struct masking masking = { .mask = store_mask(x->state->store) };

    masking_take_signature(&masking, x->request.authorization, x->request.authorization_length);
    return masking;
}

void exchange_write_method(struct buf *out, const struct exchange *x)
{
    const char *method = x->request.method == NULL ? "-" : x->request.method;
    size_t length = strnlen(method, METHOD_SHOWN_MAX);
    struct masking masking = masking_of(x);

    if (mask_find(&masking, method, length, 0).kind == MASK_NOTHING)
        escape_terminal(out, method, length);
    else
        buf_puts(out, "<known key>");
}

/* The path as it is shown: once for an exchange, and for the next one with the same path. */
static const struct buf *path_text(struct exchange *x)
{
    struct exchange_memory *memory = &x->memory;
    struct masking masking = { .mask = store_mask(x->state->store) };
    const char *path = x->request.path;

    if (memory->path.length > 0 && memory->path_masked_by == mask_serial(masking.mask) &&
        strcmp(buf_text(&memory->path), path) == 0)
        return &memory->shown_path;
    buf_clear(&memory->shown_path);
    route_show_path(&memory->shown_path, path);
    mask_overwrite(&masking, memory->shown_path.data, memory->shown_path.length);
    memory->path_masked_by = mask_serial(masking.mask);
    buf_clear(&memory->path);
    if (buf_ok(&memory->shown_path))
        buf_puts(&memory->path, path);
    return &memory->shown_path;
}

void exchange_write_path(struct buf *out, struct exchange *x)
{
    const struct buf *shown;

    if (x->request.path == NULL) {
        buf_putc(out, '-');
        return;
    }
    shown = path_text(x);
    buf_add(out, buf_text(shown), shown->length);
}

/* As a JSON string, whatever its length. */
static void text_write(struct buf *out, const struct masking *masking, const struct buf *text)
{
    size_t left = SIZE_MAX;

    mask_write_string(out, masking, buf_text(text), text->length, &left);
}

static void time_write(struct buf *out, struct exchange_memory *memory, int64_t now_s)
{
    if (memory->time_s != now_s)
        clock_utc(memory->time, now_s);
    memory->time_s = now_s;
    buf_puts(out, memory->time);
}

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

/* The token's part of the text, remembered for the next request with the same one. */
static const struct buf *token_text(struct exchange *x, const struct masking *masking)
{
    struct exchange_memory *memory = &x->memory;
    const struct request *request = &x->request;
    size_t length = request->authorization == NULL ? 0 : request->authorization_length;

    if (memory->masked_by == mask_serial(masking->mask) && length > 0 &&
        length == memory->authorization.length &&
        memcmp(memory->authorization.data, request->authorization, length) == 0)
        return &memory->token;
    buf_clear(&memory->token);
    token_write(&memory->token, masking, request->authorization, length,
                store_secrets(x->state->store));
    buf_clear(&memory->authorization);
    buf_add(&memory->authorization, request->authorization, length);
    memory->masked_by =
        buf_ok(&memory->authorization) && buf_ok(&memory->token) ? mask_serial(masking->mask) : 0;
    return &memory->token;
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

/* JSON as JSON; what is none as a string, in which bytes that are no text are \xNN. A body that
 * nobody read is null. Returns whether it is all there. */
static bool body_write(struct buf *out, struct exchange *x, const struct masking *masking)
{
    size_t left = EXCHANGE_BODY_BYTES_MAX;
    struct buf *work = &x->memory.work;

    if (x->body_json != NULL)
        return mask_write_value(out, masking, x->body_json, &left);
    if (x->values.type != NULL && x->values.id != NULL)
        return values_write(out, masking, &x->values);
    if (!x->body_was_read) {
        buf_puts(out, "null");
        return true;
    }
    buf_clear(work);
    escape_terminal(work, buf_text(&x->body), x->body.length);
    return mask_write_string(out, masking, buf_text(work), work->length, &left);
}

void exchange_write_json(struct buf *out, struct exchange *x, int64_t us, bool with_body)
{
    struct masking masking = masking_of(x);
    struct buf *work = &x->memory.work;
    const struct buf *token;
    bool is_whole = true;

    buf_puts(out, "{\"v\":1,\"request_id\":\"");
    buf_puts(out, x->request_id);
    buf_puts(out, "\",\"time\":\"");
    time_write(out, &x->memory, x->now_s);
    buf_puts(out, "\",\"at_us\":"); /* monotonic, since the mock started: for who measures waits */
    json_text_integer(out, x->started_us - x->mock->started_us);
    buf_puts(out, ",\"method\":");
    buf_clear(work);
    exchange_write_method(work, x);
    text_write(out, &masking, work);
    buf_puts(out, ",\"path\":");
    buf_clear(work);
    exchange_write_path(work, x);
    text_write(out, &masking, work);
    buf_puts(out, ",\"status\":");
    json_text_integer(out, x->status);
    buf_puts(out, ",\"us\":");
    json_text_integer(out, us);
    buf_puts(out, ",\"team\":");
    if (x->has_team)
        json_text_integer(out, store_team_id(x->state->store, x->team));
    else
        buf_puts(out, "null");
    buf_puts(out, ",\"contact\":");
    json_text_puts(out, x->contact_uuid[0] == '\0' ? NULL : x->contact_uuid);
    buf_puts(out, ",\"findings\":");
    findings_write_json(out, &x->findings);
    token = token_text(x, &masking);
    buf_add(out, buf_text(token), token->length);
    if (with_body) {
        buf_puts(out, ",\"body\":");
        is_whole = body_write(out, x, &masking);
        buf_puts(out, is_whole ? ",\"body_truncated\":false" : ",\"body_truncated\":true");
    }
    buf_puts(out, ",\"fault\":");
    fault_write(out, x);
    buf_putc(out, '}');
}
