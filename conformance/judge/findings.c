#include "judge/findings.h"
#include "judge/baseline.h"
#include "support/buf.h"
#include <stdlib.h>
#include <string.h>

enum { KEY_BYTES_MAX = 64 * 1024 };

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Letters, digits, and what holds them together in a UUID, an address or a name. */
static bool is_of_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c != '\0' && strchr("_-.@+", c) != NULL);
}

/* Adds a word without what varies from case to case: one with a digit is a number, an id or the
 * name of a case; a plural is like its singular. */
static void word_add(struct buf *key, const char *word, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (is_digit(word[i])) {
            buf_putc(key, '#');
            return;
        }
    }
    buf_add(key, word, length - (word[length - 1] == 's'));
}

/* The bytes of a string with its quotes; the rest of the text if it does not end. */
static size_t string_length(const char *text)
{
    size_t i = 1;

    while (text[i] != '\0' && text[i] != '"')
        i += text[i] == '\\' && text[i + 1] != '\0' ? 2 : 1;
    return i + (text[i] == '"');
}

/* Adds what a text says, without values, and without the body or list that it quotes at its end. */
static void text_add(struct buf *key, const char *text)
{
    size_t length;

    for (;
         *text != '\0' && !begins(text, ", body ") && !begins(text, ": [") && !begins(text, ": {");
         text += length) {
        length = 1;
        if (*text == '"') {
            length = string_length(text);
            buf_putc(key, '"');
        } else if (is_of_word(*text)) {
            while (is_of_word(text[length]))
                length++;
            word_add(key, text, length);
        } else {
            buf_putc(key, *text);
        }
    }
}

/* The figures of two statuses are the difference; all other values are only examples of it. */
static void difference_add(struct buf *key, const struct remark *remark)
{
    const char *actual = remark->actual;

    if (begins(remark->expected, "status ") && begins(actual, "status ")) {
        buf_printf(key, "%s %.*s", remark->expected, (int)strcspn(actual, ","), actual);
        return;
    }
    text_add(key, remark->expected);
    buf_putc(key, '\n');
    if (begins(remark->expected, "header ") && strstr(actual, ": ") != NULL)
        buf_add(key, actual, strcspn(actual, ":"));
    else
        text_add(key, actual);
}

static bool is_alike(const struct remark *a, const struct remark *b)
{
    return a->clause == b->clause && a->step == b->step && a->grade == b->grade &&
           a->is_stale == b->is_stale && a->is_secondary == b->is_secondary;
}

/* Of several remarks about the same step and clause, the first automatic one, or else the first,
 * says what all of them are about. */
static const struct remark *speaker_of(const struct result *result, const struct remark *remark)
{
    const struct remark *first = NULL;

    for (size_t i = 0; i < result->remark_count; i++) {
        const struct remark *other = &result->remarks[i];

        if (!is_alike(other, remark))
            continue;
        if (other->is_automatic)
            return other;
        first = first == NULL ? other : first;
    }
    return first != NULL ? first : remark;
}

/* remark  NULL: the case is broken */
static void key_write(struct buf *key, const struct result *result, const struct remark *remark)
{
    if (remark == NULL) {
        buf_puts(key, "broken ");
        text_add(key, result->reason != NULL ? result->reason : "");
        return;
    }
    buf_printf(key, "%s %s %d %d ", grade_name(remark->grade),
               remark->clause != NULL ? remark->clause->id : "HTTP", remark->is_stale,
               remark->is_secondary);
    if (remark->known != NULL)
        buf_printf(key, "%s ", remark->known->reason);
    difference_add(key, speaker_of(result, remark));
}

static struct finding *finding_with(const struct findings *findings, const char *key)
{
    for (size_t i = 0; i < findings->count; i++) {
        if (strcmp(findings->at[i].key, key) == 0)
            return &findings->at[i];
    }
    return NULL;
}

/* Adds a finding, whose key it takes over. NULL: out of memory. */
static struct finding *finding_add(struct findings *findings, char *key,
                                   const struct result *result, const struct remark *remark)
{
    struct finding *at = realloc(findings->at, (findings->count + 1) * sizeof *at);
    const struct remark *speaker = remark != NULL ? speaker_of(result, remark) : NULL;

    if (at == NULL)
        return NULL;
    findings->at = at;
    at[findings->count] = (struct finding){
        .grade = remark != NULL ? remark->grade : GRADE_BROKEN,
        .clause = remark != NULL ? remark->clause : NULL,
        .source = remark != NULL && remark->clause != NULL ? remark_source(remark) : SOURCE_ASSUMED,
        .number = findings->count + 1,
        .first = result,
        .remark = speaker,
    };
    at[findings->count].key = key;
    return &at[findings->count++];
}

