#include "operation/auth.h"

#include "exchange/finding_text.h"
#include "operation/limit.h"
#include "store/store.h"
#include <inttypes.h>

enum hm_code authorization_judge(struct exchange *x, const char *value, size_t length)
{
    struct hm_token_policy policy = policy_for_token(&x->state->policy);
    const struct hm_secrets *secrets = store_secrets(x->state->store);
    int64_t passed_s = 0;
    enum hm_code code = token_memory_verify(x->token_memory, &x->verdict, value, length, secrets,
                                            &policy, x->now_s, NULL);

    if ((code == HM_OK || code == HM_TOKEN_REFUSED) && x->verdict.has_iat)
        passed_s = clock_elapsed_s(&x->state->clock, x->verdict.iat);
    if (passed_s > 0)
        code = token_memory_verify(x->token_memory, &x->verdict, value, length, secrets, &policy,
                                   x->now_s + passed_s, NULL);
    return code;
}

enum step_result token_check(struct exchange *x)
{
    const struct request *request = &x->request;
    enum hm_code code;

    if (request->authorization_count > 1) {
        hm_findings_add(&x->findings, HM_J1_AUTHORIZATION_REPEATED,
                        "the Authorization header was sent %zu times",
                        request->authorization_count);
        return exchange_refuse(x, 401);
    }
    if (request->authorization_count == 0 && request->token_field != NULL) {
        hm_findings_add(&x->findings, HM_J1_AUTHORIZATION_MISSING,
                        "the request has no Authorization header, but a token in the header %.64s",
                        request->token_field);
        return exchange_refuse(x, 401);
    }
    code =
        authorization_judge(x, private_open(request->authorization), request->authorization_length);
    if ((code != HM_OK && code != HM_TOKEN_REFUSED) ||
        (code == HM_OK && x->verdict.secret == HM_NO_SECRET)) {
        return exchange_refuse(x, 500);
    }
    findings_append(&x->findings, &x->verdict.findings);
    if (code == HM_TOKEN_REFUSED) {
        return exchange_refuse(x, 401);
    }
    x->team = store_team_of(x->state->store, &x->verdict);
    x->has_team = true;
    return STEP_NEXT;
}

enum step_result limit_check(struct exchange *x)
{
    struct limit *limit = x->state->limit;
    enum hm_code code;
    int64_t wait_s;
    size_t key;

    if (limit == NULL)
        return STEP_NEXT;
    key = (size_t)x->verdict.secret +
          (x->verdict.is_legacy ? store_secret_count(x->state->store) : 0);
    code = limit_ask(limit, key, clock_now_us(&x->state->clock), &wait_s);
    if (code != HM_OK)
        return exchange_away(x, code);
    if (wait_s == 0)
        return STEP_NEXT;
    x->answer.retry_after_s = wait_s;
    hm_findings_add(&x->findings, HM_E4_RATE_LIMITED,
                    "more than %zu request%s within %d seconds, retry in %" PRId64 " s",
                    limit_requests(limit), limit_requests(limit) == 1 ? "" : "s", LIMIT_WINDOW_S,
                    wait_s);
    return exchange_refuse(x, 429);
}

enum step_result team_check(struct exchange *x)
{
    if (contact_team(x->contact) == x->team)
        return STEP_NEXT;
    hm_findings_add(&x->findings, HM_J11_CONTACT_OF_OTHER_TEAM,
                    "the token is valid, but the contact belongs to another team");
    return exchange_refuse(x, 403);
}
