/* What the fuzz targets share. */
#ifndef FUZZ_H
#define FUZZ_H

#include <heymarket/token.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* The target: the fuzzer's (clang's libFuzzer), or replay.c's. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold; a property that does not ends the run, which keeps the input. */
static inline void must(bool holds)
{
    if (!holds)
        abort();
}

/* The documentation's sample secret, which tokens are judged by and which is shown nowhere. */
#define FUZZ_ID  "74f80a77-9b3f-44ac-b3ad-ab68cfb548fa"
#define FUZZ_KEY "cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK"
const struct hm_secrets *fuzz_secrets(void); /* made once, kept */

enum { FUZZ_NOW = 1713225610 };

/* Of all findings: what refuses comes first, and no message has a control character in it. Of every
 * verdict: it is good exactly where no finding refuses, and no message has the key above in it. */
void findings_check(const struct hm_findings *findings);
void verdict_check(enum hm_code code, const struct hm_verdict *verdict);

#endif
