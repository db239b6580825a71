package dev.hone.capture.redact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
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

    /** Of a document that has another in its text. @param tells what stands beside that */
    private static String nested(String kind, int levels, String tells, String text) {
        String end = kind.equals("[")
                ? "[\"%s\",%s]".formatted(tells, text)
                : "{\"password\":\"%s\",\"a\":%s}".formatted(tells, text);
        return (kind.equals("[") ? "[" : "{\"a\":").repeat(levels - 1)
                + end
                + (kind.equals("[") ? "]" : "}").repeat(levels - 1);
    }

    /** Documents within texts within documents, each as deep as it may be, fill no thread's stack. */
    @ParameterizedTest
    @CsvSource({"[, 190, 12", "{, 190, 6", "{, 199, 4", "{, 70, 4", "{, 199, 1", "{, 299, 1", "{, 499, 4", "[, 499, 4"})
    void whatIsHiddenVeryDeepGoesAsAWhole(String kind, int levels, int texts) throws Exception {
        String document = nested(kind, levels, "{\\\"password\\\":\\\"hunter2\\\"}", "\"end\"");
        for (int i = 0; i < texts; i++) {
            document = nested(kind, levels, "{\\\"password\\\":\\\"hunter2\\\"}", JSON.writeValueAsString(document));
        }
        String body = "{\"content\":%s,\"usage\":%s}".formatted(JSON.writeValueAsString(document), document);
        AtomicReference<String> redacted = new AtomicReference<>("");
        AtomicReference<Throwable> fault = new AtomicReference<>();
        Thread small = new Thread(
                null,
                () -> {
                    try {
                        redacted.set(secrets.body(JSON.readTree(body), episode).toString());
                    } catch (RuntimeException | StackOverflowError e) {
                        fault.set(e);
                    }
                },
                "small",
                512 << 10);
        small.start();
        small.join();
        assertNull(fault.get());
        assertFalse(redacted.get().isEmpty());
        assertFalse(redacted.get().contains("hunter2"), redacted.get());
    }

    /** What is deeper than anybody looks goes as a whole; what is not is looked through, as deep as it is. */
    @Test
    void aDocumentInATextIsLookedThroughToItsEndOrGoesAsAWhole() {
        for (int depth : new int[] {0, 150, 250, 290, 310, 600}) {
            String document = "[".repeat(depth)
                    + "{\"password\":[\"q\",\"hunter2xyz\"],\"api_key\":[\"q\",918273645],\"pwd\":[\"<SECRET_9>\",\"hunter3xyz\"]}"
                    + "]".repeat(depth);
            String stored =
                    body(JSON.createObjectNode().put("content", document).toString());
            assertFalse(
                    stored.contains("hunter") || stored.contains("918273645") || stored.contains("\"q\""),
                    depth + ": " + stored);
            assertEquals(
                    depth > 298,
                    stored.equals("{\"content\":\"<ESCAPED_%d>\"}".formatted(depth > 310 ? 2 : 1)),
                    stored);
        }
    }

    /** JSON is looked for wherever it stands, whole or not, and names are read with their escapes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "\n\t",
                "\ufeff",
                "so: ",
                "```json\n",
                "[sic] ",
                "{ no, document } ",
                "it is 5\" wide: ",
                "{\"a\":1}",
                "{\"a\":[1,{\"b\":",
                "<EMAIL_7> said \"token\": ",
                "{\"credentials\":{\"user\":\"ann said \"}}, \"token\":\"x y z\", ",
                "{\"credentials\":{\"user\":\"ann said \"token\":\"x y z\"}}, "
            })
    void whateverStandsBeforeADocumentItIsLookedThrough(String before) {
        for (String name : List.of("password", "pass\\u0077ord")) {
            String text = before
                    + "{\"%s\":[\"hunter2 xyz\",\"<SECRET_9>\", {\"a\":[1,\"stays\"]},\"hunter3 xyz\",[\"stays\"]],\"api_key\": 918273645,\"pwd\":4321,\"cookie\":{\"secret\":-77.5},\"n\":3}"
                            .formatted(name);
            for (String said : List.of(text, text + " and more", JSON.writeValueAsString(text))) {
                String stored =
                        body(JSON.createObjectNode().put("content", said).toString());
                assertFalse(
                        stored.contains("hunter")
                                || stored.contains("918273645")
                                || stored.contains("77.5")
                                || stored.contains("4321")
                                || stored.contains("x y z"),
                        stored);
                assertEquals(3, stored.split("stays", -1).length, stored);
            }
        }
    }

    /** Answers that are cut by a number of tokens, and streams that break off, end anywhere. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"user\":\"ann\",\"password\":\"two words hunter2xyz",
                "so: {\"user\":\"ann\",\"password\":\"two words hunter2xyz",
                "{\"set_cookie\":\"a=1; hunter2xyz=",
                "{\"token\":\"hunter2xyz",
                "{\"token\":[\"hunter2xyz",
                "so {\"api_key\":[\"hunter2xyz",
                "{\"password\":[\"q\",\"hunter2xyz",
                "{\"password\":[\"q\",\"hunter2xyz\"",
                "{\"password\":[\"q\",\"hunter2xyz\\",
                "say: {\\\"password\\\":[\\\"q\\\",\\\"hunter2xyz",
                "{\"a\":\"{\\\"password\\\":[\\\"q\\\",\\\"hunter2xyz",
                "{\"password\":[\"q\",,\"hunter2xyz\"]}",
                "{\"password\":[\"q\" \"hunter2xyz\"]}",
                "{\"password\":[/*x*/\"q\",\"hunter2xyz\"]}",
                "{\"password\":[\"q\",,\"a]b\",[\"c\"],\"hunter2xyz\"]}",
                "{\"password\":[{\"a\":[1,,2]},\"hunter2xyz\"]}",
                "{\"password\":[{\"a\" 1},\"hunter2xyz",
                "{\"password \":[\"q\",\"hunter2xyz\"]}",
                "so: {\" token\":[\"q\",\"hunter2xyz\"]}"
            })
    void whatIsCutOffOrHasAMistakeIsTakenOutToItsEnd(String said) {
        for (String text : List.of(said, JSON.writeValueAsString(said), "it said: " + said)) {
            for (String role : List.of("content", "arguments")) {
                String stored = body(JSON.createObjectNode().put(role, text).toString());
                assertFalse(stored.contains("hunter2xyz"), stored);
            }
        }
    }

    /** Behind the end of such a list everything stays. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"password\":[\"q\",,\"a b\"],\"x\":[\"stays\"]} and stays",
                "{\"password\":[\"q\",{\"a\":[1,,2]},\"a b\"],\"x\":[\"stays\"]} and stays",
                "so: {\"password\":[\"q\\\"r\",\"a b\"],\"x\":[\"stays\"]} and stays"
            })
    void aMistakeTakesNoMoreThanItsList(String said) {
        String stored = body(JSON.createObjectNode().put("content", said).toString());
        assertFalse(stored.contains("a b"), stored);
        assertTrue(stored.endsWith("\\\"x\\\":[\\\"stays\\\"]} and stays\"}"), stored);
    }

    /** A name may be written with escapes, and what it names have quotation marks. */
    @Test
    void aNameWithEscapesTells() {
        String document = "{\"pass\\u0077ord\":\"a\\\"hunter2 b\"}";
        String stored = body(JSON.createObjectNode().put("content", document).toString());
        assertFalse(stored.contains("hunter2"), stored);
    }

    /** Behind blanks a document stays one: a number becomes a text. */
    @Test
    void aDocumentBehindBlanksStaysOne() {
        assertEquals(
                "{\"a\":\"\\n {\\\"api_key\\\":\\\"<SECRET_1>\\\",\\\"n\\\":1}\"}",
                body("{\"a\":\"\\n {\\\"api_key\\\": 918273645, \\\"n\\\": 1}\"}"));
        assertEquals("so: {\"api_key\": <SECRET_1>}", secrets.text("so: {\"api_key\": 918273645}", episode));
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
            "\"password\":\"".repeat(50_000),
            "\"" + "password".repeat(50_000),
            "{\"token\":\"\\\\".repeat(50_000),
            "\"password\":[".repeat(50_000),
            "\"password\":[[{\"a\":".repeat(50_000),
            "{\"token\":[1,".repeat(50_000) + "<EMAIL_1>",
            "{\"token\":[1,,".repeat(50_000),
            "{\"token\":[,]".repeat(50_000),
            "{\"token\":[,\"a\"b".repeat(50_000),
            "{\"token\":[\"a".repeat(50_001),
            "{\"token\":[," + "\"          ".repeat(50_000)
        }) {
            assertTimeoutPreemptively(Duration.ofSeconds(30), () -> secrets.text(text, new Pseudonyms()));
        }
    }
}
