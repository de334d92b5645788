/* What the files of the control plane share: who may ask, the body of a call, its answer. */
#ifndef MOCK_CONTROL_CONTROL_PARTS_H
#define MOCK_CONTROL_CONTROL_PARTS_H

#include "control/control.h"
#include "exchange/exchange.h"
#include "support/json_file.h"

/* Is it asked by one whom the control plane serves? Pages of other origins not considered. */
bool control_is_for(const struct exchange *x);

/* Steps that every call begins with, and no other check of it is needed. Both refuse pages of other
 * origins and strangers. A call that changes or sends something must also be application/json, for
 * that is what no page can send without asking; its body is then in x->body, and may be empty. */
enum step_result control_refuse_page(struct exchange *x);
enum step_result control_read(struct exchange *x);
enum step_result control_write(struct exchange *x);

/* Did a body come at all, be it blanks? */
bool control_has_body(const struct exchange *x);

/* Parses the body that came. Complaints name it "body": "body:1:12: /elapse_s: found a string,
 * ...". returns HM_OK; HM_BAD_INPUT; HM_NO_MEMORY. json_file_fini() it */
HM_MUST_USE enum hm_code control_body_parse(struct json_file *file, const struct exchange *x,
                                            struct hm_error *err);

/* Begins an answer in x->answer.text, which is returned with {"v":1 in it: append members, each
 * with its comma before. Then closes it and sends it. */
struct buf *control_begin(struct exchange *x);
enum step_result control_answer(struct exchange *x, int status);

/* Answers with an error: 400 with its text; 500 for those that are not the caller's. */
enum step_result control_fail(struct exchange *x, const struct hm_error *err);

/* Publishes a state of state_edit(), and makes it, and its time, the exchange's own, so that the
 * answer tells what is now. */
void control_publish(struct exchange *x, struct state *edited);

/* What a call changes of the state: @edited is the change's own copy, thrown away after a failure.
 * @body is not an object necessarily. */
typedef enum hm_code (*control_change_fn)(struct state *edited, const struct json_node *body,
                                          struct hm_error *err);

/* Parses the body, changes the state by @change and publishes it.
 * returns HM_OK, or what the parser or @change returned; err is filled then */
HM_MUST_USE enum hm_code control_change(struct exchange *x, control_change_fn change,
                                        struct hm_error *err);

#endif
