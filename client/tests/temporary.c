#include "tests/temporary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char name[] = "/heymarket-test-XXXXXX";

/* The template for mkstemp() and mkdtemp(). */
static void template_write(char path[TEMPORARY_PATH])
{
    static const char portable[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/";
    const char *root = getenv("TMPDIR");

    if (root == NULL || root[0] != '/' || root[strspn(root, portable)] != '\0' ||
        strlen(root) + sizeof name > TEMPORARY_PATH)
        root = "/tmp";
    snprintf(path, TEMPORARY_PATH, "%s%s", root, name);
}

bool temporary_file(char path[TEMPORARY_PATH])
{
    int fd;

    template_write(path);
    fd = mkstemp(path);
    return fd >= 0 && close(fd) == 0;
}

bool temporary_folder(char path[TEMPORARY_PATH])
{
    template_write(path);
    return mkdtemp(path) != NULL;
}

int place_setup(void **state)
{
    struct place *place = calloc(1, sizeof *place);

    *state = place;
    if (place == NULL || !temporary_folder(place->dir))
        return -1;
    snprintf(place->path, sizeof place->path, "%s/new", place->dir);
    return 0;
}

int place_teardown(void **state)
{
    struct place *place = *state;
    int result = rmdir(place->dir);

    free(place);
    return result;
}
