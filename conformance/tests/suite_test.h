/* Shared by the unit tests of the suite. */
#ifndef SUITE_TEST_H
#define SUITE_TEST_H

#include "tests/unit.h"

#define TEST_FIXTURES HM_SOURCE "/conformance/tests/fixtures"

#define TEST_ID  "74f80a77-9b3f-44ac-b3ad-ab68cfb548fa"
#define TEST_KEY "cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK"
#define TEST_ADA "aaaaaaaa-0000-4000-8000-00000000000a"

#endif
