/* Wrong answers on purpose (--misbehave): one table of named behaviours, each of which breaks one
 * clause in one way. Users test their clients with it, the suite tests itself. */
#ifndef MOCK_FAULT_MISBEHAVE_H
#define MOCK_FAULT_MISBEHAVE_H

#include "exchange/exchange.h"
#include "support/uuid.h"
#include <heymarket/error.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

/* Checks of a request; each is a step of the operation. */
enum check { CHECK_TOKEN, CHECK_LIMIT, CHECK_CONTACT_ID, CHECK_BODY, CHECK_TEAM };

/* What a request must be like. Many of them compare with the row's number or text. */
enum request_condition {
    IF_ANY,
    /* Authorization */
    IF_SCHEME_IS_NOT,
    IF_HEADER_IS_NOT,
    IF_TOKEN_IS_LONGER,
    IF_TOKEN_HAS_MORE_MEMBERS, /* than the usual ones */
    IF_CLAIMS_HAVE,            /* any character of the text */
    IF_CLAIMS_HAVE_TODAY,      /* as a date, 2024-04-16 */
    IF_CLAIMS_DO_NOT_BEGIN,
    IF_EXP_IS_AHEAD,
    IF_AGE_AT_LEAST,
    IF_AGE_AT_MOST,
    IF_FIRST_SECRET, /* of the team */
    IF_SECOND_SECRET,
    IF_USED_BEFORE,     /* at least as often as the number says */
    IF_USED_ELSEWHERE,  /* for another contact first */
    IF_ACCEPTED_BEFORE, /* once */
    IF_REFUSAL_SAYS,
    IF_FREQUENT, /* after this many requests */
    /* Path, head and body */
    IF_UUID_HAS_CAPITALS,
    IF_UUID_IS_NOT_RANDOM,
    IF_CONTENT_TYPE_IS_NOT,
    IF_CONTENT_TYPE_HAS_CAPITALS,
    IF_CHUNKED,
    IF_BODY_HAS,
    IF_BODY_DOES_NOT_BEGIN,
    IF_ID_COMES_FIRST, /* channel_id before channel_type */
    IF_ID_IS_LONGER,
    IF_PHONE_DOES_NOT_BEGIN,
    IF_TYPE_IS, /* one of the words of the text */
    IF_TYPE_IS_NOT,
    IF_TYPE_HAS_CAPITALS
};

/* What is written instead of the channel that was sent. "Another" is a channel of another type. */
enum wrong_write {
    WRITE_RIGHT,
    WRITE_NOTHING,
    WRITE_TWICE,
    WRITE_ELSEWHERE, /* to another contact; the request's own list is answered */
    WRITE_EVERYWHERE,
    WRITE_FOR_OTHER_CONTACT, /* whose list is answered */
    WRITE_TRIMMED_ID,
    WRITE_LOWER_CASE_ID,
    WRITE_DIGITS_OF_ID,
    WRITE_CUT_ID,
    WRITE_PREFIXED_ID,
    WRITE_CAPITAL_TYPE,
    WRITE_HYPHENS_IN_TYPE,
    WRITE_OTHER_TYPE,
    WRITE_SWAPPED,
    /* For channel_update, channel_delete and channel_get */
    WRITE_AS_NEW,     /* adds a channel in place of changing one */
    WRITE_ANEW,       /* removes the channel and adds it again */
    WRITE_TO_ANOTHER, /* changes, removes or answers another */
    WRITE_ANOTHER_TOO,
    WRITE_WITHOUT_ANOTHER, /* and removes another */
    WRITE_NONE_LEFT,       /* removes all channels of the contact */
    WRITE_ABSENT           /* one that is absent counts as removed */
};

/* What becomes of the list of channels. "New" is the element of the channel that was sent. */
enum wrong_list {
    LIST_RIGHT,
    LIST_IN_OBJECT,
    LIST_IN_LIST,
    LIST_NEW_ELEMENT,
    LIST_EMPTY,
    LIST_NULL,
    LIST_AS_STRING,
    LIST_AS_NUMBERED_OBJECT, /* {"0": ..., "1": ...} */
    LIST_ONLY_NEW,
    LIST_WITHOUT_NEW,
    LIST_WITH_NEW, /* although it was not written */
    LIST_WITHOUT_FIRST,
    LIST_WITHOUT_LAST_OLD,
    LIST_OLDEST_AND_NEW,
    LIST_NEWEST,
    LIST_OF_SAME_TYPE,
    LIST_OF_OTHER_TYPES, /* and the new one */
    LIST_NEW_TWICE,
    LIST_FIRST_TWICE,
    LIST_OTHER_OWNER,
    LIST_NEW_TIMES,
    LIST_NEW_IDS,
    LIST_BACKWARDS,
    LIST_SWAPPED,
    LIST_WITH_SENT /* the channel of that type has the id that was sent */
};

