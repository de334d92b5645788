#include "control/control_page.h"

#include "control/control.h"
#include "support/page.h"
#include <string.h>

/* Scripts and styles are those of the page's own files, and nothing may frame it. */
static const char fields[] =
    "\r\nContent-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    "\r\nX-Content-Type-Options: nosniff"
    "\r\nReferrer-Policy: no-referrer"
    "\r\nCross-Origin-Opener-Policy: same-origin"
    "\r\nCross-Origin-Resource-Policy: same-origin"
    "\r\nCache-Control: no-store";

static const char *const types[][2] = {
    { ".html", "text/html; charset=utf-8" },
    { ".css", "text/css; charset=utf-8" },
    { ".js", "text/javascript; charset=utf-8" },
    { ".svg", "image/svg+xml" },
};

/* NULL: files of that kind are not served. */
static const char *type_of(const char *name)
{
    const char *extension = strrchr(name, '.');

    for (size_t i = 0; extension != NULL && i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(extension, types[i][0]) == 0)
            return types[i][1];
    }
    return NULL;
}

static const struct embedded_file *find(const struct embedded_file *file, const char *name)
{
    while (file->path != NULL && strcmp(file->path, name) != 0)
        file++;
    return file->path != NULL ? file : NULL;
}

static enum step_result file_answer(struct exchange *x, const char *name)
{
    const struct embedded_file *file = find(embedded_page, name);

    if (file == NULL)
        file = find(embedded_style, name);
    if (file == NULL || type_of(name) == NULL)
        return exchange_complain(x, 404, "the page has no such file");
    exchange_answer(x, 200, (const char *)file->data, file->length, "");
    x->answer.content_type = type_of(name);
    x->answer.fields = fields;
    return STEP_ANSWERED;
}

static enum step_result index_answer(struct exchange *x)
{
    return file_answer(x, "index.html");
}

/* Browsers ask for it by themselves. */
static enum step_result icon_answer(struct exchange *x)
{
    return file_answer(x, "icon.svg");
}

static enum step_result name_answer(struct exchange *x)
{
    return file_answer(x, x->route.parameters[0].at);
}

/* The page's links are relative to the slash. */
static enum step_result redirect_answer(struct exchange *x)
{
    exchange_complain(x, 302, "the page is at /_mock/");
    x->answer.fields = "\r\nLocation: /_mock/";
    return STEP_ANSWERED;
}

const struct operation op_page = { .is_control = true, .steps = { control_link, index_answer } };
const struct operation op_page_redirect = { .is_control = true,
                                            .steps = { control_link, redirect_answer } };
const struct operation op_page_icon = { .is_control = true,
                                        .steps = { control_link, icon_answer } };
const struct operation op_page_file = { .is_control = true,
                                        .steps = { control_read, name_answer } };
