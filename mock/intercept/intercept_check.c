#include "intercept/intercept_check.h"

#include "intercept/intercept.h"
#include "intercept/name_files.h"
#include "intercept/refusal.h"
#include "intercept/trust_files.h"
#include <stdio.h>

enum { LIST_BYTES_MAX = 64 * 1024 };

static void line_print(const char *what, bool is_possible, const char *why)
{
    printf("%s: %s%s%s\n", what, is_possible ? "possible" : "not possible", is_possible ? "" : ": ",
           is_possible ? "" : why);
}

static bool namespaces_print(const char *what, bool has_network)
{
    struct namespace_trial trial;
    struct refusal refusal;
    struct buf why;

    buf_init(&why, REFUSAL_BYTES_MAX);
    namespace_trial_begin(&trial, has_network);
    namespace_trial_end(&trial, &refusal);
    if (refusal.step != STEP_NONE)
        refusal_write(&why, &refusal);
    line_print(what, refusal.step == STEP_NONE, buf_text(&why));
    buf_fini(&why);
    return refusal.step == STEP_NONE;
}

static void lists_print(void)
{
    struct environment environment;
    struct buf list;

    environment_init(&environment);
    buf_init(&list, LIST_BYTES_MAX);
    trust_files_list(&list, &environment);
    printf("certificates that would be replaced for CMD: %s\n",
           list.length > 0 ? buf_text(&list) : "none");
    buf_clear(&list);
    name_files_list(&list);
    printf("files of name look-ups that would be replaced or hidden for CMD: %s\n",
           list.length > 0 ? buf_text(&list) : "none");
    buf_fini(&list);
    environment_fini(&environment);
}

bool intercept_check(void)
{
    struct hm_error err = { 0 };
    const bool has_namespaces = namespaces_print("namespace (private network and files)", true);
    const bool has_mounts = namespaces_print("private files alone (for keep-network)", false);
    const bool has_connect = intercept_connect_try(&err) == HM_OK;

    line_print("connect (supervised connections)", has_connect, err.text);
    line_print("keep-network", has_mounts && has_connect,
               has_connect ? "see private files" : err.text);
    puts("proxy: possible, for clients that obey proxy variables");
    printf("--intercept would use: %s\n", has_namespaces ? "namespace"
                                          : has_connect  ? "connect"
                                                         : "nothing; CMD would not be run");
    lists_print();
    return has_namespaces || has_connect;
}
