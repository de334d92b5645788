#include "support/buf.h"
#include "support/file.h"
#include "support/program.h"
#include "tests/unit.h"
#include <unistd.h>

enum { SEEN_BYTES = 4096, CASES = 63 /* of options_cases.txt */ };

/* What a verb saw, as text, for the tests to compare. */
static struct buf seen;

struct sign_options {
    bool json;
    const char *file;
    struct option_texts sets, whys;
    int64_t iat, threads;
    int format;
};

static const char *const formats[] = { "text", "json", "none", NULL };

static const struct option sign_options[] = {
    { "--json", NULL, "Print JSON.", OPTION_FLAG, offsetof(struct sign_options, json), 0, 0, NULL },
    { "--file", "FILE", "A file.", OPTION_TEXT, offsetof(struct sign_options, file), 0, 0, NULL },
    { "--set", "NAME=VALUE", "Sets.", OPTION_TEXTS, offsetof(struct sign_options, sets), 0, 0,
      NULL },
    { "--why", "[=WORD]", "Why.", OPTION_MAYBE_TEXTS, offsetof(struct sign_options, whys), 0, 0,
      NULL },
    { "--iat", "UNIX", "When.", OPTION_INTEGER, offsetof(struct sign_options, iat), 0, 0, NULL },
    { "--threads", "N", "How many.", OPTION_INTEGER, offsetof(struct sign_options, threads), 1, 512,
      NULL },
    { "--format", "NAME", "How.", OPTION_CHOICE, offsetof(struct sign_options, format), 0, 0,
      formats },
    { 0 },
};

static void sign_defaults(void *options)
{
    struct sign_options *sign = options;

    sign->threads = 16;
    sign->format = 2;
}

static int sign_run(const struct verb_call *call)
{
    const struct sign_options *sign = call->options;

    buf_printf(&seen, "json=%d file=%s iat=%lld threads=%lld format=%s", sign->json,
               sign->file != NULL ? sign->file : "none", (long long)sign->iat,
               (long long)sign->threads, formats[sign->format]);
    for (size_t i = 0; i < sign->sets.count; i++)
        buf_printf(&seen, " set=%s", sign->sets.at[i]);
    for (size_t i = 0; i < sign->whys.count; i++)
        buf_printf(&seen, " why=%s", sign->whys.at[i]);
    for (int i = 0; i < call->argc; i++)
        buf_printf(&seen, " [%s]", call->argv[i]);
    if (call->has_command)
        buf_puts(&seen, " --");
    return call->argv[call->argc] == NULL ? 42 : 43;
}

static int name_run(const struct verb_call *call)
{
    buf_puts(&seen, call->verb->name);
    for (int i = 0; i < call->argc; i++)
        buf_printf(&seen, " %s", call->argv[i]);
    return EXIT_GOOD;
}

static int full_run(const struct verb_call *call)
{
    (void)call;
    puts("an answer");
    return EXIT_GOOD;
}

static const struct verb tool_verbs[] = {
    { "token sign", "", "Prints a token.", sign_options, sizeof(struct sign_options), sign_defaults,
      0, 0, sign_run },
    { "token verify", "[TOKEN|-]", "Judges a token.", NULL, 0, NULL, 0, 1, name_run },
    { "channel create", "CONTACT_UUID FILE", "Creates a channel.", NULL, 0, NULL, 2, 2, name_run },
    { "many", "[WORD...]", "Takes many.", sign_options, sizeof(struct sign_options), NULL, 0, -1,
      sign_run },
    { "answer", "", "Answers.", NULL, 0, NULL, 0, 0, full_run },
    { 0 },
};

static const struct program tool = { "tool", "A tool.", tool_verbs, "Exit codes: 0 good.\n",
                                     NULL,   NULL,      NULL,       NULL,
                                     NULL };

static int serve_run(const struct verb_call *call)
{
    return name_run(call) + (*(const bool *)call->options ? 10 : 0);
}

static const struct option serve_options[] = {
    { "--strict", NULL, "Refuse more.", OPTION_FLAG, 0, 0, 0, NULL },
    { "--a-rather-long-option", "WITH=VALUE", "Has a line of its own.", OPTION_FLAG, 0, 0, 0,
      NULL },
    { 0 },
};

static void print_parts(FILE *out)
{
    fputs("parts 1.2\n", out);
}

static const struct verb mock_verbs[] = {
    { "", "", "Serves.", serve_options, sizeof(bool), NULL, 0, 0, serve_run },
    { "serve", "",
      "Serves until it is asked to stop, which takes a text that is long enough to wrap.",
      serve_options, sizeof(bool), NULL, 0, 0, serve_run },
    { "run", "-- CMD [ARG\u2026]", "Runs CMD.", serve_options, sizeof(bool), NULL, 1, -1,
      name_run },
    { 0 },
};

static const char *mock_verb_epilogue(const struct verb *verb)
{
    return strcmp(verb->name, "run") != 0
               ? NULL
               : "Exit codes:\n"
                 "  1   a text of some length, which goes on below its own beginning, not at the "
                 "margin\n"
                 "  22  two\n";
}

static const struct program mock = { "mock", "A mock.",   mock_verbs,
                                     NULL,   NULL,        mock_verb_epilogue,
                                     NULL,   print_parts, NULL };

/* A run of a program with its streams in files. */
struct result {
    int exit_code;
    char out[4096], err[1024];
};

