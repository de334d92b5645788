/* GET /_mock/contacts/{uuid}: a contact with its channels. */
#ifndef MOCK_CONTROL_CONTROL_CONTACTS_H
#define MOCK_CONTROL_CONTROL_CONTACTS_H

#include "exchange/exchange.h"

extern const struct operation op_contact;

#endif
