/* The files by which programs find the address of a name, as the command of `run --intercept` sees
 * them: /etc/hosts, /etc/nsswitch.conf and /etc/resolv.conf; and the sockets of programs outside
 * that would answer instead. */
#ifndef MOCK_INTERCEPT_NAME_FILES_H
#define MOCK_INTERCEPT_NAME_FILES_H

#include "intercept/address_map.h"
#include "intercept/mounts.h"
#include <heymarket/error.h>

/* Mounts them, so that INTERCEPT_NAME has INTERCEPT_ADDRESS, and all other names are asked of port
 * 53 of 127.0.0.1. What does not exist is left out: programs have defaults that suit.
 * returns HM_OK; HM_INTERNAL, HM_NO_MEMORY */
HM_MUST_USE enum hm_code name_files_mount(struct mounts *mounts, struct hm_error *err);

/* Mounts the hosts file alone, where the network stays. Codes as above. */
HM_MUST_USE enum hm_code name_files_mount_hosts(struct mounts *mounts, struct hm_error *err);

/* Appends the same line for a hosts file, and what @before has for other names. */
void name_files_hosts(struct buf *out, const char *before);

/* The addresses that a hosts file gives INTERCEPT_NAME, at most @max; their ports are 0. */
size_t name_files_addresses(union address *out, size_t max, const char *text);

/* The same of /etc/hosts; none if it cannot be read, since then the command cannot either. */
size_t name_files_addresses_here(union address *out, size_t max);

/* Appends @before, an nsswitch.conf, with "files dns" as the sources of hosts. */
void name_files_switch(struct buf *out, const char *before);

/* The files and directories that exist here, for --intercept=check: appends their paths, with a
 * comma and a space between. */
void name_files_list(struct buf *out);

#endif
