#include "contract/authorization.h"

#include "contract/token_verify.h"
#include "support/quoted.h"

enum { BEARER_LENGTH = 6, SHOWN_BYTES_MAX = 24 };

bool is_printed_value(struct span text)
{
    static const char *const words[] = { "undefined", "null",  "None", "nil",  "NaN",
                                         "true",      "false", "NULL", "Array" };
    static const char *const prefixes[] = { "[object ", "<coroutine ", "function ",     "async ",
                                            "Promise ", "Optional(",   "Instance of '", "map[" };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (span_is(text, words[i]))
            return true;
    }
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        if (span_starts(text, prefixes[i]))
            return true;
    }
    return false;
}

/* A printed object, a template or a list of numbers; no token starts like these. */
static bool is_structure(struct span text)
{
    size_t commas = 0;

    if (text.length > 0 && is_one_of(text.at[0], "[{(<$&%"))
        return true;
    for (size_t i = 0; i < text.length; i++) {
        commas += text.at[i] == ',';
        if ((text.at[i] < '0' || text.at[i] > '9') && text.at[i] != ',' && text.at[i] != ' ')
            return false;
    }
    return commas > 0;
}

/* A printed value is shown; a structure is not, for it may contain the token or a secret. */
static bool check_is_string(struct hm_findings *findings, struct span text)
{
    if (span_starts(text, "eyJ")) /* as every token does */
        return true;
    if (is_printed_value(text))
        hm_findings_add(findings, HM_J1_TOKEN_NOT_A_STRING,
                        "found %s, the printed form of a value, instead of a token",
                        quoted_if_short(text.at, text.length, SHOWN_BYTES_MAX).text);
    else if (is_structure(text))
        hm_findings_add(findings, HM_J1_TOKEN_NOT_A_STRING,
                        "found something that starts with '%c' instead of a token: a printed "
                        "object, list or template",
                        text.at[0]);
    else
        return true;
    return false;
}

static bool is_quote(char c)
{
    return c == '"' || c == '\'' || c == '`';
}

/* Removes a quote at either end, also \" from a string that was encoded twice. */
static bool unquote(struct span *text)
{
    struct span before = *text;

    if (text->length > 0 && text->at[0] == '\\')
        *text = span_skip(*text, 1);
    if (text->length > 0 && is_quote(text->at[0]))
        *text = span_skip(*text, 1);
    else
        *text = before;
    if (text->length > 0 && is_quote(text->at[text->length - 1])) {
        text->length--;
        if (text->length > 0 && text->at[text->length - 1] == '\\')
            text->length--;
    }
    return text->length != before.length;
}

/* Removes brackets around what starts with @word: <eyJ...>, ${eyJ...}, {{eyJ...}}. Returns the
 * first bracket; 0: there is none. */
static char unbracket(struct span *text, const char *word)
{
    struct span inner = *text;
    char found = '\0';

    if (text->length > 0)
        found = text->at[0];
    while (inner.length > 0 && is_one_of(inner.at[0], "<{[($"))
        inner = span_trim(span_skip(inner, 1));
    if (inner.at == text->at || !span_starts_nocase(inner, word))
        return '\0';
    while (inner.length > 0 && is_one_of(inner.at[inner.length - 1], ">}])"))
        inner.length--;
    *text = span_trim(inner);
    return found;
}

/* Removes a bracket that is left at the end of a token. */
static char drop_bracket(struct span *text)
{
    char last = '\0';

    if (text->length > 0)
        last = text->at[text->length - 1];
    if (!span_starts(*text, "eyJ") || !is_one_of(last, ">}])"))
        return '\0';
    text->length--;
    return last;
}

/* Copies the text without white space to @buffer, if it has any. */
static bool remove_spaces(struct span *text, char buffer[HM_TOKEN_BYTES_MAX])
{
    bool is_seen = false;
    size_t kept = 0;

    for (size_t i = 0; i < text->length; i++)
        is_seen |= is_space(text->at[i]);
    if (!is_seen)
        return false;
    for (size_t i = 0; i < text->length && kept < HM_TOKEN_BYTES_MAX; i++) {
        if (!is_space(text->at[i]))
            buffer[kept++] = text->at[i];
    }
    *text = (struct span){ buffer, kept };
    return true;
}

