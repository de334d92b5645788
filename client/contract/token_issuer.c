#include "contract/token_issuer.h"

#include "contract/key_slips.h"
#include "support/text.h"
#include "support/uuid.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    SHOWN_TEXT = 96,
    PART_BYTES_MIN = 8,   /* of an ID or key that is recognised within another text */
    COPIED_BYTES_MIN = 16 /* of an ID that is recognised with a slip */
};

/* Where @part is in @text, whatever the case of ASCII letters; SIZE_MAX: nowhere. */
static size_t index_of(struct span text, const char *part, size_t length)
{
    for (size_t at = 0; length <= text.length && at <= text.length - length; at++) {
        if (span_starts_nocase(span_skip(text, at), part))
            return at;
    }
    return SIZE_MAX;
}

static bool contains(struct span text, const char *part, size_t length)
{
    return length >= PART_BYTES_MIN && index_of(text, part, length) != SIZE_MAX;
}

/* The ID with something before or after it. What that is is named only if it is well known: it may
 * be anything. */
static bool report_wrapped(struct judging *judging, const struct secret *secret, struct span iss)
{
    size_t before = index_of(iss, secret->id, secret->id_length);
    size_t after = iss.length - before - secret->id_length;
    char first = iss.at[0], last = iss.at[iss.length - 1];
    const char *what = NULL;

    if (before == 1 && after == 1)
        what = first == '{' && last == '}'                 ? "in braces"
               : first == '<' && last == '>'               ? "in angle brackets"
               : first == '[' && last == ']'               ? "in brackets"
               : first == '(' && last == ')'               ? "in parentheses"
               : first == last && is_one_of(first, "\"'`") ? "in quotes"
                                                           : NULL;
    else if (span_starts_nocase(iss, "urn:"))
        what = span_starts_nocase(iss, "urn:uuid:") ? "with the prefix urn:uuid:"
                                                    : "with the prefix urn:";
    else if (index_of(iss, "://", 3) != SIZE_MAX)
        what = "in a URL";
    if (what != NULL)
        hm_findings_add(judging->findings, HM_J3_ISS_WRAPPED, "iss is the API Secret ID %s %s",
                        secret->id, what);
    else if (before > 0 && after > 0)
        hm_findings_add(
            judging->findings, HM_J3_ISS_WRAPPED,
            "iss is the API Secret ID %s with %zu characters before it and %zu after it",
            secret->id, before, after);
    else
        hm_findings_add(judging->findings, HM_J3_ISS_WRAPPED,
                        "iss is the API Secret ID %s with %zu more character%s %s it", secret->id,
                        before + after, plural(before + after), before > 0 ? "before" : "after");
    return true;
}

/* An iss that is wrong in a way that shows whose it was meant to be. */
static bool report_known(struct judging *judging, const struct secret *secret, struct span iss)
{
    struct span whole = judging->parts.claims.iss.text; /* a key may start or end with a space */
    bool has_key =
        private_is_set(secret->key) && contains(iss, private_open(secret->key), secret->key_length);
    bool has_id = contains(iss, secret->id, secret->id_length);
    size_t place;

    if (private_is_set(secret->key) &&
        (span_is(iss, private_open(secret->key)) || span_is(whole, private_open(secret->key))))
        hm_findings_add(judging->findings, HM_J3_ISS_IS_KEY,
                        "iss is the API Secret's key, its ID was expected");
    else if (secret_is_signing_secret(secret, iss.at, iss.length) ||
             secret_is_signing_secret(secret, whole.at, whole.length))
        hm_findings_add(judging->findings, HM_J3_ISS_IS_SIGNING_SECRET,
                        "iss is the whole signing secret ID||KEY, the ID was expected");
    else if (has_key && has_id)
        hm_findings_add(judging->findings, HM_J3_ISS_IS_SIGNING_SECRET,
                        "iss contains both ID and key, the ID was expected");
    else if (has_key)
        hm_findings_add(judging->findings, HM_J3_ISS_IS_KEY,
                        "iss contains the API Secret's key, the ID was expected");
    else if (span_is(iss, secret->id))
        hm_findings_add(judging->findings, HM_J3_ISS_HAS_WHITESPACE,
                        "iss is a known API Secret ID with spaces or line breaks around it");
    else if (span_is_nocase(iss, secret->id))
        hm_findings_add(judging->findings, HM_J3_ISS_LETTER_CASE,
                        "iss is the API Secret ID %s in another letter case", secret->id);
    else
        return has_id && slip_of(secret->id, iss, &place) == SLIP_NONE &&
               report_wrapped(judging, secret, iss);
    return true;
}

/* Is it the ID without its hyphens? */
static bool is_without_hyphens(const char *id, struct span iss)
{
    size_t at = 0;

    if (strchr(id, '-') == NULL)
        return false;
    for (; *id != '\0'; id++) {
        if (*id == '-')
            continue;
        if (at == iss.length || !span_starts_nocase(span_skip(iss, at), (char[2]){ *id, '\0' }))
            return false;
        at++;
    }
    return at == iss.length;
}

