#include "control/expected.h"

#include "contract/mask_forms.h"
#include "control/control.h"
#include "control/criteria.h"
#include "control/where.h"
#include "journal/journal_capture.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <ctype.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    REFUSED_FROM = 400,
    ALLOWED_MAX = 64,
    WAITING_MAX = 100,
    TIMES_MOST = 1000000,
    UNMET_SHOWN_MAX = 5,
    UNMET_TEXT = 160
};

/* A status or class of statuses, or a set of findings. */
struct criterion {
    bool is_status;
    struct status_range status;
    struct mistake_set mistakes;
};

/* One of POST /_mock/expect. */
struct waiting {
    struct where where;
    int64_t times, left;
};

struct expected {
    struct criterion allowed[ALLOWED_MAX];
    size_t allowed_count;
    atomic_size_t
        pending; /* of the waiting ones, those that are not used up; read without the lock */
    pthread_mutex_t lock; /* of what follows */
    struct waiting *waiting[WAITING_MAX];
    size_t waiting_count;
    char unmet[UNMET_SHOWN_MAX][UNMET_TEXT]; /* of headers */
    size_t unmet_count, header_count;
};

static enum hm_code criterion_read(struct criterion *criterion, const char *text,
                                   struct hm_error *err)
{
    criterion->is_status = isdigit((unsigned char)*text) != 0;
    return criterion->is_status ? status_range_read(&criterion->status, text, err)
                                : mistake_set_read(&criterion->mistakes, text, err);
}

/* Findings are warnings where the request was accepted; then all of them must be allowed. */
static bool criterion_meets(const struct criterion *criterion, const struct exchange *x)
{
    const bool is_refused = x->answer.status >= REFUSED_FROM;
    size_t met = 0;

    if (criterion->is_status)
        return status_range_has(&criterion->status, x->answer.status);
    for (size_t i = 0; i < x->findings.count; i++)
        met += criterion->mistakes.has[x->findings.at[i].mistake];
    return is_refused ? met > 0 : met > 0 && met == x->findings.count;
}

enum hm_code expected_new(struct expected **expected, struct hm_error *err)
{
    *expected = calloc(1, sizeof **expected);
    if (*expected == NULL)
        return no_memory(err);
    pthread_mutex_init(&(*expected)->lock, NULL);
    return HM_OK;
}

enum hm_code expected_fresh(struct expected **fresh, const struct expected *expected,
                            struct hm_error *err)
{
    enum hm_code code = expected_new(fresh, err);

    if (code == HM_OK && expected != NULL) {
        memcpy((*fresh)->allowed, expected->allowed, sizeof expected->allowed);
        (*fresh)->allowed_count = expected->allowed_count;
    }
    return code;
}

static void waiting_free(struct waiting *waiting)
{
    if (waiting != NULL)
        where_fini(&waiting->where);
    free(waiting);
}

void expected_free(struct expected *expected)
{
    if (expected == NULL)
        return;
    expected_clear(expected);
    pthread_mutex_destroy(&expected->lock);
    free(expected);
}

static const char code_letters[] = "abcdefghijklmnopqrstuvwxyz-";

enum hm_code expected_allow(struct expected *expected, const char *text, struct hm_error *err)
{
    struct hm_error why;

    if (expected->allowed_count == ALLOWED_MAX)
        return hm_error_set(err, HM_BAD_ARGUMENT, "--allow: given more than %d times", ALLOWED_MAX);
    if (criterion_read(&expected->allowed[expected->allowed_count], text, &why) != HM_OK) {
        if (strlen(text) >= MASK_KEY_LEAST && text[strspn(text, code_letters)] != '\0')
            return hm_error_set(err, HM_BAD_ARGUMENT, /* it may be a key */
                                "--allow: expected a status (404), a clause (B7) or a code "
                                "(contact-unknown)");
        return hm_error_set(err, HM_BAD_ARGUMENT, "--allow: %s", why.text);
    }
    expected->allowed_count++;
    return HM_OK;
}

