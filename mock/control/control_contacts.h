/* GET /_mock/contacts, the list, a page at a time; GET /_mock/contacts/{uuid or name}, one contact
 * with its channels. */
#ifndef MOCK_CONTROL_CONTROL_CONTACTS_H
#define MOCK_CONTROL_CONTROL_CONTACTS_H

#include "exchange/exchange.h"

extern const struct operation op_contacts;
extern const struct operation op_contact;

#endif
