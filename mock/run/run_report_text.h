/* Sentences that several reports of `run` have in common. */
#ifndef MOCK_RUN_RUN_REPORT_TEXT_H
#define MOCK_RUN_RUN_REPORT_TEXT_H

#include "run/run_report_data.h"
#include "support/page.h"
#include <heymarket/finding.h>

/* Where a host that was asked for led to, by enum asked_result. */
extern const char *const report_asked_words[ASKED_RESULTS];

/* Appends the result as sentences. *word: "Good", "Failed", "No request came". */
enum page_tone report_verdict(struct buf *out, const char **word, const struct report *report);

/* The text from a capital to a full stop. */
void report_sentence(char *out, size_t size, const char *text);

/* What was found the first time, without the cure. False: the message is the cure alone. */
bool report_first_time(char out[HM_FINDING_TEXT], const struct finding_sum *sum);

/* "refused 3 times", "warned of 1 time" */
void report_times(struct buf *out, const struct finding_sum *sum);

#endif
