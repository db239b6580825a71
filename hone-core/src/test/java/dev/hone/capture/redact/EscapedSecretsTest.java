package dev.hone.capture.redact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON within JSON: escapes hide where a secret begins, and what it is made of. */
final class EscapedSecretsTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final List<String> SECRETS = List.of(
            "ann.lee@example.com",
            "4111 1111 1111 1111",
            "DE89370400440532013000",
            "sk-proj-abcDEF0123456789abcDEF",
            "+49 30 901820");

    private static final List<String> APART = List.of(" ", "\n", "\t", "\"", "/", "\\", "(", ", ", "\r\n", "\b", ": ");

    private static Redaction redaction() {
        RedactionKinds kinds = new RedactionKinds();
        for (String kind : List.of("email", "phone", "card", "iban", "secret")) {
            kinds.add(kind);
        }
        return kinds.redaction();
    }

    private static JsonNode text(String text) {
        return JSON.getNodeFactory().stringNode(text);
    }

    private static String redacted(String text) {
        return redaction().json(text(text), new Pseudonyms()).stringValue();
    }

    @Test
    void whatStandsBehindAnEscapeIsFoundAndTheEscapeStays() {
        assertEquals("{\"to\":\"Hi\\n<EMAIL_1>\"}", redacted("{\"to\":\"Hi\\nann@example.com\"}"));
        assertEquals("{\"card\":\"\\n<CARD_1>\"}", redacted("{\"card\":\"\\n4111 1111 1111 1111\"}"));
        assertEquals(
                "<EMAIL_1> {\\\"to\\\":\\\"\\\\n<EMAIL_1>\\\"}",
                redacted("ann@example.com {\\\"to\\\":\\\"\\\\nann@example.com\\\"}"));
        assertEquals("{\"to\":\"<EMAIL_1>\"}", redacted("{\"to\":\"ann\\u0040example.com\"}"));
        assertEquals("C:\\<EMAIL_1>", redacted("C:\\bob@example.com".replace("bob", "zed")));
    }

    /** A letter that may be of an escape or of a key: the key goes. */
    @Test
    void whatMayBeAnEscapeHidesNothing() {
        assertEquals("x <SECRET_1>", redacted("x \\rk_live_abcdef0123456789"));
        assertFalse(redacted("password: hunter\\n2secret").contains("hunter"));
        assertFalse(redacted("password: hunter\\n2secret").contains("secret"));
    }

    /** A document within a text is one afterwards as well. */
    @Test
    void aNumberInADocumentWithinATextGetsQuotationMarks() {
        assertEquals("{\"card\":\"<CARD_1>\",\"n\":3}", redacted("{\"card\":4111111111111111,\"n\":3}"));
    }

    /** At random depths, in texts, keys and documents within texts, escaped in random ways. */
    @Test
    void noSecretIsLeftHoweverDeepItIsHidden() {
        Redaction redaction = redaction();
        for (int seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            JsonNode document = document(random, 4);
            JsonNode redacted = redaction.body(document, new Pseudonyms());
            String seen = unescaped(redacted.toString());
            for (String secret : SECRETS) {
                assertFalse(seen.contains(secret.substring(2)), "seed " + seed + "\n" + document + "\n" + redacted);
            }
            TreeSet<String> tokens = new TreeSet<>();
            Matcher matcher = Pattern.compile("<([A-Z]+)_\\d+>").matcher(seen);
            while (matcher.find()) {
                tokens.add(matcher.group());
            }
            assertTrue(
                    tokens.size() <= SECRETS.size(), "one token each: " + tokens + " seed " + seed + "\n" + document);
            assertSameDocuments(document, redacted, "seed " + seed + "\n" + document + "\n" + redacted);
        }
    }

    private static JsonNode document(Random random, int depth) {
        switch (depth == 0 ? 3 : random.nextInt(4)) {
            case 0 -> {
                ObjectNode object = JSON.createObjectNode();
                for (int i = random.nextInt(3); i >= 0; i--) {
                    object.set(random.nextInt(5) == 0 ? secret(random) : "k" + i, document(random, depth - 1));
                }
                return object;
            }
            case 1 -> {
                ArrayNode array = JSON.createArrayNode();
                for (int i = random.nextInt(3); i >= 0; i--) {
                    array.add(document(random, depth - 1));
                }
                return array;
            }
            case 2 -> {
                return text(written(document(random, depth - 1).toString(), random));
            }
            default -> {
                return text("so" + apart(random) + secret(random) + apart(random) + "so");
            }
        }
    }

    private static String apart(Random random) {
        return APART.get(random.nextInt(APART.size()));
    }

    private static String secret(Random random) {
        return SECRETS.get(random.nextInt(SECRETS.size()));
    }

    /** JSON written by somebody who escapes more than must be: letters of texts, and slashes. */
    private static String written(String json, Random random) {
        StringBuilder written = new StringBuilder();
        boolean within = false;
        boolean escape = false;
        for (char letter : json.toCharArray()) {
            boolean plain = within && !escape && letter != '"' && letter != '\\';
            if (plain && letter == '/' && random.nextBoolean()) {
                written.append("\\/");
            } else if (plain && random.nextInt(30) == 0) {
                written.append("\\u%04x".formatted((int) letter));
            } else {
                written.append(letter);
            }
            within = letter == '"' && !escape ? !within : within;
            escape = letter == '\\' && !escape;
        }
        return written.toString();
    }

    /** What a reader who unpacks everything would see. */
    private static String unescaped(String text) {
        Unescaped within = Unescaped.of(text);
        return within == null ? text : text + unescaped(within.text());
    }

    private static void assertSameDocuments(JsonNode before, JsonNode after, String message) {
        assertEquals(before.getNodeType(), after.getNodeType(), message);
        for (int i = 0; before.isArray() && i < before.size(); i++) {
            assertSameDocuments(before.get(i), after.get(i), message);
        }
        if (before.isObject()) {
            List<JsonNode> values = new ArrayList<>(after.values());
            int at = 0;
            for (JsonNode value : before.values()) {
                if (values.size() == before.size()) {
                    assertSameDocuments(value, values.get(at++), message);
                }
            }
        }
        if (before.isString() && before.stringValue().matches("(?s)[{\\[].*")) {
            assertSameDocuments(JSON.readTree(before.stringValue()), JSON.readTree(after.stringValue()), message);
        }
    }

    /** What looks like a number of a card there is none. */
    @Test
    void figuresOfTheProtocolStayFigures() {
        String card = "4111111111111111";
        JsonNode body = JSON.readTree("""
                {"seed": %s, "max_tokens": %s, "n": 1, "created": %s, "usage": {"prompt_tokens": %s, "details": {"x": [%s]}},
                 "choices": [{"index": %s, "logprobs": {"content": [{"logprob": -%s}]}, "message": {"content": "%s", "n": %s}}],
                 "data": [{"embedding": [%s], "index": 0}], "metadata": {"seed": %s}, "user": %s}
                """.formatted((Object[])
                java.util.stream.Stream.generate(() -> card).limit(12).toArray()));
        JsonNode redacted = redaction().body(body, new Pseudonyms());
        for (String pointer : List.of(
                "/seed",
                "/max_tokens",
                "/n",
                "/created",
                "/usage/prompt_tokens",
                "/usage/details/x/0",
                "/choices/0/index",
                "/choices/0/logprobs/content/0/logprob",
                "/data/0/embedding/0")) {
            assertTrue(redacted.at(pointer).isNumber(), pointer);
        }
        for (String pointer :
                List.of("/choices/0/message/content", "/choices/0/message/n", "/metadata/seed", "/user")) {
            assertEquals("<CARD_1>", redacted.at(pointer).asString(), pointer);
        }
    }

    /** Many numbers before one that must go, and more than can be looked through. */
    @Test
    void noTextIsTooLongForTelephoneNumbers() {
        Phone phones = new Phone(List.of());
        String many = "1 ".repeat(90_000);
        Redaction redaction = new Redaction(List.of(phones));
        assertFalse(
                redaction.text(many + "call +49 30 901820", new Pseudonyms()).contains("901820"));
        Pseudonyms pseudonyms = new Pseudonyms();
        String more = "1 ".repeat(Phone.MOST_DIGITS) + "call +49 30 901820";
        assertEquals("<PHONE_1>", redaction.text(more, pseudonyms));
        assertEquals("<PHONE_1>", redaction.text(more, pseudonyms));
    }

    /** Escapes of escapes, each of which shows the next: 20,000 readings of 100 kB. */
    @Test
    void escapesWithoutEndCostNoMoreThanTheirText() {
        String endless = "ann@example.com \\u005c" + "u005c".repeat(20_000) + "u0041";
        assertEquals("<EMAIL_1>", redacted("ann@example.com"));
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> assertEquals("<ESCAPED_1>", redacted(endless)));
        String document = JSON.writeValueAsString(Map.of("password", endless));
        String seen = assertTimeoutPreemptively(Duration.ofSeconds(10), () -> redacted(document));
        assertFalse(seen.contains("ann@"), seen);
    }

    /** The last reading that is looked through, and the first that is not. */
    @Test
    void whatIsHiddenDeeperThanAnybodyLooksIsTakenOutAsAWhole() {
        String hidden = "ann\\u005c" + "u005c".repeat(Readings.MOST_STEPS - 2) + "u0040example.com";
        assertEquals("so <EMAIL_1> so", redacted("so " + hidden + " so"));
        String deeper = hidden.replace("u0040", "u005cu0040");
        assertEquals("<ESCAPED_1>", redacted("so " + deeper + " so"));
    }

    /** Each begins in what may be an escape, and is looked for among all that are known. */
    @Test
    void manySecretsBehindEscapesAreFoundSoon() {
        Readings readings = Readings.of("\\rk_live ".repeat(100_000));
        List<Finder> finders = List.of(Finder.custom("KEY", "r?k_live"));
        assertEquals(
                100_000,
                assertTimeoutPreemptively(Duration.ofSeconds(20), () -> readings.spans(finders))
                        .size());
    }

    @Test
    void aTextTellsWhetherItHasSomething() {
        assertTrue(redaction().finds("chat with ANN@example.com".toLowerCase(Locale.ROOT)));
        assertFalse(redaction().finds("chat-4711"));
    }
}
