/* The one call: POST /v2/contact/{contactID}/channel. */
#ifndef HEYMARKET_CHANNEL_H
#define HEYMARKET_CHANNEL_H

#include <heymarket/client.h>
#include <heymarket/error.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One channel of a contact [R2]. Strings are never NULL; a member that the answer lacks is "" [R9].
 */
struct hm_channel {
    int64_t id;
    int64_t team_id;
    int64_t contact_id; /* the integer, not the UUID of the path [T3] */
    const char *channel_type;
    const char *channel_id;
    const char *info_channel;
    const char *channel_handle;
    const char *created; /* RFC 3339 [R5] */
    const char *updated;
};

/* A contact's whole list, in the order of the answer [R1 R4]. */
struct hm_channel_list {
    size_t count;
    struct hm_channel *at;               /* owned by the list, like its strings */
    int status;                          /* HTTP status, 2xx [R7] */
    int attempts;                        /* requests that were started */
    char request_id[HM_REQUEST_ID_TEXT]; /* [T4] */
    void *storage;                       /* owns the strings */
};

/* Adds a channel to a contact. The answer is the contact's whole list of channels.
 *
 * list      filled on HM_OK, and on HM_BAD_ANSWER with what could be read: hm_channel_list_fini()
 *           it in both cases. Empty after any other failure
 * contact   the contact's UUID [T3]
 * type, id  channel_type and channel_id [B1], UTF-8; checked against the contract's rules before
 *           anything is sent
 * err       may be NULL. Otherwise err->written says whether the write was done [E7]
 * returns   HM_OK; HM_BAD_ARGUMENT (nothing was sent); HM_NOT_SENT; HM_CREDENTIALS_REFUSED,
 *           HM_REFUSED, HM_RATE_LIMITED, HM_SERVER_ERROR (err->status is the answer's status);
 *           HM_OUTCOME_UNKNOWN (sent, but no complete answer arrived: read the contact's channels
 *           before you send it again [E7]); HM_BAD_ANSWER (the write was done, and the answer
 *           breaks err->clause); HM_NO_MEMORY; HM_INTERNAL
 * clauses   [T1] [T2] [T3] [B1-B7] [R1-R9] [E1-E7] [J12]
 *
 * Takes up to the client's timeout_ms. Sends at most HM_ATTEMPTS_MAX requests. Sent again: a
 * request that was not sent; one that was answered 429, after Retry-After or a back-off [E4]; one
 * 401 if the token was not new. Never sent again: 5xx, 408, a time-out, a lost answer. Any number
 * of threads may use one client at once; each needs a list and an err of its own.
 */
HM_API HM_MUST_USE enum hm_code hm_channel_create(struct hm_channel_list *list,
                                                  struct hm_client *client, const char *contact,
                                                  const char *type, const char *id,
                                                  struct hm_error *err);

/* Frees what the list owns and empties it. A zeroed struct is fine. */
HM_API void hm_channel_list_fini(struct hm_channel_list *list);

#ifdef __cplusplus
}
#endif

#endif
