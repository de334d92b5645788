#include "certify/certify_seen.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void seen_conclude(struct certify_verdict *verdict, enum certify_result result, const char *format,
                   ...)
{
    va_list ap;

    verdict->result = result;
    va_start(ap, format);
    vsnprintf(verdict->says, sizeof verdict->says, format, ap);
    va_end(ap);
}

const json_t *seen_at(const struct certify_seen *seen, size_t at)
{
    return json_array_get(seen->exchanges, at);
}

size_t seen_count(const struct certify_seen *seen)
{
    return json_array_size(seen->exchanges);
}

int seen_status(const json_t *exchange)
{
    return (int)json_integer_value(json_object_get(exchange, "status"));
}

bool seen_is_accepted(const json_t *exchange)
{
    return seen_status(exchange) >= 200 && seen_status(exchange) < 300;
}

bool seen_is_faulted(const json_t *exchange)
{
    return json_is_object(json_object_get(exchange, "fault"));
}

double seen_begun_s(const json_t *exchange)
{
    return (double)json_integer_value(json_object_get(exchange, "at_us")) / 1e6;
}

double seen_ended_s(const json_t *exchange)
{
    return seen_begun_s(exchange) +
           (double)json_integer_value(json_object_get(exchange, "us")) / 1e6;
}

static bool is_same(const json_t *a, const json_t *b)
{
    static const char *const members[] = { "method", "path", "body", "run" };

    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        const json_t *of_a = json_object_get(a, members[i]);
        const json_t *of_b = json_object_get(b, members[i]);

        if (of_a != of_b && !json_equal(of_a, of_b))
            return false;
    }
    return true;
}

bool seen_has_operation(const json_t *exchange, const char *name)
{
    return strcmp(finding_text(exchange, "operation"), name) == 0;
}

bool seen_has_method(const json_t *exchange, const char *method)
{
    return strcmp(finding_text(exchange, "method"), method) == 0;
}

bool seen_is_in_one_run(const json_t *a, const json_t *b)
{
    return json_equal(json_object_get(a, "run"), json_object_get(b, "run"));
}

size_t seen_count_same(const struct certify_seen *seen, const json_t *like)
{
    size_t count = 0;

    for (size_t i = 0; i < seen_count(seen); i++)
        count += is_same(seen_at(seen, i), like);
    return count;
}

json_t *seen_usual_make(const struct certify_seen *seen)
{
    json_t *usual = json_object();

    for (size_t i = 0; i < seen_count(seen); i++) {
        const char *name = finding_text(seen_at(seen, i), "operation");
        const json_int_t count = (json_int_t)seen_count_same(seen, seen_at(seen, i));

        if (count > json_integer_value(json_object_get(usual, name)) &&
            json_object_set_new(usual, name, json_integer(count)) != 0) {
            json_decref(usual);
            return NULL;
        }
    }
    return usual;
}

size_t seen_usual(const struct certify_seen *seen, const json_t *exchange)
{
    const char *name = finding_text(exchange, "operation");

    return (size_t)json_integer_value(json_object_get(seen->usual, name));
}

bool seen_is_read_after(const struct certify_seen *seen, const json_t *exchange)
{
    bool is_after = false;

    for (size_t i = 0; i < seen_count(seen); i++) {
        const json_t *other = seen_at(seen, i);

        if (is_after && seen_has_method(other, "GET") && seen_is_in_one_run(other, exchange) &&
            json_equal(json_object_get(other, "contact"), json_object_get(exchange, "contact")) &&
            !seen_is_faulted(other))
            return true;
        is_after = is_after || other == exchange;
    }
    return false;
}

static const json_t *next_same(const struct certify_seen *seen, size_t at)
{
    const json_t *like = seen_at(seen, at);

    for (size_t i = at + 1; i < seen_count(seen); i++) {
        if (is_same(seen_at(seen, i), like))
            return seen_at(seen, i);
    }
    return NULL;
}

const json_t *seen_retry(const struct certify_seen *seen, size_t at)
{
    bool is_repeated =
        seen_count_same(seen, seen_at(seen, at)) > seen_usual(seen, seen_at(seen, at));

    return is_repeated ? next_same(seen, at) : NULL;
}

bool seen_is_through(const struct certify_seen *seen, size_t at)
{
    const json_t *like = seen_at(seen, at);

    for (size_t i = at; i < seen_count(seen); i++) {
        const json_t *other = seen_at(seen, i);

        if (seen_is_accepted(other) && !seen_is_faulted(other) && is_same(other, like))
            return true;
    }
    return false;
}

const json_t *seen_first_faulted(const struct certify_seen *seen)
{
    for (size_t i = 0; i < seen_count(seen); i++) {
        if (seen_is_faulted(seen_at(seen, i)))
            return seen_at(seen, i);
    }
    return NULL;
}

const json_t *seen_finding(const json_t *exchange, const char *severity)
{
    const json_t *findings = json_object_get(exchange, "findings");

    for (size_t i = 0; i < json_array_size(findings); i++) {
        const json_t *finding = json_array_get(findings, i);
        const char *is = json_string_value(json_object_get(finding, "severity"));

        if (is != NULL && strcmp(is, severity) == 0)
            return finding;
    }
    return NULL;
}

const char *finding_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text != NULL ? text : "";
}

bool seen_conclude_early(struct certify_verdict *verdict, const struct certify_seen *seen)
{
    if (seen->is_late)
        seen_conclude(verdict, CERTIFY_FAILED, "the command did not end in time");
    else if (seen_count(seen) == 0)
        seen_conclude(verdict, CERTIFY_UNSEEN, "it sent no request");
    else
        return false;
    return true;
}

bool seen_conclude_findings(struct certify_verdict *verdict, const struct certify_seen *seen,
                            const char *severity, const char *clauses, enum certify_result result)
{
    static const char absent[] = "channel-absent"; /* [G4] to ask for one is no mistake */
    const json_t *first = NULL;
    size_t count = 0;

    for (size_t i = 0; i < seen_count(seen); i++) {
        const json_t *finding = seen_finding(seen_at(seen, i), severity);

        if (finding == NULL || strcmp(finding_text(finding, "code"), absent) == 0 ||
            strncmp(finding_text(finding, "clause"), clauses, strlen(clauses)) != 0)
            continue;
        count++;
        first = first != NULL ? first : finding;
    }
    if (first == NULL)
        return false;
    seen_conclude(verdict, result, "%zu of %zu requests %s: %s %s: %s", count, seen_count(seen),
                  severity, finding_text(first, "clause"), finding_text(first, "code"),
                  finding_text(first, "message"));
    return true;
}
