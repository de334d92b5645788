#include "transport/http.h"

#include "support/no_memory.h"
#include "support/try.h"
#include "transport/http_url.h"
#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A short body is sent to its end even after an early refusal. Otherwise libcurl would close the
 * connection, or not, depending on which side is faster. */
enum { SHORT_BODY_BYTES_MAX = 4096 };

/* Headers that libcurl adds unless they are suppressed. */
static const char *const unwanted[] = { "Accept", "Content-Type", "Expect" };

struct http_session {
    CURLM *multi; /* NULL: not made yet; keeps the open connection */
    struct http_pems pems;
};

/* One request, for the callbacks. */
struct exchange {
    CURL *easy;
    const struct http_request *request;
    struct http_answer *answer;
    size_t body_sent;
    size_t header_bytes, field_count; /* received, those of 1xx answers and trailers included */
    long bytes_before;                /* CURLINFO_REQUEST_SIZE at the start: a proxy's CONNECT */
    bool is_begun;
    bool is_reused;
    bool is_head_whole;
    const char *too_big; /* what is beyond a limit, and which; NULL: nothing */
    bool is_cancelled;
    char curl_message[CURL_ERROR_SIZE];
};

static long request_size(CURL *easy)
{
    long bytes = 0;

    curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &bytes);
    return bytes;
}

/* Nothing was sent exactly if CURLINFO_REQUEST_SIZE has not grown; libcurl's result does not say.
 */
static bool is_sent(const struct exchange *x)
{
    return x->is_begun && request_size(x->easy) > x->bytes_before;
}

/* Called when a connection is ready for the request, and again if libcurl repeats the request
 * because a kept connection was dead. After the first byte that must not happen [E7], and a request
 * without a body has no read callback that would stop it. */
/* NOLINTNEXTLINE(readability-non-const-parameter): libcurl's type */
static int on_ready(void *context, char *remote_ip, char *local_ip, int remote_port, int local_port)
{
    struct exchange *x = context;
    long connections = 0;

    (void)remote_ip;
    (void)local_ip;
    (void)remote_port;
    (void)local_port;
    if (is_sent(x))
        return CURL_PREREQFUNC_ABORT;
    curl_easy_getinfo(x->easy, CURLINFO_NUM_CONNECTS, &connections);
    x->is_begun = true;
    x->is_reused = connections == 0;
    x->bytes_before = request_size(x->easy);
    return CURL_PREREQFUNC_OK;
}

static size_t on_send(char *out, size_t size, size_t count, void *context)
{
    struct exchange *x = context;
    size_t bytes = x->request->body_length - x->body_sent;

    if (bytes > size * count)
        bytes = size * count;
    memcpy(out, x->request->body + x->body_sent, bytes);
    x->body_sent += bytes;
    return bytes;
}

static size_t without_line_break(const char *line, size_t length)
{
    while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
        length--;
    return length;
}

/* One line. A status line starts a new answer, after a 1xx; lines after the empty line are
 * trailers. */
static size_t on_header(char *line, size_t size, size_t count, void *context)
{
    struct exchange *x = context;
    struct buf *headers = &x->answer->headers;
    size_t length = without_line_break(line, size * count);

    x->header_bytes += size * count;
    x->field_count += length > 0;
    if (length >= 5 && memcmp(line, "HTTP/", 5) == 0) {
        buf_clear(headers);
        x->is_head_whole = false;
    } else if (length == 0) {
        x->is_head_whole = true;
    } else if (!x->is_head_whole) {
        buf_add(headers, line, length);
        buf_puts(headers, "\r\n");
    }
    if (x->header_bytes > HTTP_HEADER_BYTES_MAX || headers->status == BUF_TOO_LONG)
        x->too_big = "the response's header section has more than 64 KiB";
    else if (x->field_count > HTTP_FIELDS_MAX)
        x->too_big = "the response has more than 256 header fields";
    return x->too_big != NULL || !buf_ok(headers) ? 0 : size * count;
}

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
    struct exchange *x = context;
    struct buf *body = &x->answer->body;

    buf_add(body, data, size * count);
    if (body->status == BUF_TOO_LONG)
        x->too_big = "the response's body is too large to read";
    return buf_ok(body) ? size * count : 0;
}

static CURLcode global_result;

static void global_init(void)
{
    global_result = curl_global_init(CURL_GLOBAL_DEFAULT);
}

