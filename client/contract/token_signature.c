#include "contract/token_signature.h"

#include "contract/key_recovery.h"
#include "support/buf.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <string.h>

enum { TEAM_SECRETS_MAX = 2 }; /* [J10] */

/* The hash that alg names. False for an algorithm without one (none, RS256, ...), for which J2 has
 * a finding. */
static bool declared_hash(enum hash *hash, const struct token_header *header)
{
    static const struct {
        const char *alg;
        enum hash hash;
    } names[] = { { "HS256", HASH_SHA256 }, { "HS384", HASH_SHA384 }, { "HS512", HASH_SHA512 } };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (member_is(&header->alg, names[i].alg)) {
            *hash = names[i].hash;
            return true;
        }
    }
    return false;
}

/* The right key's HMAC with the hash of the header. */
static enum hm_code right_mac(unsigned char mac[MAC_BYTES_MAX], enum hash hash,
                              const struct secret *secret, const struct span *input,
                              struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const struct hmac_key *key = secret->signing_key;
    struct hmac_key *made = NULL;
    char *joined = NULL;
    size_t length = 0;

    if (hash != HASH_SHA256) {
        TRY(signing_secret(&joined, &length, secret->id, private_open(secret->key), err));
        TRY(hmac_key_new(&made, hash, joined, length, err));
        key = made;
    }
    if (!hmac_key_mac(key, input->at, input->length, mac))
        code = no_memory(err);
out:
    hmac_key_free(made);
    secret_wipe(joined);
    return code;
}

static enum hm_code is_signed_by(bool *is_signed, const struct token_parts *parts, enum hash hash,
                                 const struct secret *secret, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    unsigned char mac[MAC_BYTES_MAX];

    *is_signed = false;
    if (parts->signature.length != hash_bytes(hash) ||
        (parts->signature_faults & BASE64URL_BROKEN) != 0 ||
        (hash != HASH_SHA256 && !private_is_set(secret->key)))
        return HM_OK;
    TRY(right_mac(mac, hash, secret, &parts->signing_input, err));
    *is_signed = bytes_equal(mac, parts->signature.at, hash_bytes(hash));
out:
    return code;
}

/* The right signature, but not in base64url. */
static void check_encoding(struct judging *judging, bool is_cut)
{
    unsigned faults = judging->parts.signature_faults;

    if ((faults & (BASE64URL_PADDED | BASE64URL_STANDARD_ALPHABET)) != 0)
        hm_findings_add(judging->findings, HM_J5_SIGNATURE_STANDARD_BASE64,
                        "the signature is standard base64, with %s",
                        (faults & BASE64URL_PADDED) == 0              ? "'+' or '/'"
                        : (faults & BASE64URL_STANDARD_ALPHABET) == 0 ? "'=' at its end"
                                                                      : "'+' or '/' and '='");
    if ((faults & BASE64URL_NON_CANONICAL) != 0 && !is_cut)
        hm_findings_add(judging->findings, HM_J2_SEGMENT_NON_CANONICAL,
                        "the last character of the signature has unused bits set");
}

/* [J2] */
static bool report_broken(struct judging *judging)
{
    if ((judging->parts.signature_faults & BASE64URL_BROKEN) == 0)
        return false;
    hm_findings_add(judging->findings, HM_J2_SEGMENT_NOT_BASE64URL,
                    "the signature is not valid base64url: it has an invalid character or length");
    return true;
}

static void report_unknown(struct judging *judging, enum hash hash)
{
    if (report_broken(judging) || hash != HASH_SHA256)
        return;
    hm_findings_add(judging->findings, HM_J5_SIGNATURE_UNKNOWN,
                    "the signature%s does not match this token and the secret %s, nor any known "
                    "mistake: another key was used, or the token was changed after signing",
                    judging->parts.signature.length == SHA256_BYTES ? "" : " (not of 32 bytes)",
                    judging->secret->id);
}

static enum hm_code recover(struct recovery *recovery, const struct judging *judging,
                            enum hash hash, const struct secret *secret, unsigned limit,
                            struct hm_error *err)
{
    struct recovery_gate *gate = judging->secrets->gate;
    const char *start = judging->parts.signing_input.at;
    const struct span *last = &judging->parts.signature_segment;
    unsigned char token[MAC_BYTES_MAX];
    enum hm_code code;

    if (!hash_digest(HASH_SHA256, start, (size_t)(last->at + last->length - start), token))
        return no_memory(err);
    if (recovery_gate_enter(gate, secret, token, recovery))
        return HM_OK;
    code = key_recover(recovery, &judging->parts, hash, secret, judging->secrets, limit, err);
    recovery_gate_leave(gate, secret, token, code == HM_OK ? recovery : NULL);
    return code;
}

