/* Fuzz target: a DNS query. Every answer fits, repeats the id and the question, and has only
 * addresses of the names that are known; what is kept of a name is printable. */
#include "fuzz/fuzz.h"

#include "intercept/name_answer.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct known_name known[] = {
        { .name = "api.heymarket.com", .address = { 0x010200c0 } },
        { .name = "db", .address = { 0x0300000a } },
        { .name = "db", .address = { 0x0400000a } },
    };
    uint8_t *answer = malloc(NAME_ANSWER_MAX);
    struct asked asked;
    size_t length;

    must(answer != NULL);
    asked_init(&asked);
    length = name_answer(answer, data, size, known, sizeof known / sizeof known[0], &asked);
    must(length <= NAME_ANSWER_MAX && (length == 0 || length >= 12));
    if (length > 0) {
        must(memcmp(answer, data, 2) == 0 && (answer[2] & 0x80) != 0 && answer[7] <= 2);
        must(answer[5] == 0 || memcmp(answer + 12, data + 12, 5) == 0);
        must(answer[7] == 0 || (answer[3] & 0x0f) == 0);
        must(answer[7] == 0 || (asked.count == 1 && asked.at[0].result == ASKED_OURS));
    }
    for (size_t i = 0; i < asked.count; i++) {
        must(strlen(asked.at[i].name) < ASKED_NAME_TEXT);
        for (const char *c = asked.at[i].name; *c != '\0'; c++)
            must(*c > ' ' && *c < 0x7f);
    }
    asked_fini(&asked);
    free(answer);
    return 0;
}
