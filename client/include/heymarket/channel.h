/* A contact's channels: create, get, list, update, delete. */
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

/* The channels of an answer, in its order: a contact's whole list [R1 R4], or one of them [G1]. */
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

/* Reads a contact's channel of one type; which one, if there are several, is the server's choice
 * [G3].
 *
 * list      one channel on HM_OK; otherwise as in hm_channel_create()
 * contact   the contact's UUID [T3]
 * type      channel_type, UTF-8, not empty, without a "." or ".." between slashes; compared
 * exactly. It is percent-encoded for the path [G5] err       may be NULL; err->written is always
 * HM_WRITTEN_NO returns   as hm_channel_create(); a channel that is absent is HM_REFUSED with
 * err->status 404, or 400 [G4]; HM_OUTCOME_UNKNOWN means only that no complete answer arrived
 * clauses   [T3] [B5] [B7] [G1] [G2] [G4] [G5] [R2] [R5] [R6] [R9] [E1-E7] [J12]
 *
 * As hm_channel_create(), but what changes nothing may be sent again (RFC 9110 §9.2.2): also after
 * a 408, 500, 502, 503 or 504 and after a lost answer, up to HM_ATTEMPTS_MAX requests and within
 * the client's timeout_ms.
 */
HM_API HM_MUST_USE enum hm_code hm_channel_get(struct hm_channel_list *list,
                                               struct hm_client *client, const char *contact,
                                               const char *type, struct hm_error *err);

/* Reads all channels of a contact [L1]. There may be none. Everything else is as in
 * hm_channel_get(). Not every server has this call: today's reference does not document it.
 * clauses [T3] [B7] [L1] [R2] [R5] [R6] [R8] [R9] [E1-E7] [J12] */
HM_API HM_MUST_USE enum hm_code hm_channel_list(struct hm_channel_list *list,
                                                struct hm_client *client, const char *contact,
                                                struct hm_error *err);

/* Gives a contact's channel of a type a new value.
 *
 * list      the contact's whole list, or only the channel that was changed: what the server
 *           answers [U4]. Otherwise as in hm_channel_create()
 * type      which channel: its channel_type; if there are several, the server chooses [G3]
 * id        its new channel_id
 * returns   as hm_channel_create(); a channel that is absent is HM_REFUSED with err->status 404, or
 *           400 [G4]
 * clauses   [T3] [B1-B7] [G4] [U1] [U2] [U4] [R2] [R5] [R6] [R8] [R9] [E1-E7] [J12]
 *
 * Arguments, err, threads and what is sent again are as in hm_channel_create(): PUT is idempotent,
 * but a write that may have arrived is not repeated [E7].
 */
HM_API HM_MUST_USE enum hm_code hm_channel_update(struct hm_channel_list *list,
                                                  struct hm_client *client, const char *contact,
                                                  const char *type, const char *id,
                                                  struct hm_error *err);

/* Removes a contact's channel of a type [X1]. It cannot be undone.
 *
 * list      the contact's channels if the server answers with them, otherwise empty [X2]; status,
 *           attempts and request_id are set. Otherwise as in hm_channel_create()
 * type      as in hm_channel_get()
 * returns   as hm_channel_create(); a channel that is absent is HM_REFUSED with err->status 404, or
 *           400 [G4 X3]
 * clauses   [T3] [B5] [B7] [G4] [G5] [X1] [X2] [X3] [R2] [R5] [R6] [R8] [R9] [E1-E7] [J12]
 *
 * err, threads and what is sent again are as in hm_channel_create() [E7].
 */
HM_API HM_MUST_USE enum hm_code hm_channel_delete(struct hm_channel_list *list,
                                                  struct hm_client *client, const char *contact,
                                                  const char *type, struct hm_error *err);

/* Frees what the list owns and empties it. A zeroed struct is fine. */
HM_API void hm_channel_list_fini(struct hm_channel_list *list);

#ifdef __cplusplus
}
#endif

#endif
