package dev.hone.grade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Grader;
import dev.hone.record.Task;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class NumericGraderTest {
    private static final Grader GRADER = new NumericGrader(0);

    private static Task task(String reference) {
        return new Task("t", Conversation.of(ChatMessage.of("user", "How many?")), reference, Map.of());
    }

    static Stream<List<String>> table() throws IOException {
        try (InputStream in = NumericGraderTest.class.getResourceAsStream("numeric-answers.tsv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> !line.startsWith("#\u0020reference"))
                            .map(line -> List.of(line.split("\t", -1)))
                            .toList()
                            .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("table")
    void answersAreReadInWhateverNotation(List<String> row) {
        double score = GRADER.grade(task(row.get(0)), row.get(1)).score();
        assertEquals(Boolean.parseBoolean(row.get(2)), score == 1, row.toString());
    }

    @Test
    void toleranceIsAShareOfTheRightNumber() {
        Grader tolerant = new NumericGrader(0.01);
        assertEquals(1, tolerant.grade(task("200"), "201.9").score());
        assertEquals(0, tolerant.grade(task("200"), "202.1").score());
        assertThrows(IllegalArgumentException.class, () -> new NumericGrader(-1));
    }

    @Test
    void aReferenceWithoutANumberIsAnError() {
        String message = assertThrows(IllegalArgumentException.class, () -> GRADER.grade(task("many"), "3"))
                .getMessage();
        assertTrue(message.contains("[many]"), message);
    }

    @Property(tries = 500)
    void anyOutputIsGraded(@ForAll String output) {
        double score = GRADER.grade(task("3"), output).score();
        assertTrue(score == 0 || score == 1);
    }

    @Test
    void hostileOutputsTakeNoTime() {
        for (String part : List.of("1,", "1 ", "1/", "\\boxed{", "not ", "1.000", "10^", "\\frac{1}")) {
            assertTimeoutPreemptively(
                    Duration.ofSeconds(15), () -> GRADER.grade(task("3"), part.repeat(90_000 / part.length())), part);
        }
    }
}
