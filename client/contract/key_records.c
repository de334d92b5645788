#include "contract/key_records.h"

#include "contract/hmac.h"
#include "contract/variables.h"
#include <stdio.h>

/* '@' stands for the name of the ID, '#' for that of the key. */
struct record_style {
    const char *pattern;
    const char *made;
    enum { FIRST_NAMES, ALL_NAMES, VARIABLES } names; /* that it is tried with */
};

#define JSON   "the record of ID and key as JSON, in place of ID||KEY"
#define PRETTY "the record of ID and key as JSON with line breaks, in place of ID||KEY"
static const struct record_style styles[] = {
    { "{\"@\":\"{I}\",\"#\":\"{K}\"}", JSON, ALL_NAMES },
    { "{\"@\": \"{I}\", \"#\": \"{K}\"}", JSON, ALL_NAMES },
    { "{\n  \"@\": \"{I}\",\n  \"#\": \"{K}\"\n}", PRETTY, ALL_NAMES },
    { "{\"#\":\"{K}\",\"@\":\"{I}\"}", JSON, ALL_NAMES },
    { "{\"#\": \"{K}\", \"@\": \"{I}\"}", JSON, ALL_NAMES },
    { "{'@': '{I}', '#': '{K}'}",
      "the record of ID and key as Python prints it, in place of ID||KEY", ALL_NAMES },
    { "{\n    \"@\": \"{I}\",\n    \"#\": \"{K}\"\n}", PRETTY, ALL_NAMES },
    { "{\"@\": \"{I}\", \"#\": \"{K}\"}\n", JSON " and with a line break at the end", FIRST_NAMES },
    { "{\"@\":\"{I}\",\"#\":\"{K}\"}\n", JSON " and with a line break at the end", FIRST_NAMES },
    { "{\n  \"@\": \"{I}\",\n  \"#\": \"{K}\"\n}\n", PRETTY, FIRST_NAMES },
    { "{\n    \"@\": \"{I}\",\n    \"#\": \"{K}\"\n}\n", PRETTY, FIRST_NAMES },
    { "{\n  \"#\": \"{K}\",\n  \"@\": \"{I}\"\n}", PRETTY, FIRST_NAMES },
    { "{'#': '{K}', '@': '{I}'}",
      "the record of ID and key as Python prints it, in place of ID||KEY", FIRST_NAMES },
    { "{ \"@\": \"{I}\", \"#\": \"{K}\" }", JSON, FIRST_NAMES },
    { "{\"@\" : \"{I}\", \"#\" : \"{K}\"}", JSON, FIRST_NAMES },
    { "{\n\t\"@\": \"{I}\",\n\t\"#\": \"{K}\"\n}", PRETTY, FIRST_NAMES },
    { "{ @: '{I}', #: '{K}' }", "the record of ID and key as Node prints it, in place of ID||KEY",
      FIRST_NAMES },
    { "{@={I}, #={K}}", "the record of ID and key as Java prints it, in place of ID||KEY",
      FIRST_NAMES },
    { "map[@:{I} #:{K}]", "the record of ID and key as Go prints it, in place of ID||KEY",
      FIRST_NAMES },
    { "{\"@\"=>\"{I}\", \"#\"=>\"{K}\"}",
      "the record of ID and key as Ruby prints it, in place of ID||KEY", FIRST_NAMES },
    { "{:@=>\"{I}\", :#=>\"{K}\"}",
      "the record of ID and key as Ruby prints it, in place of ID||KEY", FIRST_NAMES },
    { "@={I}&#={K}", "the record of ID and key as a query string, in place of ID||KEY", VARIABLES },
    { "@={I}\n#={K}", "the lines with ID and key, in place of ID||KEY", VARIABLES },
    { "@={I}\n#={K}\n", "the lines with ID and key, in place of ID||KEY", VARIABLES },
    { "@: {I}\n#: {K}", "the record of ID and key as YAML, in place of ID||KEY", FIRST_NAMES },
    { "@: {I}\n#: {K}\n", "the record of ID and key as YAML, in place of ID||KEY", FIRST_NAMES },
};

/* Records without names. */
static const struct record_style lists[] = {
    { "[\"{I}\",\"{K}\"]", "the list of ID and key as JSON, in place of ID||KEY", ALL_NAMES },
    { "[\"{I}\", \"{K}\"]", "the list of ID and key as JSON, in place of ID||KEY", ALL_NAMES },
    { "['{I}', '{K}']", "the list of ID and key as Python prints it, in place of ID||KEY",
      ALL_NAMES },
    { "('{I}', '{K}')", "the tuple of ID and key as Python prints it, in place of ID||KEY",
      ALL_NAMES },
    { "[{I}, {K}]", "the list of ID and key as Java prints it, in place of ID||KEY", ALL_NAMES },
    { "[{I} {K}]", "the list of ID and key as Go prints it, in place of ID||KEY", ALL_NAMES },
    { "{{I} {K}}", "the record of ID and key as Go prints it, in place of ID||KEY", ALL_NAMES },
    { "[object Object]", "the text [object Object], as JavaScript prints a record", ALL_NAMES },
};

