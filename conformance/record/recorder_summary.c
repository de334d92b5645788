#include "record/recorder_summary.h"
#include "report/output.h"
#include "support/json_text.h"
#include "support/text.h"
#include <string.h>

bool recorder_has_failed(const struct recorder *recorder, bool is_strict)
{
    for (size_t i = 0; i < recorder->findings.count; i++) {
        const enum grade grade = recorder->findings.at[i].grade;

        if (grade == GRADE_FAILED || (is_strict && grade == GRADE_WARNED))
            return true;
    }
    return false;
}

static void print_between(FILE *out, const char *before, const char *text, const char *after)
{
    fputs(before, out);
    print_text(out, text);
    fputs(after, out);
}

static const char *clause_of(const struct finding *finding)
{
    return finding->clause != NULL ? finding->clause->id : "HTTP";
}

static void findings_print(FILE *out, const struct recorder *recorder)
{
    if (recorder->findings.count > 0)
        fputs("\nThe target, by the contract:\n", out);
    for (size_t i = 0; i < recorder->findings.count; i++) {
        const struct finding *finding = &recorder->findings.at[i];

        if (finding->remark == NULL)
            continue;
        fprintf(out, "  %-6s  %-4s  %zu call%s, the first is %s\n", grade_name(finding->grade),
                clause_of(finding), finding->count, plural(finding->count),
                finding->first->test->id);
        print_between(out, "          expected ", finding->remark->expected, "\n");
        print_between(out, "          found    ", finding->remark->actual, "\n");
    }
    if (recorder->findings_left_out > 0)
        fprintf(out, "  and %zu more calls with findings that are not listed\n",
                recorder->findings_left_out);
}

static void mistakes_print(FILE *out, const struct recorder *recorder)
{
    bool is_first = true;

    for (size_t i = 0; i < HM_MISTAKE_COUNT; i++) {
        const struct hm_mistake_row *row = hm_mistake_row((enum hm_mistake)i);

        if (recorder->mistakes[i] == 0)
            continue;
        fprintf(out, "%s  %-4s %s  %zu call%s\n",
                is_first ? "\nThe application's requests, by the contract:\n" : "", row->clause,
                row->code, recorder->mistakes[i], plural(recorder->mistakes[i]));
        print_between(out, "          ", recorder->mistake_texts[i], "\n");
        is_first = false;
    }
}

static size_t learned_count(const struct learning *learning)
{
    size_t count = 0;

    for (size_t i = 0; i < learning->count; i++)
        count += *learning->at[i].value != '\0';
    return count;
}

static void world_print(FILE *out, const struct recorded_contacts *contacts,
                        const struct recorded_world *world)
{
    if (world->unseen > 0)
        fprintf(out, "  %zu contact%s not in the world, because no answer has shown %s channels\n",
                world->unseen, world->unseen == 1 ? " is" : "s are",
                world->unseen == 1 ? "its" : "their");
    if (world->left_out > 0)
        fprintf(out, "  %zu of the channels and inboxes %s left out: not as the contract says\n",
                world->left_out, world->left_out == 1 ? "is" : "are");
    if (contacts->is_full)
        fputs("  there were more contacts or channels than a recording keeps\n", out);
}

static void files_print(FILE *out, const struct recorder *recorder,
                        const struct recorder_files *files, const struct recorded_world *world)
{
    if (files->record != NULL || files->world != NULL || files->profile != NULL)
        fputs("\nFiles:\n", out);
    if (files->record != NULL)
        print_between(out, "  ", files->record, ": one line of JSON for each call\n");
    if (files->world != NULL) {
        print_between(out, "  ", files->world, "");
        fprintf(out, ": a world of %zu contact%s, %zu channel%s and %zu inbox%s\n", world->contacts,
                plural(world->contacts), world->channels, plural(world->channels), world->inboxes,
                world->inboxes == 1 ? "" : "es");
        world_print(out, &recorder->contacts, world);
    }
    if (files->profile != NULL) {
        print_between(out, "  ", files->profile, "");
        fprintf(out, ": a profile with %zu of %zu choices; the others are the mock's defaults\n",
                learned_count(&recorder->learning), recorder->learning.count);
    }
    if (files->world == NULL)
        return;
    print_between(out, "\nTry the application against them:\n  heymarket-mock run --world ",
                  files->world, "");
    if (files->profile != NULL)
        print_between(out, " --profile ", files->profile, "");
    fputs(" -- CMD\n", out);
}

void recorder_summary_print(FILE *out, const struct recorder *recorder,
                            const struct recorder_files *files, const struct recorded_world *world)
{
    fprintf(out, "%zu call%s: %zu accepted, %zu refused, %zu without an answer of the target",
            recorder->ended, plural(recorder->ended), recorder->accepted, recorder->refused,
            recorder->unanswered);
    if (recorder->others > 0)
        fprintf(out, "; %zu not of the contract", recorder->others);
    fputs("\n", out);
    findings_print(out, recorder);
    mistakes_print(out, recorder);
    files_print(out, recorder, files, world);
    if (recorder->stand_ins.is_full)
        fputs("There were more phone numbers, addresses and names than a recording tells apart: "
              "the last ones share a stand-in.\n",
              out);
}

static json_t *findings_json(const struct recorder *recorder)
{
    json_t *list = json_array();

    for (size_t i = 0; i < recorder->findings.count; i++) {
        const struct finding *finding = &recorder->findings.at[i];

        if (finding->remark != NULL)
            list = json_list_add(
                list,
                json_pack("{s:s, s:s, s:I, s:s, s:s, s:s}", "clause", clause_of(finding), "grade",
                          grade_name(finding->grade), "count", (json_int_t)finding->count, "first",
                          finding->first->test->id, "expected", finding->remark->expected, "actual",
                          finding->remark->actual));
    }
    return list;
}

static json_t *mistakes_json(const struct recorder *recorder)
{
    json_t *list = json_array();

    for (size_t i = 0; i < HM_MISTAKE_COUNT; i++) {
        const struct hm_mistake_row *row = hm_mistake_row((enum hm_mistake)i);

        if (recorder->mistakes[i] > 0)
            list = json_list_add(list, json_pack("{s:s, s:s, s:I, s:s, s:s}", "clause", row->clause,
                                                 "code", row->code, "count",
                                                 (json_int_t)recorder->mistakes[i], "message",
                                                 recorder->mistake_texts[i], "cure", row->cure));
    }
    return list;
}

json_t *recorder_summary_json(const struct recorder *recorder, bool is_good)
{
    return json_pack("{s:i, s:s, s:s, s:{s:I, s:I, s:I, s:I, s:I}, s:o, s:o}", "v", 1, "target",
                     recorder->base_url, "verdict", is_good ? "good" : "failed", "counts", "calls",
                     (json_int_t)recorder->ended, "accepted", (json_int_t)recorder->accepted,
                     "refused", (json_int_t)recorder->refused, "unanswered",
                     (json_int_t)recorder->unanswered, "others", (json_int_t)recorder->others,
                     "findings", findings_json(recorder), "mistakes", mistakes_json(recorder));
}
