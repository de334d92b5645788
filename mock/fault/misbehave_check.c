#include "fault/misbehave_check.h"

#include "store/store.h"
#include "support/hash.h"
#include "support/uuid.h"
#include <string.h>

/* Is the text among the words, which have a space between? */
static bool is_word(const char *words, size_t words_length, const char *text, size_t length)
{
    const char *end = words + words_length;

    while (words < end) {
        size_t word = strcspn(words, " ");

        if (word == length && memcmp(words, text, length) == 0)
            return true;
        words += word + strspn(words + word, " ");
    }
    return false;
}

static bool has_capitals(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] >= 'A' && text[i] <= 'Z')
            return true;
    }
    return false;
}

/* Where the token is remembered; under the lock. */
static struct seen_token *seen_token(struct misbehaving *misbehaving, const struct exchange *x)
{
    unsigned hash;

    HASH_VALUE(private_open(x->request.authorization), x->request.authorization_length, hash);
    for (size_t i = 0; i < SEEN_TOKENS; i++) {
        if (misbehaving->seen[i].hash == hash)
            return &misbehaving->seen[i];
    }
    struct seen_token *seen = &misbehaving->seen[misbehaving->seen_next];

    misbehaving->seen_next = (misbehaving->seen_next + 1) % SEEN_TOKENS;
    seen->hash = hash;
    seen->uses = 0;
    memcpy(seen->contact, x->contact_uuid, UUID_TEXT);
    return seen;
}

/* Conditions on what came with the same token before. */
static bool history_meets(struct exchange *x, const struct misbehaviour *row)
{
    struct misbehaving *misbehaving = x->sandbox->misbehaving;
    bool is_met;

    pthread_mutex_lock(&misbehaving->lock);
    struct seen_token *seen = seen_token(misbehaving, x);

    if (row->condition == IF_USED_ELSEWHERE) {
        is_met = strcmp(seen->contact, x->contact_uuid) != 0;
    } else if (row->condition == IF_USED_BEFORE) {
        is_met = seen->uses++ >= row->number;
    } else {
        is_met = seen->uses > 0;
        if (hm_findings_refusal(&x->findings) == NULL)
            seen->uses = 1;
    }
    pthread_mutex_unlock(&misbehaving->lock);
    return is_met;
}

/* The token, which follows the scheme; NULL: no header. */
static const char *token_of(const struct exchange *x, size_t *length)
{
    const char *text = private_open(x->request.authorization);
    size_t all = x->request.authorization_length;

    if (text == NULL)
        return NULL;
    size_t scheme = strcspn(text, " ");

    scheme += strspn(text + scheme, " ");
    *length = all > scheme ? all - scheme : 0;
    return text + scheme;
}

/* More in header or claims than everybody sends? */
static bool has_more_members(const struct hm_token *token)
{
    static const char *const usual[] = { "alg", "typ", "iss", "iat" };
    json_t *parts[] = { json_loadb(token->header, token->header_bytes, 0, NULL),
                        json_loadb(token->claims, token->claims_bytes, 0, NULL) };
    size_t members = 0, known = 0;

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        members += json_object_size(parts[i]);
        for (size_t k = 0; k < sizeof usual / sizeof usual[0]; k++)
            known += json_object_get(parts[i], usual[k]) != NULL;
        json_decref(parts[i]);
    }
    return members > known;
}

/* Today's date as text, as in 2024-04-16T00:00:00Z? */
static bool has_today(const char *claims, int64_t now_s)
{
    enum { DAY_TEXT = 10 };
    char now[CLOCK_UTC_TEXT];

    clock_utc(now, now_s);
    now[DAY_TEXT] = '\0';
    return strstr(claims, now) != NULL;
}

static bool is_exp_ahead(const char *claims, int64_t now_s)
{
    json_t *json = json_loads(claims, 0, NULL);
    bool is_ahead = json_number_value(json_object_get(json, "exp")) > (double)now_s;

    json_decref(json);
    return is_ahead;
}

