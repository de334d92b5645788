/* The stages of the search, from the likely to the far-fetched, go through the tables of
 * key_mistakes.c. The first match ends it. */
#include "contract/key_recovery.h"

#include "contract/key_changes.h"
#include "contract/key_records.h"
#include "contract/key_search.h"
#include "contract/key_slips.h"
#include "support/no_memory.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    INPUT_BYTES_MAX = 2 * HM_TOKEN_BYTES_MAX,
    INPUTS_USUAL = 6,     /* the first signing inputs are tried with more keys */
    CUT_SECRET_MAX = 256, /* a longer signing secret is not tried at every length */
    CUT_KEPT_MIN = 8,
    CUT_START_MAX = 24,   /* bytes lost at its start */
    MIXED_SECRETS_MAX = 3 /* other secrets whose halves are tried with this one's */
};

enum breadth {
    ROWS_RIGHT,          /* ID||KEY alone */
    ROWS_RIGHT_AND_KEY,  /* and the key alone */
    ROWS_CORE,           /* the few rows that are combined with all else */
    ROWS_CORE_AND_WRAPS, /* and these with a line break at the end */
    ROWS_COMMON,         /* the common rows, too */
    ROWS_COMMON_AND_WRAPS,
    ROWS_PLAIN,  /* all rows */
    ROWS_WRAPPED /* all rows with their wraps */
};

/* ID||KEY is tried in all wraps, the common rows in the common ones, the others with a line break
 * at the end. */
static void try_wraps_of(struct search *search, const struct key_row *row, size_t length)
{
    if (row->mistake == NO_MISTAKE)
        try_wraps(search, length, RARE);
    else if (row->reach >= COMMON && row->mistake != HM_J5_SECRET_EMPTY)
        try_wraps(search, length, COMMON);
    else if (row->reach != ONCE)
        try_wraps(search, length, CORE);
}

static void try_rows(struct search *search, enum breadth breadth)
{
    enum key_reach least = breadth < ROWS_COMMON ? CORE : breadth < ROWS_PLAIN ? COMMON : ONCE;

    for (size_t i = 0; i < key_row_count && !search->is_over; i++) {
        const struct key_row *row = &key_rows[i];
        size_t length = key_expand(search->bytes, row->pattern, search->id, search->key);

        if (breadth == ROWS_RIGHT && i > 0)
            break;
        if (row->reach < least ||
            (breadth == ROWS_RIGHT_AND_KEY && i > 0 && row->mistake != HM_J5_SECRET_KEY_ALONE))
            continue;
        search->attempt.row = row;
        if (breadth != ROWS_WRAPPED)
            try_key(search, search->bytes, length);
        if (breadth == ROWS_WRAPPED)
            try_wraps_of(search, row, length);
        else if (breadth == ROWS_CORE_AND_WRAPS || breadth == ROWS_COMMON_AND_WRAPS)
            try_wraps(search, length, CORE);
    }
}

/* Every character as the joiner, many of them also twice; the likely ones between spaces, with a
 * line break at the end and with the halves swapped, too. The table has those with a mistake of
 * their own. */
static void try_joiners(struct search *search)
{
    static const char joiners[] = "-_.:;,/|+=& \t~!#$%*\"'()<>?@[\\]^`{}";
    enum { LIKELY = 13, DOUBLED = 20 };
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
        { "{K}@{I}", "key and ID, swapped and joined with '%c'", HM_J5_SECRET_SWAPPED, NO_MISTAKE },
    };

    for (const char *c = joiners; *c != '\0'; c++) {
        bool is_likely = c < joiners + LIKELY;
        size_t count = is_likely ? 4 : c < joiners + DOUBLED ? 2 : 1;

        for (size_t i = 0; i < count && !search->is_over; i++) {
            char pattern[16] = "", made[64];
            struct key_row row = { .pattern = pattern, .made = made, .usual = "" };
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
            if (i == 0 && is_likely)
                try_wraps(search, length, CORE);
        }
    }
    search->attempt.row = NULL;
}