static void read_back(FILE *file, char *text, size_t size)
{
    rewind(file);
    text[fread(text, 1, size - 1, file)] = '\0';
    fclose(file);
}

static struct result run(const struct program *program, const char *line)
{
    struct result result = { 0 };
    FILE *out = tmpfile(), *err = tmpfile();
    char words[512], *argv[32] = { 0 }, *rest = words;
    int argc = 1, saved_out, saved_err;

    snprintf(words, sizeof words, "%s", line);
    argv[0] = words + strlen(words);
    for (char *word; (word = strtok_r(rest, " ", &rest)) != NULL; argc++)
        argv[argc] = word;
    buf_clear(&seen);
    fflush(NULL);
    saved_out = dup(STDOUT_FILENO);
    saved_err = dup(STDERR_FILENO);
    if (out == NULL || err == NULL || dup2(fileno(out), STDOUT_FILENO) < 0 ||
        dup2(fileno(err), STDERR_FILENO) < 0)
        abort();
    result.exit_code = program_main(program, argc, argv);
    dup2(saved_out, STDOUT_FILENO);
    dup2(saved_err, STDERR_FILENO);
    close(saved_out);
    close(saved_err);
    read_back(out, result.out, sizeof result.out);
    read_back(err, result.err, sizeof result.err);
    return result;
}

/* The command line after "$ " at @text, and what came of it up to the line "exit N", as
 * options_cases.txt has it. */
static size_t check_case(const char *text)
{
    const size_t name_length = strcspn(text, " \n"), length = strcspn(text, "\n");
    const char *end = strstr(text, "\nexit ");
    char line[512], expected[4096], found[8192];

    assert_non_null(end);
    end += 1 + strcspn(end + 1, "\n") + 1;
    snprintf(line, sizeof line, "%.*s", (int)(length - name_length), text + name_length);
    snprintf(expected, sizeof expected, "%.*s", (int)(end - text), text);
    const struct result result = run(strncmp(text, "tool", name_length) == 0 ? &tool : &mock, line);
    snprintf(found, sizeof found, "%.*s\n%s%s%s%s%sexit %d\n", (int)length, text,
             seen.length > 0 ? "saw " : "", buf_text(&seen), seen.length > 0 ? "\n" : "",
             result.out, result.err, result.exit_code);
    assert_string_equal(found, expected);
    return (size_t)(end - text);
}

TEST(does_what_the_cases_say)
{
    struct buf cases;
    size_t count = 0;

    buf_init(&cases, 65536);
    assert_int_equal(file_read(&cases, HM_SOURCE "/client/tests/support/options_cases.txt", NULL),
                     HM_OK);
    for (const char *at = buf_text(&cases); (at = strstr(at, "\n$ ")) != NULL; count++)
        at += strlen("\n$ ") + check_case(at + strlen("\n$ ")) - 1;
    buf_fini(&cases);
    assert_int_equal(count, CASES);
}

TEST(no_line_of_help_is_longer_than_80_columns)
{
    struct result result = run(&mock, "--help");
    const char *line = result.out;

    while (*line != '\0') {
        size_t length = strcspn(line, "\n");

        assert_in_range(length, 0, 80);
        line += length + 1;
    }
}

TEST(a_full_disk_is_not_silence)
{
    FILE *full = fopen("/dev/full", "w");
    int saved = dup(STDOUT_FILENO), exit_code;
    char *argv[] = { (char[]){ "tool" }, (char[]){ "answer" }, NULL };

    if (full == NULL)
        skip(); /* macOS has no /dev/full */
    fflush(NULL);
    dup2(fileno(full), STDOUT_FILENO);
    exit_code = program_main(&tool, 2, argv);
    dup2(saved, STDOUT_FILENO);
    clearerr(stdout);
    close(saved);
    fclose(full);
    assert_int_equal(exit_code, EXIT_USAGE);
}

TEST(no_arguments_at_all_are_survived)
{
    char *argv[] = { NULL };

    assert_int_equal(program_main(&tool, 0, argv), EXIT_USAGE);
}

TEST(every_code_has_its_exit_code)
{
    assert_int_equal(exit_code_of(HM_OK), 0);
    assert_int_equal(exit_code_of(HM_TOKEN_REFUSED), 1);
    assert_int_equal(exit_code_of(HM_REFUSED), 1);
    assert_int_equal(exit_code_of(HM_RATE_LIMITED), 1);
    assert_int_equal(exit_code_of(HM_SERVER_ERROR), 1);
    assert_int_equal(exit_code_of(HM_BAD_ANSWER), 1);
    assert_int_equal(exit_code_of(HM_BAD_ARGUMENT), 2);
    assert_int_equal(exit_code_of(HM_BAD_INPUT), 2);
    assert_int_equal(exit_code_of(HM_NOT_SENT), 3);
    assert_int_equal(exit_code_of(HM_CREDENTIALS_REFUSED), 4);
    assert_int_equal(exit_code_of(HM_NO_MEMORY), 5);
    assert_int_equal(exit_code_of(HM_INTERNAL), 5);
    assert_int_equal(exit_code_of(HM_OUTCOME_UNKNOWN), 6);
}

static int seen_begin(void **state)
{
    buf_init(&seen, SEEN_BYTES);
    return 0;
}

static int seen_end(void **state)
{
    buf_fini(&seen);
    return 0;
}

EACH_TEST_WITHIN(seen_begin, seen_end)
