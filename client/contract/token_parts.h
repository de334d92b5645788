/* The parts of a compact serialization (RFC 7515, section 7.1), as far as they can be read: judging
 * goes on after a mistake in the form, so that all mistakes are found at once. */
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
    unsigned signature_faults;   /* base64url_fault flags of the signature segment */
    bool has_header, has_claims; /* the segment is a JSON object; its members follow */
    struct token_header header_members;
    struct token_claims claims;
    json_t *header_tree, *claims_tree; /* NULL: they were read without a tree */
    bool is_out_of_memory;             /* a tree could not be made */
    unsigned char decoded[HM_TOKEN_BYTES_MAX];
};

/* Reads a token of at most HM_TOKEN_BYTES_MAX bytes, which must outlive the parts. Mistakes in the
 * form become findings [J2], except those of the signature segment, which J5 judges.
 * token_parts_fini() is needed also after a failure. returns HM_OK, HM_NO_MEMORY */
HM_MUST_USE enum hm_code token_parts_read(struct token_parts *parts, const char *token,
                                          size_t length, struct hm_findings *findings,
                                          struct hm_error *err);
void token_parts_fini(struct token_parts *parts);

#endif
