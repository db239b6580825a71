package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hone.grade.GraderDefinition;
import dev.hone.grade.StringCheckGrader.Operation;
import dev.hone.record.DatasetTask;
import dev.hone.record.Ids;
import dev.hone.record.Split;
import dev.hone.task.TaskFile;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

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

    /** What is worse than the whole is named by its part: a part called "all" would be taken for the whole. */
    @Test
    void whatBelongsToNoPartIsNotCalledAllBesideParts() {
        Map<String, String> part = Map.of(TaskFile.PART, "a");
        assertEquals(List.of("a", "of no part", "a"), parts(List.of(task(0, part), task(1, Map.of()), task(2, part))));
        assertEquals(List.of("all", "all"), parts(List.of(task(0, Map.of()), task(1, Map.of()))));
    }
}
