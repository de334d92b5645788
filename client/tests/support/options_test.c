#include "support/buf.h"
#include "support/file.h"
#include "support/program.h"
#include "tests/unit.h"
#include <unistd.h>

enum { SEEN_BYTES = 4096 };

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

static bool sees(const struct program *program, const char *line, int exit_code,
                 const char *expected)
{
    struct result result = run(program, line);
    bool same = result.exit_code == exit_code && strcmp(buf_text(&seen), expected) == 0;

    if (!same)
        print_error("%s: exit %d\nfound    %s\nexpected %s\n%s", line, result.exit_code,
                    buf_text(&seen), expected, result.err);
    return same;
}

static bool refuses(const struct program *program, const char *line, const char *expected)
{
    struct result result = run(program, line);
    size_t length = strlen(expected);
    bool same = result.exit_code == EXIT_USAGE && strncmp(result.err, expected, length) == 0 &&
                strcmp(result.err + length, "\n") == 0 && result.out[0] == '\0';

    if (!same)
        print_error("%s: exit %d\nfound    %s\nexpected %s\n", line, result.exit_code, result.err,
                    expected);
    return same;
}

static bool prints(const struct program *program, const char *line, const char *expected)
{
    struct result result = run(program, line);
    bool same = result.exit_code == EXIT_GOOD && strcmp(result.out, expected) == 0 &&
                result.err[0] == '\0' && seen.length == 0;

    if (!same)
        print_error("%s: exit %d\nfound\n%s\nexpected\n%s\n%s", line, result.exit_code, result.out,
                    expected, result.err);
    return same;
}

static void options_have_defaults(void **state)
{
    assert_true(sees(&tool, "token sign", 42, "json=0 file=none iat=0 threads=16 format=none"));
    assert_true(sees(&tool, "many", 42, "json=0 file=none iat=0 threads=0 format=text"));
}

static void values_follow_a_space_or_an_equals_sign(void **state)
{
    static const char all[] = "json=1 file=a iat=7 threads=512 format=json";

    assert_true(
        sees(&tool, "token sign --json --file a --iat 7 --threads 512 --format json", 42, all));
    assert_true(
        sees(&tool, "token sign --file=a --iat=7 --threads=512 --format=json --json", 42, all));
    assert_true(sees(&tool, "token sign --file= --set=x=y", 42,
                     "json=0 file= iat=0 threads=16 format=none set=x=y"));
}

static void a_value_may_be_left_out_only_after_an_equals_sign(void **state)
{
    assert_true(sees(&tool, "many --why a --why=b --why= --why", 42,
                     "json=0 file=none iat=0 threads=0 format=text why= why=b why= why= [a]"));
}

static void a_value_may_look_like_an_option(void **state)
{
    assert_true(sees(&tool, "token sign --iat -300 --file -", 42,
                     "json=0 file=- iat=-300 threads=16 format=none"));
    assert_true(sees(&tool, "token sign --file --abc", 42,
                     "json=0 file=--abc iat=0 threads=16 format=none"));
    assert_true(sees(&tool, "token sign --file=--json", 42,
                     "json=0 file=--json iat=0 threads=16 format=none"));
}

static void a_later_value_wins_but_texts_are_all_kept(void **state)
{
    assert_true(sees(&tool, "token sign --file a --set 1 --file b --set 2 --set 3", 42,
                     "json=0 file=b iat=0 threads=16 format=none set=1 set=2 set=3"));
}

static void arguments_and_options_may_mix(void **state)
{
    assert_true(sees(&tool, "many a --json - b", 42,
                     "json=1 file=none iat=0 threads=0 format=text [a] [-] [b]"));
    assert_true(sees(&tool, "many a --json -- --file -x --", 42,
                     "json=1 file=none iat=0 threads=0 format=text [a] [--file] [-x] [--] --"));
}

