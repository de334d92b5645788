/* The header value around a token: "Bearer <token>" [J1] (RFC 9110 §11.4, RFC 6750 §2.1). */
#include <heymarket/token.h>

#include "contract/token_judge.h"

#include <string.h>
#include <strings.h>

enum { BEARER_LENGTH = 6 };

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct span trim(struct span text)
{
    while (text.length > 0 && is_blank(text.at[0])) {
        text.at++;
        text.length--;
    }
    while (text.length > 0 && is_blank(text.at[text.length - 1]))
        text.length--;
    return text;
}

static struct span skip(struct span text, size_t count)
{
    return (struct span){ text.at + count, text.length - count };
}

static bool equals_nocase(const struct span *text, const char *word)
{
    return text->length == strlen(word) && strncasecmp(text->at, word, text->length) == 0;
}

static bool starts_with(const struct span *text, const char *prefix)
{
    size_t length = strlen(prefix);

    return text->length >= length && memcmp(text->at, prefix, length) == 0;
}

/* What languages print in place of a token that they do not have, or not as text. */
bool is_printed_value(const char *text, size_t length)
{
    const struct span value = { text, length };

    static const char *const words[] = { "undefined", "null",  "None", "nil",  "NaN",
                                         "true",      "false", "NULL", "Array" };
    static const char *const prefixes[] = { "[object ", "<coroutine ", "function ",     "async ",
                                            "Promise ", "Optional(",   "Instance of '", "map[" };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (length == strlen(words[i]) && memcmp(text, words[i], length) == 0)
            return true;
    }
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        if (starts_with(&value, prefixes[i]))
            return true;
    }
    return false;
}

/* Structures, templates and lists of numbers: no token starts so. */
static bool is_structure(const struct span *text)
{
    size_t commas = 0;

    if (text->length > 0 && strchr("[{(<$&%", text->at[0]) != NULL)
        return true;
    for (size_t i = 0; i < text->length; i++) {
        commas += text->at[i] == ',';
        if ((text->at[i] < '0' || text->at[i] > '9') && text->at[i] != ',' && text->at[i] != ' ')
            return false;
    }
    return commas > 0;
}

/* A printed value is shown; a structure may hold the token or a secret and is not. */
static bool check_is_string(struct hm_findings *findings, const struct span *text)
{
    if (starts_with(text, "eyJ")) /* as every token does, and nothing below */
        return true;
    if (is_printed_value(text->at, text->length))
        hm_findings_add(findings, HM_J1_TOKEN_NOT_A_STRING,
                        "in place of a token stands \"%.*s\", a value's printed form",
                        text->length < 24 ? (int)text->length : 24, text->at);
    else if (is_structure(text))
        hm_findings_add(findings, HM_J1_TOKEN_NOT_A_STRING,
                        "in place of a token stands something that starts with '%c': an object, a "
                        "list or a template, printed",
                        text->at[0]);
    else
        return true;
    return false;
}

static bool is_quote(char c)
{
    return c == '"' || c == '\'' || c == '`';
}

/* A quote at either end, also as \" from a string that was encoded twice. */
static bool unquote(struct span *text)
{
    struct span before = *text;

    if (text->length > 0 && text->at[0] == '\\')
        *text = skip(*text, 1);
    if (text->length > 0 && is_quote(text->at[0]))
        *text = skip(*text, 1);
    else
        *text = before;
    if (text->length > 0 && is_quote(text->at[text->length - 1])) {
        text->length--;
        if (text->length > 0 && text->at[text->length - 1] == '\\')
            text->length--;
    }
    return text->length != before.length;
}

static bool has_blank(const struct span *text)
{
    bool is_seen = false;

    for (size_t i = 0; i < text->length; i++)
        is_seen |= is_blank(text->at[i]);
    return is_seen;
}

