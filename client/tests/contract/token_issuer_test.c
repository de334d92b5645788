/* iss of a known team, and that no message repeats what iss may contain [J3]. The other mistakes in
 * iss are vectors of fixtures/tokens. */
#include "contract/secrets.h"
#include "tests/unit.h"

#include <heymarket/token.h>

#define ID     "74f80a77-9b3f-44ac-b3ad-ab68cfb548fa"
#define KEY    "cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK"
#define HEADER "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."

static struct hm_secrets *secrets_of_a_team(void)
{
    struct hm_secrets *secrets = NULL;

    assert_int_equal(hm_secrets_new(&secrets, NULL), HM_OK);
    assert_int_equal(hm_secrets_add(secrets, ID, KEY, NULL), HM_OK);
    assert_int_equal(secrets_add_team(secrets, 4821, "Example team", NULL), HM_OK);
    return secrets;
}

static const struct {
    const char *payload; /* base64url */
    const char *code, *says;
} rows[] = {
    /* {"iss":4821} */
    { "eyJpc3MiOjQ4MjF9", "iss-not-string", "iss is the ID of the team" },
    /* {"iss":"4821"} */
    { "eyJpc3MiOiI0ODIxIn0", "iss-unknown", "iss is the ID of the team 4821" },
    /* {"iss":"example team"} */
    { "eyJpc3MiOiJleGFtcGxlIHRlYW0ifQ", "iss-unknown", "iss is the name of the team 4821" },
    /* {"iss":"Example teams"} */
    { "eyJpc3MiOiJFeGFtcGxlIHRlYW1zIn0", "iss-unknown", "iss is <13 characters>" },
    /* {"iss":4822} */
    { "eyJpc3MiOjQ4MjJ9", "iss-not-string", "like the ID of a team" },
};

TEST(a_known_team_is_named)
{
    struct hm_secrets *secrets = secrets_of_a_team();

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char token[128];
        struct hm_verdict verdict;

        (void)snprintf(token, sizeof token, HEADER "%s.c2ln", rows[i].payload);
        assert_int_equal(
            hm_token_verify(&verdict, token, strlen(token), secrets, NULL, 1718000000, NULL),
            HM_TOKEN_REFUSED);
        assert_string_equal(hm_mistake_row(verdict.findings.at[0].mistake)->code, rows[i].code);
        assert_non_null(strstr(verdict.findings.at[0].message, rows[i].says));
    }
    hm_secrets_free(secrets);
}
