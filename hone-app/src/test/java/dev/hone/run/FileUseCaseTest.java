package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.grade.GraderDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of one's own under a definition of good of one's own. */
final class FileUseCaseTest {
    private final List<String> told = new ArrayList<>();

    @TempDir
    Path folder;

    /** One row an answer; questions differ. */
    private UseCase read(@Nullable GraderDefinition good, List<String> answers) throws IOException {
        Path file = folder.resolve("rows.jsonl");
        Files.writeString(
                file,
                IntStream.range(0, answers.size())
                        .mapToObj(i ->
                                "{\"input\":\"question number %d\",\"output\":\"%s\"}".formatted(i, answers.get(i)))
                        .collect(Collectors.joining("\n")));
        return FileUseCase.read(file, "mine", "response", good, told::add);
    }

    private static List<String> repeated(int times, String... answers) {
        return IntStream.range(0, times)
                .mapToObj(i -> answers[i % answers.length])
                .toList();
    }

    @Test
    void labelsTakeTheNamesOfTheirClassesAndRowsOfNoneAreCounted() throws IOException {
        GraderDefinition good = new GraderDefinition.Label(Map.of("refund", List.of("money back"), "other", List.of()));
        UseCase useCase = read(good, repeated(40, "refund", "Money Back", "other", "thanks"));
        assertInstanceOf(LabelUseCase.class, useCase);
        assertEquals(30, useCase.data().tasks().size());
        assertEquals(
                Map.of("refund", 20L, "other", 10L),
                useCase.data().tasks().stream()
                        .collect(Collectors.groupingBy(task -> task.reference(), Collectors.counting())));
        assertEquals(Map.of("none of the charter's classes", 10), useCase.data().excluded());
        assertTrue(useCase.data().tasks().stream()
                .allMatch(task -> task.require(useCase.part()).equals(task.reference())));
    }

    @Test
    void rowsThatTheGraderCannotJudgeAreCounted() throws IOException {
        UseCase useCase = read(new GraderDefinition.Numeric(0.01), repeated(40, "4", "5.5", "7 apples", "no idea"));
        assertEquals(30, useCase.data().tasks().size());
        assertEquals(
                Map.of("the grader cannot judge by its reference", 10),
                useCase.data().excluded());
    }

    /** Twelve empty answers among forty: ten by their lines, all by their reason. */
    @Test
    void badLinesAreNamedAndCountedByTheirReason() throws IOException {
        List<String> answers = new ArrayList<>(repeated(40, "a", "b"));
        for (int i = 0; i < 12; i++) {
            answers.set(2 + i, " ");
        }
        UseCase useCase = read(null, answers);
        assertEquals(28, useCase.data().tasks().size());
        assertEquals(Map.of("has an empty answer", 12), useCase.data().excluded());
        String said = told.getFirst();
        assertTrue(said.contains("has [12] bad lines, which are left out:"), said);
        assertTrue(said.contains("  line 3: has an empty answer") && said.contains("  line 12: has"), said);
        assertTrue(said.contains("  and 2 more: 2 × has an empty answer") && !said.contains("line 13"), said);
    }

    /** Before it is said that too few are left: the bad lines are why. */
    @Test
    void badLinesAreNamedAlsoWhereTooFewAreLeft() {
        List<String> answers = new ArrayList<>(repeated(24, "a", "b"));
        for (int i = 0; i < 8; i++) {
            answers.set(i, " ");
        }
        assertThrows(IllegalArgumentException.class, () -> read(null, answers));
        assertTrue(told.getFirst().contains("  line 8: has an empty answer"), told.toString());
    }

    @Test
    void tooFewThatAreLeftAreRefused() {
        GraderDefinition good = new GraderDefinition.Label(Map.of("refund", List.of(), "other", List.of()));
        String message = assertThrows(
                        IllegalArgumentException.class, () -> read(good, repeated(40, "refund", "x", "y")))
                .getMessage();
        assertTrue(message.contains("[14]") && message.contains("charter's classes=26"), message);
    }
}
