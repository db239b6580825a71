package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.grade.GraderDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of one's own under a definition of good of one's own. */
final class FileUseCaseTest {
    @TempDir
    Path folder;

    /** One row an answer; questions differ. */
    private UseCase read(GraderDefinition good, List<String> answers) throws IOException {
        Path file = folder.resolve("rows.jsonl");
        Files.writeString(
                file,
                IntStream.range(0, answers.size())
                        .mapToObj(i ->
                                "{\"input\":\"question number %d\",\"output\":\"%s\"}".formatted(i, answers.get(i)))
                        .collect(Collectors.joining("\n")));
        return FileUseCase.read(file, "mine", "response", good);
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

    @Test
    void tooFewThatAreLeftAreRefused() {
        GraderDefinition good = new GraderDefinition.Label(Map.of("refund", List.of(), "other", List.of()));
        String message = assertThrows(
                        IllegalArgumentException.class, () -> read(good, repeated(40, "refund", "x", "y")))
                .getMessage();
        assertTrue(message.contains("[14]") && message.contains("charter's classes=26"), message);
    }
}
