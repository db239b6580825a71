package dev.hone.capture.redact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class TellingKeysTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    private static Redaction redaction(String kind) {
        RedactionKinds kinds = new RedactionKinds();
        kinds.add(kind);
        return kinds.redaction();
    }

    private final Redaction secrets = redaction("secret");
    private final Pseudonyms episode = new Pseudonyms();

    /** Documents within texts within documents, each as deep as it may be, fill no thread's stack. */
    @Test
    void whatIsHiddenVeryDeepGoesAsAWhole() throws Exception {
        String document = "{\"password\":\"hunter2\"}";
        for (int i = 0; i < 12; i++) {
            document = "[".repeat(190) + JSON.writeValueAsString(document) + "]".repeat(190);
        }
        String body = JSON.createObjectNode().put("content", document).toString();
        AtomicReference<String> redacted = new AtomicReference<>("");
        Thread small = new Thread(
                null,
                () -> redacted.set(secrets.body(JSON.readTree(body), episode).toString()),
                "small",
                512 << 10);
        small.start();
        small.join();
        assertFalse(redacted.get().isEmpty());
        assertFalse(redacted.get().contains("hunter2"), redacted.get());
    }

    private String body(String body) {
        JsonNode once = secrets.body(JSON.readTree(body), episode);
        assertEquals(once, secrets.body(once, episode), "what has tokens is not changed again");
        return once.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password",
                "Password",
                "DB_PASSWORD",
                "dbPassword",
                "user-password",
                "passwd",
                "pwd",
                "passphrase",
                "secret",
                "client_secret",
                "clientSecret",
                "token",
                "access_token",
                "refreshToken",
                "X-Auth-Token",
                "api_key",
                "apikey",
                "OPENAI_API_KEY",
                "x-api-key",
                "secret_access_key",
                "private key",
                "Authorization",
                "Set-Cookie",
                "credentials"
            })
    void whatStandsUnderAKeyThatTellsIsASecret(String key) {
        String document = JSON.createObjectNode().put(key, "a b").toString();
        assertEquals(
                JSON.createObjectNode().put(key, "<SECRET_1>").toString(), body(document), "as a member of the body");
        String inText = JSON.createObjectNode().put("arguments", document).toString();
        assertFalse(body(inText).contains("a b"), "in a text that is JSON");
        assertFalse(
                secrets.text("it says " + document + ", see?", new Pseudonyms()).contains("a b"), "in any text");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"max_tokens\":5,\"tokens\":[\"a\",\"b\"],\"token_id\":\"a\",\"next_page_token\":\"x\",\"secretary\":\"Ann Lee\"}",
                "{\"tools\":[{\"function\":{\"parameters\":{\"properties\":{\"password\":{\"type\":\"string\"},\"token\":{\"enum\":[\"a\"]}},\"required\":[\"password\"]}}}]}",
                "{\"choices\":[{\"logprobs\":{\"content\":[{\"token\":\"Hi\",\"logprob\":-0.5,\"top_logprobs\":[{\"token\":\"Ho\",\"logprob\":-2}]}]}}]}",
                "{\"output\":[{\"content\":[{\"logprobs\":[{\"token\":\"Hi\",\"logprob\":-0.5}]}]}]}",
                "{\"password\":null,\"secret\":true,\"token\":\"\",\"api_key\":{}}",
                "{\"arguments\":\"{ \\\"password\\\" : \\\"<SECRET_7>\\\", \\\"n\\\": 1.50}\"}",
                "{\"content\":\"forgot my password\"}"
            })
    void everythingElseStays(String body) {
        assertEquals(body, body(body));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"authorization\":\"Bearer a.b\"}|{\"authorization\":\"Bearer <SECRET_1>\"}",
                "{\"headers\":{\"Authorization\":[\"Basic eA==\",\"x\"]}}|{\"headers\":{\"Authorization\":[\"Basic <SECRET_1>\",\"<SECRET_2>\"]}}",
                "{\"metadata\":{\"password\":1234,\"n\":1234}}|{\"metadata\":{\"password\":\"<SECRET_1>\",\"n\":1234}}",
                "{\"a\":\"{ \\\"password\\\": \\\"x y\\\", \\\"n\\\": 1.50}\"}|{\"a\":\"{ \\\"password\\\": \\\"<SECRET_1>\\\", \\\"n\\\": 1.50}\"}",
                "{\"a\":\"{\\\"secret\\\":[42,\\\"x\\\"],\\\"n\\\": 1}\"}|{\"a\":\"{\\\"secret\\\":[\\\"<SECRET_1>\\\",\\\"<SECRET_2>\\\"],\\\"n\\\":1}\"}",
                "{\"a\":\"{\\\"b\\\":\\\"{\\\\\\\"token\\\\\\\":7}\\\"}\"}|{\"a\":\"{\\\"b\\\":\\\"{\\\\\\\"token\\\\\\\":\\\\\\\"<SECRET_1>\\\\\\\"}\\\"}\"}",
                "{\"a\":\"{\\\"b\\\":\\\"{\\\\\\\"token\\\\\\\":\\\\\\\"x y\\\\\\\"}\\\"}\"}|{\"a\":\"{\\\"b\\\":\\\"{\\\\\\\"token\\\\\\\":\\\\\\\"<SECRET_1>\\\\\\\"}\\\"}\"}",
            })
    void itStandsInItsPlace(String body, String expected) {
        assertEquals(expected, body(body));
    }

    /** The same secret has one token, wherever it is found, and the token gives it back. */
    @Test
    void anEpisodeHasOneTokenForIt() {
        String first = body("{\"messages\":[{\"content\":\"my password is hunter2hunter2\"},"
                + "{\"tool_calls\":[{\"function\":{\"arguments\":\"{\\\"password\\\":\\\"hunter2hunter2\\\"}\"}}]}],"
                + "\"metadata\":{\"password\":\"hunter2hunter2\",\"secret\":\"other\"}}");
        assertFalse(first.contains("hunter2") || first.contains("<SECRET_3>"), first);
        assertEquals(3, first.split("<SECRET_1>", -1).length - 1);
        assertEquals("hunter2hunter2 other", new Restorer(episode).whole("<SECRET_1> <SECRET_2>"));
    }

    /** With quotation marks and backslashes of its own, in documents within documents, which stay such. */
    @ParameterizedTest
    @ValueSource(strings = {"a\"b c", "tail\\", "\\\"", "line\nbreak", "\u00e9 \uD83D\uDE00"})
    void whatIsEscapedGoesWhole(String secret) {
        String document = JSON.createObjectNode().put("password", secret).toString();
        String expected = "{\"password\":\"<SECRET_1>\"}";
        for (int depth = 0; depth < 3; depth++) {
            document = JSON.createObjectNode().put("arguments", document).toString();
            expected = JSON.createObjectNode().put("arguments", expected).toString();
            assertEquals(expected, body(document));
        }
        assertEquals(secret, new Restorer(episode).whole("<SECRET_1>"));
    }

    @Test
    void theyAreSecretsWhereSecretsAreTakenOut() {
        JsonNode document = JSON.readTree("{\"password\":\"a b\"}");
        assertEquals(document, redaction("email").body(document, episode));
        assertEquals("a b", redaction("email").named("password", "a b", episode));
        assertEquals("<SECRET_1>", secrets.named("password", "a b", episode));
        assertEquals("a b", secrets.named("release", "a b", episode));
    }

    @Test
    void hostileTextsTakeTimeInProportion() {
        for (String text : new String[] {
            "\"password\":\"".repeat(50_000), "\"" + "password".repeat(50_000), "{\"token\":\"\\\\".repeat(50_000)
        }) {
            assertTimeoutPreemptively(Duration.ofSeconds(30), () -> secrets.text(text, new Pseudonyms()));
        }
    }
}
