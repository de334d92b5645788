/* All six operations in C, with libcurl, OpenSSL's HMAC and jansson. */
#include <curl/curl.h>
#include <jansson.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static char authorization[1024];

static void check(bool holds, const char *format, ...)
{
    if (holds)
        return;
    va_list values;
    va_start(values, format);
    vfprintf(stderr, format, values);
    va_end(values);
    fputc('\n', stderr);
    exit(1);
}

/* Appends a part of a token; a dot before it if it is not the first. */
static void add_part(char *token, const void *data, size_t length)
{
    char *end = token + strlen(token);

    if (end != token)
        *end++ = '.';
    int made = EVP_EncodeBlock((unsigned char *)end, data, (int)length);
    while (made > 0 && end[made - 1] == '=')
        end[--made] = '\0';
    for (; *end != '\0'; end++)
        *end = (char)(*end == '+' ? '-' : *end == '/' ? '_' : *end);
}

static void sign(const char *id, const char *key)
{
    static const char header[] = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
    char claims[256], secret[256], token[900] = "";
    snprintf(claims, sizeof claims, "{\"iss\":\"%s\",\"iat\":%lld}", id, (long long)time(NULL));
    snprintf(secret, sizeof secret, "%s||%s", id, key);
    add_part(token, header, strlen(header));
    add_part(token, claims, strlen(claims));
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    HMAC(EVP_sha256(), secret, (int)strlen(secret), (unsigned char *)token, strlen(token), digest,
         &size);
    add_part(token, digest, size);
    snprintf(authorization, sizeof authorization, "Authorization: Bearer %s", token);
}

struct answer {
    char text[65536];
    size_t length;
};

static size_t keep(char *data, size_t one, size_t count, void *user)
{
    (void)one; /* always 1 */
    struct answer *answer = user;
    check(answer->length + count < sizeof answer->text, "the answer is too long");
    memcpy(answer->text + answer->length, data, count);
    answer->length += count;
    return count;
}

/* The caller owns the answer. */
static json_t *call(const char *method, const char *path, const char *value)
{
    static struct answer answer;
    answer.length = 0;
    const char *base = getenv("HEYMARKET_API_BASE_URL");
    char url[512], body[256];
    snprintf(url, sizeof url, "%s%s", base == NULL ? "https://api.heymarket.com" : base, path);
    CURL *curl = curl_easy_init();
    check(curl != NULL, "libcurl does not start");
    struct curl_slist *headers = curl_slist_append(NULL, authorization);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    if (value != NULL) {
        snprintf(body, sizeof body, "{\"channel_type\":\"email\",\"channel_id\":\"%s\"}", value);
        headers = curl_slist_append(headers, "Content-Type: application/json");
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    }
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
    CURLcode failed = curl_easy_perform(curl);
    check(failed == CURLE_OK, "%s %s: %s", method, url, curl_easy_strerror(failed));
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    check(status / 100 == 2, "%s %s was answered with %ld: %.*s", method, path, status,
          (int)answer.length, answer.text);
    json_t *root = json_loadb(answer.text, answer.length, JSON_DECODE_ANY, NULL);
    check(root != NULL, "%s %s was not answered with JSON: %.*s", method, path, (int)answer.length,
          answer.text);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return root;
}

static bool has(const json_t *channels, const char *value)
{
    size_t i;
    json_t *entry;
    json_array_foreach (channels, i, entry) {
        const char *id = json_string_value(json_object_get(entry, "channel_id"));
        if (id != NULL && strcmp(id, value) == 0)
            return true;
    }
    return false;
}

int main(void)
{
    const char *id = getenv("HEYMARKET_API_SECRET_ID"), *key = getenv("HEYMARKET_API_SECRET_KEY");
    const char *contact = getenv("HEYMARKET_CONTACT_ID");
    check(id != NULL && key != NULL && contact != NULL,
          "HEYMARKET_API_SECRET_ID, _KEY and HEYMARKET_CONTACT_ID are needed");
    static const char first[] = "libcurl@example.com", second[] = "libcurl.new@example.com";
    sign(id, key);
    char channel[128], email[160], list[160];
    snprintf(channel, sizeof channel, "/v2/contact/%s/channel", contact);
    snprintf(email, sizeof email, "%s/email", channel);
    snprintf(list, sizeof list, "%ss", channel);
    json_t *created = call("POST", channel, first);
    check(json_is_array(created) && has(created, first),
          "the created channel is not in the answer");
    json_t *got = call("GET", email, NULL);
    const char *value = json_string_value(json_object_get(got, "channel_id"));
    check(value != NULL && strcmp(value, first) == 0, "not the created channel: %s",
          value == NULL ? "none" : value);
    json_t *listed = call("GET", list, NULL);
    check(json_equal(created, listed), "the list differs from what create answered");
    json_t *updated = call("PUT", channel, second);
    check(has(updated, second) && !has(updated, first), "not the new value");
    json_t *deleted = call("DELETE", email, NULL);
    json_t *inboxes = call("GET", "/v1/inboxes", NULL);
    const json_t *inbox = json_array_get(inboxes, 0);
    check(json_is_integer(json_object_get(inbox, "id")) &&
              json_is_string(json_object_get(inbox, "name")),
          "no inboxes");
    json_t *all[] = { created, got, listed, updated, deleted, inboxes };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        json_decref(all[i]);
    return 0;
}
