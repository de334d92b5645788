#include "operation/other_paths.h"

#include "support/file.h"
#include "support/json_file.h"
#include "support/no_memory.h"
#include "support/options.h"
#include "support/text.h"
#include "support/try.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    NOT_FOUND = 404,
    STATUS_LEAST = 200,
    STATUS_MOST = 599,
    CALLS_MAX = 20, /* that are listed */
    STATUS_DIGITS = 3,
    SAYS_BYTES = 100,
    BODY_BYTES_MAX = 1024 * 1024
};

struct other_call {
    char *shown;
    unsigned long long times;
};

struct other_paths {
    int status; /* 0: the call is ignored */
    struct json_file file;
    const char *body;
    size_t length;
    pthread_mutex_t lock; /* of what follows */
    struct other_call calls[CALLS_MAX];
    size_t count;
    unsigned long long more; /* calls that are not listed */
};

/* Reads STATUS[:FILE]. */
static enum hm_code answer_read(struct other_paths *others, const char *spec, struct hm_error *err)
{
    char digits[STATUS_DIGITS + 1] = "";
    enum hm_code code = HM_OK;
    int64_t status;

    others->body = "{}";
    others->length = 2;
    if (strcmp(spec, "ignore") == 0)
        return HM_OK;
    strncpy(digits, spec, STATUS_DIGITS);
    if (!text_to_int64(&status, digits, STATUS_LEAST, STATUS_MOST) ||
        (spec[STATUS_DIGITS] != '\0' && spec[STATUS_DIGITS] != ':'))
        return hm_error_set(err, HM_BAD_ARGUMENT,
                            "--other-paths %s: expected refuse, ignore, or a status from 200 to "
                            "599 such as 404 or 200:FILE",
                            shown_text(spec, strlen(spec)).text);
    others->status = (int)status;
    if (spec[STATUS_DIGITS] == '\0')
        return HM_OK;
    TRY(json_file_load(&others->file, spec + STATUS_DIGITS + 1, BODY_BYTES_MAX, err));
    others->body = others->file.text;
    others->length = others->file.length;
out:
    return code;
}

enum hm_code other_paths_new(struct other_paths **others, const char *spec, struct hm_error *err)
{
    enum hm_code code = HM_OK;

    *others = NULL;
    if (strcmp(spec, "refuse") == 0)
        return HM_OK;
    *others = calloc(1, sizeof **others);
    if (*others == NULL)
        return no_memory(err);
    pthread_mutex_init(&(*others)->lock, NULL);
    TRY(answer_read(*others, spec, err));
out:
    if (code != HM_OK) {
        other_paths_free(*others);
        *others = NULL;
    }
    return code;
}

void other_paths_free(struct other_paths *others)
{
    if (others == NULL)
        return;
    for (size_t i = 0; i < others->count; i++)
        free(others->calls[i].shown);
    json_file_fini(&others->file);
    pthread_mutex_destroy(&others->lock);
    free(others);
}

static void call_count(struct other_paths *others, const char *shown)
{
    size_t i = 0;

    pthread_mutex_lock(&others->lock);
    while (i < others->count && strcmp(others->calls[i].shown, shown) != 0)
        i++;
    if (i == others->count && i < CALLS_MAX) {
        others->calls[i] = (struct other_call){ .shown = strdup(shown) };
        others->count += others->calls[i].shown != NULL;
    }
    if (i < others->count)
        others->calls[i].times++;
    else
        others->more++;
    pthread_mutex_unlock(&others->lock);
}

enum step_result other_paths_answer(struct exchange *x, const char *shown, const char *says)
{
    static const char has[] = "; it ignores it (--other-paths ignore), and has "
#define OPERATION(Id, Name, Method, Path, ...) Method " " Path ", "
#include "contract/operations.def"
#undef OPERATION
                              "and the control plane, /_mock/";
    char message[sizeof has + SAYS_BYTES];
    struct other_paths *others = x->mock->others;

    x->is_other = true;
    call_count(others, shown);
    snprintf(message, sizeof message, "%s%s", says, has);
    if (others->status == 0)
        return exchange_complain(x, NOT_FOUND, message);
    return exchange_answer(x, others->status, others->body, others->length, "");
}

void other_paths_write(struct buf *out, struct other_paths *others)
{
    if (others == NULL)
        return;
    pthread_mutex_lock(&others->lock);
    for (size_t i = 0; i < others->count; i++)
        buf_printf(out, "%s%s (%llu)", i == 0 ? "" : ", ", others->calls[i].shown,
                   others->calls[i].times);
    if (others->more > 0)
        buf_printf(out, ", and %llu calls of other paths", others->more);
    pthread_mutex_unlock(&others->lock);
}