enum { FIRST_NAMES_COUNT = 2, VARIABLES_FROM = 6 };
static const char *const names[][2] = {
    { "id", "key" },
    { "secret_id", "secret_key" },
    { "secretId", "secretKey" },
    { "id", "secret" },
    { "api_secret_id", "api_secret_key" },
    { "apiSecretId", "apiSecretKey" },
    { VARIABLE_SECRET_ID, VARIABLE_SECRET_KEY },
    { "ID", "KEY" },
};

/* Writes the names into the pattern. Their length is known to fit. */
static void put_names(char out[256], const char *pattern, const char *const pair[2])
{
    size_t length = 0;

    for (; *pattern != '\0'; pattern++) {
        const char *name = *pattern == '@' ? pair[0] : pair[1];

        if (*pattern != '@' && *pattern != '#') {
            out[length++] = *pattern;
            continue;
        }
        memcpy(out + length, name, strlen(name));
        length += strlen(name);
    }
    out[length] = '\0';
}

static bool try_record(const char *pattern, const struct record_style *style, const char *id,
                       const char *key, key_try_fn *try, void *context)
{
    unsigned char bytes[KEY_BYTES_MAX];
    size_t length = key_expand(bytes, pattern, id, key);
    bool goes_on = length == 0 || try(context, bytes, length, HM_J5_SECRET_RECORD, style->made);

    bytes_wipe(bytes, length);
    return goes_on;
}

void key_records_try(const char *id, const char *key, key_try_fn *try, void *context)
{
    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
        for (size_t i = 0; i < sizeof styles / sizeof styles[0]; i++) {
            char pattern[256];

            if ((styles[i].names == FIRST_NAMES && n >= FIRST_NAMES_COUNT) ||
                (styles[i].names == VARIABLES && n < VARIABLES_FROM))
                continue;
            put_names(pattern, styles[i].pattern, names[n]);
            if (!try_record(pattern, &styles[i], id, key, try, context))
                return;
        }
    }
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (!try_record(lists[i].pattern, &lists[i], id, key, try, context))
            return;
    }
}

/* What documentation and samples have in place of ID and key. */
static const struct {
    const char *halves[2];
    enum { PHRASE, UPPER, LOWER } name; /* a phrase, or the name of a variable */
} placeholders[] = {
    { { "YOUR_API_SECRET_ID", "YOUR_API_SECRET_KEY" }, PHRASE },
    { { "your_api_secret_id", "your_api_secret_key" }, PHRASE },
    { { "YOUR_SECRET_ID", "YOUR_SECRET_KEY" }, PHRASE },
    { { "YOUR_ID", "YOUR_KEY" }, PHRASE },
    { { "API Secret ID", "API Secret Key" }, PHRASE },
    /* The documentation's sample; the mock's default world has it as a real secret. */
    { { "74f80a77-9b3f-44ac-b3ad-ab68cfb548fa", "cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK" }, PHRASE },
    { { "API_SECRET_ID", "API_SECRET_KEY" }, UPPER },
    { { "api_secret_id", "api_secret_key" }, LOWER },
    { { "apiSecretId", "apiSecretKey" }, LOWER },
    { { "SECRET_ID", "SECRET_KEY" }, UPPER },
    { { "secret_id", "secret_key" }, LOWER },
    { { "secretId", "secretKey" }, LOWER },
    { { VARIABLE_SECRET_ID, VARIABLE_SECRET_KEY }, UPPER },
    { { "ID", "KEY" }, UPPER },
    { { "id", "key" }, LOWER },
};

/* '@' stands for the name. Environment variables are in upper case, those of languages in lower. */
static const struct {
    const char *pattern;
    bool has[3]; /* by the kind of name */
} placeholder_styles[] = {
    { "@", { true, true, true } },      { "{@}", { true, true, true } },
    { "{{@}}", { true, true, true } },  { "<@>", { true, true, true } },
    { "[@]", { true, true, true } },    { "$@", { false, true, true } },
    { "${@}", { false, true, true } },  { "#{@}", { false, true, true } },
    { "{$@}", { false, false, true } }, { "%@%", { false, true, false } },
    { "$(@)", { false, true, false } },
};
enum { STYLES = sizeof placeholder_styles / sizeof placeholder_styles[0] };

void key_placeholders_try(key_try_fn *try, void *context)
{
    for (size_t i = 0; i < sizeof placeholders / sizeof placeholders[0]; i++) {
        for (size_t j = 0; j < STYLES; j++) {
            const char *const *halves = placeholders[i].halves;
            const char *style = placeholder_styles[j].pattern;
            int before = (int)strcspn(style, "@");
            const char *after = style + before + 1;
            char text[160];
            int length = snprintf(text, sizeof text, "%.*s%s%s||%.*s%s%s", before, style, halves[0],
                                  after, before, style, halves[1], after);

            if (!placeholder_styles[j].has[placeholders[i].name])
                continue;
            if (!try(context, (const unsigned char *)text, (size_t)length, HM_J5_SECRET_PLACEHOLDER,
                     "a placeholder in place of ID and key, as shown in documentation and samples"))
                return;
        }
    }
}
