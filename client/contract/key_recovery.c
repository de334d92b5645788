/* The search for the key behind a wrong signature: stages from the likely to the far-fetched, each
 * a walk over the tables of key_mistakes.c. The first match ends it. */
#include "contract/key_recovery.h"

#include "contract/key_mistakes.h"
#include "contract/signing_inputs.h"
#include "support/try.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    INPUT_BYTES_MAX = 2 * HM_TOKEN_BYTES_MAX,
    PLACEHOLDER_BYTES = 64,
    CUT_SECRET_MAX = 256, /* a longer signing secret is not tried at every length */
    MIXED_SECRETS_MAX = 3 /* other secrets whose halves are tried with this one's */
};

static const char *const hash_names[HASH_COUNT] = { "SHA-256", "SHA-384", "SHA-512", "SHA-1" };

/* A mistake of a match, and the words for it. */
struct matched {
    enum hm_mistake mistake;
    const char *words;
};

/* What is tried at the moment, so that a match can be put into words. */
struct attempt {
    const struct key_row *row;       /* or */
    const struct key_change *change; /* or neither: `made` says it */
    const char *made;
    enum hm_mistake mistake, also; /* with `made` */
    const struct key_wrap *wrap;
    const struct signing_input_row *input;
    const struct secret *halves_of; /* another secret whose key, or ID and key, it is */
    const char *halves;             /* of it: "ID and key" */
    enum hash hash;
};

struct search {
    struct recovery *recovery;
    const struct token_parts *parts;
    const struct secret *secret;
    const struct hm_secrets *secrets;
    struct hmac_scratch *hmac;
    struct signature_forms forms;
    enum hash declared;
    struct attempt attempt;
    const char *id, *key; /* the halves that are put together at the moment */
    struct span text;     /* the signing input at the moment */
    unsigned char bytes[KEY_BYTES_MAX];
    unsigned char source[KEY_BYTES_MAX];
    unsigned char wrapped[KEY_BYTES_MAX + 16];
    bool is_over; /* found, or the limit is reached */
    bool has_failed;
};

static void say(struct recovery *recovery, enum hm_mistake mistake, const char *text)
{
    if (mistake == NO_MISTAKE || recovery->count == RECOVERY_MISTAKES_MAX)
        return;
    for (size_t i = 0; i < recovery->count; i++) {
        if (recovery->at[i].mistake == mistake)
            return;
    }
    recovery->at[recovery->count].mistake = mistake;
    (void)snprintf(recovery->at[recovery->count].text, RECOVERY_TEXT, "%s", text);
    recovery->count++;
}

/* "it was signed with the key alone, as ... does" */
static void report_key(struct search *search)
{
    const struct attempt *attempt = &search->attempt;
    const struct key_row *row = attempt->row;
    const struct key_change *change = attempt->change;
    const char *made = row != NULL ? row->made : change != NULL ? change->made : attempt->made;
    const char *usual = row != NULL ? row->usual : change != NULL ? change->usual : "";
    enum hm_mistake mistake = row != NULL      ? row->mistake
                              : change != NULL ? change->mistake
                                               : attempt->mistake;
    enum hm_mistake also = row != NULL ? row->also : change != NULL ? change->also : attempt->also;
    char text[RECOVERY_TEXT];

    (void)snprintf(
        text, sizeof text, "it was signed with %s%s%s%s%s", made, attempt->wrap != NULL ? ", " : "",
        attempt->wrap != NULL ? attempt->wrap->made : "", usual[0] != '\0' ? ", " : "", usual);
    say(search->recovery, mistake, text);
    say(search->recovery, also, text);
    if (attempt->wrap != NULL) {
        say(search->recovery, attempt->wrap->mistake, text);
        say(search->recovery, attempt->wrap->also, text);
    }
    if (attempt->halves_of != NULL) {
        (void)snprintf(text, sizeof text,
                       "it was signed with %s of the secret %s, while iss names %s",
                       attempt->halves, attempt->halves_of->id, search->secret->id);
        say(search->recovery, HM_J5_SIGNATURE_BY_OTHER_SECRET, text);
    }
}

