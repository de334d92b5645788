/* Answers to connect(). */
#ifndef MOCK_INTERCEPT_SUPERVISE_CONNECT_H
#define MOCK_INTERCEPT_SUPERVISE_CONNECT_H

#include "intercept/notified.h"
#include "intercept/supervised.h"

/* Never waits. */
void connect_answer(struct supervised *supervised, struct notified *call);

#endif
