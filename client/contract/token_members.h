/* The members of a token's header and claims that are judged, each with its JSON type.
 *
 * Nearly all tokens are written in one of a few ways, and those are read without building a tree;
 * everything else goes through jansson. Both give the same members. */
#ifndef CONTRACT_TOKEN_MEMBERS_H
#define CONTRACT_TOKEN_MEMBERS_H

#include "contract/plain_json.h"
#include <jansson.h>

enum member_kind {
    MEMBER_ABSENT,
    MEMBER_STRING,
    MEMBER_NUMBER,
    MEMBER_NULL,
    MEMBER_BOOLEAN,
    MEMBER_ARRAY,
    MEMBER_OBJECT
};

struct member {
    enum member_kind kind;
    struct span text; /* of a string; borrowed from the text or tree */
    double number;    /* of a number */
};

struct token_header {
    struct member alg, typ, crit;
};

struct token_claims {
    struct member iss, iat, exp, nbf;
};

/* Is it exactly this string? */
bool member_is(const struct member *member, const char *text);

/* Reads {"alg":"HS256","typ":"JWT"}, in either order. False: it is something else. */
bool header_read_plain(struct token_header *header, const struct span *text);

/* Reads an object without spaces that has iss (ASCII, no escapes), iat and exp (whole, at most 15
 * digits) and nothing else, in any order, each at most once. False: it is something else. */
bool claims_read_plain(struct token_claims *claims, const struct span *text);

/* Read the members of an object that was parsed with JSON_DECODE_INT_AS_REAL. */
void header_read_tree(struct token_header *header, const json_t *object);
void claims_read_tree(struct token_claims *claims, const json_t *object);

#endif