/* A key with other characters than ASCII is written with \uNNNN by many, and as it is by others. */
static void try_records(struct search *search)
{
    unsigned char *escaped = search->source;
    size_t length;

    if (!search->is_over)
        key_records_try(search->id, search->key, try_other, search);
    length = unicode_escape(escaped, (const unsigned char *)search->key, strlen(search->key), 0);
    if (length == 0 || length == KEY_BYTES_MAX || search->is_over)
        return;
    escaped[length] = '\0';
    key_records_try(search->id, (const char *)escaped, try_other, search);
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

/* Shells, .env readers and fixed-size buffers cut at any length. That the first character is lost
 * is a slip, see key_slips.c. */
static void try_cuts(struct search *search)
{
    size_t length = key_expand(search->bytes, "{I}||{K}", search->id, search->key);
    char made[80];
    struct key_row row = { .pattern = "{}",
                           .mistake = HM_J5_SECRET_TRUNCATED,
                           .also = NO_MISTAKE,
                           .made = made,
                           .usual = "" };

    if (length == 0 || length > CUT_SECRET_MAX)
        return;
    search->attempt.row = &row;
    for (size_t kept = length - 1; kept >= CUT_KEPT_MIN && !search->is_over; kept--) {
        snprintf(made, sizeof made, "the first %zu of the %zu bytes of ID||KEY", kept, length);
        try_key(search, search->bytes, kept);
    }
    for (size_t cut = 2; cut < length && cut <= CUT_START_MAX && !search->is_over; cut++) {
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

        if (other == search->secret || !private_is_set(other->key))
            continue;
        search->attempt.halves_of = other;
        search->attempt.halves = "ID and key";
        search->id = other->id;
        search->key = private_open(other->key);
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
        search->key = private_open(search->secret->key);
        try_rows(search, ROWS_COMMON);
    }
    search->attempt.halves_of = NULL;
    search->id = search->secret->id;
    search->key = private_open(search->secret->key);
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

/* The key in the encoding of the signing input, for which one finding is enough: one setting makes
 * both. */
static void try_wide_both(struct search *search, const struct signing_input_row *input)
{
    static const struct key_row row = {
        .pattern = "{}",
        .mistake = HM_J5_SECRET_OTHER_ENCODING,
        .also = NO_MISTAKE,
        .made = "ID||KEY in UTF-16, and the signing input was in UTF-16, too",
        .usual = "as produced by Encoding.Unicode in .NET",
    };
    int how =
        (input->text == TEXT_UTF16_BIG ? WIDE_BIG : 0) | (input->pattern[0] == '^' ? WIDE_MARK : 0);
    size_t source = key_expand(search->source, "{I}||{K}", search->id, search->key);
    size_t length = to_wide(search->bytes, search->source, source, how);

    search->attempt.is_input_reported = true;
    if (length > 0)
        try_made(search, length, &row);
    search->attempt.is_input_reported = false;
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
        try_rows(search, i == 0             ? ROWS_COMMON_AND_WRAPS
                         : i == 1           ? ROWS_COMMON
                         : i < INPUTS_USUAL ? ROWS_CORE
                                            : ROWS_RIGHT_AND_KEY);
        if (signing_inputs[i].text != TEXT_ASCII)
            try_wide_both(search, &signing_inputs[i]);
    }
    search->attempt.input = NULL;
    search->text = search->parts->signing_input;
    buf_fini(&text);
}

static void try_hashes(struct search *search)
{
    static const enum hash hashes[] = { HASH_SHA512, HASH_SHA384, HASH_SHA256, HASH_SHA1 };

    for (size_t i = 0; i < sizeof hashes / sizeof hashes[0] && !search->is_over; i++) {
        enum signature_fit fit = signature_forms_fit(&search->forms, hash_bytes(hashes[i]));

        if (hashes[i] == search->declared || fit == FIT_NONE)
            continue;
        search->attempt.hash = hashes[i];
        if (fit == FIT_WHOLE)
            try_rows(search, ROWS_COMMON);
        try_rows(search, ROWS_CORE_AND_WRAPS);
    }
    search->attempt.hash = search->declared;
}

enum hm_code key_recover(struct recovery *recovery, const struct token_parts *parts, enum hash hash,
                         const struct secret *secret, const struct hm_secrets *secrets,
                         unsigned limit, struct hm_error *err)
{
    enum hm_code code = HM_NO_MEMORY;
    struct search *search = calloc(1, sizeof *search);

    memset(recovery, 0, sizeof *recovery);
    if (search == NULL)
        goto out;
    search->recovery = recovery;
    search->limit = limit;
    search->parts = parts;
    search->secret = secret;
    search->secrets = secrets;
    search->declared = search->attempt.hash = hash;
    search->id = secret->id;
    search->key = private_open(secret->key);
    search->text = parts->signing_input;
    search->hmac = hmac_scratch_new();
    if (search->hmac == NULL)
        goto out;
    signature_forms_read(&search->forms, parts);
    if (private_is_set(secret->key)) {
        try_rows(search, ROWS_PLAIN);
        try_other_secrets(search);
        try_changes(search);
        try_inputs(search);
        try_no_hmac(search);
        try_rows(search, ROWS_WRAPPED);
        try_joiners(search);
        try_records(search);
        if (!search->is_over)
            key_placeholders_try(try_other, search);
        try_hashes(search);
        try_cuts(search);
        if (!search->is_over)
            key_slips_try(search->id, search->key, try_other, search);
        if (!search->is_over)
            key_slips_try_invisible(search->id, search->key, try_other, search);
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
