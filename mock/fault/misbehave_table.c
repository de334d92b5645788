/* The one table of misbehaviours. */
#include "fault/misbehave_row.h"

#include <stddef.h>

#define hit_none  NULL
#define list_none NULL

#define ACCEPT(Name, Clause, Sentence, Seam, Forgives, Hit, Number, Text, When)                    \
    { .name = (Name),                                                                              \
      .clause = (Clause),                                                                          \
      .sentence = (Sentence),                                                                      \
      .when = (When),                                                                              \
      .seam = SEAM_##Seam,                                                                         \
      .forgives = (Forgives),                                                                      \
      .hit = hit_##Hit,                                                                            \
      .number = (Number),                                                                          \
      .text = (Text) },
#define REFUSE(Name, Clause, Sentence, Seam, Status, Hit, Number, Text, When)                      \
    { .name = (Name),                                                                              \
      .clause = (Clause),                                                                          \
      .sentence = (Sentence),                                                                      \
      .when = (When),                                                                              \
      .seam = SEAM_##Seam,                                                                         \
      .status = (Status),                                                                          \
      .hit = hit_##Hit,                                                                            \
      .number = (Number),                                                                          \
      .text = (Text) },
#define WRITES(Name, Clause, Sentence, Write, List, Number, Text, When)                            \
    { .name = (Name),                                                                              \
      .clause = (Clause),                                                                          \
      .sentence = (Sentence),                                                                      \
      .when = (When),                                                                              \
      .write = write_##Write,                                                                      \
      .list = list_##List,                                                                         \
      .number = (Number),                                                                          \
      .text = (Text) },
#define LISTS(Name, Clause, Sentence, List, Number, Text, Which, When)                             \
    { .name = (Name),                                                                              \
      .clause = (Clause),                                                                          \
      .sentence = (Sentence),                                                                      \
      .when = (When),                                                                              \
      .list = list_##List,                                                                         \
      .number = (Number),                                                                          \
      .text = (Text),                                                                              \
      .which = (Which) },
#define MEMBER(Name, Clause, Sentence, Member, Change, Which, When)                                \
    { .name = (Name),                                                                              \
      .clause = (Clause),                                                                          \
      .sentence = (Sentence),                                                                      \
      .when = (When),                                                                              \
      .list = list_member,                                                                         \
      .text = (Member),                                                                            \
      .change = change_##Change,                                                                   \
      .which = (Which) },
#define ANSWERS(Name, Clause, Sentence, From, Answer, Status, Text, When)                          \
    { .name = (Name),                                                                              \
      .clause = (Clause),                                                                          \
      .sentence = (Sentence),                                                                      \
      .when = (When),                                                                              \
      .from = (From),                                                                              \
      .answer = answer_##Answer,                                                                   \
      .status = (Status),                                                                          \
      .text = (Text) },

const struct misbehaviour misbehaviours[] = {
#include "fault/misbehave_answer.def"
#include "fault/misbehave_request.def"
};
const size_t misbehaviour_count = sizeof misbehaviours / sizeof misbehaviours[0];