enum hm_code http_session_new(struct http_session **session, const struct http_tls *tls,
                              struct hm_error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct http_session *made;
    enum hm_code code = HM_OK;

    *session = NULL;
    if (pthread_once(&once, global_init) != 0 || global_result != CURLE_OK)
        return hm_error_set(err, HM_INTERNAL, "libcurl cannot be initialised");
    made = calloc(1, sizeof *made);
    if (made == NULL)
        return no_memory(err);
    TRY(http_pems_read(&made->pems, tls, err));
    *session = made;
    made = NULL;
out:
    http_session_free(made);
    return code;
}

void http_session_reconnect(struct http_session *session)
{
    curl_multi_cleanup(session->multi);
    session->multi = NULL;
}

void http_session_free(struct http_session *session)
{
    if (session == NULL)
        return;
    http_session_reconnect(session);
    http_pems_fini(&session->pems);
    free(session);
}

static enum hm_code append_header(struct curl_slist **list, const char *name, const char *value,
                                  struct hm_error *err)
{
    struct curl_slist *longer = NULL;
    struct buf line;

    buf_init(&line, SIZE_MAX / 2);
    http_header_write(&line, name, value);
    if (buf_ok(&line))
        longer = curl_slist_append(*list, buf_text(&line));
    buf_fini(&line);
    if (longer == NULL)
        return no_memory(err);
    *list = longer;
    return HM_OK;
}

static enum hm_code header_list(struct curl_slist **list, const struct http_request *request,
                                struct hm_error *err)
{
    enum hm_code code = HM_OK;

    for (size_t i = 0; i < request->header_count; i++)
        TRY(append_header(list, request->headers[i].name, request->headers[i].value, err));
    for (size_t i = 0; i < sizeof unwanted / sizeof unwanted[0]; i++) {
        if (!http_request_has(request, unwanted[i]))
            TRY(append_header(list, unwanted[i], NULL, err));
    }
    if (request->is_chunked && !http_request_has(request, "Transfer-Encoding"))
        TRY(append_header(list, "Transfer-Encoding", "chunked", err));
out:
    return code;
}

/* A setting fails only if memory is exhausted; the request must not be sent without it. */
static enum hm_code all_set(bool is_set, struct hm_error *err)
{
    return is_set ? HM_OK : no_memory(err);
}

/* CURLOPT_NOPROXY replaces the environment's no_proxy, so it is set for loopback hosts only. */
static enum hm_code set_url(CURL *easy, const char *url, struct hm_error *err)
{
    CURLU *parts = curl_url();
    char *host = NULL;
    CURLUcode result = CURLUE_OUT_OF_MEMORY;
    enum hm_code code;

    if (parts != NULL)
        result = curl_url_set(parts, CURLUPART_URL, url, CURLU_PATH_AS_IS);
    if (result == CURLUE_OK)
        result = curl_url_get(parts, CURLUPART_HOST, &host, 0);
    if (result != CURLUE_OK && result != CURLUE_OUT_OF_MEMORY)
        code =
            hm_error_set(err, HM_BAD_ARGUMENT, "this is not a URL: %s", curl_url_strerror(result));
    else
        code = all_set(result == CURLUE_OK &&
                           (!http_host_is_loopback(host, strlen(host)) ||
                            curl_easy_setopt(easy, CURLOPT_NOPROXY, "*") == CURLE_OK) &&
                           curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK &&
                           curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L) == CURLE_OK,
                       err);
    curl_free(host);
    curl_url_cleanup(parts);
    return code;
}

static bool set_transport(CURL *easy)
{
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK;
}

/* An empty buffer sets nothing. */
static bool set_blob(CURL *easy, CURLoption option, const struct buf *pem)
{
    struct curl_blob blob = { .data = pem->data, .len = pem->length, .flags = CURL_BLOB_NOCOPY };

    return pem->length == 0 || curl_easy_setopt(easy, option, &blob) == CURLE_OK;
}

/* libcurl gets the certificates and not the file's name: its open() would not end at a signal.
 * Unless CAPATH is unset, the system's folder of root certificates is trusted besides them. */
static bool set_trust(CURL *easy, const struct http_pems *pems)
{
    return curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
           set_blob(easy, CURLOPT_CAINFO_BLOB, &pems->roots) &&
           (pems->roots.length == 0 || curl_easy_setopt(easy, CURLOPT_CAPATH, NULL) == CURLE_OK) &&
           set_blob(easy, CURLOPT_SSLCERT_BLOB, &pems->cert) &&
           set_blob(easy, CURLOPT_SSLKEY_BLOB, &pems->key);
}

/* To libcurl 0 means no limit. */
static bool set_time_limits(CURL *easy, const struct http_request *request)
{
    int64_t connect_ms = request->connect_timeout_ms > 0 ? request->connect_timeout_ms : 1;
    int64_t whole_ms = request->timeout_ms > 0 ? request->timeout_ms : 1;

    return curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)connect_ms) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)whole_ms) == CURLE_OK;
}

