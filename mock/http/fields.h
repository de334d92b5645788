/* Header fields -> struct request. */
#ifndef MOCK_HTTP_FIELDS_H
#define MOCK_HTTP_FIELDS_H

#include "exchange/request.h"
#include "support/framing.h"

/* Fills in what the header fields and the version say; leaves all other members as they are. */
void fields_take(struct request *request, const struct framing_head *head);

#endif
