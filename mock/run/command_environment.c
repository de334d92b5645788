#include "run/command_environment.h"

#include "contract/variables.h"
#include <stdio.h>
#include <string.h>

void command_environment_set(void *to, const char *name, const char *value)
{
    environment_set(to, name, value);
}

static void name_note(struct buf *replaced, const char *name)
{
    buf_printf(replaced, "%s%s", replaced->length > 0 ? " " : "", name);
}

void command_environment_begin(struct environment *environment)
{
    for (const char *const *name = variables_of_target; *name != NULL; name++)
        environment_remove(environment, *name);
}

void command_environment_finish(struct environment *environment, struct buf *replaced)
{
    struct environment inherited;

    environment_init(&inherited);
    for (const char *const *name = variables_of_target; *name != NULL; name++) {
        const char *before = environment_find(&inherited, *name);
        const char *now = environment_find(environment, *name);

        if (before != NULL && *before != '\0' && (now == NULL || strcmp(now, before) != 0))
            name_note(replaced, *name);
    }
    environment->is_broken = environment->is_broken || inherited.is_broken;
    environment_fini(&inherited);
    environment_bypass_proxy(environment);
}

void command_environment_say(const struct buf *replaced)
{
    if (replaced->length > 0)
        fprintf(stderr,
                "heymarket-mock: set in your environment, but replaced or removed for CMD: %s\n",
                buf_text(replaced));
}

void command_environment_unproxy(struct environment *environment, struct buf *replaced)
{
    for (const char *const *name = environment_proxies; *name != NULL; name++) {
        const char *value = environment_find(environment, *name);

        if (value != NULL && *value != '\0')
            name_note(replaced, *name);
        environment_remove(environment, *name);
    }
}
