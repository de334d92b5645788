/* The stages of the search, from the likely to the far-fetched, go through the tables of
 * key_mistakes.c. The first match ends it. */
#include "contract/key_recovery.h"

#include "contract/key_mistakes.h"
#include "contract/signature_forms.h"
#include "contract/signing_inputs.h"
#include "support/no_memory.h"
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

/* What is tried at the moment, so that a match can be put into words. */
struct attempt {
    const struct key_row *row;
    const struct key_row *wrap; /* or NULL */
    const struct signing_input_row *input;
    const struct secret *halves_of; /* another secret from which one half, or both, are taken */
    const char *halves;             /* "ID and key" */
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

static void report(struct recovery *recovery, enum hm_mistake mistake, const char *text)
{
    if (mistake == NO_MISTAKE || recovery->count == RECOVERY_MISTAKES_MAX)
        return;
    for (size_t i = 0; i < recovery->count; i++) {
        if (recovery->at[i].mistake == mistake)
            return;
    }
    recovery->at[recovery->count].mistake = mistake;
    snprintf(recovery->at[recovery->count].text, RECOVERY_TEXT, "%s", text);
    recovery->count++;
}

/* "it was signed with the key alone, as ... does" */
static void report_key(struct search *search)
{
    const struct attempt *attempt = &search->attempt;
    const struct key_row *row = attempt->row;
    const struct key_row *wrap = attempt->wrap;
    char text[RECOVERY_TEXT];

    snprintf(text, sizeof text, "it was signed with %s%s%s%s%s", row->made,
             wrap != NULL ? ", " : "", wrap != NULL ? wrap->made : "",
             row->usual[0] != '\0' ? ", " : "", row->usual);
    report(search->recovery, row->mistake, text);
    report(search->recovery, row->also, text);
    if (wrap != NULL) {
        report(search->recovery, wrap->mistake, text);
        report(search->recovery, wrap->also, text);
    }
    if (attempt->halves_of != NULL) {
        snprintf(text, sizeof text, "it was signed with %s of the secret %s, while iss names %s",
                 attempt->halves, attempt->halves_of->id, search->secret->id);
        report(search->recovery, HM_J5_SIGNATURE_BY_OTHER_SECRET, text);
    }
}

static void report_form(struct search *search, enum signature_form form, bool is_cut)
{
    const struct attempt *attempt = &search->attempt;
    const struct token_parts *parts = search->parts;
    char text[RECOVERY_TEXT];

    if (attempt->input != NULL) {
        snprintf(text, sizeof text, "the signature was made over %s", attempt->input->made);
        report(search->recovery, attempt->input->mistake, text);
    }
    if (attempt->hash != search->declared) {
        snprintf(text, sizeof text, "the signature is an HMAC with %s, but alg is for %s",
                 hash_names[attempt->hash], hash_names[search->declared]);
        report(search->recovery, HM_J5_SIGNATURE_OTHER_HASH, text);
    }
    if (form == FORM_HEX)
        report(search->recovery, HM_J5_SIGNATURE_HEX,
               parts->signature.length == search->forms.at[FORM_HEX].length * 2
                   ? "the signature is base64url of the HMAC's hex digits"
                   : "the signature is the HMAC in hex digits");
    if (form == FORM_DOUBLE_ENCODED)
        report(search->recovery, HM_J5_SIGNATURE_DOUBLE_ENCODED,
               "the signature is the HMAC encoded as base64 twice");
    if (form == FORM_LATIN1_TEXT)
        report(
            search->recovery, HM_J5_SIGNATURE_DOUBLE_ENCODED,
            "the signature is the HMAC read as ISO 8859-1 and encoded as UTF-8 before base64url");
    if (is_cut) {
        snprintf(text, sizeof text, "the signature has only the first %zu of the HMAC's %zu bytes",
                 search->forms.at[form].length, hash_bytes(attempt->hash));
        report(search->recovery, HM_J5_SIGNATURE_TRUNCATED, text);
    }
}

/* Counts one candidate. False: the search is over. */
static bool spend(struct search *search)
{
    if (search->recovery->candidates >= RECOVERY_CANDIDATES_MAX)
        search->is_over = true;
    if (!search->is_over)
        search->recovery->candidates++;
    return !search->is_over;
}

/* One HMAC. */
static void try_key(struct search *search, const unsigned char *key, size_t length)
{
    unsigned char mac[MAC_BYTES_MAX];
    enum signature_form form;
    bool is_cut;

    if (!spend(search))
        return;
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
        const struct key_row *wrap = &key_wraps[i];
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
}

/* Tries what is in search->bytes as a row that is in no table. */
static void try_made(struct search *search, size_t length, const struct key_row *row)
{
    search->attempt.row = row;
    try_key(search, search->bytes, length);
}

/* Every character as the joiner: once, twice, and between spaces. The table has those with a
 * mistake of their own. */
static void try_joiners(struct search *search)
{
    static const char joiners[] = "\t !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
    static const struct {
        const char *pattern; /* '@' stands for the joiner */
        const char *made;
        enum hm_mistake mistake, also;
    } shapes[] = {
        { "{I}@{K}", "ID and key joined with '%c'", HM_J5_SECRET_JOINED_WITH_OTHER, NO_MISTAKE },
        { "{I}@@{K}", "ID and key joined with '%c' twice", HM_J5_SECRET_JOINED_WITH_OTHER,
          NO_MISTAKE },
        { "{I} @ {K}", "ID and key joined with '%c' and spaces around it",
          HM_J5_SECRET_JOINED_WITH_OTHER, NO_MISTAKE },
        { "{K}@{I}", "key and ID, swapped and joined with '%c'", HM_J5_SECRET_SWAPPED,
          HM_J5_SECRET_JOINED_WITH_OTHER },
    };

    for (const char *c = joiners; *c != '\0'; c++) {
        for (size_t i = 0; i < sizeof shapes / sizeof shapes[0] && !search->is_over; i++) {
            char pattern[16] = "", made[64];
            struct key_row row = { .made = made, .usual = "" };
            size_t length;

            memcpy(pattern, shapes[i].pattern, strlen(shapes[i].pattern));
            for (char *at = pattern; *at != '\0'; at++) {
                if (*at == '@')
                    *at = *c;
            }
            snprintf(made, sizeof made, shapes[i].made, *c);
            row.mistake = shapes[i].mistake;
            row.also = shapes[i].also;
            length = key_expand(search->bytes, pattern, search->id, search->key);
            try_made(search, length, &row);
            if (i == 0)
                try_wraps(search, length, true);
        }
    }
    search->attempt.row = NULL;
}

/* The style with the name in place of its '@'. */
static size_t write_placeholder(unsigned char *out, const char *style, const char *name)
{
    int written = snprintf((char *)out, PLACEHOLDER_BYTES, "%.*s%s%s", (int)strcspn(style, "@"),
                           style, name, style + strcspn(style, "@") + 1);

    return written > 0 && written < PLACEHOLDER_BYTES ? (size_t)written : 0;
}

static void try_placeholders(struct search *search)
{
    static const struct key_row row = {
        .mistake = HM_J5_SECRET_PLACEHOLDER,
        .also = NO_MISTAKE,
        .made = "a placeholder in place of ID and key, as shown in documentation and samples",
        .usual = "",
    };
    size_t count = placeholder_name_count * placeholder_style_count;

    for (size_t i = 0; i < count && !search->is_over; i++) {
        const char *const *names = placeholder_names[i / placeholder_style_count];
        const char *style = placeholder_styles[i % placeholder_style_count];
        size_t length = write_placeholder(search->bytes, style, names[0]);

        memcpy(search->bytes + length, "||", 2);
        length += 2;
        length += write_placeholder(search->bytes + length, style, names[1]);
        try_made(search, length, &row);
    }
}

static void try_changes(struct search *search)
{
    for (size_t i = 0; i < key_change_count && !search->is_over; i++) {
        const struct key_row *row = &key_changes[i];
        size_t source = key_expand(search->source, row->pattern, search->id, search->key);
        size_t before = key_expand(search->bytes, row->before, search->id, search->key);
        unsigned char changed[KEY_BYTES_MAX];
        size_t length = source > 0 ? row->change(changed, search->source, source, row->how) : 0;

        if (length == 0 || before + length > KEY_BYTES_MAX)
            continue;
        memcpy(search->bytes + before, changed, length);
        bytes_wipe(changed, length);
        try_made(search, before + length, row);
    }
}

/* Shells, .env readers and fixed-size buffers cut at any length. */
static void try_cuts(struct search *search)
{
    size_t length = key_expand(search->bytes, "{I}||{K}", search->id, search->key);
    char made[80];
    struct key_row row = {
        .mistake = HM_J5_SECRET_TRUNCATED, .also = NO_MISTAKE, .made = made, .usual = ""
    };

    if (length == 0 || length > CUT_SECRET_MAX)
        return;
    search->attempt.row = &row;
    for (size_t kept = length - 1; kept > 0 && !search->is_over; kept--) {
        snprintf(made, sizeof made, "the first %zu of the %zu bytes of ID||KEY", kept, length);
        try_key(search, search->bytes, kept);
    }
    for (size_t cut = 1; cut < length && !search->is_over; cut++) {
        snprintf(made, sizeof made, "the last %zu of the %zu bytes of ID||KEY", length - cut,
                 length);
        try_key(search, search->bytes + cut, length - cut);
    }
    search->attempt.row = NULL;
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

/* A digest of secret and signing input that is not the right HMAC. @is_made: false if it could not
 * be made. */
static void try_digest(struct search *search, bool is_made, const unsigned char *mac,
                       enum hm_mistake mistake, const char *text)
{
    enum signature_form form;
    bool is_cut;

    if (!is_made)
        search->is_over = search->has_failed = true;
    if (!spend(search) || !signature_forms_match(&search->forms, mac, SHA256_BYTES, &form, &is_cut))
        return;
    search->is_over = true;
    report(search->recovery, mistake, text);
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
    try_digest(search,
               hmac_scratch_mac(search->hmac, HASH_SHA256, search->text.at, search->text.length,
                                search->source, length, mac),
               mac, HM_J5_HMAC_ARGUMENTS_SWAPPED,
               "the HMAC was made with the signing input as the key and ID||KEY as the message");
    for (int i = 0; i < 3; i++) {
        buf_clear(&text);
        if (i == 0)
            buf_add(&text, search->source, length);
        buf_add(&text, search->text.at, search->text.length);
        if (i == 1)
            buf_add(&text, search->source, length);
        try_digest(search,
                   buf_ok(&text) && hash_digest(HASH_SHA256, buf_text(&text), text.length, mac),
                   mac, HM_J5_SIGNATURE_NOT_HMAC,
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
        signing_input_write(&text, &signing_inputs[i], search->parts);
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
    if (!search->has_failed)
        code = HM_OK;
out:
    if (search != NULL) {
        hmac_scratch_free(search->hmac);
        bytes_wipe(search, sizeof *search);
        free(search);
    }
    return code == HM_OK ? HM_OK : no_memory(err);
}
