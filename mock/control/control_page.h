/* The mock's page: the files of mock/page/, built in, at /_mock/ and /_mock/page/NAME. */
#ifndef MOCK_CONTROL_CONTROL_PAGE_H
#define MOCK_CONTROL_CONTROL_PAGE_H

#include "exchange/exchange.h"
#include "support/fixture.h"

extern const struct embedded_file embedded_page[]; /* ends with a NULL path */

extern const struct operation op_page, op_page_file, op_page_icon, op_page_redirect;

#endif
