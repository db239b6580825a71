package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.access.KeyRing;
import dev.hone.capture.access.Secret;
import dev.hone.capture.upstream.Price;
import dev.hone.record.ApiKey;
import dev.hone.record.CapturedCall;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A key for some use cases is for nothing else. */
final class BoundKeysTest extends GatewayFixture {
    private final Secret secret = Secret.random();

    private String url(String... useCases) throws Exception {
        prices = Map.of("m", new Price(BigDecimal.ONE, BigDecimal.ONE, BigDecimal.ONE));
        ApiKey key = key(secret, ApiKey.Scope.CALL, new ApiKey.Bounds(null, null, Set.of(useCases)));
        keys = new KeyRing(() -> List.of(key), folder.resolve("keys"), InstantSource.system(), troubles::add);
        return gateway(server("one", asked -> asked.say(200, "application/json", ANSWER)));
    }

    private HttpResponse<String> send(String url, String type, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", "Bearer " + secret.text())
                .header("Content-Type", type);
        return http.send(
                (body.isEmpty() ? request : request.POST(HttpRequest.BodyPublishers.ofString(body))).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> call(String url, String model) throws Exception {
        return send(url + "/v1/chat/completions", "application/json", "{\"model\":\"%s\"}".formatted(model));
    }

    @Test
    void otherRoutesAreRefused() throws Exception {
        String url = url("job", "more");
        assertEquals(200, call(url, "use-case/job").statusCode());
        HttpResponse<String> refused = call(url, "one/m");
        assertRefused(403, "use_case_not_allowed", refused);
        assertTrue(
                refused.body().contains("\"param\":\"model\"")
                        && refused.body().contains("[use-case/job]")
                        && refused.body().contains("permission_error"),
                refused.body());
        assertEquals(1, calls().size());
        String models = send(url + "/v1/models", "text/plain", "").body();
        assertTrue(models.contains("use-case/job") && !models.contains("one/m"), models);
        keys = null;
    }

    @Test
    void oneForOthersSeesNothingHere() throws Exception {
        String url = url("other");
        assertRefused(403, "use_case_not_allowed", call(url, "use-case/job"));
        assertTrue(send(url + "/v1/models", "text/plain", "").body().contains("\"data\":[]"));
    }

    @Test
    void callsOfOthersAreNotToldOf() throws Exception {
        String url = url("told");
        String span = """
                {"traceId":"%032x","spanId":"%016x","startTimeUnixNano":"1764100000000000000","endTimeUnixNano":"1764100001000000000",
                 "attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},
                               {"key":"gen_ai.request.model","value":{"stringValue":"m"}},
                               {"key":"hone.use_case","value":{"stringValue":"%s"}}]}
                """;
        HttpResponse<String> answer = send(
                url + "/v1/traces",
                "application/json",
                "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[%s,%s]}]}]}"
                        .formatted(span.formatted(1, 1, "told"), span.formatted(1, 2, "job")));
        assertEquals(200, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("\"rejectedSpans\":\"1\""), answer.body());
        assertEquals(
                List.of("told"),
                calls().stream()
                        .map(CapturedCall::facts)
                        .map(CapturedCall.Facts::route)
                        .toList());
    }

    /** Reading is of a whole project, so that such a key would not be bound. */
    @Test
    void itReadsNothing() {
        for (ApiKey.Scope scope : List.of(ApiKey.Scope.READ, ApiKey.Scope.ADMIN)) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> key(secret, scope, new ApiKey.Bounds(null, null, Set.of("job"))));
        }
        assertThrows(IllegalArgumentException.class, () -> new ApiKey.Bounds(null, null, Set.of("A Job")));
    }

    /** What an earlier version kept beside the database has keys without this bound. */
    @Test
    void keysThatWereKeptBeforeAreRead() throws Exception {
        ApiKey key = key(secret, ApiKey.Scope.CALL);
        Path file = folder.resolve("known");
        new KeyRing(() -> List.of(key), file, Instant::now, troubles::add).find(secret.text());
        String kept = Files.readString(file);
        assertTrue(kept.contains(",\"useCases\":[]"), kept);
        Files.writeString(file, kept.replace(",\"useCases\":[]", ""));
        KeyRing ring = new KeyRing(
                () -> {
                    throw new IllegalStateException("away");
                },
                file,
                Instant::now,
                troubles::add);
        assertEquals(key, ring.find(secret.text()).orElseThrow());
    }
}