/* Notes an expectation that did not come true; under the lock. */
static void unmet_note(struct expected *expected, const struct exchange *x, const char *why)
{
    if (expected->unmet_count < UNMET_SHOWN_MAX)
        snprintf(expected->unmet[expected->unmet_count], UNMET_TEXT,
                 "request %s: X-Mock-Expect %s; the answer was %d", x->request_id, why,
                 x->answer.status);
    expected->unmet_count++;
}

/* Only a value that can be read is shown: any other may be a secret. */
static bool header_meets(struct expected *expected, const struct exchange *x)
{
    const char *value = private_open(x->request.expect);
    struct criterion criterion;
    struct hm_error err;
    bool is_met = false;
    char why[UNMET_TEXT / 2];

    if (value == NULL)
        return false;
    if (criterion_read(&criterion, value, &err) != HM_OK) {
        snprintf(why, sizeof why, "is neither a status nor a finding");
    } else {
        is_met = criterion_meets(&criterion, x);
        snprintf(why, sizeof why, "is %.40s", value);
    }
    pthread_mutex_lock(&expected->lock);
    expected->header_count++;
    if (!is_met)
        unmet_note(expected, x, why);
    pthread_mutex_unlock(&expected->lock);
    return is_met;
}

/* Uses up the first waiting expectation that the exchange meets. False: it meets none, or out of
 * memory. */
static bool waiting_take(struct expected *expected, struct exchange *x)
{
    struct journal_entry entry;
    json_t *tree = journal_entry_fill(&entry, x) ? journal_entry_tree(&entry) : NULL;
    bool is_met = false;

    pthread_mutex_lock(&expected->lock);
    for (size_t i = 0; tree != NULL && i < expected->waiting_count && !is_met; i++) {
        struct waiting *waiting = expected->waiting[i];

        is_met = waiting->left > 0 && where_matches(&waiting->where, &entry, tree);
        if (is_met && --waiting->left == 0)
            atomic_fetch_sub(&expected->pending, 1);
    }
    pthread_mutex_unlock(&expected->lock);
    json_decref(tree);
    return is_met;
}

void expected_judge(struct exchange *x)
{
    struct expected *expected = x->sandbox->expected;
    const bool is_refused = x->answer.status >= REFUSED_FROM;

    if (expected == NULL || x->answer.status == 0)
        return;
    for (size_t i = 0; i < expected->allowed_count && !x->is_expected; i++)
        x->is_expected = criterion_meets(&expected->allowed[i], x);
    if (header_meets(expected, x))
        x->is_expected = true;
    if (is_refused && !x->is_expected && atomic_load(&expected->pending) > 0)
        x->is_expected = waiting_take(expected, x);
}

size_t expected_clear(struct expected *expected)
{
    size_t count;

    if (expected == NULL)
        return 0;
    pthread_mutex_lock(&expected->lock);
    count = expected->waiting_count;
    for (size_t i = 0; i < count; i++)
        waiting_free(expected->waiting[i]);
    expected->waiting_count = expected->unmet_count = expected->header_count = 0;
    atomic_store(&expected->pending, 0);
    pthread_mutex_unlock(&expected->lock);
    return count;
}

/* Appends the conditions as JSON. */
static void where_write(struct buf *out, const struct where *where)
{
    char *text = json_dumps(where->tree, JSON_COMPACT);

    if (text == NULL)
        out->status = BUF_NO_MEMORY;
    else
        buf_puts(out, text);
    free(text);
}

size_t expected_unmet(struct buf *out, struct expected *expected)
{
    size_t count, shown = 0;

    if (expected == NULL)
        return 0;
    pthread_mutex_lock(&expected->lock);
    count = expected->unmet_count;
    for (; shown < expected->unmet_count && shown < UNMET_SHOWN_MAX; shown++)
        buf_printf(out, "%s%s", shown == 0 ? "" : "; ", expected->unmet[shown]);
    for (size_t i = 0; i < expected->waiting_count; i++) {
        const struct waiting *waiting = expected->waiting[i];

        if (waiting->left == 0)
            continue;
        count++;
        if (shown++ >= UNMET_SHOWN_MAX)
            continue;
        buf_printf(out, "%s%" PRId64 " of %" PRId64 " did not come, where ", shown == 1 ? "" : "; ",
                   waiting->left, waiting->times);
        where_write(out, &waiting->where);
    }
    pthread_mutex_unlock(&expected->lock);
    return count;
}

