/* How long the library takes to judge a good token: for ci/bench, which prints what this prints.
 *
 *     token_bench MILLISECONDS
 *
 * Tokens are many and different, as if every request had a new token: nothing is remembered.
 * Prints microseconds a token: the least, the median and the largest of the rounds. */
#include <heymarket/token.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TOKENS = 256, ROUNDS = 11, NOW_S = 1713225600 };

static const char secret_id[] = "74f80a77-9b3f-44ac-b3ad-ab68cfb548fa";
static const char secret_key[] = "cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK";

static char *tokens[TOKENS];
static size_t lengths[TOKENS];
static struct hm_verdict verdict;

static double now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;

    return left < right ? -1 : left > right;
}

/* Microseconds a token, over all tokens again and again until the time is over; below 0: a token
 * was refused. */
static double round_us(const struct hm_secrets *secrets, double duration_us)
{
    double start = now_us();
    double end = start;
    size_t judged = 0;

    while (end - start < duration_us) {
        for (size_t i = 0; i < TOKENS; i++) {
            if (hm_token_verify(&verdict, tokens[i], lengths[i], secrets, NULL, NOW_S, NULL) !=
                HM_OK)
                return -1;
        }
        judged += TOKENS;
        end = now_us();
    }
    return (end - start) / (double)judged;
}

int main(int argc, char **argv)
{
    double duration_us = argc == 2 ? strtod(argv[1], NULL) * 1e3 / ROUNDS : 0;
    struct hm_secrets *secrets = NULL;
    double rounds[ROUNDS];
    int status = 1;

    if (duration_us <= 0) {
        fprintf(stderr, "usage: token_bench MILLISECONDS\n");
        return 2;
    }
    if (hm_secrets_new(&secrets, NULL) != HM_OK ||
        hm_secrets_add(secrets, secret_id, secret_key, NULL) != HM_OK)
        goto out;
    for (int i = 0; i < TOKENS; i++) {
        if (hm_token_sign(&tokens[i], secret_id, secret_key, NOW_S - i, NULL) != HM_OK)
            goto out;
        lengths[i] = strlen(tokens[i]);
    }
    for (int i = 0; i < ROUNDS; i++) {
        rounds[i] = round_us(secrets, duration_us);
        if (rounds[i] < 0)
            goto out;
    }
    qsort(rounds, ROUNDS, sizeof rounds[0], by_value);
    printf("%.3f %.3f %.3f\n", rounds[0], rounds[ROUNDS / 2], rounds[ROUNDS - 1]);
    status = 0;
out:
    for (int i = 0; i < TOKENS; i++)
        free(tokens[i]);
    hm_secrets_free(secrets);
    return status;
}