/* Adds findings if a known mistake with @secret reproduces the signature. */
static enum hm_code diagnose(struct judging *judging, enum hash hash, const struct secret *secret,
                             unsigned limit, bool *is_explained, struct hm_error *err)
{
    enum hm_code code;
    struct recovery recovery;
    bool is_cut = false;

    TRY(recover(&recovery, judging, hash, secret, limit, err));
    for (size_t i = 0; i < recovery.count; i++) {
        hm_findings_add(judging->findings, recovery.at[i].mistake, "%s", recovery.at[i].text);
        is_cut = is_cut || recovery.at[i].mistake == HM_J5_SIGNATURE_TRUNCATED;
    }
    *is_explained = recovery.count > 0;
    if (*is_explained)
        check_encoding(judging, is_cut);
out:
    return code;
}

/* [J3] With an unknown iss the right keys of a limited number of secrets are tried, and also the
 * mistakes if these are the one or two secrets of a single team [J10]. */
static enum hm_code find_signer(struct judging *judging, enum hash hash, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const struct hm_secrets *secrets = judging->secrets;
    bool is_explained = false;
    bool is_signed;

    for (size_t i = 0; i < secrets->count && i < RECOVERY_SECRETS_MAX; i++) {
        TRY(is_signed_by(&is_signed, &judging->parts, hash, secrets->at[i], err));
        if (is_signed) {
            judging->claimed = secrets->at[i];
            check_encoding(judging, false);
            return HM_OK;
        }
    }
    for (size_t i = 0; i < secrets->count && secrets->count <= TEAM_SECRETS_MAX && !is_explained;
         i++)
        TRY(diagnose(judging, hash, secrets->at[i],
                     RECOVERY_CANDIDATES_MAX / (unsigned)secrets->count, &is_explained, err));
    if (!is_explained)
        report_broken(judging);
out:
    return code;
}

/* Was the wrong text of iss also used as the ID in the signing secret? Then one variable is wrong,
 * and the finding for iss is enough. */
static enum hm_code is_signed_with_iss(bool *is_signed, const struct judging *judging,
                                       enum hash hash, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const struct token_parts *parts = &judging->parts;
    const struct member *iss = &parts->claims.iss;
    struct hmac_key *key = NULL;
    unsigned char mac[MAC_BYTES_MAX];
    struct buf secret;

    *is_signed = false;
    buf_init(&secret, HM_TOKEN_BYTES_MAX + HM_SECRET_BYTES_MAX);
    if (!judging->is_presumed || iss->kind != MEMBER_STRING ||
        !private_is_set(judging->secret->key) || parts->signature.length != hash_bytes(hash))
        goto out;
    buf_add(&secret, iss->text.at, iss->text.length);
    buf_puts(&secret, "||");
    buf_puts(&secret, private_open(judging->secret->key));
    if (!buf_ok(&secret)) {
        code = no_memory(err);
        goto out;
    }
    TRY(hmac_key_new(&key, hash, buf_text(&secret), secret.length, err));
    if (hmac_key_mac(key, parts->signing_input.at, parts->signing_input.length, mac))
        *is_signed = bytes_equal(mac, parts->signature.at, hash_bytes(hash));
    else
        code = no_memory(err);
out:
    hmac_key_free(key);
    bytes_wipe(secret.data, secret.length);
    buf_fini(&secret);
    return code;
}

enum hm_code signature_check(struct judging *judging, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const struct token_parts *parts = &judging->parts;
    enum hash hash;
    bool is_signed;
    bool is_explained = false;

    if (judging->policy->skips_signature) {
        hm_findings_add(judging->findings, HM_J5_SIGNATURE_NOT_CHECKED,
                        "the signature was not checked");
        return HM_OK;
    }
    if (parts->segment_count != 3 || !parts->has_claims ||
        !declared_hash(&hash, &parts->header_members))
        return HM_OK;
    if (parts->signature_segment.length == 0) {
        if (hash == HASH_SHA256)
            hm_findings_add(judging->findings, HM_J5_SIGNATURE_MISSING,
                            "the token ends in a dot, its signature is empty");
        return HM_OK;
    }
    if (judging->secret == NULL)
        return find_signer(judging, hash, err);
    TRY(is_signed_by(&is_signed, parts, hash, judging->secret, err));
    if (!is_signed)
        TRY(is_signed_with_iss(&is_signed, judging, hash, err));
    if (is_signed) {
        check_encoding(judging, false);
        return HM_OK;
    }
    TRY(diagnose(judging, hash, judging->secret, RECOVERY_CANDIDATES_MAX, &is_explained, err));
    if (!is_explained)
        report_unknown(judging, hash);
out:
    return code;
}
