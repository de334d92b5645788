#include "run/command_environment.h"

#include "contract/variables.h"
#include "control/control_env.h"
#include <string.h>

static void variable_set(void *to, const char *name, const char *value)
{
    environment_set(to, name, value);
}

static void name_note(struct buf *replaced, const char *name)
{
    buf_printf(replaced, "%s%s", replaced->length > 0 ? " " : "", name);
}

void command_environment_set(struct environment *environment, struct buf *replaced,
                             const char *base_url, const char *mock_url, const struct store *store)
{
    struct environment inherited;

    environment_init(&inherited);
    for (const char *const *name = variables_of_target; *name != NULL; name++)
        environment_remove(environment, *name);
    world_variables(variable_set, environment, base_url, mock_url, "/_mock", store);
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

void command_environment_unproxy(struct environment *environment, struct buf *replaced)
{
    for (const char *const *name = environment_proxies; *name != NULL; name++) {
        const char *value = environment_find(environment, *name);

        if (value != NULL && *value != '\0')
            name_note(replaced, *name);
        environment_remove(environment, *name);
    }
}
