/* One case on the page: what is wrong, what was sent, what came back, how to see it again. */
#ifndef PAGE_CASE_H
#define PAGE_CASE_H

#include "buf.h"
#include "page.h"
#include "result.h"
#include "run.h"

enum page_tone page_case_tone(enum rung rung);

void page_case_write(struct buf *out, const struct run *run, const struct result *result);

#endif
