/* Listens for the application on 127.0.0.1. The only file of the suite that knows civetweb. */
#ifndef SUITE_RECORD_RECORDER_SERVER_H
#define SUITE_RECORD_RECORDER_SERVER_H

#include "record/recorder.h"
#include <heymarket/error.h>

/* Connections that are served at once; further ones wait. */
enum { RECORDER_THREADS = 64 };

struct recorder_server;

/* Starts it; its threads block all signals. @port 0: a free one.
 * returns HM_OK; HM_BAD_INPUT: cannot listen; HM_NO_MEMORY */
HM_MUST_USE enum hm_code recorder_server_start(struct recorder_server **server, int *port,
                                               struct recorder *recorder, struct hm_error *err);

/* Lets the calls that are under way end for a moment, then cancels them. NULL is fine. */
void recorder_server_stop(struct recorder_server *server);

#endif