/* Blanks inside are dropped into @room, so that the rest can be judged. */
static bool remove_blanks(struct span *text, char *room)
{
    size_t kept = 0;

    if (!has_blank(text))
        return false;
    for (size_t i = 0; i < text->length && kept < HM_TOKEN_BYTES_MAX; i++) {
        if (!is_blank(text->at[i]))
            room[kept++] = text->at[i];
    }
    *text = (struct span){ room, kept };
    return true;
}

bool credential_clean(struct judging *judging, struct span *token, char *room)
{
    struct hm_findings *findings = judging->findings;
    struct span outer = *token;

    if (outer.length == 0) {
        hm_findings_add(findings, HM_J1_TOKEN_MISSING, "there is no token");
        return false;
    }
    if (starts_with(token, "b'") || starts_with(token, "b\"")) {
        hm_findings_add(findings, HM_J1_TOKEN_NOT_A_STRING,
                        "the token stands in b'...', as Python prints bytes; text was expected");
        *token = skip(*token, 1);
        (void)unquote(token);
    } else if (unquote(token)) {
        hm_findings_add(findings, HM_J1_BEARER_QUOTED, "the token has a quote at its %s",
                        is_quote(outer.at[0]) || outer.at[0] == '\\' ? "start" : "end");
    }
    if (!check_is_string(findings, token))
        return false;
    if (token->length > HM_TOKEN_BYTES_MAX) {
        hm_findings_add(findings, HM_J1_TOKEN_TOO_LONG,
                        "the token has %zu bytes, at most %d were expected", token->length,
                        HM_TOKEN_BYTES_MAX);
        return false;
    }
    if (remove_blanks(token, room))
        hm_findings_add(findings, HM_J1_TOKEN_WHITESPACE,
                        "blanks or line breaks stand in the token: %zu in all",
                        outer.length - token->length);
    return token->length > 0;
}

/* Only a scheme that is one is shown: a stranger may be a key. */
static const char *scheme_shown(const struct span *scheme)
{
    static const char *const known[] = {
        "Basic",  "Digest", "Token", "JWT",       "Bearer:",
        "ApiKey", "OAuth",  "HMAC",  "Negotiate", "Authorization:"
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (equals_nocase(scheme, known[i]))
            return known[i];
    }
    return "a word that is no known scheme";
}

static struct span first_word(const struct span *text)
{
    struct span word = { text->at, 0 };

    while (word.length < text->length && !is_blank(text->at[word.length]))
        word.length++;
    return word;
}

/* "Bearer" with something else than a blank behind it: Bearer:eyJ..., BearereyJ... */
static bool is_glued_bearer(const struct span *word)
{
    return word->length > BEARER_LENGTH && strncasecmp(word->at, "Bearer", BEARER_LENGTH) == 0;
}

static bool looks_like_token(const struct span *text)
{
    return starts_with(text, "eyJ") || memchr(text->at, '.', text->length) != NULL;
}

/* Takes "Bearer" off, with a finding for whatever stands in its way. False: nothing left to judge.
 */
static bool take_scheme(struct hm_findings *findings, struct span *value)
{
    struct span word = first_word(value);
    struct span rest = trim(skip(*value, word.length));

    if (equals_nocase(&word, "Bearer")) {
        if (rest.length > 0 && value->at[word.length] == '\t')
            hm_findings_add(findings, HM_J1_SCHEME_UNKNOWN,
                            "the word Bearer is followed by a tab, a space was expected");
        *value = rest;
        word = first_word(value);
        if (!equals_nocase(&word, "Bearer"))
            return true;
        hm_findings_add(findings, HM_J1_BEARER_DOUBLED, "the word Bearer stands there twice");
        while (equals_nocase(&word, "Bearer")) {
            *value = trim(skip(*value, word.length));
            word = first_word(value);
        }
        return true;
    }
    if (is_printed_value(value->at, value->length) || is_structure(value) || is_quote(value->at[0]))
        return true;
    if (is_glued_bearer(&word) && (rest.length == 0 || looks_like_token(&word))) {
        char behind = word.at[BEARER_LENGTH];
        bool is_sign = behind == ':' || behind == '=';

        hm_findings_add(findings, is_sign ? HM_J1_SCHEME_UNKNOWN : HM_J1_SCHEME_MISSING,
                        "the word Bearer is followed by '%c', a space was expected", behind);
        *value = skip(*value, BEARER_LENGTH + is_sign);
        if (starts_with(value, "%20"))
            *value = skip(*value, strlen("%20"));
        *value = trim(*value);
        return value->length > 0;
    }
    if (rest.length == 0 || looks_like_token(&word)) {
        hm_findings_add(findings, HM_J1_SCHEME_MISSING,
                        "the Authorization header starts with the token itself");
        return true;
    }
    hm_findings_add(findings, HM_J1_SCHEME_UNKNOWN,
                    "the Authorization header starts with %s, Bearer was expected",
                    scheme_shown(&word));
    *value = rest;
    if (equals_nocase(&word, "Authorization:"))
        return take_scheme(findings, value);
    return looks_like_token(value);
}

