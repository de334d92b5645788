#include "tests/suite_test.h"

#include "cases/catalog.h"
#include "recipe/gateway_headers.h"

static const char secret[] = "s3cr3t-of-the-gateway";

static enum hm_code read_one(struct gateway_headers *headers, const char *text,
                             struct hm_error *err)
{
    return gateway_headers_read(headers, &text, 1, err);
}

TEST(name_and_value_are_read)
{
    static const char *const texts[] = { "X-Key:v w", "X-Key: v w", "X-Key: \t v w \t" };
    struct gateway_headers headers;
    struct buf variable;

    buf_init(&variable, 100);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_int_equal(read_one(&headers, texts[i], NULL), HM_OK);
        assert_string_equal(headers.at[0].name, "X-Key");
        assert_string_equal(headers.at[0].value, "v w");
        gateway_headers_fini(&headers);
    }
    gateway_header_variable(&variable, "x-Key.2");
    assert_string_equal(buf_text(&variable), "X_KEY_2");
    buf_fini(&variable);
}

TEST(no_message_has_the_value)
{
    static const char *const starts[] = { "",      "X Key:",         ":", "X-Key\r\n:", "X-Key:\n",
                                          "Host:", "authorization: " };
    struct gateway_headers headers;
    char text[100];
    struct hm_error err;

    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        (void)snprintf(text, sizeof text, "%s%s", starts[i], secret);
        if (i == 4)
            (void)snprintf(text, sizeof text, "X-Key:%s\n%s", secret, secret);
        assert_int_equal(read_one(&headers, text, &err), HM_BAD_ARGUMENT);
        assert_null(strstr(err.text, secret));
        gateway_headers_fini(&headers);
    }
}

/* A case that sends a field itself, or leaves it out, must not find it set. */
TEST(what_cases_send_is_reserved)
{
    struct catalog catalog;
    size_t checked = 0;

    assert_int_equal(catalog_load(&catalog, &(struct fixtures){ NULL }, NULL), HM_OK);
    for (size_t i = 0; i < catalog.file_count; i++) {
        for (size_t j = 0; j < catalog.files[i]->case_count; j++) {
            const struct test_case *test = &catalog.files[i]->cases[j];
            const char *name;
            json_t *value;

            json_object_foreach (json_object_get(test->steps[0].request, "headers"), name, value) {
                struct gateway_headers headers;
                char text[200];

                if (strcmp(name, "X-Fill") == 0) /* fills the head of a request; the name is free */
                    continue;
                (void)snprintf(text, sizeof text, "%s: x", name);
                assert_int_equal(read_one(&headers, text, NULL), HM_BAD_ARGUMENT);
                gateway_headers_fini(&headers);
                checked++;
            }
        }
    }
    assert_true(checked > 100);
    catalog_fini(&catalog);
}