static void mistakes_in_options_are_named(void **state)
{
    assert_true(refuses(&tool, "token sign --jsno",
                        "tool: unknown option '--jsno'; did you mean --json? See 'tool token sign "
                        "--help'"));
    assert_true(refuses(&tool, "token sign --abc=1",
                        "tool: unknown option '--abc'. See 'tool token sign --help'"));
    assert_true(
        refuses(&tool, "token sign -x", "tool: unknown option '-x'. See 'tool token sign --help'"));
    assert_true(refuses(&tool, "token verify --json",
                        "tool: found the option --json, which belongs to 'tool token sign'. See "
                        "'tool token verify --help'"));
    assert_true(
        refuses(&tool, "token sign --json=yes",
                "tool: --json: found a value, expected none. See 'tool token sign --help'"));
    assert_true(
        refuses(&tool, "token sign --version=2",
                "tool: --version: found a value, expected none. See 'tool token sign --help'"));
    assert_true(
        refuses(&tool, "token sign --file",
                "tool: --file: found no value, expected '--file FILE'. See 'tool token sign "
                "--help'"));
    assert_true(
        refuses(&tool, "token sign --file --json",
                "tool: --file: found no value, expected '--file FILE'. See 'tool token sign "
                "--help'"));
    assert_true(
        refuses(&tool, "token sign --file --",
                "tool: --file: found no value, expected '--file FILE'. See 'tool token sign "
                "--help'"));
}

static void values_out_of_range_are_named(void **state)
{
    assert_true(
        refuses(&tool, "token sign --threads 513",
                "tool: --threads: found '513', expected an integer from 1 to 512. See 'tool "
                "token sign --help'"));
    assert_true(
        refuses(&tool, "token sign --iat 1.5",
                "tool: --iat: found '1.5', expected an integer. See 'tool token sign --help'"));
    assert_true(
        refuses(&tool, "token sign --format JSON",
                "tool: --format: found 'JSON', expected one of: text, json, none. See 'tool "
                "token sign --help'"));
}

static void parsed_options_are_freed_after_a_mistake(void **state)
{
    struct result result = run(&tool, "token sign --set 1 --set 2 --oops");

    assert_int_equal(result.exit_code, EXIT_USAGE);
    assert_string_equal(buf_text(&seen), "");
}

static void verbs_of_two_words_are_found(void **state)
{
    assert_true(sees(&tool, "token verify abc", EXIT_GOOD, "token verify abc"));
    assert_true(sees(&tool, "channel create id -", EXIT_GOOD, "channel create id -"));
}

static void mistakes_in_verbs_are_named(void **state)
{
    assert_true(
        refuses(&tool, "",
                "tool: found no command, expected one of: token sign, token verify, channel "
                "create, many, answer. See 'tool --help'"));
    assert_true(refuses(&tool, "token",
                        "tool: found half a command, 'token', expected one of: token sign, token "
                        "verify. See 'tool token --help'"));
    assert_true(refuses(&tool, "token sing",
                        "tool: unknown command 'token sing'; did you mean 'token sign'? See 'tool "
                        "token --help'"));
    assert_true(refuses(&tool, "token brew",
                        "tool: unknown command 'token brew', expected one of: token sign, token "
                        "verify. See 'tool token --help'"));
    assert_true(
        refuses(&tool, "tokn sign",
                "tool: unknown command 'tokn'; did you mean 'token sign'? See 'tool --help'"));
    assert_true(
        refuses(&tool, "sign --iat 3",
                "tool: unknown command 'sign'; did you mean 'token sign'? See 'tool --help'"));
    assert_true(refuses(&tool, "mnay",
                        "tool: unknown command 'mnay'; did you mean 'many'? See 'tool --help'"));
    assert_true(
        refuses(&tool, "--json token sign",
                "tool: found the option '--json' before the command, expected one of: token "
                "sign, token verify, channel create, many, answer. See 'tool --help'"));
    assert_true(refuses(&mock, "sevre",
                        "mock: unknown command 'sevre'; did you mean 'serve'? See 'mock --help'"));
}

static void missing_and_spare_arguments_are_named(void **state)
{
    assert_true(refuses(&tool, "channel create",
                        "tool: found no CONTACT_UUID, expected 'tool channel create CONTACT_UUID "
                        "FILE'. See 'tool channel create --help'"));
    assert_true(
        refuses(&tool, "channel create id",
                "tool: found no FILE, expected 'tool channel create CONTACT_UUID FILE'. See "
                "'tool channel create --help'"));
    assert_true(refuses(&tool, "token sign secret-key",
                        "tool: found 1 argument, expected 'tool token sign [options]'. See 'tool "
                        "token sign --help'"));
}

