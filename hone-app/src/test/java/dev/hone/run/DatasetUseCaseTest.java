package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hone.grade.GraderDefinition;
import dev.hone.grade.StringCheckGrader.Operation;
import dev.hone.record.Constraint;
import dev.hone.record.DatasetTask;
import dev.hone.record.Ids;
import dev.hone.record.Split;
import dev.hone.record.Task;
import dev.hone.task.LabelPrompts;
import dev.hone.task.TaskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DatasetUseCaseTest {
    private static DatasetTask task(int position, Map<String, String> metadata) {
        return new DatasetTask(
                Ids.next(),
                Split.TEST,
                position,
                "{\"messages\":[{\"role\":\"user\",\"content\":\"question %d\"}]}".formatted(position),
                "{\"role\":\"assistant\",\"content\":\"yes\"}",
                metadata,
                "ab".repeat(32));
    }

    private static List<String> parts(List<DatasetTask> tasks) {
        UseCase useCase = DatasetUseCase.of("parts", new GraderDefinition.StringCheck(Operation.EQ), tasks, Map.of());
        return useCase.data().tasks().stream()
                .map(task -> task.require(useCase.part()))
                .toList();
    }

    /** A version is asked in a round as it is served. */
    @Test
    void aModelIsAskedAsItWasTaught(@TempDir Path folder) throws IOException {
        LabelUseCase labels = SmallJobs.labels();
        Task task = labels.data().tasks().getFirst();
        Path own = PromptFormTest.run(
                folder, "own", "base", Taught.among(List.of("pay", "refund")).settings());
        UseCase fewer = DatasetUseCase.asTaught(labels, own);
        assertEquals(labels.ask(task), fewer.ask(task));
        assertEquals(LabelPrompts.oneOf(List.of("pay", "refund")), fewer.constrain(task));
        Path older = PromptFormTest.run(folder, "older", "base", Map.of("prompt", "messages"));
        UseCase asAsked = DatasetUseCase.asTaught(labels, older);
        assertEquals(task.input(), asAsked.ask(task));
        assertEquals(new Constraint.None(), asAsked.constrain(task));
        assertEquals(SmallJobs.texts(), DatasetUseCase.asTaught(SmallJobs.texts(), older));
    }

    /** What is worse than the whole is named by its part: a part called "all" would be taken for the whole. */
    @Test
    void whatBelongsToNoPartIsNotCalledAllBesideParts() {
        Map<String, String> part = Map.of(TaskFile.PART, "a");
        assertEquals(List.of("a", "of no part", "a"), parts(List.of(task(0, part), task(1, Map.of()), task(2, part))));
        assertEquals(List.of("all", "all"), parts(List.of(task(0, Map.of()), task(1, Map.of()))));
    }
}
