/* The variables of the environment that the three programs read, or set for a command they start.
 */
#ifndef CONTRACT_VARIABLES_H
#define CONTRACT_VARIABLES_H

#define VARIABLE_BASE_URL          "HEYMARKET_API_BASE_URL"
#define VARIABLE_SECRET_ID         "HEYMARKET_API_SECRET_ID"
#define VARIABLE_SECRET_KEY        "HEYMARKET_API_SECRET_KEY"
#define VARIABLE_SECOND_SECRET_ID  "HEYMARKET_SECOND_SECRET_ID"
#define VARIABLE_SECOND_SECRET_KEY "HEYMARKET_SECOND_SECRET_KEY"
#define VARIABLE_CONTACT_ID        "HEYMARKET_CONTACT_ID"
#define VARIABLE_EMPTY_CONTACT_ID  "HEYMARKET_EMPTY_CONTACT_ID" /* a contact without channels */
#define VARIABLE_OTHER_CONTACT_ID  "HEYMARKET_OTHER_TEAM_CONTACT_ID"
#define VARIABLE_MOCK_URL          "HEYMARKET_MOCK_URL"         /* the mock, never over HTTPS */
#define VARIABLE_MOCK_CONTROL_URL  "HEYMARKET_MOCK_CONTROL_URL" /* its control plane: /_mock */
#define VARIABLE_SCENARIO          "HEYMARKET_SCENARIO"         /* which one `client` runs */

/* Those that lead a client to a server, its secrets and its contacts; ends with NULL. Other names
 * with this prefix belong to the user. */
extern const char *const variables_of_target[];

#endif