/* What was done to the ID by a slip of the hand, a cut or a format without hyphens. False: nothing
 * that is known. */
static bool describe_copy(char out[SHOWN_TEXT], const struct secret *secret, struct span iss)
{
    static const char *const slips[] = {
        [SLIP_LOST] = "without its character %zu",
        [SLIP_DOUBLED] = "with its character %zu doubled",
        [SLIP_LOOK_ALIKE] = "with its character %zu replaced by one that looks like it",
        [SLIP_INVISIBLE] = "with a space or an invisible character before its character %zu",
    };
    size_t place = 0;
    enum slip slip;

    if (secret->id_length < COPIED_BYTES_MIN)
        return false;
    slip = slip_of(secret->id, iss, &place);
    if (slip == SLIP_INVISIBLE && place > secret->id_length)
        (void)snprintf(out, SHOWN_TEXT, "with an invisible character at its end");
    else if (slip != SLIP_NONE)
        (void)snprintf(out, SHOWN_TEXT, slips[slip], place);
    else if (is_without_hyphens(secret->id, iss))
        (void)snprintf(out, SHOWN_TEXT, "without its hyphens");
    else if (iss.length >= PART_BYTES_MIN && iss.length < secret->id_length &&
             memcmp(secret->id, iss.at, iss.length) == 0)
        (void)snprintf(out, SHOWN_TEXT, "cut to its first %zu characters", iss.length);
    else
        return false;
    return true;
}

static void presume(struct judging *judging, const struct secret *secret)
{
    judging->secret = secret;
    judging->is_presumed = true;
}

/* Only if a single secret explains it. */
static bool presume_copy(struct judging *judging, struct span iss)
{
    const struct secret *only = NULL;
    char what[SHOWN_TEXT], shown[SHOWN_TEXT];

    for (size_t i = 0; i < judging->secrets->count; i++) {
        if (!describe_copy(what, judging->secrets->at[i], iss))
            continue;
        if (only != NULL)
            return false;
        only = judging->secrets->at[i];
        memcpy(shown, what, sizeof shown);
    }
    if (only == NULL)
        return false;
    hm_findings_add(judging->findings, HM_J3_ISS_MISCOPIED, "iss is the API Secret ID %s %s",
                    only->id, shown);
    presume(judging, only);
    return true;
}

/* An iss that is wrong in a known way still shows whose token it was meant to be. */
static bool presume_by_iss(struct judging *judging, struct span iss)
{
    struct span bare = span_trim(iss);

    for (size_t i = 0; i < judging->secrets->count; i++) {
        if (report_known(judging, judging->secrets->at[i], bare)) {
            presume(judging, judging->secrets->at[i]);
            return true;
        }
    }
    return presume_copy(judging, bare);
}

/* A member's name can be anything, so only a usual one is shown. */
static bool is_usual_name(const char *name)
{
    static const char *const names[] = {
        "sub",           "issuer",      "client_id", "clientId",  "id",       "kid",
        "iss",           "ISS",         "Iss",       "aud",       "azp",      "appid",
        "app_id",        "api_key",     "apiKey",    "secret_id", "secretId", "key",
        "key_id",        "keyId",       "user",      "user_id",   "jti",      "name",
        "api_secret_id", "apiSecretId", "isr",       "Issuer",    "ISSUER",   "account"
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i], name) == 0)
            return true;
    }
    return false;
}

/* The secret whose ID is the value of a member; NULL: there is none. */
static const struct secret *find_in(const struct judging *judging, json_t *object,
                                    const char **name)
{
    const json_t *value;

    json_object_foreach (object, *name, value) {
        const struct secret *secret = json_is_string(value)
                                          ? secrets_find(judging->secrets, json_string_value(value),
                                                         json_string_length(value))
                                          : NULL;

        if (secret != NULL)
            return secret;
    }
    return NULL;
}

/* The ID in another place than iss; *where says which: "; the API Secret ID is in the claim sub".
 */
static void presume_elsewhere(struct judging *judging, char where[SHOWN_TEXT])
{
    const char *name = NULL;
    const char *place = "claim";
    const struct secret *secret = find_in(judging, judging->parts.claims_tree, &name);

    where[0] = '\0';
    if (secret == NULL) {
        place = "header's member";
        secret = find_in(judging, judging->parts.header_tree, &name);
    }
    if (secret == NULL)
        return;
    if (is_usual_name(name))
        (void)snprintf(where, SHOWN_TEXT, "; the API Secret ID is in the %s %s", place, name);
    else
        (void)snprintf(where, SHOWN_TEXT, "; the API Secret ID is in another %s", place);
    presume(judging, secret);
}

/* The team that a number or text is the ID or name of; NULL: none. */
static const struct team *team_of_number(const struct hm_secrets *secrets, double number)
{
    for (size_t i = 0; i < secrets->team_count; i++) {
        if ((double)secrets->teams[i].number == number)
            return &secrets->teams[i];
    }
    return NULL;
}

