#include "sandbox/sandbox_choose.h"

#include "contract/base64url.h"
#include "contract/secrets.h"
#include "contract/token_members.h"
#include "database/database.h"
#include "sandbox/sandbox_kept.h"
#include "sandbox/sandboxes.h"
#include "store/store.h"
#include "support/uuid.h"
#include <stdlib.h>
#include <string.h>

enum { PAYLOAD_BYTES_MAX = HM_TOKEN_BYTES_MAX };

static const char control_path[] = "/_mock/", sandboxes_path[] = "/_mock/sandboxes/";

/* The claims of a token in an Authorization value; whatever is around it is judged later. Returns
 * their length; 0: there are none that are worth a look. */
static size_t payload_take(char payload[PAYLOAD_BYTES_MAX], const char *value, size_t length)
{
    const char *dot = memchr(value, '.', length), *end = value + length, *next;
    size_t bytes = 0;

    next = dot == NULL ? NULL : memchr(dot + 1, '.', (size_t)(end - dot - 1));
    if (next == NULL || base64url_decoded_max((size_t)(next - dot - 1)) > PAYLOAD_BYTES_MAX)
        return 0;
    base64url_decode((unsigned char *)payload, &bytes, dot + 1, (size_t)(next - dot - 1));
    return bytes;
}

/* By iss. *is_main: it is one of the main world. */
static enum hm_code find_by_iss(struct sandbox **sandbox, bool *is_main, struct exchange *x)
{
    const char *value = private_open(x->request.authorization);
    char payload[PAYLOAD_BYTES_MAX];
    struct token_claims claims = { 0 };
    struct span text = { payload, 0 };
    enum hm_code code = HM_OK;
    json_t *tree = NULL;

    if (value != NULL)
        text.length = payload_take(payload, value, x->request.authorization_length);
    if (text.length > 0 && !claims_read_plain(&claims, &text)) {
        tree = json_loadb(text.at, text.length, JSON_DECODE_INT_AS_REAL, NULL);
        claims = (struct token_claims){ 0 };
        if (json_is_object(tree))
            claims_read_tree(&claims, tree);
    }
    if (claims.iss.kind == MEMBER_STRING) {
        *is_main = secrets_find(store_secrets(x->state->store), claims.iss.text.at,
                                claims.iss.text.length) != NULL;
        if (!*is_main)
            code = sandbox_kept_find(sandbox, x->mock, SANDBOX_ANY, claims.iss.text.at,
                                     claims.iss.text.length);
    }
    json_decref(tree);
    return code;
}

/* By the first segment of the path that is a UUID of a sandbox. */
static enum hm_code find_by_path(struct sandbox **sandbox, struct exchange *x)
{
    const char *at = private_open(x->request.path);
    char uuid[UUID_TEXT];
    enum hm_code code = HM_OK;

    for (size_t length; at != NULL && *at != '\0' && *sandbox == NULL && code == HM_OK;
         at += length + (at[length] != '\0')) {
        length = strcspn(at, "/");
        if (uuid_is_valid(at, length))
            uuid_lower(uuid, at);
        if (uuid_is_valid(at, length) && store_find(x->state->store, uuid) == NULL)
            code = sandbox_kept_find(sandbox, x->mock, SANDBOX_ANY, at, length);
    }
    return code;
}

/* Of /_mock/sandboxes/ID/REST; REST is then what is routed. */
static enum hm_code find_by_control(struct sandbox **sandbox, struct exchange *x)
{
    const char *id = private_open(x->request.path) + sizeof sandboxes_path - 1;
    const size_t length = strcspn(id, "/");
    enum hm_code code = HM_OK;

    if (id[length] == '/')
        code = sandbox_kept_find(sandbox, x->mock, SANDBOX_ID, id, length);
    if (*sandbox != NULL)
        x->below = private_text(id + length);
    return code;
}

enum step_result sandbox_choose(struct exchange *x)
{
    const char *path = private_open(x->request.path);
    struct sandbox *sandbox = NULL;
    bool is_main = false;
    enum hm_code code;

    if (sandboxes_count(x->mock->sandboxes) == 0 &&
        !database_is_shared(x->mock->main.slot.database))
        return STEP_NEXT;
    if (path != NULL && strncmp(path, sandboxes_path, sizeof sandboxes_path - 1) == 0) {
        code = find_by_control(&sandbox, x);
    } else if (path != NULL && strncmp(path, control_path, sizeof control_path - 1) == 0) {
        return STEP_NEXT;
    } else {
        code = find_by_iss(&sandbox, &is_main, x);
        if (code == HM_OK && sandbox == NULL && !is_main)
            code = find_by_path(&sandbox, x);
    }
    if (sandbox != NULL)
        exchange_move(x, sandbox);
    if (x->kept == HM_BAD_ARGUMENT) { /* another mock ended it */
        sandbox_kept_end(x->mock, x->sandbox->id);
        exchange_move(x, &x->mock->main);
        x->below = private_text(NULL);
    }
    return code == HM_OK ? STEP_NEXT : exchange_away(x, code);
}
