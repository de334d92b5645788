/* Signs a token and judges it, with the tokens alone. */
#include <heymarket/token.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int main(void)
{
    struct hm_error err = { .code = HM_OK };
    struct hm_secrets *secrets = NULL;
    struct hm_verdict verdict;
    char *token = NULL;
    int64_t now = (int64_t)time(NULL);

    if (hm_secrets_new(&secrets, &err) == HM_OK &&
        hm_secrets_add(secrets, "id", "key", &err) == HM_OK &&
        hm_token_sign(&token, "id", "key", now, &err) == HM_OK &&
        hm_token_verify(&verdict, token, strlen(token), secrets, NULL, now, &err) == HM_OK)
        printf("good, after %g s, by heymarket %s\n", verdict.age_s, hm_version());
    free(token);
    hm_secrets_free(secrets);
    if (err.code != HM_OK)
        fprintf(stderr, "%s\n", err.text);
    return err.code == HM_OK ? 0 : 1;
}
