/* What a sandbox was made of, and the state to serve from that it leads to: its own world, or the
 * default one of fixtures/worlds/sandbox.json with UUIDs, secret IDs and keys of its own. */
#ifndef MOCK_SANDBOX_SANDBOX_WORLD_H
#define MOCK_SANDBOX_SANDBOX_WORLD_H

#include "store/state.h"
#include "support/uuid.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    SANDBOX_SEED_BYTES = 32,
    SANDBOX_TTL_S_DEFAULT = 600,
    SANDBOX_TTL_S_MOST = 86400,
    SANDBOX_TAIL_BYTES = UUID_BYTES - 1
};

/* All that has to be kept of a sandbox that was not used yet. */
struct sandbox_record {
    char id[UUID_TEXT];
    unsigned char seed[SANDBOX_SEED_BYTES]; /* the keys follow from it */
    int64_t created_s;                      /* Unix time, real */
    int64_t ttl_s;
    char *world; /* the text of its own world; owned; NULL: the default one */
};

/* A new id and seed. HM_INTERNAL: the system gave no random bytes. */
HM_MUST_USE enum hm_code sandbox_record_draw(struct sandbox_record *record, struct hm_error *err);
void sandbox_record_fini(struct sandbox_record *record);

/* As the JSON text that a database keeps of it, with the seed; free() it. NULL: out of memory. */
char *sandbox_record_write(const struct sandbox_record *record);

/* The record in the text of a document of store/document.h; sandbox_record_fini() it. False: there
 * is none, or no memory. */
bool sandbox_record_read(struct sandbox_record *record, const char *text, size_t length);

/* The UUIDs of a default world, secret IDs among them, differ from the sandbox's id in their first
 * byte only: *tail becomes what they have in common. False: the text is not such a UUID. */
bool sandbox_tail_of(unsigned char tail[SANDBOX_TAIL_BYTES], const char *text, size_t length);

/* The id of the sandbox whose default world has such a UUID. */
void sandbox_id_of(char id[UUID_TEXT], const char *uuid);

/* Makes the state: the world of @record, with clock, policy and rate limit as @main was loaded.
 * returns HM_OK; HM_BAD_INPUT (what is wrong in its world); HM_NO_MEMORY. @state: state_release()
 */
HM_MUST_USE enum hm_code sandbox_world_load(struct state **state,
                                            const struct sandbox_record *record,
                                            struct state_slot *main, struct hm_error *err);

#endif
