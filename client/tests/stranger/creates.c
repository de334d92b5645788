/* Creates a channel where nobody listens, and reads the typed error. */
#include <heymarket/channel.h>

#include <stdio.h>

int main(void)
{
    struct hm_client_options options = {
        .base_url = "http://127.0.0.1:1", .secret_id = "id", .secret_key = "key", .timeout_ms = 1000
    };
    struct hm_error err;
    struct hm_client *client = NULL;
    struct hm_channel_list list = { .count = 0 };
    enum hm_code code = hm_client_new(&client, &options, &err);

    if (code == HM_OK)
        code = hm_channel_create(&list, client, "ada0ada0-1815-4000-8000-00000000ada0", "email",
                                 "x@example.com", &err);
    printf("%s, written: %s\n", hm_code_name(code), hm_written_name(err.written));
    hm_channel_list_fini(&list);
    hm_client_free(client);
    return code == HM_NOT_SENT ? 0 : 1;
}
