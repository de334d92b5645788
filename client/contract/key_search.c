#include "contract/key_search.h"

#include <stdio.h>
#include <string.h>

static const char *const hash_names[HASH_COUNT] = { "SHA-256", "SHA-384", "SHA-512", "SHA-1",
                                                    "MD5",     "SHA-224", "SHA3-256" };

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

/* Who makes the key so. An empty one has a second cause, if a hex decoder finds no digit first. */
static const char *cause_of(const struct search *search, const struct key_row *row)
{
    const unsigned char *key = (const unsigned char *)private_open(search->secret->key);
    unsigned char ignored[KEY_BYTES_MAX];

    if (row->mistake != HM_J5_SECRET_EMPTY ||
        (row->pattern[0] != '\0' && strcmp(row->pattern, "{I}||") != 0) ||
        hex_decode(ignored, key, search->secret->key_length, HEX_UNTIL_BAD) > 0)
        return row->usual;
    return "as produced by an unset variable, or by a hex decoder, which reads nothing of this key";
}

/* "it was signed with the key alone, as ... does" */
static void report_key(struct search *search)
{
    const struct attempt *attempt = &search->attempt;
    const struct key_row *row = attempt->row;
    const struct key_row *wrap = attempt->wrap;
    const char *cause = cause_of(search, row);
    char text[RECOVERY_TEXT];

    snprintf(text, sizeof text, "it was signed with %s%s%s%s%s", row->made,
             wrap != NULL ? ", " : "", wrap != NULL ? wrap->made : "", cause[0] != '\0' ? ", " : "",
             cause);
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

    if (attempt->input != NULL && !attempt->is_input_reported) {
        snprintf(text, sizeof text, "the signature was made over %s", attempt->input->made);
        report(search->recovery, attempt->input->mistake, text);
    }
    /* another alg has a finding of its own, which asks for HS256 [J2] */
    if (attempt->hash != search->declared && search->declared == HASH_SHA256) {
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
    if (search->recovery->candidates >= search->limit)
        search->is_over = true;
    if (!search->is_over)
        search->recovery->candidates++;
    return !search->is_over;
}

/* Was the key tried before, with the same hash and signing input? Notes that it now is. The
 * checksum is FNV-1a; two keys with the same one only mean that the second is not tried. */
static bool is_tried(struct search *search, const unsigned char *key, size_t length)
{
    uint64_t sum = 14695981039346656037U ^ (uint64_t)search->attempt.hash ^
                   (uint64_t)(uintptr_t)search->attempt.input;

    for (size_t i = 0; i < length; i++)
        sum = (sum ^ key[i]) * 1099511628211U;
    sum |= 1;
    for (size_t slot = sum >> 32 & (TRIED_SLOTS - 1);; slot = (slot + 1) & (TRIED_SLOTS - 1)) {
        if (search->tried[slot] == sum)
            return true;
        if (search->tried[slot] == 0) {
            search->tried[slot] = sum;
            return false;
        }
    }
}

void try_key(struct search *search, const unsigned char *key, size_t length)
{
    unsigned char mac[MAC_BYTES_MAX];
    enum signature_form form;
    bool is_cut;

    if (search->is_over || is_tried(search, key, length) || !spend(search))
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

void try_wraps(struct search *search, size_t length, enum key_reach least)
{
    for (size_t i = 0; i < key_wrap_count && !search->is_over; i++) {
        const struct key_row *wrap = &key_wraps[i];
        const char *hole = strstr(wrap->pattern, "{}");
        size_t before = (size_t)(hole - wrap->pattern);
        size_t after = strlen(hole + 2);

        if (wrap->reach < least || before + length + after > KEY_BYTES_MAX)
            continue;
        memcpy(search->wrapped, wrap->pattern, before);
        memcpy(search->wrapped + before, search->bytes, length);
        memcpy(search->wrapped + before + length, hole + 2, after);
        search->attempt.wrap = wrap;
        try_key(search, search->wrapped, before + length + after);
    }
    search->attempt.wrap = NULL;
}

void try_made(struct search *search, size_t length, const struct key_row *row)
{
    search->attempt.row = row;
    try_key(search, search->bytes, length);
}

bool try_other(void *context, const unsigned char *key, size_t length, enum hm_mistake mistake,
               const char *made)
{
    struct search *search = context;
    struct key_row row = {
        .pattern = "{}", .mistake = mistake, .also = NO_MISTAKE, .made = made, .usual = ""
    };

    search->attempt.row = &row;
    try_key(search, key, length);
    search->attempt.row = NULL;
    return !search->is_over;
}

void try_digest(struct search *search, bool is_made, const unsigned char *mac,
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
