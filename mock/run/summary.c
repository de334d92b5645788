#include "run/summary.h"

#include "contract/channel_rules.h"
#include "contract/variables.h"
#include "journal/counts.h"
#include "operation/other_paths.h"
#include "support/annotations.h"
#include "support/buf.h"
#include "support/escape.h"
#include "support/spawn.h"
#include "tls/handshake.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
    SUMMARY_BYTES_MAX = 1024 * 1024,
    COLUMNS_DEFAULT = 88,
    COLUMNS_LEAST = 40,
    COLUMNS_MOST = 200,
    INDENT = 6
};

/* What every line of ours begins with. */
#define OURS "heymarket-mock: "

enum tone { GOOD, WARN, BAD };

struct pen {
    struct buf text;
    bool has_colour;
    size_t columns; /* of a line */
};

/* The terminal's width; of anything else the default. */
static size_t columns_find(void)
{
    struct winsize size;

    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return COLUMNS_DEFAULT;
    return size.ws_col < COLUMNS_LEAST  ? COLUMNS_LEAST
           : size.ws_col > COLUMNS_MOST ? COLUMNS_MOST
                                        : size.ws_col;
}

/* On a terminal, unless NO_COLOR is set (no-color.org). */
static bool is_colourful(void)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");

    return isatty(STDERR_FILENO) == 1 && (no_color == NULL || *no_color == '\0') && term != NULL &&
           strcmp(term, "dumb") != 0;
}

static void paint(struct pen *pen, enum tone tone, const char *text)
{
    static const char *const starts[] = { "\x1b[1;32m", "\x1b[1;33m", "\x1b[1;31m" };

    buf_printf(&pen->text, "%s%s%s", pen->has_colour ? starts[tone] : "", text,
               pen->has_colour ? "\x1b[0m" : "");
}

/* Appends words and a line end. @column: where the line stands, 0 at its beginning; words that do
 * not fit go on in the next line, indented. */
static void wrap_from(struct pen *pen, size_t column, const char *text)
{
    size_t spaces = strspn(text, " ");

    for (size_t word; (word = strcspn(text + spaces, " ")) > 0; spaces = strspn(text, " ")) {
        const bool is_full = column + spaces + word > pen->columns && spaces > 0;

        if (column == 0 || is_full) {
            buf_printf(&pen->text, "%s%*s", is_full ? "\n" : "", INDENT, "");
            column = INDENT;
        } else if (spaces > 0) {
            buf_putc(&pen->text, ' ');
            column++;
        }
        buf_add(&pen->text, text + spaces, word);
        column += word;
        text += spaces + word;
    }
    buf_putc(&pen->text, '\n');
}

/* A sentence on lines of its own. */
static void wrap(struct pen *pen, const char *text)
{
    wrap_from(pen, 0, text);
}

/* "heymarket-mock: ", a word in colour or none (""), and the rest of the sentence. */
static void say(struct pen *pen, enum tone tone, const char *word, const char *rest)
{
    buf_puts(&pen->text, OURS);
    if (*word != '\0')
        paint(pen, tone, word);
    wrap_from(pen, sizeof OURS - 1 + strlen(word), rest);
}

static void print_figures(struct pen *pen, const struct mock *mock)
{
    const struct counts *counts = mock->counts;
    const struct {
        const atomic_ullong *count;
        const char *name;
        bool is_always_shown;
    } figures[] = {
        { &counts->accepted, "accepted", true },
        { &counts->at_fault, "refused", true },
        { &counts->warned, "warned", true },
        { &counts->faults, "by a fault", false },
        { &counts->limited, "over the rate limit", false },
        { &counts->expected, "refused as expected", false },
        { &mock->beside.requests, "of them in sandboxes", false },
    };
    unsigned long long requests = atomic_load(&counts->requests);
    const char *between = ": ";
    struct buf line;

    buf_init(&line, SUMMARY_BYTES_MAX);
    buf_printf(&line, "%llu request%s", requests, requests == 1 ? "" : "s");
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
        unsigned long long count = atomic_load(figures[i].count);

        if (count == 0 && !figures[i].is_always_shown)
            continue;
        buf_printf(&line, "%s%llu %s", between, count, figures[i].name);
        between = ", ";
    }
    say(pen, GOOD, "", buf_text(&line));
    buf_fini(&line);
}

static void print_findings(struct pen *pen, struct counts *counts)
{
    struct finding_sum *sums = calloc(FINDING_SUMS_MAX, sizeof *sums);
    size_t count = sums == NULL ? 0 : counts_findings(sums, counts);
    struct buf line;

    buf_init(&line, SUMMARY_BYTES_MAX);
    for (size_t i = 0; i < count; i++) {
        const struct hm_mistake_row *row = hm_mistake_row(sums[i].mistake);
        bool refuses = sums[i].severity == HM_REFUSES;

        buf_puts(&pen->text, "  ");
        paint(pen, refuses ? BAD : WARN, refuses ? "refused" : "warned ");
        buf_printf(&pen->text, " %llux  %s %s\n", sums[i].times, row->clause, row->code);
        buf_clear(&line);
        buf_puts(&line, sums[i].times > 1 ? "the first: " : "");
        escape_terminal(&line, sums[i].message, strlen(sums[i].message));
        wrap(pen, buf_text(&line));
    }
    buf_fini(&line);
    free(sums);
}