/* Judges a credential without its scheme: quotes, b'...' and white space are removed with a finding
 * each, so that the rest can be judged, too. */
static enum hm_code credential_judge(struct judging *judging, struct span token,
                                     struct hm_error *err)
{
    struct hm_findings *findings = judging->findings;
    struct span outer = token;
    char buffer[HM_TOKEN_BYTES_MAX];
    char bracket;

    if (outer.length == 0) {
        hm_findings_add(findings, HM_J1_TOKEN_MISSING, "there is no token");
        return HM_OK;
    }
    if (span_starts(token, "b'") || span_starts(token, "b\"")) {
        hm_findings_add(findings, HM_J1_TOKEN_NOT_A_STRING,
                        "the token is in b'...', as Python prints bytes; text was expected");
        token = span_skip(token, 1);
        unquote(&token);
    } else if (unquote(&token)) {
        hm_findings_add(findings, HM_J1_BEARER_QUOTED, "the token has a quote at its %s",
                        token.at != outer.at ? "start" : "end");
    }
    bracket = unbracket(&token, "eyJ");
    if (bracket == '\0')
        bracket = drop_bracket(&token);
    if (bracket != '\0')
        hm_findings_add(findings, HM_J1_BEARER_BRACKETED, "the token has a '%c' %s it", bracket,
                        is_one_of(bracket, ">}])") ? "after" : "before");
    if (!check_is_string(findings, token))
        return HM_OK;
    if (token.length > HM_TOKEN_BYTES_MAX) {
        hm_findings_add(findings, HM_J1_TOKEN_TOO_LONG,
                        "the token has %zu bytes, at most %d were expected", token.length,
                        HM_TOKEN_BYTES_MAX);
        return HM_OK;
    }
    size_t before = token.length;

    if (remove_spaces(&token, buffer))
        hm_findings_add(findings, HM_J1_TOKEN_WHITESPACE,
                        "the token contains spaces or line breaks: %zu in all",
                        before - token.length);
    return token.length > 0 ? token_judge(judging, token, err) : HM_OK;
}

/* Only a known scheme is shown: an unknown word may be a key. */
static const char *scheme_shown(struct span scheme)
{
    static const char *const known[] = {
        "Basic",  "Digest", "Token", "JWT",       "Bearer:",
        "ApiKey", "OAuth",  "HMAC",  "Negotiate", "Authorization:"
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (span_is_nocase(scheme, known[i]))
            return known[i];
    }
    return "an unknown scheme";
}

static struct span first_word(struct span text)
{
    struct span word = { text.at, 0 };

    while (word.length < text.length && !is_space(text.at[word.length]))
        word.length++;
    return word;
}

/* Does not look through the rest, which mostly is a long token. */
static bool is_bearer_first(struct span text)
{
    return span_starts_nocase(text, "Bearer") &&
           (text.length == BEARER_LENGTH || is_space(text.at[BEARER_LENGTH]));
}

static bool looks_like_token(struct span text)
{
    return span_starts(text, "eyJ") || memchr(text.at, '.', text.length) != NULL;
}

static void report_scheme(struct hm_findings *findings, struct span scheme)
{
    hm_findings_add(findings, HM_J1_SCHEME_UNKNOWN,
                    "the Authorization header starts with %s, Bearer was expected",
                    scheme_shown(scheme));
}

/* Removes "Bearer", with a finding for what else is in its place. False: nothing is left to judge.
 */
