package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hone.evaluate.Report;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Task;
import dev.hone.task.TaskFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnseenTest {
    @TempDir
    Path folder;

    private static List<Task> tasks(String... labels) {
        return Stream.of(labels)
                .map(label -> new Task(
                        label, Conversation.of(ChatMessage.of("user", "?")), label, Map.of(TaskFile.PART, label)))
                .toList();
    }

    private static UseCase labels() {
        return new LabelUseCase(
                new UseCase.Data("mine", List.of(), Map.of(), Map.of()),
                TaskFile.PART,
                Stream.of("a", "b", "c", "d").collect(Collectors.toMap(label -> label, label -> List.of())));
    }

    @Test
    void judgedRowsOfALabelThatNobodyLearnsAreCounted() {
        Unseen unseen = Unseen.of(labels(), tasks("a", "b"), tasks("a", "c", "c", "d", "b"))
                .orElseThrow();
        assertEquals(3, unseen.tasks());
        assertEquals(
                "[3] judged rows are of [2] classes that training never sees, since all rows of these are alike: [c], [d]; give more rows of them that differ",
                unseen.told().orElseThrow());
    }

    @Test
    void nothingIsToldWhereAllAreSeenOrThereAreNoLabels() {
        Unseen none = Unseen.of(labels(), tasks("a", "b"), tasks("b")).orElseThrow();
        assertEquals(0, none.tasks());
        assertEquals(Optional.empty(), none.told());
        assertEquals(Optional.empty(), Unseen.of(LetterUseCase.of(1), tasks("a"), tasks("b")));
    }

    private record Older(Report.Rows rows) {}

    /** One that was written before anybody counted. */
    @Test
    void anOlderReportIsStillRead() throws IOException {
        Path file = Files.writeString(
                folder.resolve("older.json"), "{\"rows\":{\"train\":659,\"test\":82,\"detectable\":0.167}}");
        assertEquals(
                new Report.Rows(659, 82, 0.167, null),
                JsonFile.read(file, Older.class).orElseThrow().rows());
    }
}