static void a_long_argument_is_not_quoted_for_it_may_be_a_key(void **state)
{
    assert_true(refuses(&tool, "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.x",
                        "tool: unknown command <42 characters>, expected one of: token sign, token "
                        "verify, channel create, many, answer. See 'tool --help'"));
    assert_true(refuses(&tool, "token sign --c0ffee0123456789c0ffee0123456789",
                        "tool: unknown option <34 characters>. See 'tool token sign --help'"));
    assert_true(
        refuses(&tool, "token sign --json=c0ffee",
                "tool: --json: found a value, expected none. See 'tool token sign --help'"));
}

static void the_default_verb_needs_no_name(void **state)
{
    assert_true(sees(&mock, "", 0, ""));
    assert_true(sees(&mock, "--strict", 10, ""));
    assert_true(sees(&mock, "serve --strict", 10, "serve"));
    assert_true(
        refuses(&mock, "--strcit",
                "mock: unknown option '--strcit'; did you mean --strict? See 'mock --help'"));
}

static void a_command_follows_two_dashes(void **state)
{
    assert_true(sees(&mock, "run --strict -- make --strict -- x", 0, "run make --strict -- x"));
    assert_true(refuses(&mock, "run make",
                        "mock: found an argument before '--', expected 'mock run [options] -- CMD "
                        "[ARG\u2026]'. See 'mock run --help'"));
    assert_true(refuses(&mock, "run x -- make",
                        "mock: found an argument before '--', expected 'mock run [options] -- CMD "
                        "[ARG\u2026]'. See 'mock run --help'"));
    assert_true(refuses(&mock, "run --",
                        "mock: found no command to run, expected 'mock run [options] -- CMD "
                        "[ARG\u2026]'. See 'mock run --help'"));
    assert_true(refuses(&mock, "--strict run -- make",
                        "mock: found the command 'run' after an option, expected it first. See "
                        "'mock --help'"));
}

static void help_of_the_program(void **state)
{
    static const char expected[] =
        "Usage: mock [serve] [options]\n"
        "       mock run [options] -- CMD [ARG\u2026]\n"
        "\n"
        "A mock.\n"
        "\n"
        "Commands:\n"
        "  serve  Serves until it is asked to stop, which takes a text that "
        "is long\n"
        "         enough to wrap.\n"
        "  run    Runs CMD.\n"
        "\n"
        "Run 'mock COMMAND --help' for the options of a command.\n"
        "\n"
        "Options of serve, the default command:\n"
        "  --strict    Refuse more.\n"
        "  --a-rather-long-option WITH=VALUE\n"
        "              Has a line of its own.\n"
        "  -h, --help  Print this and exit.\n"
        "  --version   Print the version and exit.\n";

    assert_true(prints(&mock, "--help", expected));
    assert_true(prints(&mock, "-h", expected));
    assert_true(prints(&mock, "help", expected));
}

static void help_of_a_verb(void **state)
{
    static const char expected[] = "Usage: tool token sign [options]\n"
                                   "\n"
                                   "Prints a token.\n"
                                   "\n"
                                   "Options:\n"
                                   "  --json            Print JSON.\n"
                                   "  --file FILE       A file.\n"
                                   "  --set NAME=VALUE  Sets.\n"
                                   "  --why[=WORD]      Why.\n"
                                   "  --iat UNIX        When.\n"
                                   "  --threads N       How many.\n"
                                   "  --format NAME     How.\n"
                                   "  -h, --help        Print this and exit.\n"
                                   "  --version         Print the version and exit.\n"
                                   "\n"
                                   "Exit codes: 0 good.\n";
    struct result result;

    assert_true(prints(&tool, "help token sign", expected));
    result = run(&tool, "token sign --json --help");
    assert_int_equal(result.exit_code, EXIT_GOOD);
    assert_string_equal(result.out, expected);
}

