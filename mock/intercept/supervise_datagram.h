/* Answers to sendto(), sendmsg(), sendmmsg() with an address, and to recvfrom() and recvmsg() that
 * ask for the sender: a question to a name server goes to ours, and the answer seems to come from
 * the one that was asked, since musl and c-ares check that. */
#ifndef MOCK_INTERCEPT_SUPERVISE_DATAGRAM_H
#define MOCK_INTERCEPT_SUPERVISE_DATAGRAM_H

#include "intercept/notified.h"
#include "intercept/supervised.h"

/* They never wait. */
void sendto_answer(struct supervised *supervised, struct notified *call);
void sendmsg_answer(struct supervised *supervised, struct notified *call);
void sendmmsg_answer(struct supervised *supervised, struct notified *call);
void recvfrom_answer(struct supervised *supervised, struct notified *call);
void recvmsg_answer(struct supervised *supervised, struct notified *call);

#endif