/* What becomes of a member of the list's elements. */
enum change {
    CHANGE_MISSING,
    CHANGE_TO,         /* the JSON in the row's text */
    CHANGE_OTHER_TYPE, /* a number becomes a string, a string a number */
    CHANGE_FRACTION,
    CHANGE_IN_LIST,
    CHANGE_UPPER_CASE,
    CHANGE_SPACE_FOR_T,
    CHANGE_WITHOUT_ZONE,
    CHANGE_ONLY_DATE
};

enum elements { EVERY_ELEMENT, NEW_ELEMENT, FIRST_ELEMENT };

/* What else of an answer is wrong. */
enum wrong_answer {
    ANSWER_RIGHT,
    ANSWER_STATUS,
    ANSWER_BODY, /* and the status, unless it is 0 */
    ANSWER_CONTENT_TYPE,
    ANSWER_PREVIOUS_BODY, /* the one before, of whatever request */
    ANSWER_NO_ID,
    ANSWER_ID,
    ANSWER_FIRST_ID, /* for all answers */
    ANSWER_CONTACT_AS_ID,
    ANSWER_CONNECTION_AS_ID,
    ANSWER_SHORT_ID
};

/* Which of the requests that it could affect it does. */
enum when { ALWAYS, ON_KEPT_CONNECTION, FROM_SECOND_ON, EVERY_OTHER };

struct misbehaviour {
    const char *name;     /* the clause, a hyphen, and what is wrong */
    const char *sentence; /* the same for people */
    const char *text;     /* for whatever needs one below */
    int64_t number;
    const char *on; /* the operation that it is for; NULL: channel_create for writes and lists, and
                       all operations for the rest */

    /* A check is wrong. @forgives: codes or clauses of refusals that it overlooks; one that has
     * others, or not the first of these, stays refused. @refuses: the status for a good request. */
    enum check check;
    const char *forgives;
    int refuses;
    enum request_condition condition;

    enum wrong_write write;

    enum wrong_list list;
    const char *member; /* of the list's elements; NULL: no member is changed */
    enum change change;
    enum elements which;

    enum wrong_answer answer;
    int status; /* only answers with this one; 2: any 2xx, 4: any 4xx, 0: any */
    int to_status;

    enum when when;
};

/* The table. */
extern const struct misbehaviour misbehaviours[];
extern const size_t misbehaviour_count;

enum { SEEN_TOKENS = 1024, KEPT_ANSWER_BYTES = 16 * 1024 };

/* The current behaviour, and what it has to remember. */
struct misbehaving {
    const struct misbehaviour *row;
    atomic_ullong met; /* requests that it could affect */
    pthread_mutex_t lock;
    struct seen_token {
        unsigned hash, uses;
        char contact[UUID_TEXT]; /* for which it was used first */
    } seen[SEEN_TOKENS];
    size_t seen_next;
    char first_id[UUID_TEXT];
    size_t kept_length; /* of the answer before; 0: none */
    char kept_answer[KEPT_ANSWER_BYTES];
};

/* Finds the behaviour. HM_BAD_ARGUMENT: none has that name; the message names the nearest.
 * @misbehaving: misbehaving_free() it */
HM_MUST_USE enum hm_code misbehaving_new(struct misbehaving **misbehaving, const char *name,
                                         struct hm_error *err);
void misbehaving_free(struct misbehaving *misbehaving);

/* Prints one line on stderr; NULL: nothing. */
void misbehaving_warn(const struct misbehaving *misbehaving);

/* Is the behaviour, in what it writes or lists, for the operation of this request? */
bool misbehaving_writes(const struct misbehaving *misbehaving, const struct exchange *x);

/* Is it for the operation in what it checks and answers? */
bool misbehaving_concerns(const struct misbehaving *misbehaving, const struct exchange *x);

/* Counts the request. Is it one of those that are affected? */
bool misbehaving_is_due(struct misbehaving *misbehaving, const struct exchange *x);

/* Prints the table: name, clause, sentence. */
void misbehave_print(FILE *out);

#endif
