/* A valid token, changed at random: none verifies, nothing crashes. The seed is fixed, so that a
 * failure can be seen again. */
#include "tests/unit.h"

#include <heymarket/token.h>

enum { ROUNDS = 600, IAT = 1713225600, NOW = IAT + 10 };

static const char id[] = "74f80a77-9b3f-44ac-b3ad-ab68cfb548fa";

struct fixture {
    struct hm_secrets *secrets;
    char *token, *other;
    size_t length;
    uint64_t random;
};

/* xorshift64 (Marsaglia 2003). */
static size_t below(struct fixture *fixture, size_t limit)
{
    fixture->random ^= fixture->random << 13;
    fixture->random ^= fixture->random >> 7;
    fixture->random ^= fixture->random << 17;
    return (size_t)(fixture->random % limit);
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);

    if (fixture == NULL || hm_secrets_new(&fixture->secrets, NULL) != HM_OK ||
        hm_secrets_add(fixture->secrets, id, "cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK", NULL) != HM_OK ||
        hm_token_sign(&fixture->token, id, "cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK", IAT, NULL) !=
            HM_OK ||
        hm_token_sign(&fixture->other, id, "cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK", IAT + 1, NULL) !=
            HM_OK)
        return -1;
    fixture->length = strlen(fixture->token);
    fixture->random = 88172645463325252U;
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    hm_secrets_free(fixture->secrets);
    free(fixture->token);
    free(fixture->other);
    free(fixture);
    return 0;
}

static bool is_good(const struct fixture *fixture, const char *token, size_t length)
{
    struct hm_verdict verdict;

    return hm_token_verify(&verdict, token, length, fixture->secrets, NULL, NOW, NULL) == HM_OK;
}

/* Every single bit: 8 for each character. */
TEST(no_bit_can_be_flipped)
{
    struct fixture *fixture = *state;
    size_t wrong = 0;

    for (size_t bit = 0; bit < fixture->length * 8; bit++) {
        fixture->token[bit / 8] = (char)(fixture->token[bit / 8] ^ (1 << bit % 8));
        wrong += is_good(fixture, fixture->token, fixture->length);
        fixture->token[bit / 8] = (char)(fixture->token[bit / 8] ^ (1 << bit % 8));
    }
    assert_true(is_good(fixture, fixture->token, fixture->length));
    assert_int_equal(wrong, 0);
}

TEST(no_length_but_the_whole_verifies)
{
    struct fixture *fixture = *state;
    size_t wrong = 0;

    for (size_t length = 0; length < fixture->length; length++)
        wrong += is_good(fixture, fixture->token, length);
    assert_int_equal(wrong, 0);
}

/* Segments of two valid tokens, put together in every way that is neither of the two. */
TEST(segments_cannot_be_swapped)
{
    struct fixture *fixture = *state;
    const char *tokens[] = { fixture->token, fixture->other };
    const char *segments[6];
    size_t lengths[6];
    size_t wrong = 0;

    for (size_t i = 0; i < 2; i++) {
        const char *first = strchr(tokens[i], '.');
        const char *second = strchr(first + 1, '.');

        segments[3 * i] = tokens[i];
        lengths[3 * i] = (size_t)(first - tokens[i]);
        segments[3 * i + 1] = first + 1;
        lengths[3 * i + 1] = (size_t)(second - first - 1);
        segments[3 * i + 2] = second + 1;
        lengths[3 * i + 2] = strlen(second + 1);
    }
    for (size_t way = 0; way < 216; way++) {
        const size_t chosen[] = { way % 6, way / 6 % 6, way / 36 };
        char text[1024];
        size_t length = 0;

        for (size_t i = 0; i < 3; i++) {
            memcpy(text + length, segments[chosen[i]], lengths[chosen[i]]);
            length += lengths[chosen[i]];
            if (i < 2)
                text[length++] = '.';
        }
        if ((length == fixture->length && memcmp(text, fixture->token, length) == 0) ||
            (length == strlen(fixture->other) && memcmp(text, fixture->other, length) == 0))
            continue;
        wrong += is_good(fixture, text, length);
    }
    assert_int_equal(wrong, 0);
}

TEST(nothing_random_verifies)
{
    struct fixture *fixture = *state;
    size_t wrong = 0;

    for (int round = 0; round < ROUNDS; round++) {
        char text[600];
        size_t length = fixture->length;

        memcpy(text, fixture->token, length);
        for (size_t change = 0; change < 8 && length > 1; change++) {
            size_t at = below(fixture, length);

            switch (below(fixture, 4)) {
            case 0: /* another byte */
                text[at] = (char)below(fixture, 256);
                break;
            case 1: /* one byte less */
                memmove(text + at, text + at + 1, length - at - 1);
                length--;
                break;
            case 2: /* one byte more */
                memmove(text + at + 1, text + at, length - at);
                text[at] = "A._-=+/ \"."[below(fixture, 10)];
                length++;
                break;
            default: /* a run written twice */
                memmove(text + at / 2, text + at, length - at);
                length -= at - at / 2;
                break;
            }
        }
        if (length == fixture->length && memcmp(text, fixture->token, length) == 0)
            continue;
        wrong += is_good(fixture, text, length);
    }
    assert_int_equal(wrong, 0);
}

ALL_TESTS_WITHIN(set_up, tear_down)
