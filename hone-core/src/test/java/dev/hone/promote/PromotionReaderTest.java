package dev.hone.promote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.Serving;
import dev.hone.charter.CharterReader;
import dev.hone.record.SamplingMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PromotionReaderTest {
    private static final String BEGINNING = """
            name: job
            owner: Ada
            job: Answers.
            good: {kind: string_check, operation: eq}
            viewers: [everyone]
            variants: {big: {upstream: openai, model: gpt}}
            """;

    @TempDir
    Path folder;

    private Promotion read(String text) {
        try {
            Path file = folder.resolve("job.yaml");
            Files.writeString(file, text);
            return CharterReader.read(file).promotion();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String refusal(String text) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> read(text)).getMessage());
    }

    @Test
    void whatIsLeftOutHasAValue() {
        assertNull(read(BEGINNING));
        Promotion promotion = read(BEGINNING + "promote: {}\n");
        assertEquals(new Promotion.Computed(SamplingMode.EXACT, 1, 16), promotion.computed());
        assertEquals(200, promotion.shadowCalls());
        assertEquals(new CanaryPolicy(List.of(0.05, 0.25, 0.5), 100, 0.01, 0.05, 0, false), promotion.policy());
        assertEquals(List.of(Measure.ANSWERED), promotion.measures());
        assertEquals(Duration.ofHours(2), promotion.silentAfter());
        assertEquals(0.005, promotion.ofUsers().alpha());
        assertEquals(0.005, promotion.ofCopies().alpha());
    }

    @Test
    void whatIsDeclaredElsewhereIsMeasured() {
        Promotion promotion =
                read(BEGINNING.replace("string_check, operation: eq", "json_schema, schema: {type: object}") + """
                constraints: {p95: 800ms, cost-per-thousand: 0.5}
                feedback:
                  solved: {kind: boolean, direction: higher}
                  stars: {kind: float, direction: lower, range: [1, 5]}
                  sold: {kind: outcome, direction: higher}
                promote:
                  mode: fast
                  rows: 8
                  best-of: 2
                  shadow-calls: 0
                  shares: [0.1, 0.5]
                  calls: 50
                  alpha: 0.02
                  loss: 0.1
                  beyond: 0.01
                  automatic: true
                  silent-after: 3h
                """);
        assertEquals(
                List.of(Measure.QUALITY, Measure.FEEDBACK, Measure.ANSWERED, Measure.IN_TIME),
                promotion.measures(),
                "nobody is paid for what versions of Hone's own answer");
        assertEquals(new CanaryPolicy(List.of(0.1, 0.5), 50, 0.02, 0.1, 0.01, true), promotion.policy());
        assertEquals(Duration.ofMillis(800), promotion.within());
        assertEquals(0, new BigDecimal("0.0005").compareTo(promotion.mostCost()));
        assertEquals(
                List.of(new Promotion.Scale("solved", 0, 1, false), new Promotion.Scale("stars", 1, 5, true)),
                promotion.feedback(),
                "what has no range is no value from 0 to 1");
        assertEquals(0.02, promotion.ofUsers().alpha(), "without copies all of it is the users'");
        assertEquals(Duration.ofHours(3), promotion.silentAfter());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {share: [0.1]}                  | Unknown key [share]
            {shares: [0.5, 0.1]}            | do not rise
            {shares: 0.5}                   | [shares] is [0.5]
            {shares: []}                    | [shares]
            {shares: [all]}                 | [shares] has ["all"]
            {alpha: 2}                      | [2.0] is no probability
            {loss: 0}                       | A loss of [0.0]
            {calls: 0}                      | [calls] is [0]
            {mode: int8}                    | [mode] is [int8]
            {best-of: 3, rows: 2}           | [best-of] is [3], and [rows]
            {measures: [speed]}             | [measures] has [speed]
            {measures: [in-time]}           | say [p95] under [constraints]
            {measures: [within-cost]}       | say [cost-per-thousand]
            {measures: [feedback]}          | declare a metric under [feedback]
            {automatic: perhaps}            | [automatic] is neither true nor false
            {automatic: true}               | [automatic] is [true], and nothing says how good an answer is
            {automatic: true}               | [answered] alone
            {automatic: true}               | line 7; declare a metric under [feedback]
            {silent-after: 5m}              | [silent-after] is [5m] in
            {silent-after: 5m}              | write minutes as [5min]
            {silent-after: soon}            | [silent-after] is [soon]
            {silent-after: 25h}             | [silent-after] is more than a day
            """)
    void whatCannotBeFollowedIsSaid(String block, String expected) {
        String message = refusal(BEGINNING + "promote: " + block + "\n");
        assertTrue(message.contains(expected), message);
        assertTrue(message.contains("job.yaml"), message);
    }

    /** What answers is not good by that: nobody is promoted for it without a person, but where that is what somebody names. */
    @Test
    void whatIsPromotedByItselfIsJudgedByItsAnswers() {
        String called = BEGINNING.replace("string_check, operation: eq", "tool_call");
        String limits = "constraints: {p95: 1s, cost-per-thousand: 1}\n";
        String alone = refusal(called + limits + "promote: {automatic: true}\n");
        assertTrue(alone.contains("compared by [answered, in-time] alone"), alone);
        assertTrue(alone.contains("who means it names it: [measures: [answered, in-time]]"), alone);
        String said = "feedback: {note: {kind: comment}}\n";
        assertTrue(refusal(called + said + "promote: {automatic: true}\n").contains("[automatic] is [true]"));
        assertFalse(read(called + limits + "promote: {}\n").isByAnswers());
        for (String enough : List.of(
                "promote: {automatic: true, measures: [answered]}\n",
                "promote: {automatic: true, measures: [answered, quality]}\n",
                "feedback: {solved: {kind: boolean, direction: higher}}\npromote: {automatic: true}\n")) {
            assertTrue(read(called + enough).policy().promotes(), enough);
        }
    }

    /** A version that is rolled out need not keep up with all calls while the live one has them, too. */
    @Test
    void copiesMayBeFewer() throws IOException {
        Path file = Files.writeString(folder.resolve("job.yaml"), BEGINNING + "shadow-share: 0.2\npromote: {}\n");
        Serving serving = CharterReader.read(file).serving();
        assertNotNull(serving);
        assertEquals(0.2, serving.shadowShare());
        assertTrue(refusal(BEGINNING + "shadow-share: 0.2\n").contains("without [shadow] or [promote]"));
    }

    @Test
    void whoAnswersUntilThenMustBeSaid() {
        String message = refusal(BEGINNING.replaceAll("variants.*", "") + "promote: {}\n");
        assertTrue(message.contains("[promote] is there without [variants]"), message);
        String reserved = refusal(BEGINNING.replace("{big:", "{candidate:") + "promote: {}\n");
        assertTrue(reserved.contains("[candidate]") && reserved.contains("call it otherwise"), reserved);
        assertNull(read(BEGINNING.replace("{big:", "{live:")), "without the block it is a name like others");
    }
}
