/* A list from its text, as a database keeps it. */
#ifndef MOCK_STORE_LIST_TEXT_H
#define MOCK_STORE_LIST_TEXT_H

#include "store/channel_list.h"
#include <heymarket/error.h>
#include <stddef.h>

/* Makes a list of what channel_view_text() gave, "[{...},{...}" without the closing bracket; "" is
 * an empty list. channel_list_free() it. returns HM_OK, HM_NO_MEMORY, HM_BAD_INPUT */
HM_MUST_USE enum hm_code list_text_read(struct channel_list **list, const char *text,
                                        size_t length);

#endif
