/* The credential check: GET /v1/inboxes. */
#ifndef HEYMARKET_INBOX_H
#define HEYMARKET_INBOX_H

#include <heymarket/client.h>
#include <heymarket/error.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One inbox of a team [N1]. Strings are never NULL; a phone that the answer lacks is "". */
struct hm_inbox {
    int64_t id;
    const char *name;
    int64_t team;
    const char *phone;
    size_t member_count;
    const int64_t *members; /* users' IDs */
    size_t phone_count;
    const char *const *phones;
};

/* The inboxes that the credentials can use, in the order of the answer. */
struct hm_inbox_list {
    size_t count;
    struct hm_inbox *at;                 /* owned by the list, like all that it points to */
    int status;                          /* HTTP status, 2xx */
    int attempts;                        /* requests that were started */
    char request_id[HM_REQUEST_ID_TEXT]; /* [T4] */
    void *storage;                       /* owns strings and arrays */
};

/* Lists the inboxes. Credentials that are refused get HM_CREDENTIALS_REFUSED, so this is the call
 * to check them with; it changes nothing.
 *
 * list     filled on HM_OK, and on HM_BAD_ANSWER with what could be read: hm_inbox_list_fini() it
 *          in both cases. Empty after any other failure
 * err      may be NULL; err->written is always HM_WRITTEN_NO
 * returns  HM_OK; as hm_channel_list()
 * clauses  [N1] [N2] [R6] [E1-E7] [J12]
 *
 * Takes up to the client's timeout_ms. Sent again as hm_channel_get() is. Any number of threads may
 * use one client at once; each needs a list and an err of its own.
 */
HM_API HM_MUST_USE enum hm_code hm_inbox_list(struct hm_inbox_list *list, struct hm_client *client,
                                              struct hm_error *err);

/* Frees what the list owns and empties it. A zeroed struct is fine. */
HM_API void hm_inbox_list_fini(struct hm_inbox_list *list);

#ifdef __cplusplus
}
#endif

#endif
