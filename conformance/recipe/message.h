/* One request as bytes: a step's layers with names, fresh values and a token filled in. */
#ifndef SUITE_RECIPE_MESSAGE_H
#define SUITE_RECIPE_MESSAGE_H

#include "cases/case.h"
#include "recipe/marks.h"
#include "recipe/names.h"
#include "recipe/recipe.h"
#include "support/buf.h"
#include "transport/http.h"
#include <heymarket/error.h>
#include <jansson.h>
#include <stdbool.h>

enum { MESSAGE_HEADERS_MAX = 96, MESSAGE_BODY_BYTES_MAX = 4 * 1024 * 1024 };

struct message {
    const struct step *step;
    const struct names *names;
    struct buf url;
    struct buf body;
    bool has_body;
    bool is_chunked;
    bool is_on_new_connection;
    size_t header_count;
    struct http_header headers[MESSAGE_HEADERS_MAX]; /* value NULL: Host is not sent */
    struct authorization authorization;
    json_t *sent; /* the body as JSON; NULL: not JSON */
};

/* Makes the request of a step. One without a token recipe has no Authorization header.
 *
 * now      Unix time in seconds, for the token
 * returns  HM_OK; HM_BAD_INPUT: impossible with these names; HM_NO_MEMORY
 * Always call message_fini() after it. */
HM_MUST_USE enum hm_code message_make(struct message *message, const struct step *step,
                                      const char *base_url, const struct names *names,
                                      struct case_marks *marks, int64_t now, struct hm_error *err);
void message_fini(struct message *message);

/* Appends what the step needs and @names do not have ("contact crowded"), or nothing. */
void message_missing(struct buf *out, const struct step *step, const struct names *names);

/* Appends the step's path with @contact for {contactID}, and its type for {channelType}. @marks
 * NULL: the type is appended as it is in the case. */
void message_path(struct buf *out, const struct step *step, const char *contact,
                  struct case_marks *marks);

/* Appends the body. @marks NULL: its marks are left as they are. False: the step has no body. */
bool message_body(struct buf *out, const struct step *step, struct case_marks *marks);

#endif