static const struct team *team_of_name(const struct hm_secrets *secrets, struct span name)
{
    for (size_t i = 0; i < secrets->team_count; i++) {
        if (span_is_nocase(name, secrets->teams[i].name))
            return &secrets->teams[i];
    }
    return NULL;
}

/* The value of decimal digits, exact as far as teams have numbers. */
static double number_of(struct span digits)
{
    double value = 0;

    for (size_t i = 0; i < digits.length; i++)
        value = value * 10 + (digits.at[i] - '0');
    return value;
}

/* The kind of thing that iss is. It may be the key of an unknown secret, so it is shown only if it
 * looks like an ID. */
static const char *iss_shown(char out[SHOWN_TEXT], const struct hm_secrets *secrets,
                             struct span iss)
{
    const struct team *team = team_of_name(secrets, span_trim(iss));
    const char *at_sign = memchr(iss.at, '@', iss.length);
    size_t digits = 0;

    while (digits < iss.length && iss.at[digits] >= '0' && iss.at[digits] <= '9')
        digits++;
    if (team == NULL && digits == iss.length && digits > 0)
        team = team_of_number(secrets, number_of(iss));
    if (team != NULL)
        (void)snprintf(out, SHOWN_TEXT, "the %s of the team %" PRId64,
                       digits == iss.length ? "ID" : "name", team->number);
    else if (uuid_is_valid(iss.at, iss.length))
        (void)snprintf(out, SHOWN_TEXT, "\"%.*s\"", (int)iss.length, iss.at);
    else if (iss.length == 0)
        (void)snprintf(out, SHOWN_TEXT, "empty");
    else if (digits == iss.length)
        (void)snprintf(out, SHOWN_TEXT, "a number of %zu digit%s, like the ID of a team or a user",
                       digits, plural(digits));
    else if (index_of(iss, "://", 3) != SIZE_MAX)
        (void)snprintf(out, SHOWN_TEXT, "a URL");
    else if (at_sign != NULL && at_sign > iss.at && memchr(iss.at, ' ', iss.length) == NULL &&
             memchr(at_sign, '.', iss.length - (size_t)(at_sign - iss.at)) != NULL)
        (void)snprintf(out, SHOWN_TEXT, "an e-mail address");
    else
        (void)snprintf(out, SHOWN_TEXT, "<%zu character%s>", iss.length, plural(iss.length));
    return out;
}

static const char *kind_shown(const struct hm_secrets *secrets, const struct member *iss)
{
    switch (iss->kind) {
    case MEMBER_NUMBER:
        return team_of_number(secrets, iss->number) != NULL
                   ? "the ID of the team, a JSON number"
                   : "a JSON number, like the ID of a team or a user";
    case MEMBER_NULL:
        return "null";
    case MEMBER_BOOLEAN:
        return "a Boolean";
    case MEMBER_ARRAY:
        return "an array";
    default:
        return "an object";
    }
}

void issuer_check(struct judging *judging)
{
    const struct member *iss = &judging->parts.claims.iss;
    char where[SHOWN_TEXT];

    if (iss->kind != MEMBER_STRING) {
        presume_elsewhere(judging, where);
        if (iss->kind == MEMBER_ABSENT)
            hm_findings_add(judging->findings, HM_J3_ISS_MISSING, "the token has no iss%s", where);
        else
            hm_findings_add(judging->findings, HM_J3_ISS_NOT_STRING,
                            "iss is %s, a string with the API Secret ID was expected%s",
                            kind_shown(judging->secrets, iss), where);
        return;
    }
    judging->secret = secrets_find(judging->secrets, iss->text.at, iss->text.length);
    if (judging->secret != NULL) {
        judging->verdict->secret = judging->secret->index;
        return;
    }
    if (judging->policy->skips_signature && judging->secrets->count == 0)
        return; /* there is nothing to compare with */
    if (presume_by_iss(judging, iss->text))
        return;
    presume_elsewhere(judging, where);
    if (where[0] != '\0') {
        char shown[SHOWN_TEXT];

        hm_findings_add(judging->findings, HM_J3_ISS_UNKNOWN,
                        "iss is %s, which is not a known API Secret ID%s",
                        iss_shown(shown, judging->secrets, iss->text), where);
    } else {
        judging->is_iss_unknown = true; /* reported after the signature was tried */
    }
}

void issuer_report_unknown(struct judging *judging)
{
    char shown[SHOWN_TEXT];

    if (!judging->is_iss_unknown)
        return;
    iss_shown(shown, judging->secrets, judging->parts.claims.iss.text);
    if (judging->claimed != NULL)
        hm_findings_add(judging->findings, HM_J3_ISS_UNKNOWN,
                        "iss is %s, which is not a known API Secret ID, but the signature was made "
                        "with the secret %s",
                        shown, judging->claimed->id);
    else
        hm_findings_add(judging->findings, HM_J3_ISS_UNKNOWN,
                        "iss is %s, which is not a known API Secret ID", shown);
}