static void help_of_a_verb_with_an_end_of_its_own(void **state)
{
    static const char expected[] =
        "Usage: mock run [options] -- CMD [ARG\u2026]\n"
        "\n"
        "Runs CMD.\n"
        "\n"
        "Options:\n"
        "  --strict    Refuse more.\n"
        "  --a-rather-long-option WITH=VALUE\n"
        "              Has a line of its own.\n"
        "  -h, --help  Print this and exit.\n"
        "  --version   Print the version and exit.\n"
        "\n"
        "Exit codes:\n"
        "  1   a text of some length, which goes on below its own beginning, not at the\n"
        "      margin\n"
        "  22  two\n";

    assert_true(prints(&mock, "run --help", expected));
}

static void help_of_a_group(void **state)
{
    static const char expected[] = "Usage: tool token sign [options]\n"
                                   "       tool token verify [TOKEN|-]\n"
                                   "\n"
                                   "Commands:\n"
                                   "  token sign    Prints a token.\n"
                                   "  token verify  Judges a token.\n"
                                   "\n"
                                   "Run 'tool COMMAND --help' for the options of a command.\n";

    assert_true(prints(&tool, "token --help", expected));
    assert_true(prints(&tool, "help token", expected));
    assert_true(refuses(&tool, "help tokn",
                        "tool: unknown command 'tokn', expected one of: token sign, token verify, "
                        "channel create, many, answer. See 'tool --help'"));
}

static void no_line_of_help_is_longer_than_80_columns(void **state)
{
    struct result result = run(&mock, "--help");
    const char *line = result.out;

    while (*line != '\0') {
        size_t length = strcspn(line, "\n");

        assert_in_range(length, 0, 80);
        line += length + 1;
    }
}

static void version_adds_what_the_program_is_built_of(void **state)
{
    assert_true(prints(&mock, "--version", "mock 0.1.0\nparts 1.2\n"));
    assert_true(prints(&mock, "run --version", "mock 0.1.0\nparts 1.2\n"));
    assert_true(prints(&tool, "token verify --version", "tool 0.1.0\n"));
}

static void a_full_disk_is_not_silence(void **state)
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

static void no_arguments_at_all_are_survived(void **state)
{
    char *argv[] = { NULL };

    assert_int_equal(program_main(&tool, 0, argv), EXIT_USAGE);
}

static void every_code_has_its_exit_code(void **state)
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_have_defaults),
        cmocka_unit_test(values_follow_a_space_or_an_equals_sign),
        cmocka_unit_test(a_value_may_be_left_out_only_after_an_equals_sign),
        cmocka_unit_test(a_value_may_look_like_an_option),
        cmocka_unit_test(a_later_value_wins_but_texts_are_all_kept),
        cmocka_unit_test(arguments_and_options_may_mix),
        cmocka_unit_test(mistakes_in_options_are_named),
        cmocka_unit_test(values_out_of_range_are_named),
        cmocka_unit_test(parsed_options_are_freed_after_a_mistake),
        cmocka_unit_test(verbs_of_two_words_are_found),
        cmocka_unit_test(mistakes_in_verbs_are_named),
        cmocka_unit_test(missing_and_spare_arguments_are_named),
        cmocka_unit_test(a_long_argument_is_not_quoted_for_it_may_be_a_key),
        cmocka_unit_test(the_default_verb_needs_no_name),
        cmocka_unit_test(a_command_follows_two_dashes),
        cmocka_unit_test(help_of_the_program),
        cmocka_unit_test(help_of_a_verb),
        cmocka_unit_test(help_of_a_verb_with_an_end_of_its_own),
        cmocka_unit_test(help_of_a_group),
        cmocka_unit_test(no_line_of_help_is_longer_than_80_columns),
        cmocka_unit_test(version_adds_what_the_program_is_built_of),
        cmocka_unit_test(a_full_disk_is_not_silence),
        cmocka_unit_test(no_arguments_at_all_are_survived),
        cmocka_unit_test(every_code_has_its_exit_code),
    };

    int failed;

    buf_init(&seen, SEEN_BYTES);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    buf_fini(&seen);
    return failed;
}
