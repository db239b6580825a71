package dev.hone.charter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.feedback.FeedbackRules;
import dev.hone.charter.Charter.Constraints;
import dev.hone.grade.GraderDefinition;
import dev.hone.grade.GraderDefinition.Multi;
import dev.hone.grade.StringCheckGrader.Operation;
import dev.hone.improve.Improving;
import dev.hone.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CharterReaderTest {
    private static final String FILE = "use-cases/triage.yaml";

    private static final String CHARTER = """
            name: triage
            owner: Ada
            job: Says which weakness a description shows.
            good:
              kind: label
              classes:
                CWE-79: [cross-site scripting, XSS]
                CWE-89:
            constraints:
              cost-per-thousand: 0.05
              p95: 800ms
            viewers: [security-team, ada@example.com]
            """;

    private static String refusal(String text) {
        return String.valueOf(assertThrows(SettingsException.class, () -> CharterReader.read(FILE, text))
                .getMessage());
    }

    private static GraderDefinition good(String yaml) {
        return CharterReader.read(
                        FILE, CHARTER.replaceAll("(?s)good:.*constraints:", "good: " + yaml + "\nconstraints:"))
                .good();
    }

    @Test
    void everyKeyIsUnderstood() {
        assertEquals(
                new Charter(
                        "triage",
                        "Ada",
                        "Says which weakness a description shows.",
                        new GraderDefinition.Label(
                                Map.of("CWE-79", List.of("cross-site scripting", "XSS"), "CWE-89", List.of())),
                        new Constraints(0.05, Duration.ofMillis(800)),
                        List.of("security-team", "ada@example.com"),
                        FeedbackRules.UNDECLARED,
                        null,
                        null,
                        null,
                        Improving.STANDARD,
                        LoopRules.STANDARD,
                        CHARTER),
                CharterReader.read(FILE, CHARTER));
    }

    @Test
    void constraintsMayBeLeftOut() {
        assertEquals(
                new Constraints(null, null),
                CharterReader.read(FILE, CHARTER.replaceAll("(?s)constraints:.*viewers", "viewers"))
                        .constraints());
        assertEquals(
                new Constraints(null, Duration.ofMillis(1500)),
                CharterReader.read(FILE, CHARTER.replaceAll("(?s)cost.*800ms", "p95: 1.5s"))
                        .constraints());
        assertEquals(
                Duration.ofMinutes(2),
                CharterReader.read(FILE, CHARTER.replace("800ms", "2min"))
                        .constraints()
                        .p95());
    }

    @Test
    void everyKindOfGraderIsRead() {
        assertEquals(new GraderDefinition.StringCheck(Operation.ILIKE), good("{kind: string_check, operation: ilike}"));
        assertEquals(
                new GraderDefinition.Label(Map.of("a", List.of(), "b", List.of())),
                good("{kind: label, classes: [a, b]}"));
        assertEquals(new GraderDefinition.Numeric(0), good("{kind: numeric}"));
        assertEquals(new GraderDefinition.Numeric(0.01), good("{kind: numeric, tolerance: 1e-2}"));
        assertEquals(new GraderDefinition.ToolCall(), good("{kind: tool_call}"));
        assertEquals(
                new GraderDefinition.Taxonomy(Map.of("xss", "injection", "sql", "injection")),
                good("{kind: taxonomy, parents: {xss: injection, sql: injection}}"));
        assertEquals(
                new GraderDefinition.JsonSchema(
                        "{\"type\":\"object\",\"properties\":{\"a\":{\"enum\":[1,0.5,\"1\",true,null]}}}"),
                good(
                        "{kind: json_schema, schema: {type: object, properties: {a: {enum: [1, 0.5, '1', true, null]}}}}"));
        assertEquals(
                new Multi(List.of(
                        new Multi.Part("number", 3, new GraderDefinition.Numeric(0)),
                        new Multi.Part("text", 1, new GraderDefinition.StringCheck(Operation.EQ)))),
                good("{kind: multi, parts: [{name: number, weight: 3, kind: numeric},"
                        + " {name: text, kind: string_check, operation: eq}]}"));
    }

    @Test
    void anUnknownKeyIsNamedWithItsPlaceAndWhatWasMeant() {
        assertEquals(
                "Unknown key [onwer] in [use-cases/triage.yaml] line 2; did you mean [owner]?",
                refusal(CHARTER.replace("owner", "onwer")));
        assertEquals(
                "Unknown key [p96] in [use-cases/triage.yaml] line 11; did you mean [p95]?",
                refusal(CHARTER.replace("p95", "p96")));
        assertEquals(
                "Unknown key [colour] in [use-cases/triage.yaml] line 13; known are [name], [owner], [job], [good],"
                        + " [constraints], [viewers], [feedback], [variants], [fallback], [retries], [redaction], [project], [shadow], [shadow-share], [gates], [promote], [improve], [loop]",
                refusal(CHARTER + "colour: red\n"));
        assertEquals(
                "Unknown key [tolerance] in [use-cases/triage.yaml] line 6; known are [kind], [classes]",
                refusal(CHARTER.replace("  classes:", "  tolerance: 1\n  classes:")));
        assertEquals(
                "Unknown kind of grader [labels] in [use-cases/triage.yaml] line 5; did you mean [label]?",
                refusal(CHARTER.replace("kind: label", "kind: labels")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            owner: Ada                | owner: 3                 | [owner] is no text but [3] in [use-cases/triage.yaml] line 2; put it into quotes
            owner: Ada                | owner:                   | [owner] is no text but [] in [use-cases/triage.yaml] line 2; say who
            owner: Ada                | owner: [Ada]             | [owner] is no text in [use-cases/triage.yaml] line 2
            owner: Ada                | owner: "a\\nb"           | [owner] is empty, of several lines
            owner: Ada                | owner: a: b              | is not YAML in line 2
            owner: Ada                | owner: &a Ada            | The anchor [a] in [use-cases/triage.yaml] line 2
            owner: Ada                | owner: *a                | An alias in [use-cases/triage.yaml] line 2
            owner: Ada                | owner: !!str Ada         | The tag [tag:yaml.org,2002:str] in [use-cases/triage.yaml] line 2
            owner: Ada                | owner: !x Ada            | The tag [!x]
            owner: Ada                | name: triage             | Key [name] a second time in [use-cases/triage.yaml] line 2; it is in line 1 already
            owner: Ada                | <<: {owner: Ada}         | Unknown key [<<]
            owner: Ada                | ? [owner]                | A key that is no text
            owner: Ada                | # nothing                | Key [owner] is missing in [use-cases/triage.yaml] line 1; say who answers
            name: triage              | name: Triage             | [name] is [Triage]
            name: triage              | name: other              | call the file [other.yaml]
            cost-per-thousand: 0.05   | cost-per-thousand: .nan  | [cost-per-thousand] is no number but [.nan] in [use-cases/triage.yaml] line 10; give a price
            cost-per-thousand: 0.05   | cost-per-thousand: .inf  | is no number but [.inf]
            cost-per-thousand: 0.05   | cost-per-thousand: 1e999 | is no number but [1e999]
            cost-per-thousand: 0.05   | cost-per-thousand: "1"   | is no number but [1]
            cost-per-thousand: 0.05   | cost-per-thousand: 0x10  | is no number but [0x10]
            cost-per-thousand: 0.05   | cost-per-thousand: -1    | [cost-per-thousand] is [-1.0]
            cost-per-thousand: 0.05   | cost-per-thousand: {}    | [cost-per-thousand] is no number in
            p95: 800ms                | p95: 800                 | [p95] is [800] in [use-cases/triage.yaml] line 11; give a duration above zero, for instance [800ms]
            p95: 800ms                | p95: 0ms                 | [p95] is [0ms]
            p95: 800ms                | p95: -1s                 | [p95] is [-1s]
            p95: 800ms                | p95: [1s]                | [p95] is []
            [security-team, ada@example.com] | []                | [viewers] is empty
            [security-team, ada@example.com] | [a, a]            | [viewers] has [a] twice
            [security-team, ada@example.com] | all               | [viewers] is no list
            CWE-89:                   | CWE-89: XSS              | [CWE-89] is no list
            CWE-89:                   | CWE-89: [XSS]            | [good] in [use-cases/triage.yaml] line 5: [XSS] is a name of two classes
            kind: label               | colour: red              | Key [kind] is missing in [use-cases/triage.yaml] line 5; known are
            """)
    void whatIsWrongIsNamedWithFileAndLine(String right, String wrong, String message) {
        assertTrue(CHARTER.contains(right), right);
        String refusal = refusal(CHARTER.replace(right, wrong));
        assertTrue(refusal.contains(message), refusal);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {kind: string_check, operation: ne}                      | [ne] calls every reference wrong
            {kind: string_check, operation: EQ}                      | give [eq], [like] or [ilike]
            {kind: string_check}                                     | Key [operation] is missing
            {kind: label, classes: [a]}                              | at least two classes
            {kind: numeric, tolerance: 1}                            | A tolerance is in [0, 1)
            {kind: taxonomy, parents: {a: b, b: a}}                  | above itself
            {kind: taxonomy, parents: {a: [b]}}                      | [a] is no text
            {kind: json_schema, schema: {maximum: .inf}}             | [.inf] is no number of JSON
            {kind: json_schema, schema: {maximum: 1e999999999}}      | is no number of JSON
            {kind: json_schema, schema: {type: strng}}               | is no schema
            {kind: json_schema, schema: [1]}                         | is no schema
            {kind: multi, parts: []}                                 | at least one part
            {kind: multi, parts: [{kind: numeric}]}                  | Key [name] is missing
            {kind: multi, parts: [{name: a, kind: numeric, weight: 0}]} | must be above 0
            {kind: multi, parts: [{name: a, kind: numeric, wieght: 1}]} | did you mean [weight]?
            {kind: multi, parts: [{name: a, kind: numeric}, {name: a, kind: numeric}]} | have one name
            {kind: multi, parts: 3}                                  | [parts] is no list
            nothing                                                  | [good] is not keys with values
            """)
    void aGraderThatCannotBeIsRefused(String grader, String message) {
        String refusal = String.valueOf(
                assertThrows(SettingsException.class, () -> good(grader)).getMessage());
        assertTrue(refusal.contains(message) && refusal.contains(FILE), refusal);
    }

    @Test
    void hostileFilesAreRefusedAtOnce() {
        String bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n";
        List<String> hostile = List.of(
                "",
                "---\n",
                "# only words\n",
                CHARTER + "---\n" + CHARTER,
                bomb,
                "[".repeat(200_000),
                "{a: ".repeat(60_000),
                "- ".repeat(100_000),
                "? ".repeat(100_000),
                "a".repeat(250_000),
                "\"" + "\\x".repeat(100_000),
                "x".repeat(300_000),
                "a: |\n" + " b\n".repeat(80_000),
                "k" + ": 1\nk".repeat(50_000),
                "%YAML 9.9\n---\na: 1",
                "a: \u0000",
                "\ufeff" + CHARTER.replace("owner", "onwer"),
                "!!javax.script.ScriptEngineManager [x]",
                "a:\n\t- b");
        for (String text : hostile) {
            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> refusal(text));
        }
    }

    @Test
    void noDamageMakesItFailOtherwise() {
        Random random = new Random(1);
        String signs = "[]{}:,&*!|>'\"%#-?\n\t 09aZ~.\\";
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder(CHARTER);
            for (int change = random.nextInt(4); change >= 0; change--) {
                int at = random.nextInt(text.length());
                char sign = signs.charAt(random.nextInt(signs.length()));
                switch (random.nextInt(3)) {
                    case 0 -> text.insert(at, sign);
                    case 1 -> text.deleteCharAt(at);
                    default -> text.setCharAt(at, sign);
                }
            }
            try {
                CharterReader.read(FILE, text.toString());
            } catch (SettingsException e) {
                assertTrue(String.valueOf(e.getMessage()).contains(FILE), e.getMessage());
            }
        }
    }

    @Test
    void aFileThatIsNoTextIsRefused(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("triage.yaml");
        Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xff});
        assertTrue(String.valueOf(assertThrows(SettingsException.class, () -> CharterReader.read(file))
                        .getMessage())
                .contains("is not UTF-8"));
        Files.write(file, new byte[1 << 20]);
        assertInstanceOf(SettingsException.class, assertThrows(RuntimeException.class, () -> CharterReader.read(file)));
    }

    @Test
    void theChartersOfThisRepositoryAreRight() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("..", "use-cases"))) {
            List<Path> charters = files.toList();
            assertTrue(charters.size() >= 2);
            for (Path file : charters) {
                CharterReader.read(file);
            }
        }
    }
}