/* Counts a remark, or a broken case; returns the number of its finding, 0: out of memory. */
static size_t finding_count(struct findings *findings, const struct result *result,
                            const struct remark *remark)
{
    struct finding *finding = NULL;
    struct buf key;

    buf_init(&key, KEY_BYTES_MAX);
    key_write(&key, result, remark);
    if (buf_ok(&key))
        finding = finding_with(findings, buf_text(&key));
    if (buf_ok(&key) && finding == NULL) {
        char *text = buf_take(&key);

        finding = text != NULL ? finding_add(findings, text, result, remark) : NULL;
        if (finding == NULL)
            free(text);
    }
    buf_fini(&key);
    if (finding == NULL)
        return 0;
    finding->count += finding->last != result;
    finding->last = result;
    return finding->number;
}

static int rank_of(enum grade grade)
{
    static const int ranks[GRADE_COUNT] = {
        [GRADE_BROKEN] = 0, [GRADE_FAILED] = 1, [GRADE_WARNED] = 2, [GRADE_KNOWN] = 3
    };

    return ranks[grade];
}

static int compare(const void *left, const void *right)
{
    const struct finding *a = left;
    const struct finding *b = right;

    if (a->grade != b->grade)
        return rank_of(a->grade) - rank_of(b->grade);
    if (a->source != b->source)
        return a->source < b->source ? -1 : 1;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return a->number < b->number ? -1 : 1;
}

void findings_order(struct findings *findings)
{
    if (findings->count > 0)
        qsort(findings->at, findings->count, sizeof *findings->at, compare);
}

/* Sorts, and gives the numbers in the new order. */
static bool findings_sort(struct findings *findings, struct result *results, size_t count)
{
    size_t *now = calloc(findings->count + 1, sizeof *now);

    if (now == NULL)
        return false;
    findings_order(findings);
    for (size_t i = 0; i < findings->count; i++) {
        now[findings->at[i].number] = i + 1;
        findings->at[i].number = i + 1;
    }
    for (size_t i = 0; i < count; i++) {
        results[i].finding = now[results[i].finding];
        for (size_t j = 0; j < results[i].remark_count; j++)
            results[i].remarks[j].finding = now[results[i].remarks[j].finding];
    }
    free(now);
    return true;
}

/* Counts what is wrong with one case. */
static bool result_count(struct findings *findings, struct result *result)
{
    bool has_memory = true;

    result->finding = 0;
    if (result->grade == GRADE_BROKEN) {
        result->finding = finding_count(findings, result, NULL);
        has_memory = result->finding != 0;
    }
    for (size_t i = 0; i < result->remark_count; i++) {
        struct remark *remark = &result->remarks[i];

        remark->finding = 0;
        if (!has_memory || remark->grade < GRADE_WARNED)
            continue;
        remark->finding = finding_count(findings, result, remark);
        has_memory = remark->finding != 0;
    }
    return has_memory;
}

bool findings_make(struct findings *findings, struct result *results, size_t count)
{
    bool has_memory = true;

    memset(findings, 0, sizeof *findings);
    for (size_t i = 0; i < count && has_memory; i++)
        has_memory = result_count(findings, &results[i]);
    return has_memory && findings_sort(findings, results, count);
}

bool findings_add(struct findings *findings, struct result *result)
{
    const bool has_memory = result_count(findings, result);

    for (size_t i = 0; i < findings->count; i++) /* the next result may have the same address */
        findings->at[i].last = NULL;
    return has_memory;
}

void findings_fini(struct findings *findings)
{
    for (size_t i = 0; i < findings->count; i++)
        free(findings->at[i].key);
    free(findings->at);
    memset(findings, 0, sizeof *findings);
}

bool finding_has(const struct finding *finding, const struct result *result)
{
    if (result->finding == finding->number)
        return true;
    for (size_t i = 0; i < result->remark_count; i++) {
        if (result->remarks[i].finding == finding->number)
            return true;
    }
    return false;
}

size_t finding_gravest(const struct result *result)
{
    size_t gravest = result->finding;

    for (size_t i = 0; i < result->remark_count; i++) {
        const size_t number = result->remarks[i].finding;

        if (number != 0 && (gravest == 0 || number < gravest))
            gravest = number;
    }
    return gravest;
}
