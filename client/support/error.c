#include <heymarket/error.h>
#include <heymarket/version.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *hm_code_name(enum hm_code code)
{
    static const char *const names[] = {
        [HM_OK] = "ok",
        [HM_BAD_ARGUMENT] = "bad_argument",
        [HM_BAD_INPUT] = "bad_input",
        [HM_NO_MEMORY] = "no_memory",
        [HM_TOKEN_REFUSED] = "token_refused",
        [HM_NOT_SENT] = "not_sent",
        [HM_CREDENTIALS_REFUSED] = "credentials_refused",
        [HM_REFUSED] = "refused",
        [HM_RATE_LIMITED] = "rate_limited",
        [HM_SERVER_ERROR] = "server_error",
        [HM_OUTCOME_UNKNOWN] = "outcome_unknown",
        [HM_BAD_ANSWER] = "bad_answer",
        [HM_INTERNAL] = "internal",
    };
    size_t index = (size_t)code;

    return index < sizeof names / sizeof names[0] ? names[index] : names[HM_INTERNAL];
}

const char *hm_written_name(enum hm_written written)
{
    switch (written) {
    case HM_WRITTEN_NO:
        return "no";
    case HM_WRITTEN_YES:
        return "yes";
    case HM_WRITTEN_UNKNOWN:
        break;
    }
    return "unknown";
}

enum hm_code hm_error_set(struct hm_error *err, enum hm_code code, const char *format, ...)
{
    if (err != NULL) {
        va_list ap;

        memset(err, 0, sizeof *err);
        err->code = code;
        va_start(ap, format);
        if (vsnprintf(err->text, sizeof err->text, format, ap) < 0)
            err->text[0] = '\0';
        va_end(ap);
    }
    return code;
}

const char *hm_version(void)
{
    return HM_VERSION;
}