static void report_form(struct search *search, enum signature_form form, bool is_cut)
{
    const struct attempt *attempt = &search->attempt;
    const struct token_parts *parts = search->parts;
    char text[RECOVERY_TEXT];

    if (attempt->input != NULL) {
        (void)snprintf(text, sizeof text, "what was signed is %s", attempt->input->made);
        say(search->recovery, attempt->input->mistake, text);
    }
    if (attempt->hash != search->declared) {
        (void)snprintf(text, sizeof text, "the signature is an HMAC with %s, alg promises %s",
                       hash_names[attempt->hash], hash_names[search->declared]);
        say(search->recovery, HM_J5_SIGNATURE_OTHER_HASH, text);
    }
    if (form == FORM_HEX)
        say(search->recovery, HM_J5_SIGNATURE_HEX,
            parts->signature.length == search->forms.at[FORM_HEX].length * 2
                ? "the signature is base64url of the HMAC's hex digits"
                : "the signature is the HMAC in hex digits");
    if (form == FORM_DOUBLE_ENCODED)
        say(search->recovery, HM_J5_SIGNATURE_DOUBLE_ENCODED,
            "the signature is the HMAC encoded as base64 twice");
    if (form == FORM_LATIN1_TEXT)
        say(search->recovery, HM_J5_SIGNATURE_DOUBLE_ENCODED,
            "the signature is the HMAC taken for text and encoded as UTF-8 before base64url");
    if (is_cut) {
        (void)snprintf(text, sizeof text,
                       "the signature holds only the first %zu bytes of the HMAC's %zu",
                       search->forms.at[form].length, hash_bytes(attempt->hash));
        say(search->recovery, HM_J5_SIGNATURE_TRUNCATED, text);
    }
}

/* One HMAC. */
static void try_key(struct search *search, const unsigned char *key, size_t length)
{
    unsigned char mac[MAC_BYTES_MAX];
    enum signature_form form;
    bool is_cut;

    if (search->is_over)
        return;
    if (search->recovery->candidates == RECOVERY_CANDIDATES_MAX) {
        search->is_over = true;
        return;
    }
    search->recovery->candidates++;
    if (!hmac_scratch_mac(search->hmac, search->attempt.hash, key, length, search->text.at,
                          search->text.length, mac)) {
        search->is_over = search->has_failed = true;
        return;
    }
    if (!signature_forms_match(&search->forms, mac, hash_bytes(search->attempt.hash), &form,
                               &is_cut))
        return;
    search->is_over = true;
    report_key(search);
    report_form(search, form, is_cut);
}

static void try_wraps(struct search *search, size_t length, bool is_common_only)
{
    for (size_t i = 0; i < key_wrap_count && !search->is_over; i++) {
        const struct key_wrap *wrap = &key_wraps[i];
        const char *hole = strstr(wrap->pattern, "{}");
        size_t before = (size_t)(hole - wrap->pattern);
        size_t after = strlen(hole + 2);

        if ((is_common_only && !wrap->is_common) || before + length + after > KEY_BYTES_MAX)
            continue;
        memcpy(search->wrapped, wrap->pattern, before);
        memcpy(search->wrapped + before, search->bytes, length);
        memcpy(search->wrapped + before + length, hole + 2, after);
        search->attempt.wrap = wrap;
        try_key(search, search->wrapped, before + length + after);
    }
    search->attempt.wrap = NULL;
}

enum breadth {
    ROWS_RIGHT,            /* ID||KEY alone */
    ROWS_COMMON,           /* the common rows */
    ROWS_COMMON_AND_WRAPS, /* and these with the common wraps */
    ROWS_PLAIN,            /* all rows */
    ROWS_WRAPPED           /* all rows with their wraps, which for the others are the common ones */
};

static void try_rows(struct search *search, enum breadth breadth)
{
    for (size_t i = 0; i < key_row_count && !search->is_over; i++) {
        const struct key_row *row = &key_rows[i];
        size_t length = key_expand(search->bytes, row->pattern, search->id, search->key);

        if (breadth == ROWS_RIGHT && i > 0)
            break;
        if (breadth < ROWS_PLAIN && !row->is_common)
            continue;
        search->attempt.row = row;
        if (breadth != ROWS_WRAPPED)
            try_key(search, search->bytes, length);
        if (breadth == ROWS_WRAPPED)
            try_wraps(search, length, !row->is_common);
        else if (breadth == ROWS_COMMON_AND_WRAPS)
            try_wraps(search, length, true);
    }
    search->attempt.row = NULL;
}

/* Every other character as the joiner: alone, twice, and between blanks. The table has those with a
 * mistake of their own. */