static bool set_body(CURL *easy, struct exchange *x)
{
    const struct http_request *request = x->request;
    curl_off_t bytes = request->is_chunked ? -1 : (curl_off_t)request->body_length;
    bool is_short = !request->is_chunked && request->body_length <= SHORT_BODY_BYTES_MAX;

    if (strcmp(request->method, "HEAD") == 0) /* its answer has no body either */
        return curl_easy_setopt(easy, CURLOPT_NOBODY, 1L) == CURLE_OK;
    return request->body == NULL ||
           (curl_easy_setopt(easy, CURLOPT_POST, 1L) == CURLE_OK &&
            curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, bytes) == CURLE_OK &&
            curl_easy_setopt(easy, CURLOPT_KEEP_SENDING_ON_ERROR, (long)is_short) == CURLE_OK &&
            curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_send) == CURLE_OK &&
            curl_easy_setopt(easy, CURLOPT_READDATA, x) == CURLE_OK);
}

static void set_callbacks(CURL *easy, struct exchange *x)
{
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, x->curl_message);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_ready);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, x);
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, x);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, x);
}

static enum hm_code set_all(CURL *easy, const struct http_session *session, struct exchange *x,
                            struct curl_slist *headers, struct hm_error *err)
{
    enum hm_code code;

    TRY(set_url(easy, x->request->url, err));
    TRY(all_set(set_transport(easy), err));
    TRY(all_set(set_trust(easy, &session->pems), err));
    TRY(all_set(set_time_limits(easy, x->request), err));
    TRY(all_set(set_body(easy, x), err));
    set_callbacks(easy, x);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    TRY(all_set(curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, x->request->method) == CURLE_OK,
                err));
out:
    return code;
}

static const char *why(const struct exchange *x, CURLcode result)
{
    if (x->is_cancelled)
        return "the request was cancelled before the response was complete";
    if (x->too_big != NULL)
        return x->too_big;
    if (result == CURLE_OK)
        return "the connection was closed before the response header was complete";
    /* on_ready() aborted, or the body could not be read again */
    if (result == CURLE_ABORTED_BY_CALLBACK || result == CURLE_SEND_FAIL_REWIND)
        return "the server closed the reused connection before it sent a response";
    return x->curl_message[0] != '\0' ? x->curl_message : curl_easy_strerror(result);
}

/* The root certificate is unknown; the name and date are right. */
static bool is_root_unknown(const struct exchange *x, CURLcode result)
{
    /* OpenSSL's X509_V_ERR_, from DEPTH_ZERO_SELF_SIGNED_CERT to UNABLE_TO_VERIFY_LEAF_SIGNATURE */
    enum { ROOT_UNKNOWN_FIRST = 18, ROOT_UNKNOWN_LAST = 21 };
    long verdict = 0;

    curl_easy_getinfo(x->easy, CURLINFO_SSL_VERIFYRESULT, &verdict);
    return result == CURLE_PEER_FAILED_VERIFICATION && verdict >= ROOT_UNKNOWN_FIRST &&
           verdict <= ROOT_UNKNOWN_LAST;
}

/* The reason, and what libcurl leaves out: the system's "Connection refused", and what to do about
 * an unknown root certificate, or TLS where there is none. */
static void explain(struct http_answer *answer, const struct exchange *x, CURLcode result)
{
    long number = 0;
    char system_message[HTTP_REASON_TEXT / 4];
    const char *more = "";

    curl_easy_getinfo(x->easy, CURLINFO_OS_ERRNO, &number);
    if (is_root_unknown(x, result))
        more =
            "if the certificate is from a CA of your own, give the PEM file of that CA (--ca-file)";
    else if (result == CURLE_SSL_CONNECT_ERROR &&
             strstr(why(x, result), "wrong version number") != NULL)
        more = "the server does not speak TLS on this port; does its URL begin with http://?";
    else if (strstr(x->curl_message, "alert") != NULL &&
             strstr(x->curl_message, "certificate") != NULL)
        more = "the server wants another client certificate, or one at all (--cert)";
    else if (result == CURLE_COULDNT_CONNECT && number != 0 &&
             strerror_r((int)number, system_message, sizeof system_message) == 0)
        more = system_message;
    if (snprintf(answer->reason, sizeof answer->reason, "%s%s%s", why(x, result),
                 *more != '\0' ? ": " : "", more) < 0)
        answer->reason[0] = '\0';
}

