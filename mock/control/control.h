/* The control plane, /_mock/..., with which clients inspect and control the mock. This file has
 * what its operations share: access, the body of a call, its answer. Each topic has a file,
 * control_*.c. */
#ifndef MOCK_CONTROL_CONTROL_H
#define MOCK_CONTROL_CONTROL_H

#include "exchange/exchange.h"
#include "store/state_sync.h"
#include "support/json_node.h"

enum { CONTROL_REST_TEXT = 160 };

/* Of every other path below /_mock/. */
extern const struct operation op_control_unknown;

/* Of a path of the control plane without /_mock: says so. It is not counted as a request. */
extern const struct operation op_control_misplaced;

/* May this client use the control plane? Pages of other origins are not considered. */
bool control_is_for(const struct exchange *x);

/* Refuses web pages of other origins than the listener's own. */
enum step_result control_refuse_page(struct exchange *x);

/* The first step of what has no data, so that a link on a page elsewhere may lead to it. */
enum step_result control_link(struct exchange *x);

/* The first step of a call that reads, and of one that writes. Both refuse pages of other origins
 * and clients that may not use the control plane. A write must be application/json, which no page
 * can send without a preflight; its body is then in x->body, and may be empty. */
enum step_result control_read(struct exchange *x);
enum step_result control_write(struct exchange *x);

/* Parses the body. Errors call it "body": "body:1:12: /elapse_s: found a string, ...".
 * returns HM_OK; HM_BAD_INPUT; HM_NO_MEMORY. json_file_fini() it */
HM_MUST_USE enum hm_code control_body_parse(struct json_file *file, const struct exchange *x,
                                            struct hm_error *err);

/* Begins an answer in x->answer.text, which is returned with {"v":1 in it: append members, each
 * after a comma. control_answer() closes it and sends it. */
struct buf *control_begin(struct exchange *x);
enum step_result control_answer(struct exchange *x, int status);

/* A list that may be long: its entries are written while it is sent, so that a client that does not
 * read holds no copy of it. */
struct control_list {
    /* Appends the next entry, after list->comma; false: there are no more. */
    bool (*entry)(struct buf *out, struct control_list *list);
    size_t at, end;                  /* that entry's index, and the first one that is not shown */
    const struct contact_name *name; /* for lists of contacts: the next one */
    char last_id[UUID_TEXT];         /* for lists of sandboxes: the last one */
    unsigned long long last_serial;
    char rest[CONTROL_REST_TEXT]; /* after the entries, before the last brace */

    /* Filled in by control_answer_list(). */
    struct exchange *x;
    const char *comma;
    char *head; /* owned; NULL: it was sent */
};

/* The same as control_answer(), with @list after what was appended; the list is copied. */
enum step_result control_answer_list(struct exchange *x, const struct control_list *list);

/* Answers with an error: 400 or, with HM_REFUSED, 409 with its text; 500 if it is not the caller's.
 */
enum step_result control_fail(struct exchange *x, const struct hm_error *err);

/* Changes the state as state_change(), and gives the new one to the exchange, so that the answer
 * shows it. */
HM_MUST_USE enum hm_code control_apply(struct exchange *x, state_change_fn change, void *context,
                                       struct hm_error *err);

/* Changes @edited, a copy of the state that is dropped after a failure. @body may be of any type.
 */
typedef enum hm_code (*control_change_fn)(struct state *edited, const struct json_node *body,
                                          struct hm_error *err);

/* Parses the body, changes the state by @change, publishes it and ends with @answer; or answers
 * with the error. */
enum step_result control_change(struct exchange *x, control_change_fn change, step_fn answer);

#endif