static void try_joiners(struct search *search)
{
    static const char joiners[] = "\t !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
    static const char *const shapes[] = { "{I}@{K}", "{I}@@{K}", "{I} @ {K}" };
    static const char *const words[] = { "ID and key joined with '%c'",
                                         "ID and key joined with '%c' twice",
                                         "ID and key joined with '%c' between blanks" };
    char made[64];

    for (const char *c = joiners; *c != '\0' && !search->is_over; c++) {
        search->attempt.made = made;
        search->attempt.mistake = HM_J5_SECRET_JOINED_WITH_OTHER;
        for (int i = 0; i < 3 && !search->is_over; i++) {
            size_t length = key_expand_with(search->bytes, shapes[i], search->id, search->key, *c);

            (void)snprintf(made, sizeof made, words[i], *c);
            try_key(search, search->bytes, length);
            if (i == 0)
                try_wraps(search, length, true);
        }
        search->attempt.made = "key and ID, swapped and with another joiner";
        search->attempt.mistake = HM_J5_SECRET_SWAPPED;
        search->attempt.also = HM_J5_SECRET_JOINED_WITH_OTHER;
        try_key(search, search->bytes,
                key_expand_with(search->bytes, "{K}@{I}", search->id, search->key, *c));
        search->attempt.also = NO_MISTAKE;
    }
    search->attempt.made = NULL;
}

/* The style with the name in place of its '@'. */
static size_t write_placeholder(unsigned char *out, const char *style, const char *name)
{
    int written = snprintf((char *)out, PLACEHOLDER_BYTES, "%.*s%s%s", (int)strcspn(style, "@"),
                           style, name, style + strcspn(style, "@") + 1);

    return written > 0 ? (size_t)written : 0;
}

static void try_placeholders(struct search *search)
{
    size_t count = placeholder_name_count * placeholder_style_count;

    search->attempt.made =
        "a placeholder in place of ID and key, as documentation and samples show it";
    search->attempt.mistake = HM_J5_SECRET_PLACEHOLDER;
    for (size_t i = 0; i < count && !search->is_over; i++) {
        const char *const *names = placeholder_names[i / placeholder_style_count];
        const char *style = placeholder_styles[i % placeholder_style_count];
        size_t length = write_placeholder(search->bytes, style, names[0]);

        memcpy(search->bytes + length, "||", 2);
        length += 2;
        length += write_placeholder(search->bytes + length, style, names[1]);
        try_key(search, search->bytes, length);
    }
    search->attempt.made = NULL;
}

static void try_changes(struct search *search)
{
    for (size_t i = 0; i < key_change_count && !search->is_over; i++) {
        const struct key_change *change = &key_changes[i];
        size_t source = key_expand(search->source, change->source, search->id, search->key);
        size_t before = key_expand(search->bytes, change->before, search->id, search->key);
        unsigned char changed[KEY_BYTES_MAX];
        size_t length = source > 0 ? change->change(changed, search->source, source) : 0;

        if (length == 0 || before + length > KEY_BYTES_MAX)
            continue;
        memcpy(search->bytes + before, changed, length);
        search->attempt.change = change;
        try_key(search, search->bytes, before + length);
    }
    search->attempt.change = NULL;
}

/* Shells, .env readers and fixed-size buffers cut at any length. */
static void try_cuts(struct search *search)
{
    size_t length = key_expand(search->bytes, "{I}||{K}", search->id, search->key);
    char made[80];

    if (length == 0 || length > CUT_SECRET_MAX)
        return;
    search->attempt.made = made;
    search->attempt.mistake = HM_J5_SECRET_TRUNCATED;
    for (size_t kept = length - 1; kept > 0 && !search->is_over; kept--) {
        (void)snprintf(made, sizeof made, "the first %zu of the %zu bytes of ID||KEY", kept,
                       length);
        try_key(search, search->bytes, kept);
    }
    for (size_t cut = 1; cut < length && !search->is_over; cut++) {
        (void)snprintf(made, sizeof made, "the last %zu of the %zu bytes of ID||KEY", length - cut,
                       length);
        try_key(search, search->bytes + cut, length - cut);
    }
    search->attempt.made = NULL;
}

/* [J10] iss of one secret, signed with another. */
static void try_other_secrets(struct search *search)
{
    unsigned mixed = 0;

    for (size_t i = 0; i < search->secrets->count && i < RECOVERY_SECRETS_MAX; i++) {
        const struct secret *other = search->secrets->at[i];

        if (other == search->secret || other->key == NULL)
            continue;
        search->attempt.halves_of = other;
        search->attempt.halves = "ID and key";
        search->id = other->id;
        search->key = other->key;
        try_rows(search, mixed == 0                  ? ROWS_COMMON_AND_WRAPS
                         : mixed < MIXED_SECRETS_MAX ? ROWS_COMMON
                                                     : ROWS_RIGHT);
        if (mixed++ >= MIXED_SECRETS_MAX)
            continue;
        search->attempt.halves = "the key";
        search->id = search->secret->id;
        try_rows(search, ROWS_COMMON);
        search->attempt.halves = "the ID";
        search->id = other->id;
        search->key = search->secret->key;
        try_rows(search, ROWS_COMMON);
    }
    search->attempt.halves_of = NULL;
    search->id = search->secret->id;
    search->key = search->secret->key;
}

