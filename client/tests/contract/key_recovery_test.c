/* Key recovery: bounded whatever comes, the same from every thread. What it finds is proved by the
 * vectors of fixtures/tokens (token_vectors_test.c). */
#include "contract/key_recovery.h"

#include "contract/key_mistakes.h"
#include "tests/unit.h"
#include <pthread.h>

enum { THREADS = 8, TOKENS = 40 };

static const char id[] = "74f80a77-9b3f-44ac-b3ad-ab68cfb548fa";

static struct hm_secrets *many_secrets(size_t count)
{
    struct hm_secrets *secrets = NULL;

    assert_int_equal(hm_secrets_new(&secrets, NULL), HM_OK);
    assert_int_equal(hm_secrets_add(secrets, id, "cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK", NULL), HM_OK);
    for (size_t i = 1; i < count; i++) {
        char other[32];

        (void)snprintf(other, sizeof other, "other-%zu", i);
        assert_int_equal(hm_secrets_add(secrets, other, "its key", NULL), HM_OK);
    }
    return secrets;
}

/* A token whose signature no known mistake makes. */
static char *unexplained_token(int number)
{
    char *token = NULL;

    assert_int_equal(hm_token_sign(&token, id, "not the key of this secret", 1000 + number, NULL),
                     HM_OK);
    return token;
}

TEST(an_unexplained_signature_costs_a_bounded_number_of_tries)
{
    struct hm_secrets *secrets = many_secrets(200);
    char *token = unexplained_token(0);
    struct token_parts parts;
    struct hm_findings findings = { .count = 0 };
    struct recovery recovery;
    enum hm_code code;

    assert_int_equal(token_parts_read(&parts, token, strlen(token), &findings, NULL), HM_OK);
    code = key_recover(&recovery, &parts, HASH_SHA256, secrets_find(secrets, id, strlen(id)),
                       secrets, RECOVERY_CANDIDATES_MAX, NULL);
    token_parts_fini(&parts);
    free(token);
    hm_secrets_free(secrets);
    assert_int_equal(code, HM_OK);
    assert_int_equal(recovery.count, 0);
    assert_true(recovery.candidates > 500);
    assert_true(recovery.candidates <= RECOVERY_CANDIDATES_MAX);
}

TEST(every_row_of_the_tables_makes_a_key)
{
    unsigned char out[KEY_BYTES_MAX];

    for (size_t i = 0; i < key_row_count; i++)
        assert_true(key_rows[i].pattern[0] == '\0' ||
                    key_expand(out, key_rows[i].pattern, "id", "key") > 0);
    for (size_t i = 0; i < key_wrap_count; i++)
        assert_non_null(strstr(key_wraps[i].pattern, "{}"));
}

TEST(halves_that_do_not_fit_are_left_out_not_overrun)
{
    unsigned char out[KEY_BYTES_MAX];
    char *half = malloc(KEY_BYTES_MAX);

    assert_non_null(half);
    memset(half, 'x', KEY_BYTES_MAX - 1);
    half[KEY_BYTES_MAX - 1] = '\0';
    assert_int_equal(key_expand(out, "{I}||{K}", half, "key"), 0);
    for (size_t i = 0; i < key_change_count; i++)
        assert_true(key_changes[i].change(out, (const unsigned char *)half, KEY_BYTES_MAX - 1,
                                          key_changes[i].how) <= KEY_BYTES_MAX);
    free(half);
}

struct job {
    const struct hm_secrets *secrets;
    char **tokens;
    int wrong;
};

static void *verify_all(void *argument)
{
    struct job *job = argument;

    for (int i = 0; i < TOKENS; i++) {
        struct hm_verdict verdict;
        struct hm_error err;
        const char *token = job->tokens[i];

        if (hm_token_verify(&verdict, token, strlen(token), job->secrets, NULL, 1100, &err) !=
                HM_TOKEN_REFUSED ||
            strcmp(err.mistake, "signature-unknown") != 0)
            job->wrong++;
    }
    return NULL;
}

TEST(many_threads_get_the_same_verdicts)
{
    struct hm_secrets *secrets = many_secrets(3);
    char *tokens[TOKENS];
    struct job jobs[THREADS];
    pthread_t threads[THREADS];
    int wrong = 0;

    for (int i = 0; i < TOKENS; i++)
        tokens[i] = unexplained_token(i);
    for (int i = 0; i < THREADS; i++) {
        jobs[i] = (struct job){ secrets, tokens, 0 };
        assert_int_equal(pthread_create(&threads[i], NULL, verify_all, &jobs[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        wrong += jobs[i].wrong;
    }
    for (int i = 0; i < TOKENS; i++)
        free(tokens[i]);
    hm_secrets_free(secrets);
    assert_int_equal(wrong, 0);
}