/* Conditions on the token's text. */
static bool token_meets(const struct exchange *x, const struct misbehaviour *row)
{
    struct hm_token token = { 0 };
    size_t length = 0;
    const char *text = token_of(x, &length);
    bool is_met = false;

    if (text == NULL)
        return false;
    if (row->condition == IF_HEADER_IS_NOT)
        return length < strlen(row->text) || memcmp(text, row->text, strlen(row->text)) != 0;
    if (row->condition == IF_TOKEN_IS_LONGER)
        return length > (size_t)row->number;
    if (hm_token_inspect(&token, text, length, NULL) != HM_OK)
        return false;
    if (row->condition == IF_TOKEN_HAS_MORE_MEMBERS)
        is_met = has_more_members(&token);
    else if (row->condition == IF_CLAIMS_HAVE)
        is_met = strpbrk(token.claims, row->text) != NULL;
    else if (row->condition == IF_CLAIMS_HAVE_TODAY)
        is_met = has_today(token.claims, x->now_s);
    else if (row->condition == IF_CLAIMS_DO_NOT_BEGIN)
        is_met = strncmp(token.claims, row->text, strlen(row->text)) != 0;
    else
        is_met = is_exp_ahead(token.claims, x->now_s);
    hm_token_fini(&token);
    return is_met;
}

static bool is_second_secret(const struct exchange *x)
{
    int secret = x->verdict.secret;

    return secret > 0 && store_secret_team(x->state->store, (size_t)secret - 1) == x->team;
}

static bool is_id_first(const char *body)
{
    const char *id = strstr(body, "\"channel_id\""), *type = strstr(body, "\"channel_type\"");

    return id != NULL && type != NULL && id < type;
}

static bool request_meets(struct exchange *x, const struct misbehaviour *row)
{
    const char *type = x->values.type, *content_type = private_open(x->request.content_type);
    const size_t type_length = x->values.type_length;

    switch (row->condition) {
    case IF_ANY:
        return true;
    case IF_SCHEME_IS_NOT:
        return strncmp(private_open(x->request.authorization), row->text, strlen(row->text)) != 0;
    case IF_AGE_AT_LEAST:
        return x->verdict.has_iat && x->verdict.age_s >= (double)row->number;
    case IF_AGE_AT_MOST:
        return x->verdict.has_iat && x->verdict.age_s <= (double)row->number;
    case IF_FIRST_SECRET:
        return !is_second_secret(x);
    case IF_SECOND_SECRET:
        return is_second_secret(x);
    case IF_USED_BEFORE:
    case IF_USED_ELSEWHERE:
    case IF_ACCEPTED_BEFORE:
        return history_meets(x, row);
    case IF_REFUSAL_SAYS:
        return strstr(hm_findings_refusal(&x->findings)->message, row->text) != NULL;
    case IF_FREQUENT:
        return atomic_fetch_add(&x->sandbox->misbehaving->met, 1) >=
               (unsigned long long)row->number;
    case IF_UUID_HAS_CAPITALS:
        return has_capitals(x->route.parameters[0].at, x->route.parameters[0].length);
    case IF_UUID_IS_NOT_RANDOM: /* another version than 4, or another variant than RFC 9562's */
        return x->contact_uuid[14] != '4' || strchr("89ab", x->contact_uuid[19]) == NULL;
    case IF_CONTENT_TYPE_IS_NOT:
        return content_type == NULL || strcmp(content_type, row->text) != 0;
    case IF_CONTENT_TYPE_HAS_CAPITALS:
        return content_type != NULL && has_capitals(content_type, strlen(content_type));
    case IF_CHUNKED:
        return x->request.is_chunked;
    case IF_BODY_HAS:
        return strstr(buf_text(&x->body), row->text) != NULL;
    case IF_BODY_DOES_NOT_BEGIN:
        return strncmp(buf_text(&x->body), row->text, strlen(row->text)) != 0;
    case IF_ID_COMES_FIRST:
        return is_id_first(buf_text(&x->body));
    case IF_ID_IS_LONGER:
        return x->values.id_length > (size_t)row->number;
    case IF_PHONE_DOES_NOT_BEGIN:
        return is_word("phone", 5, type, type_length) &&
               strncmp(x->values.id, row->text, strlen(row->text)) != 0;
    case IF_TYPE_IS:
        return is_word(row->text, strlen(row->text), type, type_length);
    case IF_TYPE_IS_NOT:
        return !is_word(row->text, strlen(row->text), type, type_length);
    case IF_TYPE_HAS_CAPITALS:
        return has_capitals(type, type_length);
    default:
        return token_meets(x, row);
    }
}