/* A digest that is no HMAC of the input under the secret: both were there, but not so. */
static void try_digest(struct search *search, const unsigned char *mac, enum hm_mistake mistake,
                       const char *text)
{
    enum signature_form form;
    bool is_cut;

    search->recovery->candidates++;
    if (search->is_over ||
        !signature_forms_match(&search->forms, mac, SHA256_BYTES, &form, &is_cut))
        return;
    search->is_over = true;
    say(search->recovery, mistake, text);
    report_form(search, form, is_cut);
}

static void try_no_hmac(struct search *search)
{
    unsigned char mac[MAC_BYTES_MAX];
    struct buf text;
    size_t length = key_expand(search->source, "{I}||{K}", search->id, search->key);

    if (search->is_over)
        return;
    buf_init(&text, INPUT_BYTES_MAX);
    if (hmac_scratch_mac(search->hmac, HASH_SHA256, search->text.at, search->text.length,
                         search->source, length, mac))
        try_digest(
            search, mac, HM_J5_HMAC_ARGUMENTS_SWAPPED,
            "the HMAC was made with the signing input as the key and ID||KEY as the message");
    for (int i = 0; i < 3; i++) {
        buf_clear(&text);
        if (i == 0)
            buf_add(&text, search->source, length);
        buf_add(&text, search->text.at, search->text.length);
        if (i == 1)
            buf_add(&text, search->source, length);
        if (buf_ok(&text) && hash_digest(HASH_SHA256, buf_text(&text), text.length, mac))
            try_digest(
                search, mac, HM_J5_SIGNATURE_NOT_HMAC,
                i == 2 ? "the signature is the plain SHA-256 of the signing input, without a key"
                       : "the signature is the plain SHA-256 of secret and signing input");
    }
    bytes_wipe(text.data, text.length);
    buf_fini(&text);
}

static void try_inputs(struct search *search)
{
    struct buf text;

    buf_init(&text, INPUT_BYTES_MAX);
    for (size_t i = 0; i < signing_input_count && !search->is_over; i++) {
        buf_clear(&text);
        signing_inputs[i].make(&text, search->parts);
        if (!buf_ok(&text))
            continue;
        search->text = (struct span){ buf_text(&text), text.length };
        search->attempt.input = &signing_inputs[i];
        try_rows(search, i == 0 ? ROWS_COMMON_AND_WRAPS : ROWS_COMMON);
    }
    search->attempt.input = NULL;
    search->text = search->parts->signing_input;
    buf_fini(&text);
}

static void try_hashes(struct search *search)
{
    static const enum hash hashes[] = { HASH_SHA512, HASH_SHA384, HASH_SHA256, HASH_SHA1 };

    for (size_t i = 0; i < sizeof hashes / sizeof hashes[0] && !search->is_over; i++) {
        if (hashes[i] == search->declared)
            continue;
        search->attempt.hash = hashes[i];
        try_rows(search, ROWS_COMMON_AND_WRAPS);
    }
    search->attempt.hash = search->declared;
}

enum hm_code key_recover(struct recovery *recovery, const struct token_parts *parts, enum hash hash,
                         const struct secret *secret, const struct hm_secrets *secrets,
                         struct hm_error *err)
{
    enum hm_code code = HM_NO_MEMORY;
    struct search *search = calloc(1, sizeof *search);

    memset(recovery, 0, sizeof *recovery);
    if (search == NULL)
        goto out;
    search->recovery = recovery;
    search->parts = parts;
    search->secret = secret;
    search->secrets = secrets;
    search->declared = search->attempt.hash = hash;
    search->attempt.also = NO_MISTAKE;
    search->id = secret->id;
    search->key = secret->key;
    search->text = parts->signing_input;
    search->hmac = hmac_scratch_new();
    if (search->hmac == NULL)
        goto out;
    signature_forms_read(&search->forms, parts);
    if (secret->key != NULL) {
        try_rows(search, ROWS_PLAIN);
        try_other_secrets(search);
        try_changes(search);
        try_inputs(search);
        try_no_hmac(search);
        try_rows(search, ROWS_WRAPPED);
        try_joiners(search);
        try_placeholders(search);
        try_hashes(search);
        try_cuts(search);
    }
    code = search->has_failed ? HM_NO_MEMORY : HM_OK;
out:
    if (search != NULL) {
        hmac_scratch_free(search->hmac);
        bytes_wipe(search, sizeof *search);
        free(search);
    }
    if (code != HM_OK)
        return hm_error_set(err, code, "out of memory");
    return code;
}