static bool take_scheme(struct hm_findings *findings, struct span *value)
{
    struct span word = first_word(*value);
    struct span rest = span_trim(span_skip(*value, word.length));

    while (rest.length > 0 && span_is_nocase(word, "Authorization:")) {
        report_scheme(findings, word);
        *value = rest;
        word = first_word(*value);
        rest = span_trim(span_skip(*value, word.length));
    }
    if (span_is_nocase(word, "Bearer")) {
        if (rest.length > 0 && value->at[word.length] == '\t')
            hm_findings_add(findings, HM_J1_SCHEME_UNKNOWN,
                            "the word Bearer is followed by a tab, a space was expected");
        *value = rest;
        if (is_bearer_first(*value))
            hm_findings_add(findings, HM_J1_BEARER_DOUBLED, "the word Bearer appears twice");
        while (is_bearer_first(*value))
            *value = span_trim(span_skip(*value, BEARER_LENGTH));
        return true;
    }
    if (is_printed_value(*value) || is_structure(*value) || is_quote(value->at[0]))
        return true;
    if (word.length > BEARER_LENGTH && span_starts_nocase(word, "Bearer") &&
        (rest.length == 0 || looks_like_token(word) || span_is_nocase(word, "Bearer:") ||
         span_is_nocase(word, "Bearer="))) { /* Bearer:eyJ..., BearereyJ... */
        char next = word.at[BEARER_LENGTH];
        bool is_sign = next == ':' || next == '=';

        hm_findings_add(findings, is_sign ? HM_J1_SCHEME_UNKNOWN : HM_J1_SCHEME_MISSING,
                        "the word Bearer is followed by '%c', a space was expected", next);
        *value = span_skip(*value, BEARER_LENGTH + is_sign);
        if (span_starts(*value, "%20"))
            *value = span_skip(*value, strlen("%20"));
        *value = span_trim(*value);
        return value->length > 0;
    }
    if (rest.length == 0 || looks_like_token(word)) {
        hm_findings_add(findings, HM_J1_SCHEME_MISSING,
                        "the Authorization header starts with the token itself");
        return true;
    }
    report_scheme(findings, word);
    *value = rest;
    return looks_like_token(*value);
}

/* Two headers that a library has joined into one; the first is judged. */
static void cut_at_second(struct hm_findings *findings, struct span *value)
{
    if (memchr(value->at, ',', value->length) == NULL)
        return;
    for (size_t i = 0; i < value->length; i++) {
        if (value->at[i] != ',' || !span_starts_nocase(span_skip(*value, i), ", bearer "))
            continue;
        hm_findings_add(findings, HM_J1_AUTHORIZATION_REPEATED,
                        "the Authorization header contains two values, joined with a comma");
        value->length = i;
    }
}

enum hm_code bearer_judge(struct judging *judging, const char *value, size_t length,
                          struct hm_error *err)
{
    struct hm_findings *findings = judging->findings;
    struct span text = span_trim((struct span){ value, value != NULL ? length : 0 });
    char bracket;

    if (text.length == 0) {
        hm_findings_add(findings, HM_J1_AUTHORIZATION_MISSING, "%s",
                        value != NULL ? "the Authorization header is empty"
                                      : "the request has no Authorization header");
        return HM_OK;
    }
    if (is_quote(text.at[0]) && unquote(&text)) {
        hm_findings_add(findings, HM_J1_BEARER_QUOTED,
                        "the value of the Authorization header is in quotes");
        text = span_trim(text);
    }
    bracket = unbracket(&text, "Bearer");
    if (bracket != '\0')
        hm_findings_add(findings, HM_J1_BEARER_BRACKETED,
                        "the value of the Authorization header has a '%c' before it", bracket);
    cut_at_second(findings, &text);
    if (text.length == 0 || !take_scheme(findings, &text))
        return HM_OK;
    return credential_judge(judging, text, err);
}

enum hm_code hm_token_verify(struct hm_verdict *verdict, const char *token, size_t length,
                             const struct hm_secrets *secrets, const struct hm_token_policy *policy,
                             int64_t now, struct hm_error *err)
{
    struct judging judging;
    enum hm_code code;

    judging_init(&judging, verdict, secrets, policy, now);
    code = credential_judge(&judging, (struct span){ token, length }, err);
    return code == HM_OK ? token_conclude(&judging, err) : code;
}
