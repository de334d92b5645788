/* What the commands print: findings, verdicts, channels and errors, for people and as JSON. */
#ifndef CLI_PRINT_H
#define CLI_PRINT_H

#include <heymarket/channel.h>
#include <heymarket/finding.h>
#include <heymarket/token.h>
#include <jansson.h>
#include <stdio.h>

/* Prints one JSON document on one line and lets go of it; NULL, as building one leaves it when
 * memory is out, is reported. Returns an exit code. */
int print_json(json_t *document);

/* Any text as a JSON string: what is not UTF-8 is escaped first. A new reference. */
json_t *json_text(const char *text, size_t length);

/* Prints text broken at 80 columns between words. The first line begins where the cursor is, at
 * @column; the others are indented to @indent. Ends with a line break. */
void print_wrapped(FILE *out, const char *text, size_t column, size_t indent);

/* What is printed for people is coloured on a terminal, unless NO_COLOR is set. */

/* Each finding with severity, clause and code, its message below. */
void print_findings(FILE *out, const struct hm_findings *findings);

/* [{clause,code,severity,message}, ...]; a new reference. */
json_t *findings_json(const struct hm_findings *findings);

/* "good: signed by ..., 12 s old", then the findings. */
void print_verdict(FILE *out, const struct hm_verdict *verdict, const struct hm_secrets *secrets);

/* Sets verdict, now, age_s, secret_id and findings of an object. False: out of memory. */
bool verdict_json(json_t *object, const struct hm_verdict *verdict,
                  const struct hm_secrets *secrets);

/* "12 s", "4 min 10 s", "3 h 2 min", "589 d 4 h": two units at most. */
struct duration {
    char text[40];
};
struct duration duration(double seconds);

/* "12 s ago", "5 min in the future", "just now". */
struct duration ago(double seconds);

/* A contact's list as a table; the channels that are (type, id) are marked. */
void print_channels(FILE *out, const struct hm_channel_list *list, const char *type,
                    const char *id);

/* {v,status,request_id,attempts,channels}; a new reference. */
json_t *channels_json(const struct hm_channel_list *list);

/* What an error knows besides its text: code, clause, request id, written, attempts. */
void print_error_details(FILE *out, const struct hm_error *err);

/* {v,error:{code,clause,mistake,status,request_id,message,written,attempts}}; a new reference. */
json_t *error_json(const struct hm_error *err);

#endif