/* Two headers that a library has joined into one; the first is judged. */
static void cut_at_second(struct hm_findings *findings, struct span *value)
{
    static const char second[] = ", bearer ";

    if (memchr(value->at, ',', value->length) == NULL)
        return;
    for (size_t i = 0; i + sizeof second - 1 <= value->length; i++) {
        if (strncasecmp(value->at + i, second, sizeof second - 1) != 0)
            continue;
        hm_findings_add(findings, HM_J1_AUTHORIZATION_REPEATED,
                        "the Authorization header holds two values, joined with a comma");
        value->length = i;
        return;
    }
}

static enum hm_code judge_value(struct judging *judging, struct span value, struct hm_error *err)
{
    char room[HM_TOKEN_BYTES_MAX];

    value = trim(value);
    if (value.length == 0) {
        hm_findings_add(judging->findings, HM_J1_AUTHORIZATION_MISSING,
                        "the Authorization header is empty");
        return HM_OK;
    }
    if (is_quote(value.at[0]) && unquote(&value)) {
        hm_findings_add(judging->findings, HM_J1_BEARER_QUOTED,
                        "the Authorization header's value stands in quotes");
        value = trim(value);
    }
    cut_at_second(judging->findings, &value);
    if (value.length == 0 || !take_scheme(judging->findings, &value))
        return HM_OK;
    if (!credential_clean(judging, &value, room))
        return HM_OK;
    return token_judge(judging, value.at, value.length, err);
}

enum hm_code bearer_judge(struct judging *judging, const char *value, size_t length,
                          struct hm_error *err)
{
    if (value != NULL)
        return judge_value(judging, (struct span){ value, length }, err);
    hm_findings_add(judging->findings, HM_J1_AUTHORIZATION_MISSING,
                    "the request has no Authorization header");
    return HM_OK;
}

enum hm_code hm_authorization_verify(struct hm_verdict *verdict, const char *value, size_t length,
                                     const struct hm_secrets *secrets,
                                     const struct hm_token_policy *policy, int64_t now,
                                     struct hm_error *err)
{
    struct judging judging;
    enum hm_code code;

    judging_init(&judging, verdict, secrets, policy, now);
    code = bearer_judge(&judging, value, length, err);
    return code == HM_OK ? token_conclude(&judging, err) : code;
}

enum hm_code hm_token_verify(struct hm_verdict *verdict, const char *token, size_t length,
                             const struct hm_secrets *secrets, const struct hm_token_policy *policy,
                             int64_t now, struct hm_error *err)
{
    struct judging judging;
    struct span text = { token, length };
    char room[HM_TOKEN_BYTES_MAX];
    enum hm_code code = HM_OK;

    judging_init(&judging, verdict, secrets, policy, now);
    if (credential_clean(&judging, &text, room))
        code = token_judge(&judging, text.at, text.length, err);
    return code == HM_OK ? token_conclude(&judging, err) : code;
}
