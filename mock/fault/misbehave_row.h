/* The table's rows, for the files misbehave*.c alone. */
#ifndef MOCK_FAULT_MISBEHAVE_ROW_H
#define MOCK_FAULT_MISBEHAVE_ROW_H

#include "fault/misbehave.h"
#include <pthread.h>
#include <stdatomic.h>

enum { SEEN_TOKENS = 1024, KEPT_ID_BYTES = 64, KEPT_ANSWER_BYTES = 16 * 1024 };

/* Of the requests that it could meet, those that it does. */
enum when { ALWAYS, ON_KEPT_CONNECTION, FROM_SECOND_ON, EVERY_OTHER };

enum which { EVERY_ELEMENT, NEW_ELEMENT, FIRST_ELEMENT };

struct misbehaviour {
    const char *name, *clause, *sentence;
    const char *text; /* of whichever function below */
    /* At a seam: refusals that are forgiven, by clause or code, the first of which must be among
     * them; NULL: a good request is refused with @status. @hit: only then. */
    const char *forgives;
    bool (*hit)(struct exchange *x, const struct misbehaviour *row);
    /* At the write. */
    enum hm_code (*write)(struct exchange *x, const struct misbehaviour *row);
    /* In the list: takes it over, and returns what goes out in its place. */
    json_t *(*list)(struct exchange *x, const struct misbehaviour *row, json_t *list);
    json_t *(*change)(const struct misbehaviour *row, json_t *value); /* of member @text */
    /* In the answer: of those with status @from; 2: any 2xx, 4: any 4xx, 0: any. */
    void (*answer)(struct exchange *x, const struct misbehaviour *row);
    int64_t number;
    int from, status;
    enum seam seam;
    enum when when;
    enum which which;
};

struct misbehaving {
    const struct misbehaviour *row;
    atomic_ullong met; /* requests that it could meet */
    pthread_mutex_t lock;
    uint64_t seen[SEEN_TOKENS];
    unsigned seen_uses[SEEN_TOKENS];
    char seen_contact[SEEN_TOKENS][UUID_TEXT]; /* that the token was first used on */
    size_t seen_next;
    char kept_id[KEPT_ID_BYTES]; /* the first request id, answered again and again */
    size_t kept_length;          /* of the answer before; 0: there is none */
    char kept_answer[KEPT_ANSWER_BYTES];
};

extern const struct misbehaviour misbehaviours[];
extern const size_t misbehaviour_count;

/* Counts the request, and says whether it is one that is met. */
bool misbehave_is_due(struct exchange *x);

/* Conditions of rows: on the token, on the path and the body. */
#define HIT(name) bool hit_##name(struct exchange *x, const struct misbehaviour *row)
HIT(age_at_least);
HIT(age_at_most);
HIT(second_secret);
HIT(first_secret);
HIT(used_before);
HIT(scheme_is_other_case);
HIT(header_is_other);
HIT(claims_have);
HIT(claims_begin_otherwise);
HIT(token_is_long);
HIT(claims_have_more);
HIT(claims_have_today);
HIT(expiry_is_ahead);
HIT(used_elsewhere);
HIT(let_in_before);
HIT(refusal_says);
HIT(often);
HIT(always);
HIT(uuid_has_capitals);
HIT(uuid_is_not_random);
HIT(type_header_is_other);
HIT(type_header_has_capitals);
HIT(type_is_strange);
HIT(type_has_capitals);
HIT(type_is);
HIT(id_begins_otherwise);
HIT(id_is_long);
HIT(body_has);
HIT(body_begins_otherwise);
HIT(id_comes_first);
HIT(is_chunked);

#define WRITE(name) enum hm_code write_##name(struct exchange *x, const struct misbehaviour *row)
WRITE(nothing);
WRITE(twice);
WRITE(elsewhere);
WRITE(everywhere);
WRITE(trimmed);
WRITE(small);
WRITE(capital_type);
WRITE(hyphened_type);
WRITE(swapped);
WRITE(digits);
WRITE(cut);
WRITE(prefixed);
WRITE(type_as);
WRITE(to_other_contact_of_team);

#define LIST(name)                                                                                 \
    json_t *list_##name(struct exchange *x, const struct misbehaviour *row, json_t *list)
LIST(wrapped);
LIST(new_alone_as_object);
LIST(empty);
LIST(as_string);
LIST(null);
LIST(nested);
LIST(as_map);
LIST(only_new);
LIST(without_new);
LIST(with_new);
LIST(without_first);
LIST(without_last_old);
LIST(at_most);
LIST(newest);
LIST(of_same_type);
LIST(of_other_types);
LIST(new_twice);
LIST(first_twice);
LIST(member);
LIST(odd_owner);
LIST(others_touched);
LIST(others_renumbered);
LIST(backwards);
LIST(ids_as_types);

#define CHANGE(name) json_t *change_##name(const struct misbehaviour *row, json_t *value)
CHANGE(missing);
CHANGE(null);
CHANGE(retyped);
CHANGE(real);
CHANGE(boolean);
CHANGE(boxed);
CHANGE(words);
CHANGE(blank_for_t);
CHANGE(without_zone);
CHANGE(date_alone);
CHANGE(epoch);
CHANGE(http_date);
CHANGE(next);
CHANGE(small);
CHANGE(capitals);

#define ANSWER(name) void answer_##name(struct exchange *x, const struct misbehaviour *row)
ANSWER(status);
ANSWER(media_type);
ANSWER(body);
ANSWER(without_id);
ANSWER(id_text);
ANSWER(same_id);
ANSWER(id_of_contact);
ANSWER(id_of_connection);
ANSWER(id_cut);
ANSWER(previous);

#endif
