/* The A clauses, which a server may decide either way: their names, possible values, and current
 * values. --set, --profile, --strict, --help and GET /_mock/policy use the same table. */
#ifndef MOCK_STORE_POLICY_H
#define MOCK_STORE_POLICY_H

#include "contract/channel_rules.h"
#include "support/buf.h"
#include "support/json_node.h"
#include "support/offers.h"
#include <heymarket/error.h>
#include <heymarket/token.h>
#include <stdint.h>

enum policy_name {
    POLICY_MEDIA_TYPE,        /* [T5] */
    POLICY_FRACTIONAL_IAT,    /* [J4] */
    POLICY_FUTURE_IAT,        /* [J7] seconds */
    POLICY_TYP,               /* [J9] */
    POLICY_LEGACY_KEY,        /* [J13] */
    POLICY_PHONE_FORMAT,      /* [B4] */
    POLICY_EMPTY_VALUE,       /* [B5] */
    POLICY_UNKNOWN_MEMBER,    /* [B6] */
    POLICY_UNKNOWN_CONTACT,   /* [B7] */
    POLICY_DUPLICATE_CHANNEL, /* [B8] */
    POLICY_SUCCESS_STATUS,    /* [R7] */
    POLICY_SEVERAL_OF_TYPE,   /* [G3] */
    POLICY_CHANNEL_ABSENT,    /* [G4] */
    POLICY_UPDATE_ANSWER,     /* [U4] */
    POLICY_DELETE_ANSWER,     /* [X2] */
    POLICY_CHANNEL_LIST,      /* [L1] */
    POLICY_COUNT
};

enum { MEDIA_TYPE_REJECT, MEDIA_TYPE_ACCEPT };
enum { UPDATE_ANSWERS_LIST, UPDATE_ANSWERS_CHANNEL };
enum { DELETE_ANSWERS_OK, DELETE_ANSWERS_LIST, DELETE_ANSWERS_NOTHING };
enum { CHANNEL_LIST_SERVED, CHANNEL_LIST_ABSENT };

/* Indexes into the lists of values, 0 being the default; for POLICY_FUTURE_IAT the seconds. */
struct policy {
    int64_t value[POLICY_COUNT];
};

/* The contract's defaults. */
void policy_init(struct policy *policy);

/* Exactly typ=reject, phone-format=reject, unknown-member=reject. */
void policy_be_strict(struct policy *policy);

/* Sets from "NAME=VALUE". HM_BAD_ARGUMENT: an unknown name (lists the names) or value. */
HM_MUST_USE enum hm_code policy_set(struct policy *policy, const char *assignment,
                                    struct hm_error *err);

/* Sets from a profile, {"v":1,"policy":{NAME:VALUE}}; numbers may be strings. Values that it does
 * not have stay, and all of them after an error. @version: must it have "v"?
 * returns HM_OK, HM_BAD_INPUT with a position */
HM_MUST_USE enum hm_code policy_read(struct policy *policy, const struct json_node *profile,
                                     enum json_presence version, struct hm_error *err);

/* Appends {NAME:VALUE, ...}, all values as strings: what policy_read() takes as "policy". */
void policy_write(struct buf *out, const struct policy *policy);

/* Appends {NAME:[VALUE, ...], ...}, the default first; of a number only the default. */
void policy_write_choices(struct buf *out);

/* Offers NAME=VALUE. */
void policy_offer(struct offers *offers);

/* The same values for the rules that need them. */
struct hm_token_policy policy_for_token(const struct policy *policy);
struct channel_policy policy_for_channel(const struct policy *policy);

/* A value that is a status: of an unknown contact [B7], of success [R7]. */
int policy_status(const struct policy *policy, enum policy_name name);

#endif
