package dev.hone.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

final class PatternTest {
    private static Automaton compile(String pattern) {
        return Objects.requireNonNull(PatternCompiler.compile(pattern, "#"), pattern);
    }

    private static Grammar grammar(String pattern) {
        return Grammar.ofSchema(JsonMapper.shared()
                .createObjectNode()
                .put("type", "string")
                .put("pattern", pattern)
                .toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "^a",
                "a$",
                "^a$",
                "^$",
                "$^",
                "^",
                "a|b",
                "^a|b$",
                "^(a|b)$",
                "(^a|b)b",
                "a(b|$)",
                "^(?:ab)+$",
                "^a*b?$",
                "^a{2}$",
                "^a{1,3}$",
                "^a{2,}$",
                "^(a{0,2}b){2}$",
                "^[ab]$",
                "^[^ab]$",
                "^[a-c_]+$",
                "^[\\w-]+$",
                "^\\d{2}$",
                "^\\D$",
                "^\\s\\S$",
                "^\\W+$",
                "^[^\\d]$",
                "^.$",
                "^a.*b$",
                "\\.",
                "^[.]$",
                "^\\u0061\\x62$",
                "^(?<x>a)b$",
                "^a+?b$",
                "",
                "()",
                "^(a|)b$",
                "^((a*)*)$",
                "^(a|b)*abb$",
                "^é+$",
                "^[à-ü😀]$",
                "^[a\\]]$",
                "^a-b$",
                "a{0}",
                "^(a|ab)(c|bcd)$",
                "^\\$\\^$",
                "^[-a]$",
                "^[a-]$",
                "b.a"
            })
    void textsAreThoseOfAnIndependentImplementation(String pattern) {
        Automaton automaton = compile(pattern);
        Pattern reference = Pattern.compile(pattern.replaceAll("(?<!\\\\)\\$", "\\\\z"));
        Random random = new Random(1);
        int[] letters = "aaaabbbbbabc10_--. \n.é😀]$$^^à".codePoints().toArray();
        int accepted = 0;
        for (int i = 0; i < 2_500; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(6); j > 0; j--) {
                text.appendCodePoint(letters[random.nextInt(letters.length)]);
            }
            boolean found = reference.matcher(text).find();
            accepted += found ? 1 : 0;
            assertEquals(found, automaton.accepts(text.toString()), () -> pattern + " and [" + text + "]");
        }
        assertTrue(accepted > 0, "no text of " + pattern + " was tried");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            (?=a)b      | look-ahead
            (?!a)b      | look-ahead
            (?<=a)b     | look-behind
            (?<!a)b     | look-behind
            (?i)a       | a group of the kind [(?i]
            (?>a)       | a group of the kind [(?>]
            (a)\\1      | the back reference [\\1]
            (?<x>a)\\k<x> | the back reference [\\k]
            a\\b        | the word boundary [\\b]
            [\\b]       | the word boundary [\\b]
            \\p{L}      | the property [\\p]
            \\cA        | the escape [\\c]
            \\0         | the escape [\\0]
            \\uD83D     | half of a surrogate pair
            a*+         | a repetition of a repetition
            a**         | a repetition of a repetition
            *a          | after nothing that it could repeat
            ^*          | repeats an anchor
            {           | after nothing
            a{,3}       | begins no repetition
            a{3,2}      | begins no repetition
            a{1001}     | repeats more than [1000] times
            a{99999999999} | repeats more than [1000] times
            (a          | a group that is not closed
            a)          | closes nothing
            [a          | ends too early
            []          | an empty class
            [^]         | an empty class
            [b-a]       | goes down
            [\\d-z]     | between more than two characters
            [a&&b]      | read differently
            [[a]]       | read differently
            \\          | ends too early
            \\u00       | without [4] hexadecimal digits
            \\u{110000} | an escape that is no character
            """)
    void whatIsNotRegularOrNoExpressionIsNamed(String pattern, String reason) {
        String message = String.valueOf(
                assertThrows(SchemaException.class, () -> grammar(pattern)).getMessage());
        assertTrue(message.contains(reason) && message.contains("[pattern] at [#]"), message);
    }

    @Test
    void aSchemaOfTooManyPatternsIsRefused() {
        StringBuilder properties = new StringBuilder();
        for (int i = 0; i < 65; i++) {
            properties
                    .append(i == 0 ? "" : ",")
                    .append("\"p%d\":{\"type\":\"string\",\"pattern\":\"^a$\"}".formatted(i));
        }
        String schema = "{\"type\":\"object\",\"properties\":{%s}}".formatted(properties);
        String message = String.valueOf(assertThrows(SchemaException.class, () -> Grammar.ofSchema(schema))
                .getMessage());
        assertTrue(message.contains("more than [64] patterns"), message);
    }

    @Test
    void whatIsTooLargeIsRefusedInTime() {
        for (String pattern : List.of(
                "(a{1000}){1000}",
                "a.{20}$",
                "(a|b)*a(a|b){30}",
                "(".repeat(60) + "a" + ")".repeat(60),
                "((a{0,100}){0,100}){0,2}",
                "x".repeat(10_001))) {
            assertTimeoutPreemptively(
                    Duration.ofSeconds(20), () -> assertThrows(SchemaException.class, () -> grammar(pattern), pattern));
        }
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> grammar("^" + "a?".repeat(400) + "b"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ^[é-ü]$    | "é"          | true
            ^[é-ü]$    | "\\u00e9"    | true
            ^[é-ü]$    | "\\u00E"     | false
            ^[é-ü]$    | "e"          | false
            ^[é-ü]$    | "þ"          | false
            ^😀+$      | "😀😀"       | true
            ^😀+$      | "😁"         | false
            ^😀+$      | "\\ud83d"    | false
            ^"\\n/$    | "\\"\\n\\/"  | true
            ^"\\n/$    | "\\"\\n/"    | true
            ^"\\n/$    | "\\"\\t/"    | false
            ^\\\\$     | "\\\\"       | true
            ^.$        | "\\n"        | false
            ^.$        | "\\\\"       | true
            ^\\s$      | "\\u000b"    | true
            ^\\S$      | "\\u00a0"    | false
            ^[^\\s]$   | "\\u00a0"    | false
            ^\\s$      | "\\u00a0"    | false
            """)
    void charactersAreWrittenInEveryWayThatJsonHas(String pattern, String json, boolean accepted) {
        assertEquals(accepted, GrammarTest.accepts(grammar(pattern), json), () -> pattern + " " + json);
    }

    @Test
    void lengthsArePartOfTheAutomaton() {
        Grammar grammar =
                Grammar.ofSchema("{\"type\":\"string\",\"pattern\":\"^(?:aaa)*$\",\"minLength\":4,\"maxLength\":8}");
        for (int length = 0; length < 12; length++) {
            assertEquals(
                    length == 6, GrammarTest.accepts(grammar, "\"" + "a".repeat(length) + "\""), "length " + length);
        }
    }
}
