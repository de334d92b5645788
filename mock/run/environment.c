#include "run/environment.h"

#include "support/buf.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { VARIABLE_BYTES_MAX = 1024 * 1024 };

extern char **environ;

static bool has_room(struct environment *environment)
{
    size_t wanted = environment->capacity == 0 ? 64 : environment->capacity * 2;
    char **bigger;

    if (environment->count + 1 < environment->capacity)
        return true;
    bigger = realloc(environment->at, wanted * sizeof *bigger);
    if (bigger == NULL)
        return false;
    environment->at = bigger;
    environment->capacity = wanted;
    return true;
}

/* Takes the text over; NULL: it could not be made. */
static void append(struct environment *environment, char *text)
{
    if (text == NULL || !has_room(environment)) {
        environment->is_broken = true;
        free(text);
        return;
    }
    environment->at[environment->count++] = text;
    environment->at[environment->count] = NULL;
}

void environment_init(struct environment *environment, const char *without)
{
    *environment = (struct environment){ 0 };
    for (char **variable = environ; variable != NULL && *variable != NULL; variable++) {
        if (strncmp(*variable, without, strlen(without)) != 0)
            append(environment, strdup(*variable));
    }
}

void environment_fini(struct environment *environment)
{
    for (size_t i = 0; i < environment->count; i++)
        free(environment->at[i]);
    free(environment->at);
    *environment = (struct environment){ 0 };
}

static char **place_of(const struct environment *environment, const char *name, size_t length)
{
    for (size_t i = 0; i < environment->count; i++) {
        if (strncmp(environment->at[i], name, length) == 0 && environment->at[i][length] == '=')
            return &environment->at[i];
    }
    return NULL;
}

const char *environment_find(const struct environment *environment, const char *name)
{
    char **place = place_of(environment, name, strlen(name));

    return place == NULL ? NULL : *place + strlen(name) + 1;
}

void environment_put(struct environment *environment, const char *variable)
{
    char **place = place_of(environment, variable, strcspn(variable, "="));
    char *copy = strdup(variable);

    if (place == NULL) {
        append(environment, copy);
    } else if (copy == NULL) {
        environment->is_broken = true;
    } else {
        free(*place);
        *place = copy;
    }
}

void environment_set(struct environment *environment, const char *name, const char *value)
{
    struct buf text;

    if (value == NULL)
        return;
    buf_init(&text, VARIABLE_BYTES_MAX);
    buf_printf(&text, "%s=%s", name, value);
    if (buf_ok(&text))
        environment_put(environment, buf_text(&text));
    else
        environment->is_broken = true;
    buf_fini(&text);
}

/* Is the word one of those between the commas? */
static bool is_listed(const char *list, const char *word)
{
    for (;;) {
        size_t length;

        list += strspn(list, ", ");
        length = strcspn(list, ", ");
        if (length == 0)
            return false;
        if (length == strlen(word) && strncasecmp(list, word, length) == 0)
            return true;
        list += length;
    }
}

static void bypass(struct environment *environment, const char *name, const char *present)
{
    static const char *const hosts[] = { "127.0.0.1", "localhost", "::1" };
    struct buf list;

    if (is_listed(present, "*"))
        return;
    buf_init(&list, VARIABLE_BYTES_MAX);
    buf_puts(&list, present);
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        if (!is_listed(present, hosts[i]))
            buf_printf(&list, "%s%s", list.length > 0 ? "," : "", hosts[i]);
    }
    if (buf_ok(&list))
        environment_set(environment, name, buf_text(&list));
    else
        environment->is_broken = true;
    buf_fini(&list);
}

void environment_bypass_proxy(struct environment *environment)
{
    static const char *const names[] = { "NO_PROXY", "no_proxy" };
    const char *upper = environment_find(environment, names[0]);
    const char *lower = environment_find(environment, names[1]);
    char *begin[2] = { strdup(upper != NULL   ? upper
                              : lower != NULL ? lower
                                              : ""),
                       strdup(lower != NULL   ? lower
                              : upper != NULL ? upper
                                              : "") };

    for (size_t i = 0; i < 2; i++) {
        if (begin[i] != NULL)
            bypass(environment, names[i], begin[i]);
        else
            environment->is_broken = true;
        free(begin[i]);
    }
}
