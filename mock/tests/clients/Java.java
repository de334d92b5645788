import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import static java.nio.charset.StandardCharsets.UTF_8;

/** All six operations with one of Java's two HTTP clients:  java Java url|client  Java has no JSON, so text is compared. */
public class Java {
    static String way, authorization;
    static final HttpClient client = HttpClient.newHttpClient();

    static void check(boolean holds, String what) {
        if (!holds) {
            System.err.println(what);
            System.exit(1);
        }
    }

    static String b64url(byte[] data) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(data);
    }

    static String token(String id, String key) throws Exception {
        String claims = String.format("{\"iss\":\"%s\",\"iat\":%d}", id, System.currentTimeMillis() / 1000);
        String signed = b64url("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(UTF_8)) + "." + b64url(claims.getBytes(UTF_8));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec((id + "||" + key).getBytes(UTF_8), "HmacSHA256"));
        return signed + "." + b64url(mac.doFinal(signed.getBytes(UTF_8)));
    }

    static String call(String method, String path, String value) throws Exception {
        String base = System.getenv().getOrDefault("HEYMARKET_API_BASE_URL", "https://api.heymarket.com");
        String body = value == null ? null : "{\"channel_type\":\"email\",\"channel_id\":\"" + value + "\"}";
        int status;
        String text;
        if (way.equals("client")) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path)).header("Authorization", authorization)
                .method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
            if (body != null) request.header("Content-Type", "application/json");
            HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            status = answer.statusCode();
            text = answer.body();
        } else {
            HttpURLConnection connection = (HttpURLConnection) URI.create(base + path).toURL().openConnection();
            connection.setRequestMethod(method);
            connection.setRequestProperty("Authorization", authorization);
            if (body != null) {
                connection.setRequestProperty("Content-Type", "application/json");
                connection.setDoOutput(true);
                connection.getOutputStream().write(body.getBytes(UTF_8));
            }
            status = connection.getResponseCode();
            try (InputStream stream = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                text = new String(stream.readAllBytes(), UTF_8);
            }
        }
        check(status / 100 == 2, method + " " + path + " was answered with " + status + ": " + text);
        return text;
    }

    public static void main(String[] words) throws Exception {
        way = words[0];
        authorization = "Bearer " + token(System.getenv("HEYMARKET_API_SECRET_ID"), System.getenv("HEYMARKET_API_SECRET_KEY"));
        String channel = "/v2/contact/" + System.getenv("HEYMARKET_CONTACT_ID") + "/channel";
        String first = "java-" + way + "@example.com", second = "java-" + way + ".new@example.com";
        String created = call("POST", channel, first);
        check(created.startsWith("[") && created.contains('"' + first + '"'), "the created channel is not in " + created);
        String got = call("GET", channel + "/email", null);
        check(got.startsWith("{") && got.contains('"' + first + '"'), "not the created channel: " + got);
        String listed = call("GET", channel + "s", null);
        check(listed.equals(created), "the list " + listed + " differs from " + created);
        String updated = call("PUT", channel, second);
        check(updated.contains('"' + second + '"') && !updated.contains('"' + first + '"'), "not the new value: " + updated);
        call("DELETE", channel + "/email", null);
        String inboxes = call("GET", "/v1/inboxes", null);
        check(inboxes.matches("(?s)\\[.*\"id\": ?\\d+.*\"name\": ?\".*"), "no inboxes: " + inboxes);
    }
}