bool expected_was_used(struct expected *expected)
{
    bool was_used;

    if (expected == NULL)
        return false;
    pthread_mutex_lock(&expected->lock);
    was_used = expected->waiting_count > 0 || expected->header_count > 0;
    pthread_mutex_unlock(&expected->lock);
    return was_used;
}

/* Those that were deleted since the answer began are left out. */
static bool waiting_write(struct buf *out, struct control_list *list)
{
    struct expected *expected = list->x->sandbox->expected;
    bool is_there;

    pthread_mutex_lock(&expected->lock);
    is_there = list->at < expected->waiting_count;
    if (is_there) {
        const struct waiting *waiting = expected->waiting[list->at];

        buf_puts(out, list->comma);
        buf_puts(out, "{\"where\":");
        where_write(out, &waiting->where);
        buf_printf(out, ",\"times\":%" PRId64 ",\"left\":%" PRId64 "}", waiting->times,
                   waiting->left);
    }
    pthread_mutex_unlock(&expected->lock);
    return is_there;
}

static enum step_result list_answer(struct exchange *x)
{
    struct control_list list = { .entry = waiting_write, .rest = "]" };

    pthread_mutex_lock(&x->sandbox->expected->lock);
    list.end = x->sandbox->expected->waiting_count;
    pthread_mutex_unlock(&x->sandbox->expected->lock);
    buf_puts(control_begin(x), ",\"expectations\":[");
    return control_answer_list(x, &list);
}

/* Takes @waiting over, also after a failure. */
static enum hm_code waiting_add(struct expected *expected, struct waiting *waiting,
                                struct hm_error *err)
{
    bool has_room;

    pthread_mutex_lock(&expected->lock);
    has_room = expected->waiting_count < WAITING_MAX;
    if (has_room) {
        expected->waiting[expected->waiting_count++] = waiting;
        atomic_fetch_add(&expected->pending, 1);
    }
    pthread_mutex_unlock(&expected->lock);
    if (has_room)
        return HM_OK;
    waiting_free(waiting);
    return hm_error_set(err, HM_BAD_ARGUMENT,
                        "there are %d expectations already; DELETE /_mock/expect forgets them",
                        WAITING_MAX);
}

static enum step_result post_answer(struct exchange *x)
{
    static const char *const members[] = { "v", "where", "times", NULL };
    struct json_file file = { 0 };
    struct hm_error err = { 0 };
    struct waiting *waiting = calloc(1, sizeof *waiting);
    struct json_node root, node;
    enum hm_code code;

    if (waiting == NULL)
        TRY(no_memory(&err));
    waiting->times = 1;
    TRY(control_body_parse(&file, x, &err));
    root = json_node_root(&file);
    TRY(json_expect_object(&root, members, &err));
    TRY(json_get_integer(&root, "times", JSON_OPTIONAL, 1, TIMES_MOST, &waiting->times, &err));
    node = json_node_member(&root, "where");
    TRY(where_read(&waiting->where, &node, x->state->store, &err));
    waiting->left = waiting->times;
    code = waiting_add(x->sandbox->expected, waiting, &err);
    waiting = NULL;
out:
    waiting_free(waiting);
    json_file_fini(&file);
    return code == HM_OK ? list_answer(x) : control_fail(x, &err);
}

static enum step_result delete_answer(struct exchange *x)
{
    size_t count = expected_clear(x->sandbox->expected);

    buf_printf(control_begin(x), ",\"cleared\":%zu", count);
    return control_answer(x, 200);
}

const struct operation op_expect_get = { .is_control = true,
                                         .steps = { control_read, list_answer } };
const struct operation op_expect_post = { .is_control = true,
                                          .changes = 1U << TOPIC_EXPECT,
                                          .steps = { control_write, post_answer } };
const struct operation op_expect_delete = { .is_control = true,
                                            .changes = 1U << TOPIC_EXPECT,
                                            .steps = { control_write, delete_answer } };
