/* What a request must be for a behaviour to meet it. */
#include "fault/misbehave_row.h"

#include "store/store.h"
#include "support/hash.h"
#include "support/text.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

HIT(always)
{
    (void)x;
    (void)row;
    return true;
}

HIT(age_at_least)
{
    return x->verdict.has_iat && x->verdict.age_s >= (double)row->number;
}

HIT(age_at_most)
{
    return x->verdict.has_iat && x->verdict.age_s <= (double)row->number;
}

/* Is the secret the team's second one? */
HIT(second_secret)
{
    int secret = x->verdict.secret;

    (void)row;
    return secret > 0 && store_secret_team(x->state->store, (size_t)secret - 1) == x->team;
}

HIT(first_secret)
{
    return !hit_second_secret(x, row);
}

/* Where the token is remembered; under the lock. */
static size_t seen_index(struct misbehaving *misbehaving, const struct exchange *x)
{
    size_t at = 0;
    unsigned hash;

    HASH_VALUE(x->request.authorization, x->request.authorization_length, hash);
    while (at < SEEN_TOKENS && misbehaving->seen[at] != hash)
        at++;
    if (at < SEEN_TOKENS)
        return at;
    at = misbehaving->seen_next;
    misbehaving->seen_next = (at + 1) % SEEN_TOKENS;
    misbehaving->seen[at] = hash;
    misbehaving->seen_uses[at] = 0;
    memcpy(misbehaving->seen_contact[at], x->contact_uuid, UUID_TEXT);
    return at;
}

/* Has the same token come row->number times before? */
HIT(used_before)
{
    struct misbehaving *misbehaving = x->mock->misbehaving;
    unsigned uses;

    pthread_mutex_lock(&misbehaving->lock);
    uses = misbehaving->seen_uses[seen_index(misbehaving, x)]++;
    pthread_mutex_unlock(&misbehaving->lock);
    return uses >= row->number;
}

/* Has it come before for another contact? */
HIT(used_elsewhere)
{
    struct misbehaving *misbehaving = x->mock->misbehaving;
    bool is_other;

    (void)row;
    pthread_mutex_lock(&misbehaving->lock);
    is_other = strcmp(misbehaving->seen_contact[seen_index(misbehaving, x)], x->contact_uuid) != 0;
    pthread_mutex_unlock(&misbehaving->lock);
    return is_other;
}

/* Was it let in before? Asked of what is let in, too, it notes that. */
HIT(let_in_before)
{
    struct misbehaving *misbehaving = x->mock->misbehaving;
    size_t at;
    bool was;

    (void)row;
    pthread_mutex_lock(&misbehaving->lock);
    at = seen_index(misbehaving, x);
    was = misbehaving->seen_uses[at] > 0;
    if (hm_findings_refusal(&x->findings) == NULL)
        misbehaving->seen_uses[at] = 1;
    pthread_mutex_unlock(&misbehaving->lock);
    return was;
}

HIT(refusal_says)
{
    const struct hm_finding *refusal = hm_findings_refusal(&x->findings);

    return refusal != NULL && strstr(refusal->message, row->text) != NULL;
}

HIT(often)
{
    return atomic_fetch_add(&x->mock->misbehaving->met, 1) >= (unsigned long long)row->number;
}

HIT(scheme_is_other_case)
{
    (void)row;
    return strncmp(x->request.authorization, "Bearer ", 7) != 0;
}

/* The token, behind the scheme. */
static const char *token_of(const struct exchange *x, size_t *length)
{
    const char *text = x->request.authorization;
    size_t scheme = text == NULL ? 0 : strcspn(text, " ");

    if (text == NULL)
        return NULL;
    scheme += strspn(text + scheme, " ");
    *length =
        x->request.authorization_length > scheme ? x->request.authorization_length - scheme : 0;
    return text + scheme;
}

HIT(header_is_other)
{
    size_t length = 0, wanted = strlen(row->text);
    const char *token = token_of(x, &length);

    return token != NULL && (length < wanted || memcmp(token, row->text, wanted) != 0);
}

HIT(token_is_long)
{
    size_t length = 0;

    return token_of(x, &length) != NULL && length > (size_t)row->number;
}

/* The claims as they were sent, free() them; NULL: there are none. */
static char *claims_of(const struct exchange *x)
{
    struct hm_token token = { 0 };
    size_t length = 0;
    const char *text = token_of(x, &length);
    char *claims;

    if (text == NULL || hm_token_inspect(&token, text, length, NULL) != HM_OK)
        return NULL;
    claims = token.claims;
    token.claims = NULL;
    hm_token_fini(&token);
    return claims;
}

