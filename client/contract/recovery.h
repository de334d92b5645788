/* What a search for the mistake in a signature found (key_recovery.h). */
#ifndef CONTRACT_RECOVERY_H
#define CONTRACT_RECOVERY_H

#include <heymarket/finding.h>

enum {
    RECOVERY_CANDIDATES_MAX = 1500, /* HMACs for one token */
    RECOVERY_MISTAKES_MAX = 4,      /* made together in one token */
    RECOVERY_TEXT = 320
};

/* The mistakes that together reproduce a signature; none: no known mistake does. */
struct recovery {
    size_t count;
    struct {
        enum hm_mistake mistake;
        char text[RECOVERY_TEXT]; /* what was found; never a secret */
    } at[RECOVERY_MISTAKES_MAX];
    unsigned candidates; /* HMACs that were computed */
};

#endif
