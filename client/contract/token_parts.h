/* A compact serialization taken apart (RFC 7515 §7.1), as far as it can be understood: verifying
 * goes on behind a fault of form, so that one look shows everything that is wrong. */
#ifndef CONTRACT_TOKEN_PARTS_H
#define CONTRACT_TOKEN_PARTS_H

#include "contract/base64url.h"
#include "contract/token_members.h"
#include <heymarket/token.h>

/* Spans point into the token or into `decoded`; a member's text may point into its tree. */
struct token_parts {
    size_t segment_count;
    struct span header_segment, payload_segment, signature_segment;
    struct span signing_input;   /* header segment, dot, payload segment: what is signed [J5] */
    struct span header, payload; /* decoded JSON texts */
    struct span signature;       /* decoded bytes */
    unsigned signature_faults;   /* base64url_fault, seen in the signature's segment */
    bool has_header, has_claims; /* the segment holds a JSON object; its members follow */
    struct token_header header_members;
    struct token_claims claims;
    json_t *header_tree, *claims_tree; /* what was parsed for them, or NULL */
    unsigned char decoded[HM_TOKEN_BYTES_MAX];
};

/* Takes apart a token of at most HM_TOKEN_BYTES_MAX bytes, which must outlive the parts. Faults of
 * form become findings [J2], except the signature's, which are for J5 to judge. */
void token_parts_read(struct token_parts *parts, const char *token, size_t length,
                      struct hm_findings *findings);
void token_parts_fini(struct token_parts *parts);

#endif
