#include "contract/token_members.h"

#include <string.h>

bool member_is(const struct member *member, const char *text)
{
    return member->kind == MEMBER_STRING && member->text.length == strlen(text) &&
           memcmp(member->text.at, text, member->text.length) == 0;
}

static struct member string_member(const char *at, size_t length)
{
    return (struct member){ .kind = MEMBER_STRING, .text = { at, length } };
}

bool header_read_plain(struct token_header *header, const struct span *text)
{
    static const char alg_first[] = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
    static const char typ_first[] = "{\"typ\":\"JWT\",\"alg\":\"HS256\"}";

    if (text->length != sizeof alg_first - 1 || (memcmp(text->at, alg_first, text->length) != 0 &&
                                                 memcmp(text->at, typ_first, text->length) != 0))
        return false;
    *header =
        (struct token_header){ .alg = string_member("HS256", 5), .typ = string_member("JWT", 3) };
    return true;
}

static bool take_string(struct span *text, struct member *member)
{
    bool is_new = member->kind == MEMBER_ABSENT;

    member->kind = MEMBER_STRING;
    return is_new && plain_take_string(text, &member->text);
}

static bool take_number(struct span *text, struct member *member)
{
    bool is_new = member->kind == MEMBER_ABSENT;

    member->kind = MEMBER_NUMBER;
    return is_new && plain_take_number(text, &member->number);
}

static bool take_claim(struct span *text, struct token_claims *claims)
{
    if (plain_take(text, "\"iss\":\""))
        return take_string(text, &claims->iss);
    if (plain_take(text, "\"iat\":"))
        return take_number(text, &claims->iat);
    if (plain_take(text, "\"exp\":"))
        return take_number(text, &claims->exp);
    return false;
}

bool claims_read_plain(struct token_claims *claims, const struct span *text)
{
    struct span rest = *text;

    *claims = (struct token_claims){ 0 };
    if (!plain_take(&rest, "{"))
        return false;
    do {
        if (!take_claim(&rest, claims))
            return false;
    } while (plain_take(&rest, ","));
    return plain_take(&rest, "}") && rest.length == 0;
}

static struct member member_of(const json_t *object, const char *name)
{
    static const enum member_kind kinds[] = {
        [JSON_OBJECT] = MEMBER_OBJECT,  [JSON_ARRAY] = MEMBER_ARRAY, [JSON_STRING] = MEMBER_STRING,
        [JSON_INTEGER] = MEMBER_NUMBER, [JSON_REAL] = MEMBER_NUMBER, [JSON_TRUE] = MEMBER_BOOLEAN,
        [JSON_FALSE] = MEMBER_BOOLEAN,  [JSON_NULL] = MEMBER_NULL,
    };
    const json_t *value = json_object_get(object, name);
    struct member member = { .kind = MEMBER_ABSENT };

    if (value == NULL)
        return member;
    if (json_is_string(value))
        return string_member(json_string_value(value), json_string_length(value));
    member.kind = kinds[json_typeof(value)];
    member.number = json_number_value(value);
    return member;
}

void header_read_tree(struct token_header *header, const json_t *object)
{
    header->alg = member_of(object, "alg");
    header->typ = member_of(object, "typ");
    header->crit = member_of(object, "crit");
}

void claims_read_tree(struct token_claims *claims, const json_t *object)
{
    claims->iss = member_of(object, "iss");
    claims->iat = member_of(object, "iat");
    claims->exp = member_of(object, "exp");
    claims->nbf = member_of(object, "nbf");
}