static enum http_outcome outcome_of(const struct exchange *x, CURLcode result)
{
    if (!is_sent(x))
        return HTTP_NOT_SENT;
    if (x->too_big != NULL && x->answer->status != 0)
        return HTTP_ANSWER_TOO_BIG;
    return result == CURLE_OK && x->is_head_whole && x->answer->status != 0 ? HTTP_ANSWERED
                                                                            : HTTP_NO_ANSWER;
}

static enum hm_code conclude(struct exchange *x, CURLcode result, struct hm_error *err)
{
    struct http_answer *answer = x->answer;
    long status = 0;
    curl_off_t time_us = 0;

    curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(x->easy, CURLINFO_TOTAL_TIME_T, &time_us);
    answer->status = status >= 200 ? (int)status : 0; /* a 1xx is no answer */
    answer->time_ms = time_us / 1000;
    answer->outcome = outcome_of(x, result);
    answer->is_late = result == CURLE_OPERATION_TIMEDOUT;
    answer->is_untrusted =
        result == CURLE_PEER_FAILED_VERIFICATION || result == CURLE_SSL_CACERT_BADFILE;
    answer->was_reused = answer->outcome != HTTP_NOT_SENT && x->is_reused;
    if (answer->outcome != HTTP_ANSWERED)
        explain(answer, x, result);
    if (answer->outcome == HTTP_NOT_SENT && result == CURLE_OUT_OF_MEMORY)
        return no_memory(err);
    if (answer->outcome == HTTP_NOT_SENT &&
        (result == CURLE_URL_MALFORMAT || result == CURLE_UNSUPPORTED_PROTOCOL))
        return hm_error_set(err, HM_BAD_ARGUMENT, "this URL cannot be used: %s", answer->reason);
    return HM_OK;
}

/* The result of the transfer once it has ended. */
static CURLcode result_of(CURLM *multi)
{
    int left;
    const CURLMsg *message = curl_multi_info_read(multi, &left);

    return message != NULL && message->msg == CURLMSG_DONE ? message->data.result
                                                           : CURLE_OUT_OF_MEMORY;
}

/* curl_easy_perform() that also ends when the request is cancelled: its own callback would be
 * called only once a second. The connection stays in the multi handle. */
static CURLcode perform(struct http_session *session, struct exchange *x)
{
    enum { SLICE_MS = 100 };
    const struct http_request *request = x->request;
    CURLMcode state = CURLM_OK;
    CURLcode result;
    int running = 1;

    if (session->multi == NULL)
        session->multi = curl_multi_init();
    if (session->multi == NULL || curl_multi_add_handle(session->multi, x->easy) != CURLM_OK)
        return CURLE_OUT_OF_MEMORY;
    while (running > 0 && state == CURLM_OK && !x->is_cancelled) {
        state = curl_multi_perform(session->multi, &running);
        if (state == CURLM_OK && running > 0)
            state = curl_multi_poll(session->multi, NULL, 0, SLICE_MS, NULL);
        x->is_cancelled = running > 0 && request->is_cancelled != NULL &&
                          request->is_cancelled(request->cancel_context);
    }
    result = x->is_cancelled || running > 0 ? CURLE_ABORTED_BY_CALLBACK : result_of(session->multi);
    curl_multi_remove_handle(session->multi, x->easy);
    return result;
}

enum hm_code http_send(struct http_session *session, const struct http_request *request,
                       struct http_answer *answer, struct hm_error *err)
{
    enum hm_code code;
    struct curl_slist *headers = NULL;
    struct exchange x = { .request = request, .answer = answer };

    memset(answer, 0, sizeof *answer);
    answer->outcome = HTTP_NOT_SENT;
    buf_init(&answer->headers, HTTP_HEADER_BYTES_MAX);
    buf_init(&answer->body, request->answer_bytes_max);
    /* Never a used one: libcurl 7.88 keeps in it a pointer to freed memory if a response begins
     * with a folded line. */
    x.easy = curl_easy_init();
    if (x.easy == NULL)
        return no_memory(err);
    TRY(header_list(&headers, request, err));
    TRY(set_all(x.easy, session, &x, headers, err));
    code = conclude(&x, perform(session, &x), err);
out:
    curl_easy_cleanup(x.easy);
    curl_slist_free_all(headers);
    return code;
}

bool http_date_read(int64_t *unix_s, const char *text, size_t length)
{
    char date[48]; /* longer than each of the three forms */
    time_t read;

    /* curl_getdate() also accepts a date without a time, and a bare number. */
    if (length >= sizeof date || memchr(text, ':', length) == NULL)
        return false;
    memcpy(date, text, length);
    date[length] = '\0';
    read = curl_getdate(date, NULL);
    if (read == (time_t)-1)
        return false;
    *unix_s = (int64_t)read;
    return true;
}
