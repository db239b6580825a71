package dev.hone.charter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.promote.Gate;
import dev.hone.promote.Gates;
import dev.hone.settings.SettingsException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GateReaderTest {
    private static final String FILE = "use-cases/triage.yaml";
    private static final String CHARTER = """
            name: triage
            owner: Ada
            job: Says which weakness a description shows.
            good: {kind: string_check, operation: eq}
            viewers: [everyone]
            gates:
              quality: {not-worse-than: 0.02}
              slices: {not-worse-than: 0.1, least-rows: 30}
              cost-per-thousand: 0.05
              p95: 800ms
              retention: {data: ["4f2a81", old/support.jsonl], not-worse-than: 0}
              sample-size: 200
              contender: fine-tuned
              baseline: "production, recorded"
            """;

    @Test
    void everyGateIsUnderstood() {
        Gates gates = CharterReader.read(FILE, CHARTER).gates();
        assertEquals(
                new Gates(
                        List.of(
                                new Gate.Quality(0.02),
                                new Gate.Slices(0.1, 30),
                                new Gate.Cost(0.05),
                                new Gate.P95(Duration.ofMillis(800)),
                                new Gate.Retention(List.of("4f2a81", "old/support.jsonl"), 0),
                                new Gate.SampleSize(200)),
                        "fine-tuned",
                        "production, recorded"),
                gates);
        assertNull(
                CharterReader.read(FILE, CHARTER.replaceAll("(?s)gates:.*", "")).gates());
        Gates few = CharterReader.read(
                        FILE, CHARTER.replaceAll("(?s)gates:.*", "gates: {slices: {not-worse-than: 0.1}}"))
                .gates();
        assertNotNull(few);
        assertEquals(List.of(new Gate.Slices(0.1, 20)), few.all());
        assertNull(few.contender());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            quality: {not-worse-than: 0.02}     | qualty: {not-worse-than: 0.02}      | Unknown key [qualty] in [use-cases/triage.yaml] line 7; did you mean [quality]?
            quality: {not-worse-than: 0.02}     | quality: {}                         | Key [not-worse-than] is missing in [use-cases/triage.yaml] line 7; give the share
            quality: {not-worse-than: 0.02}     | quality: 0.02                       | [quality] is not keys with values in [use-cases/triage.yaml] line 7
            quality: {not-worse-than: 0.02}     | quality: {not-worse-than: 2}        | [not-worse-than] is [2.0] in [use-cases/triage.yaml] line 7; give the share
            quality: {not-worse-than: 0.02}     | quality: {not-worse-than: -0.1}     | [not-worse-than] is [-0.1]
            quality: {not-worse-than: 0.02}     | quality: {not-worse-than: .nan}     | [not-worse-than] is no number but [.nan]
            quality: {not-worse-than: 0.02}     | quality: {worse: 0.02}              | Unknown key [worse] in [use-cases/triage.yaml] line 7; known are [not-worse-than]
            least-rows: 30                      | least-rows: 0                       | [least-rows] is [0]
            cost-per-thousand: 0.05             | cost-per-thousand: -1               | [cost-per-thousand] is [-1.0] in [use-cases/triage.yaml] line 9; a price is 0 or more
            p95: 800ms                          | p95: 800                            | [p95] is [800]
            sample-size: 200                    | sample-size: 2.5                    | [sample-size] is [2.5]
            sample-size: 200                    | sample-size: many                   | [sample-size] is no number but [many]
            contender: fine-tuned               | contender: 3                        | [contender] is no text but [3]
            """)
    void whatCannotBeFollowedIsNamedWithItsPlace(String old, String wrong, String message) {
        assertRefused(CHARTER.replace(old, wrong), message);
    }

    @Test
    void listsAndBlocksThatSayNothingAreRefused() {
        assertRefused(CHARTER.replace("[\"4f2a81\", old/support.jsonl]", "[]"), "[data] is empty");
        assertRefused(CHARTER.replace("[\"4f2a81\", old/support.jsonl]", "[4, x]"), "[data] is no text but [4]");
        assertRefused(CHARTER.replace("[\"4f2a81\", old/support.jsonl]", "[x, x]"), "[data] has [x] twice");
        assertRefused(CHARTER.replaceAll("(?s)gates:.*", "gates: {contender: fine-tuned}"), "[gates] has no gate");
        assertRefused(CHARTER.replaceAll("(?s)gates:.*", "gates: []"), "[gates] is not keys with values");
    }

    private static void assertRefused(String charter, String message) {
        String said =
                String.valueOf(assertThrows(SettingsException.class, () -> CharterReader.read(FILE, charter), message)
                        .getMessage());
        assertTrue(said.contains(message), said);
    }
}
