package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.redact.RedactionKinds;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What callers say beside the body is stored as well. */
final class RedactedFactsTest extends GatewayFixture {
    private HttpResponse<String> call(String url, String episode, String tags) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                        .header("X-Hone-Episode", episode)
                        .header("X-Hone-Tags", tags)
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"model\":\"use-case/job\",\"seed\":4111111111111111,\"messages\":[{\"role\":\"user\",\"content\":\"I am ann@example.com\"}]}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void tagsAreStoredWithoutItAndEpisodesAreNotNamedByIt() throws Exception {
        RedactionKinds kinds = new RedactionKinds();
        kinds.add("email");
        kinds.add("card");
        redaction = kinds.redaction();
        String url = gateway(server("one", asked -> asked.say(200, "application/json", ANSWER)));
        assertEquals(
                200,
                call(url, "e-1", "customer=ann@example.com, bob@example.com=1").statusCode());
        Map<String, String> tags = call().facts().origin().tags();
        assertEquals("<EMAIL_1>", tags.get("customer"), "as in the call: " + tags);
        assertEquals("1", tags.get("<EMAIL_2>"), tags.toString());
        String request = new String(call().request(), StandardCharsets.UTF_8);
        assertTrue(request.contains("I am <EMAIL_1>") && request.contains("\"seed\":4111111111111111"), request);
        HttpResponse<String> refused = call(url, "chat with ann@example.com", "a=b");
        assertRefused(400, "invalid_value", refused);
        assertTrue(refused.body().contains("x-hone-episode") && !refused.body().contains("ann@"), refused.body());
        assertEquals(1, calls().size());
    }
}
