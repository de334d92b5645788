#include "support/environment.h"

#include "support/buf.h"
#include "support/text.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 64 };

extern char **environ;

const char *environment_text(const char *name)
{
    const char *value = getenv(name);

    return value != NULL && *value != '\0' ? value : NULL;
}

static bool reserve(struct environment *environment)
{
    size_t wanted = environment->capacity == 0 ? FIRST_CAPACITY : environment->capacity * 2;
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

/* Takes @text over; NULL counts as out of memory. */
static void append(struct environment *environment, char *text)
{
    if (text == NULL || !reserve(environment)) {
        environment->is_broken = true;
        free(text);
        return;
    }
    environment->at[environment->count++] = text;
    environment->at[environment->count] = NULL;
}

void environment_init(struct environment *environment)
{
    *environment = (struct environment){ 0 };
    for (char **variable = environ; variable != NULL && *variable != NULL; variable++)
        append(environment, strdup(*variable));
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

void environment_remove(struct environment *environment, const char *name)
{
    char **place = place_of(environment, name, strlen(name));

    if (place == NULL)
        return;
    free(*place);
    *place = environment->at[--environment->count]; /* the order means nothing */
    environment->at[environment->count] = NULL;
}

/* Takes @variable over. */
static void put(struct environment *environment, char *variable)
{
    char **place = place_of(environment, variable, strcspn(variable, "="));

    if (place == NULL) {
        append(environment, variable);
    } else {
        free(*place);
        *place = variable;
    }
}

void environment_put(struct environment *environment, const char *format, ...)
{
    struct buf text;
    char *variable;
    va_list ap;

    buf_init(&text, ENVIRONMENT_VARIABLE_BYTES_MAX);
    va_start(ap, format);
    buf_vprintf(&text, format, ap);
    va_end(ap);
    variable = buf_take(&text);
    if (variable != NULL)
        put(environment, variable);
    else
        environment->is_broken = true;
}

void environment_set(struct environment *environment, const char *name, const char *value)
{
    if (value != NULL)
        environment_put(environment, "%s=%s", name, value);
}

const char *const environment_proxies[] = { "http_proxy",  "HTTP_PROXY", "https_proxy",
                                            "HTTPS_PROXY", "all_proxy",  "ALL_PROXY",
                                            NULL };

void environment_bypass_proxy_for(struct environment *environment, const char *host)
{
    static const char *const names[] = { "NO_PROXY", "no_proxy" };
    struct buf lists[2];

    for (size_t i = 0; i < 2; i++) {
        const char *present = environment_find(environment, names[i]);

        if (present == NULL) /* so that both mean the same */
            present = environment_find(environment, names[1 - i]);
        buf_init(&lists[i], ENVIRONMENT_VARIABLE_BYTES_MAX);
        if (present != NULL)
            buf_puts(&lists[i], present);
        if (present == NULL || (!text_lists_word(present, "*") && !text_lists_word(present, host)))
            buf_printf(&lists[i], "%s%s", lists[i].length > 0 ? "," : "", host);
    }
    for (size_t i = 0; i < 2; i++) {
        environment_set(environment, names[i], buf_text(&lists[i]));
        environment->is_broken = environment->is_broken || !buf_ok(&lists[i]);
        buf_fini(&lists[i]);
    }
}

void environment_bypass_proxy(struct environment *environment)
{
    environment_bypass_proxy_for(environment, "127.0.0.1");
    environment_bypass_proxy_for(environment, "localhost");
    environment_bypass_proxy_for(environment, "::1");
}