/* Are all refusals forgiven, and the first of what is forgiven among them? */
static bool is_forgiven(const struct hm_findings *findings, const char *forgives)
{
    bool has_first = false;

    for (size_t i = 0; i < findings->count; i++) {
        const struct hm_mistake_row *row = hm_mistake_row(findings->at[i].mistake);
        size_t lengths[] = { strcspn(forgives, " "), strlen(forgives) };
        bool is_named[2];

        if (findings->at[i].severity == HM_WARNS)
            continue;
        for (size_t k = 0; k < 2; k++)
            is_named[k] = is_word(forgives, lengths[k], row->code, strlen(row->code)) ||
                          is_word(forgives, lengths[k], row->clause, strlen(row->clause));
        if (strcmp(forgives, "*") == 0)
            is_named[0] = is_named[1] = true;
        if (!is_named[1])
            return false;
        has_first = has_first || is_named[0];
    }
    return has_first;
}

/* Fills in what the check would have found in a good request. */
static void check_complete(struct exchange *x, enum check check)
{
    const struct store *store = x->state->store;

    if (check == CHECK_TOKEN) {
        if (x->verdict.secret < 0 || (size_t)x->verdict.secret >= store_secret_count(store) ||
            x->request.authorization_count != 1)
            x->verdict.secret = 0;
        x->verdict.is_legacy = false;
        x->team = store_secret_team(store, (size_t)x->verdict.secret);
        x->has_team = true;
    }
    if (check == CHECK_CONTACT_ID)
        contact_uuid(x->contact_uuid, store_contact_at(store, 0));
    if (check == CHECK_BODY && x->values.type == NULL) {
        x->values.type = "email";
        x->values.type_length = strlen(x->values.type);
    }
    if (check == CHECK_BODY && x->values.id == NULL) {
        x->values.id = "";
        x->values.id_length = 0;
    }
}

static enum step_result forgive(struct exchange *x, enum check check)
{
    size_t kept = 0;

    for (size_t i = 0; i < x->findings.count; i++) {
        if (x->findings.at[i].severity == HM_WARNS)
            x->findings.at[kept++] = x->findings.at[i];
    }
    x->findings.count = kept;
    x->answer.status = 0;
    x->answer.retry_after_s = 0;
    check_complete(x, check);
    return STEP_NEXT;
}

enum step_result misbehave_judge(struct exchange *x, enum check check, enum step_result result)
{
    struct misbehaving *misbehaving = x->sandbox->misbehaving;
    const struct misbehaviour *row = misbehaving->row;

    if (row->check != check || !misbehaving_concerns(misbehaving, x))
        return result;

    if (row->condition == IF_ACCEPTED_BEFORE && result == STEP_NEXT)
        request_meets(x, row); /* remembers the token */
    if (row->forgives != NULL && result == STEP_ANSWERED &&
        is_forgiven(&x->findings, row->forgives) && request_meets(x, row) &&
        misbehaving_is_due(misbehaving, x))
        return forgive(x, check);
    if (row->refuses != 0 && result == STEP_NEXT && request_meets(x, row) &&
        misbehaving_is_due(misbehaving, x))
        return exchange_refuse(x, row->refuses);
    return result;
}