HIT(claims_have)
{
    char *claims = claims_of(x);
    bool has = claims != NULL && strpbrk(claims, row->text) != NULL;

    free(claims);
    return has;
}

/* Today's date as text, as in 2024-04-16T00:00:00Z? */
HIT(claims_have_today)
{
    enum { DATE_TEXT = 32, DAY_TEXT = 10 };
    char *claims = claims_of(x);
    struct buf day;
    bool has;

    (void)row;
    buf_init(&day, DATE_TEXT);
    append_utc(&day, x->now_s);
    has = claims != NULL && buf_ok(&day) && day.length > DAY_TEXT;
    if (has)
        day.data[DAY_TEXT] = '\0';
    has = has && strstr(claims, day.data) != NULL;
    buf_fini(&day);
    free(claims);
    return has;
}

HIT(claims_begin_otherwise)
{
    char *claims = claims_of(x);
    bool is_other = claims != NULL && strncmp(claims, row->text, strlen(row->text)) != 0;

    free(claims);
    return is_other;
}

/* Is there more in header or claims than everybody sends? */
HIT(claims_have_more)
{
    static const char *const usual[] = { "alg", "typ", "iss", "iat", NULL };
    struct hm_token token = { 0 };
    size_t length = 0, members = 0, known = 0;
    const char *text = token_of(x, &length);
    json_t *parts[2];

    (void)row;
    if (text == NULL || hm_token_inspect(&token, text, length, NULL) != HM_OK)
        return false;
    parts[0] = json_loadb(token.header, token.header_bytes, 0, NULL);
    parts[1] = json_loadb(token.claims, token.claims_bytes, 0, NULL);
    for (size_t i = 0; i < 2; i++) {
        members += json_object_size(parts[i]);
        for (size_t k = 0; usual[k] != NULL; k++)
            known += json_object_get(parts[i], usual[k]) != NULL;
        json_decref(parts[i]);
    }
    hm_token_fini(&token);
    return members > known;
}

HIT(expiry_is_ahead)
{
    char *claims = claims_of(x);
    json_t *json = claims == NULL ? NULL : json_loads(claims, 0, NULL);
    bool is_ahead = json_number_value(json_object_get(json, "exp")) > (double)x->now_s;

    (void)row;
    json_decref(json);
    free(claims);
    return is_ahead;
}

static bool has_capitals(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] >= 'A' && text[i] <= 'Z')
            return true;
    }
    return false;
}

HIT(uuid_has_capitals)
{
    (void)row;
    return has_capitals(x->route.parameter, x->route.parameter_length);
}

/* Another version than 4, or another variant than RFC 9562's. */
HIT(uuid_is_not_random)
{
    (void)row;
    return x->contact_uuid[14] != '4' || strchr("89ab", x->contact_uuid[19]) == NULL;
}

HIT(type_header_is_other)
{
    return x->request.content_type == NULL || strcmp(x->request.content_type, row->text) != 0;
}

HIT(type_header_has_capitals)
{
    const char *type = x->request.content_type;

    (void)row;
    return type != NULL && has_capitals(type, strlen(type));
}

HIT(type_is_strange)
{
    const char *known = row->text;

    while (*known != '\0') {
        size_t length = strcspn(known, " ");

        if (length == x->values.type_length && memcmp(known, x->values.type, length) == 0)
            return false;
        known += length + strspn(known + length, " ");
    }
    return true;
}

HIT(type_has_capitals)
{
    (void)row;
    return has_capitals(x->values.type, x->values.type_length);
}

HIT(type_is)
{
    return !hit_type_is_strange(x, row);
}

/* A phone that begins with something else than row->text. */
HIT(id_begins_otherwise)
{
    return x->values.type_length == 5 && memcmp(x->values.type, "phone", 5) == 0 &&
           strncmp(x->values.id, row->text, strlen(row->text)) != 0;
}

HIT(id_is_long)
{
    return x->values.id_length > (size_t)row->number;
}

HIT(body_has)
{
    return strstr(buf_text(&x->body), row->text) != NULL;
}

HIT(body_begins_otherwise)
{
    return strncmp(buf_text(&x->body), row->text, strlen(row->text)) != 0;
}

HIT(id_comes_first)
{
    const char *id = strstr(buf_text(&x->body), "\"channel_id\"");
    const char *type = strstr(buf_text(&x->body), "\"channel_type\"");

    (void)row;
    return id != NULL && type != NULL && id < type;
}

HIT(is_chunked)
{
    (void)row;
    return x->request.is_chunked;
}