static void print_busiest(struct pen *pen, struct counts *counts)
{
    struct busiest_minute busiest = busiest_find(&counts->busiest);

    if (busiest.requests <= E4_REQUESTS_A_MINUTE)
        return;
    char text[128];

    snprintf(text, sizeof text,
             "E4: %" PRIu64 " requests of one secret within 60 s; the live API allows %d",
             busiest.requests, E4_REQUESTS_A_MINUTE);
    buf_puts(&pen->text, "  ");
    paint(pen, WARN, "busy   ");
    buf_putc(&pen->text, ' ');
    wrap_from(pen, sizeof "  busy    " - 1, text);
}

/* The most likely reason first. */
static void print_silence(struct pen *pen, const struct outcome *outcome, const char *base_url,
                          const char *proxy)
{
    struct buf line;

    if (outcome->command_exit > SPAWN_BY_SIGNAL) {
        say(pen, WARN, "no request arrived", " before a signal ended the command");
        return;
    }
    say(pen, WARN, "no request arrived", "");
    if (outcome->reach != NULL) {
        wrap(pen, buf_text(&outcome->reach->why));
        return;
    }
    wrap(pen, "Probably the code under test does not take its base URL from the "
              "variable " VARIABLE_BASE_URL ", or its tests replace the HTTP client.");
    buf_init(&line, SUMMARY_BYTES_MAX);
    buf_printf(&line, "The mock was at %s", base_url);
    wrap(pen, buf_text(&line));
    buf_clear(&line);
    buf_printf(&line,
               "Or the requests went to a proxy: %s is set, and not every client reads NO_PROXY",
               proxy != NULL ? proxy : "");
    if (proxy != NULL)
        wrap(pen, buf_text(&line));
    buf_fini(&line);
}

/* Usually the client does not trust the mock's certificate. */
static void print_handshakes(struct pen *pen, const struct outcome *outcome)
{
    unsigned long long failed = outcome_handshakes(outcome);
    const char *reason = handshake_reason(&outcome->mock->handshakes);
    struct buf cure;
    char text[48];

    if (failed == 0)
        return;
    snprintf(text, sizeof text, "%llu TLS handshake%s failed", failed, failed == 1 ? "" : "s");
    buf_init(&cure, HANDSHAKE_CURE_BYTES_MAX);
    buf_printf(&cure, " (%s%s)", failed == 1 ? "" : "the last: ", reason);
    say(pen, WARN, text, buf_text(&cure));
    buf_clear(&cure);
    outcome_handshake_cure(&cure, outcome);
    wrap(pen, buf_text(&cure));
    buf_fini(&cure);
}

/* What else the command of --intercept asked for: a line each. */
static void print_more(struct pen *pen, const struct reach *reach)
{
    for (const char *line = reach == NULL ? "" : buf_text(&reach->more); *line != '\0';) {
        const size_t length = strcspn(line, "\n");
        char *text = strndup(line, length);

        if (text != NULL)
            say(pen, GOOD, "", text);
        free(text);
        line += length + (line[length] == '\n');
    }
}

/* Calls that the mock does not have, each once. */
static void print_others(struct pen *pen, const struct mock *mock)
{
    struct buf line;

    if (atomic_load(&mock->counts->others) == 0)
        return;
    buf_init(&line, SUMMARY_BYTES_MAX);
    buf_puts(&line, "calls that this mock does not have, not counted: ");
    other_paths_write(&line, mock->others);
    say(pen, GOOD, "", buf_text(&line));
    buf_fini(&line);
}

static void print_verdict(struct pen *pen, const struct outcome *outcome)
{
    struct buf line;

    if (outcome_is_good(outcome)) {
        if (outcome->judgement_count > 1)
            say(pen, GOOD, "good", ", all conditions are met");
        return;
    }
    buf_init(&line, SUMMARY_BYTES_MAX);
    for (size_t i = 0; i < outcome->judgement_count; i++) {
        if (outcome->judgements[i].is_met)
            continue;
        buf_clear(&line);
        buf_printf(&line, ": %s%s%s", i == 0 ? "" : outcome->judgements[i].name, i == 0 ? "" : ": ",
                   outcome->judgements[i].text);
        say(pen, BAD, "failed", buf_text(&line));
    }
    buf_fini(&line);
}

void summary_print(const struct outcome *outcome, const char *base_url, const char *proxy)
{
    struct counts *counts = outcome->mock->counts;
    struct annotation_pause pause = { 0 };
    struct pen pen = { .has_colour = is_colourful(), .columns = columns_find() };

    buf_init(&pen.text, SUMMARY_BYTES_MAX);
    if (atomic_load(&counts->requests) + atomic_load(&counts->others) > 0)
        print_figures(&pen, outcome->mock);
    else if (outcome->has_started && outcome_handshakes(outcome) == 0)
        print_silence(&pen, outcome, base_url, proxy);
    print_handshakes(&pen, outcome);
    print_more(&pen, outcome->reach);
    print_findings(&pen, counts);
    print_busiest(&pen, counts);
    print_others(&pen, outcome->mock);
    print_verdict(&pen, outcome);
    annotations_pause(stderr, &pause);
    fputs(buf_text(&pen.text), stderr);
    annotations_resume(stderr, &pause);
    buf_fini(&pen.text);
}
