/* The one macro with control flow: stores a result in `code` and leaves by `out` unless it is
 * HM_OK. */
#ifndef SUPPORT_TRY_H
#define SUPPORT_TRY_H

#define TRY(call)                                                                                  \
    do {                                                                                           \
        code = (call);                                                                             \
        if (code != HM_OK)                                                                         \
            goto out;                                                                              \
    } while (0)

#endif
